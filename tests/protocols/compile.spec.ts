// From a checked protocol to the gun's integers, read back by name and judged by the gun's own limits.
import { describe, expect, it } from 'vitest';
import { Limits } from '../../firmware/core/limits.ts';
import * as P from '../../firmware/core/program.ts';
import { STAMP_DRIVEN, STAMP_PASSIVE } from '../../hal/devices.ts';
import { canonicalJson, crc32Of } from '../../protocols/canonical.ts';
import { checkValue } from '../../protocols/check.ts';
import { compileProtocol } from '../../protocols/compile.ts';
import { shortestLegalPeriodMs } from '../../protocols/cycle.ts';
import { needleResistance } from '../../protocols/fluid.ts';
import { readProgram } from '../../protocols/read-program.ts';
import type { Step } from '../../protocols/schema.ts';
import { bareProtocol, errorsOf, mesolift, planned } from './files.ts';

const judged = (words: Int32Array): number[] => {
  const limits = new Limits();
  return limits.judge(words, words.length) === 0 ? [] : [...limits.refusal];
};

describe('compiler', () => {
  it('writes mesolift-face as µm, nL, mN and ms', () => {
    const { name, head, steps } = readProgram(planned(mesolift()).plan.program);
    expect(name).toBe('mesolift-face');
    expect(head).toMatchObject({ version: 1, permit: P.PERMIT_CADENCE, spacingUm: 10000, pricks: 108, doseNl: 5000, depthUm: 1200 });
    expect(head).toMatchObject({ needleUm: 4000, stamp: STAMP_PASSIVE, ringMinMn: 1000, ringMaxMn: 3000, handUmPerS: 40000 });
    expect(head).toMatchObject({ capacityNl: 1000000, fillNl: 1000000, nlPerMm: 17945, complianceNlPerMpa: 45000, glideMn: 1500 });
    expect(head).toMatchObject({ breakLooseMn: 3000, rodMnPerMm: 60000, backlashUm: 50, residualNl: 200, primeNl: 20000 });
    expect(steps.map((step) => step.op)).toEqual(['press', 'insert', 'dose', 'dwell', 'withdraw', 'release']);
    expect(steps[1]).toMatchObject({ a: 1200, b: head['tipUm'], c: 100000 });
    expect(steps[2]).toMatchObject({ a: 5000, b: 40000 });
    expect(steps[4]).toMatchObject({ a: P.WITHDRAW_HOME, b: 100000, c: 0 });
  });

  it('computes 17945, 58901, 114231 and 165130 nL/mm for the bores of 1, 3, 5 and 10 mL', () => {
    const nlPerMm = (syringe: string, fillUl: number): unknown =>
      readProgram(
        planned(bareProtocol({ syringe, fillUl, needle: '30g-4mm' }, { doseUl: 200 }), { pricks: 10, rateUlPerS: 100 }).plan.program,
      ).head['nlPerMm'];
    expect([nlPerMm('1ml', 1000), nlPerMm('3ml', 3000), nlPerMm('5ml', 5000), nlPerMm('10ml', 10000)]).toEqual([
      17945, 58901, 114231, 165130,
    ]);
  });

  it('carries the needle as Pa·ms/nL: 1.6 mPa·s through 32G × 4 mm is 1917', () => {
    expect(Math.round(1000 * needleResistance(1.6, 4, 0.108))).toBe(1917);
    expect(readProgram(planned(mesolift()).plan.program).head['needlePaMsPerNl']).toBe(1917);
  });

  it('presses a driven ring with its 2 N and waits for a passive one', () => {
    const papule = planned(mesolift({ technique: 'papule', set: {} }), { pricks: 20 }).plan.program;
    expect(readProgram(papule).head).toMatchObject({ stamp: STAMP_DRIVEN, permit: P.PERMIT_TRIGGER, periodMs: 0 });
    expect(readProgram(papule).steps[0]).toMatchObject({ op: 'press', a: 2000 });
    expect(readProgram(planned(mesolift()).plan.program).steps[0]).toMatchObject({ op: 'press', a: 0 });
  });

  it('splits 10.001 µL over three depths so that the shares sum to 10001 nL', () => {
    const steps: Step[] = [
      { do: 'press' },
      { do: 'insert', insertionMmPerS: 80 },
      { do: 'dose', rateUlPerS: 20, dosePercent: 33 },
      { do: 'withdraw', withdrawalMmPerS: 10, toDepthPercent: 60, dosePercent: 33 },
      { do: 'dose', rateUlPerS: 20, dosePercent: 34 },
      { do: 'withdraw', withdrawalMmPerS: 80 },
    ];
    const { program } = planned(bareProtocol({ site: 'thigh' }, { steps, depthMm: 3, doseUl: 10.001 }), { pricks: 30 }).plan;
    const read = readProgram(program).steps;
    expect([read[2]?.a, read[3]?.c, read[4]?.a]).toEqual([3300, 3300, 3401]);
    expect(read[3]?.a).toBeLessThan(read[1]?.b ?? 0);
    expect(judged(program)).toEqual([]);
  });

  it('makes a dry prick: dose 0, no dose step, no compensation, even with a 10 mL syringe', () => {
    const { program, fluid } = planned(bareProtocol({ syringe: '10ml', fillUl: 10000, set: { doseUl: 0 } })).plan;
    expect(readProgram(program).head).toMatchObject({ doseNl: 0, backPa: 0 });
    expect(readProgram(program).steps.map((step) => step.op)).not.toContain('dose');
    expect(fluid.compensationUl).toBe(0);
    expect(judged(program)).toEqual([]);
  });

  it('ties the programme to its sources: another dose, depth or syringe figure gives another CRC', () => {
    const crc = (settings: Record<string, number>): number => planned(mesolift(), settings).plan.program[P.P_SOURCE_CRC] ?? 0;
    expect(new Set([crc({}), crc({ doseUl: 6 }), crc({ depthMm: 1.3 }), crc({ fillUl: 900 })]).size).toBe(4);
    expect(crc({})).toBe(crc({ depthMm: 1.2 }));
  });

  it('compiles again to the same words', () => {
    const { treatment, plan } = planned(mesolift());
    expect(compileProtocol(treatment, plan.pricks)).toEqual(plan.program);
  });

  it('gives the shortest legal period when the file says 0, at 5 to 20 mm spacing', () => {
    for (const spacingMm of [5, 10, 20]) {
      const { program } = planned(bareProtocol({ set: { spacingMm, pricks: 30 } })).plan;
      expect(program[P.P_PERIOD_MS]).toBe(shortestLegalPeriodMs(program));
    }
  });

  it('never adds more to the depth than the lower quartile of the site, so that the tip stays within 2 mm of it', () => {
    for (const site of ['forehead', 'cheek', 'neck', 'hand', 'scalp']) {
      const { program } = planned(bareProtocol({ site }, { depthMm: 2 })).plan;
      const { head } = readProgram(program);
      expect((head['tipUm'] ?? 0) - 2000, site).toBeLessThan(2000);
    }
  });
});

