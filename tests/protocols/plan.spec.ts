// From an area to points in the order of a hand, and what a plan comes to in volume and time.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countedPointsIn, pathUm, pointsIn } from '../../protocols/area.ts';
import type { PointUm } from '../../protocols/area.ts';
import { checkValue } from '../../protocols/check.ts';
import { moveMs } from '../../protocols/cycle.ts';
import { planProtocol } from '../../protocols/plan.ts';
import type { Plan } from '../../protocols/plan.ts';
import type { Area, Protocol } from '../../protocols/schema.ts';
import { treatmentOf } from '../../protocols/treatment.ts';
import { bareProtocol, errorsOf, mesolift, planned, warningsOf } from './files.ts';

const leastDistanceUm = (points: readonly PointUm[]): number => {
  let least = Infinity;
  for (let i = 0; i < points.length; i++) {
    for (let j = 0; j < i; j++) {
      const [a, b] = [points[i] as PointUm, points[j] as PointUm];
      least = Math.min(least, Math.hypot(a.xUm - b.xUm, a.yUm - b.yUm));
    }
  }
  return least;
};

const areas: fc.Arbitrary<Area> = fc.oneof(
  fc.record({
    shape: fc.constant('rectangle' as const),
    widthMm: fc.integer({ min: 5, max: 120 }),
    heightMm: fc.integer({ min: 5, max: 120 }),
  }),
  fc.record({
    shape: fc.constant('ellipse' as const),
    widthMm: fc.integer({ min: 20, max: 120 }),
    heightMm: fc.integer({ min: 20, max: 120 }),
  }),
  fc.record({
    shape: fc.constant('polygon' as const),
    pointsMm: fc
      .tuple(fc.integer({ min: 30, max: 150 }), fc.integer({ min: 30, max: 150 }), fc.integer({ min: -50, max: 50 }))
      .map(([w, h, x]): [number, number][] => [
        [x, x],
        [x + w, x],
        [x + w, x + h],
        [x, x + h / 2],
      ]),
  }),
);
const patterns = fc.constantFrom('square' as const, 'hexagonal' as const);

describe('points of an area', () => {
  it('lays 3 rows of 4 points on 30 × 20 mm at 10 mm, every other row backwards', () => {
    const points = pointsIn({ shape: 'rectangle', widthMm: 30, heightMm: 20 }, 'square', 10000);
    expect(points.map(({ xUm, yUm }) => `${xUm / 1000},${yUm / 1000}`)).toEqual(
      '-15,-10 -5,-10 5,-10 15,-10 15,0 5,0 -5,0 -15,0 -15,10 -5,10 5,10 15,10'.split(' '),
    );
    expect(pathUm(points)).toBe(110000);
  });

  it('shifts hexagonal rows by half a spacing, 8.661 mm apart at 10 mm', () => {
    const points = pointsIn({ shape: 'rectangle', widthMm: 40, heightMm: 20 }, 'hexagonal', 10000);
    const rows = [...new Set(points.map((point) => point.yUm))];
    expect(rows.map((y, i) => y - (rows[i - 1] ?? y))).toEqual([0, 8661, 8661]);
    expect(leastDistanceUm(points)).toBeGreaterThanOrEqual(9999);
  });

  it('keeps the coordinates of a polygon and drops points outside a notch', () => {
    const notched: Area = {
      shape: 'polygon',
      pointsMm: [
        [100, 100],
        [130, 100],
        [130, 130],
        [115, 110],
        [100, 130],
      ],
    };
    const points = pointsIn(notched, 'square', 10000);
    expect(points.map(({ xUm, yUm }) => `${xUm / 1000},${yUm / 1000}`)).toEqual(
      '100,100 110,100 120,100 130,100 130,110 120,110 110,110 100,110 100,120 130,120 130,130 100,130'.split(' '),
    );
  });

  it('never sets two points closer than the spacing less 1 µm (200 areas, seed 1)', () => {
    const law = fc.property(areas, patterns, fc.integer({ min: 5000, max: 20000 }), (area, pattern, spacingUm) => {
      expect(leastDistanceUm(pointsIn(area, pattern, spacingUm))).toBeGreaterThanOrEqual(spacingUm - 1);
    });
    fc.assert(law, { seed: 1, numRuns: 200 });
  });

  it('gives exactly the asked number of points in every shape, 1 to 200, spacing kept (100 areas, seed 2)', () => {
    const law = fc.property(areas, patterns, fc.integer({ min: 1, max: 200 }), (area, pattern, count) => {
      const { points } = countedPointsIn(area, pattern, 8000, count);
      expect(points).toHaveLength(count);
      expect(leastDistanceUm(points)).toBeGreaterThanOrEqual(7999);
    });
    fc.assert(law, { seed: 2, numRuns: 100 });
  });
});

