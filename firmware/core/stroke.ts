// One prick: runs the programme's steps in order; what surrounds them is in stroke-watch.ts.
// Pure: readings in, orders out. Not responsible for permits, limits and the journal (treatment.ts) nor for last resorts (supervisor.ts).
import { AXIS_ARRIVED, AXIS_AT_HOME_SWITCH, LOOK_ENCODER, LOOK_RAMP } from '../../hal/devices.ts';
import { since } from '../../hal/units.ts';
import { stillHeldNl } from './dose.ts';
import * as F from './faults.ts';
import { Flow } from './flow.ts';
import { AXIS_HOME, type Orders } from './orders.ts';
import * as P from './program.ts';
import type { Readings } from './readings.ts';

import { StrokeWatch, DEPTH_TOLERANCE_UM, HOME_REST_UM, STROKE_ABORTED, STROKE_DONE, STROKE_RUNNING } from './stroke-watch.ts';

/** Contact force must be in the window this long before the needle moves. Chosen: settles hand and ring. */
const WINDOW_FOR_MS = 40;
const PRESS_LIMIT_MS = 3000;
/**
 * A dose that flowed takes the force of its flow with it: when its lag has passed, the force has fallen by that. What each lacks of half of
 * it is summed from prick to prick; this much (lack in mN, times flow in mN) is no chance any more (R09, R14). A flow of 300 mN that did not
 * come is found out in its second prick, one of 600 in its first; with one that comes, noise gets there less than once in 100 000 pricks.
 * What stands before and after, layer and friction, says nothing: it differs from prick to prick.
 * Chosen: for a cell noise of 50 mN rms a reading (100 N cell), where a fall of the whole force is the rule.
 */
const LACK_MOST_MN2 = 80000;

export class Stroke extends StrokeWatch {
  readonly flow = new Flow();

  /** Where strokes begin. The plunger gets the speed of the first dose where it stands: that dose's tick has no time for it. */
  rest(orders: Orders, steps: number): void {
    this.plungerTarget = steps;
    if (this.flow.firstNlPerS) orders.movePlunger(steps, this.flow.firstNlPerS);
  }

  /** One tick. Returns STROKE_… */
  step(readings: Readings, orders: Orders): number {
    // In the skin contact is the switch's matter; and the plunger's force matters from the dose until it is judged.
    if (this.needleOut) orders.readRing = 1;
    if (this.dosing || this.flowMn) orders.readPusher = 1;
    this.watch(readings);
    if (this.aborting) {
      orders.needleLook = LOOK_ENCODER;
      return this.retreat(readings, orders);
    }
    if (!this.needleOut) {
      orders.needleLook = LOOK_ENCODER;
      const danger = this.dangers(readings, orders);
      if (danger || this.aborting) return danger;
    }
    const stepCount = this.program[P.P_STEP_COUNT] as number;
    // A finished step hands over in the same tick; each pass ends a step, so the loop is bounded by their number (R53).
    for (let pass = 0; pass < P.STEPS_MAX; pass++) {
      if (this.stepIndex >= stepCount) {
        this.running = 0;
        if (!this.short) return STROKE_DONE;
        this.result = F.RESULT_SHORT;
        return STROKE_ABORTED;
      }
      const before = this.stepIndex;
      const code = this.stepOne(readings, orders);
      if (code) return code;
      if (this.stepIndex === before || this.aborting) return STROKE_RUNNING;
    }
    return STROKE_RUNNING;
  }

  private stepOne(readings: Readings, orders: Orders): number {
    const at = P.P_STEPS + this.stepIndex * P.STEP_WORDS;
    const program = this.program;
    const op = program[at] as number;
    if (op === P.STEP_INSERT) return this.insert(readings, orders, program[at + 2] as number, program[at + 3] as number);
    if (op === P.STEP_DOSE) return this.push(readings, orders, program[at + 1] as number, program[at + 2] as number);
    if (op === P.STEP_DWELL) return this.dwell(readings, orders, program[at + 1] as number);
    if (op === P.STEP_WITHDRAW) return this.withdraw(readings, orders, at);
    if (op === P.STEP_PRESS) return this.press(readings, orders, program[at + 1] as number);
    if (op === P.STEP_DECOMPRESS) return this.decompress(readings, orders);
    orders.stamp = 2;
    this.next(readings);
    return STROKE_RUNNING;
  }

