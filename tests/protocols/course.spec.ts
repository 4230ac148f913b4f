import { describe, expect, it } from 'vitest';
import { checkValue } from '../../protocols/check.ts';
import { componentTotals } from '../../protocols/components.ts';
import { courseDays, courseText, dayAfter, sessionsOf } from '../../protocols/course.ts';
import { find } from '../../protocols/library.ts';
import { copyOf, errorsOf, mesolift, planned } from './files.ts';

const course = {
  phases: [
    { sessions: 3, everyDays: 7 },
    { sessions: 1, everyDays: 14 },
  ],
  maintenance: { everyDays: 182 },
};

describe('course', () => {
  it('puts 3 sessions a week apart, one after 14 days and maintenance after 182 on days 0, 7, 14, 28, 210 and 392', () => {
    expect(courseDays(course).map(({ day }) => day)).toEqual([0, 7, 14, 28, 210, 392]);
    expect(courseDays(course).map(({ kind }) => kind === 'session')).toEqual([true, true, true, true, false, false]);
    expect(sessionsOf(course)).toBe(4);
  });

  it('counts days over a leap year: 2028-02-28 and 2 days is 2028-03-01, and 2027-02-30 is no day', () => {
    expect(dayAfter('2028-02-28', 2)).toBe('2028-03-01');
    expect(dayAfter('2027-02-30', 0)).toBeNull();
    expect(dayAfter('tomorrow', 0)).toBeNull();
  });

  it('reads as a sentence', () => {
    expect(courseText(course)).toBe('3 sessions, 7 days apart, then 1 session, 14 days later; maintenance every 182 days');
  });
});

describe('components', () => {
  it('sum to 21.6 mg of ascorbic acid in 108 pricks of 5 µL at 40 mg/mL, and to 151.2 mg in a course of 7 sessions', () => {
    const { plan, treatment } = planned(find('protocol', 'mesolift-face'));
    expect(plan.components[0]).toMatchObject({ name: 'ascorbic acid', unit: 'mg', session: 21.6, course: 151.2 });
    expect(componentTotals({ ...treatment, product: { ...treatment.product, components: undefined } }, 540)).toEqual([]);
  });

  it('above their most in a session or a course are refused with the dose that would do', () => {
    const product = {
      ...copyOf('product', 'vitamin-cocktail'),
      components: [{ name: 'x', unit: 'mg', perMl: 40, maxSession: 10.8, maxCourse: 1e3 }],
    };
    const [error] = errorsOf(checkValue(mesolift({ product })));
    expect(error).toMatchObject({ bound: 'session ≤ 10.8 mg of x', nearest: 2.5 });
    const many = { ...product, components: [{ name: 'x', unit: 'mg', perMl: 40, maxSession: 100, maxCourse: 100 }] };
    expect(errorsOf(checkValue(mesolift({ product: many })))[0]?.bound).toBe('course ≤ 100 mg of x');
  });
});

describe('bone', () => {
  it('is refused 3 mm deep at the forehead of a woman, where it lies at 3.06 mm, with a depth that would do; 1.5 mm is not', () => {
    const at = (depthMm: number) => errorsOf(checkValue(mesolift({ site: 'forehead', sex: 'f', set: { depthMm } })));
    expect(at(1.5)).toEqual([]);
    const [error] = at(3);
    expect(error).toMatchObject({ pointer: '/set/depthMm', value: 3, bound: 'two standard deviations above the periosteum' });
    expect(at(Number(error?.nearest))).toEqual([]);
  });

  it('is no matter at the abdomen', () => {
    expect(errorsOf(checkValue(mesolift({ site: 'abdomen', set: { depthMm: 3 } })))).toEqual([]);
  });
});
