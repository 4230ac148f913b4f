// The second pair of eyes: sees only what went over the buses, raw switches and the clock, keeps its own limits in
// microsteps, runs first in every tick, alone feeds the enable chain, and on any breach brings the gun to its safe state
// by itself (safe-state.ts). Knows no sequencer state and shares no variable with it (R08, R13, R22, R23, R31, R48).
import {
  TAP_RAMPMODE_WRITTEN,
  TAP_READ_ERRORS,
  TAP_STATUS,
  TAP_X_ENC_READ,
  TAP_XACTUAL_READ,
  TAP_XTARGET_WRITTEN,
} from '../../hal/drivers/tap.ts';
import { RAMPMODE_HOLD, RAMPMODE_POSITION, SPI_DRIVER_ERROR, SPI_RESET_FLAG } from '../../hal/drivers/tmc5240-registers.ts';
import { since } from '../../hal/units.ts';
import type { AtMs } from '../../hal/units.ts';
import * as F from './faults.ts';
import * as P from './program.ts';
import { SafeState, type SafeAxis } from './safe-state.ts';

// Needle: 800 microsteps a millimetre; plunger: 51 200. Source: hal/drivers needle and plunger profiles.
const NEEDLE_PER_MM = 800;
const PLUNGER_PER_MM = 51200;
/** Ramp counter beyond target, or encoder beyond ramp: 0.1 mm. */
const DEVIATION = 80;
/** No programme loaded: home, probe, nothing deeper than 4.3 mm from home (ring plane 3 mm, its tolerance and the cap). */
const PROBE_LIMIT = 3440;
/** Homing from the far end of the mechanics, 15 mm, needs no more than this: 17 mm back without a switch is a dead switch. */
const FURTHEST_BACK = -13600;
/** Tip within 0.2 mm of the ring plane counts as in. */
const NEAR_RING = 160;
/** Plunger backlash of rounding and of the chip's own last step. */
const SLACK = 4;
/** Off its rod the plunger may back off its switch by this much: 1.2 mm. */
const OFF_SWITCH = 61440;
/** Tip beyond the ring plane on the bench, 12 mm, with 0.1 mm for the screw and the chip's own stop. */
const BENCH_REACH = 9680;
const CONTACT_LOST_FOR_MS = 60;
const PRICK_INTERVAL_MS = 150;
/** Doubted replies within one tick that mean a dead bus. */
const ERRORS_A_TICK = 3;

/** What it may look at besides the buses: raw levels, and whether an INTENT is durable without its RESULT. */
export class RawInputs {
  contact = 0;
  trigger = 0;
  /** Service switch; looked at in SERVICE only. */
  service = 0;
  intentOpen = 0;
}

export class Supervisor {
  /** FAULT_… that tripped it; latched until clear(). */
  fault = F.FAULT_NONE;
  /** Needle entries seen since the programme was loaded. */
  entryCount = 0;
  /** Late ticks counted (more than 2 × tickMs). */
  lateTicks = 0;
  private readonly needleTap: Int32Array;
  private readonly plungerTap: Int32Array;
  private readonly state: SafeState;
  private readonly tickMs: number;
  private lastMs = 0 as AtMs;
  private started = 0;
  private powered = 0;
  private tipLimit = PROBE_LIMIT;
  private ringAt = PROBE_LIMIT;
  private strokeBound = 0;
  private insideLimitMs = 0;
  private inside = 0;
  private entryAtMs = 0 as AtMs;
  private plungerAtEntry = 0;
  private highWater = 0;
  private rodded = 0;
  private lastPlunger = 0;
  private contactAtMs = 0 as AtMs;
  private deviations = 0;
  private errorsSeen = 0;
  /** 1 in SERVICE. */
  private benched = 0;
  private out = 0;

  constructor(needle: SafeAxis, plunger: SafeAxis, releaseRing: () => void, tickMs: number) {
    this.needleTap = needle.tap;
    this.plungerTap = plunger.tap;
    this.state = new SafeState(needle, plunger, releaseRing);
    this.tickMs = tickMs;
  }

  get safe(): number {
    return this.fault && !this.state.running ? 1 : 0;
  }

  /** Takes the limits of a programme that was probed to `ringUm`, in its own units and by its own sums. */
  load(program: Int32Array, ringUm: number, screwSteps: number): void {
    const doseNl = program[P.P_DOSE_NL] as number;
    const perMpaNl = program[P.P_COMPLIANCE_NL_PER_MPA] as number;
    const atMostNl = doseNl > 8000 ? doseNl / 4 : 2000;
    const at40kPaNl = perMpaNl / 25;
    const heldNl = at40kPaNl < atMostNl ? at40kPaNl : atMostNl;
    const refluxNl = program[P.P_REFLUX_NL] as number;
    const backNl = refluxNl < atMostNl ? refluxNl : atMostNl;
    const boundNl = doseNl + heldNl + backNl + doseNl / 50 + 200;
    this.ringAt = ((ringUm * NEEDLE_PER_MM) / 1000) | 0;
    this.tipLimit = (((ringUm + (program[P.P_TIP_UM] as number)) * NEEDLE_PER_MM) / 1000 + DEVIATION) | 0;
    // The screw's own error is taken back by as much travel, at either end.
    this.strokeBound = ((boundNl * PLUNGER_PER_MM) / (program[P.P_NL_PER_MM] as number) + 2 * screwSteps) | 0;
    this.insideLimitMs = this.longestInside(program);
    this.entryCount = 0;
    this.rodded = 0;
  }

