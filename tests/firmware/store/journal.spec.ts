import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { DEVICE_LIMIT, DEVICE_MISSING, OK } from '../../../hal/devices.ts';
import { FLASH_SECTOR_BYTES } from '../../../hal/io.ts';
import { E_HEAD, E_PAYLOAD, E_SEQ, ENTRY_BYTES, KIND_BOOT, KIND_CHECKPOINT, KIND_INTENT } from '../../../firmware/store/entry.ts';
import { ENTRIES_PER_SECTOR } from '../../../firmware/store/journal-sectors.ts';
import { Journal } from '../../../firmware/store/journal.ts';
import * as sum from '../../../firmware/store/ledger.ts';
import { NorFlashChip } from '../../../sim/chips/nor-flash.ts';
import * as bench from './bench.ts';
import { countedNl, runSession, volumeNl } from './bench.ts';
import { sessionSums } from './session-sums.ts';

describe('Journal', () => {
  it('is empty on a blank chip: no entry, no totals, no room until a sector is erased', () => {
    const journal = bench.reboot(new NorFlashChip({ sectorCount: 3 }));
    expect([journal.lastSeq, journal.freeEntries, journal.uncertainPrick, journal.brokenAt]).toEqual([0, 0, -1, -1]);
    expect(bench.intent(journal, 0)).toBe(DEVICE_LIMIT);
  });

  it('opens each sector of 64 slots with a checkpoint and leaves 63 for entries', () => {
    const { chip, journal } = bench.freshJournal(3, 126);
    expect(journal.freeEntries).toBe(2 * ENTRIES_PER_SECTOR);
    for (let n = 0; n < 126; n++) expect(bench.hold(journal)).toBe(OK);
    expect(journal.freeEntries).toBe(0);
    const words = new Int32Array(chip.bytes.buffer, FLASH_SECTOR_BYTES, 16);
    expect((words[E_HEAD] ?? 0) & 0xff).toBe(KIND_CHECKPOINT);
    expect(words[E_SEQ]).toBe(65);
    expect(journal.lastSeq).toBe(128);
  });

  it('R41: refuses an INTENT when no erased slot is left, and changes neither flash nor totals', () => {
    const { chip, journal } = bench.freshJournal(2, 63);
    for (let n = 0; n < 63; n++) bench.hold(journal);
    const before = chip.bytes.slice();
    expect(bench.intent(journal, 0)).toBe(DEVICE_LIMIT);
    expect(chip.bytes).toEqual(before);
    expect(countedNl(journal)).toBe(0);
    expect(journal.reserve(1)).toBe(1);
    expect(bench.makeRoom(journal, 1)).toBe(true);
    expect(bench.intent(journal, 0)).toBe(OK);
  });

  it('R31: never erases inside stage, encode, commit or read: 200 pricks after a reserve of 403 entries cost no erase', () => {
    const { chip, journal } = bench.freshJournal(9, 403);
    const erases = chip.eraseCounts.join();
    runSession(journal, 200);
    journal.read(5, new Int32Array(16));
    expect(chip.eraseCounts.join()).toBe(erases);
    expect(sessionSums(bench.reboot(chip)).done).toBe(200);
  });

  it('answers -1 to a reserve that the ring can never hold', () => {
    const { journal } = bench.freshJournal(3, 1);
    expect(journal.reserve(2 * 63)).toBe(1);
    expect(journal.reserve(3 * 63)).toBe(2);
    bench.hold(journal);
    expect(journal.reserve(3 * 63)).toBe(-1);
  });

  it('gives back what was written, by sequence number, as words and as bytes', () => {
    const { journal } = bench.freshJournal();
    bench.begin(journal);
    bench.intent(journal, 0, 12_345);
    const words = new Int32Array(16);
    expect(journal.read(3, words)).toBe(OK);
    expect(words[E_SEQ]).toBe(3);
    expect(words[E_PAYLOAD]).toBe(12_345);
    const bytes = new Uint8Array(ENTRY_BYTES);
    expect(journal.readBytes(3, bytes)).toBe(OK);
    expect(new Int32Array(bytes.buffer)).toEqual(words);
    expect(journal.read(4, words)).toBe(DEVICE_MISSING);
    expect(journal.read(0, words)).toBe(DEVICE_MISSING);
  });

  it('reads no slot for an entry that is not written yet: the rest of a sector, 60 slots, takes a slow engine longer than its watchdog waits', () => {
    const { chip } = bench.freshJournal();
    let reads = 0;
    const read = (addressBytes: number, into: Uint8Array): void => {
      reads += 1;
      chip.read(addressBytes, into);
    };
    const counted = { sectorCount: chip.sectorCount, read, program: chip.program.bind(chip), erase: chip.erase.bind(chip) };
    const journal = new Journal(counted, 0, chip.sectorCount);
    journal.scan();
    bench.makeRoom(journal, 60);
    bench.begin(journal);
    reads = 0;
    const words = new Int32Array(16);
    for (const beyond of [1, 2, 32]) expect(journal.read(journal.lastSeq + beyond, words)).toBe(DEVICE_MISSING);
    expect(reads).toBe(0);
    expect(journal.read(journal.lastSeq, words)).toBe(OK);
    expect(reads).toBe(1);
  });

  it('R32: keeps a moment of 4 294 967 290 ms as it is across the wrap of the 32-bit clock', () => {
    const { journal } = bench.freshJournal();
    journal.stage(KIND_BOOT, 0, 0, 0, bench.at(4_294_967_290));
    journal.finish();
    const words = new Int32Array(16);
    journal.read(journal.lastSeq, words);
    expect((words[3] ?? 0) >>> 0).toBe(4_294_967_290);
  });
});

