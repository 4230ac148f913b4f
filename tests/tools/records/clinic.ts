// A clinic's records folder for tests: sessions begun and kept without a gun, from one that ran on the virtual gun.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { runCli } from '../../../tools/cli.ts';
import { sessionRecordSchema } from '../../../tools/records/session-record.ts';
import type { SessionRecord } from '../../../tools/records/session-record.ts';
import { beginSession, keepRecord, openRecords } from '../../../tools/records/store.ts';
import type { RecordingDesk } from '../recording-desk.ts';
import { recordingDesk } from '../recording-desk.ts';

const folders: string[] = [];

/** Goes with the spec that asked for it. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mesogun-records-'));
  folders.push(folder);
  return folder;
}
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Options of a session that is recorded as it should be; `change` takes the place of single ones, null leaves one out. */
export function recordArgs(folder: string, change: Readonly<Record<string, string | null>> = {}): string[] {
  const options: Record<string, string | null> = {
    ...{ '--records': folder, '--patient': 'P17', '--operator': 'op3', '--needle-id': 'N1', '--syringe-id': 'S1' },
    ...{ '--lot': 'vitamin-cocktail=A123,2027-05', '--consent': '', '--checked': '' },
    ...change,
  };
  return Object.entries(options).flatMap(([name, value]) => (value === null ? [] : value === '' ? [name] : [name, value]));
}

export async function mesogun(argv: readonly string[], desk = recordingDesk()): Promise<{ code: number; desk: RecordingDesk }> {
  return { code: await runCli(argv, desk), desk };
}

export const RUN = ['run', 'mesolift-face', '--set', 'pricks=10', '--json'];

let made: SessionRecord | null = null;

/** A record of 10 pricks with seed 1 on the virtual gun, made once. */
export async function aRecord(): Promise<SessionRecord> {
  if (made === null) {
    const folder = newFolder();
    await mesogun([...RUN, ...recordArgs(folder)]);
    made = sessionRecordSchema.parse(openRecords(folder).entries[0]?.record);
  }
  return made;
}

export interface Past {
  readonly at: string;
  readonly patient?: string;
  readonly needleId?: string;
  /** Factor on what it gave; 1 when absent. */
  readonly times?: number;
  readonly ending?: SessionRecord['ending'];
  readonly simulated?: boolean;
  /** Begun and never kept. */
  readonly lost?: boolean;
}

/** Sessions of the past, in their order. */
export async function past(folder: string, sessions: readonly Past[]): Promise<void> {
  const like = await aRecord();
  for (const one of sessions) {
    const { at, patient = 'P17', needleId = 'N0', times = 1, ending = 'complete', simulated = true } = one;
    const planned = like.cocktail.map(({ name, unit, planned: amount }) => ({ name, unit, amount: amount * times }));
    const session = beginSession(
      folder,
      {
        ...{ at, simulated, patient, operator: 'op3', protocol: like.form.protocol, part: 1, parts: 1, needleId, syringeIds: ['S0'] },
        ...{ product: like.product.id, plannedUl: like.plan.sessionUl * times, planned },
      },
      () => undefined,
    );
    if (one.lost === true) continue;
    const record: SessionRecord = {
      ...like,
      ...{ session, begunAt: at, endedAt: at, ending, simulated, form: { ...like.form, patient } },
      cocktail: like.cocktail.map((each) => ({ ...each, given: each.given * times })),
      totals: { ...like.totals, givenNl: like.totals.givenNl * times },
    };
    keepRecord(folder, record, at);
  }
}
