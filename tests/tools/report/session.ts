// What the report's specs share: a session that really ran on the virtual gun over the link, and journals forged on purpose.
import { Crc32 } from '../../../firmware/store/crc32.ts';
import * as E from '../../../firmware/store/entry.ts';
import { Guide } from '../../../tools/guide.ts';
import type { Journal } from '../../../tools/journal.ts';
import { decodeJournal } from '../../../tools/journal.ts';
import { openGun } from '../../../tools/open-gun.ts';
import type { ReportInput } from '../../../tools/report/html.ts';
import { readyToRun } from '../../../tools/source.ts';
import { recordingDesk } from '../recording-desk.ts';

/** mesolift-face with so many pricks, as `mesogun run` hands it to the report. */
export async function sessionOf(pricks: number, faults: readonly string[] = [], seed = 1): Promise<ReportInput> {
  const ready = readyToRun('mesolift-face', [`pricks=${pricks}`]);
  const gun = await openGun(ready, { seed, fault: faults, trace: true }, recordingDesk());
  try {
    const options = { words: ready.plan.program, lastSeq: gun.lastSeq, timeoutMs: 7_200_000, onEvent: () => {} };
    const outcome = await new Guide(gun.link, options).run();
    const journal = decodeJournal(outcome.entries);
    return { ready, journal, truth: gun.truth(), seed, wallMs: 0, date: '2026-01-01', port: 'sim:', firmwareVersion: 100 };
  } finally {
    await gun.close();
  }
}

export const asRealGun = (input: ReportInput): ReportInput => ({ ...input, truth: null, seed: null, port: 'serial:/dev/ttyACM0' });

export interface Forgery {
  readonly kind: string;
  readonly prick: number;
  /** Name of the payload word, and its new value. */
  readonly field: string;
  readonly value: number;
}

/** The journal with one payload word changed. `chained`: with checks and chain made good again, as a gun would have written it. */
export function forged(journal: Journal, { kind, prick, field, value }: Forgery, chained: boolean): Journal {
  let before = null as Uint8Array | null;
  const raw = journal.entries.map((entry) => {
    const bytes = entry.bytes.slice();
    const view = new DataView(bytes.buffer);
    const word = Object.keys(entry.fields).indexOf(field);
    if (entry.kind === kind && entry.prick === prick) view.setInt32((E.E_PAYLOAD + word) * 4, value, true);
    if (chained) {
      if (before !== null) bytes.set(before.subarray(E.E_CRC * 4, E.ENTRY_BYTES), E.E_PREV_CRC * 4);
      const crc = new Crc32();
      const halves = new Uint16Array(bytes.buffer);
      crc.halves(halves, 0, E.E_CRC * 2);
      crc.store(halves, E.E_CRC * 2);
    }
    before = bytes;
    return bytes;
  });
  return decodeJournal(raw);
}

/** The journal without the entries that match. */
export const without = (journal: Journal, kind: string, prick: number): Journal =>
  decodeJournal(journal.entries.filter((entry) => entry.kind !== kind || entry.prick !== prick).map((entry) => entry.bytes));
