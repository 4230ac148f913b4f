// Parameters of the virtual weighing place, one row each, and the laws of air, water and evaporation on it. Simulator only.
// Not responsible for what calibration corrects: its own Z comes from other formulas, so that one checks the other.
import { parameter } from '../../protocols/fluid.ts';
import type { Parameter } from '../../protocols/fluid.ts';

export const PAN = {
  temperatureC: parameter(21, 15, 30, '°C', 'estimate', 'Chosen: a laboratory; ISO 8655-6 asks for 20 ± 3 °C'),
  pressureHpa: parameter(1013, 800, 1067, 'hPa', 'estimate', 'Chosen: sea level'),
  humidityPercent: parameter(50, 20, 80, '%', 'estimate', 'Chosen: a laboratory; ISO 8655-6 asks for 45 to 80 %'),
  weightsKgPerM3: parameter(8000, 7900, 8100, 'kg/m³', 'source', 'Source: OIML R 111-1, conventional density of weights'),
  diffusionM2PerS: parameter(2.5e-5, 2.4e-5, 2.6e-5, 'm²/s', 'source', 'Source: water vapour in air at 20 to 25 °C'),
  mouthMm: parameter(2.5, 1, 10, 'mm', 'estimate', 'Chosen: radius of the opening of a weighing vessel with an evaporation trap'),
  vesselMg: parameter(5200, 100, 60_000, 'mg', 'estimate', 'Chosen: a small weighing bottle with some water in it'),
  dropShare: parameter(0.75, 0.65, 0.9, '1', 'source', 'Source: Harkins and Brown 1919, share of the ideal drop (Tate) that falls'),
  dropSpread: parameter(0.02, 0.005, 0.05, '1', 'estimate', 'Chosen: relative standard deviation of the drops of one tip'),
  filmUl: parameter(0.05, 0, 0.2, 'µL', 'estimate', 'Chosen: what stays at a tip that is touched off on the wall of the vessel'),
  filmSdUl: parameter(0.03, 0, 0.1, 'µL', 'estimate', 'Chosen: its standard deviation, touch to touch'),
  settleS: parameter(0.25, 0.1, 1, 's', 'estimate', 'Chosen: each of two lags; a 10 mg step then stands within 0.01 mg after 2.3 s'),
  quietDigits: parameter(
    1.2,
    0.5,
    3,
    '1',
    'recalled',
    'Source: 0.01 mg balances repeat to 0.01 to 0.04 mg; slow part of the noise, digits',
  ),
  quietS: parameter(30, 10, 120, 's', 'estimate', 'Chosen: over which that slow part changes'),
  hissDigits: parameter(1.2, 0.3, 3, '1', 'estimate', 'Chosen: noise of one sample, digits; ten are averaged for the display'),
  driftMgPerMin: parameter(
    0.05,
    0,
    0.1,
    'mg/min',
    'recalled',
    'Source: warm-up and draught drift of 0.01 mg balances; the most, drawn both ways',
  ),
} as const satisfies Record<string, Parameter>;

export interface Climate {
  readonly temperatureC: number;
  readonly pressureHpa: number;
  readonly humidityPercent: number;
}

/** Density of air, kg/m³. Source: OIML R 111-1, simplified formula E.3-1. */
export const airKgPerM3 = ({ temperatureC, pressureHpa, humidityPercent }: Climate): number =>
  (0.34848 * pressureHpa - 0.009 * humidityPercent * Math.exp(0.061 * temperatureC)) / (273.15 + temperatureC);

/** Density of water, kg/m³, 0 to 40 °C. Source: Kell, J. Chem. Eng. Data 20 (1975) 97. */
export function waterKgPerM3(t: number): number {
  const over = ((((-280.54253e-12 * t + 105.56302e-9) * t - 46.170461e-6) * t - 7.9870401e-3) * t + 16.945176) * t + 999.83952;
  return over / (1 + 16.87985e-3 * t);
}

/** What a balance adjusted with steel weights shows of one µL of a liquid, mg. */
export function shownMgPerUl(climate: Climate, relativeDensity: number): number {
  const air = airKgPerM3(climate);
  return (waterKgPerM3(climate.temperatureC) * relativeDensity - air) / (1 - air / PAN.weightsKgPerM3.nominal) / 1000;
}

/** Water lost through a round opening into still air, µg/s. Source: steady diffusion from a disc, J = 4 D a c (1 − RH); Magnus formula. */
export function evaporationUgPerS({ temperatureC, humidityPercent }: Climate, mouthMm: number): number {
  const vapourPa = 611.2 * Math.exp((17.62 * temperatureC) / (243.12 + temperatureC));
  const kgPerM3 = vapourPa / (461.5 * (273.15 + temperatureC));
  return 4 * PAN.diffusionM2PerS.nominal * mouthMm * 1e-3 * kgPerM3 * (1 - humidityPercent / 100) * 1e9;
}

/** The drop that falls from a blunt tip on average, µL. Source: Tate, V = 2π r γ / (ρ g), times the share that falls. */
export const dropUl = (outerMm: number, surfaceTensionNPerM: number, kgPerM3: number): number =>
  ((PAN.dropShare.nominal * Math.PI * outerMm * 1e-3 * surfaceTensionNPerM) / (kgPerM3 * 9.81)) * 1e9;
