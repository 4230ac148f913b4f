import { describe, expect, it } from 'vitest';
import { cutEverywhere, referenceSteps } from './power-cut.ts';

describe('Power cut in a session of 12 pricks with ring wrap, hold and record save', () => {
  it('spans at least 2300 flash steps', () => {
    expect(referenceSteps()).toBeGreaterThan(2300);
  });

  it('R10 R33 R41: old or new, no uncounted dose, chain whole, usable after (G1 G3 G5), every 5th step × 4 tears, seed 1', () => {
    const campaign = cutEverywhere({ firstEvery: 5, secondEvery: 0, recoverySteps: 0, seed: 1 });
    expect(campaign.failures.slice(0, 5)).toEqual([]);
    expect(campaign.firstCuts).toBeGreaterThan(1800);
  });

  it('R10 R33 R41: the same after a second cut during recovery (G2), every 67th step × 4 tears × every 37th of 400, seed 2', () => {
    const campaign = cutEverywhere({ firstEvery: 67, secondEvery: 37, recoverySteps: 400, seed: 2 });
    expect(campaign.failures.slice(0, 5)).toEqual([]);
    expect(campaign.secondCuts).toBeGreaterThan(1500);
  });
});