  /** Time that doses, dwells and partial withdrawals take, five time constants of lag a dose, plus 2 s for ramps and ticks. */
  private longestInside(program: Int32Array): number {
    const paMsPerNl = (program[P.P_NEEDLE_PA_MS_PER_NL] as number) + (program[P.P_TISSUE_PA_MS_PER_NL] as number);
    const lagMs = (5 * paMsPerNl * (program[P.P_COMPLIANCE_NL_PER_MPA] as number)) / 1000000;
    let sumMs = 2000;
    const end = P.P_STEPS + (program[P.P_STEP_COUNT] as number) * P.STEP_WORDS;
    for (let at = P.P_STEPS; at < end; at += P.STEP_WORDS) {
      const a = program[at + 1] as number;
      const b = program[at + 2] as number;
      if (program[at] === P.STEP_DOSE) sumMs += (a * 1000) / b + lagMs;
      else if (program[at] === P.STEP_DWELL) sumMs += a;
      else if (program[at] === P.STEP_WITHDRAW) sumMs += (12000 * 1000) / b + lagMs;
    }
    return sumMs | 0;
  }

  /** No programme any more: homing and probing limits hold until the next load(). */
  unload(): void {
    this.benched = 0;
    this.out = 0;
    this.tipLimit = PROBE_LIMIT;
    this.ringAt = PROBE_LIMIT;
    this.inside = 0;
    this.rodded = 0;
  }

  /** SERVICE, the ring plane probed at `ringUm` from home, 0 = not yet: 12 mm beyond it at most, over nobody (ring free). */
  bench(ringUm: number): void {
    this.unload();
    this.benched = 1;
    if (!ringUm) return;
    this.ringAt = ((ringUm * NEEDLE_PER_MM) / 1000) | 0;
    this.tipLimit = this.ringAt + BENCH_REACH;
  }

  clear(): void {
    this.unload();
    this.fault = F.FAULT_NONE;
    this.powered = 0;
    this.started = 0;
  }

  /** The gun is brought to its safe state for this reason. Idempotent: the first fault stands. */
  trip(fault: number, nowMs: AtMs): void {
    if (this.fault) return;
    this.fault = fault;
    // Drivers that are off stay off: the spring has the needle home already.
    if (!this.powered) return;
    // A plunger that met its rod may hold pressure: it is relieved once the needle is home (at most 10 µL).
    this.state.begin(nowMs, this.rodded);
    this.state.step(nowMs);
  }

  /** First in every tick, after the reads. `power` = the session wants the drivers on. Returns 1 when the chain is to be fed. */
  step(nowMs: AtMs, raw: RawInputs, power: number): number {
    if (this.fault) return this.state.step(nowMs);
    if (!this.started) {
      this.started = 1;
      this.lastMs = nowMs;
      this.contactAtMs = nowMs;
      this.errorsSeen = (this.needleTap[TAP_READ_ERRORS] as number) + (this.plungerTap[TAP_READ_ERRORS] as number);
    }
    const forMs = since(nowMs, this.lastMs);
    this.lastMs = nowMs;
    if (forMs > 2 * this.tickMs) this.lateTicks++;
    if (raw.contact) this.contactAtMs = nowMs;
    if (!power || !this.powered) {
      this.powered = power;
      this.lastPlunger = this.plungerTap[TAP_XACTUAL_READ] as number;
      return power;
    }
    const wasInside = this.inside;
    const fault = this.judgeChips() || this.judgeNeedle(nowMs, raw, forMs) || this.judgePlunger(raw, wasInside);
    if (!fault) return 1;
    this.trip(fault, nowMs);
    return this.state.running;
  }

  /** Chips alive, not reset, no driver error, no forbidden ramp mode. */
  private judgeChips(): number {
    const needle = this.needleTap;
    const plunger = this.plungerTap;
    const errors = (needle[TAP_READ_ERRORS] as number) + (plunger[TAP_READ_ERRORS] as number);
    if (errors !== this.errorsSeen) {
      const fresh = errors - this.errorsSeen;
      this.errorsSeen = errors;
      if (fresh >= ERRORS_A_TICK) return F.FAULT_BUS;
      if (fresh > 0) return F.FAULT_NONE; // a doubted reply proves nothing else
    }
    const status = (needle[TAP_STATUS] as number) | (plunger[TAP_STATUS] as number);
    if (status & (SPI_RESET_FLAG | SPI_DRIVER_ERROR)) return status & SPI_RESET_FLAG ? F.FAULT_CHIP_RESET : F.FAULT_CHIP_ERROR;
    const mode = needle[TAP_RAMPMODE_WRITTEN] as number;
    return mode !== RAMPMODE_POSITION && mode !== RAMPMODE_HOLD ? F.FAULT_NEEDLE_DEEP : F.FAULT_NONE;
  }

