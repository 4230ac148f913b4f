// The needle: micrometres from home on a TMC5240 with a motor encoder on its encoder input. Runs on the gun.
// Not responsible for tissue: what depth is right, and when, is the core's business.
import type { Stepper } from '../devices.ts';
import type { SpiDevice } from '../io.ts';
import { divRound } from '../units.ts';
import type { AtMs, Um } from '../units.ts';
import { RampAxis } from './ramp-axis.ts';
import type { RampProfile } from './ramp-profile.ts';
import { RESET_ENC_CONST } from './tmc5240-registers.ts';

/** 200 full steps a turn, 16 microsteps, lead 4 mm: 800 microsteps a millimetre, 4 in 5 µm. */
export const NEEDLE_STEPS_PER_MM = 800;
/** Chosen: encoder of 800 lines on the motor shaft, 4 counts a line: one count a microstep. */
export const NEEDLE_ENCODER_COUNTS_PER_MM = 800;
/** The switch edge lies here; position 0 is behind it, where the switch is surely closed. */
export const NEEDLE_HOME_EDGE_UM = 50;
/** Chosen: 3 mm to the ring plane and 12 mm beyond it, 1 mm of margin; the carriage's end stop lies further. */
export const NEEDLE_TRAVEL_UM = 16000;

export const stepsOfUm = (um: number): number => divRound(um * 4, 5);
export const umOfSteps = (steps: number): number => divRound(steps * 5, 4);

// Chosen: 5 m/s², 120 mm/s: 4 mm in 57 ms, within the torque of a NEMA 11 at this lead. VSTOP 1 mm/s: the last microstep takes 1.25 ms.
// R03: deviation limit 0.1 mm. Homing 20 mm/s, 5 mm/s onto the switch, 1 mm off it.
const NEEDLE: RampProfile = {
  mres: 4,
  accelerationStepsPerS2: 4000000,
  maxStepsPerS: 96000,
  stopStepsPerS: 800,
  encoderConst: RESET_ENC_CONST,
  deviationSteps: 80,
  travelSteps: 12800,
  insideSteps: 40,
  behindSteps: 160,
  homingStepsPerS: 16000,
  approachStepsPerS: 4000,
  backOffSteps: 800,
  homingForMs: 5000,
  springs: 1,
};

export class NeedleAxis extends RampAxis implements Stepper {
  constructor(spi: SpiDevice) {
    super(spi, NEEDLE);
  }

  positionUm(): number {
    return umOfSteps(this.positionSteps);
  }

  homeErrorUm(): number {
    return umOfSteps(this.edgeErrorSteps);
  }

  /** 1…16000 µm; DEVICE_LIMIT otherwise. Set before homing it takes effect with the first zero; init() forgets it. */
  limit(maxUm: Um): number {
    return this.limitAt(stepsOfUm(maxUm));
  }

  /** From −200 µm (behind home) to the limit, 1…120 000 µm/s. */
  moveTo(targetUm: Um, speedUmPerS: number, nowMs: AtMs): number {
    return this.start(stepsOfUm(targetUm), (speedUmPerS * 4) / 5, nowMs);
  }
}
