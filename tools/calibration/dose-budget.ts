// Uncertainty budget of a calibrated dose, in percent of the low dose: what could make all doses wrong together. The scatter from
// dose to dose is not in it: the tolerance interval has that. Runs at the desk.
import type { DoseFit } from './dose-fit.ts';
import type { DoseLevel } from './dose-plan.ts';
import { zFactor } from './gravimetry.ts';
import { evaporationIn } from './shot-weighing.ts';
import type { Readings } from './steps.ts';
import { readingsOf, valueOf } from './steps.ts';
import { surroundingsOf } from './surroundings-steps.ts';
import type { Budget, Contribution } from './uncertainty.ts';
import { budgetOf, rectangular } from './uncertainty.ts';

/** Chosen: a room thermometer, a weather station without its height, a household hygrometer, a label on a bottle. */
const TEMPERATURE_WITHIN_C = 0.5;
const PRESSURE_WITHIN_HPA = 10;
const DENSITY_WITHIN = 5e-4;
/** Source: ISO 8655-6 balance of that readability: linearity of two digits over the range used. */
const LINEARITY_DIGITS = 2;

export function doseBudget(readings: Readings, fit: DoseFit | null, readabilityMg: number, levels: readonly DoseLevel[]): Budget {
  const room = surroundingsOf(readings);
  const z = zFactor(room);
  const warmer = zFactor({ ...room, temperatureC: room.temperatureC + TEMPERATURE_WITHIN_C });
  const higher = zFactor({ ...room, pressureHpa: room.pressureHpa + PRESSURE_WITHIN_HPA });
  const low = levels[0];
  const lowNl = low?.doseNl ?? 1;
  const together = low?.pooled ?? 1;
  const shots = [...readingsOf(readings, 'fit-'), ...readingsOf(readings, 'verify-')];
  const meanS = shots.reduce((sum, shot) => sum + valueOf(shot, 'tookMs'), 0) / Math.max(1, shots.length) / 1000;
  const blanks = readingsOf(readings, 'blank-').length;
  const weighedNl = shots.reduce((sum, shot) => sum + valueOf(shot, 'doseNl') * valueOf(shot, 'pooled'), 0);
  const fitted: Contribution[] =
    fit === null
      ? []
      : [
          {
            ...{ name: 'volume per travel', u: (100 * fit.uNlPerMm) / fit.nlPerMm, freedom: fit.solution.freedom },
            from: `fit to ${fit.residualsNl.length} weighings`,
          },
        ];
  return budgetOf('% of the dose', [
    ...fitted,
    {
      ...{ name: 'evaporation and drift', freedom: Math.max(1, blanks - 1) },
      u: (100 * evaporationIn(readings).uMgPerS * meanS * 1000 * z) / (lowNl * together),
      from: `${blanks} idle readings`,
    },
    {
      ...{ name: 'balance linearity', freedom: Infinity },
      u: (100 * rectangular(LINEARITY_DIGITS * readabilityMg) * 1000) / Math.max(1, weighedNl),
      from: `${LINEARITY_DIGITS} digits of ${readabilityMg} mg over all that was weighed`,
    },
    {
      ...{ name: 'temperature', u: (100 * rectangular(Math.abs(warmer - z))) / z, freedom: Infinity },
      from: `± ${TEMPERATURE_WITHIN_C} °C in Z`,
    },
    {
      name: 'air pressure',
      u: (100 * rectangular(Math.abs(higher - z))) / z,
      freedom: Infinity,
      from: `± ${PRESSURE_WITHIN_HPA} hPa in Z`,
    },
    { name: 'density of the liquid', u: 100 * rectangular(DENSITY_WITHIN), freedom: Infinity, from: `± ${100 * DENSITY_WITHIN} %` },
  ]);
}
