// Where the session stands: state, its transitions and what entering a state begins, holds, the latched fault.
// Not responsible for what may be asked (session-commands.ts) nor for the work in a state (session.ts).
import type { AtMs } from '../../hal/units.ts';
import * as C from '../link/control.ts';
import * as E from '../store/entry.ts';
import type { Calibration } from './calibration.ts';
import { Homing } from './homing.ts';
import type { SessionLog } from './session-log.ts';
import { Limits } from './limits.ts';
import { Orders } from './orders.ts';
import { Priming } from './priming.ts';
import { Probing } from './probing.ts';
import * as P from './program.ts';
import { Readings } from './readings.ts';
import { SelfTest } from './selftest.ts';
import * as S from './states.ts';
import { Treatment } from './treatment.ts';

/** Tones: a fault is high and long, a hold or the end lower and short. Chosen: heard over a treatment room, told apart without looking. */
const ALARM_HZ = 930;
const ALARM_FOR_MS = 1000;
const NOTICE_HZ = 440;
const NOTICE_FOR_MS = 200;

/** What the supervisor lets the session know: whether it is tripped and whether the gun is safe. */
export interface Guard {
  /** FAULT_… that tripped it, 0 = none. */
  readonly fault: number;
  /** 1 once the needle is home and everything is off. */
  readonly safe: number;
  /** Ticks that came after more than twice their time. */
  readonly lateTicks: number;
  /** Takes the limits of a programme, in its own units. */
  load(program: Int32Array, ringUm: number, screwSteps: number): void;
  /** SERVICE begins, or its ring plane is known. */
  bench(ringUm: number): void;
  /** Forgets the programme: a session begins. */
  unload(): void;
  /** Forgets the trip: only after the cause is gone. */
  clear(): void;
}

export class Course {
  state = S.BOOT;
  readonly limits = new Limits();
  readonly refusal = this.limits.refusal;
  protected readonly statusWords = new Int32Array(C.STATUS_WORDS);
  readonly readings = new Readings();
  readonly orders = new Orders();
  readonly treatment: Treatment;
  /** Worst tick since READY, ms; set by main.ts. */
  worstTickMs = 0;
  /** What the journal's scan answered at boot. */
  storeCode = 0;
  resetReason = 0;
  readonly program = new Int32Array(P.PROGRAM_WORDS_MAX);
  programCount = 0;
  /** Programmes offered and taken since boot, whoever brought them. */
  offers = 0;
  protected readonly homing = new Homing();
  protected readonly probing = new Probing();
  protected readonly priming = new Priming();
  protected readonly selfTest = new SelfTest();
  protected readonly log: SessionLog;
  protected readonly calibration: Calibration;
  readonly guard: Guard;
  protected readonly tickMs: number;
  protected readonly stepsPerMm: number;
  protected stateAtMs = 0 as AtMs;
  /** 0 until the first tick: the device clock may start anywhere (R32). */
  protected begun = 0;
  hold = 0;
  /** SERVICE: work that runs (BENCH_…), 1 once homed, ring plane from home once probed. */
  protected work = 0;
  protected homed = 0;
  protected benchRingUm = 0;
  protected stopAsked = 0;
  primed = 0;
  protected okSeen = 0;
  protected rehomed = 0;
  protected drifts = 0;
  protected heldAtMs = 0 as AtMs;
  protected cellsAtMs = 0 as AtMs;
  /** 0 while a SESSION entry waits for its END. */
  protected ended = 1;
  protected faultState = 0;
  protected faultNoted = 0;
  protected resultNoted = 0;

  constructor(log: SessionLog, calibration: Calibration, guard: Guard, tickMs: number, stepsPerMm: number) {
    this.log = log;
    this.calibration = calibration;
    this.guard = guard;
    this.tickMs = tickMs;
    this.stepsPerMm = stepsPerMm;
    this.treatment = new Treatment(log, this.limits);
  }

  /** 1 when the event changed or confirmed the state. */
  protected dispatch(event: number): number {
    const next = S.nextState(this.state, event);
    if (next < 0) return 0;
    if (next !== this.state) this.enter(next);
    return 1;
  }

  protected enter(state: number): void {
    const from = this.state;
    const readings = this.readings;
    this.state = state;
    this.stateAtMs = readings.nowMs;
    this.heldAtMs = readings.nowMs;
    if (state === S.FAULT) this.beep(ALARM_HZ, ALARM_FOR_MS);
    else if (state === S.PAUSED || state === S.COMPLETE) this.beep(NOTICE_HZ, NOTICE_FOR_MS);
    if (state === S.SELF_TEST) this.selfTest.begin();
    else if (state === S.HOMING) {
      this.guard.unload();
      this.homing.begin(1, 1);
    } else if (state === S.PROBING) this.probing.begin(readings);
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
    else if (state === S.SERVICE) {
      this.work = 0;
      this.homed = 0;
      this.programCount = 0;
    }
    if (from === S.SERVICE) {
      this.guard.unload();
      this.calibration.restore();
    }
  }

  private beep(frequencyHz: number, forMs: number): void {
    this.orders.beepHz = frequencyHz;
    this.orders.beepForMs = forMs;
  }

  protected holdFor(reason: number, value: number, limit: number): void {
    this.hold = reason;
    this.log.note(E.KIND_HOLD, reason, this.treatment.prick, this.readings.nowMs, value, limit);
    this.dispatch(S.EV_HOLD);
  }

  /** Writes the END entry once. */
  protected close(code: number): void {
    if (this.ended) return;
    this.ended = 1;
    this.treatment.noteEnd(code, this.readings);
  }

  /** A fault latched by the supervisor, or found here. */
  latch(): void {
    if (this.state === S.FAULT) return;
    this.faultNoted = 0;
    this.resultNoted = 0;
    this.faultState = this.state;
    this.dispatch(S.EV_FAULT);
  }
}
