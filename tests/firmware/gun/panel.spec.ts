// The gun without a host: programmes kept in its flash, three buttons, the screen as its pixels show it.
import { describe, expect, it } from 'vitest';
import * as F from '../../../firmware/core/faults.ts';
import * as P from '../../../firmware/core/program.ts';
import * as S from '../../../firmware/core/states.ts';
import * as E from '../../../firmware/store/entry.ts';
import * as W from '../../../firmware/panel/words.ts';
import { PROGRAM_SLOTS, RECORD_PROGRAM0, RECORD_SECTORS, Records } from '../../../firmware/store/record.ts';
import { NorFlashChip, PowerCut, TEARS } from '../../../sim/chips/nor-flash.ts';
import { PanelRig, programOf } from './panel.ts';

const set = { pricks: 12 };
const face = programOf('mesolift-face', set);
const scalp = programOf('alopecia-scalp', set);
const changed = (words: Int32Array, index: number, value: number): Int32Array => words.slice().fill(value, index, index + 1);

/** At IDLE with these programmes, nothing pressed. */
const idle = (programs: readonly (Int32Array | null)[] = [face]): PanelRig => {
  const rig = new PanelRig({ set, seed: 7, programs, limitS: 300 });
  rig.untilState(S.IDLE);
  return rig.settle();
};
/** The operator's own session, up to a state. */
const session = (options: { faults?: readonly string[]; until: number }): PanelRig => {
  const rig = new PanelRig({ set, seed: 7, programs: [face], wants: 'mesolift-face', faults: options.faults ?? [], limitS: 300 });
  rig.untilState(options.until, S.FAULT);
  return rig;
};

describe('a session without a host', () => {
  it('is chosen among three programmes, checked, primed, armed, treated and ended with the buttons; 12 of 12 pricks, seed 7', () => {
    const programs = [scalp, null, null, face, null, programOf('reflex-dry', set)];
    const rig = new PanelRig({ set, seed: 7, programs, wants: 'mesolift-face', limitS: 300 });
    rig.untilState(S.COMPLETE, S.FAULT).untilState(S.IDLE);
    expect(rig.of('SESSION').map((entry) => entry.fields['sourceCrc'])).toEqual([face[P.P_SOURCE_CRC]]);
    expect(rig.of('RESULT').map((entry) => entry.code)).toEqual(new Array(12).fill(F.RESULT_DONE));
    expect(rig.of('END').map((entry) => entry.code)).toEqual([0]);
    expect(rig.violations).toEqual([]);
    expect(rig.virtual.world.screen.unmodelled).toEqual([]);
  });

  it('goes on after contact is lost, with OK, and says why it was held', () => {
    const rig = session({ faults: ['contact.lost@prick=5'], until: S.PAUSED }).settle();
    expect(rig.lines.slice(6)).toEqual(['NO CONTACT      ', 'OK GO ON  UP END']);
    rig.untilState(S.COMPLETE);
    expect(rig.violations).toEqual([]);
  });

  it('R27: draws nothing while a stroke runs, and no tick takes more than 10 ms from READY on', () => {
    const rig = new PanelRig({ set, seed: 7, programs: [face], wants: 'mesolift-face', limitS: 300 });
    const { screen } = rig.virtual.world;
    const write = screen.write.bind(screen);
    let written = 0;
    let inStroke = 0;
    screen.write = (bytes, length) => {
      written += 1;
      if (rig.gun.session.treatment.stroke.running || rig.virtual.world.needleOut) inStroke += 1;
      return write(bytes, length);
    };
    rig.untilState(S.COMPLETE);
    expect([inStroke, rig.gun.session.worstTickMs <= 10]).toEqual([0, true]);
    expect(written).toBeGreaterThan(50);
  });

  it('runs with no screen on the bus, and draws everything once one answers', () => {
    const rig = new PanelRig({ set, seed: 7, limitS: 300 });
    rig.virtual.world.screen.present = false;
    rig.hostPresent = () => true;
    rig.untilState(S.ARMED);
    expect(rig.lines.join('').trim()).toBe('');
    rig.virtual.world.screen.present = true;
    rig.untilState(S.COMPLETE).settle();
    expect(rig.lines.slice(4, 7)).toEqual(['DONE 12/12    F-', expect.stringMatching(/^LEFT {3}\d{3}\.\d\d ul$/), 'COMPLETE        ']);
  });
});

