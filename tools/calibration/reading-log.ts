// The journal of one calibration run: a line for each thing that happened, appended and never changed, so that a crash loses at
// most what was not read yet. Not responsible for what a line means to a procedure (step-machine.ts). Runs at the desk.
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { EXIT_FILE, MesogunError } from '../errors.ts';

const Head = z.strictObject({
  log: z.literal(1),
  kind: z.string(),
  gunId: z.string(),
  who: z.string(),
  at: z.string(),
  /** What is measured how: only the same plan is taken up again. */
  plan: z.record(z.string(), z.unknown()),
});
const ReadingLine = z.strictObject({
  event: z.literal('reading'),
  step: z.string(),
  values: z.record(z.string(), z.number()),
  instrument: z.string(),
  who: z.string(),
  at: z.string(),
});
const EventLine = z.strictObject({
  event: z.enum(['confirmed', 'withdrawn', 'paused', 'resumed', 'aborted', 'finding', 'trouble', 'complete']),
  step: z.string(),
  who: z.string(),
  at: z.string(),
  says: z.string().optional(),
});
const Line = z.discriminatedUnion('event', [ReadingLine, EventLine]);

export type LogHead = z.infer<typeof Head>;
export type LogLine = z.infer<typeof Line>;

export interface ReadingLog {
  readonly head: LogHead;
  readonly lines: readonly LogLine[];
  append(line: LogLine): void;
}

/** A log that is gone with the process: for tests and for `--dry-run`. */
export function memoryLog(head: LogHead, lines: LogLine[] = []): ReadingLog {
  return { head, lines, append: (line) => void lines.push(line) };
}

function fileLog(path: string, head: LogHead, lines: LogLine[]): ReadingLog {
  return {
    head,
    lines,
    append: (line) => {
      const file = openSync(path, 'a');
      writeSync(file, `${JSON.stringify(line)}\n`);
      fsyncSync(file);
      closeSync(file);
      lines.push(line);
    },
  };
}

/** A new log; refuses a path that is taken. */
export function startLog(path: string, head: LogHead): ReadingLog {
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, 'wx');
  writeSync(file, `${JSON.stringify(head)}\n`);
  fsyncSync(file);
  closeSync(file);
  return fileLog(path, head, []);
}

const unreadable = (path: string, why: string): MesogunError =>
  new MesogunError({
    exit: EXIT_FILE,
    what: `${path} is no calibration log that I can take up`,
    why,
    next: 'start the calibration anew, without --resume',
  });

/**
 * Takes a log up again. A last line that was cut off by the crash is dropped, also from the file; damage anywhere else is refused.
 * Throws MesogunError (file).
 */
export function openLog(path: string): ReadingLog {
  if (!existsSync(path)) throw unreadable(path, 'there is no such file');
  const text = readFileSync(path, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  const rows = whole.split('\n').slice(0, -1);
  const parse = <T>(schema: z.ZodType<T>, row: string, number: number): T => {
    try {
      return schema.parse(JSON.parse(row));
    } catch {
      throw unreadable(path, `line ${number} is damaged`);
    }
  };
  if (rows.length === 0) throw unreadable(path, 'it has no first line');
  const head = parse(Head, rows[0] ?? '', 1);
  const lines = rows.slice(1).map((row, index) => parse(Line, row, index + 2));
  if (whole.length < text.length) truncateSync(path, Buffer.byteLength(whole));
  return fileLog(path, head, lines);
}
