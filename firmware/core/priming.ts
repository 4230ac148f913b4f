// Priming: with the needle home, the ring free and the trigger held, push to the rod, then expel a set volume so that
// needle and dead space are full and all play is taken up (R13, R15). Not responsible for what is said about it (session.ts).
import { AXIS_ARRIVED } from '../../hal/devices.ts';
import { since } from '../../hal/units.ts';
import type { AtMs } from '../../hal/units.ts';
import type { Dose } from './dose.ts';
import { lagForMs } from './dose.ts';
import { AXIS_STOP, type Orders } from './orders.ts';
import * as P from './program.ts';
import type { Readings } from './readings.ts';

/** The pusher has met the rod when the cell says so. Chosen: well above its noise, below any stopper's glide force. */
const ENGAGED_MN = 500;
/** Approach speed as a volume rate follows from this, µm/s. */
const APPROACH_UM_PER_S = 3000;
/** The rod of a syringe stands no further than its printed stroke plus this, µm. */
const REACH_EXTRA_UM = 4000;
/** End of the plunger's own travel, a little short of its 60 mm. Source: hal/drivers plunger profile. */
const REACH_MOST_UM = 59500;

const AWAIT_TRIGGER = 0;
const APPROACH = 1;
const STOPPING = 2;
const EXPEL = 3;
const DRAIN = 4;

export const PRIMING_RUNNING = 0;
export const PRIMING_DONE = 1;
/** Trigger let go: stopped, what moved is counted. */
export const PRIMING_STOPPED = 2;
/** No rod in reach. */
export const PRIMING_FAILED = 3;

export class Priming {
  /** Volume expelled in this priming, microsteps; peak force on the way. */
  movedSteps = 0;
  peakMn = 0;
  /** Plunger position at the end: where the session's volumes start. */
  endSteps = 0;
  private phase = AWAIT_TRIGGER;
  private fromSteps = 0;
  private pressesAtStart = 0;
  private drainAtMs = 0 as AtMs;

  begin(readings: Readings): void {
    this.phase = AWAIT_TRIGGER;
    this.movedSteps = 0;
    this.peakMn = 0;
    this.fromSteps = readings.plungerSteps;
    this.pressesAtStart = readings.pressCount;
  }

  step(readings: Readings, orders: Orders, program: Int32Array, dose: Dose): number {
    const nlPerMm = program[P.P_NL_PER_MM] as number;
    orders.readPusher = 1;
    orders.readRing = 1;
    if (readings.pusherMn > this.peakMn) this.peakMn = readings.pusherMn;
    if (this.phase === AWAIT_TRIGGER) {
      if (readings.pressCount === this.pressesAtStart || !readings.triggerHeld || readings.contact) return PRIMING_RUNNING;
      const strokeUm = (((program[P.P_CAPACITY_NL] as number) / nlPerMm) * 1000 + REACH_EXTRA_UM) | 0;
      orders.movePlunger(dose.stepsOfUm(strokeUm < REACH_MOST_UM ? strokeUm : REACH_MOST_UM), ((nlPerMm * APPROACH_UM_PER_S) / 1000) | 0);
      this.phase = APPROACH;
      return PRIMING_RUNNING;
    }
    if (!readings.triggerHeld || readings.contact) {
      if (this.phase !== APPROACH) this.movedSteps = readings.plungerSteps - this.fromSteps;
      orders.plunger = AXIS_STOP;
      return PRIMING_STOPPED;
    }
    if (this.phase === APPROACH) {
      // Counted from the last moment that was certainly free of the rod: no drop leaves uncounted (I3).
      if (readings.pusherMn < ENGAGED_MN) this.fromSteps = readings.plungerSteps;
      if (readings.pusherMn >= ENGAGED_MN) {
        orders.plunger = AXIS_STOP;
        this.phase = STOPPING;
      } else if (readings.plungerFlags & AXIS_ARRIVED) return PRIMING_FAILED;
    } else if (this.phase === STOPPING) {
      orders.movePlunger(readings.plungerSteps + dose.stepsOf(program[P.P_PRIME_NL] as number), program[P.P_PRIME_NL_PER_S] as number);
      this.phase = EXPEL;
    } else if (this.phase === EXPEL) {
      if (readings.plungerFlags & AXIS_ARRIVED) {
        this.movedSteps = readings.plungerSteps - this.fromSteps;
        this.endSteps = readings.plungerSteps;
        this.drainAtMs = readings.nowMs;
        this.phase = DRAIN;
      }
    } else if (
      since(readings.nowMs, this.drainAtMs) >=
      4 * lagForMs(program, program[P.P_PRIME_NL] as number, program[P.P_PRIME_NL_PER_S] as number) + 200
    ) {
      return PRIMING_DONE;
    }
    return PRIMING_RUNNING;
  }
}
