// The session: commands and sensor events become state events, each state does its work in one method.
// Implements what the link and the panel may ask (link/control.ts). Pure but for the journal: readings in, orders out.
// Not responsible for safety reactions: it asks the supervisor by `orders.trip` and obeys `latch`.
import { AXIS_ARRIVED, AXIS_AT_HOME_SWITCH, AXIS_DRIVER_ERROR, AXIS_RESET } from '../../hal/devices.ts';
import { since } from '../../hal/units.ts';
import type { AtMs, ForMs } from '../../hal/units.ts';
import * as C from '../link/control.ts';
import { LAMP_BY_STATE, LAMP_SYRINGE } from '../panel/lamps.ts';
import * as E from '../store/entry.ts';
import * as F from './faults.ts';
import { HOMING_DONE, HOMING_FAILED, Homing } from './homing.ts';
import type { Ledger } from './ledger.ts';
import { Limits } from './limits.ts';
import { AXIS_HOME, AXIS_MOVE, AXIS_STOP, Orders } from './orders.ts';
import { PRIMING_DONE, PRIMING_FAILED, PRIMING_RUNNING, PRIMING_STOPPED, Priming } from './priming.ts';
import { PROBE_DONE, PROBE_FAILED, Probing } from './probing.ts';
import * as P from './program.ts';
import { Readings } from './readings.ts';
import { SelfTest, TEST_DONE, TEST_FAILED } from './selftest.ts';
import * as S from './states.ts';
import { HOME_REST_UM, SAFE_UM_PER_S } from './stroke.ts';
import { TREAT_ABORTED, TREAT_COMPLETE, TREAT_FAULT, TREAT_REFUSED, TREAT_RELEASED, Treatment } from './treatment.ts';

/** The chip's virtual stop stands this far beyond the technique's tip depth, µm. */
const STOP_BEYOND_TIP_UM = 50;
/** A trigger held this long where it means nothing is stuck (R27). */
const TRIGGER_STUCK_FOR_MS = 10000;
/** Home may drift this far between homings; twice more is a fault (R20). */
const HOME_DRIFT_UM = 100;

/** What the supervisor lets the session know: whether it is tripped and whether the gun is safe. */
export interface Guard {
  /** FAULT_… that tripped it, 0 = none. */
  readonly fault: number;
  /** 1 once the needle is home and everything is off. */
  readonly safe: number;
  /** Takes the limits of a programme, in its own units. */
  load(program: Int32Array, ringUm: number): void;
  /** Forgets the trip: only after the cause is gone. */
  clear(): void;
}

export class Session implements C.Control {
  state = S.BOOT;
  readonly limits = new Limits();
  readonly refusal = this.limits.refusal;
  readonly status = new Int32Array(C.STATUS_WORDS);
  readonly readings = new Readings();
  readonly orders = new Orders();
  readonly treatment: Treatment;
  /** Set by tick.ts: worst tick since READY and count of late ones. */
  worstTickMs = 0;
  lateTicks = 0;
  /** What the journal's scan answered at boot. */
  storeCode = 0;
  resetReason = 0;
  readonly program = new Int32Array(P.PROGRAM_WORDS_MAX);
  private programCount = 0;
  private readonly homing = new Homing();
  private readonly probing = new Probing();
  private readonly priming = new Priming();
  private readonly selfTest = new SelfTest();
  private readonly ledger: Ledger;
  private readonly guard: Guard;
  private readonly tickMs: number;
  private readonly stepsPerMm: number;
  private stateAtMs = 0 as AtMs;
  private hold = 0;
  private stopAsked = 0;
  private primed = 0;
  private okSeen = 0;
  private rehomed = 0;
  private drifts = 0;
  private heldAtMs = 0 as AtMs;
  /** 0 while a SESSION entry waits for its END. */
  private ended = 1;
  private faultState = 0;
  private faultNoted = 0;
  private resultNoted = 0;

  constructor(ledger: Ledger, guard: Guard, tickMs: number, stepsPerMm: number) {
    this.ledger = ledger;
    this.guard = guard;
    this.tickMs = tickMs;
    this.stepsPerMm = stepsPerMm;
    this.treatment = new Treatment(ledger, this.limits);
  }

  // ---- commands (link/control.ts) ----

