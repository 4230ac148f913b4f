// The search for the moment at which a monotone value meets a level.
import { describe, expect, it } from 'vitest';
import { whenPast } from '../../sim/crossing.ts';

describe('crossing of a level', () => {
  const curves: [string, number, (s: number) => number, number][] = [
    ['a straight line', 6, (s) => s - 0.3, 0.3],
    ['a start from rest, s²', 24, (s) => s * s - 1e-6, 1e-3],
    ['an arrival, 1 − (1 − s)²', 24, (s) => 1 - (1 - s) ** 2 - 0.999_999, 0.999],
    ['a step', 80, (s) => (s < 0.7 ? -1 : 1e-9), 0.7],
    ['a level met at the very end', 6, (s) => s - 1, 1],
  ];
  it.each(curves)('finds %s within 0.001 µs in 1 s, at most %i looks', (_name, mostLooks, over, rootS) => {
    let looks = 0;
    const overAt = (atUs: number): number => {
      looks += 1;
      return over(atUs * 1e-6);
    };
    const atUs = whenPast(overAt, 0, 1e6);
    expect(Math.abs(atUs - rootS * 1e6)).toBeLessThanOrEqual(0.001_01);
    expect(over(atUs * 1e-6)).toBeGreaterThanOrEqual(0);
    expect(looks).toBeLessThanOrEqual(mostLooks);
  });

  it('takes at most 14 looks at a carriage that starts with constant acceleration', () => {
    let looks = 0;
    whenPast(
      (atUs) => {
        looks += 1;
        return 0.5 * 2500 * (atUs * 1e-6) ** 2 - 0.08;
      },
      0,
      60_000,
    );
    expect(looks).toBeLessThanOrEqual(14);
  });
});
