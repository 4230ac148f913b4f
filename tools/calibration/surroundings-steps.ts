// The first questions of a weighing: temperature, pressure, humidity, liquid. Not responsible for what follows from them
// (gravimetry.ts). Runs at the desk.
import type { Surroundings } from './gravimetry.ts';
import { SURROUNDINGS_BOUNDS } from './gravimetry.ts';
import type { AskStep, Readings } from './steps.ts';
import { valueOf } from './steps.ts';

const QUESTIONS: readonly (readonly [keyof Surroundings, string])[] = [
  ['temperatureC', 'Temperature of the liquid'],
  ['pressureHpa', 'Air pressure here (not reduced to sea level)'],
  ['humidityPercent', 'Relative humidity'],
  ['relativeDensity', 'Density of the liquid relative to water (water 1, 0.9 % saline 1.0046)'],
];

/** One question each; what is `known` is offered and taken where nobody is asked. */
export function surroundingsSteps(known: Partial<Surroundings>): AskStep[] {
  return QUESTIONS.map(([name, says]) => {
    const { least, most, unit } = SURROUNDINGS_BOUNDS[name];
    const usual = known[name];
    return { kind: 'ask', id: `surroundings-${name}`, says, name, unit, least, most, ...(usual === undefined ? {} : { usual }) };
  });
}

export function surroundingsOf(readings: Readings): Surroundings {
  const value = (name: keyof Surroundings): number => valueOf(readings.get(`surroundings-${name}`), name);
  return {
    temperatureC: value('temperatureC'),
    pressureHpa: value('pressureHpa'),
    humidityPercent: value('humidityPercent'),
    relativeDensity: value('relativeDensity'),
  };
}