  private refuseState(): number {
    return this.limits.refuse(F.REFUSED_STATE, this.state, 0, 0, F.SET_BY_DEVICE);
  }

  offer(words: Int32Array, count: number): number {
    if (this.state !== S.IDLE) return this.refuseState();
    const code = this.limits.judge(words, count);
    if (code) return code;
    for (let i = 0; i < count; i++) this.program[i] = words[i] as number;
    this.programCount = count;
    return F.REFUSED_NONE;
  }

  start(sessionId: number): number {
    if (S.nextState(this.state, S.EV_START) < 0) return this.refuseState();
    if (!this.programCount) return this.limits.refuse(F.REFUSED_NO_PROGRAM, 0, 0, 0, F.SET_BY_DEVICE);
    const last = this.ledger.lastSession;
    if (sessionId <= last) return this.limits.refuse(F.REFUSED_SESSION, 0, sessionId, last + 1, F.SET_BY_DEVICE);
    if (this.ledger.failed) return this.limits.refuse(F.REFUSED_JOURNAL, 0, 0, 0, F.SET_BY_DEVICE);
    const code = this.limits.judge(this.program, this.programCount);
    if (code) return code;
    this.ledger.sessionId = sessionId;
    this.ledger.reserve(this.program[P.P_PRICKS] as number);
    this.dispatch(S.EV_START);
    return F.REFUSED_NONE;
  }

  prime(): number {
    return this.command(S.EV_PRIME);
  }

  arm(): number {
    if (S.nextState(this.state, S.EV_ARM) < 0) return this.refuseState();
    if (!this.primed) return this.limits.refuse(F.REFUSED_CAUSE, P.P_PRIME_NL, 0, 1, F.SET_BY_DEVICE);
    const budgetMs = this.tickMs >> 1;
    if (this.worstTickMs > budgetMs) return this.limits.refuse(F.REFUSED_TICK, 0, this.worstTickMs, budgetMs, F.SET_BY_DEVICE);
    return this.command(S.EV_ARM);
  }

  resume(sessionId: number): number {
    if (S.nextState(this.state, S.EV_RESUME) < 0) return this.refuseState();
    if (sessionId !== this.ledger.sessionId) return this.limits.refuse(F.REFUSED_SESSION, 0, sessionId, this.ledger.sessionId, F.SET_BY_DEVICE);
    if (!this.rehomed || !this.primed || (this.hold === E.HOLD_HOST && this.readings.hostLost)) return this.limits.refuse(F.REFUSED_CAUSE, this.hold, 0, 0, F.SET_BY_DEVICE);
    this.ledger.note(E.KIND_RESUME, this.hold, 0, this.readings.nowMs, 0, 0, 0, 0);
    return this.command(S.EV_RESUME);
  }

  reload(fillNl: number): number {
    if (S.nextState(this.state, S.EV_RELOAD) < 0) return this.refuseState();
    const capacityNl = this.program[P.P_CAPACITY_NL] as number;
    if (!this.rehomed || this.hold !== E.HOLD_SYRINGE) return this.limits.refuse(F.REFUSED_CAUSE, this.hold, 0, 0, F.SET_BY_DEVICE);
    if (fillNl < 0 || fillNl > capacityNl) return this.limits.refuse(F.REFUSED_PROGRAM, P.P_FILL_NL, fillNl, capacityNl, F.SET_BY_PRODUCT);
    this.treatment.dose.reload(fillNl);
    this.primed = 0;
    this.ledger.note(E.KIND_RELOAD, 0, 0, this.readings.nowMs, fillNl, 0, 0, 0);
    return this.command(S.EV_RELOAD);
  }

  end(): number {
    if (S.nextState(this.state, S.EV_END) < 0) return this.refuseState();
    this.close(1);
    return this.command(S.EV_END);
  }

  clear(): number {
    if (S.nextState(this.state, S.EV_CLEAR) < 0) return this.refuseState();
    const readings = this.readings;
    if (!this.guard.safe || !this.resultNoted || readings.triggerHeld) return this.limits.refuse(F.REFUSED_CAUSE, this.guard.fault, 0, 0, F.SET_BY_DEVICE);
    this.ledger.note(E.KIND_CLEAR, this.guard.fault, 0, readings.nowMs, 0, 0, 0, 0);
    this.guard.clear();
    return this.command(S.EV_CLEAR);
  }

