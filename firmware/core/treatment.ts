// The pricks of a session: permit → limits → INTENT durable → stroke → RESULT durable (R10). Keeps the session's sums.
// Not responsible for states (session.ts), for how a stroke runs (stroke.ts) or when one is permitted (spacing.ts).
import { LOOK_ENCODER, LOOK_HEALTH, LOOK_NOTHING } from '../../hal/devices.ts';
import { ENTRY_BYTES, KIND_END, KIND_FAULT, KIND_INTENT, KIND_RESULT, KIND_SESSION } from '../store/entry.ts';
import type { Calibration } from './calibration.ts';
import { Dose } from './dose.ts';
import * as F from './faults.ts';
import type { SessionLog } from './session-log.ts';
import type { Limits } from './limits.ts';
import type { Orders } from './orders.ts';
import * as P from './program.ts';
import type { Readings } from './readings.ts';
import { Spacing } from './spacing.ts';
import { STROKE_ABORTED, STROKE_DONE } from './stroke-watch.ts';
import { Stroke } from './stroke.ts';

export const TREAT_GOES_ON = 0;
/** Trigger let go, no stroke runs. */
export const TREAT_RELEASED = 1;
/** All pricks of the programme are done. */
export const TREAT_COMPLETE = 2;
/** The last stroke ended early: `stroke.result` says why. */
export const TREAT_ABORTED = 3;
/** The next prick is refused: `limits.refusal` says why. */
export const TREAT_REFUSED = 4;
/** The stroke ended in a fault; the supervisor has been told. */
export const TREAT_FAULT = 5;

export class Treatment {
  readonly dose = new Dose();
  readonly spacing = new Spacing();
  readonly stroke: Stroke;
  /** Pricks that ended well, and those that did not but may have delivered something. */
  doneCount = 0;
  uncertainCount = 0;
  /** Estimated delivered into the layer, and everything that left forwards, nL. */
  estimatedNl = 0;
  countedNl = 0;
  /** Of the last prick that ended. */
  lastResult = 0;
  lastEstimatedNl = 0;
  lastTipUm = 0;
  /** Number of the prick that runs or comes next, from 1. */
  prick = 1;
  private readonly log: SessionLog;
  private readonly limits: Limits;
  /** Whose turn to be looked at it is: the wheel's every other tick. */
  private turn = 0;

  constructor(log: SessionLog, limits: Limits) {
    this.log = log;
    this.limits = limits;
    this.stroke = new Stroke(this.dose);
  }

  begin(program: Int32Array, stepsPerMm: number, readings: Readings): void {
    this.dose.begin(program, stepsPerMm);
    this.stroke.flow.begin(program);
    this.spacing.begin(readings);
    this.doneCount = 0;
    this.uncertainCount = 0;
    this.estimatedNl = 0;
    this.countedNl = 0;
    this.prick = 1;
  }

  /** Between strokes: looks at wheel, health and cells in turn, but at none for a tick that has a command to obey; encodes the next INTENT while there is time. */
  idle(readings: Readings, orders: Orders, program: Int32Array, ringUm: number): void {
    if (readings.hostAsks) return;
    const wheel = this.next();
    orders.readRing = 1;
    orders.readPusher = wheel;
    orders.plungerLook = wheel ? LOOK_ENCODER : LOOK_NOTHING;
    orders.needleLook = wheel ? LOOK_NOTHING : LOOK_HEALTH;
    if (!this.log.prepared && !this.log.worked && this.log.hasRoom && !this.log.open) this.prepare(readings, program, ringUm);
  }

  /** 1 when the wheel is next. */
  private next(): number {
    this.turn = (this.turn + 1) & 3;
    return this.turn & 1;
  }

  /** In a stroke, when the next tick has time for it: one look besides what the stroke needs. Wheel, ring, wheel, plunger. */
  look(orders: Orders): void {
    if (!this.stroke.running) return;
    if (this.next()) orders.plungerLook = LOOK_ENCODER;
    else if (this.turn) orders.readPusher = 1;
    else orders.readRing = 1;
  }

  private prepare(readings: Readings, program: Int32Array, ringUm: number): void {
    const dose = this.dose;
    const doseNl = program[P.P_DOSE_NL] as number;
    const heldNl = this.stroke.flow.compensationNl;
    this.log.note(
      KIND_INTENT,
      0,
      this.prick,
      readings.nowMs,
      doseNl,
      heldNl,
      dose.stepsOf(doseNl),
      dose.stepsOf(heldNl),
      program[P.P_TIP_UM],
      program[P.P_DEPTH_UM],
      this.spacing.permitCount + (this.spacing.pending ? 0 : 1),
      ringUm,
      readings.ringMn,
      dose.remainingNl,
    );
    this.log.holdIntent();
  }

