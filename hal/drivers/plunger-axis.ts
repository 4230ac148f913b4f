// The plunger: volumes as microsteps on a TMC5240 whose encoder input counts the travel wheel. Runs on the gun.
// Not responsible for compliance, priming or the direction of a move (R48): the core and the supervisor are.
import { DEVICE_LIMIT } from '../devices.ts';
import type { Plunger } from '../devices.ts';
import type { SpiDevice } from '../io.ts';
import { divRound } from '../units.ts';
import type { AtMs } from '../units.ts';
import { RampAxis } from './ramp-axis.ts';
import type { RampProfile } from './ramp-profile.ts';
import { RESET_ENC_CONST } from './tmc5240-registers.ts';

/** 200 full steps a turn, 256 microsteps, lead 1 mm. */
export const PLUNGER_STEPS_PER_MM = 51200;
/** Chosen: contact wheel with 100 counts a millimetre over the skin. */
export const WHEEL_NM_PER_COUNT = 10000;

// Chosen: 6 mm/s and 300 mm/s²: 100 µL/s from a 1 mL syringe (5.8 mm/s) is reached in 19 ms. 60 mm of travel hold every syringe
// of 1 to 10 mL. VSTOP 0.03 mm/s. Homing 5 mm/s, 1 mm/s onto the switch, 0.5 mm off it; 60 mm take 12 s.
const PLUNGER: RampProfile = {
  mres: 0,
  accelerationStepsPerS2: 15360000,
  maxStepsPerS: 307200,
  stopStepsPerS: 1536,
  encoderConst: RESET_ENC_CONST,
  deviationSteps: 0,
  travelSteps: 3072000,
  insideSteps: 1024,
  behindSteps: 10240,
  homingStepsPerS: 256000,
  approachStepsPerS: 51200,
  backOffSteps: 25600,
  homingForMs: 20000,
  springs: 0,
};

export class PlungerAxis extends RampAxis implements Plunger {
  readonly stepsPerMm: number;
  wheelNm: number;
  private syringeNlPerMm: number;

  constructor(spi: SpiDevice) {
    super(spi, PLUNGER);
    this.stepsPerMm = PLUNGER_STEPS_PER_MM;
    this.wheelNm = WHEEL_NM_PER_COUNT;
    this.syringeNlPerMm = 0;
  }

  wheelUm(): number {
    return divRound(this.encoderSteps * this.wheelNm, 1000);
  }

  load(nlPerMm: number): void {
    this.syringeNlPerMm = nlPerMm;
  }

  /** Additive to the interface: the far virtual stop, 1…3 072 000 steps. */
  limit(maxSteps: number): number {
    return this.limitAt(maxSteps);
  }

  /** Refuses without a syringe, above 6 mm/s, and outside −0.2 mm…limit (DEVICE_LIMIT). */
  moveTo(targetSteps: number, rateNlPerS: number, nowMs: AtMs): number {
    if (this.syringeNlPerMm <= 0) return DEVICE_LIMIT;
    return this.start(targetSteps, (rateNlPerS * PLUNGER_STEPS_PER_MM) / this.syringeNlPerMm, nowMs);
  }
}
