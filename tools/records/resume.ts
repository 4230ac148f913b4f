// Going on with a recorded session that did not come to its end: the pricks it left, for the same patient, on the same day,
// with the same treatment. A prick that may have been made is never made again (R10). Not responsible for running. Desk side.
import { canonicalJson } from '../../protocols/canonical.ts';
import type { Share, Treatment } from '../../protocols/treatment.ts';
import { EXIT_FILE, MesogunError } from '../errors.ts';
import { readyToRun } from '../source.ts';
import type { Ready } from '../source.ts';
import type { SessionForm } from './form.ts';
import { formAfter } from './fillings.ts';
import { dayOf } from './limits.ts';
import type { SessionBegin } from './session-begin.ts';
import type { SessionRecord } from './session-record.ts';
import { openRecords } from './store.ts';

export interface Resumed {
  readonly ready: Ready;
  /** The session that it goes on with, and its form for what is left. */
  readonly before: { readonly session: number; readonly form: SessionForm };
}

const NEXT = 'mesogun records list shows all; a new session is always possible';

const refuse = (what: string, why: string, next: string): MesogunError => new MesogunError({ exit: EXIT_FILE, what, why, next });

/** Treatment without what says which pricks of it: those may differ, nothing else. */
const sameness = (treatment: Readonly<Record<string, unknown>>): string =>
  canonicalJson({ ...treatment, part: undefined, from: undefined });

/** First prick of its part that a record leaves over; failed and uncertain ones are not made again. */
export function firstLeft(record: SessionRecord): number {
  const last = Math.max(0, ...record.pricks.map((one) => one.prick));
  return (record.resumes?.from ?? 1) + last;
}

/** Throws MesogunError 3 when a file and its settings are not what session `session` was doing. */
export function mustBeSame(session: number, treatment: Treatment, recorded: Readonly<Record<string, unknown>>): void {
  if (sameness({ ...treatment }) === sameness(recorded)) return;
  const why = 'the protocol, its settings or what it names are not those of the record';
  throw refuse(`this is not what session ${session} was doing`, why, 'give the same protocol and the same --set');
}

const mustBeToday = (session: number, begunAt: string, today: string): void => {
  if (dayOf(begunAt) === today) return;
  throw refuse(`session ${session} is of another day`, `it began ${begunAt}; needle and consent were for that day`, NEXT);
};

/** What was written down before a session that has no record, because its desk died; null when it has one. Throws MesogunError 3. */
export function beginLeft(folder: string, session: number, today: string): SessionBegin | null {
  const entry = openRecords(folder).entries.find(({ begun }) => begun.session === session);
  if (entry?.state !== 'open' || entry.begin === null) return null;
  mustBeToday(session, entry.begun.at, today);
  return entry.begin;
}

/** What is left of session `session` of the records, ready to run. Throws MesogunError 3. `today` as 2026-12-01. */
export function resumed(folder: string, session: number, name: string, set: readonly string[], today: string): Resumed {
  const { entries, faults } = openRecords(folder);
  const entry = entries.find(({ begun }) => begun.session === session);
  const record = entry?.record ?? null;
  if (entry?.state === 'open' && entry.begin !== null) {
    const why = 'its desk died; what was made of it is in the journal of its gun';
    throw refuse(`session ${session} has no record yet`, why, 'without --dry-run the gun is asked first, and the record made');
  }
  if (record === null) throw refuse(`session ${session} has no record to go on with`, faults[0] ?? `in ${folder}`, NEXT);
  if (record.ending === 'complete') throw refuse(`session ${session} is complete`, `${record.totals.done} pricks were made`, NEXT);
  mustBeToday(session, record.begunAt, today);
  const later = entries.find((entry) => (entry.record?.resumes?.session ?? entry.begin?.resumes) === session);
  if (later !== undefined) {
    const made = `session ${later.begun.session} ${later.record === null ? 'was to make its pricks and has no record: resume that one' : 'made its pricks'}`;
    throw refuse(`session ${session} was gone on with`, made, NEXT);
  }
  const from = firstLeft(record);
  const { part } = record;
  const share: Share = { ...(part.number === 1 ? {} : { part: part.number }), from };
  if (from > record.plan.pricks + (record.resumes?.from ?? 1) - 1)
    throw refuse(`session ${session} left nothing over`, `all ${record.plan.pricks} pricks were made or counted`, NEXT);
  const ready = readyToRun(name, set, share);
  mustBeSame(session, ready.treatment, record.treatment);
  return { ready, before: { session, form: formAfter(record.form, record.fillings) } };
}
