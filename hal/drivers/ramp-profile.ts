// What differs between the two axes: mechanics, speeds and homing, in microsteps; and the register values that follow from it.
// Not responsible for writing them. Runs on the gun. Source of formulas: TMC5240 datasheet 19-101625 Rev 1, unit conversion table.
import { divRound } from '../units.ts';
import {
  ACCELERATION_SCALE,
  CHOPCONF_MRES_SHIFT,
  IHOLDDELAY_SHIFT,
  IHOLD_SHIFT,
  IRUNDELAY_SHIFT,
  IRUN_SHIFT,
  RAMPMODE_POSITION,
  REG_A1,
  REG_A2,
  REG_AMAX,
  REG_CHOPCONF,
  REG_D1,
  REG_D2,
  REG_DMAX,
  REG_DRV_CONF,
  REG_ENCMODE,
  REG_ENC_CONST,
  REG_ENC_DEVIATION,
  REG_GCONF,
  REG_GLOBAL_SCALER,
  REG_IHOLD_IRUN,
  REG_RAMPMODE,
  REG_SW_MODE,
  REG_TPOWERDOWN,
  REG_TVMAX,
  REG_TZEROWAIT,
  REG_V1,
  REG_V2,
  REG_VIRTUAL_STOP_L,
  REG_VIRTUAL_STOP_R,
  REG_VMAX,
  REG_VSTART,
  REG_VSTOP,
  RESET_CHOPCONF,
  SW_LATCH_L_ACTIVE,
  VELOCITY_SCALE,
} from './tmc5240-registers.ts';

/** Mechanics of one axis. Steps are microsteps; position 0 is home, `insideSteps` behind the edge at which the home switch closes. */
export interface RampProfile {
  /** CHOPCONF.MRES: 0 = 256 microsteps a full step, 4 = 16. */
  mres: number;
  accelerationStepsPerS2: number;
  /** Highest speed a move may ask for. */
  maxStepsPerS: number;
  /** Speed of the last microstep. */
  stopStepsPerS: number;
  /** ENC_CONST as s16.16: X_ENC units a count. */
  encoderConst: number;
  /** ENC_DEVIATION and the AXIS_DEVIATION flag; 0 = the encoder measures something else than this motor. */
  deviationSteps: number;
  /** Longest travel of the mechanics from home: default and upper bound of the virtual stop. */
  travelSteps: number;
  /** Home lies this far behind the switch edge, so that the switch is surely closed there. */
  insideSteps: number;
  /** Virtual stop behind home. */
  behindSteps: number;
  homingStepsPerS: number;
  approachStepsPerS: number;
  backOffSteps: number;
  homingForMs: number;
  /** 1 = a spring moves it when it has no current. */
  springs: number;
}

/** Internal oscillator of the ramp chips. Source: TMC5240 datasheet Rev 1, 12.5 MHz typical. */
export const RAMP_CLOCK_HZ = 12500000;

/** VMAX for a speed: V = v·2^24/fCLK, at least 1. */
export const velocityOf = (stepsPerS: number): number => {
  const velocity = divRound(stepsPerS * VELOCITY_SCALE, RAMP_CLOCK_HZ);
  return velocity < 1 ? 1 : velocity;
};

/** AMAX for an acceleration: A = a·2^41/fCLK². */
const accelerationOf = (stepsPerS2: number): number => Math.round((stepsPerS2 * (ACCELERATION_SCALE / RAMP_CLOCK_HZ)) / RAMP_CLOCK_HZ);

// Chosen: full run current (1 A peak range of the chip at 12 kΩ), a third at rest, reached in 21 ms steps.
const CURRENT = (4 << IRUNDELAY_SHIFT) | (1 << IHOLDDELAY_SHIFT) | (31 << IRUN_SHIFT) | (10 << IHOLD_SHIFT);
/** Chosen: TOFF 3 with the chip's own chopper defaults. */
const TOFF_ON = 3;

/** CHOPCONF with the power stage on, still gated by DRV_ENN. */
export const chopperOf = (profile: RampProfile): number => RESET_CHOPCONF | (profile.mres << CHOPCONF_MRES_SHIFT) | TOFF_ON;

/** Pairs before this index of the settings change with every move; those from here on must stay as they are. */
export const FIRST_STEADY_SETTING = 4;

/**
 * Every register of a profile as pairs (register, value), in the order of writing: standstill first, power stage last.
 * VSTART stays 0, so VMAX = 0 alone stops; V1 = V2 = 0 switches the lower ramp phases off, D1 and D2 must not be 0 even then.
 */
export const settingsOf = (profile: RampProfile): number[] => {
  const acceleration = accelerationOf(profile.accelerationStepsPerS2);
  // prettier-ignore
  return [
    REG_VMAX, 0, REG_RAMPMODE, RAMPMODE_POSITION,
    REG_VSTART, 0, REG_GCONF, 0, REG_DRV_CONF, 0, REG_GLOBAL_SCALER, 0, REG_IHOLD_IRUN, CURRENT, REG_TPOWERDOWN, 10,
    REG_A1, acceleration, REG_V1, 0, REG_A2, acceleration, REG_V2, 0, REG_AMAX, acceleration,
    REG_DMAX, acceleration, REG_D1, acceleration, REG_D2, acceleration, REG_TVMAX, 0,
    REG_VSTOP, velocityOf(profile.stopStepsPerS), REG_TZEROWAIT, 0,
    REG_VIRTUAL_STOP_L, -profile.behindSteps, REG_VIRTUAL_STOP_R, profile.travelSteps, REG_SW_MODE, SW_LATCH_L_ACTIVE,
    REG_ENCMODE, 0, REG_ENC_CONST, profile.encoderConst, REG_ENC_DEVIATION, profile.deviationSteps,
    REG_CHOPCONF, chopperOf(profile),
  ];
};
