// The session's work, one method a state: readings in, orders out, sensor events become state events.
// Pure but for the journal. Not responsible for safety reactions: it asks the supervisor by `orders.trip` and obeys its fault.
import { DEVICE_BUS } from '../../hal/devices.ts';
import { LAMP_BUSY, LAMP_BY_STATE, LAMP_SYRINGE } from '../panel/lamps.ts';
import * as E from '../store/entry.ts';
import * as F from './faults.ts';
import { FIRMWARE_VERSION } from '../version.ts';
import { HOMING_DONE } from './homing.ts';
import { AXIS_STOP } from './orders.ts';
import { PRIMING_DONE, PRIMING_FAILED, PRIMING_STOPPED } from './priming.ts';
import { PROBE_DONE } from './probing.ts';
import * as P from './program.ts';
import { TEST_DONE, TEST_FAILED } from './selftest.ts';
import { SessionBench } from './session-bench.ts';
import * as S from './states.ts';
import { HOME_REST_UM, SAFE_UM_PER_S } from './stroke-watch.ts';
import { TREAT_ABORTED, TREAT_COMPLETE, TREAT_FAULT, TREAT_REFUSED, TREAT_RELEASED } from './treatment.ts';

/** The chip's virtual stop stands this far beyond the technique's tip depth, µm. */
const STOP_BEYOND_TIP_UM = 50;
/** Home may drift this far between homings; twice more is a fault (R20). */
const HOME_DRIFT_UM = 100;

/** Why a session is held after a stroke that ended early, by RESULT_…. */
const HOLD_OF_RESULT = [0, E.HOLD_STOP, E.HOLD_CONTACT, E.HOLD_CONTACT, E.HOLD_CONTACT, E.HOLD_MOVED, E.HOLD_SHORT];

export class Session extends SessionBench {
  /** Reads `readings`, fills `orders`. */
  step(): void {
    const orders = this.orders;
    orders.clear();
    if (!this.begun) {
      this.begun = 1;
      this.stateAtMs = this.readings.nowMs;
    }
    this.log.step();
    if (this.guard.fault) this.latch();
    orders.lampRgb = LAMP_BY_STATE[this.state] as number;
    if (this.stopAsked) this.obeyStop();
    switch (this.state) {
      case S.BOOT:
        this.booting();
        break;
      case S.SELF_TEST:
        this.testing();
        break;
      case S.HOMING:
        this.home();
        break;
      case S.PROBING:
        this.probe();
        break;
      case S.READY:
        orders.power = 1;
        this.treatment.idle(this.readings, orders, this.program, this.probing.ringUm);
        break;
      case S.PRIMING:
        this.fill();
        break;
      case S.ARMED:
        this.armed();
        break;
      case S.TREATING:
        this.treat();
        break;
      case S.PAUSED:
        this.paused();
        break;
      case S.SERVICE:
        this.serve();
        break;
      case S.FAULT:
        this.latched();
        break;
      default:
        break;
    }
    if (!orders.needle && !orders.plunger) this.watch();
  }

  private obeyStop(): void {
    this.stopAsked = 0;
    const state = this.state;
    const orders = this.orders;
    if (state === S.TREATING && this.treatment.stroke.running) {
      this.hold = E.HOLD_STOP;
      this.treatment.stroke.abort(F.RESULT_STOPPED, this.readings, orders);
      return;
    }
    if (state === S.HOMING || state === S.PROBING || state === S.PRIMING || (state === S.SERVICE && this.homed)) {
      orders.plunger = AXIS_STOP;
      if (state === S.PROBING || state === S.SERVICE) {
        orders.moveNeedle(HOME_REST_UM, SAFE_UM_PER_S);
      } else orders.needle = AXIS_STOP;
    }
    if (state === S.PRIMING) this.notePriming();
    if (state === S.ARMED || state === S.TREATING) {
      this.hold = E.HOLD_STOP;
      this.log.note(E.KIND_HOLD, E.HOLD_STOP, this.treatment.prick, this.readings.nowMs);
    }
    this.dispatch(S.EV_STOP);
  }

