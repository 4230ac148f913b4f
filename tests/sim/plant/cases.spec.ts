// Cases from a file: the entry on the reference file, cases it has never seen against closed forms, and what it refuses.
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { casesOf, runCase } from '../../../sim/plant/case-format.ts';
import type { CaseResult } from '../../../sim/plant/case-format.ts';
import reference from './fluid-cases.json' with { type: 'json' };

const A = 17.945_091_396_570_26;
const SYRINGE = { A, Cf: 0.045, R: 0.255 };
const run = (kind: string, v: number, forS: number): object => ({ kind, v_mm_s: v, T_s: forS });

function only(params: object, profile: object[]): CaseResult {
  return runCase(casesOf({ cases: [{ id: 'X', params, profile }] })[0] as ReturnType<typeof casesOf>[number]);
}

describe('fluid cases from a file', () => {
  it('prints every mark of the six reference cases within 1e-6 of the closed form, through the entry with --json', () => {
    const entry = new URL('../../../sim/plant/cases.ts', import.meta.url).pathname;
    const file = new URL('fluid-cases.json', import.meta.url).pathname;
    const text = execFileSync(process.execPath, ['--import', 'tsx', entry, file, '--json'], { encoding: 'utf8' });
    const printed = (JSON.parse(text) as { cases: CaseResult[] }).cases;
    expect(printed.map((one) => one.id)).toEqual(reference.cases.map((one) => one.id));
    reference.cases.forEach((one, index) => {
      for (const [name, mark] of Object.entries(one.marks)) {
        const mine = printed[index]?.marks[name] ?? {};
        expect(Object.keys(mine)).toEqual(Object.keys(mark.closed_form));
        for (const [key, value] of Object.entries(mark.closed_form))
          expect(Math.abs((mine[key] ?? NaN) - value), `${one.id} ${name} ${key}`).toBeLessThan(1e-6);
      }
      for (const [key, value] of Object.entries(one.summary))
        expect(Math.abs((printed[index]?.summary[key] ?? NaN) - value), `${one.id} ${key}`).toBeLessThan(6e-6);
    });
  });

  it('names the marks of a file without marks by what happens: stop, retract, exit, end', () => {
    const bare = reference.cases.map(({ id, params, profile }) => ({ id, params, profile }));
    const named = casesOf({ cases: bare }).map(runCase);
    expect(named).toEqual(casesOf(reference).map(runCase));
  });

  it('takes up play of 0.1 mm from g0 = −0.05 mm first: p = R·A·v·(1 − e^(−t/τ)) from then on', () => {
    const { marks } = only({ ...SYRINGE, B: 0.1, g0: -0.05 }, [run('run', 1, 0.12)]);
    const lagS = 0.255 * 0.045;
    expect(marks['final']?.['p_kPa']).toBeCloseTo(0.255 * A * (1 - Math.exp(-0.02 / lagS)), 8);
    expect(marks['final']?.['x_mm']).toBeCloseTo(0.02, 9);
  });

  it('holds a seal at ps: with the needle shut off by py, 0.5 kPa and 0.2 kPa·s/µL, leak and depot share the flow', () => {
    const { marks } = only({ ...SYRINGE, py: 0, Rt: 0.1, Ct: 0.001, ps: 0.5, Rs: 0.2 }, [run('run', 1, 5)]);
    expect(marks['final']?.['pt_kPa']).toBeCloseTo(0.5 + 0.2 * A, 6);
    expect(marks['final']?.['p_kPa']).toBeCloseTo(0.5 + 0.2 * A + A * 0.355, 6);
  });

  it('keeps a depot without Ct at 0 kPa', () => {
    const { marks } = only({ ...SYRINGE, py: 20, Rt: 0.3 }, [run('run', 1, 0.5), run('run', 0, 0.2), run('exit_skin', 0, 0)]);
    expect(marks['motor_stop']?.['pt_kPa']).toBeCloseTo(0, 6);
    expect(marks['motor_stop']?.['p_kPa']).toBeCloseTo(20 + A * 0.555, 3);
  });

  it('refuses what it does not know, and says where and what it knows', () => {
    const file = (params: object, profile: object[]): unknown => ({ cases: [{ id: 'X', params, profile }] });
    expect(() => casesOf(file({ ...SYRINGE, Q: 1 }, []))).toThrow(/X\.params\.Q: not a parameter of the model; known: A, Cf, k/);
    expect(() => casesOf(file({ A, Cf: 0.045 }, []))).toThrow('X.params.R: needed, above 0');
    expect(() => casesOf(file({ ...SYRINGE, Fc: -1 }, []))).toThrow('X.params.Fc: -1 is negative');
    expect(() => casesOf(file({ ...SYRINGE, py: '20' }, []))).toThrow('X.params.py: a number, please, not "20"');
    expect(() => casesOf(file(SYRINGE, [run('fly', 0, 0)]))).toThrow('X.profile[0].kind: fly is none of run, exit_skin');
    expect(() => casesOf(file(SYRINGE, [{ ...run('run', 0, 1), a: 1 }]))).toThrow('X.profile[0].a: not a field of a step');
    expect(() => casesOf({})).toThrow('cases: a list, please');
  });
});
