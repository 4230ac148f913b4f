// Would a test notice if a hop were faked? Each of these changes one thing at one end and looks at the other.
import { describe, expect, it } from 'vitest';
import * as P from '../../../firmware/core/program.ts';
import * as S from '../../../firmware/core/states.ts';
import { REG_XTARGET } from '../../../hal/drivers/tmc5240-registers.ts';
import { Rig, sum } from './rig.ts';

const set = { pricks: 12 };
const tissueUl = (rig: Rig): number => sum(rig.virtual.truth.pricks.map((prick) => prick.tissueUl));

/** The planned programme with the tip 0.4 mm deeper, in every word that says so. */
const deeper = (words: Int32Array): Int32Array => {
  const changed = words.slice();
  for (let at = P.P_STEPS; at < words.length; at += P.STEP_WORDS)
    if (words[at] === P.STEP_INSERT) changed[at + 2] = (words[at + 2] as number) + 400;
  changed[P.P_TIP_UM] = (words[P.P_TIP_UM] as number) + 400;
  return changed;
};

describe('no hop can be faked', () => {
  it('the plant follows the programme that was sent, not the plan: 0.4 mm deeper in the words is 0.4 mm deeper in the plant', () => {
    const planned = new Rig({ set }).finish();
    const sent = new Rig({ set, program: deeper }).finish();
    for (let i = 0; i < 12; i++) {
      const difference = (sent.virtual.truth.pricks[i]?.tipMaxUm ?? 0) - (planned.virtual.truth.pricks[i]?.tipMaxUm ?? 0);
      // The screw errs by some micrometres over a turn, as it should.
      expect(Math.abs(difference - 400)).toBeLessThanOrEqual(12);
    }
  });

  it('the needle takes its time: half way down at 25 to 75 % of the insertion, never at its target at once', () => {
    const rig = new Rig({ set });
    rig.until((gun) => gun.session.treatment.stroke.running === 1 && rig.virtual.chips.needle.velocityAt(rig.virtual.nowUs) > 0);
    const chip = rig.virtual.chips.needle;
    const fromUs = rig.virtual.nowUs;
    const samples = Array.from({ length: 40 }, (_, i) => chip.positionAt(fromUs + i * 1000));
    const moving = samples.slice(1).map((position, i) => position - (samples[i] ?? 0));
    // 100 mm/s are 80 microsteps a millisecond; nothing is faster, and many milliseconds lie on the way.
    expect(Math.max(...moving)).toBeLessThanOrEqual(81);
    expect(moving.filter((steps) => steps > 1).length).toBeGreaterThan(15);
  });

  it('fluid needs pressure and time: half of a dose is not in the tissue when half of the push is over', () => {
    const rig = new Rig({ set });
    rig.until((gun) => gun.session.treatment.prick === 3 && gun.session.treatment.stroke.stepIndex === 2);
    rig.pass(60);
    const mid = rig.virtual.truth.pricks[2]?.tissueUl ?? 0;
    const pushedUl =
      ((rig.virtual.chips.plunger.positionAt(rig.virtual.nowUs) - rig.gun.session.treatment.stroke.plungerTarget) / 51200) * 17.945 + 6.2;
    expect(pushedUl).toBeGreaterThan(0.5);
    expect(mid).toBeLessThan(pushedUl);
  });

  it('motion goes through the chips: a needle chip whose bus is dead moves nothing, whatever the core wants', () => {
    const rig = new Rig({ set, faults: ['spi.missing@at=0'], limitS: 30 }).untilState(S.FAULT);
    expect(rig.virtual.chips.needle.positionAt(rig.virtual.nowUs)).toBe(0);
  });

  it('the core has no other way to the needle than the datagrams that the tap counts', () => {
    const rig = new Rig({ set }).finish();
    const seen = rig.gun.needle.readRaw(REG_XTARGET);
    expect(seen).toBe(rig.gun.needle.targetSteps);
    expect(rig.virtual.chips.needle.planCount).toBeGreaterThan(24);
  });

  it('the journal is the gun’s own: half the doses in the words are half the doses in it and in the tissue', () => {
    const half = (words: Int32Array): Int32Array => {
      const changed = words.slice();
      for (let at = P.P_STEPS; at < words.length; at += P.STEP_WORDS) if (words[at] === P.STEP_DOSE) changed[at + 1] = 2500;
      changed[P.P_DOSE_NL] = 2500;
      changed[P.P_REFLUX_NL] = (words[P.P_REFLUX_NL] ?? 0) >> 1;
      return changed;
    };
    const whole = new Rig({ set }).finish();
    const less = new Rig({ set, program: half }).finish();
    expect(less.of('RESULT').map((entry) => entry.fields['estimatedNl'])).toEqual(new Array(12).fill(2500));
    expect(tissueUl(less) / tissueUl(whole)).toBeGreaterThan(0.4);
    expect(tissueUl(less) / tissueUl(whole)).toBeLessThan(0.6);
  });
});
