// Every kind of stroke and permit on the whole virtual gun, sent as data: the core has no special case for any of them.
import { describe, expect, it } from 'vitest';
import * as P from '../../../firmware/core/program.ts';
import * as S from '../../../firmware/core/states.ts';
import { Rig, sum, type RigOptions } from './rig.ts';

const PRICKS = 12;
const INSERT = [P.STEP_INSERT, 1200, 860, 100000];
const DOSE = [P.STEP_DOSE, 5000, 40000, 0];
const HOME = [P.STEP_WITHDRAW, P.WITHDRAW_HOME, 100000, 0];
const PRESS = [P.STEP_PRESS, 0, 0, 0];
const RELEASE = [P.STEP_RELEASE, 0, 0, 0];

/** The planned programme with other steps and words. */
const stroke =
  (steps: readonly (readonly number[])[], change: { readonly [word: number]: number } = {}) =>
  (planned: Int32Array): Int32Array => {
    const words = new Int32Array(P.P_STEPS + steps.length * P.STEP_WORDS);
    words.set(planned.subarray(0, P.P_STEPS));
    words.set(steps.flat(), P.P_STEPS);
    words[P.P_STEP_COUNT] = steps.length;
    const inserts = steps.filter(([op]) => op === P.STEP_INSERT);
    words[P.P_DEPTH_UM] = Math.max(...inserts.map(([, depthUm]) => depthUm ?? 0));
    words[P.P_TIP_UM] = Math.max(...inserts.map(([, , tipUm]) => tipUm ?? 0));
    for (const [word, value] of Object.entries(change)) words[Number(word)] = value;
    return words;
  };

function complete(options: RigOptions): Rig {
  const rig = new Rig({ set: { pricks: PRICKS }, seed: 3, limitS: 300, ...options }).finish();
  expect(S.STATE_NAMES[rig.gun.session.state]).toBe('COMPLETE');
  expect(rig.gun.session.treatment.doneCount).toBe(PRICKS);
  expect(rig.violations).toEqual([]);
  return rig;
}

const netSteps = (rig: Rig): number => sum(rig.of('RESULT').map((entry) => entry.fields['netSteps'] ?? 0));
const stepsOf = (doseNl: number): number => (doseNl * PRICKS * 51200) / 17945;

describe('strokes', () => {
  it('the plunger has the speed of the first dose, 40 µL/s, when priming ends at 20 µL/s: no stroke sets it', () => {
    const rig = new Rig({ set: { pricks: 2 }, seed: 3 }).untilState(S.TREATING);
    expect(rig.program[P.P_PRIME_NL_PER_S]).toBe(20_000);
    const speed = rig.gun.plunger.chip.vmax;
    let writes = 0;
    rig.until((gun) => {
      if (gun.plunger.chip.vmax !== speed) writes++;
      return gun.session.treatment.doneCount === 2;
    });
    expect(writes).toBe(0);
    // 40 µL/s through 17.945 µL a millimetre, in units of 12.5 MHz / 2^24.
    expect(speed).toBe(Math.round(((40_000 / 17_945) * 51_200 * 2 ** 24) / 12_500_000));
  });

  it('retrograde: 5 µL spread over the withdrawal from 0.86 to 0.1 mm', () => {
    const rig = complete({ program: stroke([PRESS, INSERT, [P.STEP_WITHDRAW, 100, 5000, 5000], HOME, RELEASE]) });
    expect(Math.abs(netSteps(rig) - stepsOf(5000))).toBeLessThanOrEqual(1);
  });

  it('multi-level: half the dose at 2.4 mm, half at 1.2 mm', () => {
    const deep = [P.STEP_INSERT, 2400, 2200, 100000];
    const half = [P.STEP_DOSE, 2500, 40000, 0];
    const steps = [PRESS, deep, half, [P.STEP_WITHDRAW, 860, 50000, 0], half, HOME, RELEASE];
    const rig = complete({ program: stroke(steps) });
    expect(Math.abs(netSteps(rig) - stepsOf(5000))).toBeLessThanOrEqual(1);
    for (const prick of rig.virtual.truth.pricks) expect(Math.abs(prick.tipMaxUm - 2200)).toBeLessThanOrEqual(100);
  });

  it('R48 R19: DECOMPRESS takes back at home and gives back before the next insertion: the layer gets what it gets without, to 10 % (backlash alone would be 18 %)', () => {
    const plain = complete({});
    const back = complete({
      program: stroke([PRESS, INSERT, DOSE, [P.STEP_DWELL, 50, 0, 0], HOME, RELEASE, [P.STEP_DECOMPRESS, 0, 0, 0]]),
    });
    expect(Math.abs(netSteps(back) - stepsOf(5000))).toBeLessThanOrEqual(1);
    const later = (rig: Rig): number => sum(rig.virtual.truth.pricks.slice(1).map((prick) => prick.tissueUl));
    expect(Math.abs(later(back) / later(plain) - 1)).toBeLessThan(0.1);
  });

  it('dry: insertions without a dose move no plunger and count 0 nL', () => {
    const rig = complete({
      program: stroke([PRESS, INSERT, [P.STEP_DWELL, 50, 0, 0], HOME, RELEASE], { [P.P_DOSE_NL]: 0, [P.P_REFLUX_NL]: 0 }),
    });
    expect(rig.of('RESULT').map((entry) => entry.fields['countedNl'])).toEqual(new Array(PRICKS).fill(0));
    expect(rig.virtual.truth.tissueUl).toBeLessThan(0.01 * PRICKS);
  });

  it('driven ring: presses by itself to the window before each insertion and releases after', () => {
    const steps = [[P.STEP_PRESS, 1500, 0, 0], INSERT, DOSE, [P.STEP_DWELL, 50, 0, 0], HOME, RELEASE];
    complete({ program: stroke(steps, { [P.P_STAMP]: 1 }) });
  });
});

