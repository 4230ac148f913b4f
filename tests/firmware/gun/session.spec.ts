// A whole session on the virtual gun: drivers, chips and plant included, judged by the plant's own record and the journal.
import { beforeAll, describe, expect, it } from 'vitest';
import * as S from '../../../firmware/core/states.ts';
import * as P from '../../../firmware/core/program.ts';
import { Rig, sum } from './rig.ts';

describe('mesolift-face on the virtual gun, seed 1', () => {
  let rig: Rig;
  beforeAll(() => {
    rig = new Rig({ seed: 1 }).finish();
  });

  it('completes: every planned prick done, none uncertain, no fault', () => {
    expect(rig.gun.session.state).toBe(S.COMPLETE);
    expect(rig.gun.session.treatment.doneCount).toBe(rig.plan.points.length);
    expect(rig.gun.session.treatment.uncertainCount).toBe(0);
  });

  it('I1: brings every tip to within 0.1 mm of the programme’s tip depth from the ring, in the plant', () => {
    const tipUm = rig.program[P.P_TIP_UM] as number;
    expect(rig.virtual.truth.pricks).toHaveLength(rig.plan.points.length);
    for (const prick of rig.virtual.truth.pricks) expect(Math.abs(prick.tipMaxUm - tipUm)).toBeLessThanOrEqual(100);
  });

  it('sums the doses, net of compensation, to within one microstep of the plan', () => {
    const plannedNl = (rig.program[P.P_DOSE_NL] as number) * rig.plan.points.length;
    const netSteps = sum(rig.of('RESULT').map((entry) => entry.fields['netSteps'] ?? 0));
    expect(Math.abs(netSteps - (plannedNl * 51200) / (rig.program[P.P_NL_PER_MM] as number))).toBeLessThanOrEqual(1);
  });

  it('I3: delivers into tissue no more than is counted', () => {
    const countedUl = sum(rig.of('RESULT').map((entry) => entry.fields['countedNl'] ?? 0)) / 1000;
    expect(rig.virtual.truth.tissueUl).toBeLessThanOrEqual(countedUl);
    expect(rig.virtual.truth.tissueUl).toBeGreaterThan(0.9 * 5 * rig.plan.points.length);
  });

  it('I5 R27: makes no more pricks than permits', () => {
    expect(rig.virtual.truth.pricks.length).toBeLessThanOrEqual(rig.gun.session.treatment.spacing.permitCount);
  });

  it('keeps the spacing of 10 mm within the hand’s aim, σ 0.4 mm a mark: mean ±0.2 mm, none off by 3 mm', () => {
    const { pricks } = rig.virtual.truth;
    const steps = pricks.slice(1).map((prick, i) => {
      const before = pricks[i];
      return Math.hypot(prick.xUm - (before?.xUm ?? 0), prick.yUm - (before?.yUm ?? 0)) / 1000;
    });
    const planned = rig.plan.points.slice(1).map((point, i) => {
      const before = rig.plan.points[i];
      return Math.hypot(point.xUm - (before?.xUm ?? 0), point.yUm - (before?.yUm ?? 0)) / 1000;
    });
    const errors = steps.map((step, i) => step - (planned[i] ?? 0));
    expect(Math.abs(sum(errors) / errors.length)).toBeLessThan(0.2);
    for (const error of errors) expect(Math.abs(error)).toBeLessThan(3);
  });

  it('R10: writes INTENT and RESULT for each prick, the chain whole', () => {
    expect(rig.journal().firstBreak).toBeNull();
    expect(rig.of('INTENT')).toHaveLength(rig.plan.points.length);
    expect(rig.of('RESULT')).toHaveLength(rig.plan.points.length);
    expect(rig.of('END').map((entry) => entry.fields['pricksDone'])).toEqual([rig.plan.points.length]);
  });

  it('R06: ends each stroke with the needle home', () => {
    for (const prick of rig.virtual.truth.pricks) expect(prick.homeAtUs).toBeGreaterThan(prick.outAtUs);
  });

  it('breaks none of the invariants I1 to I7 in the plant and touches no register that the chip models do not know', () => {
    expect(rig.violations).toEqual([]);
    expect([...rig.virtual.chips.needle.unmodelled, ...rig.virtual.chips.plunger.unmodelled]).toEqual([]);
    expect([...rig.virtual.chips.ringCell.unmodelled, ...rig.virtual.chips.pusherCell.unmodelled]).toEqual([]);
  });

  it('R31: keeps the worst tick at or below 10 ms, half of the board’s 20 ms', () => {
    expect(rig.gun.session.worstTickMs).toBeLessThanOrEqual(10);
  });
});

