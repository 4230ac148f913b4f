// A folder of records: one JSON a session under `sessions/`, and the chain that says which were begun, kept and closed.
// A session is begun before anything moves and kept after; between the two it counts in full. Files are never overwritten.
// Not responsible for what stands in a record (session-record.ts) nor for the chain itself (chain.ts). Runs at the desk.
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, readdirSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { decodeJournal, journalSha256 } from '../journal.ts';
import { EXIT_FILE, MesogunError } from '../errors.ts';
import { sha256Of } from '../sha-chain.ts';
import type { Begun, Chain, NewEvent } from './chain.ts';
import { appendEvent, loadChain } from './chain.ts';
import type { SessionRecord } from './session-record.ts';
import { sessionRecordSchema } from './session-record.ts';
import { sessionBeginSchema } from './session-begin.ts';
import type { SessionBegin } from './session-begin.ts';

const SESSIONS = 'sessions';
const fileOf = (session: number, kind = ''): string => `${SESSIONS}/${String(session).padStart(6, '0')}${kind}.json`;
/** Its name carries its hash: a beginning that a crash kept out of the chain is in nobody's way. */
const BEGIN = /-begin-[0-9a-f]{8}\.json$/;

/** What is known of a session: `open` has no record, `closed` neither but a person's word. */
export interface Entry {
  readonly begun: Begun;
  readonly state: 'kept' | 'open' | 'closed';
  readonly record: SessionRecord | null;
  /** What was written down before it, where it has no record; null when nothing was. */
  readonly begin: SessionBegin | null;
  /** Of a closed one. */
  readonly why: string | null;
}

export interface Records {
  readonly folder: string;
  readonly chain: Chain;
  readonly entries: readonly Entry[];
  /** Everything that is not as it was written, as sentences. */
  readonly faults: readonly string[];
  /** Open sessions and torn lines: no tampering, but worth knowing. */
  readonly notes: readonly string[];
}

interface Found {
  readonly record: SessionRecord | null;
  readonly faults: readonly string[];
}

/** The text of a file as it was written, or what is wrong with it. */
function textAsKept(folder: string, file: string, wantedSha256: string): { text: string | null; faults: readonly string[] } {
  const path = join(folder, file);
  if (!existsSync(path)) return { text: null, faults: [`${file} is missing: deleted after it was kept`] };
  const text = readFileSync(path, 'utf8');
  if (sha256Of(text) !== wantedSha256) return { text: null, faults: [`${file} is not what was kept: a byte of it was changed`] };
  return { text, faults: [] };
}

function readBegin(folder: string, begun: Begun, faults: string[]): SessionBegin | null {
  if (begun.file === undefined || begun.fileSha256 === undefined) return null;
  const found = textAsKept(folder, begun.file, begun.fileSha256);
  faults.push(...found.faults);
  return found.text === null ? null : (sessionBeginSchema.safeParse(JSON.parse(found.text)).data ?? null);
}

/** A record against its hash, its form, and the journal in it against its own chain. */
function readRecord(folder: string, file: string, wantedSha256: string): Found {
  const { text, faults } = textAsKept(folder, file, wantedSha256);
  if (text === null) return { record: null, faults };
  const parsed = sessionRecordSchema.safeParse(JSON.parse(text));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return { record: null, faults: [`${file} has another form: /${(issue?.path ?? []).join('/')} ${issue?.message ?? ''}`] };
  }
  const { entries, sha256, firstBreak } = parsed.data.journal;
  const journal = decodeJournal(entries.map((hex) => new Uint8Array(Buffer.from(hex, 'hex'))));
  if (journalSha256(journal) !== sha256) return { record: parsed.data, faults: [`${file}: its journal is not the one it names`] };
  const broken =
    journal.firstBreak === null || firstBreak !== null ? [] : [`${file}: the gun's journal breaks at ${journal.firstBreak.seq}`];
  return { record: parsed.data, faults: broken };
}

function entryOf(folder: string, begun: Begun, chain: Chain, faults: string[]): Entry {
  const kept = chain.events.find((event) => event.event === 'kept' && event.session === begun.session);
  if (kept?.event === 'kept') {
    const found = readRecord(folder, kept.file, kept.fileSha256);
    faults.push(...found.faults);
    return { begun, state: 'kept', record: found.record, begin: null, why: null };
  }
  const closed = chain.events.find((event) => event.event === 'closed' && event.session === begun.session);
  const begin = readBegin(folder, begun, faults);
  return {
    begun,
    state: closed === undefined ? 'open' : 'closed',
    record: null,
    begin,
    why: closed?.event === 'closed' ? closed.why : null,
  };
}

