// A reading as a person or a keyboard cable types it: `12.345`, `+12,345`, `0.0102 g`. Point or comma, unit or none. Not responsible
// for asking (typed-balance.ts, typed-gauge.ts).

export interface TypedRange {
  /** What one of each unit is in the unit of the answer; the first is meant where none is typed. */
  readonly units: Readonly<Record<string, number>>;
  readonly least: number;
  readonly most: number;
}

export type TypedNumber = { readonly ok: true; readonly value: number } | { readonly ok: false; readonly why: string };

const no = (why: string): TypedNumber => ({ ok: false, why });

/** Reads it, or says why not in words for whoever typed it. Never guesses: 1.234,5 is refused. */
export function readTyped(text: string, range: TypedRange): TypedNumber {
  const trimmed = text.trim();
  if (trimmed === '') return no('nothing was typed');
  const parts = /^([+-]?\d+(?:[.,]\d+)?)\s*([A-Za-zµμ]*)$/.exec(trimmed);
  if (parts === null) return no(`'${trimmed}' is not a number; write it like 12.345 or 12,345`);
  const [usual = ''] = Object.keys(range.units);
  const [, number = '', unit = ''] = parts;
  const factor = unit === '' ? range.units[usual] : Object.hasOwn(range.units, unit) ? range.units[unit] : undefined;
  if (factor === undefined) return no(`'${unit}' is not a unit here; known are ${Object.keys(range.units).join(', ')}`);
  const value = Number((Number(number.replace(',', '.')) * factor).toPrecision(15));
  if (value < range.least || value > range.most) return no(`${value} ${usual} is outside ${range.least} to ${range.most} ${usual}`);
  return { ok: true, value };
}

/** Asks a person at the desk; null when they give up. `complaint`: why the last answer was no good. */
export type Ask = (question: string, complaint?: string) => Promise<string | null>;

/** Asks until the answer can be read; null when the person gives up. */
export async function askNumber(ask: Ask, question: string, range: TypedRange): Promise<number | null> {
  let complaint: string | undefined;
  for (;;) {
    const text = await ask(question, complaint);
    if (text === null) return null;
    const read = readTyped(text, range);
    if (read.ok) return read.value;
    complaint = read.why;
  }
}
