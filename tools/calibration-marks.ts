// Calibrations that a person has marked bad: the list of what was kept, the mark itself, off the gun where it can be reached, and no
// session on one. Not responsible for the store (calibration/record-store.ts). Runs at the desk.
import { P_KIT } from '../firmware/core/program.ts';
import type { StoredRecord } from './calibration/record-store.ts';
import { RecordStore, markText } from './calibration/record-store.ts';
import { readGunSections } from './calibration/gun-sections.ts';
import type { LinkBenchGun } from './calibration/link-bench-gun.ts';
import type { Desk } from './desk.ts';
import { EXIT_FILE, EXIT_USAGE, MesogunError } from './errors.ts';
import type { Asking } from './link-calls.ts';

/** Where calibrations are kept: `--records`, else MESOGUN_CALIBRATIONS, else beside the reports. */
export const calibrationsFolder = (option: string | undefined, desk: Desk): string =>
  option ?? desk.env['MESOGUN_CALIBRATIONS'] ?? 'reports/calibrations';

const day = (number: number): string => new Date(number * 86_400_000).toISOString().slice(0, 10);

function standing({ active, marks, record }: StoredRecord, newest: boolean): string {
  const bad = marks.find((mark) => mark.state === 'bad');
  if (bad !== undefined) return `BAD: ${markText(bad)}`;
  if (record.certifies !== null) return `verifies ${record.certifies.slice(0, 8)}`;
  if (!active) return 'never in force';
  return newest ? `in force until ${day(record.validUntilDay)}` : 'replaced';
}

const sameThing = (a: StoredRecord, b: StoredRecord): boolean =>
  a.record.kind === b.record.kind && a.record.gun.id === b.record.gun.id && JSON.stringify(a.record.kit) === JSON.stringify(b.record.kit);

/** Rows for people, newest first in each gun. */
export function calibrationRows(all: readonly StoredRecord[]): string[][] {
  return all.map((each) => {
    const { record, sha256 } = each;
    const newest = all.find((other) => other.active && other.record.certifies === null && sameThing(other, each));
    const kit = record.kit === null ? '' : `${record.kit.syringe} ${record.kit.needle}`;
    return [
      ...[sha256.slice(0, 8), `gun ${record.gun.id}`, record.kind, kit, record.madeAt.slice(0, 16).replace('T', ' ')],
      ...[record.technician, record.verdict.toUpperCase(), standing(each, newest?.sha256 === sha256)],
    ];
  });
}

/** The one record whose SHA-256 begins so. Throws MesogunError of exit 3. */
export function oneRecord(store: RecordStore, prefix: string): StoredRecord {
  if (!/^[0-9a-f]{4,64}$/.test(prefix))
    throw new MesogunError({
      exit: EXIT_USAGE,
      what: `'${prefix}' is no record`,
      next: 'give four or more of the digits that `mesogun calibrate list` and each certificate show',
    });
  const found = store.all().filter((each) => each.sha256.startsWith(prefix));
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  throw new MesogunError({
    exit: EXIT_FILE,
    what: only === undefined ? `no calibration record begins with ${prefix}` : `${found.length} records begin with ${prefix}`,
    why: `in ${store.folder}`,
    next: only === undefined ? '`mesogun calibrate list` shows all' : 'give more digits',
  });
}

export interface BadMark {
  readonly record: StoredRecord;
  readonly who: string;
  readonly at: string;
  readonly why: string;
}

/** Marks it at the desk. A second mark says no more than the first: refused with exit 3. */
export function markBad(store: RecordStore, { record, who, at, why }: BadMark): void {
  const before = record.marks.find((mark) => mark.state === 'bad');
  if (before !== undefined)
    throw new MesogunError({
      exit: EXIT_FILE,
      what: 'this calibration is marked bad already',
      why: markText(before),
      next: 'calibrate anew',
    });
  store.mark(record.sha256, 'bad', who, at, why);
}

/** Takes it off the gun; false when the gun keeps it no more. Throws MesogunError of exit 3 for another gun. */
export async function takeOff(gun: LinkBenchGun, { record, sha256 }: StoredRecord): Promise<boolean> {
  if (gun.gunId !== record.gun.id)
    throw new MesogunError({
      exit: EXIT_FILE,
      what: `this is gun ${gun.gunId}; the record is of gun ${record.gun.id}`,
      why: 'it is marked bad at the desk; no gun was changed',
      next: `connect gun ${record.gun.id} and mark it again with --port`,
    });
  await gun.enter();
  try {
    return await gun.remove(sha256);
  } finally {
    await gun.leave();
  }
}

/**
 * Before a session: refuses when what the gun would dose or find its depth by is marked bad at this desk. Asks the gun only where
 * anything is. Throws MesogunError of exit 3.
 */
export async function refuseMarked(link: Pick<Asking, 'request'>, program: Int32Array, desk: Desk): Promise<void> {
  const bad = new RecordStore(calibrationsFolder(undefined, desk)).badMarks();
  if (bad.length === 0) return;
  for (const section of await readGunSections(link)) {
    const mark = bad.find((line) => line.record.startsWith(section.sha256));
    if (mark === undefined || section.demo || (section.kind === 'dose' && section.kit !== program[P_KIT])) continue;
    throw new MesogunError({
      exit: EXIT_FILE,
      what: `the ${section.kind} calibration on this gun, record ${section.sha256}, is marked bad`,
      why: markText(mark),
      next: `calibrate anew: mesogun calibrate ${section.kind === 'sensors' ? 'force' : section.kind}; or take it off the gun: mesogun calibrate mark-bad ${section.sha256} --port …`,
    });
  }
}
