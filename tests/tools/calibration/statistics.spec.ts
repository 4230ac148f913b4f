// Student's t, Grubbs' outlier, least squares, straight lines, budgets, pooled shots: against published values.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rateErrors } from '../../../tools/calibration/rate-fit.ts';
import type { Reading } from '../../../tools/calibration/steps.ts';
import { correlation, leastSquares } from '../../../tools/calibration/least-squares.ts';
import { fitLine } from '../../../tools/calibration/line-fit.ts';
import { shotsPooled } from '../../../tools/calibration/pooling.ts';
import { grubbsCritical, outlierOf, sampleOf } from '../../../tools/calibration/sample.ts';
import { studentQuantile, studentShare } from '../../../tools/calibration/student.ts';
import { budgetOf, rectangular } from '../../../tools/calibration/uncertainty.ts';

describe("Student's t", () => {
  it.each([
    [1, 12.7062],
    [5, 2.5706],
    [10, 2.2281],
    [30, 2.0423],
    [120, 1.9799],
  ])('has its two-sided 5-percent point for %i degrees of freedom at %f (NIST table)', (freedom, t) => {
    expect(studentQuantile(0.975, freedom)).toBeCloseTo(t, 4);
    expect(studentShare(t, freedom)).toBeCloseTo(0.975, 5);
    expect(studentShare(-t, freedom)).toBeCloseTo(0.025, 5);
  });
});

describe('outlier test', () => {
  it.each([
    [10, 2.29],
    [20, 2.708],
    [30, 2.908],
  ])('takes Grubbs’ critical value for %i values at 0.05 as %f (NIST table)', (count, g) => {
    expect(grubbsCritical(count, 0.05)).toBeCloseTo(g, 3);
  });

  it('finds the NIST example: 245.57 among eight uranium values', () => {
    const values = [199.31, 199.53, 200.19, 200.82, 201.92, 201.95, 202.18, 245.57];
    expect(outlierOf(values, 0.05)).toMatchObject({ index: 7 });
    expect(outlierOf(values, 0.05)?.g).toBeCloseTo(2.4687, 3);
  });

  it('leaves 10 equal values, two values and a sound series alone', () => {
    expect(outlierOf(new Array<number>(10).fill(3))).toBeNull();
    expect(outlierOf([1, 100])).toBeNull();
    expect(outlierOf([10.02, 9.95, 10.11, 9.88, 10.05, 9.97, 10.2, 9.92])).toBeNull();
  });
});

describe('least squares', () => {
  it('fits the NIST Norris set: slope 1.002117 ± 0.000430, offset −0.262323 ± 0.232818', () => {
    // Source: NIST StRD, dataset Norris.
    const x = [0.2, 337.4, 118.2, 884.6, 10.1, 226.5, 666.3, 996.3, 448.6, 777.0, 558.2, 0.4, 0.6, 775.5, 666.9, 338.0, 447.5, 11.6];
    x.push(556.0, 228.1, 995.8, 887.6, 120.2, 0.3, 0.3, 556.8, 339.1, 887.2, 999.0, 779.0, 11.1, 118.3, 229.2, 669.1, 448.9, 0.5);
    const y = [0.1, 338.8, 118.1, 888.0, 9.2, 228.1, 668.5, 998.5, 449.1, 778.9, 559.2, 0.3, 0.1, 778.1, 668.8, 339.3, 448.9, 10.8];
    y.push(557.7, 228.3, 998.0, 888.8, 119.6, 0.3, 0.6, 557.6, 339.3, 888.0, 998.5, 778.9, 10.2, 117.6, 228.9, 668.4, 449.2, 0.2);
    const line = fitLine(x, y);
    expect(line?.slope).toBeCloseTo(1.00211681802045, 10);
    expect(line?.offset).toBeCloseTo(-0.262323073774029, 10);
    expect(line?.uSlope).toBeCloseTo(0.000429796848199937, 12);
    expect(line?.uOffset).toBeCloseTo(0.232818234301152, 10);
    expect(line?.residualSd).toBeCloseTo(0.884796396144373, 10);
    expect(line?.r).toBeCloseTo(0.9999968729, 8);
  });

  it('refuses dependent columns, too few rows and rows without columns', () => {
    expect(
      leastSquares(
        [
          [1, 2],
          [2, 4],
          [3, 6],
        ],
        [1, 2, 3],
      ),
    ).toBeNull();
    expect(leastSquares([[1, 2]], [1])).toBeNull();
    expect(leastSquares([], [])).toBeNull();
    expect(correlation([1, 1, 1], [1, 2, 3])).toBe(0);
  });

  it('finds what was put in, in any order of the rows and on any scale (200 cases, seed 5)', () => {
    const point = fc.tuple(fc.double({ min: -5, max: 5, noNaN: true }), fc.double({ min: -5, max: 5, noNaN: true }));
    fc.assert(
      fc.property(fc.array(point, { minLength: 6, maxLength: 30 }), fc.double({ min: 0.01, max: 100, noNaN: true }), (points, scale) => {
        const rows = points.map(([a, b]) => [1, a, b]);
        const solution = leastSquares(
          rows,
          rows.map(([, a = 0, b = 0]) => scale * (3 - 2 * a + 0.5 * b)),
        );
        if (solution === null || solution.covariance.length === 0) return;
        const reversed = leastSquares(
          [...rows].reverse(),
          [...rows].reverse().map(([, a = 0, b = 0]) => scale * (3 - 2 * a + 0.5 * b)),
        );
        const spread = sampleOf(points.map(([a]) => a)).sd * sampleOf(points.map(([, b]) => b)).sd;
        if (
          spread < 0.1 ||
          Math.abs(
            correlation(
              rows.map(([, a = 0]) => a),
              rows.map(([, , b = 0]) => b),
            ),
          ) > 0.99
        )
          return;
        expect((solution.coefficients[0] ?? 0) / scale).toBeCloseTo(3, 6);
        expect((reversed?.coefficients[1] ?? 0) / scale).toBeCloseTo(-2, 6);
        expect((solution.coefficients[2] ?? 0) / scale).toBeCloseTo(0.5, 6);
      }),
      { seed: 5, numRuns: 200 },
    );
  });
});

