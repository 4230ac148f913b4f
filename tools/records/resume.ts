// Going on with a recorded session that did not come to its end: the pricks it left, for the same patient, on the same day,
// with the same treatment. A prick that may have been made is never made again (R10). Not responsible for running. Desk side.
import { canonicalJson } from '../../protocols/canonical.ts';
import type { Share } from '../../protocols/treatment.ts';
import { EXIT_FILE, MesogunError } from '../errors.ts';
import { readyToRun } from '../source.ts';
import type { Ready } from '../source.ts';
import { dayOf } from './limits.ts';
import type { SessionRecord } from './session-record.ts';
import { openRecords } from './store.ts';

export interface Resumed {
  readonly ready: Ready;
  readonly record: SessionRecord;
}

const refuse = (what: string, why: string, next: string): MesogunError => new MesogunError({ exit: EXIT_FILE, what, why, next });

/** Treatment without what says which pricks of it: those may differ, nothing else. */
const sameness = (treatment: Readonly<Record<string, unknown>>): string =>
  canonicalJson({ ...treatment, part: undefined, from: undefined });

/** First prick of its part that a record leaves over; failed and uncertain ones are not made again. */
export function firstLeft(record: SessionRecord): number {
  const last = Math.max(0, ...record.pricks.map((one) => one.prick));
  return (record.resumes?.from ?? 1) + last;
}

/** What is left of session `session` of the records, ready to run. Throws MesogunError 3. `today` as 2026-12-01. */
export function resumed(folder: string, session: number, name: string, set: readonly string[], today: string): Resumed {
  const { entries, faults } = openRecords(folder);
  const next = 'mesogun records list shows all; a new session is always possible';
  const record = entries.find(({ begun }) => begun.session === session)?.record ?? null;
  if (record === null) throw refuse(`session ${session} has no record to go on with`, faults[0] ?? `in ${folder}`, next);
  if (record.ending === 'complete') throw refuse(`session ${session} is complete`, `${record.totals.done} pricks were made`, next);
  if (dayOf(record.begunAt) !== today)
    throw refuse(`session ${session} is of another day`, `it began ${record.begunAt}; needle and consent were for that day`, next);
  const later = entries.find((entry) => entry.record?.resumes?.session === session);
  if (later !== undefined) throw refuse(`session ${session} was gone on with`, `session ${later.begun.session} made its pricks`, next);
  const from = firstLeft(record);
  const { part } = record;
  const share: Share = { ...(part.number === 1 ? {} : { part: part.number }), from };
  if (from > record.plan.pricks + (record.resumes?.from ?? 1) - 1)
    throw refuse(`session ${session} left nothing over`, `all ${record.plan.pricks} pricks were made or counted`, next);
  const ready = readyToRun(name, set, share);
  if (sameness({ ...ready.treatment }) !== sameness(record.treatment)) {
    const why = 'the protocol, its settings or what it names are not those of the record';
    throw refuse(`this is not what session ${session} was doing`, why, 'give the same protocol and the same --set');
  }
  return { ready, record };
}
