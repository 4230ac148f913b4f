// What the gun does when something breaks: the safe state is reached, the journal says what happened, nothing is delivered
// that is not counted, no dose at a wrong depth. Faults act on registers, pins and the plant, never on the core.
import { describe, expect, it } from 'vitest';
import * as F from '../../../firmware/core/faults.ts';
import * as S from '../../../firmware/core/states.ts';
import { HOLD_CONTACT, HOLD_MOVED, HOLD_SHORT } from '../../../firmware/store/entry.ts';
import { Rig, sum } from './rig.ts';

const set = { pricks: 14 };
const run = (fault: string): Rig => new Rig({ set, faults: [fault], limitS: 300 }).finish();
const countedUl = (rig: Rig): number => sum(rig.of('RESULT').map((entry) => entry.fields['countedNl'] ?? 0)) / 1000;
const truthUl = (rig: Rig): number => rig.virtual.truth.tissueUl;
const tipsAt = (rig: Rig): number[] => rig.virtual.truth.pricks.filter((prick) => prick.dosedFromUs >= 0).map((prick) => prick.tipMaxUm);

/** True for every fault whatever it is. */
function staysSafe(rig: Rig): void {
  expect(rig.violations).toEqual([]);
  expect(rig.virtual.atRest).toBe(true);
  expect(truthUl(rig)).toBeLessThanOrEqual(countedUl(rig) + 0.001);
  expect(rig.journal().firstBreak).toBeNull();
  const tipUm = rig.program[8] as number;
  for (const tip of tipsAt(rig)) expect(Math.abs(tip - tipUm)).toBeLessThanOrEqual(150);
}

describe('the five faults of a first session', () => {
  it('R07 R25: contact lost in prick 5 aborts it, holds the session, and goes on only after the operator’s OK', () => {
    const rig = run('contact.lost@prick=5');
    staysSafe(rig);
    expect(rig.gun.session.state).toBe(S.COMPLETE);
    expect(rig.of('HOLD').map((entry) => entry.code)).toContain(HOLD_CONTACT);
    expect(rig.of('RESULT').filter((entry) => entry.code === F.RESULT_CONTACT_LOST)).toHaveLength(1);
    expect(rig.of('RESUME')).toHaveLength(1);
  });

  it('R03: a needle that loses steps in prick 5 gives no dose there and latches', () => {
    const rig = run('needle.steps-lost@prick=5');
    staysSafe(rig);
    expect(rig.gun.supervisor.fault).toBe(F.FAULT_NEEDLE_STEPS);
    expect(rig.virtual.truth.pricks[4]?.tissueUl).toBe(0);
    expect(
      rig
        .of('RESULT')
        .map((entry) => entry.fields['countedNl'])
        .at(-1),
    ).toBe(0);
  });

  it('R22: a brown-out of the needle’s driver in prick 5 latches, the spring brings the needle home', () => {
    const rig = run('needle.brown-out@prick=5');
    staysSafe(rig);
    expect(rig.gun.supervisor.fault).toBe(F.FAULT_CHIP_RESET);
    expect(rig.of('FAULT').map((entry) => entry.code)).toEqual([F.FAULT_CHIP_RESET]);
  });

  it('R27: a trigger that is closed at boot never passes the self-test', () => {
    const rig = run('trigger.stuck');
    expect(rig.gun.supervisor.fault).toBe(F.FAULT_TRIGGER_STUCK);
    expect(rig.virtual.truth.pricks).toHaveLength(0);
    expect(rig.violations).toEqual([]);
  });

  it('R27: an operator who never lets go after priming gets no prick and, after 10 s, a stuck trigger', () => {
    const rig = new Rig({ set, world: { operator: { neverReleases: true } } }).finish();
    expect(rig.gun.supervisor.fault).toBe(F.FAULT_TRIGGER_STUCK);
    expect(rig.virtual.truth.pricks).toHaveLength(0);
  });

  it('R27: a trigger that sticks in prick 5 and is still closed 10 s after the last prick latches', () => {
    const rig = run('trigger.stuck@prick=5');
    expect(rig.gun.session.state).toBe(S.COMPLETE);
    staysSafe(rig);
    rig.pass(11000);
    expect(rig.gun.supervisor.fault).toBe(F.FAULT_TRIGGER_STUCK);
  });
});

describe('stop', () => {
  it('R37: in the middle of a dose: plunger stopped, needle home within 150 ms, the part that moved is counted, the session held', () => {
    const rig = new Rig({ set, seed: 2, limitS: 300 });
    rig.until((gun) => gun.session.treatment.prick === 4 && gun.session.treatment.stroke.stepIndex === 2);
    rig.pass(60);
    rig.gun.session.stop();
    const stoppedUs = rig.virtual.nowUs;
    rig.untilState(S.PAUSED);
    expect((rig.virtual.nowUs - stoppedUs) / 1000).toBeLessThanOrEqual(150);
    const result = rig.of('RESULT').at(-1);
    expect(result?.code).toBe(F.RESULT_STOPPED);
    expect(result?.fields['countedNl']).toBeGreaterThan(500);
    expect(result?.fields['countedNl']).toBeLessThan(6200);
    staysSafe(rig.finish());
    expect(rig.gun.session.treatment.doneCount).toBe(13);
  });

  it('twice, or with nothing running, does no harm: a gun that waits for the trigger is held, an idle one stays idle', () => {
    const rig = new Rig({ set, seed: 2, limitS: 300 }).untilState(S.ARMED);
    rig.gun.session.stop();
    rig.gun.session.stop();
    rig.untilState(S.PAUSED).finish();
    rig.gun.session.end();
    rig.gun.session.stop();
    rig.pass(100);
    expect(rig.gun.session.state).toBe(S.IDLE);
    expect(rig.violations).toEqual([]);
  });
});

