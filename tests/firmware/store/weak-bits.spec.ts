import { describe, expect, it } from 'vitest';
import { RECORD_SECTORS, RECORD_SETTINGS, Records } from '../../../firmware/store/record.ts';
import { TOTAL_PRICKS } from '../../../firmware/store/ledger.ts';
import { NorFlashChip, PowerCut, STEPS_PER_PROGRAM } from '../../../sim/chips/nor-flash.ts';
import * as bench from './bench.ts';

/** Runs work in which power goes so many steps from now, by chance of this seed. */
const cutIn = (chip: NorFlashChip, steps: number, seed: number, work: () => void): void => {
  chip.cutAfter(chip.stepsDone + steps, 'random', seed);
  try {
    work();
  } catch (error) {
    if (!(error instanceof PowerCut)) throw error;
  }
};

describe('Weak bits after a power cut', () => {
  it('R10: an INTENT that boot once called newest never goes away again, cut at the last unit of its program, seeds 1 to 300', () => {
    let kept = 0;
    for (let seed = 1; seed <= 300; seed++) {
      const { chip, journal } = bench.freshJournal(2);
      bench.begin(journal);
      bench.hold(journal); // the INTENT lies in slot 3: its check is the last unit of the page
      cutIn(chip, STEPS_PER_PROGRAM - 1, seed, () => bench.intent(journal, 0));
      const found = bench.reboot(chip).uncertainPrick;
      if (found === 0) kept++;
      for (let again = 0; again < 4; again++) expect(bench.reboot(chip).uncertainPrick).toBe(found);
    }
    expect(kept).toBeGreaterThan(10);
    expect(kept).toBeLessThan(290);
  });

  it('R10: an entry that boot once called torn never comes back between later entries, seeds 1 to 300', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const { chip, journal } = bench.freshJournal(2);
      bench.begin(journal);
      bench.hold(journal);
      cutIn(chip, STEPS_PER_PROGRAM - 1, seed, () => bench.intent(journal, 0));
      const again = bench.reboot(chip);
      bench.boot(again);
      bench.resume(again);
      for (let n = 0; n < 4; n++) {
        const later = bench.reboot(chip);
        expect([later.brokenAt, later.totals[TOTAL_PRICKS]]).toEqual([-1, again.totals[TOTAL_PRICKS]]);
      }
    }
  });

  it('R33: a record that load once answered is answered by every later load, cut at its last unit, seeds 1 to 300 (G1)', () => {
    let newer = 0;
    for (let seed = 1; seed <= 300; seed++) {
      const chip = new NorFlashChip({ sectorCount: RECORD_SECTORS });
      const words = new Int32Array(57);
      new Records(chip, 0, 1).save(RECORD_SETTINGS, words.fill(1), 57);
      new Records(chip, 0, 1).save(RECORD_SETTINGS, words.fill(2), 57);
      const settleBurnErase = 2 * STEPS_PER_PROGRAM + 2;
      cutIn(chip, settleBurnErase + STEPS_PER_PROGRAM - 1, seed, () => new Records(chip, 0, 1).save(RECORD_SETTINGS, words.fill(3), 57));
      const into = new Int32Array(57);
      expect(new Records(chip, 0, 1).load(RECORD_SETTINGS, into)).toBe(57);
      const version = into[0];
      if (version === 3) newer++;
      for (let again = 0; again < 4; again++) {
        expect(new Records(chip, 0, 1).load(RECORD_SETTINGS, into)).toBe(57);
        expect(into[0]).toBe(version);
      }
    }
    expect(newer).toBeGreaterThan(10);
    expect(newer).toBeLessThan(290);
  });

  it('trusts no sector that was erased before the power went: after a reboot only the rest of the newest one is free', () => {
    const { chip, journal } = bench.freshJournal(4, 180);
    bench.begin(journal);
    expect(journal.freeEntries).toBe(62 + 2 * 63);
    expect(bench.reboot(chip).freeEntries).toBe(61); // one more slot is burnt: power may have gone in it
  });
});
