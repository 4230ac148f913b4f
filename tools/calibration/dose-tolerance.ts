// ISO 11608-1 style verdict on a dose: does mean ± k·s of the weighed doses lie within the limits? Runs at the desk.
// Source: ISO 11608-1, accuracy requirements: two-sided tolerance interval for V below and above the transition point
// TP = 100·step/α. No standard sets limits for 2 to 200 µL of an injector like this: Chosen step 1 µL, α 5 %.
// Not responsible for k (campaign/tolerance.ts).
import { toleranceFactor } from '../campaign/tolerance.ts';
import { sampleOf } from './sample.ts';

/** Share of all doses that must lie within the limits, and with what confidence. Source: ISO 11608-1, 97.5 % and 95 %. */
export const SHARE = 0.975;
export const CONFIDENCE = 0.95;
/** Chosen: the gun's dose increment, and the relative limit of ISO 11608-1. */
export const STEP_NL = 1000;
export const RELATIVE = 0.05;

/** Widest error allowed at a dose, nL: one step below the transition point, 5 % above it. */
export const doseLimitNl = (doseNl: number, stepNl = STEP_NL, relative = RELATIVE): number => Math.max(stepNl, relative * doseNl);

export interface ToleranceVerdict {
  readonly doseNl: number;
  readonly count: number;
  readonly meanNl: number;
  readonly sdNl: number;
  readonly biasPercent: number;
  readonly cvPercent: number;
  readonly factor: number;
  /** mean ∓ k·s; −Infinity and Infinity below two doses. */
  readonly lowNl: number;
  readonly highNl: number;
  readonly limitNl: number;
  readonly holds: boolean;
}

/** The verdict on single doses, each in nL, that were asked to be `doseNl`. */
export function toleranceVerdict(
  dosesNl: readonly number[],
  doseNl: number,
  share = SHARE,
  confidence = CONFIDENCE,
  limitNl = doseLimitNl(doseNl),
): ToleranceVerdict {
  const { count, mean, sd } = sampleOf(dosesNl);
  const factor = toleranceFactor(count, share, confidence);
  const lowNl = count < 2 ? -Infinity : mean - factor * sd;
  const highNl = count < 2 ? Infinity : mean + factor * sd;
  return {
    ...{ doseNl, count, meanNl: mean, sdNl: sd, factor, lowNl, highNl, limitNl },
    biasPercent: (100 * (mean - doseNl)) / doseNl,
    cvPercent: mean === 0 ? Infinity : (100 * sd) / mean,
    holds: lowNl >= doseNl - limitNl && highNl <= doseNl + limitNl,
  };
}
