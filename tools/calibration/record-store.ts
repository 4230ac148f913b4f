// The desk's folder of calibrations: a file a record, never changed, and status.jsonl with what became of each, one chained line
// an event. Not responsible for what a record holds (calibration-record.ts) nor for the gun's copy. Runs at the desk.
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, readdirSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { EXIT_FILE, EXIT_TOLERANCE, MesogunError } from '../errors.ts';
import { NOTHING_BEFORE, linkOf, linked, sha256Of, unlinked } from '../sha-chain.ts';
import type { CalibrationRecord } from './calibration-record.ts';
import { readRecordText, recordText } from './calibration-record.ts';
import type { CalibrationKind } from './conclusion.ts';

const StatusLine = z.strictObject({
  record: z.string(),
  /** `kept`: written. `active`: on the gun. `bad`: must not be used any more, by a person's word. */
  state: z.enum(['kept', 'active', 'bad']),
  who: z.string(),
  at: z.string(),
  why: z.string(),
});
export type StatusLine = z.infer<typeof StatusLine>;

export interface StoredRecord {
  readonly path: string;
  readonly sha256: string;
  readonly record: CalibrationRecord;
  readonly active: boolean;
  readonly bad: boolean;
  /** What became of it, in the order in which it was said. */
  readonly marks: readonly StatusLine[];
}

const STATUS = 'status.jsonl';

function append(path: string, text: string, flag: 'a' | 'wx'): void {
  const file = openSync(path, flag);
  writeSync(file, text);
  fsyncSync(file);
  closeSync(file);
}

export class RecordStore {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Writes a record beside the others; its file and SHA-256. */
  keep(record: CalibrationRecord, at: string): { readonly path: string; readonly sha256: string } {
    const { text, sha256 } = recordText(record);
    const folder = join(this.folder, record.gun.id);
    mkdirSync(folder, { recursive: true });
    const what = record.certifies === null ? record.kind : `${record.kind}-certificate`;
    const stamp = record.madeAt.slice(0, 16).replace(/[-:]/g, '').replace('T', '-');
    const path = join(folder, `${stamp}-${what}-${sha256.slice(0, 8)}.json`);
    if (!existsSync(path)) append(path, text, 'wx');
    this.mark(sha256, 'kept', record.technician, at, record.verdict);
    return { path, sha256 };
  }

  /** A line more about a record; nothing is ever taken away. */
  mark(sha256: string, state: StatusLine['state'], who: string, at: string, why: string): void {
    mkdirSync(this.folder, { recursive: true });
    const { line } = linked(this.lastLink(), { record: sha256, state, who, at, why });
    append(join(this.folder, STATUS), `${line}\n`, 'a');
  }

  /** Every record of a gun, newest first. Throws MesogunError (verify mismatch) for a file that is not what its name says. */
  recordsOf(gunId: string): StoredRecord[] {
    const folder = join(this.folder, gunId);
    if (!existsSync(folder)) return [];
    const lines = this.statusLines();
    const files = readdirSync(folder).filter((name) => /-[0-9a-f]{8}\.json$/.test(name));
    const found = files.map((name): StoredRecord => {
      const path = join(folder, name);
      const body = readFileSync(path, 'utf8');
      const sha256 = sha256Of(body);
      if (!name.endsWith(`-${sha256.slice(0, 8)}.json`)) throw changed(path);
      const marks = lines.filter((line) => line.record === sha256);
      const is = (state: StatusLine['state']): boolean => marks.some((line) => line.state === state);
      return { path, sha256, record: readRecordText(path, body), active: is('active'), bad: is('bad'), marks };
    });
    return found.sort((a, b) => (a.record.madeAt < b.record.madeAt ? 1 : -1));
  }

  /** Every record of every gun, gun by gun. */
  all(): StoredRecord[] {
    if (!existsSync(this.folder)) return [];
    const guns = readdirSync(this.folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    return guns
      .map((entry) => entry.name)
      .sort((a, b) => Number(a) - Number(b))
      .flatMap((gunId) => this.recordsOf(gunId));
  }

  /** The lines by which calibrations were marked bad. */
  badMarks(): StatusLine[] {
    return this.statusLines().filter((line) => line.state === 'bad');
  }

  /**
   * The calibration in force: the newest active one of this gun and kit. Throws MesogunError that says why there is none: foreign,
   * stale, marked bad, never passed.
   */
  inForce(gunId: string, kind: CalibrationKind, kit: { syringe: string; needle: string } | null, today: number): StoredRecord {
    const all = this.recordsOf(gunId).filter(({ record }) => record.kind === kind && record.certifies === null);
    const fits = all.filter(({ record }) => kit === null || (record.kit?.syringe === kit.syringe && record.kit.needle === kit.needle));
    const of = kit === null ? kind : `${kind} of ${kit.syringe} with ${kit.needle}`;
    const found = fits.find((each) => each.active);
    if (found === undefined) {
      const why =
        fits.length > 0
          ? `${fits.length} were made, none passed and went to the gun`
          : 'none was made, or it was made for another gun or kit';
      throw none(`gun ${gunId} has no calibration in force: ${of}`, why);
    }
    const bad = found.marks.find((mark) => mark.state === 'bad');
    if (bad !== undefined) throw none(`the calibration of ${found.record.madeAt.slice(0, 10)} is marked bad: ${of}`, markText(bad));
    if (found.record.gun.id !== gunId)
      throw none(`${found.path} is of gun ${found.record.gun.id}, not of ${gunId}`, 'a calibration holds for one gun');
    if (found.record.validUntilDay < today) {
      const days = today - found.record.validUntilDay;
      throw none(
        `the calibration of ${found.record.madeAt.slice(0, 10)} ran out ${days} days ago: ${of}`,
        'springs, nuts and stoppers wear',
      );
    }
    return found;
  }

  private statusLines(): StatusLine[] {
    let before = NOTHING_BEFORE;
    return this.statusRows().map((row, index) => {
      const parts = unlinked(row);
      if (parts === null || linkOf(before, parts.body) !== parts.link) throw changed(`${join(this.folder, STATUS)}, line ${index + 1}`);
      before = parts.link;
      return StatusLine.parse(JSON.parse(parts.body));
    });
  }

  private statusRows(): string[] {
    const path = join(this.folder, STATUS);
    return existsSync(path)
      ? readFileSync(path, 'utf8')
          .split('\n')
          .filter((row) => row !== '')
      : [];
  }

  private lastLink(): string {
    const last = this.statusRows().at(-1);
    if (last === undefined) return NOTHING_BEFORE;
    return unlinked(last)?.link ?? NOTHING_BEFORE;
  }
}

/** Who said that a calibration is bad, when, and why. */
export const markText = ({ who, at, why }: StatusLine): string => `${who} said so on ${at.slice(0, 10)}: ${why}`;

const changed = (path: string): MesogunError =>
  new MesogunError({
    exit: EXIT_TOLERANCE,
    what: `${path} is not what was written`,
    why: 'its SHA-256 does not fit: somebody or something changed it',
    next: 'restore the folder from a copy, or calibrate again',
  });

const none = (what: string, why: string): MesogunError =>
  new MesogunError({ exit: EXIT_FILE, what, why, next: 'calibrate: mesogun calibrate --help' });
