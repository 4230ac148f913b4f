// The journal at the desk: 64-byte entries as they come from a gun become named fields, with check and chain verified
// again, and an export in which each line carries the SHA-256 of all before it (tamper-evident from here on).
// Not responsible for reading the gun. The layout stands in firmware/store/entry.ts. Runs at the desk.
import { createHash } from 'node:crypto';
import { Crc32 } from '../firmware/store/crc32.ts';
import * as E from '../firmware/store/entry.ts';
import { END_TEXTS, FAULT_TEXTS, HOLD_TEXTS, REFUSAL_TEXTS, RESULT_TEXTS } from './fault-texts.ts';
import type { CodeTexts } from './fault-texts.ts';
import { NOTHING_BEFORE, linkOf, linked, unlinked } from './sha-chain.ts';

/** Names of the kinds, by number. */
export const KIND_NAMES: readonly string[] = [
  'NONE',
  'CHECKPOINT',
  'BOOT',
  'SESSION',
  'PROBED',
  'PRIME',
  'INTENT',
  'RESULT',
  'HOLD',
  'RESUME',
  'RELOAD',
  'END',
  'FAULT',
  'CLEAR',
  'AUDIT',
  'REFUSED',
];

export interface JournalEntry {
  readonly seq: number;
  /** One of KIND_NAMES; a kind this desk does not know is `KIND_n`. */
  readonly kind: string;
  /** Device clock, unsigned ms. */
  readonly atMs: number;
  readonly session: number;
  readonly prick: number;
  readonly code: number;
  /** What the code means for this kind, '' where it means nothing. */
  readonly meaning: string;
  /** Payload by the names of PAYLOAD_FIELDS, with their units. */
  readonly fields: Readonly<Record<string, number>>;
  readonly bytes: Uint8Array;
}

export interface JournalBreak {
  /** Index of the first entry that is not right, and its sequence number as far as it can be read. */
  readonly index: number;
  readonly seq: number;
  readonly why: string;
}

export interface Journal {
  readonly entries: readonly JournalEntry[];
  /** Where check or chain first breaks, null when every entry is whole and follows the one before. */
  readonly firstBreak: JournalBreak | null;
}

const CODE_TEXTS: Readonly<Partial<Record<number, CodeTexts>>> = {
  [E.KIND_RESULT]: RESULT_TEXTS,
  [E.KIND_HOLD]: HOLD_TEXTS,
  [E.KIND_END]: END_TEXTS,
  [E.KIND_FAULT]: FAULT_TEXTS,
  [E.KIND_REFUSED]: REFUSAL_TEXTS,
};

const wordAt = (bytes: Uint8Array, index: number): number => new DataView(bytes.buffer, bytes.byteOffset).getInt32(index * 4, true);

function decodeEntry(bytes: Uint8Array): JournalEntry {
  const head = wordAt(bytes, E.E_HEAD);
  const kind = head & 0xff;
  const code = (head >> 8) & 0xff;
  const names = E.PAYLOAD_FIELDS[kind] ?? [];
  return {
    seq: wordAt(bytes, E.E_SEQ),
    kind: KIND_NAMES[kind] ?? `KIND_${kind}`,
    atMs: wordAt(bytes, E.E_AT_MS) >>> 0,
    session: wordAt(bytes, E.E_SESSION),
    prick: head >>> 16,
    code,
    meaning: CODE_TEXTS[kind]?.[code]?.says ?? '',
    fields: Object.fromEntries(names.map((name, at) => [name, wordAt(bytes, E.E_PAYLOAD + at)])),
    bytes,
  };
}

