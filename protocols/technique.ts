// What must hold inside one technique that its schema cannot say: the order of its steps, shares that sum up, a force
// window around its target, limits the right way round. Not responsible for syringe, needle or site. Desk side.
import { BOUNDS } from './bounds.ts';
import type { Problem } from './problems.ts';
import type { Step, Technique } from './schema.ts';

/** Tolerance of the mean dose in one person where a technique says none. Chosen. */
export const DOSE_WITHIN_PERCENT = 10;

const CONTACT_FIRST = 'contact is required before the needle may move';
const HOME_LAST = 'a prick ends with the needle at home';

interface Walk {
  /** Share of the depth at which the needle is; 0 at home. */
  atPercent: number;
  /** Inserted once already. */
  pricked: boolean;
  deepestPercent: number;
  dosePercent: number;
  readonly problems: Problem[];
}

function refuse(walk: Walk, pointer: string, step: Step, bound: string, why: string): void {
  walk.problems.push({ pointer, value: step, bound, why, severity: 'error' });
}

function walkStep(walk: Walk, technique: Technique, index: number, pointer: string): void {
  const step = technique.steps[index] as Step;
  const isIn = walk.atPercent > 0;
  if (step.do === 'press' && index > 0) refuse(walk, pointer, step, 'the first step only', CONTACT_FIRST);
  if (step.do === 'insert') {
    const to = step.depthPercent ?? 100;
    if (walk.pricked && !isIn) refuse(walk, pointer, step, 'one insertion a prick', 'the way back in would be a second prick');
    else if (to <= walk.atPercent)
      refuse(walk, pointer, step, `deeper than ${walk.atPercent} %`, 'the needle is as deep already; withdraw instead');
    if (technique.depthMm * to < 100 * BOUNDS.depthMm.min) refuse(walk, pointer, step, `≥ ${BOUNDS.depthMm.min} mm`, BOUNDS.depthMm.why);
    walk.atPercent = to;
    walk.pricked = true;
    walk.deepestPercent = Math.max(walk.deepestPercent, to);
  }
  if ((step.do === 'dose' || step.do === 'dwell') && !isIn)
    refuse(walk, pointer, step, 'after an insert', 'the needle is not in the skin here');
  if (step.do === 'dose') walk.dosePercent += step.dosePercent ?? 100;
  if (step.do === 'withdraw') {
    const to = step.toDepthPercent ?? 0;
    if (to >= walk.atPercent) refuse(walk, pointer, step, `less than ${walk.atPercent} % of the depth`, 'a withdrawal goes outwards');
    if (to === 0 && (step.dosePercent ?? 0) > 0) {
      refuse(
        walk,
        pointer,
        step,
        'a dose only on the way to a shallower depth',
        'on the last way home the tip leaves the skin and the rest would drip',
      );
    }
    walk.dosePercent += step.dosePercent ?? 0;
    walk.atPercent = to;
  }
  if (step.do === 'decompress' && isIn)
    refuse(walk, pointer, step, 'after the withdrawal to home', 'the plunger never goes back with the needle in');
  if (step.do === 'release' && isIn)
    refuse(walk, pointer, step, 'after the withdrawal to home', 'the ring holds the skin until the needle is out');
}

function stepProblems(technique: Technique, base: string): Problem[] {
  const { steps, doseUl, stamp } = technique;
  const walk: Walk = { atPercent: 0, pricked: false, deepestPercent: 0, dosePercent: 0, problems: [] };
  const first = steps[0];
  if (first?.do !== 'press') refuse(walk, `${base}/steps/0`, first ?? { do: 'press' }, 'a press step', CONTACT_FIRST);
  for (let index = 0; index < steps.length; index++) walkStep(walk, technique, index, `${base}/steps/${index}`);
  const whole = (bound: string, value: unknown, why: string): void => {
    walk.problems.push({ pointer: `${base}/steps`, value, bound, why, severity: 'error' });
  };
  if (walk.atPercent > 0) whole('a last withdrawal to home', `needle left at ${walk.atPercent} % of the depth`, HOME_LAST);
  if (walk.deepestPercent !== 100)
    whole('an insertion to 100 % of the depth', `${walk.deepestPercent} %`, 'depthMm is the deepest point of a prick');
  if (walk.dosePercent !== 100 && (doseUl > 0 || walk.dosePercent > 0)) {
    whole('dose shares that sum to 100 %', `${walk.dosePercent} %`, 'doseUl is what one prick gives in all');
  }
  if (stamp.mode === 'driven' && !steps.some((step) => step.do === 'release'))
    whole('a release step', 'none', 'a driven ring must let go of the skin');
  return walk.problems;
}

function windowProblems(technique: Technique, base: string): Problem[] {
  const { minN, targetN, maxN } = technique.stamp;
  const at = (key: string, value: number, bound: string, why: string, nearest?: number): Problem => ({
    ...{ pointer: `${base}/stamp/${key}`, value, bound, why, severity: 'error' as const },
    ...(nearest === undefined ? {} : { nearest }),
  });
  if (minN >= maxN) return [at('minN', minN, `< ${maxN} N`, 'the force window would be empty')];
  if (targetN < minN) return [at('targetN', targetN, `≥ ${minN} N`, 'the target must lie in its own window', minN)];
  if (targetN > maxN) return [at('targetN', targetN, `≤ ${maxN} N`, 'the target must lie in its own window', maxN)];
  return [];
}

function limitProblems(technique: Technique, base: string): Problem[] {
  const problems: Problem[] = [];
  for (const key of ['depthMm', 'doseUl', 'spacingMm'] as const) {
    const limit = technique.limits?.[key];
    if (limit === undefined) continue;
    const pointer = `${base}/limits/${key}/min`;
    if (limit.min > limit.max)
      problems.push({ pointer, value: limit.min, bound: `≤ ${limit.max}`, why: 'the range would be empty', severity: 'error' });
  }
  return problems;
}

/** All problems inside a technique; `base` is where it stands in its file ('' in its own). */
export function techniqueProblems(technique: Technique, base: string): Problem[] {
  return [...stepProblems(technique, base), ...windowProblems(technique, base), ...limitProblems(technique, base)];
}

/** A value of a technique against the technique's own limits, or null. */
export function ownLimitProblem(technique: Technique, key: 'depthMm' | 'doseUl' | 'spacingMm', pointer: string): Problem | null {
  const limit = technique.limits?.[key];
  const value = technique[key];
  if (limit === undefined || limit.min > limit.max || (value >= limit.min && value <= limit.max)) return null;
  const why = `technique ${technique.id} allows no other (limit of the technique)`;
  return {
    pointer,
    value,
    bound: `${limit.min} to ${limit.max}`,
    why,
    nearest: Math.min(limit.max, Math.max(limit.min, value)),
    severity: 'error',
  };
}