describe('other faults', () => {
  it('R09: a pusher that jams in prick 4 gives no force: the prick is short, not done, counted in full, and the session is held', () => {
    const rig = new Rig({ set, faults: ['plunger.jam@prick=4'], limitS: 300 }).untilState(S.PAUSED);
    const result = rig.of('RESULT').at(-1);
    expect([result?.prick, result?.code]).toEqual([4, F.RESULT_SHORT]);
    expect(rig.of('HOLD').at(-1)?.code).toBe(HOLD_SHORT);
    expect(rig.gun.session.treatment.doneCount).toBe(3);
    expect(rig.violations).toEqual([]);
  });

  it.each([
    ['R43: a needle that jams', 'needle.jam@prick=4', F.FAULT_NEEDLE_STEPS],
    ['R14: a plunger that is occluded', 'plunger.occluded@prick=4', F.FAULT_OCCLUSION],
    ['R22: a brown-out of the plunger’s driver', 'plunger.brown-out@prick=4', F.FAULT_CHIP_RESET],
    ['R23: the needle’s bus stuck at 0', 'spi.stuck-0@prick=4', F.FAULT_BUS],
    ['R23: the plunger’s bus stuck at 0', 'plunger-spi.stuck-0@prick=4', F.FAULT_BUS],
    ['R43: the plunger’s driver too hot', 'plunger.overheat@prick=4', F.FAULT_CHIP_ERROR],
    ['R24: the ring cell stuck', 'ring-cell.stuck@prick=4', F.FAULT_SENSOR],
    ['R24: the plunger cell gone', 'pusher-cell.missing@prick=4', F.FAULT_SENSOR],
    ['R06: the home switch stuck open', 'home-switch.stuck-open@prick=4', F.FAULT_NEEDLE_NOT_HOME],
    ['R24 I6: the home switch stuck closed', 'home-switch.stuck-closed@prick=4', F.FAULT_SENSOR],
    ['R31: a tick 80 ms late with the needle in', 'tick.late@prick=4', F.FAULT_LATE_TICK],
    ['R23: the needle’s bus stuck at 1', 'spi.stuck-1@prick=4', F.FAULT_BUS],
  ])('%s latches the right fault and stays safe', (_, fault, code) => {
    const rig = run(fault);
    expect(rig.gun.supervisor.fault).toBe(code);
    expect(rig.violations).toEqual([]);
    expect(truthUl(rig)).toBeLessThanOrEqual(countedUl(rig) + 0.001);
  });

  it('H05: a gun dragged 5 mm sideways in the middle of a dose takes the needle out, counts what moved, and holds the session', () => {
    const rig = new Rig({ set, seed: 2, limitS: 300 });
    rig.until((gun) => gun.session.treatment.prick === 4 && gun.session.treatment.stroke.stepIndex === 2);
    const { world } = rig.virtual;
    world.moveTo(world.xUm + 5000, world.yUm, rig.virtual.nowUs + 100_000);
    rig.untilState(S.PAUSED);
    expect(rig.of('RESULT').at(-1)?.code).toBe(F.RESULT_MOVED);
    expect(rig.of('HOLD').at(-1)?.code).toBe(HOLD_MOVED);
    expect(rig.violations).toEqual([]);
  });

  it('R14: a needle that clogs in prick 4 is found in prick 4, before the needle leaves for another place', () => {
    const rig = run('plunger.occluded@prick=4');
    expect(rig.of('FAULT').map((entry) => [entry.prick, entry.code])).toEqual([[4, F.FAULT_OCCLUSION]]);
    expect(rig.virtual.truth.pricks).toHaveLength(4);
  });

  it('R49: a fault sounds 930 Hz for a second, a hold 440 Hz for a fifth of one, and both fall silent by themselves', () => {
    for (const [fault, hz] of [
      ['needle.steps-lost@prick=5', 930],
      ['contact.lost@prick=5', 440],
    ] as const) {
      const rig = new Rig({ set, faults: [fault], limitS: 120 }).untilState(S.ARMED);
      const tones: number[] = [];
      const board = rig.virtual.board as { buzzer(frequencyHz: number): void };
      board.buzzer = (frequencyHz) => void tones.push(frequencyHz);
      rig.untilState(S.FAULT, S.PAUSED).pass(1500);
      expect(tones).toEqual([hz, 0]);
    }
  });

  it('a session whose last prick ends early completes: 13 done, 1 uncertain, nothing is asked for again', () => {
    const rig = run('contact.lost@prick=14');
    expect(rig.gun.session.state).toBe(S.COMPLETE);
    expect(rig.of('END').map((entry) => [entry.fields['pricksDone'], entry.fields['uncertain']])).toEqual([[13, 1]]);
  });

  it('R56: a fault that nobody knows fails loudly and names the known ones', () => {
    expect(() => run('needle.bananas@prick=4')).toThrow(/needle\.steps-lost/);
  });
});
