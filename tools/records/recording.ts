// A session that is recorded, from the options of `mesogun run` to the kept file: asks before anything is opened, judges
// what the patient has had before anything moves, writes the beginning, and keeps the record whatever the ending.
// Not responsible for the session itself (run-session.ts). Runs at the desk.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { formatProblems } from '../../protocols/problems.ts';
import type { Problem } from '../../protocols/problems.ts';
import type { Desk } from '../desk.ts';
import { parseBuild } from '../device/info.ts';
import { EXIT_FILE, EXIT_USAGE, MesogunError } from '../errors.ts';
import type { Outcome } from '../guide.ts';
import type { OpenGun } from '../open-gun.ts';
import type { Ready } from '../source.ts';
import type { Summary, SummaryInput } from '../summary.ts';
import { askForm } from './ask-form.ts';
import type { SessionForm } from './form.ts';
import { formProblems } from './form.ts';
import { answeredBy, formOf, isAsked } from './form-options.ts';
import type { RecordOptions } from './form-options.ts';
import { limitProblems, singleUseProblems } from './limits.ts';
import { lotText, lotsIn } from './lots.ts';
import { sessionBegin } from './session-begin.ts';
import type { RecordedGun } from './session-record.ts';
import { beginSession, keepRecord } from './store.ts';
import { writeRecord } from './write-record.ts';

/** Folder of the records: option, then MESOGUN_RECORDS, then `records`. */
export const recordsFolder = (option: string | undefined, desk: Desk): string => option ?? desk.env['MESOGUN_RECORDS'] ?? 'records';

/** `2026-12-01T09:30Z` from what the desk calls today. */
export const momentOf = (desk: Desk): string => `${desk.date().slice(0, 10)}T${desk.date().slice(11, 16)}Z`;

function refuse(problems: readonly Problem[], what: string, next: string): void {
  if (problems.length > 0) throw new MesogunError({ exit: EXIT_FILE, what, why: formatProblems(problems), next });
}

/** What the gun says that it is and runs. */
async function recordedGun(gun: OpenGun, imageSha256: string | null): Promise<RecordedGun> {
  const { port, firmwareVersion, link } = gun;
  const build = parseBuild((await link.request('info'))['build']);
  return { port, firmwareVersion, imageSha256, board: link.hello?.board ?? null, device: link.hello?.device ?? null, build };
}

export class Recording {
  private readonly folder: string;
  private readonly form: SessionForm;
  private readonly ready: Ready;
  private readonly desk: Desk;
  private readonly imageSha256: string | null;
  private readonly resumes: number | null;
  private session = 0;
  private begunAt = '';
  private gun: RecordedGun | null = null;

  constructor(folder: string, form: SessionForm, ready: Ready, imageSha256: string | null, resumes: number | null, desk: Desk) {
    this.folder = folder;
    this.form = form;
    this.ready = ready;
    this.imageSha256 = imageSha256;
    this.resumes = resumes;
    this.desk = desk;
  }

  /** Before anything moves. Throws (exit 3) where a limit, a needle or a syringe forbids it; then nothing is written. */
  async begin(opened: OpenGun): Promise<void> {
    const { form, ready } = this;
    const { protocol, product } = ready.treatment;
    const simulated = opened.seed !== null;
    const gun = await recordedGun(opened, this.imageSha256);
    this.gun = gun;
    this.begunAt = momentOf(this.desk);
    const today = this.begunAt.slice(0, 10);
    const patient = form.patient ?? '';
    const begun = {
      ...{ at: this.begunAt, simulated, patient, operator: form.operator ?? '', protocol: protocol.id },
      ...{ part: ready.plan.part, parts: ready.plan.parts.length, needleId: form.needleId ?? '', syringeIds: form.syringeIds },
      ...{ product: product.id, plannedUl: ready.plan.sessionUl },
      planned: ready.plan.components.map(({ name, unit, session }) => ({ name, unit, amount: session })),
    };
    const { begunAt, resumes } = this;
    this.session = beginSession(
      this.folder,
      begun,
      (records) => {
        refuse(
          [
            ...singleUseProblems(records.entries, form, simulated, today),
            ...limitProblems(records.entries, patient, simulated, ready, today),
          ],
          `the records forbid this session for patient ${patient}; nothing moved`,
          `mesogun records course ${patient} shows what was given`,
        );
        for (const note of records.notes) this.desk.say(note);
      },
      (session) => sessionBegin({ session, begunAt, seed: opened.seed, form, ready, resumes, gun, lastSeq: opened.lastSeq }),
    );
  }

  /** The syringe is being changed for this filling, 2 for the first change: what belongs into it. */
  filling(number: number): void {
    const { form, ready } = this;
    const lots = lotsIn(ready.treatment.product.id, form.lots, number).map(({ of, lot, expires }) => lotText({ of, lot, expires }));
    const syringe = form.syringeIds[number - 1];
    const pack = syringe === undefined ? '' : `, syringe ${syringe}`;
    this.desk.say(`change of syringe: filling ${number}${pack}; ${lots.length === 0 ? 'its lot is not known' : lots.join('; ')}`);
  }

  /** After the session, whatever its ending. */
  keep(input: SummaryInput, summary: Summary, outcome: Outcome): void {
    const { session, form, begunAt, resumes, gun } = this;
    if (gun === null) return;
    const endedAt = momentOf(this.desk);
    const record = writeRecord({ ...{ ...input, session, form, summary, begunAt, endedAt, gun, resumes }, ending: outcome.ending });
    const left = outcome.ending === 'complete' ? '' : `; mesogun run ${form.protocol} --resume ${session} makes the pricks it left`;
    const path = keepRecord(this.folder, record, endedAt);
    this.desk.say(
      `kept session ${session} of ${form.patient ?? ''} in ${path}${record.simulated ? ' (simulated: nobody was treated)' : ''}${left}`,
    );
  }

  /** The session was begun and brought no journal. */
  leftOpen(): void {
    const { session, form } = this;
    if (session > 0)
      this.desk.say(
        `session ${session} of the records has no record: it counts in full until mesogun run ${form.protocol} --resume ${session} reads it from the gun, or mesogun records close ${session}`,
      );
  }
}

/**
 * Null when no record is asked for. `before`: session that this one goes on with, and its form. On a terminal a person is asked for what
 * is missing. Throws before anything is opened: 3 for what is missing, expired or answered with no.
 */
export async function recordingFor(
  options: RecordOptions & { readonly image?: string; readonly bench?: boolean },
  ready: Ready,
  before: { readonly session: number; readonly form: SessionForm } | null,
  desk: Desk,
): Promise<Recording | null> {
  if (before === null && !isAsked(options)) return null;
  if (options.bench === true) {
    const next = 'leave out --bench, or everything that asks for a record';
    throw new MesogunError({ exit: EXIT_USAGE, what: 'a session on the bench treats nobody and is not recorded', next });
  }
  const { treatment, plan } = ready;
  const form = answeredBy(await askForm(formOf(options, treatment, before?.form ?? null), treatment, plan.syringes, desk));
  const problems = formProblems(form, treatment, plan.syringes, momentOf(desk).slice(0, 10));
  refuse(
    problems,
    'the session cannot be recorded; nothing ran',
    'give what is missing, or write it into a form: mesogun records form --help',
  );
  const image = options.image !== undefined && existsSync(options.image) ? readFileSync(options.image) : null;
  const imageSha256 = image === null ? null : createHash('sha256').update(image).digest('hex');
  return new Recording(recordsFolder(options.records, desk), form, ready, imageSha256, before?.session ?? null, desk);
}
