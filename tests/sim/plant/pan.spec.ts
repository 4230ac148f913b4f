// The weighing place: air, water, evaporation, the drop at the tip, and what a cell makes of a load, against published figures.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Pan } from '../../../sim/plant/pan.ts';
import { airKgPerM3, dropUl, evaporationUgPerS, shownMgPerUl, waterKgPerM3 } from '../../../sim/plant/pan-parameters.ts';
import type { Climate } from '../../../sim/plant/pan-parameters.ts';
import { PendantDrop } from '../../../sim/plant/pendant-drop.ts';
import { SAMPLE_US, WeighingCell } from '../../../sim/plant/weighing-cell.ts';

const lab: Climate = { temperatureC: 21, pressureHpa: 1013, humidityPercent: 50 };
const cell = (exact: boolean, seed = 1): WeighingCell => new WeighingCell({ seed, digitMg: 0.01, exact });

describe('pan', () => {
  // Source: Tanaka et al., Metrologia 38 (2001) 301, table of water density.
  it.each([
    [4, 999.972],
    [15, 999.1],
    [20, 998.2067],
    [25, 997.0469],
    [30, 995.648],
  ])('has water of %d °C weigh %d kg/m³ within 0.005', (temperatureC, kgPerM3) => {
    expect(Math.abs(waterKgPerM3(temperatureC) - kgPerM3)).toBeLessThan(0.005);
  });

  it('has air of 20 °C, 1013.25 hPa, 50 % weigh 1.199 kg/m³', () => {
    expect(airKgPerM3({ temperatureC: 20, pressureHpa: 1013.25, humidityPercent: 50 })).toBeCloseTo(1.199, 3);
  });

  // Source: ISO 8655-6, table of Z in µL/mg.
  it.each([
    [15, 1013, 1.002],
    [20, 1013, 1.0029],
    [21, 800, 1.0028],
    [25, 1067, 1.0041],
    [30, 960, 1.0054],
  ])('shows of water at %d °C and %d hPa what Z = %d µL/mg corrects, within 1e-4', (temperatureC, pressureHpa, z) => {
    expect(Math.abs(1 / shownMgPerUl({ temperatureC, pressureHpa, humidityPercent: 50 }, 1) - z)).toBeLessThan(1e-4);
  });

  it.each([
    [1, 50, 0.92],
    [2, 50, 1.84],
    [5, 50, 4.6],
    [5, 80, 1.84],
  ])('loses through a mouth of %d mm at %d %% humidity %d µg/s, 21 °C', (mouthMm, humidityPercent, ugPerS) => {
    expect(evaporationUgPerS({ ...lab, humidityPercent }, mouthMm)).toBeCloseTo(ugPerS, 1);
  });

  it('loses 1.84 µg/s of its load over 10 min, and nothing through a mouth of 0 mm', () => {
    const options = { seed: 1, exact: true, tip: 'submerged', outerMm: 0.311, climate: lab, relativeDensity: 1 } as const;
    const open = new Pan({ ...options, mouthMm: 2 }, 0);
    const shut = new Pan({ ...options, mouthMm: 0 }, 0);
    const before = open.loadMg;
    for (const pan of [open, shut]) pan.advance(600e6, 0);
    expect(before - open.loadMg).toBeCloseTo(1.1, 1);
    expect(shut.loadMg).toBe(before);
  });
});

describe('drop at the tip', () => {
  const drop = (tip: 'hanging' | 'touching' | 'submerged', exact = true): PendantDrop =>
    new PendantDrop({ seed: 3, tip, exact, usualUl: 5 });

  // Source: Tate's law with water, 0.072 N/m; 27, 30 and 32G.
  it.each([
    [0.413, 9.6],
    [0.311, 7.2],
    [0.235, 5.5],
  ])('of a needle of %d mm is 0.75 of the ideal %d µL', (outerMm, idealUl) => {
    expect(dropUl(outerMm, 0.072, 998)).toBeCloseTo(0.75 * idealUl, 0);
  });

  it('hangs until it weighs 5 µL: shots of 3 µL fall as 0, 5, 0, 5, 5, 0, 5 µL', () => {
    const hanging = drop('hanging');
    expect([1, 2, 3, 4, 5, 6, 7].map((n) => hanging.take(3, n * 1e6))).toEqual([0, 5, 0, 5, 5, 0, 5]);
  });

  it('touched off keeps the film of 0.05 µL once, and lets 10 µL fall whole from then on', () => {
    const touching = drop('touching');
    expect(touching.take(10, 1e6)).toBeCloseTo(9.95, 9);
    expect(touching.take(10, 2e6)).toBeCloseTo(10, 9);
  });

  it('drawn back by 2 µL gives nothing until they have come out again', () => {
    const submerged = drop('submerged');
    expect(submerged.take(-2, 1e6)).toBe(0);
    expect(submerged.take(1.5, 2e6)).toBe(0);
    expect(submerged.take(1.5, 3e6)).toBeCloseTo(1, 12);
  });

  it.each(['hanging', 'touching', 'submerged'] as const)('%s: what came out is what fell and what hangs, to 1e-9 µL', (tip) => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -3, max: 20, noNaN: true }), { maxLength: 40 }), (shots) => {
        const any = drop(tip, false);
        let fell = 0;
        let out = 0;
        shots.forEach((ul, n) => {
          out += ul;
          fell += any.take(ul, n * 1e6);
        });
        expect(Math.abs(out - fell - any.heldUl)).toBeLessThan(1e-9);
      }),
    );
  });
});

describe('weighing cell', () => {
  const run = (of: WeighingCell, loadMg: number, seconds: number): void => {
    for (let atUs = 0; atUs < seconds * 1e6; atUs += SAMPLE_US) of.take(loadMg, atUs);
  };

  it('shows 10 mg within 0.01 mg and stable between 2.5 s and 5 s after it was put on', () => {
    const quiet = cell(true);
    quiet.begin(0);
    run(quiet, 10, 1);
    expect(quiet.stable).toBe(false);
    run(quiet, 10, 4);
    expect(quiet.stable).toBe(true);
    expect(Math.abs(quiet.shownMg - 10)).toBeLessThan(0.01);
  });

  it('repeats a load of 10 mg to 0.01 to 0.04 mg standard deviation, readings of seeds 1 to 300 apart from drift', () => {
    const off = Array.from({ length: 300 }, (_, seed) => {
      const noisy = cell(false, seed);
      noisy.begin(10);
      run(noisy, 10, 8);
      return noisy.shownMg - 10;
    });
    const sd = Math.hypot(...off) / Math.sqrt(off.length);
    expect(sd).toBeGreaterThan(0.004);
    expect(sd).toBeLessThan(0.04);
  });

  it('drifts by at most 0.05 mg a minute, and by 3 mg more when a fault asks for it', () => {
    const noisy = cell(false, 5);
    noisy.begin(0);
    run(noisy, 0, 60);
    expect(Math.abs(noisy.shownMg)).toBeLessThan(0.1);
    noisy.extraDriftMgPerMin = 3;
    run(noisy, 0, 60);
    expect(noisy.shownMg).toBeGreaterThan(2.8);
  });

  it('is not stable while the draught shield stands open', () => {
    const noisy = cell(true);
    noisy.begin(0);
    noisy.draughtUntilUs = 10e6;
    run(noisy, 0, 9);
    expect(noisy.stable).toBe(false);
  });
});
