// All errors of a file at once: JSON, structure, names, technique, depth, syringe, plan. The front door for a text from
// outside; nothing runs that has not passed here. Not responsible for reading files (tools). Desk side.
import { LIMIT_STEP, Limits } from '../firmware/core/limits.ts';
import { PROGRAM_FIELDS } from '../firmware/core/program.ts';
import { depthPlanOf, depthProblems } from './depth.ts';
import { feasibilityProblems } from './kits.ts';
import { fluidPlanOf } from './fluid-words.ts';
import { parseJsonText } from './json-text.ts';
import { equipmentProblems, fitProblems, needleProblems, siteProblems, syringeProblems } from './equipment.ts';
import { find, idsOf } from './library.ts';
import { nearestWord } from './nearest-word.ts';
import type { Plan } from './plan.ts';
import { planProtocol } from './plan.ts';
import type { Problem } from './problems.ts';
import { hasErrors, problemsOf, valueAt } from './problems.ts';
import type { AnyFile, Kind, Protocol } from './schema.ts';
import { KINDS, SCHEMAS } from './schema.ts';
import { ownLimitProblem, techniqueProblems } from './technique.ts';
import type { Share, Treatment } from './treatment.ts';
import { originOf, treatmentOf } from './treatment.ts';

export interface Checked {
  /** No errors; warnings may be there. */
  readonly ok: boolean;
  readonly problems: readonly Problem[];
  readonly kind: Kind | null;
  /** Null when not ok. */
  readonly file: AnyFile | null;
  /** Of an ok protocol; the plan carries the programme. */
  readonly treatment: Treatment | null;
  readonly plan: Plan | null;
}

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json => value !== null && typeof value === 'object' && !Array.isArray(value);

const failed = (problems: readonly Problem[], kind: Kind | null): Checked => ({
  ok: false,
  problems,
  kind,
  file: null,
  treatment: null,
  plan: null,
});

function kindProblem(raw: unknown): Problem {
  if (!isObject(raw)) return { pointer: '', value: raw, bound: 'a JSON object', why: 'every file of mesogun is one', severity: 'error' };
  const nearest = typeof raw['kind'] === 'string' ? nearestWord(raw['kind'], KINDS) : undefined;
  const problem: Problem = {
    pointer: '/kind',
    value: raw['kind'],
    bound: `one of ${KINDS.join(', ')}`,
    why: 'it says what the file is',
    severity: 'error',
  };
  return nearest === undefined ? problem : { ...problem, nearest };
}

interface Judged {
  readonly problems: Problem[];
  readonly treatment: Treatment | null;
  readonly plan: Plan | null;
}

function protocolProblems(protocol: Protocol, share: Share): Judged {
  const { treatment: whole, problems } = treatmentOf(protocol);
  if (whole === null) return { problems, treatment: null, plan: null };
  const treatment = { ...whole, ...share };
  problems.push(...equipmentProblems(treatment));
  for (const key of ['depthMm', 'doseUl', 'spacingMm'] as const) {
    const problem = ownLimitProblem(treatment.technique, key, originOf(protocol, key));
    if (problem !== null) problems.push(problem);
  }
  if (hasErrors(siteProblems(treatment.site, ''))) return { problems, treatment: null, plan: null };
  const depth = depthPlanOf(treatment);
  const fluid = fluidPlanOf(treatment, depth);
  const plan = planProtocol(treatment);
  problems.push(...depthProblems(treatment, depth), ...feasibilityProblems(treatment, fluid), ...fitProblems(treatment), ...plan.problems);
  if (!hasErrors(problems)) problems.push(...gunProblems(protocol, plan.program));
  return { problems, treatment, plan };
}

/** The gun's own judge has the last word, so that nothing passes here that the gun would refuse. */
function gunProblems(protocol: Protocol, program: Int32Array): Problem[] {
  const limits = new Limits();
  if (limits.judge(program, program.length) === 0) return [];
  const [, limit = 0, value = 0, bound = 0] = limits.refusal;
  const name = PROGRAM_FIELDS[limit] ?? `step ${limit - LIMIT_STEP}`;
  const why = `the gun refuses ${name} = ${value} of the programme`;
  return [{ pointer: '', value: protocol.id, bound: `${name} within ${bound}`, why, severity: 'error' }];
}

