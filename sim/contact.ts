// A mechanical contact that bounces when it changes, as pure function of time. Not responsible for debouncing: that is the driver's.
// Source of the bounce: physics of snap contacts, median 1.3 ms, longest of 20 switches 6.2 ms (Ganssle, "A Guide to Debouncing").
// Simulator only.
import type { Level } from '../hal/io.ts';
import { draw, gauss } from './random.ts';

const BOUNCE_MEDIAN_US = 1300;
const BOUNCE_MOST_US = 6200;
/** Chosen: spread that puts 99 % of the bounces below the longest that was measured. */
const BOUNCE_LN_SD = 0.65;
/** The level is drawn anew this often while the contact bounces. Chosen: bounces are tens to hundreds of µs apart. */
const BOUNCE_SLOT_US = 150;
const SLOTS_A_CHANGE = 8192;

export class Contact {
  /** A contact that cannot follow any more: 0 or 1; -1 when it is sound. */
  stuckAt: -1 | 0 | 1 = -1;
  /** How long the next change bounces instead of the drawn time, µs; 0 = drawn. */
  nextBounceForUs = 0;
  /** How often it was closed by whoever works it. */
  pressCount = 0;
  private level: Level = 0;
  private changeCount = 0;
  private changedAtUs = -1;
  private settledAtUs = -1;
  private readonly seed: number;
  private readonly channel: string;
  private readonly bounces: boolean;

  constructor(seed: number, channel: string, bounces: boolean) {
    this.seed = seed;
    this.channel = channel;
    this.bounces = bounces;
  }

  /** The level that it will show once it has settled. */
  get settled(): Level {
    return this.stuckAt < 0 ? this.level : (this.stuckAt as Level);
  }

  set(atUs: number, level: Level): void {
    if (level === this.level) return;
    this.level = level;
    this.changeCount += 1;
    if (level === 1) this.pressCount += 1;
    this.changedAtUs = atUs;
    let forUs = 0;
    if (this.nextBounceForUs > 0) forUs = this.nextBounceForUs;
    else if (this.bounces)
      forUs = Math.min(BOUNCE_MOST_US, BOUNCE_MEDIAN_US * Math.exp(BOUNCE_LN_SD * gauss(this.seed, this.channel, this.changeCount)));
    this.nextBounceForUs = 0;
    this.settledAtUs = atUs + forUs;
  }

  /** What a pin sees at that moment, at or after the last change. */
  read(atUs: number): Level {
    if (this.stuckAt >= 0) return this.stuckAt as Level;
    if (atUs >= this.settledAtUs) return this.level;
    const slot = Math.floor((atUs - this.changedAtUs) / BOUNCE_SLOT_US);
    return draw(this.seed, this.channel, -1 - this.changeCount * SLOTS_A_CHANGE - slot) < 0.5 ? this.level : ((1 - this.level) as Level);
  }
}
