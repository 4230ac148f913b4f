// Liquids that thin with shear: hyaluronic acid's Cross law, and its flow through a round bore by Rabinowitsch's integral.
// Not responsible for Newtonian liquids (fluid.ts) nor for time (sim/plant/fluid-law.ts). Units: s, Pa·s, kPa, µL, mm.
import { parameter } from './parameter.ts';
import type { Parameter } from './parameter.ts';

/** Every parameter of the law, one row each; c0 10 mg/mL, M0 1.5 MDa. */
export const HYALURONIC = {
  zeroShearPaS: parameter(5, 1, 15, 'Pa·s', 'estimate', 'Chosen: at 10 mg/mL and 1.5 MDa; commercial gels spread over a factor of 100'),
  concentrationPower: parameter(
    3.32,
    3.3,
    4,
    '1',
    'source',
    'Source: twice the concentration or mass, ten times the viscosity, PubMed 3481162',
  ),
  infiniteShearPaS: parameter(1.2e-3, 1e-3, 2e-3, 'Pa·s', 'estimate', 'Chosen: a little above water'),
  relaxationS: parameter(
    0.05,
    0.02,
    0.2,
    's',
    'estimate',
    'Chosen: at the zero-shear viscosity above; scales with it over the concentration squared',
  ),
  thinningPower: parameter(0.75, 0.7, 0.8, '1', 'source', 'Source: viscosity falls as shear to the 3/4, Colloids Surf A 97:197, 1995'),
} as const satisfies Record<string, Parameter>;

/** η = infinite + (zero − infinite) / (1 + (relaxation · shear)^power). */
export interface CrossLaw {
  readonly zeroPaS: number;
  readonly infinitePaS: number;
  readonly relaxationS: number;
  readonly power: number;
}

/** Hyaluronic acid that is not crosslinked, by concentration in mg/mL and molar mass in MDa. */
export function hyaluronic(mgPerMl: number, megaDalton = 1.5): CrossLaw {
  const { zeroShearPaS, concentrationPower, infiniteShearPaS, relaxationS, thinningPower } = HYALURONIC;
  const zeroPaS = zeroShearPaS.nominal * ((mgPerMl / 10) * (megaDalton / 1.5)) ** concentrationPower.nominal;
  return {
    zeroPaS,
    infinitePaS: infiniteShearPaS.nominal,
    relaxationS: relaxationS.nominal * (zeroPaS / zeroShearPaS.nominal) * (10 / mgPerMl) ** 2,
    power: thinningPower.nominal,
  };
}

/** Viscosity in Pa·s at a shear rate in 1/s. */
export const crossViscosityPaS = (law: CrossLaw, shearPerS: number): number =>
  law.infinitePaS + (law.zeroPaS - law.infinitePaS) / (1 + (law.relaxationS * shearPerS) ** law.power);

/** Wall shear rates of the table, 1/s. Chosen: from creeping to above any needle; 160 steps keep q within 1e-5 of the integral. */
const LEAST_SHEAR = 1e-3;
const MOST_SHEAR = 1e7;
const STEPS = 160;

/** Flow through a bore against pressure, both ways, from a table on wall shear rates. Needs no time step and never fails. */
export class CrossNeedle {
  private readonly logDrop = new Float64Array(STEPS + 1);
  private readonly logFlow = new Float64Array(STEPS + 1);

