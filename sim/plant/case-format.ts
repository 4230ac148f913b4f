// Cases of the fluid path as JSON: syringe and tissue by the names of the model, a profile of the motor, marks out.
// Not responsible for the path (fluid.ts) nor for files (cases.ts). The names are those of tests/sim/plant/fluid-cases.json.
import { FluidPath } from './fluid.ts';
import { PowerLaw } from './fluid-needle.ts';
import type { FluidParams, FluidSnapshot } from './fluid-syringe.ts';
import type { TissuePath } from './fluid-outlet.ts';

/** What a parameter of a case means; units mm, s, N, µL, kPa gauge. */
export const CASE_PARAMETERS: Readonly<Record<string, string>> = {
  A: 'barrel area, mm²',
  Cf: 'compliance of barrel and liquid, µL/kPa; without k the total',
  k: 'stiffness of the rod, N/mm',
  Fc: 'gliding friction, N',
  Fbl: 'break-loose force, N',
  vst: 'speed below which the stopper sticks again, mm/s',
  B: 'total play, mm',
  g0: 'motor less pusher at the start, within ± B/2, mm',
  R: 'Poiseuille resistance of the needle, kPa·s/µL',
  K2: 'kinetic loss of the needle, kPa·s²/µL²: Δp = R·q + K2·q²',
  G: 'power law of the needle instead of R, with m: q = G·Δp^m, µL/s at 1 kPa',
  m: 'exponent of the power law',
  Vb: 'air in the barrel, µL at 101.325 kPa',
  Rt: 'resistance of the tissue, kPa·s/µL',
  Ct: 'compliance of the depot, µL/kPa; without it the depot takes all without pressure',
  Rd: 'dispersion of the depot, kPa·s/µL',
  py: 'opening pressure of the tissue, kPa',
  ps: 'opening pressure of the track seal, kPa',
  Rs: 'leak resistance of the track seal, kPa·s/µL',
  pcap: 'capillary threshold in air, kPa',
  phi: 'share of the elastic depot that follows the needle out',
};

const STEP_FIELDS = ['kind', 'v_mm_s', 'T_s'];
const STEP_KINDS = ['run', 'exit_skin'];
/** A depot without elastic pressure: 1 mL raises it by 1e-6 kPa. */
const NO_PRESSURE_UL_PER_KPA = 1e9;

export interface CaseStep {
  readonly kind: string;
  readonly speedMmPerS: number;
  readonly forS: number;
}

export interface FluidCase {
  readonly id: string;
  readonly params: Readonly<Record<string, number>>;
  readonly profile: readonly CaseStep[];
  /** Names for the ends of the runs, in order; null: by what happens there. */
  readonly markNames: readonly string[] | null;
}

export type Mark = Record<string, number>;

export interface CaseResult {
  readonly id: string;
  readonly marks: Readonly<Record<string, Mark>>;
  readonly summary: Mark;
}

/** A file that is not a case; the message names the place. */
export class CaseError extends Error {}

type Fields = Record<string, unknown>;

function fieldsOf(value: unknown, where: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw new CaseError(`${where}: an object, please`);
}

function numberOf(value: unknown, where: string): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new CaseError(`${where}: a number, please, not ${JSON.stringify(value)}`);
}

function listOf(value: unknown, where: string): unknown[] {
  if (Array.isArray(value)) return value as unknown[];
  throw new CaseError(`${where}: a list, please`);
}

function paramsOf(value: unknown, where: string): Record<string, number> {
  const params: Record<string, number> = {};
  for (const [name, each] of Object.entries(fieldsOf(value, where))) {
    if (!Object.hasOwn(CASE_PARAMETERS, name))
      throw new CaseError(`${where}.${name}: not a parameter of the model; known: ${Object.keys(CASE_PARAMETERS).join(', ')}`);
    if (each === null) continue;
    params[name] = numberOf(each, `${where}.${name}`);
    if (name !== 'g0' && params[name] < 0) throw new CaseError(`${where}.${name}: ${params[name]} is negative`);
  }
  const power = params['G'] !== undefined;
  if (power !== (params['m'] !== undefined)) throw new CaseError(`${where}: G and m go together`);
  if (power && params['K2'] !== undefined) throw new CaseError(`${where}: K2 belongs to R; it does not go with G and m`);
  for (const name of ['A', 'Cf', ...(power ? ['G', 'm'] : ['R'])])
    if (!((params[name] ?? 0) > 0)) throw new CaseError(`${where}.${name}: needed, above 0`);
  for (const name of ['k', 'Ct', 'Rd', 'Rs']) if (params[name] === 0) throw new CaseError(`${where}.${name}: above 0, or left out`);
  return params;
}

function stepOf(value: unknown, where: string): CaseStep {
  const fields = fieldsOf(value, where);
  const stray = Object.keys(fields).find((name) => !STEP_FIELDS.includes(name));
  if (stray !== undefined) throw new CaseError(`${where}.${stray}: not a field of a step; known: ${STEP_FIELDS.join(', ')}`);
  const kind = String(fields['kind']);
  if (!STEP_KINDS.includes(kind)) throw new CaseError(`${where}.kind: ${kind} is none of ${STEP_KINDS.join(', ')}`);
  const speedMmPerS = numberOf(fields['v_mm_s'] ?? 0, `${where}.v_mm_s`);
  const forS = numberOf(fields['T_s'] ?? 0, `${where}.T_s`);
  if (forS < 0) throw new CaseError(`${where}.T_s: ${forS} is negative`);
  return { kind, speedMmPerS, forS };
}

