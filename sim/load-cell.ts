// A load cell as its converter sees it: counts of a force with offset, drift and noise, as a pure function of time.
// Not responsible for the converter's registers (chips/nau7802.ts) nor for the force. Simulator only.
import { draw, gauss } from './random.ts';

/** Noise of a cell. Source: bar cells of 20 N, 0.02 N rms over some Hz; here per sample at 320 a second. Chosen: uniform. */
const NOISE_N_OF_FULL = 0.0005;
/** Offset of an untared cell and its slow drift, share of full scale. Chosen: 1 % and 0.1 % over minutes. */
const OFFSET_OF_FULL = 0.01;
const DRIFT_OF_FULL = 0.001;
const DRIFT_PERIOD_US = 300e6;
/** A uniform draw of width 1 has a standard deviation of 1/√12. */
const UNIFORM = Math.sqrt(12);
/** One noise value a sample at the fastest rate, 320 SPS. */
const SAMPLE_US = 3125;

export class LoadCell {
  private readonly seed: number;
  /** Number of the noise stream: a number, because it is drawn from some ten thousand times a session. */
  private readonly channel: number;
  private readonly countsPerN: number;
  private readonly offsetN: number;
  private readonly driftN: number;
  private readonly noiseN: number;

  /** `fullN`: rated force. `exact`: no offset, no drift; one count of noise stays, because a silent converter is a dead one. */
  constructor(options: { seed: number; channel: string; countsPerN: number; fullN: number; exact: boolean }) {
    this.seed = options.seed;
    this.channel = Math.floor(draw(options.seed, `${options.channel}.noise`, 0) * 2 ** 32);
    this.countsPerN = options.countsPerN;
    const size = options.exact ? 0 : options.fullN;
    this.offsetN = size * OFFSET_OF_FULL * gauss(options.seed, `${options.channel}.offset`, 0);
    this.driftN = size * DRIFT_OF_FULL * gauss(options.seed, `${options.channel}.drift`, 0);
    this.noiseN = options.exact ? 1 / options.countsPerN : options.fullN * NOISE_N_OF_FULL;
  }

  /** Counts at that moment for this force. */
  countsOf(forceN: number, atUs: number): number {
    const noise = (draw(this.seed, this.channel, Math.floor(atUs / SAMPLE_US)) - 0.5) * UNIFORM * this.noiseN;
    const drift = this.driftN * ((atUs % DRIFT_PERIOD_US) / DRIFT_PERIOD_US);
    return Math.round((forceN + this.offsetN + drift + noise) * this.countsPerN);
  }
}
