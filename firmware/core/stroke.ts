// One prick: runs the programme's steps, watches depth, contact and force while the needle is in, and knows how it ended.
// Pure: readings in, orders out. Not responsible for permits, limits and the journal (session.ts) nor for last resorts (supervisor.ts).
import { AXIS_ARRIVED, AXIS_AT_HOME_SWITCH, LOOK_ENCODER, LOOK_HEALTH, LOOK_RAMP } from '../../hal/devices.ts';
import { since } from '../../hal/units.ts';
import type { AtMs } from '../../hal/units.ts';
import { type Dose, compensationNl, dosingMn, lagForMs } from './dose.ts';
import * as F from './faults.ts';
import { AXIS_HOME, AXIS_MOVE, AXIS_STOP, type Orders } from './orders.ts';
import * as P from './program.ts';
import type { Readings } from './readings.ts';

/** Where the needle rests at home: the driver puts its zero behind the switch's edge, so that the switch is closed for certain. */
export const HOME_REST_UM = 0;
/** Depth is confirmed when encoder and ramp counter agree this well (R03). */
export const DEPTH_TOLERANCE_UM = 100;
/** Retract speed when something went wrong. */
export const SAFE_UM_PER_S = 100000;
/** Contact force must be in the window this long before the needle moves. Chosen: settles hand and ring. */
const WINDOW_FOR_MS = 40;
const PRESS_LIMIT_MS = 3000;
const OCCLUDED_FOR_MS = 100;
/** Force beyond twice the expected plus this means occlusion, mN. */
const OCCLUSION_MARGIN_MN = 2000;
const HOME_LIMIT_MS = 400;

export const STROKE_RUNNING = 0;
export const STROKE_DONE = 1;
/** Ended early, needle home again: `result` says why. */
export const STROKE_ABORTED = 2;
/** Ended by a fault: `fault` says which; the supervisor has the needle. */
export const STROKE_FAULT = 3;

export class Stroke {
  running = 0;
  result = F.RESULT_DONE;
  fault = F.FAULT_NONE;
  stepIndex = 0;
  /** Plunger target that all volumes add to, microsteps; survives from stroke to stroke. */
  plungerTarget = 0;
  // What the RESULT entry reports.
  deepestTipUm = 0;
  encoderTipUm = 0;
  peakMn = 0;
  leastRingMn = 0;
  private program = new Int32Array(0);
  private ringUm = 0;
  private phase = 0;
  private phaseAtMs = 0 as AtMs;
  private beganAtMs = 0 as AtMs;
  private tipTargetUm = 0;
  private needleOut = 1;
  private dosing = 0;
  private pressurised = 0;
  private startSteps = 0;
  private givenBackSteps = 0;
  private lagMs = 0 as number;
  private dosedAtMs = 0 as AtMs;
  private forceLimitMn = 0;
  private forceAboveAtMs = 0 as AtMs;
  private aborting = 0;
  private misses = 0;
  private readonly dose: Dose;

  constructor(dose: Dose) {
    this.dose = dose;
  }

  begin(program: Int32Array, ringUm: number, readings: Readings): void {
    this.program = program;
    this.ringUm = ringUm;
    this.running = 1;
    this.result = F.RESULT_DONE;
    this.fault = F.FAULT_NONE;
    this.stepIndex = 0;
    this.enter(0, readings.nowMs);
    this.beganAtMs = readings.nowMs;
    this.needleOut = 1;
    this.dosing = 0;
    this.pressurised = 0;
    this.startSteps = this.plungerTarget;
    this.givenBackSteps = 0;
    this.dose.doseSteps = 0;
    this.dose.compensationSteps = 0;
    this.lagMs = 0;
    this.aborting = 0;
    this.misses = 0;
    this.deepestTipUm = -ringUm;
    this.encoderTipUm = 0;
    this.peakMn = 0;
    this.leastRingMn = readings.ringMn;
  }

  /** How long the stroke has run, ms. */
  forMs(nowMs: AtMs): number {
    return since(nowMs, this.beganAtMs);
  }

  /** Volume that has left forwards in this stroke, give-back excluded, microsteps. */
  movedSteps(readings: Readings): number {
    return readings.plungerSteps - this.startSteps - this.givenBackSteps;
  }

