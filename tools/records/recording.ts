// A session that is recorded, from the options of `mesogun run` to the kept file: asks before anything is opened, judges
// what the patient has had before anything moves, writes `begun`, and keeps the record whatever the ending.
// Not responsible for the session itself (run-session.ts). Runs at the desk.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import type { Desk } from '../desk.ts';
import { EXIT_FILE, EXIT_USAGE, MesogunError } from '../errors.ts';
import { formatProblems, problemsOf } from '../../protocols/problems.ts';
import type { Problem } from '../../protocols/problems.ts';
import type { Treatment } from '../../protocols/treatment.ts';
import type { Outcome } from '../guide.ts';
import type { OpenGun } from '../open-gun.ts';
import type { Ready } from '../source.ts';
import type { Summary, SummaryInput } from '../summary.ts';
import type { SessionForm } from './form.ts';
import { asked, blankForm, formProblems, formSchema, idSchema } from './form.ts';
import { limitProblems, singleUseProblems } from './limits.ts';
import { parseLot } from './lots.ts';
import type { SessionRecord } from './session-record.ts';
import { beginSession, keepRecord } from './store.ts';
import { writeRecord } from './write-record.ts';

/** The options of `mesogun run` that are about the record. */
export interface RecordOptions {
  readonly record?: boolean;
  readonly records?: string;
  readonly form?: string;
  readonly patient?: string;
  readonly operator?: string;
  readonly needleId?: string;
  readonly syringeId: readonly string[];
  readonly lot: readonly string[];
  readonly lotUnknown?: boolean;
  readonly consent?: boolean;
  readonly checked?: boolean;
}

/** Folder of the records: option, then MESOGUN_RECORDS, then `records`. */
export const recordsFolder = (option: string | undefined, desk: Desk): string => option ?? desk.env['MESOGUN_RECORDS'] ?? 'records';

/** `2026-12-01T09:30Z` from what the desk calls today. */
export const momentOf = (desk: Desk): string => `${desk.date().slice(0, 10)}T${desk.date().slice(11, 16)}Z`;

/** Any option of the record asks for one: nobody names a patient for nothing. */
const isAsked = ({ record, form, patient, operator, needleId, syringeId, lot, lotUnknown, consent, checked }: RecordOptions): boolean =>
  [record, form, patient, operator, needleId, lotUnknown, consent, checked].some((option) => option !== undefined) ||
  syringeId.length + lot.length > 0;

function formIn(path: string): SessionForm {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new MesogunError({ exit: EXIT_FILE, what: `cannot read the form ${path}`, why, next: 'mesogun records form writes one' });
  }
  const parsed = formSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const why = formatProblems(parsed.error.issues.flatMap((issue) => problemsOf(issue, value)));
  throw new MesogunError({ exit: EXIT_FILE, what: `${path} is no form of a session`, why, next: 'mesogun records form writes one' });
}

function idOf(option: string, text: string): string {
  if (idSchema.safeParse(text).success) return text;
  const next = 'letters, digits and . _ / -, at most 40; an id that the clinic gives, no name';
  throw new MesogunError({ exit: EXIT_USAGE, what: `${option} '${text}' is no id`, next });
}

function lotOf(text: string): SessionForm['lots'][number] {
  const lot = parseLot(text);
  if (lot !== null) return lot;
  throw new MesogunError({
    exit: EXIT_USAGE,
    what: `--lot ${text}`,
    next: 'write it as --lot vitamin-cocktail=A123,2027-05: what, lot, expiry',
  });
}

/** The form, with what the options say on top. */
function formOf(options: RecordOptions, treatment: Treatment, before: SessionForm | null): SessionForm {
  const form = options.form === undefined ? (before ?? blankForm(treatment)) : formIn(options.form);
  const lots = options.lot.map(lotOf);
  return {
    ...form,
    patient: options.patient === undefined ? form.patient : idOf('--patient', options.patient),
    operator: options.operator === undefined ? form.operator : idOf('--operator', options.operator),
    needleId: options.needleId === undefined ? form.needleId : idOf('--needle-id', options.needleId),
    syringeIds: options.syringeId.length === 0 ? form.syringeIds : options.syringeId.map((id) => idOf('--syringe-id', id)),
    lots: [...form.lots.filter((lot) => !lots.some((other) => other.of === lot.of)), ...lots],
    lotUnknown: options.lotUnknown ?? form.lotUnknown,
    consent: options.consent ?? form.consent,
    checklist: options.checked === true ? asked(treatment).map((ask) => ({ ask, answer: 'yes' })) : form.checklist,
  };
}

