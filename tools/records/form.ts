// What the desk must be told before a session that is recorded: who, with what, checked and agreed. From a file that
// `mesogun records form` prepares, from options, or both (options win). No identity beyond ids that the clinic gives.
// Not responsible for what the gun did (session-record.ts). Runs at the desk.
import { z } from 'zod';
import type { Problem } from '../../protocols/problems.ts';
import type { Treatment } from '../../protocols/treatment.ts';
import { FILLINGS_MOST, isExpired, lotNames, lotSchema, withoutLot } from './lots.ts';
import { nearestWord } from '../../protocols/nearest-word.ts';

/** An id as the clinic gives it: no spaces, so that it is no sentence and no name with a birth date. */
export const idSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,39}$/);

const answer = z.strictObject({
  ask: z.string().min(1).max(400),
  answer: z.enum(['yes', 'no']).nullable(),
  note: z.string().max(400).optional(),
  /** Who said so, and how: asked at the terminal, by --checked for all at once, or written into a form. */
  by: idSchema.optional(),
  how: z.enum(['asked', 'option', 'form']).optional(),
});
export type Answered = z.infer<typeof answer>;

export const formSchema = z.strictObject({
  mesogun: z.literal(1),
  kind: z.literal('session-form'),
  protocol: idSchema,
  patient: idSchema.nullable(),
  operator: idSchema.nullable(),
  /** Of the single-use packs: what is printed on them, or a serial number of the clinic. */
  needleId: idSchema.nullable(),
  syringeIds: z.array(idSchema).max(FILLINGS_MOST),
  lots: z.array(lotSchema).max(40),
  /** True: the lot of something in the syringe is not known, and the record is to say so. */
  lotUnknown: z.boolean(),
  consent: z.boolean().nullable(),
  /** What the protocol requires and asks before, in its order. */
  checklist: z.array(answer).max(40),
});
export type SessionForm = z.infer<typeof formSchema>;

/** What a protocol asks, in its order. */
export const asked = ({ protocol }: Treatment): string[] => [...(protocol.requires ?? []), ...(protocol.before ?? [])];

/** A form with nothing answered. */
export const blankForm = (treatment: Treatment): SessionForm => ({
  mesogun: 1,
  kind: 'session-form',
  protocol: treatment.protocol.id,
  ...{ patient: null, operator: null, needleId: null, syringeIds: [], lots: [], lotUnknown: false, consent: null },
  checklist: asked(treatment).map((ask) => ({ ask, answer: null })),
});

const missing = (pointer: string, bound: string, why: string): Problem => ({ pointer, value: undefined, bound, why, severity: 'error' });

function lotProblems(form: SessionForm, treatment: Treatment, fillings: number, today: string): Problem[] {
  const { product, technique } = treatment;
  const names = lotNames(product);
  const at = (index: number, value: unknown, bound: string, why: string, nearest?: string): Problem => ({
    ...{ pointer: `/lots/${index}`, value, bound, why, severity: 'error' as const },
    ...(nearest === undefined ? {} : { nearest }),
  });
  const problems = form.lots.flatMap((lot, index) => {
    if (!names.includes(lot.of)) {
      const why = `product ${product.id} holds nothing of this name`;
      return [at(index, lot.of, `one of ${names.join(', ')}`, why, nearestWord(lot.of, names))];
    }
    if (!isExpired(lot, today)) return [];
    return [at(index, lot.expires, `${today} or later`, `lot ${lot.lot} of ${lot.of} has expired: take another ampoule`)];
  });
  if (technique.doseUl === 0 || form.lotUnknown) return problems;
  for (let filling = 1; filling <= fillings; filling++) {
    for (const name of withoutLot(product, form.lots, filling)) {
      const own = filling === 1 ? name : `${name}@${filling}`;
      const which = fillings === 1 ? '' : ` in filling ${filling} of ${fillings}`;
      problems.push(missing('/lots', `a lot of ${name}${which}`, `--lot "${own}=LOT,YYYY-MM"; --lot-unknown keeps that nobody knows it`));
    }
  }
  return problems;
}

function checklistProblems(form: SessionForm, treatment: Treatment): Problem[] {
  return asked(treatment).flatMap((ask, index) => {
    const pointer = `/checklist/${index}`;
    const given = form.checklist.find((one) => one.ask === ask)?.answer ?? null;
    if (given === 'yes') return [];
    const why = given === null ? 'it has not been answered; --checked answers yes to all' : 'it was answered with no';
    return [{ pointer, value: given, bound: `yes to «${ask}»`, why, severity: 'error' as const }];
  });
}

/** Everything that keeps a session of so many planned fillings from being recorded, at once. `today` as 2026-12-01. */
export function formProblems(form: SessionForm, treatment: Treatment, fillings: number, today: string): Problem[] {
  const problems: Problem[] = [];
  if (form.protocol !== treatment.protocol.id) {
    const why = 'the form was written for another protocol';
    problems.push({ pointer: '/protocol', value: form.protocol, bound: treatment.protocol.id, why, severity: 'error' });
  }
  if (form.patient === null) problems.push(missing('/patient', 'an id that the clinic gives', '--patient ID'));
  if (form.operator === null) problems.push(missing('/operator', 'an id that the clinic gives', '--operator ID'));
  if (form.needleId === null)
    problems.push(missing('/needleId', 'what stands on the pack of the needle', '--needle-id ID: a needle serves one patient'));
  if (form.syringeIds.length === 0 && treatment.technique.doseUl > 0)
    problems.push(missing('/syringeIds', 'what stands on the pack of the syringe', '--syringe-id ID: a syringe serves one patient'));
  if (form.consent !== true) problems.push(missing('/consent', 'true', '--consent: without consent nothing is done'));
  return [...problems, ...checklistProblems(form, treatment), ...lotProblems(form, treatment, fillings, today)];
}
