// From milligrams on a pan to microlitres: density of water and air, buoyancy, evaporation. Runs at the desk.
// Not responsible for reading a balance (instruments/) nor for what a series means (dose-fit.ts).
// Source: ISO 8655-6 and ISO/TR 20461, gravimetric method.

/** What is measured in the room, and what is weighed. */
export interface Surroundings {
  readonly temperatureC: number;
  readonly pressureHpa: number;
  readonly humidityPercent: number;
  /** Density of the liquid relative to water at the same temperature: 1 for water, 1.0046 for 0.9 % saline. */
  readonly relativeDensity: number;
}

/** Bounds within which the method is used. Source: ISO 8655-6 asks for (20 ± 3) °C in use; the table of Z runs from 15 to 30 °C and 800 to 1067 hPa. */
export const SURROUNDINGS_BOUNDS = {
  temperatureC: { least: 15, most: 30, unit: '°C' },
  pressureHpa: { least: 800, most: 1067, unit: 'hPa' },
  humidityPercent: { least: 20, most: 95, unit: '% RH' },
  relativeDensity: { least: 0.9, most: 1.3, unit: '× water' },
} as const;

/** 0.9 % sodium chloride against water. Source: CRC Handbook, 1.0046 at 20 °C. */
export const SALINE_RELATIVE_DENSITY = 1.0046;

/** Density of air-free water in mg/µL. Source: Tanaka et al. 2001, Metrologia 38, 301. */
export function waterDensity(temperatureC: number): number {
  const t = temperatureC;
  return 0.99997495 * (1 - ((t - 3.983035) ** 2 * (t + 301.797)) / (522528.9 * (t + 69.34881)));
}

/** Density of moist air in mg/µL. Source: CIPM simplified formula, ISO/TR 20461. */
export const airDensity = ({ temperatureC, pressureHpa, humidityPercent }: Surroundings): number =>
  (0.34848 * pressureHpa - 0.009 * humidityPercent * Math.exp(0.061 * temperatureC)) / (273.15 + temperatureC) / 1000;

/** Conventional density of the weights a balance is adjusted with, mg/µL. Source: OIML R 111. */
const WEIGHTS_DENSITY = 8;

/** µL that weigh one milligram on a balance in air: Z, for water; divided by the relative density for another liquid. */
export function zFactor(surroundings: Surroundings): number {
  const air = airDensity(surroundings);
  const liquid = waterDensity(surroundings.temperatureC) * surroundings.relativeDensity;
  return (1 - air / WEIGHTS_DENSITY) / (liquid - air);
}

/** One look at an idle pan: how much mass went in how long. */
export interface Blank {
  readonly lostMg: number;
  readonly tookMs: number;
}

export interface Evaporation {
  readonly mgPerS: number;
  /** Standard uncertainty of the rate. */
  readonly uMgPerS: number;
}

/** Mean rate of the blanks, weighed by their time; 0 ± 0 without one. A gain counts as negative: a drift of the balance looks like that. */
export function evaporationOf(blanks: readonly Blank[]): Evaporation {
  const tookS = blanks.reduce((sum, blank) => sum + blank.tookMs, 0) / 1000;
  if (tookS <= 0) return { mgPerS: 0, uMgPerS: 0 };
  const mgPerS = blanks.reduce((sum, blank) => sum + blank.lostMg, 0) / tookS;
  if (blanks.length < 2) return { mgPerS, uMgPerS: Math.abs(mgPerS) };
  const squares = blanks.reduce((sum, blank) => sum + (blank.lostMg - (mgPerS * blank.tookMs) / 1000) ** 2, 0);
  const sdMg = Math.sqrt(squares / (blanks.length - 1));
  return { mgPerS, uMgPerS: (sdMg * Math.sqrt(blanks.length)) / tookS };
}

/** Volume of a shot in nL from what the pan gained in the time between its two readings. */
export function volumeNl(gainedMg: number, tookMs: number, evaporation: Evaporation, surroundings: Surroundings): number {
  return 1000 * (gainedMg + (evaporation.mgPerS * tookMs) / 1000) * zFactor(surroundings);
}