  private press(readings: Readings, orders: Orders, forceMn: number): number {
    if (!this.phase) {
      orders.stamp = 1;
      orders.stampMn = forceMn;
      this.enter(1, readings);
      this.forceAboveAtMs = readings.nowMs;
      return STROKE_RUNNING;
    }
    const inside =
      readings.contact &&
      readings.ringValid &&
      readings.ringMn >= (this.program[P.P_RING_MIN_MN] as number) &&
      readings.ringMn <= (this.program[P.P_RING_MAX_MN] as number);
    if (!inside) {
      this.forceAboveAtMs = readings.nowMs;
      if (since(readings.nowMs, this.phaseAtMs) > PRESS_LIMIT_MS) this.abort(F.RESULT_CONTACT_LOST, readings, orders);
    } else if (since(readings.nowMs, this.forceAboveAtMs) >= WINDOW_FOR_MS) this.next(readings);
    return STROKE_RUNNING;
  }

  private insert(readings: Readings, orders: Orders, tipUm: number, speedUmPerS: number): number {
    const dose = this.dose;
    if (!this.phase && dose.takenBackSteps > 0) {
      this.givenBackSteps = dose.takenBackSteps;
      this.plungerTo(orders, this.plungerTarget + dose.takenBackSteps, this.program[P.P_PRIME_NL_PER_S] as number);
      dose.takenBackSteps = 0;
      this.enter(1, readings);
    } else if (!this.phase || (this.phase === 1 && readings.plungerFlags & AXIS_ARRIVED)) {
      if (!readings.contact) {
        this.abort(F.RESULT_CONTACT_LOST, readings, orders);
        return STROKE_RUNNING;
      }
      this.needleOut = 0;
      orders.needleLook = LOOK_ENCODER;
      this.wheelAtUm = readings.wheelUm;
      orders.moveNeedle(this.ringUm + tipUm, speedUmPerS);
      this.enter(2, readings);
    } else if (this.phase === 2 && readings.needleFlags & AXIS_ARRIVED) {
      const errorUm = readings.encoderUm - this.ringUm - tipUm;
      if (errorUm > DEPTH_TOLERANCE_UM || errorUm < -DEPTH_TOLERANCE_UM) {
        return this.fail(F.FAULT_NEEDLE_STEPS, orders);
      }
      // Deep in the skin and at the home switch at once: one of the two is broken (R24).
      if (readings.needleFlags & AXIS_AT_HOME_SWITCH) return this.fail(F.FAULT_SENSOR, orders);
      this.encoderTipUm = readings.encoderUm - this.ringUm;
      this.next(readings);
    }
    return STROKE_RUNNING;
  }

  /** Microsteps for a volume in the layer: dose, and once a stroke the compensation. */
  private stepsFor(volumeNl: number): number {
    const dose = this.dose;
    let steps = dose.doseStepsFor(volumeNl);
    dose.doseSteps += steps;
    if (!this.pressurised) {
      this.pressurised = 1;
      dose.compensationSteps = dose.compensationStepsFor(this.flow.compensationNl);
      steps += dose.compensationSteps;
    }
    return steps;
  }

  private watchForce(readings: Readings): void {
    this.dosing = 1;
    this.flowMn = 0;
    this.restMn = readings.pusherMn;
    this.doseEndMn = readings.pusherMn;
    this.forceAboveAtMs = readings.nowMs;
    this.forceLimitMn = this.flow.limitMn[this.stepIndex] as number;
  }

  private flowed(readings: Readings): void {
    // The force at the end, not the highest: that is where a resting stopper broke loose.
    if (readings.pusherMn > this.doseEndMn) this.doseEndMn = readings.pusherMn;
    this.flowMn = this.flow.partMn[this.stepIndex] as number;
    this.dosing = 0;
    this.dosedAtMs = readings.nowMs;
    this.lagMs = this.flow.lagMs[this.stepIndex] as number;
  }

  private push(readings: Readings, orders: Orders, volumeNl: number, rateNlPerS: number): number {
    if (!this.phase) {
      this.plungerTo(orders, this.plungerTarget + this.stepsFor(volumeNl), rateNlPerS);
      this.watchForce(readings);
      this.enter(1, readings);
    } else if (readings.plungerFlags & AXIS_ARRIVED) {
      this.flowed(readings);
      this.next(readings);
    } else this.doseEndMn = readings.pusherMn;
    return STROKE_RUNNING;
  }

  private dwell(readings: Readings, orders: Orders, leastForMs: number): number {
    const untilMs = leastForMs > this.lagMs ? leastForMs : this.lagMs;
    const leftMs = untilMs - since(readings.nowMs, this.dosedAtMs);
    const ownLeftMs = leastForMs - since(readings.nowMs, this.phaseAtMs);
    const waitMs = leftMs > ownLeftMs ? leftMs : ownLeftMs;
    if (!this.lagMs ? ownLeftMs <= 0 : waitMs <= 0) this.next(readings);
    else orders.wakeForMs = !this.lagMs ? ownLeftMs : waitMs;
    return STROKE_RUNNING;
  }