describe('Journal after a reboot', () => {
  it('finds head, session and sums of a closed session of 12 pricks of 10 000 nL', () => {
    const { chip, journal } = bench.freshJournal();
    runSession(journal, 12);
    const again = bench.reboot(chip);
    expect([again.lastSeq, again.lastSession, again.uncertainPrick, again.brokenAt]).toEqual([journal.lastSeq, bench.SESSION_ID, -1, -1]);
    expect(sessionSums(again)).toEqual({
      ...{ sessionId: bench.SESSION_ID, isWhole: true, isOpen: false, pricks: 12, done: 12, uncertain: 0 },
      ...{ countedNl: 120_000, compensationNl: 3600, estimatedNl: 119_520, lastPrick: 11 },
    });
    expect(countedNl(again)).toBe(120_000);
  });

  it('I10: replay gives the totals that RAM had, over 40 random sessions, reboots and ring wraps, seed 5', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ kind: fc.nat(6), nl: fc.integer({ min: 0, max: 200_000 }) }), { maxLength: 400 }), (steps) => {
        const chip = new NorFlashChip({ sectorCount: 4 });
        let journal = bench.reboot(chip);
        for (const step of steps) {
          if (journal.freeEntries < 2 && !bench.makeRoom(journal, 2)) throw new Error('no room');
          if (step.kind === 0) bench.begin(journal);
          else if (step.kind <= 2) bench.intent(journal, step.nl % 200, step.nl, step.nl >> 5);
          else if (step.kind <= 4) bench.result(journal, step.nl % 200, step.nl, step.nl >> 6);
          else if (step.kind === 5) bench.boot(journal);
          else journal = bench.reboot(chip);
        }
        const replayed = bench.reboot(chip);
        for (const rest of [sum.TOTAL_REST_NL, sum.TOTAL_COMPENSATION_REST_NL]) {
          expect(journal.totals[rest]).toBeGreaterThanOrEqual(0);
          expect(journal.totals[rest]).toBeLessThan(1000);
        }
        const compare = (at: number): boolean => at !== sum.TOTAL_SECTOR_ERASES;
        expect([...replayed.totals].filter((_value, at) => compare(at))).toEqual([...journal.totals].filter((_value, at) => compare(at)));
        expect([replayed.uncertainPrick, replayed.uncertainNl, replayed.brokenAt]).toEqual([
          journal.uncertainPrick,
          journal.uncertainNl,
          -1,
        ]);
      }),
      { seed: 5, numRuns: 40 },
    );
  });

  it('R10: calls an INTENT without RESULT uncertain and counts it in full: 10 000 nL and 300 nL of compensation', () => {
    const { chip, journal } = bench.freshJournal();
    bench.begin(journal);
    bench.intent(journal, 0);
    bench.result(journal, 0);
    bench.intent(journal, 1);
    const again = bench.reboot(chip);
    expect([again.uncertainPrick, again.uncertainNl]).toEqual([1, 10_300]);
    expect(countedNl(again)).toBe(20_000);
    bench.boot(again);
    expect(again.openPrick).toBe(-1);
    expect([again.uncertainPrick, again.totals[sum.TOTAL_UNCERTAIN], sessionSums(again).uncertain]).toEqual([1, 1, 1]);
    const third = bench.reboot(chip);
    expect([third.uncertainPrick, third.uncertainNl, countedNl(third)]).toEqual([1, 10_300, 20_000]);
    bench.resume(third);
    expect([third.uncertainPrick, third.uncertainNl]).toEqual([-1, 0]);
    expect(bench.reboot(chip).totals[sum.TOTAL_UNCERTAIN]).toBe(1);
  });

  it('R10: keeps an open INTENT over a checkpoint and over the erase of the sector it stands in', () => {
    const { chip, journal } = bench.freshJournal(2, 63);
    for (let n = 0; n < 61; n++) bench.hold(journal);
    bench.begin(journal);
    bench.intent(journal, 9, 200_000, 2000);
    bench.makeRoom(journal, 1);
    bench.hold(journal);
    bench.makeRoom(journal, 63);
    expect(journal.oldestSeq).toBe(65);
    const again = bench.reboot(chip);
    expect([again.uncertainPrick, again.uncertainNl, again.brokenAt]).toEqual([9, 202_000, -1]);
    bench.makeRoom(again, 3);
    bench.result(again, 9, 150_000, 1000);
    expect([again.uncertainPrick, countedNl(again), volumeNl(again, sum.TOTAL_COMPENSATION_UL)]).toEqual([-1, 150_000, 1000]);
    expect(sessionSums(again).isWhole).toBe(false);
  });

  it('R46: sums 200 pricks of 200 µL, 2000 times over, without passing 31 bits', () => {
    const ledger = new sum.Ledger();
    const words = new Int32Array(16);
    words[E_HEAD] = KIND_INTENT;
    words[E_PAYLOAD] = 200_000 - 1;
    for (let prick = 0; prick < 400_000; prick++) ledger.apply(words);
    expect((ledger.totals[sum.TOTAL_UL] ?? 0) * 1000 + (ledger.totals[sum.TOTAL_REST_NL] ?? 0)).toBe(400_000 * 199_999);
  });

  it('wraps over 3 sectors for 1000 sessions: chain holds, and wear of the sectors differs by less than a factor of 2 (G8)', () => {
    const chip = new NorFlashChip({ sectorCount: 3 });
    let journal = bench.reboot(chip);
    for (let session = 0; session < 1000; session++) {
      if (session % 3 === 0) journal = bench.reboot(chip);
      expect(bench.makeRoom(journal, 30)).toBe(true);
      runSession(journal, 12);
    }
    const again = bench.reboot(chip);
    expect([again.brokenAt, again.totals[sum.TOTAL_SESSIONS], countedNl(again)]).toEqual([-1, 1000, 1000 * 120_000]);
    expect(Math.max(...chip.eraseCounts) / Math.min(...chip.eraseCounts)).toBeLessThan(2);
  });

  it('reads a bounded number of slots: under 5 reads a slot, whatever stands in a ring of 8 sectors', () => {
    const chip = new NorFlashChip({ sectorCount: 8, image: new Uint8Array(8 * FLASH_SECTOR_BYTES).map((_byte, at) => (at * 31) & 0xff) });
    let reads = 0;
    const counting = {
      sectorCount: 8,
      read: (address: number, into: Uint8Array) => {
        reads++;
        chip.read(address, into);
      },
      program: (address: number, page: Uint8Array) => chip.program(address, page),
      erase: (sector: number) => chip.erase(sector),
    };
    new Journal(counting, 0, 8).scan();
    expect(reads).toBeLessThan(5 * 8 * 64);
    reads = 0;
    const full = new Journal(counting, 0, 8);
    full.scan();
    bench.makeRoom(full, 500);
    runSession(full, 200);
    reads = 0;
    new Journal(counting, 0, 8).scan();
    expect(reads).toBeLessThan(5 * 8 * 64);
  });

  it('scans sector by sector, newest 2 of 8 only, with the same head and totals as the whole scan', () => {
    const { chip, journal } = bench.freshJournal(8, 440);
    runSession(journal, 200);
    const part = new Journal(chip, 0, 8);
    expect(part.scanBegin(2)).toBe(OK);
    let steps = 1;
    while (part.scanStep() > 0) steps++;
    expect(steps).toBe(2);
    expect([part.lastSeq, part.brokenAt, countedNl(part)]).toEqual([journal.lastSeq, -1, countedNl(journal)]);
  });

  it('lives in its own sectors: sectors 2 to 4 of 6, the others stay blank', () => {
    const chip = new NorFlashChip({ sectorCount: 6 });
    const journal = new Journal(chip, 2, 3);
    journal.scan();
    bench.makeRoom(journal, 100);
    runSession(journal, 12);
    expect(chip.bytes.subarray(0, 2 * FLASH_SECTOR_BYTES).every((byte) => byte === 0xff)).toBe(true);
    expect(chip.bytes.subarray(5 * FLASH_SECTOR_BYTES).every((byte) => byte === 0xff)).toBe(true);
  });
});
