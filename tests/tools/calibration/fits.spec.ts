// Fits on made-up guns whose truth is known here and nowhere else: depth, dose, push curve; and what must not change them. Pushes are in
// push-loop.spec.ts.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gauss } from '../../../sim/random.ts';
import type { DepthReading } from '../../../tools/calibration/depth-fit.ts';
import { depthErrorUm, fitDepth } from '../../../tools/calibration/depth-fit.ts';
import type { WeighedShot } from '../../../tools/calibration/dose-fit.ts';
import { fitDose } from '../../../tools/calibration/dose-fit.ts';

const RING_UM = 3000;
const DEPTHS_UM = [1000, 2500, 4000, 5500, 7000, 8500, 10_000];

interface Needle {
  readonly offsetUm: number;
  readonly gainPpm: number;
  readonly amplitudeUm: number;
  readonly phaseRad: number;
  readonly backlashUm: number;
}
const NEEDLE: Needle = { offsetUm: 120, gainPpm: 900, amplitudeUm: 8, phaseRad: 1.1, backlashUm: 20 };

function depthReadings(needle: Needle, noiseUm = 0, seed = 0): DepthReading[] {
  const at = (commandedUm: number, direction: 1 | -1, index: number): DepthReading => {
    const axisUm = RING_UM + commandedUm;
    const period = needle.amplitudeUm * Math.sin((2 * Math.PI * axisUm) / 4000 + needle.phaseRad);
    const play = direction < 0 ? needle.backlashUm : 0;
    const errorUm = needle.offsetUm + (needle.gainPpm * commandedUm) / 1e6 + period + play + noiseUm * gauss(seed, 'gauge', index);
    return { commandedUm, axisUm, gaugeUm: commandedUm + errorUm, direction };
  };
  return [...DEPTHS_UM.map((um, i) => at(um, 1, i)), ...[...DEPTHS_UM].reverse().map((um, i) => at(um, -1, i + 50))];
}

describe('depth fit', () => {
  it('finds offset 120 µm, gain 900 ppm, period 8 µm at 1.1 rad and backlash 20 µm exactly from seven depths up and down', () => {
    const fit = fitDepth(depthReadings(NEEDLE));
    expect(fit?.offsetUm).toBeCloseTo(120, 6);
    expect(fit?.gainPpm).toBeCloseTo(900, 6);
    expect(fit?.period.amplitudeUm).toBeCloseTo(8, 6);
    expect(fit?.period.phaseRad).toBeCloseTo(1.1, 6);
    expect(fit?.backlashUm).toBeCloseTo(20, 6);
    expect(fit?.residualSdUm).toBeLessThan(1e-6);
  });

  it('corrects fresh depths to within 10 µm with 5 µm of gauge noise (50 seeds from 1)', () => {
    for (let seed = 1; seed <= 50; seed++) {
      const fit = fitDepth(depthReadings(NEEDLE, 5, seed));
      if (fit === null) throw new Error('no fit');
      for (const um of [1500, 3200, 6100, 9700]) {
        const truth = 120 + (900 * um) / 1e6 + 8 * Math.sin((2 * Math.PI * (RING_UM + um)) / 4000 + 1.1);
        expect(Math.abs(depthErrorUm(fit, um, RING_UM + um) - truth)).toBeLessThan(10);
      }
    }
  });

  it('is the same with the approach reversed but for the sign of the backlash, and in any order of the readings', () => {
    const readings = depthReadings(NEEDLE, 3, 9);
    const fit = fitDepth(readings);
    const reversed = fitDepth(readings.map((reading) => ({ ...reading, direction: reading.direction > 0 ? -1 : 1 })));
    expect(reversed?.backlashUm).toBeCloseTo(-(fit?.backlashUm ?? 0), 6);
    expect(reversed?.gainPpm).toBeCloseTo(fit?.gainPpm ?? 0, 6);
    expect(fitDepth([...readings].reverse())?.offsetUm).toBeCloseTo(fit?.offsetUm ?? 0, 6);
  });

  it('moves its offset by exactly what the gauge was zeroed wrong, and nothing else', () => {
    const readings = depthReadings(NEEDLE, 3, 4);
    const fit = fitDepth(readings);
    const moved = fitDepth(readings.map((reading) => ({ ...reading, gaugeUm: reading.gaugeUm + 37 })));
    expect((moved?.offsetUm ?? 0) - (fit?.offsetUm ?? 0)).toBeCloseTo(37, 6);
    expect(moved?.gainPpm).toBeCloseTo(fit?.gainPpm ?? 0, 5);
  });

  it('answers nothing for four depths, for depths within 2 mm, and for one direction only', () => {
    const readings = depthReadings(NEEDLE);
    expect(fitDepth(readings.filter((reading) => reading.commandedUm <= 5500))).toBeNull();
    expect(fitDepth(readings.map((reading) => ({ ...reading, commandedUm: reading.commandedUm / 5 })))).toBeNull();
    expect(fitDepth(readings.filter((reading) => reading.direction > 0))).toBeNull();
  });
});

