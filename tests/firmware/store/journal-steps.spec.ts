import { describe, expect, it } from 'vitest';
import { OK } from '../../../hal/devices.ts';
import { E_HEAD, KIND_HOLD, KIND_INTENT } from '../../../firmware/store/entry.ts';
import type { Journal } from '../../../firmware/store/journal.ts';
import { TOTAL_PRICKS } from '../../../firmware/store/ledger.ts';
import { type NorFlashChip, STEPS_PER_PROGRAM } from '../../../sim/chips/nor-flash.ts';
import * as bench from './bench.ts';

const stage = (journal: Journal, kind: number, code = 0, prick = 0): void => {
  journal.stage(kind, code, prick, bench.SESSION_ID, bench.at(5));
};

/** An INTENT that is sealed and waits. */
const hold = (journal: Journal, prick: number): void => {
  stage(journal, KIND_INTENT, 0, prick);
  journal.held = 1;
  journal.finish();
};

/** Flash steps of each step of the journal. */
const stepsOf = (chip: NorFlashChip, journal: Journal, work: () => void): number[] => {
  const steps: number[] = [];
  work();
  while (journal.busy) {
    const before = chip.stepsDone;
    journal.step();
    steps.push(chip.stepsDone - before);
  }
  return steps;
};

describe('Journal, step by step', () => {
  it('R10: writes a held INTENT with exactly one page program of 64 steps, at once when it is released, and counts it a step later', () => {
    const { chip, journal } = bench.freshJournal();
    bench.begin(journal);
    const before = chip.stepsDone;
    hold(journal, 0);
    expect([journal.busy, chip.stepsDone - before]).toEqual([0, 0]);
    journal.release();
    expect([journal.busy, chip.stepsDone - before, journal.openPrick]).toEqual([1, STEPS_PER_PROGRAM, -1]);
    journal.step();
    expect([journal.busy, chip.stepsDone - before, journal.openPrick]).toEqual([0, STEPS_PER_PROGRAM, 0]);
  });

  it('never does more than one program in a step: 4 steps for an entry, 8 when a full sector opens the next one', () => {
    const { chip, journal } = bench.freshJournal(3, 126);
    const one = [0, 0, STEPS_PER_PROGRAM, 0];
    for (let n = 0; n < 126; n++) {
      const steps = stepsOf(chip, journal, () => stage(journal, KIND_HOLD));
      expect(steps).toEqual(n % 63 === 0 ? [...one, ...one] : one);
    }
  });

  it('keeps four entries that are staged in one tick, in their order, and finishes them when a fifth comes', () => {
    const { journal } = bench.freshJournal();
    for (let code = 1; code <= 5; code++) stage(journal, KIND_HOLD, code);
    expect(journal.lastSeq).toBe(5);
    journal.finish();
    const codes = [2, 3, 4, 5, 6].map((seq) => {
      const words = new Int32Array(16);
      expect(journal.read(seq, words)).toBe(OK);
      return ((words[E_HEAD] ?? 0) >> 8) & 255;
    });
    expect(codes).toEqual([1, 2, 3, 4, 5]);
  });

  it('R10: drops a held INTENT when anything else is staged, at each of its steps, and in the middle of opening a sector', () => {
    for (let entries = 60; entries < 63; entries++) {
      for (let steps = 0; steps < 10; steps++) {
        const { chip, journal } = bench.freshJournal(3, 126);
        for (let n = 0; n < entries; n++) bench.hold(journal);
        stage(journal, KIND_INTENT);
        journal.held = 1;
        for (let step = 0; step < steps; step++) journal.step();
        stage(journal, KIND_HOLD, 7);
        expect(bench.finish(journal)).toBe(OK);
        expect([journal.openPrick, journal.totals[TOTAL_PRICKS]]).toEqual([-1, 0]);
        bench.hold(journal);
        const again = bench.reboot(chip);
        expect([again.brokenAt, again.lastSeq]).toEqual([-1, journal.lastSeq]);
      }
    }
  });

  it('opens a full sector while an INTENT is held, so that its release stays one program', () => {
    const { chip, journal } = bench.freshJournal(3, 126);
    for (let n = 0; n < 63; n++) bench.hold(journal);
    hold(journal, 0);
    const before = chip.stepsDone;
    journal.release();
    expect(bench.finish(journal)).toBe(OK);
    expect(chip.stepsDone - before).toBe(STEPS_PER_PROGRAM);
    expect(journal.lastSeq).toBe(66);
  });

  it('may be read while an INTENT is held without harm to the entry', () => {
    const { journal } = bench.freshJournal();
    bench.begin(journal);
    stage(journal, KIND_INTENT, 0, 7);
    journal.held = 1;
    while (journal.busy) {
      journal.step();
      journal.read(1, new Int32Array(16));
    }
    journal.release();
    journal.read(1, new Int32Array(16));
    expect(bench.finish(journal)).toBe(OK);
    const words = new Int32Array(16);
    expect(journal.read(3, words)).toBe(OK);
    expect((words[E_HEAD] ?? 0) >> 16).toBe(7);
  });
});
