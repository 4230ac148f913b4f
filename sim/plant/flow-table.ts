// A viscous law with a linear resistance in series as a table: flow at a pressure in one look-up, and how a pressure that is left alone
// runs down through it, for any time in one step. Not responsible for the law (protocols/fluid-shear.ts, fluid-needle.ts). Units: s, µL, kPa.
import type { FlowCurve } from './fluid-needle.ts';

/** Natural logarithm of the pressure in kPa: 1e-9 to 1e5, in even steps. Chosen: cubics through 32 a unit are within 1e-8 of the law. */
const LEAST_LOG = Math.log(1e-9);
const MOST_LOG = Math.log(1e5);
const PER_UNIT = 32;
const STEPS = Math.ceil((MOST_LOG - LEAST_LOG) * PER_UNIT);
const MOST_KPA = Math.exp(LEAST_LOG + STEPS / PER_UNIT);
/** Four points of Gauss and Legendre on [−1, 1]; the pieces are so short that the rest is below rounding. Source: Abramowitz and Stegun 25.4.30. */
const GAUSS_AT = [-0.861136311594053, -0.339981043584856, 0.339981043584856, 0.861136311594053] as const;
const GAUSS_WEIGHT = [0.347854845137454, 0.652145154862546, 0.652145154862546, 0.347854845137454] as const;
/** Newton on a smooth monotone law from its neighbour: quadratic, so a few rounds. */
const ROUNDS = 6;

export class FlowTable {
  private readonly logFlow = new Float64Array(STEPS + 1);
  /** d(log flow) / d(log pressure). */
  private readonly steepness = new Float64Array(STEPS + 1);
  /** Time per compliance from each node up to the last, kPa·s/µL; falls with the pressure. Laid out when first asked for. */
  private runDown: Float64Array | null = null;

  constructor(curve: FlowCurve, seriesKpaSPerUl: number) {
    let logFlow = Math.log(curve.flowUlPerS(Math.exp(LEAST_LOG)));
    for (let node = 0; node <= STEPS; node++) {
      const logDrop = LEAST_LOG + node / PER_UNIT;
      if (node > 0) logFlow += (this.steepness[node - 1] as number) / PER_UNIT;
      let steepness = 1;
      for (let round = 0; round < ROUNDS; round++) {
        const flow = Math.exp(logFlow);
        const drop = curve.dropKpa(flow) + seriesKpaSPerUl * flow;
        steepness = drop / (flow * (curve.slopeKpaSPerUl(flow) + seriesKpaSPerUl));
        const step = (logDrop - Math.log(drop)) * steepness;
        logFlow += step;
        if (Math.abs(step) < 1e-13) break;
      }
      this.logFlow[node] = logFlow;
      this.steepness[node] = steepness;
    }
  }

  /** µL/s at a pressure ≥ 0. */
  flowUlPerS(dropKpa: number): number {
    return dropKpa <= 0 ? 0 : Math.exp(this.logFlowAt(Math.log(dropKpa)));
  }

  /** d(flow)/d(pressure), µL/(kPa·s), at a pressure ≥ 0. */
  slopePerKpaS(dropKpa: number): number {
    const logDrop = Math.max(LEAST_LOG, Math.log(Math.max(0, dropKpa)));
    const x = Math.min(STEPS - 1, Math.floor((logDrop - LEAST_LOG) * PER_UNIT));
    const s = Math.min(1, (logDrop - LEAST_LOG) * PER_UNIT - x);
    const [m0, m1] = [this.steepness[x] as number, this.steepness[x + 1] as number];
    const rise = ((this.logFlow[x + 1] as number) - (this.logFlow[x] as number)) * PER_UNIT;
    const steepness = rise * 6 * s * (1 - s) + m0 * (1 - s) * (1 - 3 * s) + m1 * s * (3 * s - 2);
    return steepness * Math.exp(this.logFlowAt(logDrop) - logDrop);
  }

  /** Whether `relaxedKpa` and `relaxesIn` hold from this pressure. */
  relaxes(dropKpa: number): boolean {
    return dropKpa > 0 && dropKpa < MOST_KPA;
  }

