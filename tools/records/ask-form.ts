// Asks a person at the terminal for what a session's form still lacks: who, needle, syringes, lots filling by filling, consent, and each
// point of the protocol's checklist. Not responsible for judging the whole (form.ts). Runs at the desk.
import type { Product } from '../../protocols/schema.ts';
import type { Treatment } from '../../protocols/treatment.ts';
import type { Desk } from '../desk.ts';
import { EXIT_FILE, EXIT_INTERRUPTED, MesogunError } from '../errors.ts';
import type { Answered, SessionForm } from './form.ts';
import { asked, idSchema } from './form.ts';
import { ID_FORM } from './form-options.ts';
import { lotSchema, withoutLot } from './lots.ts';
import type { Lot } from './lots.ts';

type Asker = (question: string) => Promise<string | null>;

/** Asks again until the answer fits. Throws (exit 130) when the input has ended. */
async function until<T>(ask: Asker, question: string, read: (text: string) => T | string): Promise<T> {
  let complaint = '';
  for (;;) {
    const text = await ask(`${complaint === '' ? '' : `  ${complaint}\n`}${question} `);
    if (text === null) throw new MesogunError({ exit: EXIT_INTERRUPTED, what: 'the questions were not answered; nothing ran' });
    const value = read(text.trim());
    if (typeof value !== 'string') return value;
    complaint = value;
  }
}

const id = (ask: Asker, question: string): Promise<string> =>
  until<{ id: string }>(ask, question, (text) => (idSchema.safeParse(text).success ? { id: text } : ID_FORM)).then((one) => one.id);

function yesOrNo(text: string): { yes: boolean; note: string } | string {
  const [, word = '', note = ''] = /^(\S*)\s*(.*)$/.exec(text) ?? [];
  if (/^(y|yes)$/i.test(word)) return { yes: true, note };
  return /^(n|no)$/i.test(word) ? { yes: false, note } : 'yes or no, please; a remark may follow';
}

const lotIn = (of: string, filling: number | undefined, text: string): { lot: Lot | null } | string => {
  if (text === '?') return { lot: null };
  const comma = text.lastIndexOf(',');
  const parts = { of, lot: text.slice(0, Math.max(0, comma)).trim(), expires: text.slice(comma + 1).trim() };
  const parsed = lotSchema.safeParse(filling === undefined ? parts : { ...parts, filling });
  return parsed.success ? { lot: parsed.data } : 'write it as A123,2027-05: lot, expiry; ? when nobody knows it';
};

async function askLots(
  ask: Asker,
  product: Product,
  form: SessionForm,
  fillings: number,
): Promise<Pick<SessionForm, 'lots' | 'lotUnknown'>> {
  let lots = [...form.lots];
  for (let filling = 1; filling <= fillings; filling++) {
    for (const of of withoutLot(product, lots, filling)) {
      const which = fillings === 1 ? '' : ` in filling ${filling} of ${fillings}`;
      const { lot } = await until(ask, `Lot and expiry of ${of}${which} (A123,2027-05):`, (text) =>
        lotIn(of, fillings === 1 ? undefined : filling, text),
      );
      if (lot === null) return { lots, lotUnknown: true };
      lots = [...lots, lot];
      if (filling > 1 || fillings === 1) continue;
      const { yes } = await until(ask, `The same lot of ${of} in all ${fillings} fillings?`, yesOrNo);
      if (yes) lots = [...lots.filter((one) => one !== lot), { of: lot.of, lot: lot.lot, expires: lot.expires }];
    }
  }
  return { lots, lotUnknown: false };
}

/** Each point of the checklist that is not answered yet; ends at the first no. */
async function askChecklist(ask: Asker, treatment: Treatment, form: Pick<SessionForm, 'checklist'>): Promise<Answered[]> {
  const answers: Answered[] = [];
  for (const point of asked(treatment)) {
    const before = form.checklist.find((one) => one.ask === point && one.answer !== null);
    if (before !== undefined) {
      answers.push(before);
      continue;
    }
    const { yes, note } = await until(ask, `${point} (yes/no)`, yesOrNo);
    answers.push({ ask: point, answer: yes ? 'yes' : 'no', ...(note === '' ? {} : { note }), how: 'asked' });
    // One no forbids the session: the rest need not be asked.
    if (!yes) break;
  }
  return answers;
}

/** The form with everything that a person had to add. */
export async function askForm(form: SessionForm, treatment: Treatment, fillings: number, desk: Desk): Promise<SessionForm> {
  const { ask } = desk;
  if (ask === undefined) return form;
  const wet = treatment.technique.doseUl > 0;
  const who = {
    patient: form.patient ?? (await id(ask, 'Patient, an id that the clinic gave:')),
    operator: form.operator ?? (await id(ask, 'Operator, who holds the gun:')),
    needleId: form.needleId ?? (await id(ask, 'Needle, what stands on its pack:')),
    syringeIds: form.syringeIds.length > 0 || !wet ? form.syringeIds : [await id(ask, 'Syringe, what stands on its pack:')],
  };
  const lots =
    wet && !form.lotUnknown ? await askLots(ask, treatment.product, form, fillings) : { lots: form.lots, lotUnknown: form.lotUnknown };
  const consent = form.consent ?? (await until(ask, 'Has the patient agreed in writing? (yes/no)', yesOrNo)).yes;
  return { ...form, ...who, ...lots, consent, checklist: consent ? await askChecklist(ask, treatment, form) : form.checklist };
}

/**
 * Before a session on a real gun that is not recorded: the checklist is asked at a terminal. Throws MesogunError 3 for a no, and where nobody
 * can be asked.
 */
export async function confirmChecklist(treatment: Treatment, desk: Desk): Promise<void> {
  const points = asked(treatment);
  if (points.length === 0) return;
  const next = '--record asks and keeps the answers, --checked with the other options of a record gives them; --bench: nobody is treated';
  if (desk.ask === undefined) {
    const why = points.map((point) => `  ${point}`).join('\n');
    throw new MesogunError({
      exit: EXIT_FILE,
      what: `the checklist of ${treatment.protocol.id} was not confirmed; nothing moved`,
      why,
      next,
    });
  }
  const answers = await askChecklist(desk.ask, treatment, { checklist: [] });
  const no = answers.find(({ answer }) => answer === 'no');
  if (no !== undefined)
    throw new MesogunError({ exit: EXIT_FILE, what: 'the checklist forbids this session; nothing moved', why: no.ask, next });
}