describe('choosing', () => {
  it('begins with nothing chosen: OK says so and nothing moves', () => {
    const rig = idle().press('ok');
    expect(rig.lines[6]).toBe('NO PROGRAMME    ');
    expect(rig.gun.session.state).toBe(S.IDLE);
    expect(idle([]).press('down').lines[6]).toBe('NO PROGRAMME    ');
  });

  it('walks down and up over the slots that keep something, round the end', () => {
    const rig = idle([null, face, null, null, scalp]);
    expect([rig.press('down').lines[6], rig.lines[0]]).toEqual(['PROGRAMME 2     ', 'MESOLIFT-FACE   ']);
    expect([rig.press('down').lines[6], rig.lines[0]]).toEqual(['PROGRAMME 5     ', 'ALOPECIA-SCALP  ']);
    expect(rig.press('down').lines[6]).toBe('PROGRAMME 2     ');
    expect(rig.press('up').lines[6]).toBe('PROGRAMME 5     ');
  });

  it('starts only after three OKs to the checklist; another key goes back', () => {
    const rig = idle().press('down').press('ok').press('ok');
    expect(rig.lines[6]).toBe('SYRINGE FILLED? ');
    expect(rig.press('down').lines[6]).toBe('PROGRAMME 1     ');
    for (let press = 0; press < 3; press++) rig.press('ok');
    expect([rig.lines[6], rig.gun.session.state]).toEqual(['PATIENT ASKED?  ', S.IDLE]);
    rig.press('ok');
    expect(rig.gun.session.state).toBeGreaterThan(S.IDLE);
  });

  it.each([
    ['10.1 mm deep', changed(face, P.P_DEPTH_UM, 10_100), 'REFUSED 2 AT 7  '],
    ['200.001 µL a prick', changed(face, P.P_DOSE_NL, 200_001), 'REFUSED 2 AT 5  '],
    ['a step cut off', face.slice(0, -1), 'NO PROGRAMME    '],
  ])('R34: judges a kept programme again: %s is refused by number, and OK does not start it', (_, words, says) => {
    const rig = idle([words]).press('down');
    expect(rig.lines[6]).toBe(says);
    for (let press = 0; press < 5; press++) rig.press('ok');
    expect(rig.gun.session.state).toBe(S.IDLE);
  });

  it('R33: a programme of another gun is not offered', () => {
    const rig = idle([]);
    const other = new Records(rig.virtual.flash, 0, 99);
    other.save(RECORD_PROGRAM0, face, face.length);
    expect(rig.press('down').lines[6]).toBe('NO PROGRAMME    ');
  });

  it('R33: says so when no calibration fits the programme’s syringe, and does not start', () => {
    const rig = idle([changed(face, P.P_KIT, (face[P.P_KIT] as number) + 1)]).press('down');
    for (let press = 0; press < 4; press++) rig.press('ok');
    expect([rig.lines[6], rig.gun.session.state]).toEqual(['NO CALIBRATION  ', S.IDLE]);
  });

  it('a programme that a host brings meanwhile is not the chosen one: OK refuses it', () => {
    const rig = idle().press('down').press('ok');
    rig.gun.session.offer(scalp, scalp.length);
    for (let press = 0; press < 4; press++) rig.press('ok');
    expect([rig.lines[0], rig.lines[6], rig.gun.session.state]).toEqual(['ALOPECIA-SCALP  ', 'NO PROGRAMME    ', S.IDLE]);
  });
});

