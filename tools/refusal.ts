// A gun's refusals and faults as what, why and next for a person: which limit, which value, who set it.
// The texts of the numbers stand in fault-texts.ts; this joins them with what the gun said. Runs at the desk.
import * as F from '../firmware/core/faults.ts';
import { PROGRAM_FIELDS } from '../firmware/core/program.ts';
import type { Trouble } from './errors.ts';
import { EXIT_DEVICE } from './errors.ts';
import { FAULT_TEXTS, HOLD_TEXTS, REFUSAL_TEXTS, RESULT_TEXTS } from './fault-texts.ts';
import type { Answer } from './link-schemas.ts';

const SET_BY: Readonly<Record<number, string>> = {
  [F.SET_BY_HARD]: 'the gun, for good',
  [F.SET_BY_DEVICE]: 'this gun',
  [F.SET_BY_PRODUCT]: 'the product',
  [F.SET_BY_TECHNIQUE]: 'the technique',
  [F.SET_BY_OPERATOR]: 'the operator',
};

/** What the gun misses, by its bits. */
const MISSING: readonly (string | undefined)[] = [
  undefined,
  'the gun keeps none of this syringe with this needle, or it is past its day',
  'the gun keeps none of its needle axis, or it is past its day',
  'the gun keeps neither one of this syringe with this needle nor of its needle axis, or both are past their day',
];

export const faultSays = (code: number): string => FAULT_TEXTS[code]?.says ?? `fault ${code}`;
export const holdSays = (why: number): string => HOLD_TEXTS[why]?.says ?? `hold ${why}`;
export const refusalSays = (code: number): string => REFUSAL_TEXTS[code]?.says ?? `refusal ${code}`;
export const resultSays = (result: number): string => RESULT_TEXTS[result]?.says ?? `result ${result}`;

/** A latched fault. */
export function faultTrouble(code: number): Trouble {
  return {
    exit: EXIT_DEVICE,
    what: `the gun stopped with fault ${code}: ${faultSays(code)}`,
    next: FAULT_TEXTS[code]?.next ?? 'keep the gun off the patient and read its journal',
  };
}

/** Which limit it was: a word of the programme by name where the refusal is about the programme. */
function limitText(answer: Answer): string | undefined {
  const { limit, value, bound, by } = answer;
  if (limit === undefined || (limit === 0 && value === 0 && bound === 0)) return undefined;
  if (answer.no === F.REFUSED_CALIBRATION) return MISSING[bound ?? 0];
  if (answer.no === F.REFUSED_TICK) return `its longest tick took ${value ?? '?'} ms, allowed are ${bound ?? '?'}`;
  const name = answer.no === F.REFUSED_PROGRAM ? (PROGRAM_FIELDS[limit] ?? `word ${limit}`) : `limit ${limit}`;
  return `${name} is ${value ?? '?'}, allowed is ${bound ?? '?'}; set by ${SET_BY[by ?? -1] ?? 'the gun'}`;
}

/** A refused request: `asked` names it. */
export function refusalTrouble(asked: string, answer: Answer): Trouble {
  const code = answer.no ?? F.REFUSED_NONE;
  const text = REFUSAL_TEXTS[code];
  const what = `the gun refuses '${asked}': ${refusalSays(code)}`;
  const named = answer.no === F.REFUSED_FIELD && answer.what !== undefined ? `it does not take '${answer.what}'` : undefined;
  const why = limitText(answer) ?? named;
  return { exit: EXIT_DEVICE, what, ...(why === undefined ? {} : { why }), ...(text?.next === undefined ? {} : { next: text.next }) };
}
