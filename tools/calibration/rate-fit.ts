// How fast the plunger really pushes: volume over the time of motion, ramps taken out by the difference of doses. Runs at the desk.
// Not responsible for the gun's clock, by which it is timed (clock-procedure.ts).
import type { Criterion } from './conclusion.ts';
import { criterion } from './conclusion.ts';
import { fitLine } from './line-fit.ts';
import type { Reading } from './steps.ts';
import { valueOf } from './steps.ts';

/** Chosen: flow matters for pressure and time, not for the volume; the ramp chip's clock alone is good to ±5 % uncalibrated. */
export const RATE_LIMIT_PERCENT = 7.5;

export interface RateError {
  readonly rateNlPerS: number;
  readonly percent: number;
  readonly criterion: Criterion;
}

/**
 * One figure for each rate at which doses of different size were shot one by one; none where shots were weighed together: their times
 * are not those of one shot, and few sizes are left.
 */
export function rateErrors(readings: readonly Reading[], nlPerMm: number): RateError[] {
  if (readings.some((reading) => valueOf(reading, 'pooled') > 1)) return [];
  const rates = [...new Set(readings.map((reading) => valueOf(reading, 'rateNlPerS')))];
  return rates.flatMap((rateNlPerS) => {
    const shots = readings.filter((reading) => valueOf(reading, 'rateNlPerS') === rateNlPerS);
    if (new Set(shots.map((shot) => valueOf(shot, 'doseNl'))).size < 2) return [];
    const line = fitLine(
      shots.map((shot) => ((valueOf(shot, 'toUm') - valueOf(shot, 'fromUm')) * nlPerMm) / 1000),
      shots.map((shot) => valueOf(shot, 'movedForMs') / 1000),
    );
    if (line === null || line.slope <= 0) return [];
    const percent = 100 * (1 / line.slope / rateNlPerS - 1);
    const doubt = (200 * line.uSlope) / line.slope;
    return [
      {
        ...{ rateNlPerS, percent },
        criterion: criterion(
          `rate at ${rateNlPerS / 1000} µL/s`,
          `${percent.toFixed(1)} ± ${doubt.toFixed(1)} %`,
          `± ${RATE_LIMIT_PERCENT} %`,
          Math.abs(percent) <= RATE_LIMIT_PERCENT,
        ),
      },
    ];
  });
}
