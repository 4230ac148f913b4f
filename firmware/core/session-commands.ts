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
  abstract readonly benchWords: Int32Array;
  abstract bench(kind: number, ints: Int32Array, count: number): number;
  abstract keep(type: number, words: Int32Array, count: number): number;

  protected refuseState(): number {
    return this.limits.refuse(F.REFUSED_STATE, this.state, 0, 0, F.SET_BY_DEVICE);
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
    if (S.nextState(this.state, S.EV_START) < 0) return this.refuseState();
    if (!this.programCount) return this.limits.refuse(F.REFUSED_NO_PROGRAM, 0, 0, 0, F.SET_BY_DEVICE);
    const last = this.log.lastSession;
    if (!sessionId) sessionId = last + 1;
    if (sessionId <= last) return this.limits.refuse(F.REFUSED_SESSION, 0, sessionId, last + 1, F.SET_BY_DEVICE);
    if (this.log.failed) return this.limits.refuse(F.REFUSED_JOURNAL, 0, 0, 0, F.SET_BY_DEVICE);
    const missing = this.calibration.use(this.program, this.day);
    if (missing) return this.limits.refuse(F.REFUSED_CALIBRATION, P.P_KIT, this.program[P.P_KIT] as number, missing, F.SET_BY_DEVICE);
    const code = this.limits.judge(this.program, this.programCount);
    if (code) return code;
    this.log.sessionId = sessionId;
    if (this.log.reserve(this.program[P.P_PRICKS] as number) < 0) return this.limits.refuse(F.REFUSED_JOURNAL, 0, 0, 0, F.SET_BY_DEVICE);
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
    if (sessionId !== this.log.sessionId) return this.limits.refuse(F.REFUSED_SESSION, 0, sessionId, this.log.sessionId, F.SET_BY_DEVICE);
    if (!this.rehomed || !this.primed || (this.hold === E.HOLD_HOST && this.readings.hostLost))
      return this.limits.refuse(F.REFUSED_CAUSE, this.hold, 0, 0, F.SET_BY_DEVICE);
    this.log.note(E.KIND_RESUME, this.hold, 0, this.readings.nowMs, 0, 0, 0, 0);
    return this.command(S.EV_RESUME);
  }

  reload(fillNl: number): number {
    if (S.nextState(this.state, S.EV_RELOAD) < 0) return this.refuseState();
    const capacityNl = this.program[P.P_CAPACITY_NL] as number;
    if (!this.rehomed || this.hold !== E.HOLD_SYRINGE) return this.limits.refuse(F.REFUSED_CAUSE, this.hold, 0, 0, F.SET_BY_DEVICE);
    if (fillNl < 0 || fillNl > capacityNl) return this.limits.refuse(F.REFUSED_PROGRAM, P.P_FILL_NL, fillNl, capacityNl, F.SET_BY_PRODUCT);
    this.treatment.dose.reload(fillNl);
    this.primed = 0;
    this.log.note(E.KIND_RELOAD, 0, 0, this.readings.nowMs, fillNl, 0, 0, 0);
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
    if (!this.guard.safe || !this.resultNoted || readings.triggerHeld)
      return this.limits.refuse(F.REFUSED_CAUSE, this.guard.fault, 0, 0, F.SET_BY_DEVICE);
    this.log.note(E.KIND_CLEAR, this.guard.fault, 0, readings.nowMs, 0, 0, 0, 0);
    this.guard.clear();
    return this.command(S.EV_CLEAR);
  }

  get calibrationWords(): Int32Array {
    return this.calibration.words;
  }

  stop(): void {
    this.stopAsked = 1;
  }

  service(on: number): number {
    if (on ? this.state !== S.IDLE : this.state !== S.SERVICE) return this.refuseState();
    if (on) return this.command(S.EV_SERVICE);
    // As a stop: the needle comes home first.
    this.stop();
    return F.REFUSED_NONE;
  }

  setLimit(index: number, value: number): number {
    if (this.state !== S.SERVICE) return this.refuseState();
    const before = index >= 0 && index < P.P_STEPS ? (this.limits.deviceMax[index] as number) : 0;
    const code = this.limits.shrink(index, value);
    if (!code) {
      this.log.note(E.KIND_AUDIT, index, 0, this.readings.nowMs, before, value, 0, 0);
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
}