function refuse(problems: readonly Problem[], what: string, next: string): void {
  if (problems.length > 0) throw new MesogunError({ exit: EXIT_FILE, what, why: formatProblems(problems), next });
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

  constructor(folder: string, form: SessionForm, ready: Ready, imageSha256: string | null, resumes: number | null, desk: Desk) {
    this.folder = folder;
    this.form = form;
    this.ready = ready;
    this.imageSha256 = imageSha256;
    this.resumes = resumes;
    this.desk = desk;
  }

  /** Before anything moves. Throws (exit 3) where a limit, a needle or a syringe forbids it; then nothing is written. */
  begin(gun: OpenGun): void {
    const { form, ready } = this;
    const { protocol, product } = ready.treatment;
    const simulated = gun.seed !== null;
    this.begunAt = momentOf(this.desk);
    const today = this.begunAt.slice(0, 10);
    const patient = form.patient ?? '';
    const begun = {
      ...{ at: this.begunAt, simulated, patient, operator: form.operator ?? '', protocol: protocol.id },
      ...{ part: ready.plan.part, parts: ready.plan.parts.length, needleId: form.needleId ?? '', syringeIds: form.syringeIds },
      ...{ product: product.id, plannedUl: ready.plan.sessionUl },
      planned: ready.plan.components.map(({ name, unit, session }) => ({ name, unit, amount: session })),
    };
    this.session = beginSession(this.folder, begun, (records) => {
      refuse(
        [
          ...singleUseProblems(records.entries, form, simulated, today),
          ...limitProblems(records.entries, patient, simulated, ready, today),
        ],
        `the records forbid this session for patient ${patient}; nothing moved`,
        `mesogun records course ${patient} shows what was given`,
      );
      for (const note of records.notes) this.desk.say(note);
    });
  }

  /** After the session, whatever its ending. */
  keep(input: SummaryInput, summary: Summary, outcome: Outcome, gun: OpenGun): void {
    const { session, form, begunAt, imageSha256, resumes } = this;
    const endedAt = momentOf(this.desk);
    const { port, firmwareVersion } = gun;
    const record = writeRecord({
      ...{ ...input, session, form, summary, begunAt, endedAt, port, firmwareVersion, imageSha256, resumes },
      ending: outcome.ending,
    });
    const left = outcome.ending === 'complete' ? '' : `; mesogun run ${form.protocol} --resume ${session} makes the pricks it left`;
    const path = keepRecord(this.folder, record, endedAt);
    this.desk.say(
      `kept session ${session} of ${form.patient ?? ''} in ${path}${record.simulated ? ' (simulated: nobody was treated)' : ''}${left}`,
    );
  }

  /** The session was begun and brought no journal. */
  leftOpen(): void {
    if (this.session > 0)
      this.desk.say(`session ${this.session} of the records has no record: it counts in full until mesogun records close ${this.session}`);
  }
}

/**
 * Null when no record is asked for. `resumed`: the record that this session goes on with, whose form it takes over.
 * Throws before anything is opened: 3 for what is missing, expired or answered with no.
 */
export function recordingFor(
  options: RecordOptions & { readonly image?: string },
  ready: Ready,
  resumed: SessionRecord | null,
  desk: Desk,
): Recording | null {
  if (resumed === null && !isAsked(options)) return null;
  const form = formOf(options, ready.treatment, resumed?.form ?? null);
  const problems = formProblems(form, ready.treatment, momentOf(desk).slice(0, 10));
  refuse(
    problems,
    'the session cannot be recorded; nothing ran',
    'give what is missing, or write it into a form: mesogun records form --help',
  );
  const image = options.image !== undefined && existsSync(options.image) ? readFileSync(options.image) : null;
  const imageSha256 = image === null ? null : createHash('sha256').update(image).digest('hex');
  return new Recording(recordsFolder(options.records, desk), form, ready, imageSha256, resumed?.session ?? null, desk);
}