describe('permits', () => {
  it('I5: trigger mode: one prick an edge', () => {
    const technique = { permit: 'trigger' as const, spacingUm: 10000, handUmPerS: 40000, ringN: 2 };
    const rig = complete({ program: (words) => words.with(P.P_PERMIT, P.PERMIT_TRIGGER).with(P.P_PERIOD_MS, 0), world: { technique } });
    expect(rig.gun.session.treatment.spacing.permitCount).toBeGreaterThanOrEqual(PRICKS);
    expect(rig.gun.session.readings.pressCount).toBeGreaterThanOrEqual(PRICKS);
  });

  it('travel mode: a prick each time the wheel has seen the spacing, to within the hand’s creep of 1 mm', () => {
    const technique = { permit: 'travel' as const, spacingUm: 10000, handUmPerS: 40000, ringN: 2 };
    const rig = complete({ program: (words) => words.with(P.P_PERMIT, P.PERMIT_TRAVEL).with(P.P_PERIOD_MS, 0), world: { technique } });
    for (const entry of rig.of('RESULT').slice(1)) expect(entry.fields['travelUm']).toBeGreaterThanOrEqual(10000);
  });

  it('cadence: pricks are never closer than the period', () => {
    const rig = complete({});
    const starts = rig.virtual.truth.pricks.map((prick) => prick.startsAtUs);
    const periodMs = rig.program[P.P_PERIOD_MS] as number;
    for (let i = 1; i < starts.length; i++) expect(((starts[i] ?? 0) - (starts[i - 1] ?? 0)) / 1000).toBeGreaterThan(periodMs - 45);
  });
});

describe('the device refuses what the desk refuses, sent raw', () => {
  it.each([
    ['depth 10.1 mm', { [P.P_DEPTH_UM]: 10100 }],
    ['spacing 4 mm', { [P.P_SPACING_UM]: 4000 }],
    ['201 pricks', { [P.P_PRICKS]: 201 }],
    ['a 6 mm depth on a 4 mm needle', { [P.P_DEPTH_UM]: 6000, [P.P_NEEDLE_UM]: 4000 }],
  ])('R34: %s: offered to the gun it is refused and no needle moves', (_, change) => {
    const rig = new Rig({
      set: { pricks: PRICKS },
      program: (words) => Object.entries(change).reduce((all, [word, value]) => all.with(Number(word), value), words),
    });
    rig.untilState(S.IDLE).pass(5000);
    expect(rig.gun.session.state).toBe(S.IDLE);
    expect(rig.gun.session.refusal[0]).not.toBe(0);
    expect(rig.virtual.truth.pricks).toHaveLength(0);
  });
});
