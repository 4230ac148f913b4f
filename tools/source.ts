// What a person named on the command line: a library id or a file, with `--set` on top; checked, or refused with every
// problem at once. Not responsible for the rules (protocols/check.ts).
import { existsSync, readFileSync } from 'node:fs';
import { checkId, checkText, nearestId } from '../protocols/check.ts';
import type { Checked } from '../protocols/check.ts';
import type { Plan } from '../protocols/plan.ts';
import type { Problem } from '../protocols/problems.ts';
import { formatProblems, hasErrors } from '../protocols/problems.ts';
import { parseSettings } from '../protocols/set.ts';
import type { Share, Treatment } from '../protocols/treatment.ts';
import { EXIT_FILE, EXIT_USAGE, MesogunError } from './errors.ts';

export interface Ready {
  readonly treatment: Treatment;
  readonly plan: Plan;
  readonly warnings: readonly Problem[];
}

const looksLikeFile = (name: string): boolean => name.endsWith('.json') || name.includes('/') || name.includes('\\') || existsSync(name);

/** Checks a file or a library entry. Throws only when there is nothing to check: exit 3. */
export function checkSource(name: string, pairs: readonly string[] = [], share: Share = {}): Checked {
  const { settings, problems } = parseSettings(pairs);
  const checked = looksLikeFile(name) ? checkText(textOf(name), settings, share) : checkId(name, settings, share);
  if (checked === null) {
    const nearest = nearestId(name);
    throw new MesogunError({
      exit: EXIT_FILE,
      what: `'${name}' is neither in the library nor a file`,
      next: nearest === undefined ? 'mesogun list shows the library' : `did you mean ${nearest}? mesogun list shows the library`,
    });
  }
  return problems.length === 0
    ? checked
    : { ...checked, ok: false, problems: [...problems, ...checked.problems], treatment: null, plan: null };
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new MesogunError({ exit: EXIT_FILE, what: `cannot read ${path}`, why, next: 'check the path and its permissions' });
  }
}

/** A protocol that may run, or a refusal (exit 3) that lists every error. `share`: a session of several, or what one left over. */
export function readyToRun(name: string, pairs: readonly string[] = [], share: Share = {}): Ready {
  const checked = checkSource(name, pairs, share);
  const { treatment, plan, problems } = checked;
  const { part = 1 } = share;
  if (plan !== null && part > plan.parts.length) {
    const next = plan.parts.length === 1 ? 'leave --session out' : `--session 1 to ${plan.parts.length}`;
    throw new MesogunError({ exit: EXIT_USAGE, what: `the area takes ${plan.parts.length} session(s), not ${part}`, next });
  }
  if (checked.ok && treatment !== null && plan !== null && !hasErrors(problems)) return { treatment, plan, warnings: problems };
  if (checked.ok) {
    const next = 'mesogun list protocol shows what can run; a technique runs as part of one';
    throw new MesogunError({ exit: EXIT_FILE, what: `'${name}' is a ${checked.kind ?? 'file'}, not a protocol`, next });
  }
  throw new MesogunError({
    exit: EXIT_FILE,
    what: `'${name}' is refused; nothing ran`,
    why: formatProblems(problems),
    next: `mend these places; mesogun check ${name} tells when it is right`,
  });
}
