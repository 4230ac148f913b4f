// What really happened, prick by prick: the plant's own record, which no part of the gun can see.
// Filled by the world at its events. Not responsible for judging it (monitor.ts, reports). Simulator only.
import type { Layer } from '../protocols/fluid.ts';

export interface TruePrick {
  /** 1 for the first. */
  n: number;
  /** Where the ring stood when the needle went in, µm. */
  xUm: number;
  yUm: number;
  ringN: number;
  /** Deepest tip from the ring plane and deepest depth in skin, µm. */
  tipMaxUm: number;
  skinMaxUm: number;
  /** How far the skin bulged into the ring, µm. */
  bulgeUm: number;
  /** Depth in skin while the dose flowed, volume-weighted mean, µm; 0 for a dry prick. */
  doseDepthUm: number;
  /** Delivered into tissue through this prick, and the part of it by layer, µL. */
  tissueUl: number;
  layerUl: Record<Layer, number>;
  /** Came back through the track when the needle left, µL. */
  refluxUl: number;
  /** Ran out at skin level because the bevel was not covered, µL. */
  exposedUl: number;
  /** Not yet flowed when the needle left, beyond what back pressure holds: the lag's share of the drip, µL. */
  lateUl: number;
  /** Dripped or leaked between this prick and the next, µL: liquid, without what priming another syringe lets out. */
  airUl: number;
  /** Liquid that the stopper moved from the start of this prick to the start of the next or to a change of syringe, µL. */
  stopperUl: number;
  /** Moments, µs since power-on of the world: needle leaves home, goes through the skin, comes out, is home. */
  startsAtUs: number;
  inAtUs: number;
  outAtUs: number;
  homeAtUs: number;
  /** First and last moment at which the plunger pushed with the needle in; -1 for a dry prick. */
  dosedFromUs: number;
  dosedToUs: number;
}

/** Columns of the trace that reports draw; one row at each world event, at least 1 ms apart. Only when asked for. */
export interface Trace {
  readonly atUs: number[];
  readonly tipMm: number[];
  readonly depthMm: number[];
  readonly pusherMm: number[];
  readonly pressureKpa: number[];
  readonly forceN: number[];
  readonly ringN: number[];
}

/** Least distance of two rows of the trace. Chosen: finer than a pixel of any report. */
export const TRACE_EVERY_US = 1000;

const newPrick = (n: number): TruePrick => ({
  n,
  xUm: 0,
  yUm: 0,
  ringN: 0,
  tipMaxUm: 0,
  skinMaxUm: 0,
  bulgeUm: 0,
  doseDepthUm: 0,
  tissueUl: 0,
  layerUl: { epidermis: 0, dermis: 0, hypodermis: 0, deeper: 0 },
  refluxUl: 0,
  exposedUl: 0,
  lateUl: 0,
  airUl: 0,
  stopperUl: 0,
  startsAtUs: 0,
  inAtUs: 0,
  outAtUs: 0,
  homeAtUs: 0,
  dosedFromUs: -1,
  dosedToUs: -1,
});

export class Truth {
  readonly pricks: TruePrick[] = [];
  /** Ran out before the first prick of each syringe: priming and its drip, µL. */
  primedUl = 0;
  readonly trace: Trace | null;
  /** Called when a prick's needle is home again. */
  onPrick: ((prick: TruePrick) => void) | null = null;
  private tracedAtUs = -Infinity;

  constructor(options: { readonly trace: boolean }) {
    this.trace = options.trace ? { atUs: [], tipMm: [], depthMm: [], pusherMm: [], pressureKpa: [], forceN: [], ringN: [] } : null;
  }

  /** The prick that runs or ran last, null before the first. */
  get last(): TruePrick | null {
    return this.pricks[this.pricks.length - 1] ?? null;
  }

  begin(): TruePrick {
    const prick = newPrick(this.pricks.length + 1);
    this.pricks.push(prick);
    return prick;
  }

  /** Sum over all pricks of what went into tissue, µL. */
  get tissueUl(): number {
    let sum = 0;
    for (const prick of this.pricks) sum += prick.tissueUl;
    return sum;
  }

  /** Sum over all pricks of what went into tissue and stayed there, µL. */
  get deliveredUl(): number {
    let sum = 0;
    for (const prick of this.pricks) sum += prick.tissueUl - prick.refluxUl;
    return sum;
  }

  /** Of that, what each layer got before reflux, µL. */
  get layerUl(): Record<Layer, number> {
    const sum = { epidermis: 0, dermis: 0, hypodermis: 0, deeper: 0 };
    for (const prick of this.pricks) {
      sum.epidermis += prick.layerUl.epidermis;
      sum.dermis += prick.layerUl.dermis;
      sum.hypodermis += prick.layerUl.hypodermis;
      sum.deeper += prick.layerUl.deeper;
    }
    return sum;
  }

  /** Whether a row of the trace is due. */
  traceDue(atUs: number): boolean {
    return this.trace !== null && atUs - this.tracedAtUs >= TRACE_EVERY_US;
  }

  row(atUs: number, tipMm: number, depthMm: number, pusherMm: number, pressureKpa: number, forceN: number, ringN: number): void {
    if (!this.trace) return;
    this.tracedAtUs = atUs;
    this.trace.atUs.push(atUs);
    this.trace.tipMm.push(tipMm);
    this.trace.depthMm.push(depthMm);
    this.trace.pusherMm.push(pusherMm);
    this.trace.pressureKpa.push(pressureKpa);
    this.trace.forceN.push(forceN);
    this.trace.ringN.push(ringN);
  }
}