  /** The dose had its time to flow. 1 when it has not, by this prick and those before: more force than a flow takes is a blocked way. */
  private blocked(readings: Readings): number {
    const dose = this.dose;
    const flowMn = this.flowMn;
    const lackMn = dose.lackMn + (flowMn >> 1) - this.doseEndMn + readings.pusherMn;
    if (!flowMn) return 0;
    this.flowMn = 0;
    if (lackMn * flowMn <= LACK_MOST_MN2) dose.lackMn = lackMn > 0 ? lackMn : 0;
    else if (this.doseEndMn - this.restMn > 2 * flowMn) return 1;
    else this.short = 1;
    return 0;
  }

  private withdraw(readings: Readings, orders: Orders, at: number): number {
    const toUm = this.program[at + 1] as number;
    const speedUmPerS = this.program[at + 2] as number;
    const spreadNl = this.program[at + 3] as number;
    const home = toUm === P.WITHDRAW_HOME;
    if (!this.phase) {
      const lagLeftMs = this.lagMs ? this.lagMs - since(readings.nowMs, this.dosedAtMs) : 0;
      if (lagLeftMs > 0) {
        orders.wakeForMs = lagLeftMs;
        return STROKE_RUNNING;
      }
      this.lagMs = 0;
      if (this.blocked(readings)) return this.fail(F.FAULT_OCCLUSION, orders);
      this.leavesAtMs = readings.nowMs;
      orders.moveNeedle(home ? HOME_REST_UM : this.ringUm + toUm, speedUmPerS);
      if (spreadNl > 0) {
        this.plungerTo(orders, this.plungerTarget + this.stepsFor(spreadNl), this.flow.rateNlPerS[this.stepIndex] as number);
        this.watchForce(readings);
      }
      this.enter(1, readings);
      return STROKE_RUNNING;
    }
    if (!(readings.needleFlags & AXIS_ARRIVED)) return STROKE_RUNNING;
    if (home) return this.arriveHome(readings, orders);
    if (spreadNl > 0 && !(readings.plungerFlags & AXIS_ARRIVED)) return STROKE_RUNNING;
    this.dosing = 0;
    this.next(readings);
    return STROKE_RUNNING;
  }

  /** Home is proven by switch and encoder on every retract (R20); a miss re-homes once, a second is a fault. */
  private arriveHome(readings: Readings, orders: Orders): number {
    orders.needleLook = LOOK_RAMP;
    const errorUm = readings.encoderUm - HOME_REST_UM;
    const proven = readings.needleFlags & AXIS_AT_HOME_SWITCH && errorUm <= DEPTH_TOLERANCE_UM && errorUm >= -DEPTH_TOLERANCE_UM;
    if (proven) {
      this.needleOut = 1;
      this.next(readings);
    } else if (this.misses > 0) {
      return this.fail(readings.needleFlags & AXIS_AT_HOME_SWITCH ? F.FAULT_HOME_DRIFT : F.FAULT_NEEDLE_NOT_HOME, orders);
    } else {
      this.misses++;
      orders.needle = AXIS_HOME;
      this.enter(1, readings);
    }
    return STROKE_RUNNING;
  }

  /**
   * Takes back, at home: what compliance still holds (the rest has dripped since the needle left) and the play of backlash and
   * stick. The play is given back before the next insertion; the held volume is not: the next compensation pushes it anew.
   */
  private decompress(readings: Readings, orders: Orders): number {
    const dose = this.dose;
    const program = this.program;
    if (!this.phase) {
      const slipMn = (program[P.P_BREAK_LOOSE_MN] as number) + (program[P.P_GLIDE_MN] as number);
      const stickUm = ((slipMn * 1000) / (program[P.P_ROD_MN_PER_MM] as number)) | 0;
      const heldNl = this.pressurised ? stillHeldNl(program, since(readings.nowMs, this.leavesAtMs)) : 0;
      dose.takenBackSteps = dose.stepsOfUm((program[P.P_BACKLASH_UM] as number) + stickUm);
      const steps = dose.takenBackSteps + dose.stepsOf(heldNl);
      this.plungerTo(orders, this.plungerTarget - steps, program[P.P_PRIME_NL_PER_S] as number);
      this.enter(1, readings);
    } else if (readings.plungerFlags & AXIS_ARRIVED) this.next(readings);
    return STROKE_RUNNING;
  }
}
