// What `--set` may change in a protocol: key, the value it has now and from whom, unit, least and most here.
// Not responsible for parsing (set.ts) nor for bounds of a whole plan (check.ts). Desk side.
import { parameters } from './set.ts';
import type { Step } from './schema.ts';
import type { Treatment } from './treatment.ts';

export interface Setting {
  readonly key: string;
  readonly unit: string;
  /** Null where the protocol leaves it to the plan, or where its technique has no such step. */
  readonly value: number | null;
  readonly from: 'set' | 'protocol' | 'technique';
  readonly min: number;
  readonly max: number;
}

function ofSteps(steps: readonly Step[], key: string): number | null {
  for (const step of steps) {
    const value = (step as Readonly<Record<string, unknown>>)[key];
    if (typeof value === 'number') return value;
  }
  return null;
}

function valueOf(treatment: Treatment, key: string): number | null {
  const { technique } = treatment;
  if (key === 'pricks') return treatment.pricks;
  if (key === 'fillUl') return treatment.fillUl;
  if (key === 'primeUl') return treatment.primeUl;
  if (key === 'targetN') return technique.stamp.targetN;
  if (key === 'periodMs') return technique.permit.mode === 'cadence' ? technique.permit.periodMs : null;
  if (key === 'depthMm' || key === 'doseUl' || key === 'spacingMm' || key === 'handMmPerS') return technique[key];
  return ofSteps(technique.steps, key);
}

/** Everything that can be set, with the technique's own limits where they are narrower. */
export function settingsOf(treatment: Treatment): Setting[] {
  const { protocol, technique } = treatment;
  const set: Readonly<Record<string, unknown>> = protocol.set ?? {};
  return parameters().map(({ key, unit, min, max }) => {
    const own = (technique.limits as Readonly<Record<string, { min: number; max: number } | undefined>> | undefined)?.[key];
    const from = set[key] !== undefined ? 'set' : ['pricks', 'fillUl', 'primeUl'].includes(key) ? 'protocol' : 'technique';
    return { key, unit, value: valueOf(treatment, key), from, min: Math.max(min, own?.min ?? min), max: Math.min(max, own?.max ?? max) };
  });
}

/** One line a setting. */
export const settingLines = (treatment: Treatment): string[] =>
  settingsOf(treatment).map(({ key, unit, value, from, min, max }) => {
    const none = key === 'pricks' ? 'as many as the area holds' : key === 'periodMs' ? 'no cadence' : 'no such step';
    const now = value === null ? none : key === 'periodMs' && value === 0 ? 'shortest' : `${value} ${unit}`;
    return `  ${key.padEnd(18)} ${now.padEnd(26)} ${`${min} to ${max} ${unit}`.padEnd(22)} from ${from === 'set' ? 'set' : `the ${from}`}`;
  });
