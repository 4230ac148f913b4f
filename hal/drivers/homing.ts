// Finding home: quickly back to the switch, off it, slowly onto it, then the latched edge becomes the zero. One step a poll.
// Not responsible for whether it may move: the core homes outside tissue only. Runs on the gun.
// Source: TMC5240 datasheet 19-101625 Rev 1, "Reference switches", homing procedure.
import { AXIS_ARRIVED, AXIS_AT_HOME_SWITCH, DEVICE_BUS, DEVICE_TIMEOUT, OK } from '../devices.ts';
import { since } from '../units.ts';
import type { AtMs } from '../units.ts';
import type { RampProfile } from './ramp-profile.ts';
import {
  RAMP_CLEARABLE,
  RAMPMODE_HOLD,
  RAMPMODE_POSITION,
  REG_RAMP_STAT,
  REG_RAMPMODE,
  REG_SW_MODE,
  REG_XACTUAL,
  REG_XLATCH,
  REG_XTARGET,
  REG_X_ENC,
  SW_LATCH_L_ACTIVE,
  SW_STOP_L_ENABLE,
} from './tmc5240-registers.ts';
import type { Tmc5240 } from './tmc5240.ts';

/** What homing needs of its axis. */
export interface HomingAxis {
  readonly chip: Tmc5240;
  readonly profile: RampProfile;
  readonly flags: number;
  readonly positionSteps: number;
  /** A move without limits: 0 or DEVICE_BUS. */
  go(targetSteps: number, stepsPerS: number, nowMs: AtMs): number;
  halt(): number;
  /** Writes a setting, verified, and remembers it for the comparison later. */
  set(register: number, value: number): number;
  /** Enables the virtual stops about the new zero. */
  fence(): number;
}

export const HOMING_IDLE = 0;
const SEEK = 1;
const BACK = 2;
const APPROACH = 3;
const ZERO = 4;
const PARK = 5;
export const HOMING_DONE = 6;

export class Homing {
  /** HOMING_IDLE, HOMING_DONE, or a number between while it runs. */
  phase: number;
  /** Where the edge was found, by the counter as it stood before it was zeroed. */
  edgeSteps: number;
  private startedAtMs: AtMs;

  constructor() {
    this.phase = HOMING_IDLE;
    this.edgeSteps = 0;
    this.startedAtMs = 0 as AtMs;
  }

  /** Starts from wherever the axis stands; flags and position must be fresh. */
  begin(axis: HomingAxis, nowMs: AtMs): number {
    this.startedAtMs = nowMs;
    this.phase = HOMING_IDLE;
    return (
      axis.set(REG_SW_MODE, SW_STOP_L_ENABLE | SW_LATCH_L_ACTIVE) ||
      // A homing that failed half-way may have left the ramp in hold mode, at rest.
      axis.chip.writeVerified(REG_RAMPMODE, RAMPMODE_POSITION) ||
      (axis.flags & AXIS_AT_HOME_SWITCH ? this.back(axis, nowMs) : this.seek(axis, SEEK, nowMs))
    );
  }

  /** One poll's worth. 0 while all is well; ends in HOMING_DONE, or in HOMING_IDLE with a DEVICE_… code and the axis stopped. */
  step(axis: HomingAxis, nowMs: AtMs): number {
    const code = since(nowMs, this.startedAtMs) > axis.profile.homingForMs ? DEVICE_TIMEOUT : this.advance(axis, nowMs);
    if (code) {
      this.phase = HOMING_IDLE;
      axis.halt();
    }
    return code;
  }

  private advance(axis: HomingAxis, nowMs: AtMs): number {
    const arrived = axis.flags & AXIS_ARRIVED;
    const atSwitch = axis.flags & AXIS_AT_HOME_SWITCH;
    if (this.phase === SEEK || this.phase === APPROACH) {
      if (!atSwitch) return arrived ? DEVICE_TIMEOUT : OK;
      if (this.phase === SEEK) return this.back(axis, nowMs);
      this.phase = ZERO;
      return axis.halt();
    }
    if (this.phase === BACK) {
      if (!arrived) return OK;
      return atSwitch ? DEVICE_TIMEOUT : this.seek(axis, APPROACH, nowMs);
    }
    if (this.phase === ZERO) {
      const code = this.zero(axis);
      this.phase = PARK;
      return code || axis.go(0, axis.profile.approachStepsPerS, nowMs);
    }
    if (arrived) this.phase = HOMING_DONE;
    return OK;
  }

  /** Further than the whole travel when the place is unknown, thrice the back-off when the switch is near. */
  private seek(axis: HomingAxis, phase: number, nowMs: AtMs): number {
    const profile = axis.profile;
    this.phase = phase;
    if (phase === APPROACH) return axis.go(axis.positionSteps - 3 * profile.backOffSteps, profile.approachStepsPerS, nowMs);
    return axis.go(axis.positionSteps - profile.travelSteps - 3 * profile.backOffSteps, profile.homingStepsPerS, nowMs);
  }

  private back(axis: HomingAxis, nowMs: AtMs): number {
    this.phase = BACK;
    return axis.go(axis.positionSteps + axis.profile.backOffSteps, axis.profile.homingStepsPerS, nowMs);
  }

  /** The axis stands on the switch. The counter is moved so that the latched edge reads `insideSteps`. */
  private zero(axis: HomingAxis): number {
    const chip = axis.chip;
    const profile = axis.profile;
    let code = chip.writeVerified(REG_RAMPMODE, RAMPMODE_HOLD) || chip.readSteady(REG_XLATCH, 0);
    this.edgeSteps = chip.answer;
    code = code || chip.readSteady(REG_XACTUAL, axis.positionSteps);
    // A latch left over from here would pass for the edge of the next return.
    chip.write(REG_RAMP_STAT, RAMP_CLEARABLE);
    const pastSteps = this.edgeSteps - chip.answer;
    // The stop is abrupt, so an edge further off than the back-off was never latched in this approach.
    if (pastSteps < -profile.backOffSteps || pastSteps > profile.backOffSteps) code = code || DEVICE_BUS;
    const atSteps = profile.insideSteps - pastSteps;
    return (
      code ||
      chip.writeVerified(REG_XACTUAL, atSteps) ||
      chip.writeVerified(REG_XTARGET, atSteps) ||
      (profile.deviationSteps > 0 ? chip.writeVerified(REG_X_ENC, atSteps) : OK) ||
      axis.fence() ||
      chip.writeVerified(REG_RAMPMODE, RAMPMODE_POSITION)
    );
  }
}