describe('canonical JSON', () => {
  it('sorts keys, drops undefined and has the CRC-32 of "123456789": cbf43926', () => {
    expect(canonicalJson({ b: [1, 'x', null], a: { d: undefined, c: true } })).toBe('{"a":{"c":true},"b":[1,"x",null]}');
    expect(crc32Of('123456789') >>> 0).toBe(0xcbf43926);
  });
});

describe('feasibility', () => {
  it('refuses 5 µL from a 5 mL syringe and names the 1 mL one', () => {
    const [problem] = errorsOf(checkValue(bareProtocol({ syringe: '5ml', fillUl: 5000 })));
    expect(problem).toMatchObject({ pointer: '/syringe', value: '5ml', nearest: '1ml' });
    expect(problem?.bound).toContain('min(C·40 kPa, max(25 % of the dose, 2 µL)) = 2.00 µL');
    expect(errorsOf(checkValue(bareProtocol({ syringe: '1ml', fillUl: 1000 })))).toEqual([]);
  });

  it('names the largest syringe that does: 3 mL for 30 µL from a 10 mL one in the dermis', () => {
    const [problem] = errorsOf(checkValue(bareProtocol({ syringe: '10ml', fillUl: 10000 }, { doseUl: 30 }), { pricks: 30 }));
    expect(problem?.nearest).toBe('3ml');
  });

  it('refuses 200 µL/s from a 1 mL syringe and names the 107.6 µL/s of its plunger', () => {
    const [problem] = errorsOf(checkValue(bareProtocol({ set: { rateUlPerS: 200 } })));
    expect(problem).toMatchObject({ pointer: '/set/rateUlPerS', value: 200, nearest: 107.6 });
  });

  it('refuses a filling of 1200 µL in a 1 mL syringe and one that a single prick would empty', () => {
    expect(errorsOf(checkValue(mesolift({ fillUl: 1200 })))).toMatchObject([{ pointer: '/fillUl', nearest: 1000 }]);
    expect(errorsOf(checkValue(mesolift({ fillUl: 30 })))).toMatchObject([{ pointer: '/fillUl', nearest: 38 }]);
  });

  it('refuses a thrust beyond 45 N: 1000 µL/s from a 10 mL syringe through a 32G needle', () => {
    const thin = bareProtocol({ syringe: '10ml', fillUl: 10000, needle: '32g-4mm', set: { rateUlPerS: 900 } }, { doseUl: 200 });
    const problem = errorsOf(checkValue(thin, { pricks: 10 })).find((one) => one.bound === 'thrust ≤ 45 N');
    expect(problem?.pointer).toBe('/set/rateUlPerS');
    const slower = errorsOf(checkValue(thin, { pricks: 10, rateUlPerS: Number(problem?.nearest) }));
    expect(slower).toEqual([]);
  });
});