describe('a plan', () => {
  it('lays 108 points of mesolift-face over 150 × 95 mm: 0.540 mL and one syringe', () => {
    const { plan } = planned(mesolift());
    expect(plan).toMatchObject({ pricks: 108, sessionUl: 540, syringes: 1, scale: 1 });
    expect(plan.compensationUl).toBeCloseTo(108 * plan.fluid.compensationUl, 9);
  });

  it('grows the area to 200 pricks of 5 µL, which take a second filling', () => {
    const checked = checkValue(mesolift({ set: { depthMm: 1.2, pricks: 200 } }));
    expect(checked.plan).toMatchObject({ pricks: 200, sessionUl: 1000, syringes: 2 });
    expect(checked.plan?.scale).toBeGreaterThan(1.2);
    expect(warningsOf(checked)).toMatchObject([{ pointer: '/fillUl', bound: 'enough for the session' }]);
  });

  it('is the same for the same file, byte for byte', () => {
    expect(JSON.stringify(planned(mesolift()).plan)).toBe(JSON.stringify(planned(mesolift()).plan));
  });

  /** Of a file that need not be feasible: the plan alone. */
  const planOf = (file: Record<string, unknown>, part = 1): Plan => {
    const { treatment } = treatmentOf(file as unknown as Protocol);
    if (treatment === null) throw new Error('the file names what is not there');
    return planProtocol({ ...treatment, part });
  };

  it('splits an area of 440 points over 3 sessions of 146, 147 and 147, each a run of neighbours, none left out', () => {
    const file = bareProtocol({ set: { spacingMm: 5 } });
    const plans = [1, 2, 3].map((part) => planOf(file, part));
    expect(plans[0]?.problems[0]).toMatchObject({ pointer: '/area', value: 440, bound: '≤ 200 pricks a session', severity: 'warning' });
    expect(plans.map(({ pricks, part, parts }) => [pricks, part, parts.length])).toEqual([146, 147, 147].map((n, i) => [n, i + 1, 3]));
    const places = plans.flatMap(({ points }) => points.map(({ xUm, yUm }) => `${xUm},${yUm}`));
    expect([places.length, new Set(places).size]).toEqual([440, 440]);
  });

  it('counts the substances of all parts in the course: 440 pricks of 5 µL at 40 mg/mL are 88 mg, 29.2 of them in the first of 3', () => {
    const { components } = planOf(bareProtocol({ set: { spacingMm: 5, doseUl: 5 }, course: undefined }));
    expect(components[0]).toMatchObject({ session: 29.2, course: 88 });
  });

  it('makes parts so small that the volume of a session holds: 440 pricks of 20 µL where a session gives 2000 µL are 5 of 88', () => {
    const { parts } = planOf(bareProtocol({ set: { spacingMm: 5, doseUl: 20 }, session: { pricks: 200, volumeUl: 2000 } }));
    expect(parts).toEqual([88, 88, 88, 88, 88]);
  });

  it('refuses an area of 3025 points, which would take more than 10 sessions, and says at which spacing a session holds it', () => {
    const area = { shape: 'rectangle' as const, widthMm: 270, heightMm: 270 };
    const { problems } = planOf(bareProtocol({ area, set: { spacingMm: 5 } }));
    expect(problems).toContainEqual(expect.objectContaining({ pointer: '/area', bound: '≤ 200 pricks', severity: 'error' }));
    expect(problems.find(({ pointer }) => pointer === '/area')?.why).toMatch(/more than 10 sessions.*space them 19\.\d mm apart/);
  });

  it('refuses a sliver of skin that holds no 20 pricks however large it is drawn', () => {
    const pointsMm: [number, number][] = [
      [0, 0],
      [100, 73],
      [100, 73.001],
    ];
    const checked = checkValue(bareProtocol({ area: { shape: 'polygon', pointsMm }, set: { pricks: 20 } }));
    expect(errorsOf(checked)[0]).toMatchObject({ pointer: '/set/pricks', value: 20 });
  });

  it('refuses 108 pricks of 5 µL where the protocol allows 500 µL a session', () => {
    const checked = checkValue(mesolift({ session: { pricks: 200, volumeUl: 500 } }));
    expect(errorsOf(checked)).toMatchObject([{ pointer: '/session/volumeUl', value: 500, nearest: 540 }]);
  });
});

describe('time of a prick', () => {
  it('takes 2·√(s/a) for a short way and s/v + v/a for a long one', () => {
    expect(moveMs(1, 120, 5000)).toBeCloseTo(2000 * Math.sqrt(1 / 5000), 9);
    expect(moveMs(4, 100, 5000)).toBeCloseTo(40 + 20, 9);
    expect(moveMs(0, 100, 5000)).toBe(0);
  });

  it('makes the shortest legal period cycle + spacing ÷ hand limit: 10 mm ÷ 40 mm/s adds 250 ms', () => {
    const { plan } = planned(mesolift());
    expect(plan.shortestPeriodMs).toBe(plan.cycle.totalMs + 250);
    expect(plan.periodMs).toBe(plan.shortestPeriodMs);
  });

  it('refuses a period of 300 ms and takes the shortest that it names', () => {
    const checked = checkValue(mesolift({ set: { depthMm: 1.2, periodMs: 300 } }));
    const [problem] = errorsOf(checked);
    expect(problem).toMatchObject({ pointer: '/set/periodMs', value: 300 });
    const slower = planned(mesolift({ set: { depthMm: 1.2, periodMs: problem?.nearest } }));
    expect(slower.plan.periodMs).toBe(problem?.nearest);
  });

  it('takes longer through a thinner needle: 32G waits for more lag than 27G', () => {
    const dwell = (needle: string): number => planned(mesolift({ needle, set: { depthMm: 2, dwellMs: 0 } })).plan.cycle.dwellMs;
    expect(dwell('32g-4mm')).toBeGreaterThan(2 * dwell('27g-4mm'));
  });
});