  stop(): void {
    this.stopAsked = 1;
  }

  service(on: number): number {
    if (on ? this.state !== S.IDLE : this.state !== S.SERVICE) return this.refuseState();
    return this.command(S.EV_SERVICE);
  }

  setLimit(index: number, value: number): number {
    if (this.state !== S.SERVICE) return this.refuseState();
    const before = index >= 0 && index < P.P_STEPS ? (this.limits.deviceMax[index] as number) : 0;
    const code = this.limits.shrink(index, value);
    if (!code) {
      this.ledger.note(E.KIND_AUDIT, index, 0, this.readings.nowMs, before, value, 0, 0);
      this.programCount = 0;
    }
    return code;
  }

  hostSeen(): void {
    this.readings.hostLost = 0;
  }

  private command(event: number): number {
    return this.dispatch(event) ? F.REFUSED_NONE : this.refuseState();
  }

  // ---- state changes ----

  /** 1 when the event changed or confirmed the state. */
  private dispatch(event: number): number {
    const next = S.nextState(this.state, event);
    if (next < 0) return 0;
    if (next !== this.state) this.enter(next);
    return 1;
  }

  private enter(state: number): void {
    const from = this.state;
    const readings = this.readings;
    this.state = state;
    this.stateAtMs = readings.nowMs;
    this.heldAtMs = readings.nowMs;
    if (state === S.SELF_TEST) this.selfTest.begin();
    else if (state === S.HOMING) this.homing.begin(1, 1);
    else if (state === S.PROBING) this.probing.begin(readings.nowMs);
    else if (state === S.PRIMING) this.priming.begin(readings);
    else if (state === S.READY && from !== S.PRIMING) this.worstTickMs = 0;
    else if (state === S.ARMED) {
      this.hold = 0;
      this.treatment.spacing.release(readings);
    } else if (state === S.PAUSED) {
      this.rehomed = 0;
      this.okSeen = readings.okCount;
      this.homing.begin(0, this.hold === E.HOLD_SYRINGE ? 1 : 0);
    } else if (state === S.COMPLETE) this.close(0);
    else if (state === S.IDLE) this.close(1);
  }

  private holdFor(reason: number, value: number, limit: number): void {
    this.hold = reason;
    this.ledger.note(E.KIND_HOLD, reason, this.treatment.prick, this.readings.nowMs, value, limit, 0, 0);
    this.dispatch(S.EV_HOLD);
  }

  /** Writes the END entry once. */
  private close(code: number): void {
    if (this.ended) return;
    const treatment = this.treatment;
    const payload = treatment.sums();
    this.ended = 1;
    this.ledger.noteAll(E.KIND_END, code, treatment.doneCount, this.readings.nowMs, payload);
  }

  /** A fault latched by the supervisor, or found here. */
  latch(): void {
    if (this.state === S.FAULT) return;
    this.faultNoted = 0;
    this.resultNoted = 0;
    this.faultState = this.state;
    this.dispatch(S.EV_FAULT);
  }

  // ---- one tick ----

  /** Reads `readings`, fills `orders`. */
  step(): void {
    const orders = this.orders;
    orders.clear();
    if (this.guard.fault) this.latch();
    orders.lampRgb = LAMP_BY_STATE[this.state] as number;
    if (this.stopAsked) this.obeyStop();
    this.watchTrigger();
    this.watchTime();
    switch (this.state) {
      case S.BOOT:
        this.ledger.note(E.KIND_BOOT, this.storeCode, 0, this.readings.nowMs, this.resetReason, 0, 0, 0);
        this.dispatch(S.EV_DONE);
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
      case S.FAULT:
        this.latched();
        break;
      default:
        break;
    }
    this.report();
  }

  private trip(fault: number): void {
    this.orders.trip = fault;
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
    if (state === S.HOMING || state === S.PROBING || state === S.PRIMING) {
      orders.plunger = AXIS_STOP;
      if (state === S.PROBING) {
        orders.needle = AXIS_MOVE;
        orders.needleUm = HOME_REST_UM;
        orders.needleUmPerS = SAFE_UM_PER_S;
      } else orders.needle = AXIS_STOP;
    }
    if (state === S.PRIMING) this.notePriming();
    if (state === S.ARMED || state === S.TREATING) {
      this.hold = E.HOLD_STOP;
      this.ledger.note(E.KIND_HOLD, E.HOLD_STOP, this.treatment.prick, this.readings.nowMs, 0, 0, 0, 0);
    }
    this.dispatch(S.EV_STOP);
  }