  /** Reads the journal, makes room in it, then writes the BOOT entry. A store that fails is the self-test's business. */
  private booting(): void {
    const log = this.log;
    if (log.scanStep() > 0) return;
    const left = this.storeCode ? 0 : log.makeRoom();
    if (left > 0) return;
    if (left < 0) this.storeCode = DEVICE_BUS;
    log.note(
      E.KIND_BOOT,
      this.storeCode,
      0,
      this.readings.nowMs,
      this.resetReason,
      FIRMWARE_VERSION,
      log.uncertainPrick,
      log.uncertainNl,
      log.brokenAt,
    );
    this.dispatch(S.EV_DONE);
  }

  private testing(): void {
    const code = this.selfTest.step(this.readings, this.orders, this.storeCode, this.tickMs);
    if (code === TEST_DONE) this.dispatch(S.EV_DONE);
    else if (code === TEST_FAILED) this.orders.trip = this.selfTest.fault;
  }

  private home(): void {
    if (this.homing.step(this.readings, this.orders, this.log) === HOMING_DONE) {
      const program = this.program;
      this.primed = 0;
      this.drifts = 0;
      this.orders.syringeNlPerMm = program[P.P_NL_PER_MM] as number;
      this.treatment.begin(program, this.stepsPerMm, this.readings);
      this.treatment.noteSession(program, this.readings, this.calibration);
      this.ended = 0;
      this.dispatch(S.EV_DONE);
    }
  }

  private probe(): void {
    const readings = this.readings;
    this.orders.power = 1;
    if (readings.needleCode) {
      this.orders.trip = F.FAULT_BUS;
      return;
    }
    if (this.probing.step(readings, this.orders, HOME_REST_UM) === PROBE_DONE) {
      const calibration = this.calibration;
      const ringUm = this.probing.ringUm - calibration.offsetUm;
      this.probing.ringUm = ringUm;
      this.orders.needleLimitUm = ringUm + (this.program[P.P_TIP_UM] as number) + STOP_BEYOND_TIP_UM;
      this.guard.load(this.program, ringUm, calibration.plunger.amplitude);
      this.log.note(E.KIND_PROBED, 0, 0, readings.nowMs, readings.homeErrorUm, ringUm, this.probing.touchMn, calibration.depthHash);
      this.dispatch(S.EV_DONE);
    }
  }

  private fill(): void {
    this.orders.power = 1;
    const code = this.priming.step(this.readings, this.orders, this.program, this.treatment.dose);
    if (!code) return;
    this.notePriming();
    if (code === PRIMING_FAILED) this.orders.trip = F.FAULT_SENSOR;
    else if (code === PRIMING_STOPPED) this.dispatch(S.EV_RELEASE);
    else if (code === PRIMING_DONE) {
      this.primed = 1;
      this.treatment.dose.startUp(this.calibration.startUpNl);
      this.treatment.stroke.rest(this.orders, this.priming.endSteps);
      this.dispatch(S.EV_DONE);
    }
  }

  private notePriming(): void {
    const priming = this.priming;
    const dose = this.treatment.dose;
    const movedNl = dose.nlOf(priming.movedSteps);
    dose.remainingNl -= movedNl;
    this.log.note(E.KIND_PRIME, 0, 0, this.readings.nowMs, this.program[P.P_PRIME_NL], movedNl, priming.peakMn, priming.movedSteps);
    priming.movedSteps = 0;
  }

  private armed(): void {
    const readings = this.readings;
    const treatment = this.treatment;
    this.orders.power = 1;
    treatment.idle(readings, this.orders, this.program, this.probing.ringUm);
    if (readings.hostLost) this.holdFor(E.HOLD_HOST, 0, 0);
    else if (treatment.spacing.fresh(readings)) {
      // A press in the air is no permit for later: it is dropped.
      if (readings.triggerHeld && readings.contact) this.dispatch(S.EV_TRIGGER);
      else treatment.spacing.release(readings);
    }
  }

