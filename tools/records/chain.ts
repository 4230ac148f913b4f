// The chain of a records folder: `chain.jsonl`, one line an event, appended only, each line with the SHA-256 of all before.
// One writer at a time (a lock file); a line that a crash tore stays and the next line says so. Not responsible for what a
// session is (store.ts). A line lost at the very end shows only to whoever kept the hash of it. Runs at the desk.
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { EXIT_FILE, EXIT_TOLERANCE, MesogunError } from '../errors.ts';
import { NOTHING_BEFORE, linkOf, linked, sha256Of, unlinked } from '../sha-chain.ts';
import { idSchema } from './form.ts';

const head = { n: z.int().min(1), at: z.string() };
const amount = z.strictObject({ name: z.string(), unit: z.string(), amount: z.number() });
const eventSchema = z.discriminatedUnion('event', [
  /** Before anything moves: counted in full until its record is kept. */
  z.strictObject({
    ...{ ...head, event: z.literal('begun'), session: z.int().min(1), simulated: z.boolean(), patient: idSchema, operator: idSchema },
    ...{ protocol: idSchema, part: z.int().min(1), parts: z.int().min(1), needleId: idSchema, syringeIds: z.array(idSchema) },
    ...{ product: idSchema, plannedUl: z.number(), planned: z.array(amount) },
    /** What was written down with it; absent where no desk did. */
    ...{ file: z.string().optional(), fileSha256: z.string().optional() },
  }),
  z.strictObject({ ...head, event: z.literal('kept'), session: z.int().min(1), file: z.string(), fileSha256: z.string() }),
  /** A person says what became of a session without a record. */
  z.strictObject({ ...head, event: z.literal('closed'), session: z.int().min(1), why: z.string().min(1).max(400) }),
  /** The line before was torn; this one names its text. */
  z.strictObject({ ...head, event: z.literal('torn'), tornSha256: z.string() }),
]);
export type ChainEvent = z.infer<typeof eventSchema>;
export type Begun = Extract<ChainEvent, { event: 'begun' }>;
type Unnumbered<E> = E extends ChainEvent ? Omit<E, 'n'> : never;
export type NewEvent = Unnumbered<ChainEvent>;

export interface Chain {
  readonly events: readonly ChainEvent[];
  /** What is not right, as sentences; empty when every line is whole and in its place. */
  readonly faults: readonly string[];
  /** Lines torn by a crash and named by the line after them: whole again, but worth knowing. */
  readonly torn: number;
  /** Text after the last line end, torn and not named yet; ''. */
  readonly tail: string;
  /** Hash of each whole line and all before it. Whoever keeps the last can tell later whether the end is missing. */
  readonly links: readonly string[];
}

const CHAIN = 'chain.jsonl';
const LOCK = 'chain.lock';
const LOCK_FOR_MS = 5000;
const LOCK_LOOK_MS = 20;

function eventOf(body: string): ChainEvent | null {
  try {
    const parsed = eventSchema.safeParse(JSON.parse(body));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** Reads text of a chain and says everything that is wrong with it. */
export function readChain(text: string): Chain {
  const lines = text.split('\n');
  const tail = lines.pop() ?? '';
  const events: ChainEvent[] = [];
  const faults: string[] = [];
  const links: string[] = [];
  let link = NOTHING_BEFORE;
  let torn = 0;
  lines.forEach((line, index) => {
    const found = unlinked(line);
    const event = found === null ? null : eventOf(found.body);
    if (found === null || event === null) {
      const next = lines[index + 1];
      const after = next === undefined ? null : eventOf(unlinked(next)?.body ?? '');
      if (after?.event === 'torn' && after.tornSha256 === sha256Of(line)) torn += 1;
      else faults.push(`line ${index + 1} of ${CHAIN} cannot be read: damaged`);
      return;
    }
    if (linkOf(link, found.body) !== found.link) {
      const gap = event.n !== events.length + 1;
      faults.push(`line ${index + 1} of ${CHAIN}: ${gap ? 'a line before it is missing' : 'it or a line before it was changed'}`);
    }
    link = found.link;
    links.push(link);
    events.push(event);
  });
  return { events, faults, torn, tail, links };
}

export const chainPath = (folder: string): string => join(folder, CHAIN);

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);
const textIn = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '');

/** The chain of a folder; an empty one where there is none. */
export function loadChain(folder: string): Chain {
  return readChain(textIn(chainPath(folder)));
}

const sleep = (forMs: number): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, forMs);

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/** A lock of this machine whose writer is gone is taken away; one that is held is waited for. */
function lock(path: string): number {
  for (let waitedMs = 0; ; waitedMs += LOCK_LOOK_MS) {
    try {
      const handle = openSync(path, 'wx');
      writeSync(handle, `${process.pid} ${hostname()}`);
      return handle;
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw notWritten(path, error);
      const [pid = '', host = ''] = textIn(path).split(' ');
      if (host === hostname() && !isAlive(Number(pid))) rmSync(path, { force: true });
      else if (waitedMs >= LOCK_FOR_MS) {
        const next = `wait for the other desk; if there is none, delete ${path}`;
        throw new MesogunError({
          exit: EXIT_FILE,
          what: 'the records are being written by another process',
          why: `${path} is there`,
          next,
        });
      } else sleep(LOCK_LOOK_MS);
    }
  }
}

function notWritten(path: string, error: unknown): MesogunError {
  const why = error instanceof Error ? error.message : String(error);
  return new MesogunError({ exit: EXIT_FILE, what: `cannot write ${path}`, why, next: 'check the folder, its permissions and its space' });
}

/** The text is on the disk when this returns. */
function appendDurably(path: string, text: string): void {
  const handle = openSync(path, 'a');
  try {
    writeSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/**
 * Appends one event, alone, after what `decide` makes of the chain as it stands. `decide` may throw to write nothing.
 * A chain that is not right is not written to: exit 6.
 */
export function appendEvent(folder: string, decide: (chain: Chain) => NewEvent): ChainEvent {
  mkdirSync(folder, { recursive: true });
  const lockPath = join(folder, LOCK);
  const handle = lock(lockPath);
  try {
    const chain = loadChain(folder);
    if (chain.faults.length > 0) {
      const next = 'keep this folder as it is, and record into a new one with --records';
      throw new MesogunError({ exit: EXIT_TOLERANCE, what: 'the records were changed', why: chain.faults.join('\n'), next });
    }
    const wanted = decide(chain);
    let link = chain.links.at(-1) ?? NOTHING_BEFORE;
    let text = '';
    let n = chain.events.length;
    const add = (event: NewEvent): ChainEvent => {
      const whole: ChainEvent = { n: ++n, ...event };
      const next = linked(link, whole);
      link = next.link;
      text += `${next.line}\n`;
      return whole;
    };
    if (chain.tail !== '') {
      text = '\n';
      add({ at: wanted.at, event: 'torn', tornSha256: sha256Of(chain.tail) });
    }
    const written = add(wanted);
    appendDurably(chainPath(folder), text);
    return written;
  } finally {
    closeSync(handle);
    rmSync(lockPath, { force: true });
  }
}
