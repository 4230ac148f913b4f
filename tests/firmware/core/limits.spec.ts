import { beforeEach, describe, expect, it } from 'vitest';
import * as F from '../../../firmware/core/faults.ts';
import { LIMIT_STEP, Limits } from '../../../firmware/core/limits.ts';
import * as P from '../../../firmware/core/program.ts';
import { nappage } from './programs.ts';

let limits = new Limits();
beforeEach(() => {
  limits = new Limits();
});
const judge = (program: Int32Array): number[] => [limits.judge(program, program.length), ...limits.refusal];

describe('limits', () => {
  it('accepts a nappage of 110 pricks, 1.2 mm, 5 µL, 10 mm apart', () => {
    expect(limits.judge(nappage(), nappage().length)).toBe(F.REFUSED_NONE);
  });

  it.each([
    ['R01: depth 10.1 mm', { [P.P_DEPTH_UM]: 10100 }, P.P_DEPTH_UM, 10100, 10000],
    ['R01: depth 0.9 mm', { [P.P_DEPTH_UM]: 900 }, P.P_DEPTH_UM, 900, 1000],
    ['spacing 4 mm', { [P.P_SPACING_UM]: 4000 }, P.P_SPACING_UM, 4000, 5000],
    ['spacing 20.001 mm', { [P.P_SPACING_UM]: 20001 }, P.P_SPACING_UM, 20001, 20000],
    ['R12: 201 pricks', { [P.P_PRICKS]: 201 }, P.P_PRICKS, 201, 200],
    ['R12: 0 pricks', { [P.P_PRICKS]: 0 }, P.P_PRICKS, 0, 1],
    ['R08: 200.001 µL a prick', { [P.P_DOSE_NL]: 200001 }, P.P_DOSE_NL, 200001, 200000],
    ['tip 12.001 mm from the ring', { [P.P_TIP_UM]: 12001 }, P.P_TIP_UM, 12001, 12000],
    ['another layout version', { [P.P_VERSION]: 2 }, P.P_VERSION, 2, 1],
  ])('refuses %s and says who set it: the hardware', (_, change, limit, value, bound) => {
    expect(judge(nappage(change))).toEqual([F.REFUSED_PROGRAM, F.REFUSED_PROGRAM, limit, value, bound, F.SET_BY_HARD]);
  });

  it('R01: refuses a 6 mm depth on a 4 mm needle, and names the needle as the bound', () => {
    const steps = [P.STEP_INSERT, 6000, 6000, 60000, P.STEP_DOSE, 5000, 50000, 0, P.STEP_WITHDRAW, P.WITHDRAW_HOME, 60000, 0];
    expect(judge(nappage({ [P.P_DEPTH_UM]: 6000, [P.P_TIP_UM]: 6000 }, steps))).toEqual([
      F.REFUSED_PROGRAM,
      F.REFUSED_PROGRAM,
      P.P_DEPTH_UM,
      6000,
      4000,
      F.SET_BY_PRODUCT,
    ]);
  });

  it('refuses a tip 2.001 mm beyond the depth', () => {
    expect(judge(nappage({ [P.P_TIP_UM]: 3201, [P.P_NEEDLE_UM]: 6000 })).slice(0, 5)).toEqual([
      F.REFUSED_PROGRAM,
      F.REFUSED_PROGRAM,
      P.P_TIP_UM,
      3201,
      3200,
    ]);
  });

  it('refuses a syringe that cannot deliver the dose: 5 mL holds 13.9 µL back for 5 µL, 2 µL are allowed', () => {
    expect(judge(nappage({ [P.P_COMPLIANCE_NL_PER_MPA]: 470000 })).slice(0, 5)).toEqual([
      F.REFUSED_SYRINGE,
      F.REFUSED_SYRINGE,
      P.P_COMPLIANCE_NL_PER_MPA,
      13939,
      2000,
    ]);
  });

  it('R17: refuses a fill that holds no prick after priming', () => {
    expect(judge(nappage({ [P.P_FILL_NL]: 71000 }))[0]).toBe(F.REFUSED_CONTENT);
  });

  const insert = [P.STEP_INSERT, 1200, 1300, 60000];
  const dose = [P.STEP_DOSE, 5000, 50000, 0];
  const home = [P.STEP_WITHDRAW, P.WITHDRAW_HOME, 60000, 0];
  it.each([
    ['R13: a dose with the needle home', [...dose, ...insert, ...home], LIMIT_STEP],
    ['R48: DECOMPRESS with the needle in', [...insert, ...dose, ...[P.STEP_DECOMPRESS, 0, 0, 0], ...home], LIMIT_STEP + 2],
    ['a stroke that ends with the needle in', [...insert, ...dose], LIMIT_STEP + 2],
    ['an unknown step', [...insert, ...dose, ...[9, 0, 0, 0], ...home], LIMIT_STEP + 2],
    ['an insertion beyond the programme’s own tip depth', [...[P.STEP_INSERT, 1200, 1301, 60000], ...dose, ...home], LIMIT_STEP],
    ['an insertion at 121 mm/s', [...[P.STEP_INSERT, 1200, 1300, 121000], ...dose, ...home], LIMIT_STEP],
    ['a rate beyond the plunger’s 6 mm/s', [...insert, ...[P.STEP_DOSE, 5000, 110000, 0], ...home], LIMIT_STEP + 1],
    ['a withdrawal deeper than the tip', [...insert, ...dose, ...[P.STEP_WITHDRAW, 1300, 60000, 0], ...home], LIMIT_STEP + 2],
  ])('refuses %s', (_, steps, limit) => {
    expect(judge(nappage({}, steps)).slice(0, 3)).toEqual([F.REFUSED_PROGRAM, F.REFUSED_PROGRAM, limit]);
  });

  it('refuses steps whose volumes do not sum to the dose: 4 µL for 5 µL', () => {
    expect(judge(nappage({}, [...insert, ...[P.STEP_DOSE, 4000, 50000, 0], ...home])).slice(0, 5)).toEqual([
      F.REFUSED_PROGRAM,
      F.REFUSED_PROGRAM,
      P.P_DOSE_NL,
      5000,
      4000,
    ]);
  });

  it('refuses a list cut short', () => {
    expect(limits.judge(nappage(), nappage().length - 1)).toBe(F.REFUSED_NO_PROGRAM);
    expect(limits.judge(nappage(), 3)).toBe(F.REFUSED_NO_PROGRAM);
  });

  it('R55: a device limit only shrinks, binds, and is named as the device’s', () => {
    expect(limits.shrink(P.P_DEPTH_UM, 1100)).toBe(F.REFUSED_NONE);
    expect(limits.shrink(P.P_DEPTH_UM, 1101)).toBe(F.REFUSED_PROGRAM);
    expect(judge(nappage())).toEqual([F.REFUSED_PROGRAM, F.REFUSED_PROGRAM, P.P_DEPTH_UM, 1200, 1100, F.SET_BY_DEVICE]);
    expect(limits.shrink(P.P_DEPTH_UM, 999)).toBe(F.REFUSED_PROGRAM);
    expect(limits.shrink(P.P_STEPS, 1)).toBe(F.REFUSED_FIELD);
  });

  it('R12: refuses the prick that would exceed the session volume, and the one beyond the count', () => {
    expect(limits.prick(nappage(), 5, 595000, 500000)).toBe(F.REFUSED_NONE);
    expect(limits.prick(nappage(), 5, 595001, 500000)).toBe(F.REFUSED_SESSION_VOLUME);
    expect(limits.prick(nappage(), 110, 0, 500000)).toBe(F.REFUSED_SESSION_PRICKS);
  });

  it('R08: refuses a reflux beyond max(25 % of the dose, 2 µL)', () => {
    expect(judge(nappage({ [P.P_REFLUX_NL]: 2000 }))[0]).toBe(F.REFUSED_NONE);
    expect(judge(nappage({ [P.P_REFLUX_NL]: 2001 }))).toEqual([
      F.REFUSED_PROGRAM,
      F.REFUSED_PROGRAM,
      P.P_REFLUX_NL,
      2001,
      2000,
      F.SET_BY_HARD,
    ]);
  });

  it('refuses a wet programme that compensates nothing, and takes a dry one', () => {
    expect(judge(nappage({ [P.P_BACK_PA]: 0 })).slice(0, 5)).toEqual([F.REFUSED_PROGRAM, F.REFUSED_PROGRAM, P.P_BACK_PA, 0, 1000]);
    expect(judge(nappage({ [P.P_COMPLIANCE_NL_PER_MPA]: 0 })).slice(0, 5)).toEqual([
      F.REFUSED_PROGRAM,
      F.REFUSED_PROGRAM,
      P.P_COMPLIANCE_NL_PER_MPA,
      0,
      10000,
    ]);
  });

  it('R17: refuses the prick when dose, compensation and reserve (5 + 1.189 + 5 µL) are not left', () => {
    expect(limits.prick(nappage(), 0, 0, 11189)).toBe(F.REFUSED_NONE);
    expect(limits.prick(nappage(), 0, 0, 11188)).toBe(F.REFUSED_CONTENT);
  });
});
