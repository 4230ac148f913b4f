// What must hold of the fluid path for any profile: mass is conserved, and cutting a segment changes nothing.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { needleResistance } from '../../../protocols/fluid.ts';
import { FluidPath } from '../../../sim/plant/fluid.ts';
import type { FluidParams, TissuePath } from '../../../sim/plant/fluid.ts';

const AREA_1ML = 17.945_091_396_570_26;
const RIGID_1ML: FluidParams = { areaMm2: AREA_1ML, complianceUlPerKpa: 0.045, needleKpaSPerUl: needleResistance(1, 4, 0.159) };
const REAL_1ML: FluidParams = { ...RIGID_1ML, complianceUlPerKpa: 0.04, rodNPerMm: 60, glideN: 1.5, breakLooseN: 3 };
const DERMIS: TissuePath = { openingKpa: 20, resistanceKpaSPerUl: 0.3, complianceUlPerKpa: 5, dispersionKpaSPerUl: 6 };

const segment = fc.record({
  forS: fc.double({ min: 1e-4, max: 0.5, noNaN: true }),
  speed: fc.double({ min: -1, max: 2, noNaN: true }),
  acceleration: fc.oneof(fc.constant(0), fc.double({ min: -8, max: 8, noNaN: true })),
  then: fc.constantFrom('on', 'enter', 'exit', 'rest', 'bare'),
  cutAt: fc.double({ min: 0.05, max: 0.95, noNaN: true }),
});
const syringe = fc.constantFrom<FluidParams>(
  RIGID_1ML,
  REAL_1ML,
  { ...REAL_1ML, playMm: 0.05, capillaryKpa: 1.8 },
  { areaMm2: 165.13, complianceUlPerKpa: 0.5, needleKpaSPerUl: 0.829, rodNPerMm: 60, glideN: 6, breakLooseN: 9, playMm: 0.02 },
);

function happen(path: FluidPath, then: string): void {
  if (then === 'enter') path.enter({ ...DERMIS, sealKpa: 1, sealKpaSPerUl: 0.5 });
  else if (then === 'bare') path.adjust(31, 0.3);
  else if (then === 'exit') path.exit(0.1);
  else if (then === 'rest') path.advance(0.2, 0, 0);
}

describe('fluid path, any profile (seed 2)', () => {
  it('conserves mass to 1e-9 µL', () => {
    fc.assert(
      fc.property(syringe, fc.array(segment, { maxLength: 12 }), (params, profile) => {
        const path = new FluidPath(params);
        for (const one of profile) {
          path.advance(one.forS, one.speed, one.acceleration);
          happen(path, one.then);
          const { stopperUl, tissueUl, airUl, sealUl, pKpa } = path;
          expect(Math.abs(stopperUl - (tissueUl + airUl + sealUl + params.complianceUlPerKpa * pKpa))).toBeLessThan(1e-9);
        }
      }),
      { seed: 2, numRuns: 300 },
    );
  });

  it('is the same within 1e-9 when any segment is cut in two', () => {
    fc.assert(
      fc.property(syringe, fc.array(segment, { maxLength: 8 }), (params, profile) => {
        const whole = new FluidPath(params);
        const cut = new FluidPath(params);
        for (const one of profile) {
          const firstS = one.forS * one.cutAt;
          whole.advance(one.forS, one.speed, one.acceleration);
          cut.advance(firstS, one.speed, one.acceleration);
          cut.advance(one.forS - firstS, one.speed + one.acceleration * firstS, one.acceleration);
          happen(whole, one.then);
          happen(cut, one.then);
        }
        const a = Object.entries(whole.snapshot());
        const b = Object.values(cut.snapshot()) as number[];
        a.forEach(([name, value], index) => {
          expect(Math.abs((value as number) - (b[index] ?? NaN)), name).toBeLessThan(1e-9 * Math.max(1, Math.abs(value as number)));
        });
      }),
      { seed: 2, numRuns: 300 },
    );
  });

  it('keeps the depot in balance: what is in tissue is elastic or dispersed, within 1e-9 µL', () => {
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 8 }), (profile) => {
        const path = new FluidPath(REAL_1ML);
        path.enter({ ...DERMIS, sealKpa: 1, sealKpaSPerUl: 0.5 });
        for (const one of profile) path.advance(one.forS, one.speed, one.acceleration);
        expect(Math.abs(path.tissueUl - path.dispersedUl - 5 * path.tissueKpa)).toBeLessThan(1e-9);
      }),
      { seed: 2, numRuns: 200 },
    );
  });
});
