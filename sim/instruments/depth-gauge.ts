// A digital gauge on the needle's tip, and the person who presses its DATA key: a line of the maker's USB format whenever the tip
// has stood still. Not responsible for the needle. Source: Mitutoyo QM-Height manual 99MAF600B, USB data output. Simulator only.
import type { VirtualClock } from '../clock.ts';
import { gauss } from '../random.ts';
import type { SideDevice } from '../side-line.ts';

/** Step, repeatability and hysteresis. Source: 0.001 mm digital gauges repeat to 0.002 mm and differ by 0.002 mm in and out. */
export const RESOLUTION_MM = 0.001;
const REPEATS_SD_MM = 0.0007;
const HYSTERESIS_MM = 0.0015;
/** How well it was zeroed on the ring's plane. Chosen: a flat pressed against the ring by hand. */
const ZERO_SD_MM = 0.002;
/** The person looks this often and presses once the tip has stood so long. Chosen. */
const LOOK_US = 500_000;
/** Nothing a gauge would show. */
const STILL_MM = 1e-5;
const LOOKS_STILL = 2;
const LOOKS_AGAIN = 6;

export interface DepthGaugeOptions {
  readonly clock: VirtualClock;
  readonly seed: number;
  readonly exact: boolean;
  /** Tip from the ring's plane, mm, positive towards the patient. */
  readonly tipMm: () => number;
  readonly say: (text: string) => void;
}

export class DepthGauge implements SideDevice {
  /** The person reads the number off wrongly once: two digits change places. Typed readings only. */
  mistypes = 0;
  private readonly o: DepthGaugeOptions;
  private readonly zeroMm: number;
  private lastMm: number;
  private comesFrom = 1;
  private stillLooks = 0;
  private readings = 0;
  private readonly look = (): void => {
    const mm = this.o.tipMm();
    this.stillLooks = Math.abs(mm - this.lastMm) < STILL_MM ? this.stillLooks + 1 : 0;
    this.follow(mm);
    if (this.stillLooks >= LOOKS_STILL && (this.stillLooks - LOOKS_STILL) % LOOKS_AGAIN === 0) this.o.say(frame(this.readMm()));
    this.o.clock.schedule(this.o.clock.nowUs + LOOK_US, this.look);
  };

  constructor(options: DepthGaugeOptions) {
    this.o = options;
    this.zeroMm = options.exact ? 0 : ZERO_SD_MM * gauss(options.seed, 'gauge.zero', 0);
    this.lastMm = options.tipMm();
    options.clock.schedule(options.clock.nowUs + LOOK_US, this.look);
  }

  /** It sends only. */
  hear(): void {
    // A gauge of this kind has no commands.
  }

  /** The display, mm. */
  readMm(): number {
    const mm = this.o.tipMm();
    this.follow(mm);
    this.readings += 1;
    const error = this.o.exact
      ? 0
      : this.zeroMm + 0.5 * HYSTERESIS_MM * this.comesFrom + REPEATS_SD_MM * gauss(this.o.seed, 'gauge.read', this.readings);
    return Math.round((mm + error) / RESOLUTION_MM) * RESOLUTION_MM;
  }

  /** The display as a person types it; with a decimal comma every other time. */
  typed(): string {
    const text = this.readMm().toFixed(3);
    if (this.mistypes > 0) {
      this.mistypes -= 1;
      return text.replace(/(\d)\.(\d)/, '$2.$1');
    }
    return this.readings % 2 === 0 ? text.replace('.', ',') : text;
  }

  private follow(mm: number): void {
    if (Math.abs(mm - this.lastMm) >= STILL_MM) this.comesFrom = mm > this.lastMm ? 1 : -1;
    this.lastMm = mm;
  }
}

/** One reading on the wire: `01A`, sign, eight characters, CR. */
function frame(mm: number): string {
  return `01A${mm < 0 ? '-' : '+'}${Math.abs(mm).toFixed(3).padStart(8, '0')}\r`;
}
