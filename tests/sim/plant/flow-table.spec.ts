// A viscous law as a table: the law itself, what stands in series with it, and how a pressure left alone runs down through it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CrossNeedle, hyaluronic } from '../../../protocols/fluid-shear.ts';
import { FlowTable } from '../../../sim/plant/flow-table.ts';
import { PowerLaw } from '../../../sim/plant/fluid-needle.ts';
import { FluidPath } from '../../../sim/plant/fluid.ts';
import type { FluidParams } from '../../../sim/plant/fluid.ts';

const GEL = new CrossNeedle(hyaluronic(15), 4, 0.159);
const PRESSURES = [1e-8, 1e-4, 0.03, 1, 20, 187, 3000];

describe('flow table', () => {
  it.each([0, 0.05, 0.3, 3])('with %d kPa·s/µL in series gives flows whose pressures add up to what was asked, within 1e-5', (series) => {
    const table = new FlowTable(GEL, series);
    for (const kpa of PRESSURES) {
      const flow = table.flowUlPerS(kpa);
      expect((GEL.dropKpa(flow) + series * flow) / kpa).toBeCloseTo(1, 5);
      const rise = (table.flowUlPerS(kpa * 1.0001) - table.flowUlPerS(kpa * 0.9999)) / (kpa * 2e-4);
      expect(table.slopePerKpaS(kpa) / rise).toBeCloseTo(1, 6);
    }
  });

  it('is a power law of 3.5 within 1e-9 and its run-down p = [p0^(1−m) + (m − 1)·G·t/C]^(1/(1−m)), beyond the table too', () => {
    const table = new FlowTable(new PowerLaw(1e-5, 3.5), 0);
    for (const kpa of PRESSURES) {
      expect(table.flowUlPerS(kpa) / (1e-5 * kpa ** 3.5)).toBeCloseTo(1, 9);
      for (const t of [1e-3, 1, 1e6, 1e29]) {
        const closed = (kpa ** -2.5 + 2.5e-5 * t) ** (1 / -2.5);
        expect(table.relaxedKpa(kpa, t) / closed).toBeCloseTo(1, 8);
      }
    }
  });

  it('runs down as e^(−t/RC) with a power of 1, and to nothing in finite time with one of 0.5', () => {
    const poiseuille = new FlowTable(new PowerLaw(4, 1), 0);
    expect(poiseuille.relaxedKpa(30, 1) / (30 * Math.exp(-4))).toBeCloseTo(1, 9);
    expect(poiseuille.relaxedKpa(1e-6, 5) / (1e-6 * Math.exp(-20))).toBeCloseTo(1, 9);
    // p = (√p0 − G·t/2C)²
    const thick = new FlowTable(new PowerLaw(1, 0.5), 0);
    expect(thick.relaxedKpa(4, 2) / 1).toBeCloseTo(1, 8);
    expect(thick.relaxedKpa(4, 4.1)).toBe(0);
  });

  it('runs down in two parts as in one, and back from its pressures to its times (200 cases, seed 9)', () => {
    const table = new FlowTable(GEL, 0.3);
    const log = fc.double({ min: -15, max: 8, noNaN: true });
    fc.assert(
      fc.property(log, log, log, (p, first, second) => {
        const [kpa, one, two] = [Math.exp(p), Math.exp(first), Math.exp(second)];
        const whole = table.relaxedKpa(kpa, one + two);
        expect(table.relaxedKpa(table.relaxedKpa(kpa, one), two) / whole).toBeCloseTo(1, 8);
        expect(table.relaxesIn(kpa, whole) / (one + two)).toBeCloseTo(1, 4);
      }),
      { seed: 9, numRuns: 200 },
    );
  });
});

describe('a syringe of hyaluronic acid left alone in air', () => {
  const SYRINGE: FluidParams = {
    ...{ areaMm2: 17.945, complianceUlPerKpa: 0.04, needleKpaSPerUl: 0, flowCurve: GEL },
    ...{ rodNPerMm: 60, glideN: 1.5, breakLooseN: 3 },
  };
  /** Pushed by 15 µL at 20 µL/s, then left alone. */
  function pushed(): FluidPath {
    const path = new FluidPath(SYRINGE);
    path.advance(0.75, 20 / SYRINGE.areaMm2, 0);
    path.advance(0.02, 0, 0);
    return path;
  }

  it('breaks loose on its way, and gives the same to 1e-8 µL in one step of 20 s and in 20 000 of 1 ms', () => {
    const [whole, cut] = [pushed(), pushed()];
    const stopperMm = whole.stopperMm;
    whole.advance(20, 0, 0);
    for (let ms = 0; ms < 20_000; ms++) cut.advance(1e-3, 0, 0);
    expect(whole.stopperMm - stopperMm).toBeGreaterThan(0.005);
    expect(Math.abs(whole.airUl - cut.airUl)).toBeLessThan(1e-8);
    expect(Math.abs(whole.stopperUl - cut.stopperUl)).toBeLessThan(1e-8);
  });

  it('follows dp/dt = −q(p)/C: 5 s of it within 1e-6 µL of 50 000 steps of Runge and Kutta, the stopper stuck', () => {
    const path = new FluidPath({ ...SYRINGE, rodNPerMm: 0, complianceUlPerKpa: 0.045 });
    path.advance(0.1, 20 / SYRINGE.areaMm2, 0);
    let kpa = path.pKpa;
    const before = path.airUl;
    path.advance(5, 0, 0);
    const h = 1e-4;
    const slope = (p: number): number => -GEL.flowUlPerS(p) / 0.045;
    const startKpa = kpa;
    for (let step = 0; step < 50_000; step++) {
      const k1 = slope(kpa);
      const k2 = slope(kpa + (h / 2) * k1);
      const k3 = slope(kpa + (h / 2) * k2);
      kpa += (h / 6) * (k1 + 2 * k2 + 2 * k3 + slope(kpa + h * k3));
    }
    expect(Math.abs(path.airUl - before - 0.045 * (startKpa - kpa))).toBeLessThan(1e-6);
  });
});