  /** R27: held 10 s without contact, or outside TREATING and PRIMING, is stuck. */
  private watchTrigger(): void {
    const readings = this.readings;
    const state = this.state;
    const meant = state === S.PRIMING || (state === S.TREATING && (readings.contact || this.treatment.stroke.running));
    if (!readings.triggerHeld || meant || state < S.IDLE || state === S.FAULT) this.heldAtMs = readings.nowMs;
    else if (since(readings.nowMs, this.heldAtMs) >= TRIGGER_STUCK_FOR_MS) this.trip(F.FAULT_TRIGGER_STUCK);
  }

  private watchTime(): void {
    const limitMs = S.STATE_LIMIT_MS[this.state] as number;
    if (!limitMs || since(this.readings.nowMs, this.stateAtMs) <= (limitMs as ForMs)) return;
    if (this.state === S.ARMED) this.holdFor(E.HOLD_LIMIT, 0, limitMs);
    else if (this.state === S.PAUSED) this.end();
    else if (this.state === S.TREATING) this.stopAsked = 1;
    else this.trip(F.FAULT_TIME_LIMIT);
  }

  private testing(): void {
    const code = this.selfTest.step(this.readings, this.orders, this.storeCode, this.tickMs);
    if (code === TEST_DONE) this.dispatch(S.EV_DONE);
    else if (code === TEST_FAILED) this.trip(this.selfTest.fault);
  }

  private home(): void {
    const code = this.homing.step(this.readings, this.orders, this.ledger);
    if (code === HOMING_FAILED) this.trip(this.homing.fault);
    else if (code === HOMING_DONE) {
      const program = this.program;
      this.primed = 0;
      this.drifts = 0;
      this.orders.syringeNlPerMm = program[P.P_NL_PER_MM] as number;
      this.treatment.begin(program, this.stepsPerMm, this.readings);
      this.treatment.noteSession(program, this.readings);
      this.ended = 0;
      this.dispatch(S.EV_DONE);
    }
  }

  private probe(): void {
    const readings = this.readings;
    this.orders.power = 1;
    if (readings.needleCode) {
      this.trip(F.FAULT_BUS);
      return;
    }
    const code = this.probing.step(readings, this.orders, HOME_REST_UM);
    if (code === PROBE_FAILED) this.trip(F.FAULT_PROBE);
    else if (code === PROBE_DONE) {
      const ringUm = this.probing.ringUm;
      this.orders.needleLimitUm = ringUm + (this.program[P.P_TIP_UM] as number) + STOP_BEYOND_TIP_UM;
      this.guard.load(this.program, ringUm);
      this.ledger.note(E.KIND_PROBED, 0, 0, readings.nowMs, readings.homeErrorUm, ringUm, this.probing.touchMn, 0);
      this.dispatch(S.EV_DONE);
    }
  }

  private fill(): void {
    this.orders.power = 1;
    const code = this.priming.step(this.readings, this.orders, this.program, this.treatment.dose);
    if (code === PRIMING_RUNNING) return;
    this.notePriming();
    if (code === PRIMING_FAILED) this.trip(F.FAULT_SENSOR);
    else if (code === PRIMING_STOPPED) this.dispatch(S.EV_RELEASE);
    else if (code === PRIMING_DONE) {
      this.primed = 1;
      this.treatment.stroke.plungerTarget = this.priming.endSteps;
      this.dispatch(S.EV_DONE);
    }
  }