  /** The pressure after `perUlKpaS` = time ÷ compliance of what is left alone at `dropKpa`. */
  relaxedKpa(dropKpa: number, perUlKpaS: number): number {
    const goal = this.runDownAt(Math.log(dropKpa)) + perUlKpaS;
    const table = this.nodes();
    const beyond = goal - (table[0] as number);
    if (beyond >= 0) {
      const bend = 1 - (this.steepness[0] as number);
      const perLog = Math.exp(LEAST_LOG - (this.logFlow[0] as number));
      if (bend === 0) return Math.exp(LEAST_LOG - beyond / perLog);
      const left = 1 - (bend * beyond) / perLog;
      return left <= 0 ? 0 : Math.exp(LEAST_LOG + Math.log(left) / bend);
    }
    let low = 0;
    let high = STEPS;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((table[middle] as number) >= goal) low = middle;
      else high = middle;
    }
    const [from, to] = [table[low] as number, table[high] as number];
    let logDrop = LEAST_LOG + (low + (from - goal) / (from - to)) / PER_UNIT;
    for (let round = 0; round < ROUNDS; round++) {
      const step = (this.runDownAt(logDrop) - goal) * Math.exp(this.logFlowAt(logDrop) - logDrop);
      logDrop += step;
      if (Math.abs(step) < 1e-14) break;
    }
    return Math.exp(logDrop);
  }

  /** Time ÷ compliance from one pressure down to a lower one, both > 0, kPa·s/µL. */
  relaxesIn(fromKpa: number, toKpa: number): number {
    return this.runDownAt(Math.log(toKpa)) - this.runDownAt(Math.log(fromKpa));
  }

  private logFlowAt(logDrop: number): number {
    const at = (logDrop - LEAST_LOG) * PER_UNIT;
    if (at <= 0) return (this.logFlow[0] as number) + (at / PER_UNIT) * (this.steepness[0] as number);
    if (at >= STEPS) return (this.logFlow[STEPS] as number) + ((at - STEPS) / PER_UNIT) * (this.steepness[STEPS] as number);
    const x = Math.floor(at);
    const s = at - x;
    const [y0, y1] = [this.logFlow[x] as number, this.logFlow[x + 1] as number];
    const [m0, m1] = [this.steepness[x] as number, this.steepness[x + 1] as number];
    return y0 + (y1 - y0) * s * s * (3 - 2 * s) + (s * (1 - s) * (m0 * (1 - s) - m1 * s)) / PER_UNIT;
  }

  /** ∫ p/q d(log p) between two places of one piece. */
  private piece(fromLog: number, toLog: number): number {
    const [middle, half] = [(fromLog + toLog) / 2, (toLog - fromLog) / 2];
    let sum = 0;
    for (let i = 0; i < 4; i++) {
      const logDrop = middle + half * (GAUSS_AT[i] as number);
      sum += (GAUSS_WEIGHT[i] as number) * Math.exp(logDrop - this.logFlowAt(logDrop));
    }
    return half * sum;
  }

  private nodes(): Float64Array {
    if (this.runDown !== null) return this.runDown;
    const table = new Float64Array(STEPS + 1);
    for (let node = STEPS - 1; node >= 0; node--) {
      const logDrop = LEAST_LOG + node / PER_UNIT;
      table[node] = (table[node + 1] as number) + this.piece(logDrop, logDrop + 1 / PER_UNIT);
    }
    this.runDown = table;
    return table;
  }

  private runDownAt(logDrop: number): number {
    const table = this.nodes();
    const under = LEAST_LOG - logDrop;
    if (under > 0) {
      const bend = 1 - (this.steepness[0] as number);
      const perLog = Math.exp(LEAST_LOG - (this.logFlow[0] as number));
      return (table[0] as number) + perLog * (bend === 0 ? under : -Math.expm1(-bend * under) / bend);
    }
    const node = Math.min(STEPS - 1, Math.floor((logDrop - LEAST_LOG) * PER_UNIT)) + 1;
    return (table[node] as number) + this.piece(logDrop, LEAST_LOG + node / PER_UNIT);
  }
}
