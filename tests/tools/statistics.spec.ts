// Mean and spread of summaries.
import { describe, expect, it } from 'vitest';
import { spreadOf } from '../../tools/statistics.ts';

describe('spread', () => {
  it('gives mean 5 and sample standard deviation 2.138 for 2 4 4 4 5 5 7 9', () => {
    expect(spreadOf([2, 4, 4, 4, 5, 5, 7, 9])).toEqual({ mean: 5, sd: 2.138 });
  });
  it('gives sd 0 for one value and 0, 0 for none', () => {
    expect(spreadOf([7])).toEqual({ mean: 7, sd: 0 });
    expect(spreadOf([])).toEqual({ mean: 0, sd: 0 });
  });
});