/** The cases of a file `{ "cases": […] }`. Throws CaseError. */
export function casesOf(file: unknown): FluidCase[] {
  return listOf(fieldsOf(file, 'file')['cases'], 'cases').map((value, index) => {
    const fields = fieldsOf(value, `cases[${index}]`);
    const id = typeof fields['id'] === 'string' ? fields['id'] : String(index);
    const profile = listOf(fields['profile'], `${id}.profile`).map((step, at) => stepOf(step, `${id}.profile[${at}]`));
    const marks = fields['marks'];
    const names = marks === undefined ? [] : Object.keys(fieldsOf(marks, `${id}.marks`));
    const runs = profile.filter((step) => step.kind === 'run').length;
    return { id, params: paramsOf(fields['params'], `${id}.params`), profile, markNames: names.length === runs ? names : null };
  });
}

const TISSUE = ['Rt', 'Ct', 'Rd', 'py', 'ps', 'Rs'];

function pathOf(params: Readonly<Record<string, number>>): FluidPath {
  const of = (name: string): number => params[name] ?? 0;
  const rod = params['k'] === undefined ? {} : { rodNPerMm: params['k'], glideN: of('Fc'), breakLooseN: of('Fbl') };
  const curve = params['G'] === undefined ? null : new PowerLaw(params['G'], of('m'));
  const syringe: FluidParams = {
    areaMm2: of('A'),
    complianceUlPerKpa: of('Cf'),
    needleKpaSPerUl: curve === null ? of('R') : 0,
    ...(curve === null ? {} : { flowCurve: curve }),
    lossKpaS2PerUl2: of('K2'),
    bubbleUl: of('Vb'),
    ...rod,
    ...(params['vst'] === undefined ? {} : { restickMmPerS: params['vst'] }),
    playMm: of('B'),
    playOffsetMm: of('g0'),
    capillaryKpa: of('pcap'),
  };
  const path = new FluidPath(syringe);
  if (!TISSUE.some((name) => params[name] !== undefined)) return path;
  const seal = params['Rs'] === undefined ? {} : { sealKpa: of('ps'), sealKpaSPerUl: params['Rs'] };
  const tissue: TissuePath = {
    openingKpa: of('py'),
    resistanceKpaSPerUl: of('Rt'),
    complianceUlPerKpa: params['Ct'] ?? NO_PRESSURE_UL_PER_KPA,
    dispersionKpaSPerUl: params['Rd'] ?? Infinity,
    ...seal,
  };
  path.enter(tissue);
  return path;
}

/** To 1e-9, and no negative zero: what every engine agrees on. */
const rounded = (value: number): number => Math.round(value * 1e9) / 1e9 + 0;

function markOf(s: FluidSnapshot): Mark {
  const mark = {
    p_kPa: s.pKpa,
    pt_kPa: s.tissueKpa,
    x_mm: s.pusherMm,
    xs_mm: s.stopperMm,
    V_needle_uL: s.needleUl,
    V_tissue_uL: s.tissueUl,
    V_air_uL: s.airUl,
    V_sealleak_uL: s.sealUl,
    V_dispersed_uL: s.dispersedUl,
    V_stopper_uL: s.stopperUl,
  };
  return Object.fromEntries(Object.entries(mark).map(([name, value]) => [name, rounded(value)]));
}

/** Which step ends at which of the four usual marks; the exit is where the last run before it ends. */
function usualMarks(profile: readonly CaseStep[]): [string, number][] {
  const runs = profile.flatMap((step, index) => (step.kind === 'run' ? [index] : []));
  const exit = profile.findIndex((step) => step.kind === 'exit_skin');
  const before = runs.filter((index) => exit < 0 || index < exit);
  const pushes = before.filter((index) => profile[index]?.speedMmPerS !== 0);
  const named: [string, number | undefined][] = [
    ['motor_stop', pushes.at(-1)],
    ['retract_start', exit < 0 ? undefined : before.at(-2)],
    ['at_retraction_exit', exit < 0 ? undefined : before.at(-1)],
    ['final', profile.length - 1],
  ];
  return named.flatMap(([name, index]) => (index === undefined ? [] : [[name, index] as [string, number]]));
}

/** Runs one case; the marks have the keys of `closed_form` in the reference file. */
export function runCase(one: FluidCase): CaseResult {
  const path = pathOf(one.params);
  const hadTissue = path.inTissue;
  const ends = one.profile.map((step) => {
    if (step.kind === 'exit_skin') path.exit(one.params['phi'] ?? 0);
    if (step.forS > 0) path.advance(step.forS, step.speedMmPerS, 0);
    return markOf(path.snapshot());
  });
  const runs = one.profile.flatMap((step, index) => (step.kind === 'run' ? [index] : []));
  const places = one.markNames?.map((name, index): [string, number] => [name, runs[index] as number]) ?? usualMarks(one.profile);
  const marks: Record<string, Mark> = {};
  for (const [name, index] of places) marks[name] = ends[index] as Mark;
  const usual = new Map(usualMarks(one.profile).map(([name, index]) => [name, ends[index] as Mark]));
  const final = usual.get('final') ?? markOf(path.snapshot());
  const exit = usual.get('at_retraction_exit') ?? final;
  const of = (mark: Mark | undefined, key: string): number => mark?.[key] ?? 0;
  const summary = {
    delivered_at_retraction_uL: of(exit, hadTissue ? 'V_tissue_uL' : 'V_needle_uL'),
    p_retract_start_kPa: of(usual.get('retract_start') ?? exit, 'p_kPa'),
    p_at_exit_kPa: of(exit, 'p_kPa'),
    leaked_after_exit_uL: rounded(of(final, 'V_air_uL') - of(exit, 'V_air_uL')),
    seal_leak_uL: of(final, 'V_sealleak_uL'),
    track_reflux_uL: rounded(path.refluxUl),
    p_final_kPa: of(final, 'p_kPa'),
  };
  return { id: one.id, marks, summary };
}
