// What the store's specs share: a journal on a virtual chip, entries as the core writes them, a reboot.
import type { AtMs } from '../../../hal/units.ts';
import {
  E_PAYLOAD,
  ENTRY_BYTES,
  KIND_BOOT,
  KIND_END,
  KIND_HOLD,
  KIND_INTENT,
  KIND_PROBED,
  KIND_RESULT,
  KIND_RESUME,
  KIND_SESSION,
} from '../../../firmware/store/entry.ts';
import { Journal } from '../../../firmware/store/journal.ts';
import { TOTAL_UL } from '../../../firmware/store/ledger.ts';
import { NorFlashChip } from '../../../sim/chips/nor-flash.ts';

export const DOSE_NL = 10_000;
export const COMPENSATION_NL = 300;
export const SESSION_ID = 71;

export const at = (ms: number): AtMs => ms as AtMs;

/** Erases until `entryCount` fit. Answers whether they do. */
export function makeRoom(journal: Journal, entryCount: number): boolean {
  let left = journal.reserve(entryCount);
  for (let tries = 0; left > 0 && tries < 100; tries++) {
    const after = journal.eraseNext();
    if (after >= 0) left = after;
  }
  return journal.freeEntries >= entryCount;
}

/** Does all steps that there are to do. Answers why an entry was dropped, 0 for none. */
export function finish(journal: Journal): number {
  journal.failure = 0;
  journal.finish();
  return journal.failure;
}

export function append(
  journal: Journal,
  kind: number,
  code = 0,
  prick = 0,
  payload: readonly number[] = [],
  sessionId = SESSION_ID,
): number {
  journal.stage(kind, code, prick, sessionId, at(journal.lastSeq * 100));
  payload.forEach((value, index) => {
    journal.words[E_PAYLOAD + index] = value;
  });
  return finish(journal);
}

export const begin = (journal: Journal, sessionId = SESSION_ID): number =>
  append(journal, KIND_SESSION, 0, 0, [-559038737, 12, DOSE_NL, 12 * DOSE_NL, 4000, 4600, 57_300, 1_000_000, 0, 1], sessionId);
export const probed = (journal: Journal): number => append(journal, KIND_PROBED, 0, 0, [12, 3050, 200]);
export const intent = (journal: Journal, prick: number, doseNl = DOSE_NL, compensationNl = COMPENSATION_NL): number =>
  append(journal, KIND_INTENT, 0, prick, [doseNl, compensationNl, 1745, 52, 4600, 4000, prick + 1, 10_000, 2000, 900_000]);
export const result = (journal: Journal, prick: number, countedNl = DOSE_NL, compensationNl = COMPENSATION_NL): number =>
  append(journal, KIND_RESULT, 0, prick, [countedNl - 40, compensationNl, 1797, 4600, 4598, 3100, 1900, 840, countedNl, prick + 1]);
export const boot = (journal: Journal): number =>
  append(journal, KIND_BOOT, 0, 0, [1, 1, journal.uncertainPrick, journal.uncertainNl], journal.lastSession);
export const hold = (journal: Journal): number => append(journal, KIND_HOLD, 1, 0, [0, 0]);
export const resume = (journal: Journal): number => append(journal, KIND_RESUME);
export const end = (journal: Journal): number =>
  append(journal, KIND_END, 0, 0, [12, 0, 12 * DOSE_NL, 12 * DOSE_NL, 12 * COMPENSATION_NL, 12]);

/** A session of so many pricks. Answers the first code that is not OK, else 0. */
export function runSession(journal: Journal, pricks: number, sessionId = SESSION_ID): number {
  let code = begin(journal, sessionId);
  for (let prick = 0; prick < pricks && code === 0; prick++) code = intent(journal, prick) || result(journal, prick);
  return code || end(journal);
}

/** A total kept as whole µL and a rest. */
export const volumeNl = (journal: Journal, index: number): number =>
  (journal.totals[index] ?? NaN) * 1000 + (journal.totals[index + 1] ?? NaN);
export const countedNl = (journal: Journal): number => volumeNl(journal, TOTAL_UL);

/** A fresh chip with room for a session. */
export function freshJournal(sectorCount = 4, entryCount = 60): { chip: NorFlashChip; journal: Journal } {
  const chip = new NorFlashChip({ sectorCount });
  const journal = new Journal(chip, 0, sectorCount);
  journal.scan();
  makeRoom(journal, entryCount);
  return { chip, journal };
}

/** The journal after power came back. */
export function reboot(chip: NorFlashChip, sectorCount = chip.sectorCount): Journal {
  const journal = new Journal(chip, 0, sectorCount);
  journal.scan();
  return journal;
}

/** Every entry kept, oldest first, as bytes. */
export function exportOf(journal: Journal): Uint8Array {
  const out: number[] = [];
  const entry = new Uint8Array(ENTRY_BYTES);
  for (let seq = journal.oldestSeq; seq <= journal.lastSeq; seq++) {
    if (journal.readBytes(seq, entry) === 0) out.push(...entry);
  }
  return new Uint8Array(out);
}
