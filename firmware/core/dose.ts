// From nanolitres to plunger microsteps: dose, what compliance holds back, and the wait until it has flowed.
// Rounding is carried over, so that any number of doses sums to within one microstep. Integer only.
// Source: lumped model C dp/dt = Q − q with Poiseuille needle, time constant τ = (R + Rt)·C.
import { divRound } from '../../hal/units.ts';
import * as P from './program.ts';

/** No programme may ask for more compensation than pressure × compliance at this pressure. Chosen: twice the highest intradermal opening pressure (Gupta 2011, PMC3143217). */
const COMPENSATION_PRESSURE_PA = 40000;

/** No part of the compensation may be more of a dose than this: max(25 %, 2 µL), nL. */
export function shareBoundNl(doseNl: number): number {
  return doseNl > 8000 ? doseNl >> 2 : 2000;
}

/** The most that may be added for back pressure: min(C·40 kPa, max(25 % of the dose, 2 µL)), nL. */
export function compensationBoundNl(program: Int32Array): number {
  const byPressureNl = divRound((program[P.P_COMPLIANCE_NL_PER_MPA] as number) * COMPENSATION_PRESSURE_PA, 1000000);
  const byDoseNl = shareBoundNl(program[P.P_DOSE_NL] as number);
  return byPressureNl < byDoseNl ? byPressureNl : byDoseNl;
}

/** 1000·ln(ratio/1000), rounded up by at most 60; 0 for ratios up to 1. By octaves and a chord lifted to its tangent. */
export function lnMilli(ratioMilli: number): number {
  if (ratioMilli <= 1000) return 0;
  let octaves = 0;
  let restMilli = ratioMilli;
  while (restMilli >= 2000) {
    restMilli = (restMilli + 1) >> 1;
    octaves++;
  }
  // log2(1 + f) ≤ f + 0.0861; ln 2 = 0.6931
  return divRound((octaves * 1000 + restMilli - 1000 + 86) * 6931, 10000);
}

/** Time constant of the fluid path, needle and tissue against compliance, µs. */
function tauUs(program: Int32Array): number {
  const paMsPerNl = (program[P.P_NEEDLE_PA_MS_PER_NL] as number) + (program[P.P_TISSUE_PA_MS_PER_NL] as number);
  return divRound(paMsPerNl * (program[P.P_COMPLIANCE_NL_PER_MPA] as number), 1000);
}

/** How long to wait after `volumeNl` at `rateNlPerS` until no more than the residual is still to come, ms. */
export function lagForMs(program: Int32Array, volumeNl: number, rateNlPerS: number): number {
  const tau = tauUs(program);
  const lateNl = divRound(rateNlPerS * tau, 1000000);
  const storedNl = lateNl < volumeNl ? lateNl : volumeNl;
  const residualNl = program[P.P_RESIDUAL_NL] as number;
  return divRound(tau * lnMilli(divRound(storedNl * 1000, residualNl)), 1000000) + (storedNl > residualNl ? 1 : 0);
}

/** Pressure in the barrel while `rateNlPerS` flows into the layer, Pa. */
export function dosingPa(program: Int32Array, rateNlPerS: number): number {
  const paMsPerNl = (program[P.P_NEEDLE_PA_MS_PER_NL] as number) + (program[P.P_TISSUE_PA_MS_PER_NL] as number);
  return (program[P.P_BACK_PA] as number) + divRound(rateNlPerS * paMsPerNl, 1000);
}

/** Force of that pressure on the stopper, mN: area = nlPerMm / 1000 mm². */
export function flowMn(program: Int32Array, rateNlPerS: number): number {
  return divRound(dosingPa(program, rateNlPerS) * (program[P.P_NL_PER_MM] as number), 1000000);
}

/** What the syringe holds at the layer's back pressure, nL. A stopper that this pressure does not break loose keeps the rod's share to itself. */
export function heldNl(program: Int32Array): number {
  const nlPerMm = program[P.P_NL_PER_MM] as number;
  const sticks = flowMn(program, 0) < (program[P.P_BREAK_LOOSE_MN] as number) - (program[P.P_GLIDE_MN] as number);
  const rodNlPerMpa = sticks ? divRound(nlPerMm * nlPerMm, program[P.P_ROD_MN_PER_MM] as number) : 0;
  const nlPerMpa = (program[P.P_COMPLIANCE_NL_PER_MPA] as number) - rodNlPerMpa;
  return nlPerMpa > 0 ? divRound(nlPerMpa * (program[P.P_BACK_PA] as number), 1000000) : 0;
}