describe('uncertainty budget', () => {
  it('adds squares and covers 95 %: 3 and 4 make 5, k 1.960 without repeated readings', () => {
    const budget = budgetOf('nL', [
      { name: 'a', u: 3, freedom: Infinity, from: '' },
      { name: 'b', u: 4, freedom: Infinity, from: '' },
    ]);
    expect(budget.u).toBe(5);
    expect(budget.k).toBeCloseTo(1.96, 3);
    expect(rectangular(1)).toBeCloseTo(0.57735, 5);
  });

  it('takes 2.776 for a single contribution with 4 degrees of freedom', () => {
    expect(budgetOf('nL', [{ name: 'a', u: 1, freedom: 4, from: '' }]).k).toBeCloseTo(2.7764, 4);
  });
});

describe('rate', () => {
  const shot = (index: number, doseNl: number, pooled: number): Reading => ({
    ...{ step: `fit-${index}`, instrument: 'M', who: 'Ada', at: '' },
    values: {
      ...{ doseNl, pooled, rateNlPerS: 20_000, fromUm: 0, toUm: (doseNl * pooled) / 18 },
      movedForMs: 30 + doseNl / 20 + 3 * Math.sin(index),
    },
  });
  const sizes = [10_000, 20_000, 40_000, 10_000, 20_000, 40_000];

  it('is found within 1 % from single shots of three sizes', () => {
    const shots = sizes.map((doseNl, index) => shot(index, doseNl, 1));
    expect(Math.abs(rateErrors(shots, 18_000)[0]?.percent ?? 99)).toBeLessThan(1);
  });

  it('is not judged from shots weighed together on a balance of 0.1 mg, even where the largest stand alone', () => {
    const pooled = sizes.map((doseNl, index) => shot(index, doseNl, doseNl === 40_000 ? 1 : 3));
    expect(rateErrors(pooled, 18_000)).toEqual([]);
    const oneSize = sizes.map((_each, index) => shot(index, 40_000, 1));
    expect(rateErrors(oneSize, 18_000)).toEqual([]);
  });
});

describe('pooled shots', () => {
  it.each([
    [10_000, 0.01, 1],
    [10_000, 0.1, 3],
    [10_000, 1, 29],
    [100_000, 0.1, 1],
  ])('weighs %i nL on a balance of %f mg with %i shots together', (doseNl, readabilityMg, shots) => {
    expect(shotsPooled(doseNl, readabilityMg)).toBe(shots);
  });

  it('refuses 10 µL on a balance of 10 mg: 283 shots would be needed', () => {
    expect(() => shotsPooled(10_000, 10)).toThrow('cannot judge doses of 10 µL');
  });
});
