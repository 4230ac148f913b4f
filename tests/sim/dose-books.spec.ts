// The books of a session in which the syringe is changed, and of a plunger that goes back: drip is liquid, and priming is no drip.
import { describe, expect, it } from 'vitest';
import { DoseBooks } from '../../sim/dose-books.ts';
import { FluidPath } from '../../sim/plant/fluid.ts';
import { Truth } from '../../sim/truth.ts';
import { lossesOf } from '../../tools/losses.ts';
import { Rig } from '../firmware/gun/rig.ts';

describe('a session of 24 pricks from syringes of 160 µL, seed 4', () => {
  const rig = new Rig({ set: { pricks: 24, fillUl: 160 }, seed: 4, limitS: 600 }).finish();
  const { truth } = rig.virtual;

  it('books 0.4 µL to 2.2 µL of drip to each prick, that before the change too', () => {
    const drips = truth.pricks.map((prick) => prick.airUl);
    expect(drips).toHaveLength(24);
    expect(Math.min(...drips)).toBeGreaterThan(0.4);
    expect(Math.max(...drips)).toBeLessThan(2.2);
  });

  it('pushes 6.5 µL to 8 µL a prick, and what it pushed is tissue, bevel, drip and what is held, within 0.5 µL', () => {
    for (const { stopperUl, tissueUl, exposedUl, airUl } of truth.pricks) {
      expect(Math.abs(stopperUl - 7.25)).toBeLessThan(0.75);
      expect(Math.abs(stopperUl - tissueUl - exposedUl - airUl)).toBeLessThan(0.5);
    }
  });

  it('counts both primings of 20 µL as priming, and the losses sum', () => {
    expect(truth.primedUl).toBeGreaterThan(40);
    expect(truth.primedUl).toBeLessThan(44);
    const { askedUl = 0, beyondUl = 0, stayedUl = 0, refluxUl = 0, bevelUl = 0, dripUl = 0, heldUl = 0 } = lossesOf(truth, 120_000) ?? {};
    expect(stayedUl + refluxUl + bevelUl + dripUl + heldUl).toBeCloseTo(askedUl + beyondUl, 9);
    expect(Math.abs(heldUl)).toBeLessThan(0.05);
  });
});

describe('a plunger that goes back in air by 3 µL after a prick', () => {
  it('has dripped what it had, then lets 3 µL of air out before it drips again', () => {
    const truth = new Truth({ trace: false });
    const books = new DoseBooks(truth);
    const path = new FluidPath({ areaMm2: 18, complianceUlPerKpa: 0.045, needleKpaSPerUl: 0.255 });
    const prick = truth.begin();
    const push = (ul: number): void => {
      path.advance(0.5, ul / 18 / 0.5, 0);
      path.advance(2, 0, 0);
      books.enter(path, false, null, 0);
    };
    push(2);
    expect(prick.airUl).toBeCloseTo(2, 6);
    push(-3);
    expect([prick.airUl, prick.stopperUl].map((ul) => Math.round(1e6 * ul))).toEqual([2e6, 2e6]);
    push(3.5);
    expect(prick.airUl).toBeCloseTo(2.5, 6);
    expect(prick.stopperUl).toBeCloseTo(2.5, 6);
  });
});