describe('the buttons in a session', () => {
  it('up or down stop pricking; OK goes on; the session completes with 12 pricks', () => {
    const rig = session({ until: S.TREATING });
    rig.until((gun) => gun.session.treatment.doneCount === 3);
    rig.virtual.world.setKey('up', 1);
    rig.untilState(S.PAUSED);
    rig.virtual.world.setKey('up', 0);
    expect(rig.settle().lines[6]).toBe('STOPPED         ');
    rig.untilState(S.COMPLETE);
    expect(rig.gun.session.treatment.doneCount).toBe(12);
    expect(rig.violations).toEqual([]);
  });

  it('R49: up asks and up again ends; any other key does not; the last fault stays on the screen through clear and power-off', () => {
    const rig = session({ faults: ['needle.steps-lost@prick=5'], until: S.FAULT }).settle();
    expect(rig.lines.slice(4)).toEqual(['DONE 4/12     F2', expect.stringContaining('LEFT'), 'STEPS LOST      ', 'OK CLEAR        ']);
    rig.press('ok').untilState(S.IDLE).settle();
    expect([rig.gun.supervisor.fault, rig.lines[4]]).toEqual([0, 'DONE 0/12     F2']);
    rig.virtual.powerCut(500);
    rig.until((gun) => gun.session.state === S.IDLE && rig.virtual.bootCount === 2).settle();
    expect(rig.lines[4]).toBe('DONE          F2');
  });

  it('at READY up asks, OK takes it back, up twice ends', () => {
    const rig = new PanelRig({ set, seed: 7, programs: [face], limitS: 300 });
    rig.hostPresent = () => rig.gun.session.state === S.IDLE;
    rig.untilState(S.READY).settle();
    expect(rig.press('up').lines.slice(6)).toEqual(['END SESSION?    ', 'UP YES          ']);
    rig.press('up');
    expect(rig.gun.session.state).toBe(S.IDLE);
    expect(rig.of('END').map((entry) => entry.code)).toEqual([1]);
  });
});

describe('the words of the panel', () => {
  it('are 16 characters at most, all in the letters it has, one for each state, hold and fault', () => {
    const lists = [W.STATE_WORDS, W.KEY_WORDS, W.HOLD_WORDS, W.FAULT_WORDS, W.CHECK_WORDS].map((words) => words.split(','));
    const [states, keys, holds, faults, checks] = lists;
    for (const words of lists.flat()) expect(words).toMatch(/^[A-Z0-9 ./:?+-]{0,16}$/);
    expect([states?.length, keys?.length, checks?.length]).toEqual([S.STATE_COUNT, S.STATE_COUNT, W.CHECKS]);
    expect(holds).toHaveLength(1 + Object.keys(E).filter((name) => name.startsWith('HOLD_')).length);
    expect(faults).toHaveLength(Object.keys(F).filter((name) => name.startsWith('FAULT_')).length);
  });
});

describe('programmes in flash', () => {
  it('R33: keep the old or the new one, and every other slot, when power goes at any step of replacing one, 4 tears', () => {
    const fresh = new NorFlashChip({ sectorCount: RECORD_SECTORS });
    for (let slot = 0; slot < PROGRAM_SLOTS; slot++) new Records(fresh, 0, 1).save(RECORD_PROGRAM0 + slot, face, face.length);
    const whole = fresh.copy();
    const before = whole.stepsDone;
    new Records(whole, 0, 1).save(RECORD_PROGRAM0 + 3, scalp, scalp.length);
    const steps = whole.stepsDone - before;
    const into = new Int32Array(P.PROGRAM_WORDS_MAX);
    const read = (chip: NorFlashChip, slot: number): string => {
      const count = new Records(chip, 0, 1).load(RECORD_PROGRAM0 + slot, into);
      return into.subarray(0, Math.max(0, count)).join();
    };
    const seen = new Set<string>();
    for (const tear of TEARS) {
      for (let step = 0; step < steps; step++) {
        const chip = fresh.copy();
        chip.cutAfter(chip.stepsDone + step, tear, step);
        expect(() => new Records(chip, 0, 1).save(RECORD_PROGRAM0 + 3, scalp, scalp.length)).toThrow(PowerCut);
        seen.add(read(chip, 3));
        expect(read(chip, 4)).toBe(face.join());
      }
    }
    expect(steps).toBeGreaterThan(20);
    expect([...seen].sort()).toEqual([face.join(), scalp.join()].sort());
  });
});
