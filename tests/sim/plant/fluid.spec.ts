// The fluid path against reference cases solved elsewhere, closed-form checks and limits. Properties: fluid-properties.spec.ts.
import { describe, expect, it } from 'vitest';
import { needleResistance } from '../../../protocols/fluid.ts';
import { FluidPath } from '../../../sim/plant/fluid.ts';
import type { FluidParams, FluidSnapshot, TissuePath } from '../../../sim/plant/fluid.ts';
import reference from './fluid-cases.json' with { type: 'json' };

const AREA_1ML = 17.945_091_396_570_26;
const RIGID_1ML: FluidParams = { areaMm2: AREA_1ML, complianceUlPerKpa: 0.045, needleKpaSPerUl: needleResistance(1, 4, 0.159) };
const REAL_1ML: FluidParams = { ...RIGID_1ML, complianceUlPerKpa: 0.04, rodNPerMm: 60, glideN: 1.5, breakLooseN: 3 };
const DERMIS: TissuePath = { openingKpa: 20, resistanceKpaSPerUl: 0.3, complianceUlPerKpa: 5, dispersionKpaSPerUl: 6 };

interface CaseParams {
  A: number;
  Cf: number;
  R: number;
  k?: number;
  Fc?: number;
  Fbl?: number;
  py?: number;
  Rt?: number;
  Ct?: number;
  Rd?: number;
  phi: number;
}

function pathOf(params: CaseParams): FluidPath {
  const rod = params.k === undefined ? {} : { rodNPerMm: params.k, glideN: params.Fc ?? 0, breakLooseN: params.Fbl ?? 0 };
  const path = new FluidPath({ areaMm2: params.A, complianceUlPerKpa: params.Cf, needleKpaSPerUl: params.R, ...rod });
  if (params.Ct !== undefined) {
    path.enter({
      openingKpa: params.py ?? 0,
      resistanceKpaSPerUl: params.Rt ?? 0,
      complianceUlPerKpa: params.Ct,
      dispersionKpaSPerUl: params.Rd ?? Infinity,
    });
  }
  return path;
}

const asMark = (s: FluidSnapshot): Record<string, number> => ({
  p_kPa: s.pKpa,
  pt_kPa: s.tissueKpa,
  x_mm: s.pusherMm,
  xs_mm: s.stopperMm,
  V_needle_uL: s.needleUl,
  V_tissue_uL: s.tissueUl,
  V_air_uL: s.airUl,
  V_sealleak_uL: s.sealUl,
  V_dispersed_uL: s.dispersedUl,
  V_stopper_uL: s.stopperUl,
});

describe('fluid path, reference cases', () => {
  it.each(reference.cases.map((one) => [one.id, one.title, one] as const))(
    '%s: %s: every mark to 1e-6 of the closed form',
    (_id, _title, one) => {
      const params: CaseParams = one.params;
      const path = pathOf(params);
      const marks = Object.values(one.marks);
      let next = 0;
      for (const step of one.profile) {
        if (step.kind === 'exit_skin') {
          path.exit(params.phi);
          continue;
        }
        path.advance(step.T_s, step.v_mm_s, 0);
        const mine = asMark(path.snapshot());
        for (const [name, value] of Object.entries(marks[next]?.closed_form ?? {}))
          expect(Math.abs((mine[name] ?? NaN) - value), name).toBeLessThan(1e-6);
        next += 1;
      }
      expect(next).toBe(4);
      expect(path.refluxUl).toBeCloseTo(one.summary.track_reflux_uL, 5);
    },
  );
});

