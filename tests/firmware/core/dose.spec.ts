import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Dose, compensationBoundNl, compensationNl, dosingMn, heldNl, lagForMs, lnMilli } from '../../../firmware/core/dose.ts';
import * as P from '../../../firmware/core/program.ts';
import { areaMm2, heldUlPerKpa } from '../../../protocols/fluid.ts';
import { allOf } from '../../../protocols/library.ts';
import { nappage } from './programs.ts';

const STEPS_PER_MM = 51200;

describe('dose', () => {
  it('carries the rounding: 200 doses of 10 µL from a 1 mL syringe sum to within one microstep', () => {
    const dose = new Dose();
    dose.begin(nappage(), STEPS_PER_MM);
    let steps = 0;
    for (let i = 0; i < 200; i++) steps += dose.doseStepsFor(10000);
    expect(Math.abs(steps - (200 * 10000 * STEPS_PER_MM) / 17945)).toBeLessThan(1);
  });

  it('carries the rounding for any syringe and any list of doses within one microstep (seed 11)', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(17945, 58901, 114232, 165130),
        fc.array(fc.integer({ min: 1, max: 200000 }), { maxLength: 200 }),
        (nlPerMm, doses) => {
          const dose = new Dose();
          dose.begin(nappage({ [P.P_NL_PER_MM]: nlPerMm }), STEPS_PER_MM);
          let steps = 0;
          let sumNl = 0;
          for (const doseNl of doses) {
            steps += dose.doseStepsFor(doseNl);
            sumNl += doseNl;
          }
          return Math.abs(steps - (sumNl * STEPS_PER_MM) / nlPerMm) < 1;
        },
      ),
      { seed: 11 },
    );
  });

  it('adds C·p for the layer: 45 nL/kPa at 30 kPa hold 1 350 nL back when the stopper lets go, 1 189 nL when it keeps the rod bent', () => {
    expect(heldNl(nappage({ [P.P_BREAK_LOOSE_MN]: 1500 }))).toBe(1350);
    expect(heldNl(nappage())).toBe(1189);
  });

  it('adds what comes back through the track: 1 189 + 810 nL', () => {
    expect(compensationNl(nappage({ [P.P_REFLUX_NL]: 810 }))).toBe(1999);
  });

  it('holds the same as the law at the desk, for every syringe of the library at 5 to 40 kPa, within 1 nL', () => {
    for (const syringe of allOf('syringe')) {
      const nlPerMm = Math.round(areaMm2(syringe.boreMm) * 1000);
      for (let backKpa = 5; backKpa <= 40; backKpa += 5) {
        const perKpaUl = heldUlPerKpa(
          syringe.complianceUlPerKpa,
          nlPerMm / 1000,
          syringe.rodNPerMm,
          syringe.breakLooseN - syringe.glideN,
          backKpa,
        );
        const words = nappage({
          [P.P_COMPLIANCE_NL_PER_MPA]: syringe.complianceUlPerKpa * 1e6,
          [P.P_NL_PER_MM]: nlPerMm,
          [P.P_ROD_MN_PER_MM]: syringe.rodNPerMm * 1000,
          [P.P_GLIDE_MN]: syringe.glideN * 1000,
          [P.P_BREAK_LOOSE_MN]: syringe.breakLooseN * 1000,
          [P.P_BACK_PA]: backKpa * 1000,
        });
        expect(Math.abs(heldNl(words) - perKpaUl * backKpa * 1000), `${syringe.id} ${backKpa} kPa`).toBeLessThanOrEqual(1);
      }
    }
  });

  it.each([
    ['1 mL, 5 µL: the 2 µL floor is above C·40 kPa', 45000, 5000, 1800],
    ['5 mL, 5 µL: the 2 µL floor', 470000, 5000, 2000],
    ['5 mL, 100 µL: C·40 kPa', 470000, 100000, 18800],
    ['10 mL, 40 µL: a quarter of the dose', 950000, 40000, 10000],
  ])('R08: bounds compensation for %s', (_, complianceNlPerMpa, doseNl, boundNl) => {
    expect(compensationBoundNl(nappage({ [P.P_COMPLIANCE_NL_PER_MPA]: complianceNlPerMpa, [P.P_DOSE_NL]: doseNl }))).toBe(boundNl);
  });

  it('lnMilli is never below 1000·ln and at most 60 above, from 1 to 1 000 (seed 12)', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1001, max: 1000000 }), (ratioMilli) => {
        const exact = 1000 * Math.log(ratioMilli / 1000);
        return lnMilli(ratioMilli) >= exact - 1 && lnMilli(ratioMilli) <= exact + 61;
      }),
      { seed: 12 },
    );
    expect(lnMilli(1000)).toBe(0);
    expect(lnMilli(300)).toBe(0);
  });

  it('waits τ·ln(late ÷ residual): 30G × 4 mm on a 1 mL syringe, τ 25 ms, 1 250 nL late to 100 nL takes 63 to 67 ms', () => {
    const exactMs = 24.975 * Math.log(1248.75 / 100);
    const waitMs = lagForMs(nappage(), 5000, 50000);
    expect(waitMs).toBeGreaterThanOrEqual(Math.floor(exactMs));
    expect(waitMs).toBeLessThanOrEqual(exactMs + 4);
  });

  it('does not wait when less than the residual is late', () => {
    expect(lagForMs(nappage(), 90, 50000)).toBe(0);
  });

  it('expects glide plus pressure times bore on the plunger: 57.75 kPa on 17.945 mm² and 1.5 N are 2.536 N', () => {
    expect(dosingMn(nappage(), 50000)).toBe(1500 + 1036);
  });
});
