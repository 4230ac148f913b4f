// What surrounds the steps of a prick: its figures, what ends it early, and the way home after that.
// Not responsible for the steps themselves (stroke.ts).
import { AXIS_ARRIVED, AXIS_AT_HOME_SWITCH } from '../../hal/devices.ts';
import { since } from '../../hal/units.ts';
import type { AtMs } from '../../hal/units.ts';
import type { Dose } from './dose.ts';
import * as F from './faults.ts';
import { AXIS_STOP, type Orders } from './orders.ts';
import type { Readings } from './readings.ts';

/** Where the needle rests at home: the driver puts its zero behind the switch's edge, so that the switch is closed for certain. */
export const HOME_REST_UM = 0;
/** Depth is confirmed when encoder and ramp counter agree this well (R03). */
export const DEPTH_TOLERANCE_UM = 100;
/** Retract speed when something went wrong. */
export const SAFE_UM_PER_S = 100000;
const OCCLUDED_FOR_MS = 100;
const HOME_LIMIT_MS = 400;
/** Way over the skin at which a needle in it is taken out (H05): it is out before 1.5 mm. Chosen: above tremor and wheel play, below a tear. */
const DRAG_MOST_UM = 1400;
/** Skin may bulge this far into the ring: a tip further back is out, and the hand may go on. */
const NEAR_SKIN_UM = 1700;

export const STROKE_RUNNING = 0;
export const STROKE_DONE = 1;
/** Ended early, needle home again: `result` says why. */
export const STROKE_ABORTED = 2;
/** Ended by a fault: `fault` says which; the supervisor has the needle. */
export const STROKE_FAULT = 3;

export class StrokeWatch {
  running = 0;
  result = F.RESULT_DONE;
  fault = F.FAULT_NONE;
  stepIndex = 0;
  /** When the step, or the part of it that runs, began. */
  phaseAtMs = 0 as AtMs;
  /** Plunger target that all volumes add to, microsteps; survives from stroke to stroke. */
  plungerTarget = 0;
  // What the RESULT entry reports.
  deepestTipUm = 0;
  encoderTipUm = 0;
  peakMn = 0;
  leastRingMn = 0;
  protected program: Int32Array = new Int32Array(0);
  protected ringUm = 0;
  protected phase = 0;
  protected beganAtMs = 0 as AtMs;
  protected wheelAtUm = 0;
  protected needleOut = 1;
  protected dosing = 0;
  protected short = 0;
  protected restMn = 0;
  protected doseEndMn = 0;
  protected flowMn = 0;
  protected pressurised = 0;
  protected startSteps = 0;
  protected furthestSteps = 0;
  protected givenBackSteps = 0;
  protected lagMs = 0 as number;
  protected dosedAtMs = 0 as AtMs;
  protected leavesAtMs = 0 as AtMs;
  protected forceLimitMn = 0;
  protected forceAboveAtMs = 0 as AtMs;
  protected aborting = 0;
  protected misses = 0;
  protected readonly dose: Dose;

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
    this.enter(0, readings);
    this.beganAtMs = readings.nowMs;
    this.needleOut = 1;
    this.dosing = 0;
    this.pressurised = 0;
    this.short = 0;
    this.flowMn = 0;
    this.startSteps = this.plungerTarget;
    this.furthestSteps = this.plungerTarget;
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

  /** Volume that has left forwards in this stroke, give-back excluded, microsteps: the furthest it was seen, whatever was relieved since. */
  get movedSteps(): number {
    return this.furthestSteps - this.startSteps - this.givenBackSteps;
  }

  /** Takes note of where the plunger is; also while the supervisor has the gun. */
  track(readings: Readings): void {
    const steps = readings.plungerSteps;
    if (steps > this.furthestSteps) this.furthestSteps = steps;
  }

  protected enter(phase: number, readings: Readings): void {
    this.phase = phase;
    this.phaseAtMs = readings.nowMs;
  }

  protected next(readings: Readings): void {
    this.stepIndex++;
    this.enter(0, readings);
  }

  protected plungerTo(orders: Orders, steps: number, rateNlPerS: number): void {
    this.plungerTarget = steps;
    orders.movePlunger(steps, rateNlPerS);
  }

  /** Stops the plunger, brings the needle home, keeps the ring until it is there. */
  abort(result: number, readings: Readings, orders: Orders): void {
    if (this.aborting) return;
    this.aborting = 1;
    this.result = result;
    this.dosing = 0;
    orders.plunger = AXIS_STOP;
    orders.moveNeedle(HOME_REST_UM, SAFE_UM_PER_S);
    this.enter(0, readings);
  }

  protected fail(fault: number, orders: Orders): number {
    this.fault = fault;
    this.result = F.RESULT_FAULT;
    this.running = 0;
    orders.trip = fault;
    return STROKE_FAULT;
  }

  protected watch(readings: Readings): void {
    const tipUm = readings.needleUm - this.ringUm;
    const pusherMn = readings.pusherMn;
    const ringMn = readings.ringMn;
    if (tipUm > this.deepestTipUm) this.deepestTipUm = tipUm;
    this.track(readings);
    if (pusherMn > this.peakMn) this.peakMn = pusherMn;
    if (ringMn < this.leastRingMn) this.leastRingMn = ringMn;
  }

  /** What ends a stroke with the needle in: contact, sensors, depth while dosing, occlusion. */
  protected dangers(readings: Readings, orders: Orders): number {
    if (!readings.contact) {
      this.abort(F.RESULT_CONTACT_LOST, readings, orders);
      return STROKE_RUNNING;
    }
    const dragUm = readings.wheelUm - this.wheelAtUm;
    if ((dragUm > DRAG_MOST_UM || dragUm < -DRAG_MOST_UM) && readings.needleUm > this.ringUm - NEAR_SKIN_UM) {
      this.abort(F.RESULT_MOVED, readings, orders);
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

  /** After abort(): home first, ring after, then the end. */
  protected retreat(readings: Readings, orders: Orders): number {
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