  private notePriming(): void {
    const priming = this.priming;
    const dose = this.treatment.dose;
    const movedNl = dose.nlOf(priming.movedSteps);
    dose.remainingNl -= movedNl;
    this.ledger.note(E.KIND_PRIME, 0, 0, this.readings.nowMs, this.program[P.P_PRIME_NL] as number, movedNl, priming.peakMn, priming.movedSteps);
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
      const why = treatment.stroke.result === F.RESULT_STOPPED ? E.HOLD_STOP : E.HOLD_CONTACT;
      this.holdFor(why, treatment.stroke.result, 0);
    } else if (code === TREAT_REFUSED) {
      const refusal = this.refusal;
      this.ledger.refused(treatment.prick, readings.nowMs, refusal);
      this.holdFor(refusal[0] === F.REFUSED_CONTENT ? E.HOLD_SYRINGE : E.HOLD_LIMIT, refusal[2] as number, refusal[3] as number);
    } else if (code === TREAT_FAULT) this.latch();
  }

  /** Held: home again, then wait for an explicit confirmation at the gun or from the host (R25, R45). */
  private paused(): void {
    const readings = this.readings;
    const orders = this.orders;
    orders.power = 1;
    if (!this.rehomed) {
      const code = this.homing.step(readings, orders, this.ledger);
      if (code === HOMING_FAILED) this.trip(this.homing.fault);
      else if (code === HOMING_DONE) this.rehome();
      return;
    }
    if (this.hold === E.HOLD_SYRINGE) orders.lampRgb = LAMP_SYRINGE;
    if (readings.okCount === this.okSeen) return;
    this.okSeen = readings.okCount;
    if (this.hold === E.HOLD_SYRINGE) this.reload(this.program[P.P_FILL_NL] as number);
    else this.resume(this.ledger.sessionId);
  }

  private rehome(): void {
    const driftUm = this.readings.homeErrorUm;
    this.rehomed = 1;
    this.orders.tareRing = 0;
    this.orders.needleLimitUm = this.probing.ringUm + (this.program[P.P_TIP_UM] as number) + STOP_BEYOND_TIP_UM;
    if (driftUm <= HOME_DRIFT_UM && driftUm >= -HOME_DRIFT_UM) return;
    this.drifts++;
    if (this.drifts > 1) this.trip(F.FAULT_HOME_DRIFT);
  }

  /** FAULT: first the FAULT entry, once the needle is home the RESULT of the prick that was open. */
  private latched(): void {
    const readings = this.readings;
    const treatment = this.treatment;
    if (!this.faultNoted) {
      this.faultNoted = 1;
      treatment.noteFault(this.guard.fault, this.faultState, readings, this.selfTest.detail);
    }
    if (!this.guard.safe || this.resultNoted) return;
    this.resultNoted = 1;
    if (this.ledger.open) {
      if (treatment.stroke.result === F.RESULT_DONE) treatment.stroke.result = F.RESULT_FAULT;
      treatment.close(readings, this.program);
    }
    this.close(1);
  }

  private report(): void {
    const status = this.status;
    const treatment = this.treatment;
    status[C.S_STATE] = this.state;
    status[C.S_FAULT] = this.guard.fault;
    status[C.S_SESSION_ID] = this.ledger.sessionId;
    status[C.S_DONE] = treatment.doneCount;
    status[C.S_PLANNED] = this.program[P.P_PRICKS] as number;
    status[C.S_UNCERTAIN] = treatment.uncertainCount;
    status[C.S_COMMANDED_NL] = treatment.dose.commandedNl;
    status[C.S_ESTIMATED_NL] = treatment.estimatedNl;
    status[C.S_REMAINING_NL] = treatment.dose.remainingNl;
    status[C.S_HOLD_REASON] = this.state === S.PAUSED ? this.hold : 0;
    status[C.S_PERMITS] = treatment.spacing.permitCount;
    status[C.S_STEP_INDEX] = treatment.stroke.running ? treatment.stroke.stepIndex : -1;
    status[C.S_LATE_TICKS] = this.lateTicks;
    status[C.S_WORST_TICK_MS] = this.worstTickMs;
    status[C.S_RING_MN] = this.readings.ringMn;
    status[C.S_PUSHER_MN] = this.readings.pusherMn;
  }

  /** 1 while a session is open and the host attends it: its silence holds the session (R37). */
  get attended(): number {
    return this.state >= S.HOMING && this.state <= S.PAUSED ? 1 : 0;
  }

  /** 1 while the needle is at its rest, by ramp and switch. */
  get needleHome(): number {
    const flags = this.readings.needleFlags;
    return flags & AXIS_AT_HOME_SWITCH && flags & AXIS_ARRIVED && !(flags & (AXIS_RESET | AXIS_DRIVER_ERROR)) ? 1 : 0;
  }
}