function meaningProblems(file: AnyFile, share: Share): Judged {
  const only = (problems: Problem[]): Judged => ({ problems, treatment: null, plan: null });
  switch (file.kind) {
    case 'protocol':
      return protocolProblems(file, share);
    case 'technique': {
      const own = (['depthMm', 'doseUl', 'spacingMm'] as const).map((key) => ownLimitProblem(file, key, `/${key}`));
      return only([...techniqueProblems(file, ''), ...own.filter((problem) => problem !== null)]);
    }
    case 'site':
      return only(siteProblems(file, ''));
    case 'syringe':
      return only(syringeProblems(file, ''));
    case 'needle':
      return only(needleProblems(file, ''));
    case 'product':
      return only([]);
  }
}

/** A copy of the file with every broken number at its nearest value and unknown keys gone, so that meaning can be judged too. */
function mended(raw: Json, problems: readonly Problem[]): unknown {
  const copy = structuredClone(raw);
  for (const problem of problems) {
    const at = problem.pointer.lastIndexOf('/');
    const parent = valueAt(copy, problem.pointer.slice(0, Math.max(0, at)));
    const key = problem.pointer
      .slice(at + 1)
      .replaceAll('~1', '/')
      .replaceAll('~0', '~');
    if (!isObject(parent)) continue;
    if (problem.bound === 'no such key') Reflect.deleteProperty(parent, key);
    else if (problem.nearest !== undefined) parent[key] = problem.nearest;
  }
  return copy;
}

/** Once for each place and reason; values as they stand in the file. */
function merged(raw: unknown, first: readonly Problem[], more: readonly Problem[]): Problem[] {
  const all = [...first];
  for (const problem of more) {
    if (all.some((other) => other.pointer === problem.pointer && other.bound === problem.bound)) continue;
    const written = valueAt(raw, problem.pointer);
    all.push(first.length > 0 && typeof written === 'number' ? { ...problem, value: written } : problem);
  }
  return all;
}

/** Checks a value that was JSON. `settings` take the place of the protocol's own `set`, key by key (`--set`); `share` is what
 * of the area is planned: a session of several (`--session`), or what one left over (`--resume`). */
export function checkValue(value: unknown, settings: Readonly<Json> = {}, share: Share = {}): Checked {
  if (!isObject(value) || !KINDS.includes(value['kind'] as Kind)) return failed([kindProblem(value)], null);
  const kind = value['kind'] as Kind;
  const set = isObject(value['set']) || value['set'] === undefined ? { ...value['set'], ...settings } : value['set'];
  const raw = Object.keys(settings).length === 0 ? value : { ...value, set };
  const parsed = SCHEMAS[kind].safeParse(raw);
  if (parsed.success) {
    const judged = meaningProblems(parsed.data, share);
    if (hasErrors(judged.problems)) return failed(judged.problems, kind);
    return { ok: true, problems: judged.problems, kind, file: parsed.data, treatment: judged.treatment, plan: judged.plan };
  }
  const structure = parsed.error.issues.flatMap((issue) => problemsOf(issue, raw));
  const second = SCHEMAS[kind].safeParse(mended(raw, structure));
  return failed(merged(raw, structure, second.success ? meaningProblems(second.data, share).problems : []), kind);
}

/** Checks the text of a file. */
export function checkText(text: string, settings: Readonly<Json> = {}, share: Share = {}): Checked {
  const json = parseJsonText(text);
  if (json.value === undefined) return failed(json.problems, null);
  const checked = checkValue(json.value, settings, share);
  return json.problems.length === 0 ? checked : failed([...json.problems, ...checked.problems], checked.kind);
}

/** Checks a library file by id; null when there is none. Protocols come before techniques, then equipment. */
export function checkId(id: string, settings: Readonly<Json> = {}, share: Share = {}): Checked | null {
  for (const kind of ['protocol', 'technique', 'site', 'syringe', 'needle', 'product'] as const) {
    const file = find(kind, id);
    if (file !== null) return checkValue(file, settings, share);
  }
  return null;
}

/** The library id nearest to a mistyped one. */
export const nearestId = (id: string): string | undefined =>
  nearestWord(
    id,
    KINDS.flatMap((kind) => idsOf(kind)),
  );
