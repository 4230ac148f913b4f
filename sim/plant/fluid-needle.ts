// Flow through a needle that is not Poiseuille's: kinetic loss growing with the square, or a liquid that thins with shear.
// Not responsible for what lies behind the needle (fluid-outlet.ts) nor for time (fluid-law.ts). Units: s, µL, kPa.
import type { FluidParams } from './fluid-syringe.ts';

/** A viscous law: pressure over the needle against flow, both ≥ 0, rising. */
export interface FlowCurve {
  flowUlPerS(dropKpa: number): number;
  /** d(drop)/d(flow), kPa·s/µL; 0 and Infinity allowed at rest. */
  slopeKpaSPerUl(flowUlPerS: number): number;
  dropKpa(flowUlPerS: number): number;
}

/** q = G · Δp^m. A shear-thinning liquid of index n has m = 1/n. */
export class PowerLaw implements FlowCurve {
  private readonly factor: number;
  private readonly exponent: number;

  constructor(factor: number, exponent: number) {
    this.factor = factor;
    this.exponent = exponent;
  }

  flowUlPerS(dropKpa: number): number {
    return this.factor * dropKpa ** this.exponent;
  }

  dropKpa(flowUlPerS: number): number {
    return (flowUlPerS / this.factor) ** (1 / this.exponent);
  }

  slopeKpaSPerUl(flowUlPerS: number): number {
    return (flowUlPerS / this.factor) ** (1 / this.exponent - 1) / (this.factor * this.exponent);
  }
}

/** Chosen: stiffer than any needle; keeps a law without resistance at rest finite. */
const MOST_PER_KPA_S = 1e6;
const ROOT_STEPS = 100;

/** The needle with whatever linear resistance stands in series with it. Odd in the pressure. */
export class Needle {
  /** Poiseuille only: flow is pressure over resistance. */
  readonly linear: boolean;
  private readonly lossKpaS2PerUl2: number;
  private readonly curve: FlowCurve | null;

  constructor(params: FluidParams) {
    this.lossKpaS2PerUl2 = params.lossKpaS2PerUl2 ?? 0;
    this.curve = params.flowCurve ?? null;
    this.linear = this.lossKpaS2PerUl2 === 0 && this.curve === null;
  }

  /** Flow at a pressure over needle and `seriesKpaSPerUl`, µL/s. */
  flow(dropKpa: number, seriesKpaSPerUl: number): number {
    if (dropKpa === 0 || seriesKpaSPerUl === Infinity) return 0;
    return Math.sign(dropKpa) * this.forward(Math.abs(dropKpa), seriesKpaSPerUl);
  }

  /** d(flow)/d(pressure) at a flow, µL/(kPa·s). */
  slope(flowUlPerS: number, seriesKpaSPerUl: number): number {
    const flow = Math.abs(flowUlPerS);
    const viscous = this.curve === null ? 2 * this.lossKpaS2PerUl2 * flow : this.curve.slopeKpaSPerUl(flow);
    return Math.min(MOST_PER_KPA_S, 1 / (viscous + seriesKpaSPerUl));
  }

  private forward(drop: number, series: number): number {
    const { curve } = this;
    if (curve === null) return (2 * drop) / (series + Math.sqrt(series * series + 4 * this.lossKpaS2PerUl2 * drop));
    const alone = curve.flowUlPerS(drop);
    if (series === 0) return alone;
    let low = 0;
    let high = Math.min(alone, drop / series);
    let flow = high;
    for (let step = 0; step < ROOT_STEPS; step++) {
      const over = curve.dropKpa(flow) + series * flow - drop;
      if (over > 0) high = flow;
      else low = flow;
      const newton = flow - over / (curve.slopeKpaSPerUl(flow) + series);
      const next = newton > low && newton < high ? newton : (low + high) / 2;
      if (Math.abs(next - flow) <= 1e-15 * flow) return next;
      flow = next;
    }
    return flow;
  }
}
