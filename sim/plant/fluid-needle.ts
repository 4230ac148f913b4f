// Flow through a needle that is not Poiseuille's: kinetic loss growing with the square, or a liquid that thins with shear.
// Not responsible for what lies behind the needle (fluid-outlet.ts) nor for time (fluid-law.ts). Units: s, µL, kPa.
import { FlowTable } from './flow-table.ts';
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

/** The needle with whatever linear resistance stands in series with it. Odd in the pressure. */
export class Needle {
  /** Poiseuille only: flow is pressure over resistance. */
  readonly linear: boolean;
  private readonly lossKpaS2PerUl2: number;
  private readonly curve: FlowCurve | null;
  private readonly tables = new Map<number, FlowTable>();
  private table: FlowTable | null = null;
  private seriesKpaSPerUl = 0;

  constructor(params: FluidParams) {
    this.lossKpaS2PerUl2 = params.lossKpaS2PerUl2 ?? 0;
    this.curve = params.flowCurve ?? null;
    this.linear = this.lossKpaS2PerUl2 === 0 && this.curve === null;
  }

  /** What stands in series from now on; Infinity is blocked. */
  inSeries(kpaSPerUl: number): void {
    this.seriesKpaSPerUl = kpaSPerUl;
    this.table = null;
    if (this.curve === null || kpaSPerUl === Infinity) return;
    this.table = this.tables.get(kpaSPerUl) ?? new FlowTable(this.curve, kpaSPerUl);
    this.tables.set(kpaSPerUl, this.table);
  }

  /** Flow at a pressure over needle and series, µL/s. */
  flow(dropKpa: number): number {
    if (dropKpa === 0 || this.seriesKpaSPerUl === Infinity) return 0;
    return Math.sign(dropKpa) * this.forward(Math.abs(dropKpa));
  }

  /** d(flow)/d(pressure) at a pressure where the flow is `flowUlPerS`, µL/(kPa·s). */
  slope(dropKpa: number, flowUlPerS: number): number {
    if (this.table !== null) return Math.min(MOST_PER_KPA_S, this.table.slopePerKpaS(Math.abs(dropKpa)));
    return Math.min(MOST_PER_KPA_S, 1 / (2 * this.lossKpaS2PerUl2 * Math.abs(flowUlPerS) + this.seriesKpaSPerUl));
  }

  /** How a pressure of this size runs down when it is left alone; null where no table says it. */
  runDown(dropKpa: number): FlowTable | null {
    return this.table?.relaxes(Math.abs(dropKpa)) === true ? this.table : null;
  }

  private forward(drop: number): number {
    const { table, seriesKpaSPerUl: series } = this;
    if (table !== null) return table.flowUlPerS(drop);
    return (2 * drop) / (series + Math.sqrt(series * series + 4 * this.lossKpaS2PerUl2 * drop));
  }
}
