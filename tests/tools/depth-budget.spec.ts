// Depth error by source: the parts sum to the whole, and each source shows what was done to it.
import { describe, expect, it } from 'vitest';
import { depthBudgetOf } from '../../tools/depth-budget.ts';
import type { DepthBudget } from '../../tools/depth-budget.ts';
import { readyToRun } from '../../tools/source.ts';
import { Truth } from '../../sim/truth.ts';
import { Rig } from '../firmware/gun/rig.ts';

const { treatment } = readyToRun('mesolift-face', ['pricks=12']);
const budget = (world: object = {}): DepthBudget => {
  const rig = new Rig({ set: { pricks: 12 }, seed: 4, limitS: 300, world }).finish();
  return depthBudgetOf(rig.virtual.truth, treatment) as DepthBudget;
};

describe('depth error by source', () => {
  const usual = budget();

  it('sums to the error within 1 µm: tip, bulge, indentation and margin, 12 pricks, seed 4', () => {
    const { errorUm, tipUm, bulgeUm, indentationUm, marginUm } = usual;
    expect(Math.abs(tipUm.mean + bulgeUm.mean + indentationUm.mean + marginUm - errorUm.mean)).toBeLessThan(1);
  });

  it('puts a skin that bulges twice as much under bulge: more than 0.3 mm deeper, the tip where it was within 20 µm', () => {
    const soft = budget({ skin: { bulge: 2 } });
    expect(soft.bulgeUm.mean - usual.bulgeUm.mean).toBeGreaterThan(300);
    expect(Math.abs(soft.tipUm.mean - usual.tipUm.mean)).toBeLessThan(20);
  });

  it('puts a skin twice as tough under indentation: shallower', () => {
    expect(budget({ skin: { puncture: 1.6 } }).indentationUm.mean).toBeLessThan(usual.indentationUm.mean - 50);
  });

  it('says nothing where nothing went through the skin', () => {
    expect(depthBudgetOf(new Truth({ trace: false }), treatment)).toBeNull();
  });
});