/** Shots of mixed size in a row, from a plunger with a screw period; nL of balance noise. */
function weighedShots(nlPerMm: number, amplitudeUm: number, startUpNl: number, noiseNl: number, seed: number): WeighedShot[] {
  const doses = [...Array.from({ length: 16 }, () => 10_000), 20_000, 20_000, 20_000, 40_000, 40_000, 40_000];
  let fromUm = 5000;
  return doses.map((doseNl, index) => {
    const toUm = fromUm + Math.round((doseNl / 18_000) * 1000);
    const error = (um: number): number => amplitudeUm * Math.sin((2 * Math.PI * um) / 1000 + 0.7);
    const movedUm = toUm - fromUm + error(toUm) - error(fromUm);
    const volumeNl = (movedUm * nlPerMm) / 1000 - (index === 0 ? startUpNl : 0) + noiseNl * gauss(seed, 'pan', index);
    const shot = { doseNl, fromUm, toUm, volumeNl, pooled: 1, first: index === 0 };
    fromUm = toUm;
    return shot;
  });
}

describe('dose fit', () => {
  it('finds 17 800 nL/mm, a period of 5 µm and a start-up loss of 1600 nL exactly', () => {
    const fit = fitDose(weighedShots(17_800, 5, 1600, 0, 0));
    expect(fit?.nlPerMm).toBeCloseTo(17_800, 5);
    expect(fit?.period.amplitudeUm).toBeCloseTo(5, 6);
    expect(fit?.period.phaseRad).toBeCloseTo(0.7, 6);
    expect(fit?.startUpNl).toBeCloseTo(1600, 5);
    expect(Math.abs(fit?.perShotNl ?? 1)).toBeLessThan(1e-5);
  });

  it('stays within 0.15 % with 21 nL of noise a reading (100 seeds from 1), and 95 of 100 intervals hold the truth', () => {
    let held = 0;
    for (let seed = 1; seed <= 100; seed++) {
      const fit = fitDose(weighedShots(17_800, 5, 1600, 21, seed));
      if (fit === null) throw new Error('no fit');
      expect(Math.abs(fit.nlPerMm / 17_800 - 1)).toBeLessThan(0.0015);
      if (Math.abs(fit.nlPerMm - 17_800) < 2.1 * fit.uNlPerMm) held++;
    }
    expect(held).toBeGreaterThanOrEqual(89);
  });

  it('says what each shot lacks whatever its size: 300 nL, far beyond doubt', () => {
    const shots = weighedShots(17_800, 5, 0, 5, 3).map((shot) => ({ ...shot, volumeNl: shot.volumeNl - 300 }));
    const fit = fitDose(shots);
    expect(fit?.perShotNl).toBeGreaterThan(250);
    expect(fit?.perShotT).toBeGreaterThan(10);
  });

  it('scales with the volumes and knows no unit of travel: twice the liquid, twice the volume per millimetre (50 cases, seed 3)', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), fc.double({ min: 0.1, max: 10, noNaN: true }), (seed, scale) => {
        const shots = weighedShots(17_800, 5, 1600, 21, seed);
        const fit = fitDose(shots);
        const scaled = fitDose(shots.map((shot) => ({ ...shot, volumeNl: shot.volumeNl * scale })));
        expect((scaled?.nlPerMm ?? 0) / scale).toBeCloseTo(fit?.nlPerMm ?? 0, 5);
        expect(scaled?.period.amplitudeUm).toBeCloseTo(fit?.period.amplitudeUm ?? 0, 6);
      }),
      { seed: 3, numRuns: 50 },
    );
  });

  it('does not see a period in shots of whole turns, and answers nothing for two shots', () => {
    const shots = Array.from({ length: 20 }, (_each, index) => ({
      ...{ doseNl: 18_000, fromUm: index * 1000, toUm: (index + 1) * 1000, volumeNl: 18_000, pooled: 1, first: false },
    }));
    expect(fitDose(shots)).toMatchObject({ nlPerMm: 18_000, period: { amplitudeUm: 0 } });
    expect(fitDose(weighedShots(17_800, 5, 0, 0, 0).slice(0, 2))).toBeNull();
  });
});
