// From gauge readings at known positions to what the needle axis really does: offset, gain, screw period, backlash.
// Not responsible for how readings are taken (depth-procedure.ts) nor for the verdict. Runs at the desk.
import type { LeastSquares } from './least-squares.ts';
import { leastSquares } from './least-squares.ts';
import type { ScrewPeriod } from './screw-period.ts';
import { periodColumns, periodErrorUm, periodOf } from './screw-period.ts';

/** Source: the needle's lead screw, 4 mm a turn (hal/drivers/needle-axis.ts). */
export const NEEDLE_LEAD_UM = 4000;

export interface DepthReading {
  /** Tip depth from the ring plane, as commanded. */
  readonly commandedUm: number;
  /** Carriage position from home, as commanded: where the screw stands. */
  readonly axisUm: number;
  /** What the gauge showed. */
  readonly gaugeUm: number;
  /** +1 when the needle came downwards, −1 when it came back up. */
  readonly direction: 1 | -1;
}

export interface DepthFit {
  /** Tip deeper than commanded at depth 0, going down. */
  readonly offsetUm: number;
  /** Relative error of the travel, parts per million. */
  readonly gainPpm: number;
  readonly period: ScrewPeriod;
  /** How much deeper the tip stays after coming back up to the same command. */
  readonly backlashUm: number;
  readonly residualsUm: readonly number[];
  readonly residualSdUm: number;
  readonly uOffsetUm: number;
  readonly uGainPpm: number;
  readonly solution: LeastSquares;
}

/** Least depths for offset, gain, period and backlash to be told apart, and how far they must spread. */
export const DEPTHS_LEAST = 5;
export const SPREAD_LEAST_UM = 3000;

/** What is fitted to what: rows and errors in µm. */
export const depthRows = (readings: readonly DepthReading[]): { rows: number[][]; errorsUm: number[] } => ({
  rows: readings.map(({ commandedUm, axisUm, direction }) => [
    1,
    commandedUm / 1000,
    ...periodColumns(axisUm, NEEDLE_LEAD_UM),
    direction < 0 ? 1 : 0,
  ]),
  errorsUm: readings.map((reading) => reading.gaugeUm - reading.commandedUm),
});

/** Null when the readings do not determine the fit: too few depths, too close together, or one direction only. */
export function fitDepth(readings: readonly DepthReading[]): DepthFit | null {
  const depths = [...new Set(readings.map((reading) => reading.commandedUm))];
  if (depths.length < DEPTHS_LEAST || Math.max(...depths) - Math.min(...depths) < SPREAD_LEAST_UM) return null;
  const { rows, errorsUm } = depthRows(readings);
  const solution = leastSquares(rows, errorsUm);
  if (solution === null) return null;
  const [offsetUm = 0, gain = 0, sine = 0, cosine = 0, backlashUm = 0] = solution.coefficients;
  const [uOffsetUm = 0, uGain = 0] = solution.uncertainties;
  return {
    ...{ offsetUm, gainPpm: gain * 1000, backlashUm, uOffsetUm, uGainPpm: uGain * 1000 },
    period: periodOf(sine, cosine),
    residualsUm: solution.residuals,
    residualSdUm: solution.residualSd,
    solution,
  };
}

/** How much deeper than commanded the tip is, going down, by the fit. */
export const depthErrorUm = (fit: Pick<DepthFit, 'offsetUm' | 'gainPpm' | 'period'>, commandedUm: number, axisUm: number): number =>
  fit.offsetUm + (fit.gainPpm * commandedUm) / 1e6 + periodErrorUm(fit.period, axisUm, NEEDLE_LEAD_UM);
