// The weighing cell of a balance: load in, display out, twenty samples a second: two lags, noise, drift, draught, stability.
// Not responsible for tare, range and wire (instruments/mt-sics.ts) nor for what lies on the pan (pan.ts). Simulator only.
import { draw, gauss } from '../random.ts';
import { PAN } from './pan-parameters.ts';

/** Samples a second and what the display averages and judges. Chosen: as 0.01 mg balances settle, in about 3 s. */
export const SAMPLE_US = 50_000;
const AVERAGED = 10;
const JUDGED = 20;
/** Stable when the display moved no more than this over the judged samples, digits. Chosen: between a maker's strict and quick. */
const BAND_DIGITS = 3;
/** How strong a draught from an open door is, digits. Chosen: far beyond any band. */
const DRAUGHT_DIGITS = 60;

export class WeighingCell {
  /** Displayed load, mg, not rounded. */
  shownMg = 0;
  stable = false;
  /** Of a fault, on top of the balance's own. */
  extraDriftMgPerMin = 0;
  draughtUntilUs = -1;
  private readonly seed: number;
  private readonly digitMg: number;
  private readonly quiet: boolean;
  private readonly driftMgPerMin: number;
  private sample = 0;
  private firstMg = 0;
  private secondMg = 0;
  private slowMg = 0;
  private driftedMg = 0;
  private readonly recent = new Float64Array(AVERAGED);
  private readonly shown = new Float64Array(JUDGED);

  /** `digitMg`: display step. `exact`: neither noise nor drift. */
  constructor(options: { readonly seed: number; readonly digitMg: number; readonly exact: boolean }) {
    this.seed = options.seed;
    this.digitMg = options.digitMg;
    this.quiet = options.exact;
    this.driftMgPerMin = options.exact ? 0 : PAN.driftMgPerMin.nominal * (2 * draw(options.seed, 'balance.drift', 0) - 1);
  }

  /** Stands on this load, at rest, from now on. */
  begin(loadMg: number): void {
    this.firstMg = this.secondMg = loadMg;
    this.recent.fill(loadMg);
    this.shown.fill(loadMg);
    this.shownMg = loadMg;
    this.stable = true;
  }

  /** The next sample, of the load at that moment. */
  take(loadMg: number, atUs: number): void {
    const k = this.sample;
    this.sample += 1;
    const share = 1 - Math.exp((-SAMPLE_US * 1e-6) / PAN.settleS.nominal);
    this.firstMg += share * (loadMg - this.firstMg);
    this.secondMg += share * (this.firstMg - this.secondMg);
    this.driftedMg += ((this.driftMgPerMin + this.extraDriftMgPerMin) * SAMPLE_US) / 60e6;
    this.recent[k % AVERAGED] = this.secondMg + this.driftedMg + this.noiseMg(k, atUs);
    let sum = 0;
    for (const each of this.recent) sum += each;
    this.shownMg = sum / AVERAGED;
    this.shown[k % JUDGED] = this.shownMg;
    this.stable = Math.max(...this.shown) - Math.min(...this.shown) <= BAND_DIGITS * this.digitMg;
  }

  private noiseMg(k: number, atUs: number): number {
    const draught = atUs < this.draughtUntilUs ? DRAUGHT_DIGITS * this.digitMg * gauss(this.seed, 'balance.draught', k) : 0;
    if (this.quiet) return draught;
    const keeps = Math.exp((-SAMPLE_US * 1e-6) / PAN.quietS.nominal);
    const kick = PAN.quietDigits.nominal * Math.sqrt(1 - keeps * keeps);
    this.slowMg = keeps * this.slowMg + this.digitMg * kick * gauss(this.seed, 'balance.slow', k);
    return this.slowMg + this.digitMg * PAN.hissDigits.nominal * gauss(this.seed, 'balance.hiss', k) + draught;
  }
}
