// Needles and syringes that are not linear: kinetic loss, power law, air bubble, against their implicit solutions; then
// mass and cutting for any profile. The linear path: fluid.spec.ts.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CrossNeedle, hyaluronic } from '../../../protocols/fluid-shear.ts';
import { needleKineticLoss, needleResistance } from '../../../protocols/fluid.ts';
import { casesOf, runCase } from '../../../sim/plant/case-format.ts';
import { PowerLaw } from '../../../sim/plant/fluid-needle.ts';
import { FluidPath } from '../../../sim/plant/fluid.ts';
import type { FluidParams, TissuePath } from '../../../sim/plant/fluid.ts';

const A = 17.945_091_396_570_26;
const C = 0.045;
const R = needleResistance(1, 4, 0.159);
const SYRINGE: FluidParams = { areaMm2: A, complianceUlPerKpa: C, needleKpaSPerUl: R };
const DERMIS: TissuePath = { openingKpa: 20, resistanceKpaSPerUl: 0.3, complianceUlPerKpa: 5, dispersionKpaSPerUl: 6 };
const ROD = { ...SYRINGE, complianceUlPerKpa: 0.04, rodNPerMm: 60, glideN: 1.5, breakLooseN: 3 };
/** 15 mg/mL hyaluronic acid through 30G × 4 comes near n = 0.28. */
const GEL: FluidParams = { ...SYRINGE, needleKpaSPerUl: 0, flowCurve: new PowerLaw(1e-5, 3.5) };
const ATMOSPHERE_KPA = 101.325;

/** A path under pressure: pushed by 1 mm/s with the needle blocked, then opened. */
function pressed(params: FluidParams, forS: number): FluidPath {
  const path = new FluidPath(params);
  path.setNeedle(Infinity);
  path.advance(forS, 1, 0);
  path.setNeedle(params.needleKpaSPerUl);
  return path;
}

describe('fluid path, kinetic loss', () => {
  it.each([1, 100])('follows t = −C·[(R + 2KQ)·ln((Q − q)/Q) + 2Kq] at 20 µL/s with %d times the K of 30G, to 1e-5 µL', (times) => {
    const K = times * needleKineticLoss(0.159);
    const path = new FluidPath({ ...SYRINGE, lossKpaS2PerUl2: K });
    const Q = 20;
    for (const forS of [0.004, 0.011, 0.03]) {
      path.advance(forS, Q / A, 0);
      const atS = path.pusherMm / (Q / A);
      const q = (2 * path.pKpa) / (R + Math.sqrt(R * R + 4 * K * path.pKpa));
      // The moment of this flow, and so the flow at this moment to first order.
      const impliedS = -C * ((R + 2 * K * Q) * Math.log((Q - q) / Q) + 2 * K * q);
      expect(Math.abs(impliedS - atS) * (Q - q)).toBeLessThan(1e-5);
    }
  });
});

describe('fluid path, shear-thinning liquid', () => {
  it('relaxes from 187 kPa as p = [p0^(1−m) + (m − 1)·(G/C)·t]^(1/(1−m)), m = 3.5, to 2e-6 µL', () => {
    const path = pressed(GEL, (187 * C) / A);
    expect(path.pKpa).toBeCloseTo(187, 9);
    let atS = 0;
    for (const forS of [0.01, 0.09, 0.4, 2]) {
      path.advance(forS, 0, 0);
      atS += forS;
      const kpa = (187 ** -2.5 + 2.5 * (1e-5 / C) * atS) ** (1 / -2.5);
      expect(Math.abs(path.pKpa - kpa) * C).toBeLessThan(2e-6);
    }
  });

  it('keeps its tail: after 0.5 s more than a tenth of the pressure is left where saline keeps 1e-15 of it', () => {
    const gel = pressed(GEL, (187 * C) / A);
    const saline = pressed(SYRINGE, (187 * C) / A);
    for (const path of [gel, saline]) path.advance(0.5, 0, 0);
    expect(gel.pKpa).toBeGreaterThan(18.7);
    expect(saline.pKpa).toBeLessThan(187e-15);
  });

  it('with m = 1 and in series with tissue is Poiseuille of 1/G, to 1e-9', () => {
    const one = new FluidPath({ ...SYRINGE, needleKpaSPerUl: 0, flowCurve: new PowerLaw(1 / R, 1) });
    const other = new FluidPath(SYRINGE);
    for (const path of [one, other]) {
      path.enter(DERMIS);
      path.advance(0.5, 1.1, 0);
      path.advance(0.2, 0, 0);
    }
    expect(one.tissueUl).toBeCloseTo(other.tissueUl, 9);
    expect(one.tissueKpa).toBeCloseTo(other.tissueKpa, 9);
  });
});