describe('fluid path, closed-form checks', () => {
  it('has delivered q·τ/e after one time constant at 20 µL/s from rest', () => {
    const path = new FluidPath(RIGID_1ML);
    const lagS = RIGID_1ML.needleKpaSPerUl * 0.045;
    path.advance(lagS, 20 / AREA_1ML, 0);
    expect(path.airUl).toBeCloseTo((20 * lagS) / Math.E, 12);
  });

  it('accelerates exactly: 40 mm/s² for 25 ms gives p = R·a·(t − τ + τ·e^(−t/τ)) within 1e-9 kPa', () => {
    const path = new FluidPath(RIGID_1ML);
    const resistance = RIGID_1ML.needleKpaSPerUl;
    const lagS = resistance * 0.045;
    path.advance(0.025, 0, 40);
    expect(path.pKpa).toBeCloseTo(resistance * 40 * AREA_1ML * (0.025 - lagS + lagS * Math.exp(-0.025 / lagS)), 9);
  });

  it('moves the stopper by 0 mm until the rod carries 3 N, then breaks loose', () => {
    const path = new FluidPath(REAL_1ML);
    path.advance(0.049_999, 1, 0);
    expect(path.stopperMm).toBe(0);
    expect(path.forceN).toBeCloseTo(2.99994, 6);
    path.advance(0.000_002, 1, 0);
    expect(path.stopperMm).toBeGreaterThan(0.01);
    expect(path.forceN).toBeLessThan(3);
  });

  it('leaves the pressure alone while it is drawn back by less than the dead zone (Fbl + Fc)/k + play = 0.125 mm', () => {
    const path = new FluidPath({ ...REAL_1ML, needleKpaSPerUl: Infinity, playMm: 0.05, playOffsetMm: -0.025 });
    path.advance(1, 0.3, 0);
    const beforeKpa = path.pKpa;
    path.advance(0.12, -1, 0);
    expect(path.pKpa).toBe(beforeKpa);
    path.advance(0.01, -1, 0);
    expect(path.pKpa).toBeLessThan(beforeKpa - 1);
  });

  it('takes up 0.05 mm of play before anything moves, across a reversal within one segment', () => {
    const path = new FluidPath({ ...RIGID_1ML, playMm: 0.05, playOffsetMm: 0.025 });
    path.advance(0.2, 0.5, -5);
    expect(path.motorMm).toBeCloseTo(0.025, 12);
    expect(path.pusherMm).toBeCloseTo(0.025, 12);
    path.advance(0.1, 1, 0);
    expect(path.pusherMm).toBeCloseTo(0.1, 12);
  });

  it('opens tissue only above 20 kPa, and a needle drawn out gives the rest to the air', () => {
    const path = new FluidPath(RIGID_1ML);
    path.enter(DERMIS);
    path.advance(0.04, 1, 0);
    expect(path.pKpa).toBeLessThan(20);
    expect(path.tissueUl).toBeCloseTo(0, 12);
    path.advance(0.5, 1, 0);
    path.advance(2, 0, 0);
    expect(path.pKpa).toBeGreaterThan(20);
    const delivered = path.tissueUl;
    path.exit(0.05);
    path.advance(5, 0, 0);
    expect(path.tissueUl).toBe(delivered);
    expect(path.airUl).toBeCloseTo(path.stopperUl - delivered, 9);
    expect(path.quiet).toBe(true);
  });

  it('splits the flow when a fifth of the bevel is bare: 20 % of it is not in the skin', () => {
    const path = new FluidPath(RIGID_1ML);
    path.enter({ ...DERMIS, exposedFraction: 0.2 });
    path.advance(0.5, 1, 0);
    expect(path.airUl).toBeCloseTo(0.2 * path.needleUl, 9);
    expect(path.tissueUl).toBeCloseTo(0.8 * path.needleUl, 9);
  });

  it('leaks past the needle while the depot is above 0.5 kPa', () => {
    const path = new FluidPath(RIGID_1ML);
    path.enter({ ...DERMIS, sealKpa: 0.5, sealKpaSPerUl: 0.2 });
    path.advance(0.1, 1.2, 0);
    expect(path.sealUl).toBe(0);
    path.advance(0.5, 1.2, 0);
    expect(path.sealUl).toBeGreaterThan(0.5);
    expect(path.tissueUl + path.sealUl).toBeCloseTo(path.needleUl, 9);
  });

  it('holds a drop of 1.8 kPa at a dry outlet', () => {
    const path = new FluidPath({ ...RIGID_1ML, capillaryKpa: 1.8 });
    path.advance(0.05, 1, 0);
    path.advance(3, 0, 0);
    expect(path.pKpa).toBeCloseTo(1.8, 9);
    expect(path.quiet).toBe(true);
  });

  it('breaks loose at rest when an occlusion clears: the rod pushes 1 µL and more out of the pressure it held', () => {
    const path = new FluidPath({ ...REAL_1ML, needleKpaSPerUl: Infinity });
    path.advance(0.6, 1, 0);
    path.advance(1, 0, 0);
    const heldAtMm = path.stopperMm;
    expect(path.pKpa).toBeGreaterThan(90);
    path.setNeedle(RIGID_1ML.needleKpaSPerUl);
    path.advance(2, 0, 0);
    expect(path.stopperMm - heldAtMm).toBeGreaterThan(0.01);
    expect(path.airUl).toBeGreaterThan(4);
    expect(path.pKpa).toBe(0);
    expect(path.quiet).toBe(true);
  });

  it('compresses a frictionless rod of 60 N/mm by A·p/k', () => {
    const path = new FluidPath({ ...RIGID_1ML, rodNPerMm: 60 });
    path.advance(0.3, 1, 0);
    expect(path.pusherMm - path.stopperMm).toBeCloseTo((1e-3 * AREA_1ML * path.pKpa) / 60, 12);
    expect(path.forceN).toBeCloseTo(1e-3 * AREA_1ML * path.pKpa, 12);
  });

  it('draws back from the depot and not from the air over a half-bare bevel', () => {
    const path = new FluidPath(RIGID_1ML);
    path.enter({ ...DERMIS, exposedFraction: 0.5 });
    path.advance(0.5, 1, 0);
    path.advance(0.1, -0.3, 0);
    const airUl = path.airUl;
    const tissueUl = path.tissueUl;
    path.advance(0.3, -1, 0);
    expect(path.airUl).toBeCloseTo(airUl, 9);
    expect(path.tissueUl).toBeLessThan(tissueUl - 0.5);
  });

  it('passes nothing through a blocked needle and shows the force: 0.2 mm on 0.045 µL/kPa is 79.8 kPa, 1.43 N', () => {
    const path = new FluidPath({ ...RIGID_1ML, needleKpaSPerUl: Infinity });
    path.advance(0.2, 1, 0);
    expect(path.needleUl).toBeCloseTo(0, 12);
    expect(path.pKpa).toBeCloseTo((0.2 * AREA_1ML) / 0.045, 9);
    expect(path.forceN).toBeCloseTo(1.4312, 3);
  });
});

describe('fluid path, limits', () => {
  it('with an infinitely stiff rod and no friction is the rigid path', () => {
    const rigid = new FluidPath(RIGID_1ML);
    const stiff = new FluidPath({ ...RIGID_1ML, rodNPerMm: 1e12 });
    for (const path of [rigid, stiff]) path.advance(0.3, 1, 0);
    expect(stiff.pKpa).toBeCloseTo(rigid.pKpa, 7);
    expect(stiff.needleUl).toBeCloseTo(rigid.needleUl, 7);
  });

  it('with an opening pressure going to zero flows as with none', () => {
    const none = new FluidPath(RIGID_1ML);
    const tiny = new FluidPath(RIGID_1ML);
    none.enter({ ...DERMIS, openingKpa: 0 });
    tiny.enter({ ...DERMIS, openingKpa: 1e-9 });
    for (const path of [none, tiny]) path.advance(0.5, 1, 0);
    expect(tiny.tissueUl).toBeCloseTo(none.tissueUl, 7);
  });
});
