// `mesogun device log`: the journal of a gun, newest part or all of it, checked. Not responsible for what entries mean (journal.ts).
import { STATE_NAMES } from '../../firmware/core/states.ts';
import type { Journal, JournalEntry } from '../journal.ts';
import { decodeJournal } from '../journal.ts';
import { JournalReading } from '../link-calls.ts';
import type { Device } from './open-device.ts';

/** The newest `last` entries; all that the gun still holds when null. */
export async function readLog({ link }: Device, last: number | null): Promise<Journal> {
  const answer = await link.request('journal', { from: 0, count: 1 });
  const newest = Number(answer['last'] ?? -1);
  if (newest < 0) return decodeJournal([]);
  return decodeJournal(await new JournalReading(link).readFrom(last === null ? 0 : Math.max(0, newest - last + 1)));
}

/** Where the gun found its journal broken at the newest power-on of these entries; null where it held, or nothing tells of it. */
export function brokenAtBoot(entries: readonly JournalEntry[]): number | null {
  const seq = entries.findLast((entry) => entry.kind === 'BOOT')?.fields['brokenAt'] ?? 0;
  return seq > 0 ? seq : null;
}

/** What a person is to know of it. */
export const brokenSays = (seq: number): string =>
  `at power-on the gun found its journal broken at entry ${seq}: an entry is damaged, missing or replaced; a dose it does not find counts in full`;

/** Fields in which -1 says that there is none. */
const MAY_BE_NONE = ['uncertainPrick', 'brokenAt'];

const named = ([name, value]: [string, number]): string => `${name}=${name === 'state' ? (STATE_NAMES[value] ?? value) : value}`;

/** A row an entry, times in seconds since the gun's power-on; zeros, and what there is none of, left out. */
export function logRows(entries: readonly JournalEntry[]): string[][] {
  const head = ['seq', 'at s', 'session', 'prick', 'kind', 'what'];
  const rows = entries.map((entry) => {
    const fields = Object.entries(entry.fields).filter(
      ([name, value]) => (value !== 0 || name === 'state') && !(value === -1 && MAY_BE_NONE.includes(name)),
    );
    const what = [entry.meaning, fields.map(named).join(' ')].filter((text) => text !== '').join('; ');
    const of = (value: number): string => (value === 0 ? '-' : String(value));
    return [String(entry.seq), (entry.atMs / 1000).toFixed(2), of(entry.session), of(entry.prick), entry.kind, what];
  });
  return [head, ...rows];
}