describe('fluid path, air bubble', () => {
  it('relaxes 50 µL of air by its implicit solution: t = R·[Cf·ln(p0/p) + …] at 30 kPa, to 1e-5 µL', () => {
    const bubbleUl = 50;
    const path = pressed({ ...SYRINGE, bubbleUl }, 0.9);
    const p0 = path.pKpa;
    expect(C * p0 + (bubbleUl * p0) / (ATMOSPHERE_KPA + p0)).toBeCloseTo(0.9 * A, 9);
    const heldS = (p: number): number =>
      R * (C * Math.log(p) + bubbleUl * (Math.log(p / (ATMOSPHERE_KPA + p)) / ATMOSPHERE_KPA + 1 / (ATMOSPHERE_KPA + p)));
    let atS = 0;
    for (const forS of [0.01, 0.05, 0.2, 0.4]) {
      path.advance(forS, 0, 0);
      atS += forS;
      expect(Math.abs(heldS(p0) - heldS(path.pKpa) - atS) * (path.pKpa / R)).toBeLessThan(1e-5);
    }
  });

  it('holds back 0.49 µL/kPa more with 50 µL near 0 kPa', () => {
    const path = new FluidPath({ ...SYRINGE, bubbleUl: 50, needleKpaSPerUl: Infinity });
    path.advance(0.001, 1, 0);
    expect((0.001 * A) / path.pKpa - C).toBeCloseTo(0.4934, 3);
  });

  it('going to nothing is the path without it, to 1e-7 µL, friction and break-loose included', () => {
    const [with_, without] = [new FluidPath({ ...ROD, bubbleUl: 1e-9 }), new FluidPath(ROD)];
    for (const path of [with_, without]) {
      path.enter(DERMIS);
      path.advance(0.4, 1, 0);
      path.advance(0.3, 0, 0);
    }
    expect(with_.tissueUl).toBeCloseTo(without.tissueUl, 7);
  });
});

describe('fluid cases that are not linear', () => {
  const stroke = [
    { kind: 'run', v_mm_s: 1.2, T_s: 0.4 },
    { kind: 'run', v_mm_s: 0, T_s: 0.3 },
    { kind: 'run', v_mm_s: 0, T_s: 0.1 },
    { kind: 'exit_skin', v_mm_s: 0, T_s: 0 },
    { kind: 'run', v_mm_s: 0, T_s: 2 },
  ];
  it.each([
    ['K2', { R: 0.255, K2: 0.3 }],
    ['G and m', { G: 1e-4, m: 3 }],
    ['Vb', { R: 0.255, Vb: 10 }],
  ])('takes %s; tissue, air and what is stored make up what the stopper moved, to 1e-8 µL', (_name, needle) => {
    const params = { A, Cf: C, py: 20, Rt: 0.3, Ct: 5, Rd: 6, phi: 0.05, ...needle };
    const [{ marks }] = casesOf({ cases: [{ id: 'N', params, profile: stroke }] }).map(runCase) as [ReturnType<typeof runCase>];
    const at = (key: string): number => marks['final']?.[key] ?? NaN;
    const bubble = 'Vb' in needle ? (needle.Vb * at('p_kPa')) / (ATMOSPHERE_KPA + at('p_kPa')) : 0;
    expect(at('V_tissue_uL')).toBeGreaterThan(1);
    expect(at('V_tissue_uL') + at('V_air_uL') + C * at('p_kPa') + bubble).toBeCloseTo(at('V_stopper_uL'), 8);
  });

  it('refuses half a power law, and two laws for one needle', () => {
    const file = (params: object): unknown => ({ cases: [{ id: 'X', params: { A, Cf: C, ...params }, profile: [] }] });
    expect(() => casesOf(file({ R: 1, G: 1e-4 }))).toThrow('X.params: G and m go together');
    expect(() => casesOf(file({ K2: 1, G: 1e-4, m: 3 }))).toThrow('X.params: K2 belongs to R');
  });
});