/** What is wrong with an entry in its place, or null. */
function faultOf(entry: JournalEntry, before: JournalEntry | undefined): string | null {
  const crc = new Crc32();
  const halves = new Uint16Array(entry.bytes.slice().buffer);
  crc.halves(halves, 0, E.E_CRC * 2);
  if (!crc.matches(halves, E.E_CRC * 2)) return 'its check does not hold: damaged or changed';
  if (before === undefined) return null;
  if (entry.seq !== before.seq + 1) return `it does not follow entry ${before.seq}: something is missing`;
  if (wordAt(entry.bytes, E.E_PREV_CRC) !== wordAt(before.bytes, E.E_CRC))
    return `it was not written after this entry ${before.seq}: replaced`;
  return null;
}

/** Cuts a dump into 64-byte entries. Throws when it is not a whole number of them. */
export function splitEntries(dump: Uint8Array): Uint8Array[] {
  if (dump.length % E.ENTRY_BYTES !== 0) throw new RangeError(`a journal of ${dump.length} bytes: not whole entries of ${E.ENTRY_BYTES}`);
  return Array.from({ length: dump.length / E.ENTRY_BYTES }, (_none, at) => dump.slice(at * E.ENTRY_BYTES, (at + 1) * E.ENTRY_BYTES));
}

/** Decodes entries of 64 bytes, oldest first. Damaged ones are decoded as they stand; `firstBreak` names the first. */
export function decodeJournal(raw: readonly Uint8Array[]): Journal {
  const entries = raw.map(decodeEntry);
  let firstBreak: JournalBreak | null = null;
  for (let index = 0; index < entries.length && firstBreak === null; index++) {
    const entry = entries[index];
    const why = entry === undefined ? null : faultOf(entry, entries[index - 1]);
    if (entry !== undefined && why !== null) firstBreak = { index, seq: entry.seq, why };
  }
  return { entries, firstBreak };
}

/** SHA-256 over the bytes of all entries, hex: two journals are the same when this is. */
export function journalSha256(journal: Journal): string {
  const hash = createHash('sha256');
  for (const entry of journal.entries) hash.update(entry.bytes);
  return hash.digest('hex');
}

const quoted = (cell: string): string => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

const CSV_HEAD = 'seq,atMs,session,prick,kind,code,meaning,fields';

/** CSV, one line an entry, payload as `name=value` in one cell; the last cell is the SHA-256 over the line and the one before. */
export function journalCsv(journal: Journal): string {
  let before = linkOf(NOTHING_BEFORE, CSV_HEAD);
  const lines = [`${CSV_HEAD},${before}`];
  for (const entry of journal.entries) {
    const fields = Object.entries(entry.fields).map(([name, value]) => `${name}=${value}`);
    const cells = [entry.seq, entry.atMs, entry.session, entry.prick, entry.kind, entry.code, quoted(entry.meaning), fields.join(' ')];
    const line = cells.join(',');
    before = linkOf(before, line);
    lines.push(`${line},${before}`);
  }
  return `${lines.join('\n')}\n`;
}

/** One JSON object a line, the entry's 64 bytes as hex in `raw`; `sha256` is over the object without it and the one before. */
export function journalJsonl(journal: Journal): string {
  let before = NOTHING_BEFORE;
  const lines = journal.entries.map(({ bytes, ...named }) => {
    const { line, link } = linked(before, { ...named, raw: Buffer.from(bytes).toString('hex') });
    before = link;
    return line;
  });
  return lines.map((line) => `${line}\n`).join('');
}

const CSV_LINK = /^(.*),([0-9a-f]{64})$/;

/** Follows the SHA-256 chain of an export of either kind. Returns: the number of the first line that is not right, 0 for none. */
export function verifyExport(exported: string): number {
  let before = NOTHING_BEFORE;
  const lines = exported.split('\n').slice(0, -1);
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    const csv = CSV_LINK.exec(line);
    const found = unlinked(line) ?? { body: csv?.[1] ?? '', link: csv?.[2] ?? '' };
    before = linkOf(before, found.body);
    if (found.link !== before) return at + 1;
  }
  return exported.endsWith('\n') ? 0 : lines.length + 1;
}
