// Flow laws: the published or computed figures they must give.
import { describe, expect, it } from 'vitest';
import {
  FLUID,
  areaMm2,
  backPressureKpa,
  bevelLengthMm,
  capillaryThresholdKpa,
  depotPressureKpa,
  dwellForResidualS,
  lagS,
  lateUl,
  lumenExposure,
  needleKineticLoss,
  needleResistance,
  refluxFraction,
  ringPressureKpa,
  tissueLaw,
  viscosityAt,
  waterViscosityMpas,
} from '../../protocols/fluid.ts';

describe('needle', () => {
  it('resists with 0.8287 kPa·s/µL: water, 13 mm of 0.159 mm; with 0.2550 over 4 mm', () => {
    expect(needleResistance(1, 13, 0.159)).toBeCloseTo(0.8287, 4);
    expect(needleResistance(1, 4, 0.159)).toBeCloseTo(0.255, 4);
  });

  it('adds 0.0029 kPa·s²/µL² of kinetic loss at 0.159 mm: below 7 % of the whole at 20 µL/s', () => {
    const loss = needleKineticLoss(0.159);
    expect(loss).toBeCloseTo(0.0029, 4);
    expect((loss * 20) / needleResistance(1, 13, 0.159)).toBeLessThan(0.07);
  });

  it('holds drops of 1.4, 1.8 and 2.7 kPa at 27G, 30G and 32G', () => {
    expect([0.21, 0.159, 0.108].map((mm) => Math.round(capillaryThresholdKpa(mm) * 10) / 10)).toEqual([1.4, 1.8, 2.7]);
  });
});

describe('liquid', () => {
  it('is 1.136, 1.002, 0.890, 0.797 and 0.690 mPa·s for water at 15, 20, 25, 30 and 37 °C', () => {
    expect([15, 20, 25, 30, 37].map((celsius) => waterViscosityMpas(celsius).toFixed(3))).toEqual([
      '1.136',
      '1.002',
      '0.890',
      '0.797',
      '0.690',
    ]);
  });

  it('thins from 1.6 mPa·s at 20 °C to 1.10 at 37 °C', () => {
    expect(viscosityAt(1.6, 37)).toBeCloseTo(1.103, 3);
  });
});

describe('syringe', () => {
  it('has bores of 17.95, 58.90, 114.23 and 165.13 mm² at 4.78, 8.66, 12.06 and 14.50 mm', () => {
    expect([4.78, 8.66, 12.06, 14.5].map((mm) => areaMm2(mm).toFixed(2))).toEqual(['17.95', '58.90', '114.23', '165.13']);
  });

  it('lags by 37 ms with 1 mL on a 30G × 13 and owes 0.75 µL after 5 µL at 20 µL/s', () => {
    const lag = lagS(needleResistance(1, 13, 0.159), 0.045_367_105);
    expect(lag * 1e3).toBeCloseTo(37.6, 1);
    expect(lateUl(lag, 20, 0.25)).toBeCloseTo(0.751, 3);
  });

  it('needs 0.05 s to owe no more than 0.2 µL there, and 0 s when it owes less', () => {
    const lag = lagS(needleResistance(1, 13, 0.159), 0.045);
    expect(dwellForResidualS(lag, lateUl(lag, 20, 0.5), 0.2)).toBeCloseTo(0.049, 3);
    expect(dwellForResidualS(lag, 0.1, 0.2)).toBe(0);
  });
});

describe('tissue', () => {
  it('puts 28 kPa under a 15 mm ring pressed with 5 N', () => {
    expect(ringPressureKpa(5, 15)).toBeCloseTo(28.3, 1);
    expect(backPressureKpa('dermis', 5, 15)).toBeCloseTo(48.3, 1);
    expect(backPressureKpa('hypodermis', 0, 15)).toBe(3);
  });

  it('rests at 18 kPa for 100 µL/s into fat, inside the published 12 to 30 kPa', () => {
    const fat = tissueLaw('hypodermis');
    const restKpa = fat.openingKpa + 100 * (fat.resistanceKpaSPerUl + fat.dispersionKpaSPerUl);
    expect(restKpa).toBeCloseTo(18, 9);
  });

  it('reaches 43.6 kPa (327 mmHg) after 200 µL at 5 µL/s into dermis: a few hundred', () => {
    const dermis = tissueLaw('dermis');
    const kpa = dermis.openingKpa + depotPressureKpa('dermis', 200, 5, 0) + 5 * dermis.resistanceKpaSPerUl;
    expect(kpa).toBeCloseTo(43.6, 1);
    expect(kpa * 7.500_62).toBeCloseTo(327, 0);
  });

  it('takes no pressure from a dry prick and forgets a depot with its time constant of 30 s', () => {
    expect(depotPressureKpa('dermis', 0, 20, 0)).toBe(0);
    expect(depotPressureKpa('dermis', 10, 20, 30)).toBeCloseTo(depotPressureKpa('dermis', 10, 20, 0) / Math.E, 9);
  });

  it('leaks at least 1 − d/Lb from a bevel of 1.46 mm (12°) that is not covered', () => {
    const bevelMm = bevelLengthMm(0.311, 12);
    expect(bevelMm).toBeCloseTo(1.46, 2);
    expect(bevelLengthMm(0.311, 20)).toBeCloseTo(0.85, 2);
    expect(lumenExposure(0.73, bevelMm)).toBeCloseTo(0.5, 2);
    expect(lumenExposure(2, bevelMm)).toBe(0);
  });

  it('loses less than 1 % of 100 µL from fat at 4 mm after a wait of 3 s', () => {
    const elasticUl = depotPressureKpa('hypodermis', 100, 100, 3) * tissueLaw('hypodermis').complianceUlPerKpa;
    expect((refluxFraction(4, bevelLengthMm(0.311, 20)) * elasticUl) / 100).toBeLessThan(0.01);
  });
});

describe('fluid parameters', () => {
  it.each(Object.entries(FLUID))('%s lies in its range and says where it comes from', (_name, row) => {
    expect(row.nominal).toBeGreaterThanOrEqual(row.low);
    expect(row.nominal).toBeLessThanOrEqual(row.high);
    expect(row.unit).not.toBe('');
    expect(row.source).toMatch(/^(Source|Measured|Chosen): ./);
  });
});