const segment = fc.record({
  forS: fc.double({ min: 1e-4, max: 0.2, noNaN: true }),
  speed: fc.double({ min: -0.5, max: 1.5, noNaN: true }),
  acceleration: fc.oneof(fc.constant(0), fc.double({ min: -4, max: 4, noNaN: true })),
  then: fc.constantFrom('on', 'enter', 'exit', 'rest'),
  cutAt: fc.double({ min: 0.05, max: 0.95, noNaN: true }),
});
const syringe = fc.constantFrom<FluidParams>(
  { ...SYRINGE, lossKpaS2PerUl2: 0.05 },
  GEL,
  { ...SYRINGE, bubbleUl: 20 },
  { ...ROD, bubbleUl: 50, lossKpaS2PerUl2: 0.003, playMm: 0.03 },
  { ...ROD, needleKpaSPerUl: 0.01, flowCurve: new PowerLaw(1e-3, 2), capillaryKpa: 1.8 },
  { ...ROD, needleKpaSPerUl: 0, flowCurve: new CrossNeedle(hyaluronic(15), 4, 0.159), playMm: 0.03 },
);

function happen(path: FluidPath, then: string): void {
  if (then === 'enter') path.enter({ ...DERMIS, sealKpa: 1, sealKpaSPerUl: 0.5 });
  else if (then === 'exit') path.exit(0.1);
  else if (then === 'rest') path.advance(0.1, 0, 0);
}

describe('fluid path, any profile through what is not linear (seed 4)', () => {
  it('conserves mass to 1e-9 µL', () => {
    fc.assert(
      fc.property(syringe, fc.array(segment, { maxLength: 8 }), (params, profile) => {
        const path = new FluidPath(params);
        for (const one of profile) {
          path.advance(one.forS, one.speed, one.acceleration);
          happen(path, one.then);
          const { stopperUl, tissueUl, airUl, sealUl, pKpa } = path;
          const storedUl = params.complianceUlPerKpa * pKpa + ((params.bubbleUl ?? 0) * pKpa) / (ATMOSPHERE_KPA + pKpa);
          expect(Math.abs(stopperUl - (tissueUl + airUl + sealUl + storedUl))).toBeLessThan(1e-9);
        }
      }),
      { seed: 4, numRuns: 100 },
    );
  });

  it('delivers the same within 1e-5 µL when any segment is cut in two', () => {
    fc.assert(
      fc.property(syringe, fc.array(segment, { maxLength: 6 }), (params, profile) => {
        const [whole, cut] = [new FluidPath(params), new FluidPath(params)];
        for (const one of profile) {
          const firstS = one.forS * one.cutAt;
          whole.advance(one.forS, one.speed, one.acceleration);
          cut.advance(firstS, one.speed, one.acceleration);
          cut.advance(one.forS - firstS, one.speed + one.acceleration * firstS, one.acceleration);
          happen(whole, one.then);
          happen(cut, one.then);
        }
        for (const name of ['needleUl', 'tissueUl', 'airUl', 'sealUl', 'stopperUl'] as const)
          expect(Math.abs(whole[name] - cut[name]), name).toBeLessThan(1e-5);
      }),
      { seed: 4, numRuns: 100 },
    );
  });
});
