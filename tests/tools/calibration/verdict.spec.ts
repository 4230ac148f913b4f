// The ISO 11608-1 style verdict on doses: factors, limits, the worked example, and what must not change it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { doseLimitNl, toleranceVerdict } from '../../../tools/calibration/dose-tolerance.ts';

/** Twenty doses in nL: the worked example of tests/tools/campaign/tolerance.spec.ts. */
const EXAMPLE = [
  10_020, 9950, 10_110, 9880, 10_050, 9970, 10_200, 9920, 10_080, 10_010, 9850, 10_140, 9990, 10_060, 9930, 10_030, 10_100, 9900, 10_000,
  10_070,
];

describe('dose verdict', () => {
  it('gives the worked example of 20 doses of 10 µL its 95/97.5 interval of 9.7246 to 10.3014 µL, and a pass at ±1 µL', () => {
    const verdict = toleranceVerdict(EXAMPLE, 10_000);
    expect(verdict.meanNl / 1000).toBeCloseTo(10.013, 4);
    expect(verdict.sdNl / 1000).toBeCloseTo(0.09143, 5);
    expect(verdict.lowNl / 1000).toBeCloseTo(9.7246, 4);
    expect(verdict.highNl / 1000).toBeCloseTo(10.3014, 4);
    expect(verdict.limitNl).toBe(1000);
    expect(verdict.holds).toBe(true);
  });

  it('gives the same 20 doses 9.7606 to 10.2654 µL at 95/95, and passes ±5 % too', () => {
    const verdict = toleranceVerdict(EXAMPLE, 10_000, 0.95, 0.95, 500);
    expect(verdict.lowNl / 1000).toBeCloseTo(9.7606, 4);
    expect(verdict.highNl / 1000).toBeCloseTo(10.2654, 4);
    expect(verdict.holds).toBe(true);
  });

  it('allows ±1 µL up to 20 µL and ±5 % above: 10, 20, 40 and 200 µL', () => {
    expect([10_000, 20_000, 40_000, 200_000].map((doseNl) => doseLimitNl(doseNl))).toEqual([1000, 1000, 2000, 10_000]);
  });

  it('fails 20 doses of the same spread whose mean is 0.8 µL high, and any single dose', () => {
    const high = EXAMPLE.map((nl) => nl + 800);
    expect(toleranceVerdict(high, 10_000).holds).toBe(false);
    expect(toleranceVerdict([10_000], 10_000).holds).toBe(false);
  });

  it('says the same of any order, and of any scale of doses and limits (200 cases, seed 11)', () => {
    const doses = fc.array(fc.tuple(fc.integer({ min: 9000, max: 11_000 }), fc.nat()), { minLength: 3, maxLength: 40 });
    fc.assert(
      fc.property(doses, fc.integer({ min: 2, max: 20 }), (keyed, scale) => {
        const limit = 700;
        const values = keyed.map(([value]) => value);
        const shuffled = [...keyed].sort((a, b) => a[1] - b[1]).map(([value]) => value);
        const plain = toleranceVerdict(values, 10_000, 0.9, 0.95, limit);
        const moved = toleranceVerdict(shuffled, 10_000, 0.9, 0.95, limit);
        const scaled = toleranceVerdict(
          values.map((value) => value * scale),
          10_000 * scale,
          0.9,
          0.95,
          limit * scale,
        );
        expect(moved.lowNl).toBeCloseTo(plain.lowNl, 6);
        expect(scaled.highNl / scale).toBeCloseTo(plain.highNl, 6);
        expect(scaled.biasPercent).toBeCloseTo(plain.biasPercent, 9);
        // An interval that ends on the limit itself may fall to either side by rounding.
        if (Math.abs(plain.highNl - 10_000 - limit) > 1e-6 && Math.abs(plain.lowNl - 10_000 + limit) > 1e-6) {
          expect(moved.holds).toBe(plain.holds);
          expect(scaled.holds).toBe(plain.holds);
        }
      }),
      { seed: 11, numRuns: 200 },
    );
  });
});