  private enter(phase: number, nowMs: AtMs): void {
    this.phase = phase;
    this.phaseAtMs = nowMs;
  }

  private next(nowMs: AtMs): void {
    this.stepIndex++;
    this.enter(0, nowMs);
  }

  private needleTo(orders: Orders, targetUm: number, speedUmPerS: number): void {
    orders.needle = AXIS_MOVE;
    orders.needleUm = targetUm;
    orders.needleUmPerS = speedUmPerS;
  }

  private plungerTo(orders: Orders, steps: number, rateNlPerS: number): void {
    this.plungerTarget = steps;
    orders.plunger = AXIS_MOVE;
    orders.plungerSteps = steps;
    orders.plungerNlPerS = rateNlPerS;
  }

  /** Stops the plunger, brings the needle home, keeps the ring until it is there. */
  abort(result: number, readings: Readings, orders: Orders): void {
    if (this.aborting) return;
    this.aborting = 1;
    this.result = result;
    this.dosing = 0;
    orders.plunger = AXIS_STOP;
    this.needleTo(orders, HOME_REST_UM, SAFE_UM_PER_S);
    this.enter(0, readings.nowMs);
  }

  private fail(fault: number, orders: Orders): number {
    this.fault = fault;
    this.result = F.RESULT_FAULT;
    this.running = 0;
    orders.trip = fault;
    return STROKE_FAULT;
  }

  /** One tick. Returns STROKE_… */
  step(readings: Readings, orders: Orders): number {
    orders.readRing = 1;
    orders.readPusher = 1;
    orders.needleLook = this.needleOut && (this.stepIndex & 1) ? LOOK_HEALTH : LOOK_ENCODER;
    this.watch(readings);
    if (this.aborting) return this.retreat(readings, orders);
    if (!this.needleOut) {
      const danger = this.dangers(readings, orders);
      if (danger !== STROKE_RUNNING || this.aborting) return danger;
    }
    const stepCount = this.program[P.P_STEP_COUNT] as number;
    // A finished step hands over in the same tick; each pass ends a step, so the loop is bounded by their number (R53).
    for (let pass = 0; pass < P.STEPS_MAX; pass++) {
      if (this.stepIndex >= stepCount) {
        this.running = 0;
        return STROKE_DONE;
      }
      const before = this.stepIndex;
      const code = this.stepOne(readings, orders);
      if (code !== STROKE_RUNNING) return code;
      if (this.stepIndex === before || this.aborting) return STROKE_RUNNING;
    }
    return STROKE_RUNNING;
  }

  private watch(readings: Readings): void {
    const tipUm = readings.needleUm - this.ringUm;
    if (tipUm > this.deepestTipUm) this.deepestTipUm = tipUm;
    if (readings.pusherMn > this.peakMn) this.peakMn = readings.pusherMn;
    if (readings.ringMn < this.leastRingMn) this.leastRingMn = readings.ringMn;
  }

  /** What ends a stroke with the needle in: contact, sensors, depth while dosing, occlusion. */
  private dangers(readings: Readings, orders: Orders): number {
    if (!readings.contact) {
      this.abort(F.RESULT_CONTACT_LOST, readings, orders);
      return STROKE_RUNNING;
    }
    if (!readings.ringValid || !readings.pusherValid) return this.fail(F.FAULT_SENSOR, orders);
    if (!this.dosing) return STROKE_RUNNING;
    const errorUm = readings.encoderUm - readings.needleUm;
    if (errorUm > DEPTH_TOLERANCE_UM || errorUm < -DEPTH_TOLERANCE_UM) return this.fail(F.FAULT_NEEDLE_STEPS, orders);
    if (readings.pusherMn <= this.forceLimitMn) this.forceAboveAtMs = readings.nowMs;
    else if (since(readings.nowMs, this.forceAboveAtMs) > OCCLUDED_FOR_MS) return this.fail(F.FAULT_OCCLUSION, orders);
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
    this.next(readings.nowMs);
    return STROKE_RUNNING;
  }

