// The guard rails and the verdict of a dose calibration: outliers, drift, correlation, what the gun is held to on the bench.
// Not responsible for weighing (shot-weighing.ts) nor for the fit (dose-fit.ts). Runs at the desk.
import { gammaP } from '../campaign/tolerance.ts';
import type { Criterion } from './conclusion.ts';
import { criterion } from './conclusion.ts';
import type { DoseFit, WeighedShot } from './dose-fit.ts';
import { doseRows } from './dose-fit.ts';
import type { ToleranceVerdict } from './dose-tolerance.ts';
import { toleranceVerdict } from './dose-tolerance.ts';
import { correlation } from './least-squares.ts';
import { outlierOf } from './sample.ts';
import { evaporationIn } from './shot-weighing.ts';
import type { Finding, Readings } from './steps.ts';
import { readingsOf, valueOf } from './steps.ts';
import { strayReading } from './stray-reading.ts';
import { studentQuantile } from './student.ts';

/** On the bench, after calibration. Source: design, 10 µL from 1 mL: bias ≤ 0.5 %, CV ≤ 1.5 %; below 10 µL the same in µL. */
export const BIAS_PERCENT = 0.5;
export const CV_PERCENT = 1.5;
const FULL_PERCENT_FROM_NL = 10_000;
/** A pass is given only if the true figure is inside with this confidence. Chosen. */
const CONFIDENCE = 0.95;
/** Doses below which nothing is said about their spread. Source: ISO 8655-6, ten replicates. */
const SPREAD_FROM = 10;
/** Where only a few doses stand beside the one that is judged, the bias may be twice as large. Chosen. */
const FEW_TIMES = 2;
/** Chosen: what evaporates or drifts in one weighing may be 1 % of the dose; the correction for it is good to a fifth of that. */
const DRIFT_SHARE = 0.01;
/** Chosen: shots that follow the travel less closely do not come from this plunger alone. */
export const CORRELATION_LEAST = 0.9995;
/** Chosen: t beyond this is no chance, and a loss of 1 % of the low dose matters. */
const PER_SHOT_T = 5;
const PER_SHOT_SHARE = 0.01;

export const biasLimitPercent = (doseNl: number): number => BIAS_PERCENT * Math.max(1, FULL_PERCENT_FROM_NL / doseNl);
export const cvLimitPercent = (doseNl: number): number => CV_PERCENT * Math.max(1, FULL_PERCENT_FROM_NL / doseNl);

/** Idle readings against the dose: a balance that drifts, or too much evaporation, hides what is measured. */
export function driftFindings(readings: Readings, doseNl: number): Finding[] {
  const blanks = readingsOf(readings, 'blank-');
  if (blanks.length === 0) return [];
  const meanMs = blanks.reduce((sum, blank) => sum + valueOf(blank, 'tookMs'), 0) / blanks.length;
  const limitMg = (DRIFT_SHARE * doseNl) / 1000;
  const mean = (evaporationIn(readings).mgPerS * meanMs) / 1000;
  const worst = blanks.map((blank) => valueOf(blank, 'lostMg')).reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), 0);
  // One wild blank among good ones is a draught or a touch: more than the limit beyond the mean.
  if (Math.abs(mean) <= limitMg && Math.abs(worst - mean) <= limitMg) return [];
  const perMin = (60_000 * (Math.abs(mean) > limitMg ? mean : worst)) / meanMs;
  return [
    {
      ...{ level: 'stop', code: 'drift' },
      what: `the idle pan ${perMin > 0 ? 'loses' : 'gains'} ${Math.abs(perMin).toFixed(3)} mg a minute`,
      why: `in one weighing that is more than ${100 * DRIFT_SHARE} % of the dose of ${doseNl / 1000} µL: the balance drifts, or liquid evaporates`,
      next: 'close the draught shield, cover the vessel, let the balance warm up for an hour, then calibrate anew',
    },
  ];
}

/**
 * A shot that does not belong to the others: before the fit is applied by what its travel gives (the first one, with its start-up
 * loss, stands alone), after it by what was asked.
 */
export function outlierFindings(shots: readonly WeighedShot[], steps: readonly string[], fitted: boolean): Finding[] {
  const { rows, volumesNl } = doseRows(shots);
  const errors = shots.map((shot) => (shot.volumeNl - shot.doseNl * shot.pooled) / shot.pooled);
  const stray = fitted ? strayReading(rows, volumesNl) : null;
  const grubbs = fitted ? null : outlierOf(errors);
  const found = stray ?? (grubbs === null ? null : { index: grubbs.index, t: grubbs.g, critical: grubbs.critical });
  if (found === null) return [];
  const shot = shots[found.index] as WeighedShot;
  return [
    {
      ...{ level: 'stop', code: 'outlier', step: steps[found.index] ?? '' },
      what: `one shot of ${shot.doseNl / 1000} µL weighed ${(shot.volumeNl / shot.pooled / 1000).toFixed(2)} µL`,
      why: `it lies ${found.t.toFixed(1)} standard deviations from the rest; ${found.critical.toFixed(1)} is the most by chance (1 %)`,
      next: 'take this reading again; if it comes back, look for air in the syringe and for drops at the tip',
    },
  ];
}

