// The exact tolerance factor against a table computed elsewhere, and its parts against closed forms.
import { describe, expect, it } from 'vitest';
import { gammaP, normal, toleranceFactor } from '../../../tools/campaign/tolerance.ts';
import table from './tolerance-factors.json' with { type: 'json' };

describe('two-sided tolerance factor', () => {
  it(`agrees with ${table.rows.length} tabled values to half of their last digit`, () => {
    for (const { n, share, confidence, factor } of table.rows)
      expect(Math.abs(toleranceFactor(n, share, confidence) - factor), `${n} ${share} ${confidence}`).toBeLessThan(6e-5);
  });

  it('comes to the normal quantile 1.96 for 100 000 values, and vouches for nothing with one', () => {
    expect(toleranceFactor(100_000, 0.95, 0.95)).toBeCloseTo(1.9675, 3);
    expect(toleranceFactor(1, 0.95, 0.95)).toBe(Infinity);
  });

  it('judges the worked example of twenty doses: 95/95 is 9.7606 to 10.2654 µL', () => {
    const doses = [
      10.02, 9.95, 10.11, 9.88, 10.05, 9.97, 10.2, 9.92, 10.08, 10.01, 9.85, 10.14, 9.99, 10.06, 9.93, 10.03, 10.1, 9.9, 10, 10.07,
    ];
    const mean = doses.reduce((sum, dose) => sum + dose, 0) / 20;
    const sd = Math.sqrt(doses.reduce((sum, dose) => sum + (dose - mean) ** 2, 0) / 19);
    const k = toleranceFactor(20, 0.95, 0.95);
    expect(mean - k * sd).toBeCloseTo(9.7606, 4);
    expect(mean + k * sd).toBeCloseTo(10.2654, 4);
  });
});

describe('distribution functions', () => {
  it('gamma: 1 − e^(−x) for a = 1 on both sides of the switch, and a half near a for a = 5000', () => {
    for (const x of [0.1, 1.9, 2.1, 30]) expect(gammaP(1, x)).toBeCloseTo(1 - Math.exp(-x), 13);
    expect(gammaP(5000, 5000 - 1 / 3)).toBeCloseTo(0.5, 6);
    expect(gammaP(3, 0)).toBe(0);
  });

  it('normal: 0.975 at 1.959964, 0.5 at 0, symmetric', () => {
    expect(normal(1.959_963_985)).toBeCloseTo(0.975, 9);
    expect(normal(0)).toBe(0.5);
    expect(normal(-1) + normal(1)).toBeCloseTo(1, 14);
  });
});
