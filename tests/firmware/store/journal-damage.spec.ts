import { describe, expect, it } from 'vitest';
import { DEVICE_BUS, DEVICE_DEVIATION, OK } from '../../../hal/devices.ts';
import { FLASH_SECTOR_BYTES } from '../../../hal/io.ts';
import { E_HEAD, ENTRY_BYTES, KIND_HOLD } from '../../../firmware/store/entry.ts';
import { Journal } from '../../../firmware/store/journal.ts';
import * as sum from '../../../firmware/store/ledger.ts';
import { NorFlashChip, PowerCut, TEARS } from '../../../sim/chips/nor-flash.ts';
import * as bench from './bench.ts';
import { countedNl, runSession } from './bench.ts';

const flip = (chip: NorFlashChip, at: number, bit: number): void => {
  chip.bytes.fill((chip.bytes[at] ?? 0) ^ (1 << bit), at, at + 1);
};

describe('Journal on bad flash', () => {
  it('R41: skips a page that refuses to program and goes on in the next, chain whole after a reboot', () => {
    const { chip, journal } = bench.freshJournal();
    bench.begin(journal);
    chip.refuse('program', 1);
    for (let n = 0; n < 12; n++) expect(bench.hold(journal)).toBe(OK);
    const again = bench.reboot(chip);
    expect([again.lastSeq, again.brokenAt]).toEqual([14, -1]);
    const words = new Int32Array(16);
    for (let seq = 1; seq <= 14; seq++) expect(again.read(seq, words)).toBe(OK);
  });

  it('R41: answers DEVICE_BUS when two pages in a row refuse, counts nothing, and recovers on the page after', () => {
    const { chip, journal } = bench.freshJournal();
    bench.begin(journal);
    bench.hold(journal);
    bench.hold(journal);
    chip.refuse('program', 1);
    chip.refuse('program', 2);
    expect(bench.intent(journal, 0)).toBe(DEVICE_BUS);
    expect([countedNl(journal), journal.uncertainPrick]).toEqual([0, -1]);
    expect(bench.intent(journal, 0)).toBe(OK);
    expect(bench.reboot(chip).brokenAt).toBe(-1);
  });

  it('R41: an INTENT that read back wrong twice stays out of the journal, though the cells hold it', () => {
    const { chip } = bench.freshJournal();
    let lie = false;
    const lying = {
      sectorCount: 4,
      read: (address: number, into: Uint8Array) => {
        chip.read(address, into);
        if (lie) into.fill(0x55, 20, 24);
      },
      program: (address: number, page: Uint8Array) => chip.program(address, page),
      erase: (sector: number) => chip.erase(sector),
    };
    const journal = new Journal(lying, 0, 4);
    journal.scan();
    bench.makeRoom(journal, 60);
    bench.begin(journal);
    lie = true;
    expect(bench.intent(journal, 0)).toBe(DEVICE_BUS);
    lie = false;
    expect(bench.hold(journal)).toBe(OK);
    const again = bench.reboot(chip);
    expect([again.uncertainPrick, again.lastSeq, again.brokenAt, countedNl(again)]).toEqual([-1, journal.lastSeq, -1, 0]);
    const words = new Int32Array(16);
    again.read(again.lastSeq, words);
    expect((words[E_HEAD] ?? 0) & 0xff).toBe(KIND_HOLD);
  });

  it('R41: keeps chain and totals when power goes at any of the 66 steps of erasing the oldest sector, 4 tears × 4 seeds', () => {
    const { chip, journal } = bench.freshJournal(3, 126);
    for (let session = 1; session < 4; session++) {
      bench.makeRoom(journal, 63);
      runSession(journal, 30, session);
    }
    const totals = [...journal.totals].filter((_value, at) => at !== sum.TOTAL_SECTOR_ERASES).join();
    for (let step = 0; step < 66; step++) {
      for (const [index, tear] of TEARS.entries()) {
        for (let seed = 1; seed <= 4; seed++) {
          const twin = chip.copy();
          const writer = bench.reboot(twin);
          twin.cutAfter(twin.stepsDone + step, tear, seed * 4 + index);
          expect(() => bench.makeRoom(writer, 63)).toThrow(PowerCut);
          const again = bench.reboot(twin);
          expect([again.brokenAt, again.lastSeq]).toEqual([-1, journal.lastSeq]);
          expect([...again.totals].filter((_value, at) => at !== sum.TOTAL_SECTOR_ERASES).join()).toBe(totals);
        }
      }
    }
  });

  it('leaves out a sector that refuses to erase, and a sector whose first page refuses its checkpoint', () => {
    const { chip, journal } = bench.freshJournal(6, 63);
    for (let n = 0; n < 63; n++) bench.hold(journal);
    chip.program(FLASH_SECTOR_BYTES + 2560, new Uint8Array(256).fill(0));
    chip.refuse('erase', 1);
    chip.refuse('program', (2 * FLASH_SECTOR_BYTES) / 256);
    expect(bench.makeRoom(journal, 126)).toBe(true);
    for (let n = 0; n < 63; n++) expect(bench.hold(journal)).toBe(OK);
    const again = bench.reboot(chip);
    expect([again.lastSeq, again.brokenAt]).toEqual([128, -1]);
    expect(again.read(70, new Int32Array(16))).toBe(OK);
  });

  it('names the first entry at which the chain breaks, for every entry of a session in turn with one bit flipped', () => {
    const { chip, journal } = bench.freshJournal();
    runSession(journal, 4);
    for (let slot = 1; slot < journal.lastSeq - 1; slot++) {
      const copy = new NorFlashChip({ sectorCount: 4, image: chip.bytes });
      flip(copy, slot * ENTRY_BYTES + ((slot * 7) % ENTRY_BYTES), slot & 7);
      expect(bench.reboot(copy).brokenAt).toBe(slot + 1);
    }
  });

  it('sees an entry replaced by another whole one with a check of its own', () => {
    const { chip, journal } = bench.freshJournal();
    runSession(journal, 4);
    const other = bench.freshJournal();
    bench.begin(other.journal, 72);
    runSession(other.journal, 3);
    chip.bytes.set(other.chip.bytes.subarray(5 * ENTRY_BYTES, 6 * ENTRY_BYTES), 5 * ENTRY_BYTES);
    expect(bench.reboot(chip).brokenAt).toBe(6);
  });

  it('counts a lost RESULT and a lost INTENT in full, and finds the entries after a rotten checkpoint', () => {
    const { chip, journal } = bench.freshJournal(3, 126);
    for (let n = 0; n < 63; n++) bench.hold(journal);
    runSession(journal, 4);
    const loseSlot = (slot: number): Journal => {
      const copy = new NorFlashChip({ sectorCount: 3, image: chip.bytes });
      flip(copy, FLASH_SECTOR_BYTES + slot * ENTRY_BYTES + 20, 1);
      return bench.reboot(copy);
    };
    const noResult = loseSlot(3);
    expect([countedNl(noResult), noResult.totals[sum.TOTAL_UNCERTAIN], noResult.brokenAt]).toEqual([40_000, 1, 68]);
    const noIntent = loseSlot(4);
    expect([countedNl(noIntent), noIntent.brokenAt]).toEqual([40_000, 69]);
    const noCheckpoint = loseSlot(0);
    expect([countedNl(noCheckpoint), noCheckpoint.lastSeq, noCheckpoint.brokenAt]).toEqual([40_000, journal.lastSeq, 65]);
    expect(noCheckpoint.read(journal.lastSeq, new Int32Array(16))).toBe(OK);
  });

  it('R33: answers DEVICE_DEVIATION, no totals, when entries stand in the ring but no checkpoint does', () => {
    const { chip, journal } = bench.freshJournal();
    runSession(journal, 4);
    flip(chip, 9, 3);
    expect(new Journal(chip, 0, 4).scan()).toBe(DEVICE_DEVIATION);
  });
});
