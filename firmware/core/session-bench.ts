// SERVICE: what a technician has the gun do on the bench, one work at a time, and the records kept on the gun (R38, I8).
// Nothing moves here unless homed, the needle leaves its home only while the ring is free, and the plunger moves only while
// the needle is home; the supervisor judges the same by itself. Not responsible for who may ask (link/unlock.ts). Runs on the gun.
import { AXIS_ARRIVED, LOOK_ENCODER } from '../../hal/devices.ts';
import { since } from '../../hal/units.ts';
import type { AtMs } from '../../hal/units.ts';
import { LAMP_PRIME } from '../panel/lamps.ts';
import { KIND_AUDIT } from '../store/entry.ts';
import * as F from './faults.ts';
import { HOMING_DONE } from './homing.ts';
import { AXIS_STOP, TARE_PUSHER, TARE_RING } from './orders.ts';
import { PRIMING_DONE } from './priming.ts';
import { PROBE_DONE } from './probing.ts';
import * as P from './program.ts';
import { SessionWatch } from './session-watch.ts';
import * as S from './states.ts';
import { HOME_REST_UM } from './stroke-watch.ts';

// Works. What they take is in WORK_BOUNDS.
export const BENCH_READ = 0;
/** Homes both axes, takes the zero of both cells. */
export const BENCH_HOME = 1;
/** Finds the ring plane with the probe cap. */
export const BENCH_PROBE = 2;
/** Tip from the ring plane µm, speed µm/s. */
export const BENCH_NEEDLE = 3;
/** Volume nL, rate nL/s; trigger held. */
export const BENCH_PRIME = 4;
/** Dose nL, rate nL/s, count, ms after each. */
export const BENCH_SHOOT = 5;
/** Up to this force mN, speed µm/s, travel µm. */
export const BENCH_PUSH = 6;
/** 1 = ring, 2 = pusher, 3 = both. */
export const BENCH_TARE = 7;
/** Words of a section: in use until SERVICE is left. */
export const BENCH_TRY = 8;
export const BENCH_KINDS = 9;
/** Words of an answer: work that runs, outcome of the last, ms of its last motion, needle, encoder, plunger steps, … */
export const BENCH_WORDS = 13;

/** Tip beyond the ring plane, µm; the same as of a programme. */
const TIP_MOST_UM = 12000;
/** From the works' first four words: least, most. */
// prettier-ignore
const WORK_BOUNDS = new Int32Array([
  /* NEEDLE */ -3300, TIP_MOST_UM, 500, 20000, 0, 0, 0, 0,
  /* PRIME  */ 0, 300000, 1000, 100000, 0, 0, 0, 0,
  /* SHOOT  */ 100, 200000, 100, 100000, 1, 100, 0, 10000,
  /* PUSH   */ 0, 60000, 10, 6000, -60000, 60000, 0, 0,
  /* TARE   */ 1, 3, 0, 0, 0, 0, 0, 0,
]);
/** A work that takes longer, or a technician who asks nothing for so long: everything off. */
const WORK_FOR_MS = 120000;
/** The enable chain has dropped this long after the last kick. Source: the monostable's 250 ms, with margin. */
const OFF_FOR_MS = 400;
/** Audit code of a record written: this plus its type. */
const AUDIT_RECORD = 64;
/** More than any syringe needs and any rod bears, mN. Chosen: what the motor carries, less a margin. */
const FORCE_MOST_MN = 65000;
/** The farthest rod that priming may meet: all of the plunger's reach. */
const ANY_CAPACITY_NL = 10000000;

export abstract class SessionBench extends SessionWatch {
  readonly benchWords = new Int32Array(BENCH_WORDS);
  private readonly work4 = new Int32Array(4);
  private outcome = 0;
  private tookMs = 0;
  private peakMn = 0;
  private targetSteps = 0;
  private phase = 0;
  private phaseAtMs = 0 as AtMs;

