// What the link and the panel may ask of the session (link/control.ts): each answer is 0 or a refusal that names limit,
// value and who set it. Not responsible for the lines nor for the work that follows (session.ts).
import type * as C from '../link/control.ts';
import * as E from '../store/entry.ts';
import { Course } from './course.ts';
import * as F from './faults.ts';
import * as P from './program.ts';
import * as S from './states.ts';

export abstract class SessionCommands extends Course implements C.Control {
  /** Days since 1970-01-01 as the host last said; 0 = nobody has. */
  day = 0;
  abstract readonly status: Int32Array;
  abstract readonly done: number;
  abstract readonly benchWords: Int32Array;
  abstract bench(kind: number, ints: Int32Array, count: number): number;
  abstract keep(type: number, words: Int32Array, count: number): number;

  protected refuseState(): number {
    return this.limits.refuse(F.REFUSED_STATE, F.SET_BY_DEVICE, this.state);
  }

  offer(words: Int32Array, count: number): number {
    if (this.state !== S.IDLE) return this.refuseState();
    this.programCount = 0;
    const code = this.limits.judge(words, count);
    if (code) return code;
    this.offers++;
    for (let i = 0; i < count; i++) this.program[i] = words[i] as number;
    this.programCount = count;
    return F.REFUSED_NONE;
  }

  start(sessionId: number): number {
    return this.ask(S.EV_START, sessionId);
  }

  prime(): number {
    return this.ask(S.EV_PRIME, 0);
  }

  arm(): number {
    return this.ask(S.EV_ARM, 0);
  }

  resume(sessionId: number): number {
    return this.ask(S.EV_RESUME, sessionId);
  }

  reload(fillNl: number): number {
    return this.ask(S.EV_RELOAD, fillNl);
  }

  end(): number {
    return this.ask(S.EV_END, 0);
  }

  clear(): number {
    return this.ask(S.EV_CLEAR, 0);
  }

  /** An event that means something in this state, and whose conditions hold, is what happens next. 0 or a refusal. */
  ask(event: number, number: number): number {
    if (S.nextState(this.state, event) < 0) return this.refuseState();
    const code = this.prepare(event, number);
    if (!code) this.dispatch(event);
    return code;
  }

  /** What must hold before an event, and what is written then. 0 or a refusal. */
  private prepare(event: number, number: number): number {
    if (event === S.EV_START) return this.prepareStart(number);
    if (event === S.EV_ARM) return this.prepareArm();
    if (event === S.EV_RESUME) return this.prepareResume(number);
    if (event === S.EV_RELOAD) return this.prepareReload(number);
    if (event === S.EV_END) this.close(1);
    return event === S.EV_CLEAR ? this.prepareClear() : F.REFUSED_NONE;
  }

  private prepareStart(number: number): number {
    const limits = this.limits;
    const last = this.log.lastSession;
    const sessionId = number || last + 1;
    if (!this.programCount) return limits.refuse(F.REFUSED_NO_PROGRAM, F.SET_BY_DEVICE);
    if (sessionId <= last) return limits.refuse(F.REFUSED_SESSION, F.SET_BY_DEVICE, 0, sessionId, last + 1);
    if (this.log.failed) return limits.refuse(F.REFUSED_JOURNAL, F.SET_BY_DEVICE);
    const missing = this.calibration.use(this.program, this.day);
    if (missing) return limits.refuse(F.REFUSED_CALIBRATION, F.SET_BY_DEVICE, P.P_KIT, this.program[P.P_KIT], missing);
    const code = limits.judge(this.program, this.programCount);
    if (code) return code;
    this.log.sessionId = sessionId;
    return this.log.reserve(this.program[P.P_PRICKS] as number) < 0 ? limits.refuse(F.REFUSED_JOURNAL, F.SET_BY_DEVICE) : F.REFUSED_NONE;
  }

  private prepareArm(): number {
    if (!this.primed) return this.limits.refuse(F.REFUSED_CAUSE, F.SET_BY_DEVICE, P.P_PRIME_NL, 0, 1);
    const budgetMs = this.tickMs >> 1;
    return this.worstTickMs > budgetMs
      ? this.limits.refuse(F.REFUSED_TICK, F.SET_BY_DEVICE, 0, this.worstTickMs, budgetMs)
      : F.REFUSED_NONE;
  }

  private prepareResume(sessionId: number): number {
    if (sessionId !== this.log.sessionId) return this.limits.refuse(F.REFUSED_SESSION, F.SET_BY_DEVICE, 0, sessionId, this.log.sessionId);
    if (!this.rehomed || !this.primed || (this.hold === E.HOLD_HOST && this.readings.hostLost))
      return this.limits.refuse(F.REFUSED_CAUSE, F.SET_BY_DEVICE, this.hold);
    this.log.note(E.KIND_RESUME, this.hold, 0, this.readings.nowMs);
    return F.REFUSED_NONE;
  }

  private prepareReload(fillNl: number): number {
    const capacityNl = this.program[P.P_CAPACITY_NL] as number;
    if (!this.rehomed || this.hold !== E.HOLD_SYRINGE) return this.limits.refuse(F.REFUSED_CAUSE, F.SET_BY_DEVICE, this.hold);
    if (fillNl < 0 || fillNl > capacityNl) return this.limits.refuse(F.REFUSED_PROGRAM, F.SET_BY_PRODUCT, P.P_FILL_NL, fillNl, capacityNl);
    this.treatment.dose.reload(fillNl);
    this.primed = 0;
    this.log.note(E.KIND_RELOAD, 0, 0, this.readings.nowMs, fillNl);
    return F.REFUSED_NONE;
  }

  private prepareClear(): number {
    const guard = this.guard;
    if (!guard.safe || !this.resultNoted || this.readings.triggerHeld)
      return this.limits.refuse(F.REFUSED_CAUSE, F.SET_BY_DEVICE, guard.fault);
    this.log.note(E.KIND_CLEAR, guard.fault, 0, this.readings.nowMs);
    guard.clear();
    return F.REFUSED_NONE;
  }

  get calibrationWords(): Int32Array {
    return this.calibration.words;
  }

  stop(): void {
    this.stopAsked = 1;
  }

  service(on: number): number {
    if (on ? this.state !== S.IDLE : this.state !== S.SERVICE) return this.refuseState();
    if (on) return this.ask(S.EV_SERVICE, 0);
    // As a stop: the needle comes home first.
    this.stop();
    return F.REFUSED_NONE;
  }

  setLimit(index: number, value: number): number {
    if (this.state !== S.SERVICE) return this.refuseState();
    const before = this.limits.deviceMax[index] as number;
    const code = this.limits.shrink(index, value);
    if (!code) {
      this.log.note(E.KIND_AUDIT, index, 0, this.readings.nowMs, before, value);
      this.programCount = 0;
    }
    return code;
  }

  hostSeen(): void {
    this.readings.hostLost = 0;
  }
}