/** Files that the chain does not know. */
function strangers(folder: string, chain: Chain): string[] {
  const path = join(folder, SESSIONS);
  if (!existsSync(path)) return [];
  const known = new Set(chain.events.flatMap((event) => (event.event === 'kept' || event.event === 'begun' ? [event.file] : [])));
  const files = readdirSync(path).map((name) => `${SESSIONS}/${name}`);
  return files
    .filter((file) => !known.has(file) && !BEGIN.test(file))
    .map((file) => `${file} is not in the chain: the desk stopped before it could say so, or somebody put it there`);
}

/** Reads a folder and judges all of it. An empty one where there is none. */
export function openRecords(folder: string): Records {
  const chain = loadChain(folder);
  const faults = [...chain.faults];
  const begun = chain.events.filter((event) => event.event === 'begun');
  const entries = begun.map((event) => entryOf(folder, event, chain, faults));
  faults.push(...strangers(folder, chain));
  const notes = entries
    .filter((entry) => entry.state === 'open')
    .map(
      ({ begun: { session, at, protocol } }) =>
        `session ${session}, begun ${at}, has no record: it counts in full until mesogun run ${protocol} --resume ${session} reads it from the gun, or mesogun records close ${session}`,
    );
  if (chain.torn > 0) notes.push(`${chain.torn} line(s) of the chain torn by a crash, and named by the line after`);
  if (chain.tail !== '') notes.push('the last line of the chain is torn: the desk stopped while it wrote; the next entry will say so');
  return { folder, chain, entries, faults, notes };
}

/** Writes a new file; on the disk when this returns. Throws MesogunError 3 with what is still to be had elsewhere. */
function writeNew(folder: string, file: string, text: string, next: string): void {
  const path = join(folder, file);
  try {
    mkdirSync(join(folder, SESSIONS), { recursive: true });
    const handle = openSync(path, 'wx');
    try {
      writeSync(handle, text);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new MesogunError({ exit: EXIT_FILE, what: `cannot keep ${path}`, why, next });
  }
}

/** Writes down that a session begins, and with what; `judge` may throw to keep it from it. Returns: its number. */
export function beginSession(
  folder: string,
  begun: Omit<Begun, 'n' | 'event' | 'session' | 'file' | 'fileSha256'>,
  judge: (records: Records) => void,
  beginOf?: (session: number) => SessionBegin,
): number {
  const event = appendEvent(folder, (chain) => {
    judge(openRecords(folder));
    const session = 1 + chain.events.filter((one) => one.event === 'begun').length;
    if (beginOf === undefined) return { ...begun, event: 'begun', session };
    const text = `${JSON.stringify(beginOf(session), null, 1)}\n`;
    const fileSha256 = sha256Of(text);
    const file = fileOf(session, `-begin-${fileSha256.slice(0, 8)}`);
    if (!existsSync(join(folder, file))) writeNew(folder, file, text, 'nothing has moved: make room and begin again');
    return { ...begun, event: 'begun', session, file, fileSha256 };
  });
  return event.event === 'begun' ? event.session : 0;
}

/** Keeps the record of a session that was begun: the file first, then the line. Returns: its path. */
export function keepRecord(folder: string, record: SessionRecord, at: string): string {
  const file = fileOf(record.session);
  const path = join(folder, file);
  const text = `${JSON.stringify(record, null, 1)}\n`;
  appendEvent(folder, (): NewEvent => {
    writeNew(folder, file, text, 'the journal is on the gun still: make room');
    return { at, event: 'kept', session: record.session, file, fileSha256: sha256Of(text) };
  });
  return path;
}

/** A person says what became of a session without a record. Throws (exit 3) for one that is not open. */
export function closeSession(folder: string, session: number, at: string, why: string): void {
  appendEvent(folder, () => {
    const entry = openRecords(folder).entries.find((one) => one.begun.session === session);
    if (entry?.state !== 'open') {
      const what = entry === undefined ? `there is no session ${session}` : `session ${session} is ${entry.state} already`;
      throw new MesogunError({ exit: EXIT_FILE, what, next: 'mesogun records list shows what is open' });
    }
    return { at, event: 'closed', session, why };
  });
}
