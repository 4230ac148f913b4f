// `--set key=value` to a setting: the key by name, the value as a number with or without its unit. Bounds are checked
// with the file (check.ts), so that they are reported like everything else. Desk side.
import { boundOf } from './bounds.ts';
import { nearestWord } from './nearest-word.ts';
import type { Problem } from './problems.ts';
import { settingsSchema } from './schema.ts';

export interface Parameter {
  readonly key: string;
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  readonly why: string;
}

/** What can be set, with unit and bounds. */
export function parameters(): Parameter[] {
  return Object.keys(settingsSchema.shape).flatMap((key) => {
    const bound = boundOf(key);
    return bound === null ? [] : [{ key, unit: bound.unit, min: bound.min, max: bound.max, why: bound.why }];
  });
}

const problem = (key: string, value: string, bound: string, why: string, nearest?: string): Problem => ({
  ...{ pointer: `/set/${key}`, value, bound, why, severity: 'error' as const },
  ...(nearest === undefined ? {} : { nearest }),
});

/** Units that people type for the ones shown. */
const spelt = (unit: string): string => unit.replaceAll('µ', 'u').toLowerCase();

function parseOne(pair: string): { key: string; number: number } | Problem {
  const at = pair.indexOf('=');
  const [key, text] = at < 0 ? [pair, ''] : [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
  const known = parameters().find((parameter) => parameter.key === key);
  if (known === undefined) {
    const keys = parameters().map((parameter) => parameter.key);
    return problem(key, pair, `one of ${keys.join(', ')}`, 'nothing else can be set', nearestWord(key, keys));
  }
  if (key === 'periodMs' && text === 'shortest') return { key, number: 0 };
  const match = /^(-?\d+(?:\.\d+)?)\s*(\D*)$/.exec(text);
  if (match === null) return problem(key, text, `a number in ${known.unit}`, `write ${key}=${known.min}, for example`);
  const unit = match[2] ?? '';
  if (unit !== '' && spelt(unit) !== spelt(known.unit))
    return problem(key, text, `in ${known.unit}`, 'another unit would be another value');
  return { key, number: Number(match[1]) };
}

/** Parses `key=value` pairs; the last of two equal keys is refused, not taken. */
export function parseSettings(pairs: readonly string[]): { settings: Record<string, number>; problems: Problem[] } {
  const settings: Record<string, number> = {};
  const problems: Problem[] = [];
  for (const pair of pairs) {
    const one = parseOne(pair);
    if (!('number' in one)) problems.push(one);
    else if (Object.hasOwn(settings, one.key)) problems.push(problem(one.key, pair, 'given once', 'of two values one would be dropped'));
    else settings[one.key] = one.number;
  }
  return { settings, problems };
}