  /** One tick of TREATING. Returns TREAT_… */
  step(readings: Readings, orders: Orders, program: Int32Array, ringUm: number, hold: number): number {
    const stroke = this.stroke;
    orders.plungerLook = LOOK_NOTHING;
    this.spacing.step(readings, program, stroke.running);
    if (stroke.running) {
      if (!this.log.durable) {
        orders.readRing = 1;
        orders.readPusher = 1;
        orders.wakeForMs = 1;
        if (!this.log.failed) return TREAT_GOES_ON;
        stroke.running = 0;
        this.log.open = 0;
        return this.refuseJournal();
      }
      return this.afterStroke(stroke.step(readings, orders), readings, program);
    }
    // Not before the RESULT stands in the journal: the end has an entry of its own.
    if (this.finished(program)) return this.log.busy ? TREAT_GOES_ON : TREAT_COMPLETE;
    const encoded = this.log.prepared;
    this.idle(readings, orders, program, ringUm);
    if (!readings.triggerHeld || hold) {
      this.spacing.release(readings);
      return TREAT_RELEASED;
    }
    if (!this.spacing.pending || !readings.contact || !readings.ringValid || !this.spacing.handSlow(program)) return TREAT_GOES_ON;
    if (this.limits.prick(program, this.doneCount + this.uncertainCount, this.dose.commandedNl, this.dose.remainingNl))
      return TREAT_REFUSED;
    if (!encoded && this.log.hasRoom) {
      // Encoding it and all that follows are too much for one tick.
      if (!this.log.prepared) this.prepare(readings, program, ringUm);
      orders.wakeForMs = 1;
      return TREAT_GOES_ON;
    }
    if (this.log.commitIntent()) return this.refuseJournal();
    this.spacing.take(readings);
    // It begins, but its first step waits for the INTENT (R10): as a rule for the next tick.
    stroke.begin(program, ringUm, readings);
    orders.wakeForMs = 1;
    return TREAT_GOES_ON;
  }

  private refuseJournal(): number {
    this.limits.refuse(F.REFUSED_JOURNAL, F.SET_BY_HARD, ENTRY_BYTES, 0, 1);
    return TREAT_REFUSED;
  }

  private finished(program: Int32Array): boolean {
    return this.doneCount + this.uncertainCount >= (program[P.P_PRICKS] as number);
  }

  private afterStroke(code: number, readings: Readings, program: Int32Array): number {
    if (!code) return TREAT_GOES_ON;
    if (code !== STROKE_DONE && code !== STROKE_ABORTED) return TREAT_FAULT;
    this.close(readings, program);
    // The last one may end early: nothing is left to hold the session for.
    return code === STROKE_DONE || this.finished(program) ? TREAT_GOES_ON : TREAT_ABORTED;
  }

  /** Writes the RESULT of the stroke that ended and adds it to the sums. Also used by the fault path. */
  close(readings: Readings, program: Int32Array): void {
    const stroke = this.stroke;
    const dose = this.dose;
    const done = stroke.result === F.RESULT_DONE;
    const movedSteps = done ? dose.doseSteps + dose.compensationSteps : stroke.movedSteps;
    const heldSteps = movedSteps < dose.compensationSteps ? movedSteps : dose.compensationSteps;
    const netSteps = movedSteps - heldSteps;
    const estimatedNl = done ? (program[P.P_DOSE_NL] as number) : dose.nlOf(netSteps);
    const countedNl = dose.nlOf(movedSteps);
    dose.netSteps += netSteps;
    dose.commandedNl += done ? (program[P.P_DOSE_NL] as number) : estimatedNl;
    dose.compensationNl += dose.nlOf(heldSteps);
    dose.remainingNl -= countedNl;
    this.estimatedNl += estimatedNl;
    this.lastResult = stroke.result;
    this.lastEstimatedNl = estimatedNl;
    this.lastTipUm = stroke.deepestTipUm;
    this.countedNl += countedNl;
    // A prick that never reached the skin and moved nothing is neither done nor uncertain: it may be made again.
    if (done) this.doneCount++;
    else if (stroke.deepestTipUm >= 0 || movedSteps > 0) this.uncertainCount++;
    this.log.note(
      KIND_RESULT,
      stroke.result,
      this.prick,
      readings.nowMs,
      estimatedNl,
      dose.nlOf(heldSteps),
      netSteps,
      stroke.deepestTipUm,
      stroke.encoderTipUm,
      stroke.peakMn,
      stroke.leastRingMn,
      stroke.forMs(readings.nowMs),
      countedNl,
      this.spacing.permitTravelUm,
    );
    this.log.open = 0;
    stroke.running = 0;
    this.prick++;
  }

  /** Writes the END entry: the sums. */
  noteEnd(code: number, readings: Readings): void {
    const dose = this.dose;
    this.log.note(
      KIND_END,
      code,
      this.doneCount,
      readings.nowMs,
      this.doneCount,
      this.uncertainCount,
      dose.commandedNl,
      this.estimatedNl,
      dose.compensationNl,
      this.spacing.permitCount,
    );
  }

  /** Writes the SESSION entry: what was agreed to. */
  noteSession(program: Int32Array, readings: Readings, calibration: Calibration): void {
    this.log.note(
      KIND_SESSION,
      calibration.demo,
      0,
      readings.nowMs,
      program[P.P_SOURCE_CRC],
      program[P.P_PRICKS],
      program[P.P_DOSE_NL],
      program[P.P_SESSION_NL],
      program[P.P_DEPTH_UM],
      program[P.P_TIP_UM],
      program[P.P_NL_PER_MM],
      program[P.P_FILL_NL],
      program[P.P_PERMIT],
      calibration.doseHash,
    );
  }

  /** Writes the FAULT entry: where everything stood. */
  noteFault(fault: number, state: number, readings: Readings, detail: number): void {
    this.log.note(
      KIND_FAULT,
      fault,
      this.prick,
      readings.nowMs,
      state,
      this.stroke.running ? this.stroke.stepIndex : -1,
      readings.needleUm,
      readings.encoderUm,
      readings.plungerSteps,
      readings.pusherMn,
      readings.ringMn,
      detail,
      readings.needleFlags,
      readings.plungerFlags,
    );
  }
}
