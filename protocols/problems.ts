// What is wrong with a file, so that a person can mend it: where (RFC 6901 pointer), what stands there, which bound it
// breaks, why the bound is there, and the nearest value that would do. Turns zod's issues into these. Desk side.
import type { z } from 'zod';
import { boundOf, nearestWithin } from './bounds.ts';
import { knownKeys } from './json-schema.ts';
import { nearestWord } from './nearest-word.ts';

export interface Problem {
  /** RFC 6901 JSON pointer into the file; '' is the whole file. */
  readonly pointer: string;
  /** What stands there now; undefined when nothing does. */
  readonly value: unknown;
  /** The bound that is broken, as a person writes it: '≤ 10 mm', 'one of f, m'. */
  readonly bound: string;
  /** Why the bound is there, or who set it. */
  readonly why: string;
  /** The nearest value that would be accepted, where there is one. */
  readonly nearest?: string | number | boolean;
  /** An error stops everything; a warning is for a person to judge. */
  readonly severity: 'error' | 'warning';
}

type Path = readonly (string | number)[];
type Issue = z.core.$ZodIssue;

/** An RFC 6901 pointer from path parts. */
export function pointerOf(path: Path): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** The value at a pointer, or undefined. */
export function valueAt(root: unknown, pointer: string): unknown {
  let value = root;
  for (const part of pointer.split('/').slice(1)) {
    if (value === null || typeof value !== 'object') return undefined;
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    value = Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
  }
  return value;
}

export const hasErrors = (problems: readonly Problem[]): boolean => problems.some((problem) => problem.severity === 'error');

const error = (path: Path, value: unknown, bound: string, why: string, nearest?: string | number | boolean): Problem => ({
  ...{ pointer: pointerOf(path), value, bound, why, severity: 'error' as const },
  ...(nearest === undefined ? {} : { nearest }),
});

function rangeProblem(path: Path, value: unknown, issue: z.core.$ZodIssueTooBig | z.core.$ZodIssueTooSmall): Problem {
  const bound = boundOf(String(path.at(-1))) ?? boundOf(String(path.at(-2)));
  const limit = Number(issue.code === 'too_big' ? issue.maximum : issue.minimum);
  const sign = issue.code === 'too_big' ? '≤' : '≥';
  if (bound !== null && typeof value === 'number') {
    const why = `${bound.why} (limit of the ${bound.setBy})`;
    return error(path, value, `${sign} ${limit} ${bound.unit}`, why, nearestWithin(bound, value));
  }
  const unit = issue.origin === 'string' ? ' characters' : issue.origin === 'array' ? ' entries' : '';
  return error(path, value, `${sign} ${limit}${unit}`, 'the file format asks for it', typeof value === 'number' ? limit : undefined);
}

function wordProblem(path: Path, value: unknown, words: readonly unknown[]): Problem {
  const known = words.map(String);
  const nearest = typeof value === 'string' ? nearestWord(value, known) : known.length === 1 ? (words[0] as string | number) : undefined;
  const bound = known.length === 1 ? `exactly ${known[0] ?? ''}` : `one of ${known.join(', ')}`;
  return error(path, value, bound, value === undefined ? 'it is missing' : 'nothing else is known here', nearest);
}

/** Of a union «id or object» the branch that the author meant; null when it was neither. */
function meantBranch(issue: z.core.$ZodIssueInvalidUnion, value: unknown): readonly Issue[] | null {
  if (typeof value === 'string') return issue.errors[0] ?? null;
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) return issue.errors[1] ?? null;
  return null;
}

/** Words that a discriminator may hold, from zod's note or from the schema's options. */
const discriminatorWords: Readonly<Record<string, readonly string[]>> = {
  do: ['press', 'insert', 'dose', 'dwell', 'withdraw', 'decompress', 'release'],
  mode: ['travel', 'cadence', 'trigger'],
  shape: ['rectangle', 'ellipse', 'polygon', 'path', 'points'],
  lay: ['lines', 'fan'],
};

function unionProblems(path: Path, value: unknown, issue: z.core.$ZodIssueInvalidUnion, root: unknown): Problem[] {
  const words = discriminatorWords[String(path.at(-1))];
  if (issue.errors.length === 0 && words !== undefined) return [wordProblem(path, value, words)];
  const branch = meantBranch(issue, value);
  if (branch === null) return [error(path, value, 'an id or an object', 'name a library file or write one in place')];
  return branch.flatMap((inner) => problemsOf({ ...inner, path: [...path, ...inner.path] }, root));
}

function unknownKeys(path: Path, issue: z.core.$ZodIssueUnrecognizedKeys, root: unknown): Problem[] {
  return issue.keys.map((key) => {
    const at = [...path, key];
    return error(
      at,
      valueAt(root, pointerOf(at)),
      'no such key',
      'unknown keys are refused so that a typing error cannot pass',
      nearestWord(key, knownKeys()),
    );
  });
}

/** The problems behind one zod issue; `root` is the file. */
export function problemsOf(issue: Issue, root: unknown): Problem[] {
  const path = issue.path as (string | number)[];
  const value = valueAt(root, pointerOf(path));
  switch (issue.code) {
    case 'too_big':
    case 'too_small':
      return [rangeProblem(path, value, issue)];
    case 'unrecognized_keys':
      return unknownKeys(path, issue, root);
    case 'invalid_value':
      return [wordProblem(path, value, issue.values)];
    case 'invalid_union':
      return unionProblems(path, value, issue, root);
    case 'invalid_type': {
      const bound = boundOf(String(path.at(-1)));
      const wanted = issue.expected === 'int' ? 'a whole number' : `${/^[aio]/.test(issue.expected) ? 'an' : 'a'} ${issue.expected}`;
      const nearest = bound !== null && typeof value === 'number' ? nearestWithin(bound, value) : undefined;
      const why = value === undefined ? 'it is missing' : 'the value has another type';
      return [error(path, value, bound === null ? wanted : `${wanted} in ${bound.unit}, ${bound.min} to ${bound.max}`, why, nearest)];
    }
    default:
      return [error(path, value, issue.message, 'the file format asks for it')];
  }
}

/** Problems as lines for people, errors first. */
export function formatProblems(problems: readonly Problem[]): string {
  const line = (problem: Problem): string => {
    const value = problem.value === undefined ? 'nothing' : JSON.stringify(problem.value).slice(0, 60);
    const nearest = problem.nearest === undefined ? '' : ` Nearest: ${String(problem.nearest)}.`;
    return `${problem.severity} ${problem.pointer === '' ? '(file)' : problem.pointer}: ${value}, must be ${problem.bound}; ${problem.why}.${nearest}`;
  };
  const rank = (problem: Problem): number => (problem.severity === 'error' ? 0 : 1);
  return [...problems]
    .sort((a, b) => rank(a) - rank(b))
    .map(line)
    .join('\n');
}
