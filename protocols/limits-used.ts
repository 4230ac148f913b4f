// Every limit that stands over a treatment: what it comes to, the narrowest bound, who set it, why, and the wider ones behind
// it. Limits only shrink: device ≥ product ≥ technique ≥ protocol. For people and programs; check.ts judges, the gun judges
// again. Desk side.
import { BOUNDS } from './bounds.ts';
import type { BoundName } from './bounds.ts';
import { plungerMostUlPerS } from './feasibility.ts';
import { fastestRateUlPerS } from './fluid-words.ts';
import { PLUNGER_MAX_MM_PER_S, PLUNGER_MAX_N, TIP_BEYOND_DEPTH_MAX_UM, TIP_MAX_UM } from './gun.ts';
import type { Plan } from './plan.ts';
import type { Treatment } from './treatment.ts';

/** One bound; `least` is absent where only the most is limited. */
export interface Bounded {
  readonly least?: number;
  readonly most: number;
  readonly setBy: string;
  readonly why: string;
}

export interface UsedLimit {
  readonly what: string;
  readonly unit: string;
  readonly value: number;
  /** Narrowest first. */
  readonly bounds: readonly Bounded[];
}

const deviceBound = (name: BoundName): Bounded => {
  const { min, max, setBy, why } = BOUNDS[name];
  return { least: min, most: max, setBy: setBy === 'device' ? 'the gun' : 'the desk', why };
};

/** Narrowest first; equal ones stay in the order given. */
const narrowest = (bounds: readonly (Bounded | null)[]): Bounded[] =>
  bounds.filter((bound) => bound !== null).sort((a, b) => a.most - b.most);

function ofTechnique({ technique, protocol }: Treatment, plan: Plan): UsedLimit[] {
  const by = `technique ${technique.id}`;
  const own = (key: 'depthMm' | 'doseUl' | 'spacingMm'): Bounded | null => {
    const limit = technique.limits?.[key];
    return limit === undefined ? null : { least: limit.min, most: limit.max, setBy: by, why: 'what it was written for' };
  };
  const { session } = protocol;
  return [
    { what: 'depth in skin', unit: 'mm', value: technique.depthMm, bounds: narrowest([own('depthMm'), deviceBound('depthMm')]) },
    { what: 'dose', unit: 'µL', value: technique.doseUl, bounds: narrowest([own('doseUl'), deviceBound('doseUl')]) },
    { what: 'spacing', unit: 'mm', value: technique.spacingMm, bounds: narrowest([own('spacingMm'), deviceBound('spacingMm')]) },
    {
      ...{ what: 'pricks', unit: '', value: plan.pricks },
      bounds: narrowest([{ most: session.pricks, setBy: `protocol ${protocol.id}`, why: 'its session' }, deviceBound('pricks')]),
    },
    {
      ...{ what: 'hand', unit: 'mm/s', value: technique.handMmPerS },
      bounds: narrowest([{ most: technique.handMmPerS, setBy: by, why: 'faster, and the gun does not prick' }, deviceBound('handMmPerS')]),
    },
    {
      ...{ what: 'ring', unit: 'N', value: technique.stamp.targetN },
      bounds: narrowest([{ least: technique.stamp.minN, most: technique.stamp.maxN, setBy: by, why: 'its window' }, deviceBound('maxN')]),
    },
  ];
}

function ofProduct({ product, protocol }: Treatment, plan: Plan): UsedLimit[] {
  const by = `product ${product.id}`;
  const volume = narrowest([
    { most: protocol.session.volumeUl, setBy: `protocol ${protocol.id}`, why: 'its session' },
    { most: product.maxSessionUl, setBy: by, why: 'its most in a session, and in a day by the records' },
    deviceBound('volumeUl'),
  ]);
  if (plan.doseUl === 0) return [];
  const substances = plan.components.flatMap(({ name, unit, session, maxSession, course, maxCourse }): UsedLimit[] => [
    { what: `${name}, session`, unit, value: session, bounds: [{ most: maxSession, setBy: by, why: 'its most in a session' }] },
    { what: `${name}, course`, unit, value: course, bounds: [{ most: maxCourse, setBy: by, why: 'its most in a course' }] },
  ]);
  return [{ what: 'volume', unit: 'µL', value: plan.sessionUl, bounds: volume }, ...substances];
}

const tenth = (value: number): number => Math.round(value * 10) / 10;

function ofMechanics(treatment: Treatment, plan: Plan): UsedLimit[] {
  const { needle, syringe } = treatment;
  const tip = narrowest([
    { most: (plan.depth.depthUm + TIP_BEYOND_DEPTH_MAX_UM) / 1000, setBy: 'the gun', why: 'tip at most 2 mm beyond the depth in skin' },
    { most: needle.lengthMm, setBy: `needle ${needle.id}`, why: 'its length' },
    { most: TIP_MAX_UM / 1000, setBy: 'the gun', why: 'reach of its axis' },
  ]);
  const rateMax = plungerMostUlPerS(treatment);
  const rate = `the plunger moves at most ${PLUNGER_MAX_MM_PER_S} mm/s in syringe ${syringe.id}`;
  const tipLimit = { what: 'tip from the ring', unit: 'mm', value: plan.depth.tipUm / 1000, bounds: tip };
  if (plan.doseUl === 0) return [tipLimit];
  return [
    tipLimit,
    {
      ...{ what: 'rate', unit: 'µL/s', value: tenth(fastestRateUlPerS(treatment)) },
      bounds: [{ most: rateMax, setBy: 'the gun', why: rate }],
    },
    {
      ...{ what: 'thrust', unit: 'N', value: tenth(plan.fluid.thrustN) },
      bounds: [{ most: PLUNGER_MAX_N, setBy: 'the gun', why: 'a third of what its motor can' }],
    },
  ];
}

/** All limits of a treatment, those of one prick first. */
export const limitsUsed = (treatment: Treatment, plan: Plan): UsedLimit[] => [
  ...ofTechnique(treatment, plan),
  ...ofMechanics(treatment, plan),
  ...ofProduct(treatment, plan),
];

const range = ({ least, most }: Bounded, unit: string): string =>
  `${least === undefined ? `at most ${most}` : `${least} to ${most}`}${unit === '' ? '' : ` ${unit}`}`;

/** One line a limit: value, bound, who, why; wider bounds behind it in brackets. */
export function limitLines(limits: readonly UsedLimit[]): string[] {
  const width = Math.max(...limits.map(({ what }) => what.length)) + 2;
  return limits.map(({ what, unit, value, bounds }) => {
    const [first, ...wider] = bounds;
    const behind = wider.map((bound) => `${bound.setBy} ${range(bound, '')}`).join(', ');
    const who = first === undefined ? '' : `${range(first, unit)}, set by ${first.setBy}: ${first.why}`;
    return `  ${what.padEnd(width)}${value}${unit === '' ? '' : ` ${unit}`}; ${who}${behind === '' ? '' : ` (${behind})`}`;
  });
}
