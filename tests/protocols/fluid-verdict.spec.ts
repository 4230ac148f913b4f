// Feasibility of a plan: what each kit loses and needs, and that its verdict is that of the front door (check.ts).
import { describe, expect, it } from 'vitest';
import { checkId, checkValue } from '../../protocols/check.ts';
import { fluidRows, kitLines } from '../../protocols/describe-fluid.ts';
import { fluidVerdicts } from '../../protocols/fluid-verdict.ts';
import type { FluidVerdict } from '../../protocols/fluid-verdict.ts';
import { find, idsOf } from '../../protocols/library.ts';
import type { Treatment } from '../../protocols/treatment.ts';
import { bareProtocol, copyOf, errorsOf, warningsOf } from './files.ts';

function planned(id: string): Treatment {
  const treatment = checkId(id)?.treatment;
  if (!treatment) throw new Error(`${id} has no plan`);
  return treatment;
}
const ownOf = (id: string): FluidVerdict => {
  const [own] = fluidVerdicts(planned(id));
  if (own === undefined) throw new Error(`${id} has no verdict`);
  return own;
};

describe('fluid verdict', () => {
  it('of mesolift-face: 1.15 µL held against 29 kPa, 1.08 µL back, lag 100 ms, 299 ms to wait, 5.1 N of 45', () => {
    expect(ownOf('mesolift-face')).toMatchObject({ syringe: '1ml', needle: '32g-4mm', own: true, refused: null, lagMs: 100, waitMs: 299 });
    const { heldUl, refluxUl, backKpa, thrustN, thrustMostN } = ownOf('mesolift-face');
    expect([heldUl, refluxUl, backKpa].map((value) => value.toFixed(2))).toEqual(['1.15', '1.08', '29.05']);
    expect([thrustN.toFixed(1), thrustMostN]).toEqual(['5.1', 45]);
  });

  it('says of each kit in the library what the check says when it is written into the protocol', () => {
    const wrong: string[] = [];
    for (const id of idsOf('protocol')) {
      const protocol = find('protocol', id);
      const technique = protocol?.technique;
      if (!protocol || typeof technique !== 'string') throw new Error(id);
      const treatment = planned(id);
      for (const { syringe, needle, refused } of fluidVerdicts(treatment)) {
        const full = treatment.fillUl >= treatment.syringe.capacityUl;
        const capacityUl = find('syringe', syringe)?.capacityUl ?? 0;
        const fillUl = full ? capacityUl : Math.min(treatment.fillUl, capacityUl);
        const checked = checkValue({ ...structuredClone(protocol), syringe, needle, fillUl });
        if (checked.ok !== (refused === null)) wrong.push(`${id} ${syringe} ${needle}: ${refused ?? 'does'}, check says ${checked.ok}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it.each(['mesolift-face', 'alopecia-scalp', 'rejuvenation-hands', 'localized-fat'])(
    'names a fastest rate of %s that passes the check, while a quarter more does not',
    (id) => {
      const { fastestUlPerS, bestRateUlPerS, prickMs, bestPrickMs } = ownOf(id);
      const at = (rateUlPerS: number): boolean => checkId(id, { rateUlPerS })?.ok === true;
      expect([at(fastestUlPerS ?? 0), at(1.25 * (fastestUlPerS ?? 0))]).toEqual([true, false]);
      expect(bestRateUlPerS).toBeLessThanOrEqual(fastestUlPerS ?? 0);
      expect(bestPrickMs).toBeLessThanOrEqual(prickMs);
      expect(checkId(id, { rateUlPerS: bestRateUlPerS ?? 0 })?.plan?.cycle.totalMs).toBe(bestPrickMs);
    },
  );

  it('names 18.5 µL as the least dose of a 3 mL syringe in hyperhidrosis-axilla: it passes, 18 µL does not', () => {
    expect(ownOf('hyperhidrosis-axilla').leastDoseUl).toBe(18.5);
    const fits = (doseUl: number): boolean => checkId('hyperhidrosis-axilla', { doseUl })?.ok === true;
    expect([fits(18.5), fits(18)]).toEqual([true, false]);
  });

  it('gives a dry session one kit, no loss and no rate', () => {
    const verdicts = fluidVerdicts(planned('reflex-dry'));
    expect(verdicts).toHaveLength(1);
    expect(verdicts[0]).toMatchObject({
      doseUl: 0,
      heldUl: 0,
      refluxUl: 0,
      fastestUlPerS: null,
      leastDoseUl: null,
      pricksPerFilling: null,
    });
    expect(fluidRows(planned('reflex-dry'), ownOf('reflex-dry'), 100)).toEqual([['lost', 'nothing: a dry prick gives no liquid']]);
  });

  it('leaves the rate to the withdrawal where a technique gives all of its dose on the way back: stretch-marks at 12.5 µL/s', () => {
    expect(ownOf('stretch-marks')).toMatchObject({ rateUlPerS: 12.5, bestRateUlPerS: null, fastestUlPerS: null });
  });

  it('is a table with the own kit first and a reason for each that is refused', () => {
    const lines = kitLines(fluidVerdicts(planned('mesolift-face')));
    expect(lines[1]).toMatch(/^ {2}1ml +32g-4mm +2\.23 µL .*this one; does$/);
    expect(lines.filter((line) => line.includes('refused: its compliance holds back'))).toHaveLength(3);
  });
});

describe('a refused kit', () => {
  it('of 5 µL from a 5 mL syringe names the 1 mL one, which does', () => {
    const refused = bareProtocol({ syringe: '5ml', set: { doseUl: 5 } });
    const [problem] = errorsOf(checkValue(refused));
    expect(problem).toMatchObject({ pointer: '/syringe', value: '5ml', nearest: '1ml' });
    expect(errorsOf(checkValue({ ...refused, syringe: '1ml' }))).toEqual([]);
  });

  it('of a liquid of 20 mPa·s through 32G names a wider needle, which does', () => {
    const thick = { ...copyOf('product', 'saline'), viscosityMpas: 20 };
    const refused = { ...bareProtocol({ set: { doseUl: 5, depthMm: 2 } }), product: thick };
    const [problem] = errorsOf(checkValue(refused));
    expect(problem?.pointer).toBe('/needle');
    expect(problem?.why).toContain(`needle ${String(problem?.nearest)} would do`);
    expect(errorsOf(checkValue({ ...refused, needle: problem?.nearest }))).toEqual([]);
  });

  it('of 150 µL/s from 1 mL says the rate that works and that no kit of the technique is faster', () => {
    const [problem] = errorsOf(checkId('mesolift-face', { rateUlPerS: 150 }) ?? checkValue({}));
    expect(problem).toMatchObject({ nearest: 107.6 });
    expect(problem?.why).toContain('no other syringe and needle that nappage is for would do');
  });

  it('that loses more than it gives is a warning with the loss: 1.16 µL of 1 µL in rejuvenation-face', () => {
    const [warning] = warningsOf(checkId('rejuvenation-face') ?? checkValue({}));
    expect(warning).toMatchObject({ pointer: '/syringe', bound: 'a loss ≤ the dose of 1 µL' });
    expect(warning?.why).toContain('1.16 µL more than the dose');
  });
});