/** Whether volume follows travel as it should: correlation first, then a loss in every shot; each on its own. */
export function fitFindings(shots: readonly WeighedShot[], fit: DoseFit): Finding[] {
  const found: Finding[] = [];
  const r = correlation(
    shots.map((shot) => shot.toUm - shot.fromUm),
    shots.map((shot) => shot.volumeNl),
  );
  if (!(r >= CORRELATION_LEAST)) {
    found.push({
      ...{ level: 'stop', code: 'correlation' },
      what: `volume does not follow travel: r = ${r.toFixed(5)}, ${CORRELATION_LEAST} at least`,
      why: 'air in the syringe, a leak at the hub, a loose plunger or a balance in a draught',
      next: 'look at syringe and hub, prime again, calibrate anew',
    });
  }
  const lowNl = Math.min(...shots.map((shot) => shot.doseNl));
  if (Math.abs(fit.perShotT) > PER_SHOT_T && Math.abs(fit.perShotNl) > PER_SHOT_SHARE * lowNl) {
    found.push({
      ...{ level: 'stop', code: 'per-shot-loss' },
      what: `each shot ${fit.perShotNl > 0 ? 'lacks' : 'has'} ${Math.abs(fit.perShotNl / 1000).toFixed(2)} µL ${fit.perShotNl > 0 ? '' : 'too much '}whatever its size`,
      why: 'drops stay at the tip, or the plunger springs back between shots: no volume per travel can correct that',
      next: 'let the tip touch the liquid, look for a loose rod, calibrate anew',
    });
  }
  return found;
}

/** χ² below which a share lies. */
function chiSquareQuantile(share: number, freedom: number): number {
  let [low, high] = [0, 10 * freedom + 50];
  for (let i = 0; i < 100; i++) {
    const middle = (low + high) / 2;
    if (gammaP(freedom / 2, middle / 2) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Largest CV that doses like these may come from, at 95 %. */
export const cvUpperPercent = ({ cvPercent, count }: ToleranceVerdict): number =>
  count < 2 ? Infinity : cvPercent * Math.sqrt((count - 1) / chiSquareQuantile(1 - CONFIDENCE, count - 1));

/** Scatter of single doses over all levels, nL, with its degrees of freedom. */
export interface Scatter {
  readonly sdNl: number;
  readonly freedom: number;
}

/** Of all levels together: what a level of four doses cannot know by itself. */
export function scatterOf(verdicts: readonly ToleranceVerdict[]): Scatter {
  const freedom = verdicts.reduce((sum, each) => sum + Math.max(0, each.count - 1), 0);
  const squares = verdicts.reduce((sum, each) => sum + Math.max(0, each.count - 1) * each.sdNl ** 2, 0);
  return { sdNl: freedom > 0 ? Math.sqrt(squares / freedom) : 0, freedom };
}

/** How far the true mean may be from the one measured, percent of the dose, at 95 % on one side. */
export function biasDoubtPercent({ sdNl, count, doseNl }: ToleranceVerdict, scatter: Scatter, uSystematicPercent: number): number {
  const own = count >= SPREAD_FROM ? { sdNl, freedom: count - 1 } : { sdNl: Math.max(sdNl, scatter.sdNl), freedom: scatter.freedom };
  if (own.freedom < 1 || count < 1) return Infinity;
  const random = (100 * own.sdNl) / Math.sqrt(count) / doseNl;
  return studentQuantile(CONFIDENCE, own.freedom) * Math.hypot(random, uSystematicPercent);
}

const percent = (value: number): string => `${value.toFixed(2)} %`;
const ul = (nl: number): string => `${(nl / 1000).toFixed(3)} µL`;

/**
 * The verdict at one dose. The bias must be inside its limit with all its doubt; so must the CV, where shots were weighed one
 * by one. A tolerance interval over a few doses is told, but judged only where there are enough of them.
 */
export function doseCriteria(verdict: ToleranceVerdict, pooled: number, scatter: Scatter, uSystematicPercent: number): Criterion[] {
  const { doseNl, biasPercent } = verdict;
  const at = `at ${doseNl / 1000} µL`;
  const doubt = biasDoubtPercent(verdict, scatter, uSystematicPercent);
  const biasLimit = biasLimitPercent(doseNl) * (verdict.count >= SPREAD_FROM ? 1 : FEW_TIMES);
  const found = [
    criterion(
      `bias ${at}`,
      `${percent(biasPercent)} ± ${percent(doubt)}`,
      `± ${percent(biasLimit)}`,
      Math.abs(biasPercent) + doubt <= biasLimit,
    ),
  ];
  if (pooled > 1 || verdict.count < SPREAD_FROM) return found;
  const upper = cvUpperPercent(verdict);
  const cvLimit = cvLimitPercent(doseNl);
  found.push(
    criterion(`CV ${at}`, `${percent(verdict.cvPercent)} (at most ${percent(upper)})`, percent(cvLimit), upper <= cvLimit),
    criterion(
      `97.5 % of doses ${at}, n ${verdict.count}`,
      `${ul(verdict.lowNl)} to ${ul(verdict.highNl)}`,
      `${ul(doseNl - verdict.limitNl)} to ${ul(doseNl + verdict.limitNl)}`,
      verdict.holds,
    ),
  );
  return found;
}

/** Verification shots of one level as a verdict; pooled shots count as their mean. */
export const levelVerdict = (shots: readonly WeighedShot[], doseNl: number): ToleranceVerdict =>
  toleranceVerdict(
    shots.filter((shot) => shot.doseNl === doseNl).map((shot) => shot.volumeNl / shot.pooled),
    doseNl,
  );
