// Motor and screw: what the catalogue sums give, and every way in which a rotor is not where the chip counts.
import { describe, expect, it } from 'vitest';
import { DRIVE, lagRad, naturalHz, pullOutNm, thrustN } from '../../../sim/plant/drive-parameters.ts';
import { Rotor } from '../../../sim/plant/drive.ts';
import type { RotorOptions } from '../../../sim/plant/drive.ts';

const NEEDLE: RotorOptions = {
  stepsPerMm: 800,
  microsteps: 16,
  leadMm: 4,
  encoderCountsPerMm: 800,
  minMm: -0.5,
  maxMm: 17,
  springMmPerS: 100,
  springHomeMm: -0.2,
  startMm: -0.2,
};
const PLUNGER: RotorOptions = { stepsPerMm: 51_200, microsteps: 256, leadMm: 1 };

function driven(options: RotorOptions): Rotor {
  const rotor = new Rotor(options);
  rotor.setDriving(true, 0, 0);
  return rotor;
}

describe('drive sums', () => {
  it('gives 35.2 N from 16 mN·m on a 1 mm lead at 35 %', () => {
    expect(thrustN(0.016, 1)).toBeCloseTo(35.19, 2);
  });

  it('rings at 318 Hz with 16 mN·m and 2 g·cm²', () => {
    expect(naturalHz(0.016, 2e-7)).toBeCloseTo(318.3, 1);
  });

  it('lags by 0.600° and 1.67 µm on a 1 mm lead at half load', () => {
    const lag = lagRad(0.5, 1);
    expect((lag * 180) / Math.PI).toBeCloseTo(0.6, 9);
    expect((lag / (2 * Math.PI)) * 1e3).toBeCloseTo(1.667, 3);
  });

  it('keeps its whole torque at rest and loses it with speed', () => {
    expect(pullOutNm(0.06, 0)).toBe(0.06);
    expect(pullOutNm(0.06, 600)).toBeLessThan(pullOutNm(0.06, 190));
    expect(pullOutNm(0.06, 1e4)).toBe(0);
  });

  it('moves by 0.25 µm for a step error of 5 % on a 1 mm lead', () => {
    expect((0.05 / 200) * 1e3).toBeCloseTo(0.25, 12);
  });
});

describe('rotor', () => {
  it('follows the chip while driven: 3200 microsteps are 4 mm', () => {
    const rotor = driven(NEEDLE);
    expect(rotor.positionMm(3200, 5) - rotor.positionMm(0, 5)).toBeCloseTo(4, 12);
  });

  it('stays or is taken home by its spring at 100 mm/s when the current goes', () => {
    const needle = driven(NEEDLE);
    needle.setDriving(false, 3360, 1_000_000);
    expect(needle.positionMm(3360, 1_010_000)).toBeCloseTo(3, 9);
    expect(needle.positionMm(3360, 1_041_999)).toBeGreaterThan(-0.2);
    expect(needle.positionMm(3360, 1_042_000)).toBeCloseTo(-0.2, 9);
    expect(needle.positionMm(9999, 9_000_000)).toBe(-0.2);
    expect(needle.reachesAtUs(2)).toBeCloseTo(1_020_000, 6);
    const plunger = driven(PLUNGER);
    plunger.setDriving(false, 51_200, 0);
    expect(plunger.positionMm(0, 1e9)).toBe(1);
    expect(plunger.reachesAtUs(0)).toBe(Infinity);
  });

  it('catches the nearest pole when the current comes back: off by whole slips of 64 microsteps', () => {
    const rotor = driven(NEEDLE);
    rotor.setDriving(false, 3200, 0);
    rotor.setDriving(true, 3200, 20_000);
    const lostSteps = (4 - 0.2 - rotor.positionMm(3200, 20_000)) * 800;
    expect(lostSteps / 64).toBeCloseTo(Math.round(lostSteps / 64), 9);
    expect(lostSteps).toBeCloseTo(1600, 6);
  });

  it('falls behind by whole pole slips: 5 full steps asked are 8, 0.16 mm, and the encoder shows it', () => {
    const rotor = driven({ ...NEEDLE, startMm: 0 });
    rotor.lose(5);
    expect(rotor.positionMm(3200, 0)).toBeCloseTo(4 - 0.16, 12);
    expect(rotor.encoderCounts(3200, 0)).toBe(3200 - 128);
    rotor.lose(-8);
    expect(rotor.encoderCounts(3200, 0)).toBe(3200);
  });

  it('stands while jammed and has lost the way when freed', () => {
    const rotor = driven({ ...NEEDLE, startMm: 0 });
    rotor.jam(800, 0);
    expect(rotor.positionMm(3200, 10)).toBe(1);
    rotor.free(3200, 20);
    expect(Math.abs(rotor.positionMm(3200, 30) - 1)).toBeLessThan(0.0401);
  });

  it('stops at 17 mm and comes back short by what it slipped there', () => {
    const rotor = driven({ ...NEEDLE, startMm: 0 });
    expect(rotor.positionMm(16_000, 0)).toBe(17);
    rotor.settle(16_000);
    expect(rotor.positionMm(16_000 - 800, 1)).toBeCloseTo(16, 1);
  });

  it('bends by 1.67 µm under half its hold torque on a 1 mm lead', () => {
    const rotor = driven(PLUNGER);
    rotor.contactLoadN = thrustN(DRIVE.nema11HoldNm.nominal / 2, 1);
    expect(1 - rotor.positionMm(51_200, 0)).toBeCloseTo(0.001_667, 6);
  });

  it('carries 45 N at 6 mm/s on a 1 mm lead and not 130 N', () => {
    expect(driven(PLUNGER).carries(45, 6)).toBe(true);
    expect(driven(PLUNGER).carries(130, 6)).toBe(false);
  });

  it('makes no periodic error over whole turns and 0.125 µL rms on 10 µL from a 1 mL syringe with 5 µm', () => {
    const rotor = driven({ ...PLUNGER, periodicMm: 0.005, periodicPhaseRad: 1 });
    expect(rotor.positionMm(3 * 51_200, 0)).toBeCloseTo(3, 12);
    const strokeSteps = Math.round((10 / 17.945) * 51_200);
    let squares = 0;
    for (let n = 0; n < 1000; n += 1) {
      const from = n * 51.2;
      const errorMm = rotor.positionMm(from + strokeSteps, 0) - rotor.positionMm(from, 0) - strokeSteps / 51_200;
      squares += (errorMm * 17.945) ** 2;
    }
    expect(Math.sqrt(squares / 1000)).toBeCloseTo(0.125, 3);
  });

  it('scales with its lead: 0.06 % is 2.4 µm on 4 mm', () => {
    const rotor = driven({ ...NEEDLE, startMm: 0, leadError: 6e-4 });
    expect(rotor.positionMm(3200, 0)).toBeCloseTo(4.0024, 9);
  });

  it('answers any moment in any order', () => {
    const rotor = driven(NEEDLE);
    rotor.setDriving(false, 3200, 0);
    const late = rotor.positionMm(3200, 30_000);
    rotor.positionMm(3200, 90_000);
    expect(rotor.positionMm(3200, 30_000)).toBe(late);
  });
});