  private treat(): void {
    const readings = this.readings;
    const treatment = this.treatment;
    this.orders.power = 1;
    const code = treatment.step(readings, this.orders, this.program, this.probing.ringUm, readings.hostLost);
    if (code === TREAT_COMPLETE) this.dispatch(S.EV_DONE);
    else if (code === TREAT_RELEASED) {
      if (readings.hostLost) this.holdFor(E.HOLD_HOST, 0, 0);
      else this.dispatch(S.EV_RELEASE);
    } else if (code === TREAT_ABORTED) {
      this.holdFor(HOLD_OF_RESULT[treatment.stroke.result] as number, treatment.stroke.result, 0);
    } else if (code === TREAT_REFUSED) {
      const refusal = this.refusal;
      this.log.note(E.KIND_REFUSED, refusal[0] as number, treatment.prick, readings.nowMs, refusal[1], refusal[2], refusal[3], refusal[4]);
      this.holdFor(refusal[0] === F.REFUSED_CONTENT ? E.HOLD_SYRINGE : E.HOLD_LIMIT, refusal[2] as number, refusal[3] as number);
    } else if (code === TREAT_FAULT) this.latch();
  }

  /** Held: home again, then wait for an explicit confirmation at the gun or from the host (R25, R45). */
  private paused(): void {
    const readings = this.readings;
    const orders = this.orders;
    orders.power = 1;
    if (!this.rehomed) {
      orders.lampRgb = LAMP_BUSY;
      if (this.homing.step(readings, orders, this.log) === HOMING_DONE) this.rehome();
      return;
    }
    if (this.hold === E.HOLD_SYRINGE) orders.lampRgb = LAMP_SYRINGE;
    if (readings.okCount === this.okSeen) return;
    this.okSeen = readings.okCount;
    if (this.hold === E.HOLD_SYRINGE) this.reload(this.program[P.P_FILL_NL] as number);
    else this.resume(this.log.sessionId);
  }

  private rehome(): void {
    const driftUm = this.readings.homeErrorUm;
    this.rehomed = 1;
    this.orders.needleLimitUm = this.probing.ringUm + (this.program[P.P_TIP_UM] as number) + STOP_BEYOND_TIP_UM;
    if (driftUm <= HOME_DRIFT_UM && driftUm >= -HOME_DRIFT_UM) return;
    this.drifts++;
    if (this.drifts > 1) this.orders.trip = F.FAULT_HOME_DRIFT;
  }

  /** FAULT: first the FAULT entry, once the needle is home the RESULT of the prick that was open. */
  private latched(): void {
    const readings = this.readings;
    const treatment = this.treatment;
    if (!this.faultNoted) {
      this.faultNoted = 1;
      treatment.noteFault(this.guard.fault, this.faultState, readings, this.selfTest.detail);
    }
    if (this.log.open && !this.resultNoted) treatment.stroke.track(readings);
    if (!this.guard.safe || this.resultNoted) return;
    this.resultNoted = 1;
    if (this.log.open) {
      if (treatment.stroke.result === F.RESULT_DONE) treatment.stroke.result = F.RESULT_FAULT;
      treatment.close(readings, this.program);
    }
    this.close(1);
  }

  get done(): number {
    return this.treatment.doneCount;
  }

  /** The S_… words as they are now; filled when asked for. */
  get status(): Int32Array {
    const status = this.statusWords;
    const treatment = this.treatment;
    const dose = treatment.dose;
    const stroke = treatment.stroke;
    status.set([
      this.state,
      this.guard.fault,
      this.log.sessionId,
      treatment.doneCount,
      this.program[P.P_PRICKS] as number,
      treatment.uncertainCount,
      dose.commandedNl,
      treatment.estimatedNl,
      dose.remainingNl,
      this.state === S.PAUSED ? this.hold : 0,
      treatment.spacing.permitCount,
      stroke.running ? stroke.stepIndex : -1,
      this.guard.lateTicks,
      this.worstTickMs,
      this.readings.ringMn,
      this.readings.pusherMn,
    ]);
    return status;
  }

  /** 1 while a session is open and the host attends it: its silence holds the session (R37). */
  get attended(): number {
    return this.state >= S.HOMING && this.state <= S.PAUSED ? 1 : 0;
  }
}