  private judgeNeedle(nowMs: AtMs, raw: RawInputs, forMs: number): number {
    const tap = this.needleTap;
    const at = tap[TAP_XACTUAL_READ] as number;
    const target = tap[TAP_XTARGET_WRITTEN] as number;
    const limit = this.tipLimit;
    if (at > limit || target > limit || (tap[TAP_X_ENC_READ] as number) > limit + DEVIATION) return F.FAULT_NEEDLE_DEEP;
    if (at < FURTHEST_BACK) return F.FAULT_NEEDLE_NOT_HOME;
    const ringAt = this.ringAt;
    const inside = at > ringAt - NEAR_RING && ringAt !== PROBE_LIMIT;
    if (this.benched) {
      this.out = inside ? 1 : 0;
      // Nobody may be under a needle that is out on the bench.
      if (inside) return raw.contact ? F.FAULT_BENCH : F.FAULT_NONE;
    }
    if (!inside) {
      this.inside = 0;
      return F.FAULT_NONE;
    }
    if (!this.inside) {
      const early = this.entryCount > 0 && since(nowMs, this.entryAtMs) < PRICK_INTERVAL_MS;
      this.inside = 1;
      this.entryAtMs = nowMs;
      this.entryCount++;
      // From here on nothing goes back; what was taken back at home and not given back is the gun's to leave.
      this.plungerAtEntry = this.plungerTap[TAP_XACTUAL_READ] as number;
      this.highWater = this.plungerAtEntry;
      if (early || !raw.intentOpen) return F.FAULT_NO_PERMIT;
    }
    if (forMs > 3 * this.tickMs) return F.FAULT_LATE_TICK;
    if (since(nowMs, this.entryAtMs) > this.insideLimitMs) return F.FAULT_NEEDLE_IN_LONG;
    if (raw.contact || target <= ringAt - NEAR_RING) return F.FAULT_NONE;
    return since(nowMs, this.contactAtMs) > CONTACT_LOST_FOR_MS ? F.FAULT_CONTACT : F.FAULT_NONE;
  }

  /** `wasInside`: at the look before. What moved between two looks, at the second of which the needle is out, moved while it was in. */
  private judgePlunger(raw: RawInputs, wasInside: number): number {
    const tap = this.plungerTap;
    const at = tap[TAP_XACTUAL_READ] as number;
    const target = tap[TAP_XTARGET_WRITTEN] as number;
    const moved = at - this.lastPlunger;
    if (moved) this.lastPlunger = at;
    if (this.inside || wasInside) return this.judgePush(at, target, moved, raw);
    if (at < OFF_SWITCH) {
      this.rodded = 0;
      this.highWater = at;
      return F.FAULT_NONE;
    }
    const high = this.highWater;
    if (moved > SLACK) {
      // Into the air: by the operator's finger, or on the bench by the service switch with the needle home.
      if ((this.benched ? raw.service && !this.out : raw.trigger) && !raw.contact) this.rodded = 1;
      else if (at > high + SLACK && target > high + SLACK) return F.FAULT_PLUNGER_IN_AIR;
    }
    if (at > high) this.highWater = at;
    return F.FAULT_NONE;
  }

  /** Needle in: forward only, within the bound, in contact, at depth, with an INTENT durable. */
  private judgePush(at: number, target: number, moved: number, raw: RawInputs): number {
    const high = this.highWater;
    const entry = this.plungerAtEntry;
    // A counter at exactly 0, far from home, is a chip out of reset; its flag comes one datagram later.
    if (!at && high > OFF_SWITCH) return F.FAULT_CHIP_RESET;
    if (target < entry - SLACK || at < high - SLACK) return F.FAULT_PLUNGER_REVERSE;
    if (at > high) this.highWater = at;
    const bound = entry + this.strokeBound + SLACK;
    if (at > bound || target > bound) return F.FAULT_PLUNGER_TRAVEL;
    if (moved <= SLACK) {
      this.deviations = 0;
      return F.FAULT_NONE;
    }
    if (!raw.intentOpen) return F.FAULT_NO_PERMIT;
    const error = (this.needleTap[TAP_X_ENC_READ] as number) - (this.needleTap[TAP_XACTUAL_READ] as number);
    this.deviations = error > DEVIATION || error < -DEVIATION ? this.deviations + 1 : 0;
    return this.deviations > 1 ? F.FAULT_NEEDLE_STEPS : F.FAULT_NONE;
  }
}