  private press(readings: Readings, orders: Orders, forceMn: number): number {
    if (this.phase === 0) {
      orders.stamp = 1;
      orders.stampMn = forceMn;
      this.enter(1, readings.nowMs);
      this.forceAboveAtMs = readings.nowMs;
      return STROKE_RUNNING;
    }
    const inside = readings.contact && readings.ringValid && readings.ringMn >= (this.program[P.P_RING_MIN_MN] as number) && readings.ringMn <= (this.program[P.P_RING_MAX_MN] as number);
    if (!inside) {
      this.forceAboveAtMs = readings.nowMs;
      if (since(readings.nowMs, this.phaseAtMs) > PRESS_LIMIT_MS) this.abort(F.RESULT_CONTACT_LOST, readings, orders);
    } else if (since(readings.nowMs, this.forceAboveAtMs) >= WINDOW_FOR_MS) this.next(readings.nowMs);
    return STROKE_RUNNING;
  }

  private insert(readings: Readings, orders: Orders, tipUm: number, speedUmPerS: number): number {
    const dose = this.dose;
    if (this.phase === 0 && dose.takenBackSteps > 0) {
      this.givenBackSteps = dose.takenBackSteps;
      this.plungerTo(orders, this.plungerTarget + dose.takenBackSteps, this.program[P.P_PRIME_NL_PER_S] as number);
      dose.takenBackSteps = 0;
      this.enter(1, readings.nowMs);
    } else if (this.phase === 0 || (this.phase === 1 && readings.plungerFlags & AXIS_ARRIVED)) {
      if (!readings.contact) {
        this.abort(F.RESULT_CONTACT_LOST, readings, orders);
        return STROKE_RUNNING;
      }
      this.tipTargetUm = tipUm;
      this.needleOut = 0;
      this.needleTo(orders, this.ringUm + tipUm, speedUmPerS);
      this.enter(2, readings.nowMs);
    } else if (this.phase === 2 && readings.needleFlags & AXIS_ARRIVED) {
      const errorUm = readings.encoderUm - this.ringUm - tipUm;
      if (errorUm > DEPTH_TOLERANCE_UM || errorUm < -DEPTH_TOLERANCE_UM) {
        return this.fail(F.FAULT_NEEDLE_STEPS, orders);
      }
      this.encoderTipUm = readings.encoderUm - this.ringUm;
      this.next(readings.nowMs);
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
      dose.compensationSteps = dose.compensationStepsFor(compensationNl(this.program));
      steps += dose.compensationSteps;
    }
    return steps;
  }

  private watchForce(readings: Readings, rateNlPerS: number): void {
    this.dosing = 1;
    this.forceAboveAtMs = readings.nowMs;
    this.forceLimitMn = dosingMn(this.program, rateNlPerS) * 2 + (this.program[P.P_BREAK_LOOSE_MN] as number) + OCCLUSION_MARGIN_MN;
  }

  private flowed(readings: Readings, volumeNl: number, rateNlPerS: number): void {
    this.dosing = 0;
    this.dosedAtMs = readings.nowMs;
    this.lagMs = lagForMs(this.program, volumeNl, rateNlPerS);
  }

  private push(readings: Readings, orders: Orders, volumeNl: number, rateNlPerS: number): number {
    if (this.phase === 0) {
      this.plungerTo(orders, this.plungerTarget + this.stepsFor(volumeNl), rateNlPerS);
      this.watchForce(readings, rateNlPerS);
      this.enter(1, readings.nowMs);
    } else if (readings.plungerFlags & AXIS_ARRIVED) {
      this.flowed(readings, volumeNl, rateNlPerS);
      this.next(readings.nowMs);
    }
    return STROKE_RUNNING;
  }

  private dwell(readings: Readings, orders: Orders, leastForMs: number): number {
    const untilMs = leastForMs > this.lagMs ? leastForMs : this.lagMs;
    const leftMs = untilMs - since(readings.nowMs, this.dosedAtMs);
    const ownLeftMs = leastForMs - since(readings.nowMs, this.phaseAtMs);
    const waitMs = leftMs > ownLeftMs ? leftMs : ownLeftMs;
    if (this.lagMs === 0 ? ownLeftMs <= 0 : waitMs <= 0) this.next(readings.nowMs);
    else orders.wakeForMs = this.lagMs === 0 ? ownLeftMs : waitMs;
    return STROKE_RUNNING;
  }