  /** One word of the technician. Answers 0 or a refusal; `benchWords` says how things stand. */
  bench(kind: number, ints: Int32Array, count: number): number {
    const readings = this.readings;
    const work4 = this.work4;
    if (this.state !== S.SERVICE || (this.work && kind)) return this.refuseState();
    if (!this.work) this.stateAtMs = readings.nowMs;
    if (kind === BENCH_TRY) {
      for (let i = count; i < ints.length; i++) ints[i] = 0;
      if (!this.calibration.apply(ints, 0, this.program)) return this.limits.refuse(F.REFUSED_FIELD, F.SET_BY_HARD);
      this.fit();
    } else if (kind) {
      if (kind !== BENCH_HOME && !this.homed) return this.refuseState();
      for (let i = 0; kind >= BENCH_NEEDLE && i < 4; i++) {
        const at = (kind - BENCH_NEEDLE) * 8 + i * 2;
        const value = i < count ? (ints[i] as number) : 0;
        const least = WORK_BOUNDS[at] as number;
        const most = WORK_BOUNDS[at + 1] as number;
        if (value < least || value > most)
          return this.limits.refuse(F.REFUSED_FIELD, F.SET_BY_HARD, i, value, value < least ? least : most);
        work4[i] = value;
      }
      const out = readings.needleUm > HOME_REST_UM + 100 || !this.program[P.P_NL_PER_MM];
      if (
        kind === BENCH_NEEDLE
          ? !this.benchRingUm || readings.contact
          : kind >= BENCH_PRIME && kind <= BENCH_PUSH && (out || readings.contact)
      )
        return this.limits.refuse(F.REFUSED_CAUSE, F.SET_BY_DEVICE, kind);
      if (kind === BENCH_SHOOT && !this.primed) return this.limits.refuse(F.REFUSED_CAUSE, F.SET_BY_DEVICE, kind, 0, 1);
      this.begin(kind);
    }
    this.tell();
    return F.REFUSED_NONE;
  }

  private begin(kind: number): void {
    const readings = this.readings;
    this.work = kind;
    this.outcome = 0;
    this.phase = 0;
    this.peakMn = 0;
    this.stateAtMs = readings.nowMs;
    if (kind === BENCH_HOME) {
      this.homing.begin(1, 1);
      this.primed = 0;
    }
    if (kind <= BENCH_PROBE) {
      this.benchRingUm = 0;
      this.guard.bench(0);
      this.probing.begin(readings);
    }
    if (kind === BENCH_PRIME) {
      this.program[P.P_PRIME_NL] = this.work4[0] as number;
      this.program[P.P_PRIME_NL_PER_S] = this.work4[1] as number;
      this.program[P.P_CAPACITY_NL] = ANY_CAPACITY_NL;
      this.priming.begin(readings);
    }
  }

  /** The dose path takes its words from the programme, as in a session. */
  private fit(): void {
    this.programCount = 0;
    this.treatment.dose.begin(this.program, this.stepsPerMm);
  }

  private tell(): void {
    const readings = this.readings;
    this.benchWords.set([
      this.work,
      this.outcome,
      this.tookMs,
      readings.needleUm,
      readings.encoderUm,
      readings.plungerSteps,
      readings.ringMn,
      readings.pusherMn,
      this.peakMn,
      readings.homeErrorUm,
      this.benchRingUm,
      readings.wheelUm,
      readings.nowMs,
    ]);
  }

  /** One tick of SERVICE. */
  protected serve(): void {
    const readings = this.readings;
    const orders = this.orders;
    const kind = this.work;
    orders.power = this.homed;
    orders.syringeNlPerMm = this.program[P.P_NL_PER_MM] as number;
    orders.readRing = 1;
    orders.readPusher = 1;
    orders.needleLook = LOOK_ENCODER;
    orders.plungerLook = LOOK_ENCODER;
    if (readings.pusherMn > this.peakMn) this.peakMn = readings.pusherMn;
    if (since(readings.nowMs, this.stateAtMs) > WORK_FOR_MS) {
      this.stopAsked = 1;
      return;
    }
    if (kind === BENCH_HOME) this.homeAll();
    else if (this.homed && (readings.needleCode || readings.plungerCode)) this.orders.trip = F.FAULT_BUS;
    else if (readings.pusherMn > FORCE_MOST_MN) this.orders.trip = F.FAULT_OCCLUSION;
    else if (kind === BENCH_PROBE) this.probeRing();
    else if (kind === BENCH_PRIME) this.primeAll();
    else if (kind === BENCH_TARE) {
      orders.cells = (this.work4[0] as number) & (TARE_RING | TARE_PUSHER);
      this.work = 0;
    } else if (kind) this.moveOne(kind);
  }

