// The hand that holds the gun: where it is over the skin, how hard the ring presses, how fast it lifts. Pure functions of time.
// Not responsible for what the person decides (operator.ts) nor for what the skin does about it (plant/tissue.ts).
// Figures: hand-parameters.ts; tremor at 8 to 12 Hz (Riviere). Simulator only.
import { HAND } from './hand-parameters.ts';
import { draw } from './random.ts';

/** The ring switch closes above and opens below these forces. Chosen: ring spring of 1 N/mm, 0.5 mm travel, 0.1 N hysteresis. */
export const RING_SWITCH_CLOSES_N = 0.5;
export const RING_SWITCH_OPENS_N = 0.4;
/** How fast a hand takes the gun off the skin. Chosen: a startled lift. */
const LIFT_MM_PER_S = 60;
const LIFT_MOST_MM = 30;
const TREMOR_HZ = [8.3, 9.6, 11.1] as const;

/** Three sinusoids of fixed phases, rms 1. */
class Tremor {
  private readonly phases: number[];
  constructor(seed: number, channel: string) {
    this.phases = TREMOR_HZ.map((_, index) => 2 * Math.PI * draw(seed, channel, index));
  }
  at(atUs: number): number {
    let sum = 0;
    for (let index = 0; index < 3; index += 1) {
      sum += Math.sin(2 * Math.PI * (TREMOR_HZ[index] as number) * atUs * 1e-6 + (this.phases[index] as number));
    }
    // Rounded, because the last digit of a sine may differ from engine to engine.
    return Math.round(sum * Math.sqrt(2 / 3) * 1e9) / 1e9;
  }
}

/** A straight stretch of time: from one value to another, then constant. */
interface Ramp {
  fromUs: number;
  toUs: number;
  from: number;
  to: number;
}

const rampAt = (ramp: Ramp, atUs: number): number => {
  if (atUs >= ramp.toUs) return ramp.to;
  if (atUs <= ramp.fromUs) return ramp.from;
  return ramp.from + ((ramp.to - ramp.from) * (atUs - ramp.fromUs)) / (ramp.toUs - ramp.fromUs);
};

export class Hand {
  private readonly x: Ramp = { fromUs: 0, toUs: 0, from: 0, to: 0 };
  private readonly y: Ramp = { fromUs: 0, toUs: 0, from: 0, to: 0 };
  /** Path of the ring over the skin, mm: stands while the ring is in the air. */
  private readonly path: Ramp = { fromUs: 0, toUs: 0, from: 0, to: 0 };
  private readonly force: Ramp = { fromUs: 0, toUs: 0, from: 0, to: 0 };
  private readonly steady: boolean;
  private readonly tremor: number;
  private readonly tremorN: Tremor;
  private readonly tremorX: Tremor;
  private readonly tremorY: Tremor;

  /** `steady` = no tremor, for exact tests; `tremor`: factor on its size. */
  constructor(seed: number, steady: boolean, tremor = 1) {
    this.steady = steady;
    this.tremor = tremor;
    this.tremorN = new Tremor(seed, 'tremor-n');
    this.tremorX = new Tremor(seed, 'tremor-x');
    this.tremorY = new Tremor(seed, 'tremor-y');
  }

  /** Force the hand has decided on, N: without tremor, at the end of the running change. */
  get aimN(): number {
    return this.force.to;
  }

  /** Moves in a straight line, to be there at `untilUs`. */
  moveTo(atUs: number, xUm: number, yUm: number, untilUs: number): void {
    const fromX = rampAt(this.x, atUs);
    const fromY = rampAt(this.y, atUs);
    const touching = this.force.to > 0;
    this.set(this.x, atUs, untilUs, fromX, xUm);
    this.set(this.y, atUs, untilUs, fromY, yUm);
    const pathMm = rampAt(this.path, atUs);
    this.set(this.path, atUs, untilUs, pathMm, touching ? pathMm + Math.hypot(xUm - fromX, yUm - fromY) / 1000 : pathMm);
  }

  /** Changes the force on the ring to `newtons` within `forUs`; 0 takes the gun off the skin. */
  press(atUs: number, newtons: number, forUs: number): void {
    this.set(this.force, atUs, atUs + forUs, rampAt(this.force, atUs), newtons);
    if (newtons === 0) this.set(this.path, atUs, atUs, rampAt(this.path, atUs), rampAt(this.path, atUs));
  }

  /** When the force passes this level on its way, Infinity when it does not. */
  forceCrossesAtUs(levelN: number): number {
    const { from, to, fromUs, toUs } = this.force;
    if (from === to || from < levelN === to < levelN) return Infinity;
    return fromUs + ((levelN - from) / (to - from)) * (toUs - fromUs);
  }

  /** Ring force with tremor, N, never negative. */
  forceN(atUs: number): number {
    const base = rampAt(this.force, atUs);
    if (base <= 0 || this.steady) return base;
    return Math.max(0, base + HAND.tremorN.nominal * this.tremor * Math.min(1, base) * this.tremorN.at(atUs));
  }

  /** Height of the ring above the skin, mm: 0 while it touches. */
  gapMm(atUs: number): number {
    if (this.force.to > 0 || atUs <= this.force.toUs) return 0;
    return Math.min(LIFT_MOST_MM, (atUs - this.force.toUs) * 1e-6 * LIFT_MM_PER_S);
  }

  /** First moment after `atUs` at which gap or place change their course, Infinity when they rest. */
  nextBreakUs(atUs: number): number {
    if (this.force.to > 0) return Infinity;
    if (atUs < this.force.toUs) return this.force.toUs;
    const topUs = this.force.toUs + (LIFT_MOST_MM / LIFT_MM_PER_S) * 1e6;
    return atUs < topUs ? topUs : Infinity;
  }

  /** Path of the travel wheel, mm. */
  pathMm(atUs: number): number {
    return rampAt(this.path, atUs);
  }

  xUm(atUs: number): number {
    return rampAt(this.x, atUs) + (this.steady ? 0 : HAND.tremorMm.nominal * this.tremor * 1000 * this.tremorX.at(atUs) * 0.7071);
  }

  yUm(atUs: number): number {
    return rampAt(this.y, atUs) + (this.steady ? 0 : HAND.tremorMm.nominal * this.tremor * 1000 * this.tremorY.at(atUs) * 0.7071);
  }

  private set(ramp: Ramp, fromUs: number, toUs: number, from: number, to: number): void {
    ramp.fromUs = fromUs;
    ramp.toUs = toUs;
    ramp.from = from;
    ramp.to = to;
  }
}
