// A protocol with everything it names: technique with the settings applied, site, syringe, needle, product. What the
// planner and the compiler work on. Not responsible for whether it makes sense (check.ts). Desk side.
import { find, idsOf } from './library.ts';
import { nearestWord } from './nearest-word.ts';
import type { Problem } from './problems.ts';
import type { Kind, FileOf, Needle, Product, Protocol, Settings, SiteFile, Step, Syringe, Technique } from './schema.ts';

/** What of an area is treated, and how, when not all of it and as usual. */
export interface Share {
  /** Which session of an area that is split over several, 1 for the first. */
  readonly part?: number;
  /** First prick of that session that is still to be made, 1 for the first. */
  readonly from?: number;
  /** Nothing is added to a dose for what holds it back. Only the simulated gun is run so, to see what compensation is good for. */
  readonly uncompensated?: boolean;
}

export interface Treatment extends Share {
  readonly protocol: Protocol;
  /** With depth, dose, spacing, speeds, rates and period as set. */
  readonly technique: Technique;
  readonly site: SiteFile;
  readonly syringe: Syringe;
  readonly needle: Needle;
  readonly product: Product;
  /** Asked number of pricks; null: as many as the area holds. */
  readonly pricks: number | null;
  readonly fillUl: number;
  readonly primeUl: number;
}

function withSpeeds(step: Step, set: Settings): Step {
  switch (step.do) {
    case 'insert':
      return { ...step, insertionMmPerS: set.insertionMmPerS ?? step.insertionMmPerS };
    case 'withdraw':
      return { ...step, withdrawalMmPerS: set.withdrawalMmPerS ?? step.withdrawalMmPerS };
    case 'dose':
      return { ...step, rateUlPerS: set.rateUlPerS ?? step.rateUlPerS };
    case 'dwell':
      return { ...step, dwellMs: set.dwellMs ?? step.dwellMs };
    default:
      return step;
  }
}

/** The technique with a protocol's settings in place of its own. A dry prick (dose 0) loses its dose steps. */
export function withSettings(technique: Technique, set: Settings): Technique {
  const permit =
    technique.permit.mode === 'cadence' ? { ...technique.permit, periodMs: set.periodMs ?? technique.permit.periodMs } : technique.permit;
  return {
    ...technique,
    permit,
    handMmPerS: set.handMmPerS ?? technique.handMmPerS,
    stamp: { ...technique.stamp, targetN: set.targetN ?? technique.stamp.targetN },
    depthMm: set.depthMm ?? technique.depthMm,
    doseUl: set.doseUl ?? technique.doseUl,
    spacingMm: set.spacingMm ?? technique.spacingMm,
    steps: technique.steps.map((step) => withSpeeds(step, set)),
  };
}

function resolveOne<K extends Exclude<Kind, 'protocol'>>(protocol: Protocol, kind: K, problems: Problem[]): FileOf<K> | null {
  const named = protocol[kind];
  if (typeof named !== 'string') return named as FileOf<K>;
  const file = find(kind, named);
  if (file !== null) return file;
  const nearest = nearestWord(named, idsOf(kind));
  const why = `the library has no ${kind} of this id`;
  problems.push({
    ...{ pointer: `/${kind}`, value: named, bound: `one of ${idsOf(kind).join(', ')}`, why, severity: 'error' as const },
    ...(nearest === undefined ? {} : { nearest }),
  });
  return null;
}

/** Looks up what the protocol names. Null with a problem for each name that the library lacks. */
export function treatmentOf(protocol: Protocol): { treatment: Treatment | null; problems: Problem[] } {
  const problems: Problem[] = [];
  const technique = resolveOne(protocol, 'technique', problems);
  const site = resolveOne(protocol, 'site', problems);
  const syringe = resolveOne(protocol, 'syringe', problems);
  const needle = resolveOne(protocol, 'needle', problems);
  const product = resolveOne(protocol, 'product', problems);
  if (technique === null || site === null || syringe === null || needle === null || product === null) return { treatment: null, problems };
  const set = protocol.set ?? {};
  const treatment: Treatment = {
    ...{ protocol, technique: withSettings(technique, set), site, syringe, needle, product },
    pricks: set.pricks ?? null,
    fillUl: set.fillUl ?? protocol.fillUl,
    primeUl: set.primeUl ?? protocol.prime.primeUl,
  };
  return { treatment, problems };
}

/** Where in the protocol file a value of the treatment comes from, so that a problem points at what the author wrote. */
export function originOf(protocol: Protocol, key: keyof Settings & keyof Technique): string {
  if (protocol.set?.[key] !== undefined) return `/set/${key}`;
  return typeof protocol.technique === 'string' ? '/technique' : `/technique/${key}`;
}

/** Bore area as nanolitres per millimetre of travel. */
export const nlPerMmOf = (syringe: Syringe): number => Math.round((Math.PI / 4) * syringe.boreMm * syringe.boreMm * 1000);