  private homeAll(): void {
    if (this.homing.step(this.readings, this.orders, this.log) === HOMING_DONE) {
      this.homed = 1;
      this.work = 0;
      this.fit();
    }
  }

  private probeRing(): void {
    const probing = this.probing;
    if (probing.step(this.readings, this.orders, HOME_REST_UM) === PROBE_DONE) {
      this.benchRingUm = probing.ringUm - this.calibration.offsetUm;
      this.outcome = probing.touchMn;
      this.orders.needleLimitUm = this.benchRingUm + TIP_MOST_UM;
      this.guard.bench(this.benchRingUm);
      this.work = 0;
    }
  }

  private primeAll(): void {
    const orders = this.orders;
    orders.lampRgb = LAMP_PRIME;
    const code = this.priming.step(this.readings, orders, this.program, this.treatment.dose);
    if (!code) return;
    this.work = 0;
    this.primed = code === PRIMING_DONE ? 1 : 0;
    this.outcome = code === PRIMING_DONE ? 0 : code;
    this.targetSteps = this.priming.endSteps;
    this.treatment.dose.startUp(this.calibration.startUpNl);
  }

  /** NEEDLE, SHOOT, PUSH: order, arrival, and what comes after. */
  private moveOne(kind: number): void {
    const readings = this.readings;
    const orders = this.orders;
    const dose = this.treatment.dose;
    const work4 = this.work4;
    const a = work4[0] as number;
    const b = work4[1] as number;
    const travelUm = work4[2] as number;
    if (!this.phase) {
      this.next();
      if (kind === BENCH_NEEDLE) {
        orders.moveNeedle(this.benchRingUm + a, b);
        return;
      }
      const shot = kind === BENCH_SHOOT;
      this.targetSteps = shot ? this.targetSteps + dose.doseStepsFor(a) : readings.plungerSteps + dose.stepsOfUm(travelUm);
      orders.movePlunger(this.targetSteps, shot ? b : (b * (this.program[P.P_NL_PER_MM] as number)) / 1000);
    } else if (this.phase === 1) {
      const stopped = kind === BENCH_PUSH && travelUm > 0 && readings.pusherMn >= a;
      if (stopped) orders.plunger = AXIS_STOP;
      else if (!((kind === BENCH_NEEDLE ? readings.needleFlags : readings.plungerFlags) & AXIS_ARRIVED)) return;
      if (kind === BENCH_PUSH) this.primed = 0;
      this.outcome = stopped ? 1 : 0;
      this.tookMs = since(readings.nowMs, this.phaseAtMs);
      this.next();
    } else if (since(readings.nowMs, this.phaseAtMs) >= (work4[3] as number)) {
      if (kind === BENCH_SHOOT && travelUm > 1) {
        work4[2] = travelUm - 1;
        this.phase = 0;
      } else this.work = 0;
    }
  }

  private next(): void {
    this.phase++;
    this.phaseAtMs = this.readings.nowMs;
  }

  /** Writes a record of the gun. The drivers go off first: asked while they were on, it refuses once (R31). Answers 0 or a refusal. */
  keep(type: number, words: Int32Array, count: number): number {
    const state = this.state;
    const readings = this.readings;
    if ((state !== S.IDLE && state !== S.SERVICE) || this.work || readings.needleUm > HOME_REST_UM + 100) return this.refuseState();
    if (this.homed) this.next();
    this.homed = 0;
    if (since(readings.nowMs, this.phaseAtMs) < OFF_FOR_MS) return this.limits.refuse(F.REFUSED_CAUSE, F.SET_BY_DEVICE, type);
    if (this.calibration.keep(type, words, count)) return this.limits.refuse(F.REFUSED_JOURNAL, F.SET_BY_DEVICE, type, count);
    this.programCount = 0;
    this.log.note(KIND_AUDIT, AUDIT_RECORD + type, 0, readings.nowMs, 0, count);
    return F.REFUSED_NONE;
  }
}