const bytesOf = (rig: Rig): string => Buffer.concat(rig.journal().entries.map((entry) => Buffer.from(entry.bytes))).toString('hex');

describe('determinism', () => {
  const set = { pricks: 12 };

  it('writes the same journal, byte for byte, from the same seed', () => {
    expect(bytesOf(new Rig({ set, seed: 5 }).finish())).toBe(bytesOf(new Rig({ set, seed: 5 }).finish()));
  });

  it('writes another journal from another seed', () => {
    expect(bytesOf(new Rig({ set, seed: 5 }).finish())).not.toBe(bytesOf(new Rig({ set, seed: 6 }).finish()));
  });

  it('writes the same journal in any time slicing: in one go, or in slices of 7.3 ms', () => {
    const whole = new Rig({ set, seed: 5 }).finish();
    const sliced = new Rig({ set, seed: 5 });
    sliced.untilState(S.HOMING);
    for (let atUs = sliced.virtual.nowUs; sliced.gun.session.state !== S.COMPLETE; atUs += 7300) {
      sliced.virtual.runUntil(atUs);
      sliced.until(() => true);
    }
    sliced.pass(500);
    expect(bytesOf(sliced)).toBe(bytesOf(whole));
  });

  it('R32: completes across the wrap of the 32-bit clock, started 5 s before it', () => {
    const rig = new Rig({ set, seed: 5, gun: { startMs: 2 ** 32 - 5000 } }).finish();
    expect(rig.gun.session.treatment.doneCount).toBe(12);
    expect(rig.violations).toEqual([]);
  });
});

describe('without any fault', () => {
  it.each([2, 3, 4, 5, 6, 7, 8, 9, 10, 11])('completes every prick, holds nothing, breaks nothing: seed %i', (seed) => {
    const rig = new Rig({ seed }).finish();
    expect(rig.gun.session.treatment.doneCount).toBe(rig.plan.points.length);
    expect(rig.of('HOLD')).toEqual([]);
    expect(rig.violations).toEqual([]);
  });
});

describe('two syringes', () => {
  it('R17: 200 pricks of 5 µL from 1 mL syringes hold once for a new one and complete', () => {
    const rig = new Rig({ set: { pricks: 200 } }).finish();
    expect(rig.gun.session.treatment.doneCount).toBe(200);
    expect(rig.of('RELOAD')).toHaveLength(1);
    expect(rig.of('PRIME')).toHaveLength(2);
    expect(rig.violations).toEqual([]);
  });
});

describe('a second session', () => {
  it('R11: on the same power-on needs a higher number, probes anew, completes, and is chained to the first', () => {
    const rig = new Rig({
      set: { pricks: 12 },
      world: { points: Array.from({ length: 24 }, (_, i): [number, number] => [i * 10000, 0]) },
    }).finish();
    const { session } = rig.gun;
    expect(session.end()).toBe(0);
    expect(session.start(1)).not.toBe(0);
    expect(session.start(2)).toBe(0);
    rig.finish();
    expect(S.STATE_NAMES[session.state]).toBe('COMPLETE');
    expect(rig.of('PROBED')).toHaveLength(2);
    expect(rig.journal().firstBreak).toBeNull();
    expect(rig.violations).toEqual([]);
  });

  it('finds no drift of home where the spring moved the needle between the sessions, without current: 0 µm twice', () => {
    const points = Array.from({ length: 24 }, (_, i): [number, number] => [i * 10000, 0]);
    const rig = new Rig({ set: { pricks: 12 }, world: { points } }).finish();
    expect(rig.gun.session.end()).toBe(0);
    rig.pass(2000);
    expect(rig.gun.session.start(2)).toBe(0);
    rig.finish();
    expect(rig.of('PROBED').map(({ fields }) => fields['homeErrorUm'])).toEqual([0, 0]);
  });
});