  constructor(law: CrossLaw, lengthMm: number, innerDiameterMm: number) {
    const radiusMm = innerDiameterMm / 2;
    const stress = (shear: number): number => crossViscosityPaS(law, shear) * shear;
    const stepLog = Math.log(MOST_SHEAR / LEAST_SHEAR) / STEPS;
    // ∫ τ² γ dτ = [τ³ γ]/3 − ∫ τ³/3 dγ: no derivative of the law. Below the first step the liquid is Newtonian.
    const cube = (shear: number): number => stress(shear) ** 3 / 3;
    let inner = (cube(LEAST_SHEAR) * LEAST_SHEAR) / 4;
    for (let step = 0; step <= STEPS; step++) {
      const shear = LEAST_SHEAR * Math.exp(step * stepLog);
      if (step > 0) inner += logSimpson(cube, shear * Math.exp(-stepLog), stepLog);
      const wall = stress(shear);
      const integral = cube(shear) * shear - inner;
      this.logFlow[step] = Math.log((Math.PI * radiusMm ** 3 * integral) / wall ** 3);
      // 2·L·τ/r in Pa, so 1e-3 in kPa.
      this.logDrop[step] = Math.log((2e-3 * lengthMm * wall) / radiusMm);
    }
  }

  /** µL/s at a pressure ≥ 0, kPa. */
  flowUlPerS(dropKpa: number): number {
    return dropKpa <= 0 ? 0 : Math.exp(interpolate(this.logDrop, this.logFlow, Math.log(dropKpa)).value);
  }

  /** kPa at a flow ≥ 0, µL/s. The inverse of `flowUlPerS`. */
  dropKpa(flowUlPerS: number): number {
    if (flowUlPerS <= 0) return 0;
    const goal = Math.log(flowUlPerS);
    let log = interpolate(this.logFlow, this.logDrop, goal).value;
    for (let round = 0; round < 4; round++) {
      const { value, slope } = interpolate(this.logDrop, this.logFlow, log);
      log -= (value - goal) / slope;
    }
    return Math.exp(log);
  }

  /** d(drop)/d(flow) at a flow ≥ 0, kPa·s/µL. */
  slopeKpaSPerUl(flowUlPerS: number): number {
    if (flowUlPerS <= 0) return Math.exp((this.logDrop[0] as number) - (this.logFlow[0] as number));
    const drop = this.dropKpa(flowUlPerS);
    return drop / flowUlPerS / interpolate(this.logDrop, this.logFlow, Math.log(drop)).slope;
  }
}

/** ∫ f(γ) dγ from `from` over a factor of e^stepLog, Simpson on the logarithm in eight pieces. */
function logSimpson(f: (shear: number) => number, from: number, stepLog: number): number {
  const piece = stepLog / 8;
  let sum = 0;
  for (let i = 0; i <= 8; i++) {
    const shear = from * Math.exp(i * piece);
    sum += (i === 0 || i === 8 ? 1 : i % 2 === 1 ? 4 : 2) * f(shear) * shear;
  }
  return (sum * piece) / 3;
}

/** Cubic through the table, slopes by central differences; beyond its ends a straight line. No closures: it is asked often. */
function interpolate(xs: Float64Array, ys: Float64Array, x: number): { value: number; slope: number } {
  let low = 0;
  let high = STEPS;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((xs[middle] as number) <= x) low = middle;
    else high = middle;
  }
  const [x0, y0] = [xs[low] as number, ys[low] as number];
  const [width, rise] = [(xs[high] as number) - x0, (ys[high] as number) - y0];
  const s = (x - x0) / width;
  const [m0, m1] = [slopeAt(xs, ys, low), slopeAt(xs, ys, high)];
  if (s < 0) return { value: y0 + m0 * (x - x0), slope: m0 };
  if (s > 1) return { value: y0 + rise + m1 * (x - x0 - width), slope: m1 };
  const value = y0 + rise * s * s * (3 - 2 * s) + width * s * (1 - s) * (m0 * (1 - s) - m1 * s);
  const slope = (rise / width) * 6 * s * (1 - s) + m0 * (1 - s) * (1 - 3 * s) + m1 * s * (3 * s - 2);
  return { value, slope };
}

function slopeAt(xs: Float64Array, ys: Float64Array, index: number): number {
  const a = Math.max(0, index - 1);
  const b = Math.min(STEPS, index + 1);
  return ((ys[b] as number) - (ys[a] as number)) / ((xs[b] as number) - (xs[a] as number));
}
