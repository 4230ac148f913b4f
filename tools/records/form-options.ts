// The form of a session from a file, from the options of `mesogun run`, and from the session that it goes on with; options win.
// Not responsible for judging it (form.ts) nor for asking a person (ask-form.ts). Runs at the desk.
import { readFileSync } from 'node:fs';
import { formatProblems, problemsOf } from '../../protocols/problems.ts';
import type { Treatment } from '../../protocols/treatment.ts';
import { EXIT_FILE, EXIT_USAGE, MesogunError } from '../errors.ts';
import type { SessionForm } from './form.ts';
import { asked, blankForm, formSchema, idSchema } from './form.ts';
import { parseLot, samePlace } from './lots.ts';

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

/** Any option of the record asks for one: nobody names a patient for nothing. */
export const isAsked = ({
  record,
  form,
  patient,
  operator,
  needleId,
  syringeId,
  lot,
  lotUnknown,
  consent,
  checked,
}: RecordOptions): boolean =>
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
  if (!parsed.success) {
    const why = formatProblems(parsed.error.issues.flatMap((issue) => problemsOf(issue, value)));
    throw new MesogunError({ exit: EXIT_FILE, what: `${path} is no form of a session`, why, next: 'mesogun records form writes one' });
  }
  const checklist = parsed.data.checklist.map((one) =>
    one.answer === null || one.how !== undefined ? one : { ...one, how: 'form' as const },
  );
  return { ...parsed.data, checklist };
}

export const ID_FORM = 'letters, digits and . _ / -, at most 40; an id that the clinic gives, no name';

function idOf(option: string, text: string): string {
  if (idSchema.safeParse(text).success) return text;
  throw new MesogunError({ exit: EXIT_USAGE, what: `${option} '${text}' is no id`, next: ID_FORM });
}

export const LOT_FORM = 'vitamin-cocktail=A123,2027-05: what, lot, expiry; vitamin-cocktail@2=… for the second filling only';

function lotOf(text: string): SessionForm['lots'][number] {
  const lot = parseLot(text);
  if (lot !== null) return lot;
  throw new MesogunError({ exit: EXIT_USAGE, what: `--lot ${text}`, next: `write it as --lot ${LOT_FORM}` });
}

/** The form, with what the options say on top. `before`: of the session that this one goes on with. */
export function formOf(options: RecordOptions, treatment: Treatment, before: SessionForm | null): SessionForm {
  const form = options.form === undefined ? (before ?? blankForm(treatment)) : formIn(options.form);
  const lots = options.lot.map(lotOf);
  return {
    ...form,
    patient: options.patient === undefined ? form.patient : idOf('--patient', options.patient),
    operator: options.operator === undefined ? form.operator : idOf('--operator', options.operator),
    needleId: options.needleId === undefined ? form.needleId : idOf('--needle-id', options.needleId),
    syringeIds: options.syringeId.length === 0 ? form.syringeIds : options.syringeId.map((id) => idOf('--syringe-id', id)),
    lots: [...form.lots.filter((lot) => !lots.some((other) => samePlace(other, lot))), ...lots],
    lotUnknown: options.lotUnknown ?? form.lotUnknown,
    consent: options.consent ?? form.consent,
    checklist: options.checked === true ? asked(treatment).map((ask) => ({ ask, answer: 'yes', how: 'option' })) : form.checklist,
  };
}

/** Whoever holds the gun answers for the checklist: each answer carries who gave it. */
export const answeredBy = (form: SessionForm): SessionForm => {
  const { operator } = form;
  if (operator === null) return form;
  return {
    ...form,
    checklist: form.checklist.map((one) => (one.answer === null || one.by !== undefined ? one : { ...one, by: operator })),
  };
};