  private withdraw(readings: Readings, orders: Orders, at: number): number {
    const toUm = this.program[at + 1] as number;
    const speedUmPerS = this.program[at + 2] as number;
    const spreadNl = this.program[at + 3] as number;
    const home = toUm === P.WITHDRAW_HOME;
    if (this.phase === 0) {
      const lagLeftMs = this.lagMs ? this.lagMs - since(readings.nowMs, this.dosedAtMs) : 0;
      if (lagLeftMs > 0) {
        orders.wakeForMs = lagLeftMs;
        return STROKE_RUNNING;
      }
      this.lagMs = 0;
      this.needleTo(orders, home ? HOME_REST_UM : this.ringUm + toUm, speedUmPerS);
      if (spreadNl > 0) {
        const rateNlPerS = ((spreadNl * speedUmPerS) / (this.tipTargetUm - toUm)) | 0;
        this.plungerTo(orders, this.plungerTarget + this.stepsFor(spreadNl), rateNlPerS > 1 ? rateNlPerS : 1);
        this.watchForce(readings, rateNlPerS);
      }
      if (!home) this.tipTargetUm = toUm;
      this.enter(1, readings.nowMs);
      return STROKE_RUNNING;
    }
    if (!(readings.needleFlags & AXIS_ARRIVED)) return STROKE_RUNNING;
    if (home) return this.arriveHome(readings, orders);
    if (spreadNl > 0 && !(readings.plungerFlags & AXIS_ARRIVED)) return STROKE_RUNNING;
    this.dosing = 0;
    this.next(readings.nowMs);
    return STROKE_RUNNING;
  }

  /** Home is proven by switch and encoder on every retract (R20); a miss re-homes once, a second is a fault. */
  private arriveHome(readings: Readings, orders: Orders): number {
    orders.needleLook = LOOK_RAMP;
    const errorUm = readings.encoderUm - HOME_REST_UM;
    const proven = readings.needleFlags & AXIS_AT_HOME_SWITCH && errorUm <= DEPTH_TOLERANCE_UM && errorUm >= -DEPTH_TOLERANCE_UM;
    if (proven) {
      this.needleOut = 1;
      this.next(readings.nowMs);
    } else if (this.misses > 0) return this.fail(F.FAULT_HOME_DRIFT, orders);
    else {
      this.misses++;
      orders.needle = AXIS_HOME;
      this.enter(1, readings.nowMs);
    }
    return STROKE_RUNNING;
  }

  private decompress(readings: Readings, orders: Orders): number {
    const dose = this.dose;
    const program = this.program;
    if (this.phase === 0) {
      const stickUm = ((((program[P.P_BREAK_LOOSE_MN] as number) + (program[P.P_GLIDE_MN] as number)) * 1000) / (program[P.P_ROD_MN_PER_MM] as number)) | 0;
      const steps = dose.stepsOf(compensationNl(program)) + dose.stepsOfUm((program[P.P_BACKLASH_UM] as number) + stickUm);
      dose.takenBackSteps = steps;
      this.plungerTo(orders, this.plungerTarget - steps, program[P.P_PRIME_NL_PER_S] as number);
      this.enter(1, readings.nowMs);
    } else if (readings.plungerFlags & AXIS_ARRIVED) this.next(readings.nowMs);
    return STROKE_RUNNING;
  }

  /** After abort(): home first, ring after, then the end. */
  private retreat(readings: Readings, orders: Orders): number {
    if (readings.needleFlags & AXIS_ARRIVED && readings.needleFlags & AXIS_AT_HOME_SWITCH) {
      orders.stamp = 2;
      this.plungerTarget = readings.plungerSteps;
      this.needleOut = 1;
      this.running = 0;
      return STROKE_ABORTED;
    }
    if (since(readings.nowMs, this.phaseAtMs) > HOME_LIMIT_MS) return this.fail(F.FAULT_NEEDLE_NOT_HOME, orders);
    return STROKE_RUNNING;
  }
}
