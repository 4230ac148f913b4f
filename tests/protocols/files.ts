// Files for the tests: copies of the library's, changed at one place. Not a fixture of its own figures.
import { checkValue } from '../../protocols/check.ts';
import type { Checked } from '../../protocols/check.ts';
import { find } from '../../protocols/library.ts';
import type { Problem } from '../../protocols/problems.ts';
import type { Kind, Protocol, Technique } from '../../protocols/schema.ts';

export type Json = Record<string, unknown>;

/** A library file as plain JSON, to be changed freely. */
export function copyOf(kind: Kind, id: string): Json {
  const file = find(kind, id);
  if (file === null) throw new Error(`the library has no ${kind} ${id}`);
  return structuredClone(file);
}

export const mesolift = (change: Json = {}): Json => ({ ...copyOf('protocol', 'mesolift-face'), ...change });
export const nappage = (change: Json = {}): Json => ({ ...copyOf('technique', 'nappage'), ...change });

/** A technique without limits of its own, so that only the device's stand. */
export function bareTechnique(change: Partial<Technique> = {}): Json {
  const technique = nappage(change);
  for (const key of ['limits', 'needles', 'syringes']) Reflect.deleteProperty(technique, key);
  return technique;
}

/** A protocol with a technique without own limits. */
export const bareProtocol = (change: Partial<Protocol> = {}, technique: Partial<Technique> = {}): Json =>
  mesolift({ set: {}, ...(change as Json), technique: bareTechnique(technique) });

export const errorsOf = (checked: Checked): Problem[] => checked.problems.filter((problem) => problem.severity === 'error');
export const warningsOf = (checked: Checked): Problem[] => checked.problems.filter((problem) => problem.severity === 'warning');

/** The plan of a file that must be right. */
export function planned(
  value: unknown,
  settings: Json = {},
): { plan: NonNullable<Checked['plan']>; treatment: NonNullable<Checked['treatment']> } {
  const checked = checkValue(value, settings);
  if (checked.plan === null || checked.treatment === null) throw new Error(JSON.stringify(checked.problems, null, 1));
  return { plan: checked.plan, treatment: checked.treatment };
}