/** What is pushed beyond the dose: what the syringe holds, and what will come back through the track, nL. */
export function compensationNl(program: Int32Array): number {
  return heldNl(program) + (program[P.P_REFLUX_NL] as number);
}

/** What compliance holds `forMs` after the needle began to leave, nL; never more than it does: 1 − t/τ lies below exp(−t/τ). */
export function stillHeldNl(program: Int32Array, forMs: number): number {
  const tau = tauUs(program);
  const leftUs = tau - forMs * 1000;
  return leftUs > 0 ? divRound(heldNl(program) * leftUs, tau) : 0;
}

/** What of that force is the flow's own and goes with it: so much a push of this volume has raised at its end. T/(T + τ) is never above 1 − exp(−T/τ). */
export function flowPartMn(program: Int32Array, volumeNl: number, rateNlPerS: number): number {
  const lateNl = divRound(rateNlPerS * tauUs(program), 1000000);
  return divRound((flowMn(program, rateNlPerS) - flowMn(program, 0)) * volumeNl, volumeNl + lateNl);
}

/** Force on the plunger at that pressure, glide friction included, mN. */
export function dosingMn(program: Int32Array, rateNlPerS: number): number {
  return (program[P.P_GLIDE_MN] as number) + flowMn(program, rateNlPerS);
}

const DOSE = 0;
const COMPENSATION = 1;

/** Volumes of one session in microsteps, remainders carried; and what is left in the syringe. */
export class Dose {
  /** Net of compensation and give-back, all since the session began, nL asked and microsteps sent. */
  commandedNl = 0;
  netSteps = 0;
  compensationNl = 0;
  remainingNl = 0;
  /** Microsteps of the prick that runs: dose and compensation. */
  doseSteps = 0;
  compensationSteps = 0;
  /** Play taken back by DECOMPRESS, to be given back before the next insertion, microsteps. */
  takenBackSteps = 0;
  /** Force of flows that did not come, summed over pricks (stroke.ts), mN. */
  lackMn = 0;
  private nlPerMm = 1;
  private stepsPerMm = 1;
  /** Of DOSE and COMPENSATION: what was too little for a microstep. */
  private readonly carry = [0, 0];

  begin(program: Int32Array, stepsPerMm: number): void {
    this.commandedNl = 0;
    this.netSteps = 0;
    this.compensationNl = 0;
    this.takenBackSteps = 0;
    this.lackMn = 0;
    this.carry[DOSE] = 0;
    this.carry[COMPENSATION] = 0;
    this.nlPerMm = program[P.P_NL_PER_MM] as number;
    this.stepsPerMm = stepsPerMm;
    this.remainingNl = program[P.P_FILL_NL] as number;
  }

  /** A new syringe of the same kind; the carried remainders belong to the session and stay. */
  reload(fillNl: number): void {
    this.remainingNl = fillNl;
    this.takenBackSteps = 0;
  }

  /** The next dose is so much larger: what the first one after priming lacks, nL. */
  startUp(volumeNl: number): void {
    this.carry[DOSE] = (this.carry[DOSE] as number) + volumeNl * this.stepsPerMm;
  }

  /** Microsteps for a dose volume; the remainder waits for the next. */
  doseStepsFor(volumeNl: number): number {
    return this.carried(DOSE, volumeNl);
  }

  compensationStepsFor(volumeNl: number): number {
    return this.carried(COMPENSATION, volumeNl);
  }

  private carried(what: number, volumeNl: number): number {
    const total = volumeNl * this.stepsPerMm + (this.carry[what] as number);
    const steps = (total / this.nlPerMm) | 0;
    this.carry[what] = total - steps * this.nlPerMm;
    return steps;
  }

  /** Microsteps for a length of plunger travel, rounded. */
  stepsOfUm(lengthUm: number): number {
    return divRound(lengthUm * this.stepsPerMm, 1000);
  }

  nlOf(steps: number): number {
    return divRound(steps * this.nlPerMm, this.stepsPerMm);
  }

  /** Microsteps without carrying: priming, give-back. */
  stepsOf(volumeNl: number): number {
    return divRound(volumeNl * this.stepsPerMm, this.nlPerMm);
  }
}
