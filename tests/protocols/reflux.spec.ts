// Reflux as the desk plans it: against the law by hand, against the plant, and where it is refused.
import { describe, expect, it } from 'vitest';
import { checkValue } from '../../protocols/check.ts';
import { depotShareLeft } from '../../protocols/fluid.ts';
import { Rig } from '../firmware/gun/rig.ts';
import { errorsOf, mesolift, planned } from './files.ts';

describe('share of a depot that is left', () => {
  it('is 1 at once, e⁻¹ after 30 s in the dermis, 0.787 after 0.5 s dose and 0.25 s rest in fat (τ 2 s)', () => {
    expect(depotShareLeft('dermis', 0, 0)).toBe(1);
    expect(depotShareLeft('dermis', 0, 30)).toBeCloseTo(Math.exp(-1), 12);
    expect(depotShareLeft('hypodermis', 0.5, 0.25)).toBeCloseTo(4 * (1 - Math.exp(-0.25)) * Math.exp(-0.125), 12);
  });
});

describe('planned reflux', () => {
  it('is a fifth of 5 µL at 1.2 mm, a tenth at 1.7 mm, and below 3 % at 2.5 mm', () => {
    const refluxUl = (depthMm: number): number => planned(mesolift({ set: { depthMm } })).plan.fluid.refluxUl;
    expect(refluxUl(1.2)).toBeGreaterThan(0.9);
    expect(refluxUl(1.2)).toBeLessThan(1.2);
    expect(refluxUl(1.7)).toBeLessThan(0.5);
    expect(refluxUl(2.5)).toBeLessThan(0.15);
  });

  it('grows nearly with the dose (a longer one disperses meanwhile) and is nothing for a dry prick', () => {
    const refluxUl = (doseUl: number): number => planned(mesolift({ set: { depthMm: 1.5, doseUl } })).plan.fluid.refluxUl;
    expect(refluxUl(10) / refluxUl(5)).toBeGreaterThan(1.8);
    expect(planned(mesolift({ technique: 'dry', set: {} })).plan.fluid.refluxUl).toBe(0);
  });

  it.each(['mesolift-face', 'alopecia-scalp', 'hyperhidrosis-axilla', 'stretch-marks'])(
    'is within a third of what comes back in the plant: %s, 20 pricks, seed 2',
    (protocol) => {
      const rig = new Rig({ protocol, set: { pricks: 20 }, seed: 2, limitS: 900 }).finish();
      const { pricks } = rig.virtual.truth;
      const backUl = pricks.reduce((sum, prick) => sum + prick.refluxUl, 0) / pricks.length;
      expect(backUl / rig.plan.fluid.refluxUl).toBeGreaterThan(0.67);
      expect(backUl / rig.plan.fluid.refluxUl).toBeLessThan(1.5);
    },
  );

  it('is refused beyond max(25 % of the dose, 2 µL), with the depth that would do', () => {
    const [problem] = errorsOf(checkValue(mesolift({ technique: 'papule', set: { depthMm: 1, doseUl: 20 } })));
    expect(problem).toMatchObject({ pointer: '/set/depthMm', value: 1, nearest: 1.1 });
    expect(problem?.bound).toBe('reflux ≤ max(25 % of the dose, 2 µL) = 5.00 µL');
    expect(errorsOf(checkValue(mesolift({ technique: 'papule', set: { depthMm: Number(problem?.nearest), doseUl: 20 } })))).toEqual([]);
  });
});
