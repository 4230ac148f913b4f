// From weighed shots at known plunger positions to volume per millimetre, screw period and start-up loss. Runs at the desk.
// Not responsible for weighing (dose-procedure.ts), buoyancy (gravimetry.ts) nor the verdict (dose-tolerance.ts).
import type { LeastSquares } from './least-squares.ts';
import { leastSquares } from './least-squares.ts';
import type { ScrewPeriod } from './screw-period.ts';
import { periodOf, travelColumns } from './screw-period.ts';

/** Source: the plunger's lead screw, 1 mm a turn (hal/drivers/plunger-axis.ts). */
export const PLUNGER_LEAD_UM = 1000;

export interface WeighedShot {
  readonly doseNl: number;
  /** Plunger before and after, as commanded, from fully retracted. */
  readonly fromUm: number;
  readonly toUm: number;
  /** By the balance, corrected for buoyancy and evaporation; of all pooled shots together. */
  readonly volumeNl: number;
  /** Shots weighed together. */
  readonly pooled: number;
  /** The first after priming, a pause or a reversal: start-up loss shows in it. */
  readonly first: boolean;
}

export interface DoseFit {
  /** Volume that leaves the needle for a millimetre of plunger travel. */
  readonly nlPerMm: number;
  readonly uNlPerMm: number;
  readonly period: ScrewPeriod;
  /** Standard uncertainty of the amplitude. */
  readonly uAmplitudeUm: number;
  /** What the first shot after a rest lacks; 0 when no first shot was weighed. */
  readonly startUpNl: number;
  readonly uStartUpNl: number;
  readonly residualsNl: readonly number[];
  readonly residualSdNl: number;
  /** What a shot lacks whatever its size, by the fit with one more column, and how sure that is (t). A sound gun has none. */
  readonly perShotNl: number;
  readonly perShotT: number;
  readonly solution: LeastSquares;
}

/** Shots for a fit with a period. Chosen: three for each quantity that is sought. */
export const SHOTS_LEAST = 12;

/** Null when the shots do not determine the fit. Few shots, or shots of whole turns, give no period: its amplitude is 0 then. */
export function fitDose(shots: readonly WeighedShot[]): DoseFit | null {
  if (shots.length < 3) return null;
  return (shots.length >= SHOTS_LEAST ? fitWith(shots, true) : null) ?? fitWith(shots, false);
}

/** What is fitted to what: rows and volumes in nL. */
export function doseRows(shots: readonly WeighedShot[], periodic = shots.length >= SHOTS_LEAST): { rows: number[][]; volumesNl: number[] } {
  const starts = startsIn(shots);
  const rows = shots.map(({ fromUm, toUm, first }) => {
    const row = [(toUm - fromUm) / 1000];
    if (periodic) row.push(...travelColumns(fromUm, toUm, PLUNGER_LEAD_UM));
    if (starts) row.push(first ? -1 : 0);
    return row;
  });
  return { rows, volumesNl: shots.map((shot) => shot.volumeNl) };
}

const startsIn = (shots: readonly WeighedShot[]): boolean => shots.some((shot) => shot.first) && shots.some((shot) => !shot.first);

function fitWith(shots: readonly WeighedShot[], periodic: boolean): DoseFit | null {
  const { rows, volumesNl } = doseRows(shots, periodic);
  const starts = startsIn(shots);
  const solution = leastSquares(rows, volumesNl);
  if (solution === null) return null;
  const wider = leastSquares(
    rows.map((row, index) => [...row, -(shots[index]?.pooled ?? 1)]),
    volumesNl,
  );
  const [nlPerMm = 0] = solution.coefficients;
  const [uNlPerMm = 0] = solution.uncertainties;
  const nlPerUm = nlPerMm / 1000;
  const [sine, cosine] = periodic ? [solution.coefficients[1] ?? 0, solution.coefficients[2] ?? 0] : [0, 0];
  const uSine = periodic ? (solution.uncertainties[1] ?? 0) : 0;
  const perShot = wider?.coefficients.at(-1) ?? 0;
  const uPerShot = wider?.uncertainties.at(-1) ?? 0;
  return {
    ...{ nlPerMm, uNlPerMm },
    period: periodOf(sine / nlPerUm, cosine / nlPerUm),
    uAmplitudeUm: uSine / nlPerUm,
    startUpNl: starts ? (solution.coefficients.at(-1) ?? 0) : 0,
    uStartUpNl: starts ? (solution.uncertainties.at(-1) ?? 0) : 0,
    residualsNl: solution.residuals,
    residualSdNl: solution.residualSd,
    perShotNl: perShot,
    perShotT: uPerShot > 0 ? perShot / uPerShot : 0,
    solution,
  };
}
