// From milligrams to microlitres: Z against the published table, evaporation from blanks.
import { describe, expect, it } from 'vitest';
import { evaporationOf, volumeNl, waterDensity, zFactor } from '../../../tools/calibration/gravimetry.ts';

/** Z in µL/mg. Source: ISO 8655-6 table, as in Gilson's pipette guide; columns 800, 853, 907, 960, 1013, 1067 hPa. */
const TABLE: readonly (readonly [number, readonly number[]])[] = [
  [15, [1.0018, 1.0018, 1.0019, 1.0019, 1.002, 1.002]],
  [17, [1.0021, 1.0021, 1.0022, 1.0022, 1.0023, 1.0023]],
  [20, [1.0026, 1.0027, 1.0027, 1.0028, 1.0029, 1.0029]],
  [21, [1.0028, 1.0029, 1.003, 1.003, 1.0031, 1.0031]],
  [22, [1.0031, 1.0031, 1.0032, 1.0032, 1.0033, 1.0033]],
  [23, [1.0033, 1.0033, 1.0034, 1.0035, 1.0035, 1.0036]],
  [24, [1.0035, 1.0036, 1.0036, 1.0037, 1.0038, 1.0038]],
  [25, [1.0038, 1.0038, 1.0039, 1.0039, 1.004, 1.0041]],
  [27, [1.0043, 1.0044, 1.0044, 1.0045, 1.0045, 1.0046]],
  [30, [1.0052, 1.0052, 1.0053, 1.0053, 1.0054, 1.0055]],
];
const PRESSURES = [800, 853, 907, 960, 1013, 1067];
const ROOM = { temperatureC: 20, pressureHpa: 1013, humidityPercent: 50, relativeDensity: 1 };

describe('gravimetry', () => {
  it('gives Z of all 60 cells from 15 to 30 °C and 800 to 1067 hPa within 0.0001 µL/mg', () => {
    for (const [temperatureC, row] of TABLE) {
      row.forEach((z, column) => {
        const own = zFactor({ ...ROOM, temperatureC, pressureHpa: PRESSURES[column] ?? 0 });
        expect(Math.abs(own - z), `${temperatureC} °C, ${PRESSURES[column] ?? 0} hPa`).toBeLessThan(1e-4);
      });
    }
  });

  it('has water at 0.998207 mg/µL at 20 °C and 0.997047 at 25 °C', () => {
    expect(waterDensity(20)).toBeCloseTo(0.998207, 6);
    expect(waterDensity(25)).toBeCloseTo(0.997047, 6);
  });

  it('takes 10 mg of 0.9 % saline for 9.983 µL where 10 mg of water are 10.029 µL', () => {
    const none = { mgPerS: 0, uMgPerS: 0 };
    expect(volumeNl(10, 0, none, ROOM)).toBeCloseTo(10_029, -1);
    expect(volumeNl(10, 0, none, { ...ROOM, relativeDensity: 1.0046 })).toBeCloseTo(9983, -1);
  });

  it('adds what evaporates: blanks that lose 0.02 mg in 10 s make a 5 s shot 10 nL larger', () => {
    const evaporation = evaporationOf([
      { lostMg: 0.02, tookMs: 10_000 },
      { lostMg: 0.021, tookMs: 10_000 },
      { lostMg: 0.019, tookMs: 10_000 },
    ]);
    expect(evaporation.mgPerS).toBeCloseTo(0.002, 9);
    expect(evaporation.uMgPerS).toBeLessThan(0.0001);
    expect(volumeNl(10, 5000, evaporation, ROOM) - volumeNl(10, 5000, { mgPerS: 0, uMgPerS: 0 }, ROOM)).toBeCloseTo(10.03, 1);
  });

  it('doubts a rate from a single blank by all of it, and knows none without one', () => {
    expect(evaporationOf([{ lostMg: 0.02, tookMs: 10_000 }])).toEqual({ mgPerS: 0.002, uMgPerS: 0.002 });
    expect(evaporationOf([])).toEqual({ mgPerS: 0, uMgPerS: 0 });
  });
});
