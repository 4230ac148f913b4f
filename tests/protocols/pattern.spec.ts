import { describe, expect, it } from 'vitest';
import { pathUm, pointsIn } from '../../protocols/area.ts';
import type { PointUm } from '../../protocols/area.ts';
import { checkValue } from '../../protocols/check.ts';
import type { Area, Pattern } from '../../protocols/schema.ts';
import { errorsOf, mesolift, planned } from './files.ts';

const field: Area = { shape: 'rectangle', widthMm: 40, heightMm: 20 };
const leastUm = (points: readonly PointUm[]): number =>
  Math.min(...points.flatMap((a, i) => points.slice(0, i).map((b) => Math.hypot(a.xUm - b.xUm, a.yUm - b.yUm))));

describe('patterns', () => {
  it('lay lines 10 mm apart with 5 mm between points: 3 lines of 9 in 40 × 20 mm, every other one backwards', () => {
    const points = pointsIn(field, { lay: 'lines', apartMm: 10 }, 5000);
    expect(points).toHaveLength(27);
    expect(points.slice(8, 11)).toEqual([
      { xUm: 20_000, yUm: -10_000 },
      { xUm: 20_000, yUm: 0 },
      { xUm: 15_000, yUm: 0 },
    ]);
  });

  it('turn lines by 90°: 5 of 5 in 40 × 20 mm, going down', () => {
    const points = pointsIn(field, { lay: 'lines', apartMm: 10, turnedDeg: 90 }, 5000);
    expect(points).toHaveLength(25);
    expect(new Set(points.slice(0, 5).map((point) => point.xUm)).size).toBe(1);
  });

  it('lay a fan whose rays keep 5 mm from each other and from every other point, all inside', () => {
    const fan: Pattern = { lay: 'fan', fromMm: [0, 10], rays: 7, spreadDeg: 120, towardsDeg: -90 };
    const points = pointsIn(field, fan, 5000);
    expect(points.length).toBeGreaterThan(12);
    expect(leastUm(points)).toBeGreaterThanOrEqual(4998);
    expect(points.filter(({ xUm, yUm }) => Math.abs(xUm) > 20_001 || Math.abs(yUm) > 10_001)).toEqual([]);
  });

  it('follow a path round its corner, 10 mm from point to point: 5 points on 20 + 20 mm', () => {
    const path: Area = {
      shape: 'path',
      pointsMm: [
        [0, 0],
        [20, 0],
        [20, 20],
      ],
    };
    const points = pointsIn(path, 'as-drawn', 10_000);
    expect(points.map(({ xUm, yUm }) => [xUm / 1000, yUm / 1000])).toEqual([
      [0, 0],
      [10, 0],
      [20, 0],
      [20, 10],
      [20, 20],
    ]);
    expect(pathUm(points)).toBe(40_000);
  });
});

const points = (...xs: number[]): Area => ({ shape: 'points', points: xs.map((xMm, i) => ({ name: `P${i + 1}`, xMm, yMm: 0 })) });

describe('areas that are points', () => {
  it('are planned in the order of the file with their names', () => {
    const { plan } = planned(mesolift({ area: points(0, 10, 30), pattern: 'as-drawn' }));
    expect(plan.points.map((point) => point.name)).toEqual(['P1', 'P2', 'P3']);
  });

  it('are refused when two are 4 mm apart at a spacing of 10 mm, and names the nearer one', () => {
    const [error] = errorsOf(checkValue(mesolift({ area: points(0, 20, 4), pattern: 'as-drawn' })));
    expect(error).toMatchObject({ pointer: '/area/points/2', value: '4.0 mm from P1' });
  });

  it.each([
    [points(0, 10), 'square', 'as-drawn'],
    [field, 'as-drawn', 'square'],
  ])('and patterns must suit each other: %j with %s would be %s', (area, pattern, nearest) => {
    const [error] = errorsOf(checkValue(mesolift({ area, pattern })));
    expect(error).toMatchObject({ pointer: '/pattern', nearest });
  });
});
