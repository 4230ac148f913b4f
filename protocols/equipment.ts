// What must hold inside a site, a syringe, a needle, and whether they fit the technique. Not responsible for what the
// fluid laws make of them (feasibility.ts). Desk side.
import { SITES } from './layers.ts';
import { nearestWord } from './nearest-word.ts';
import type { Problem } from './problems.ts';
import type { FileOf, SiteFile, Syringe } from './schema.ts';
import { techniqueProblems } from './technique.ts';
import type { Treatment } from './treatment.ts';

export function siteProblems(site: SiteFile, base: string): Problem[] {
  if (Object.hasOwn(SITES, site.layers)) return [];
  const nearest = nearestWord(site.layers, Object.keys(SITES));
  const why = 'skin has been measured there; a new site needs its thickness first';
  const problem: Problem = {
    ...{ pointer: `${base}/layers`, value: site.layers, bound: `one of ${Object.keys(SITES).join(', ')}`, why, severity: 'error' as const },
  };
  return [nearest === undefined ? problem : { ...problem, nearest }];
}

export function syringeProblems(syringe: Syringe, base: string): Problem[] {
  if (syringe.breakLooseN >= syringe.glideN) return [];
  const why = 'a stopper at rest never moves with less force than a gliding one';
  return [
    {
      pointer: `${base}/breakLooseN`,
      value: syringe.breakLooseN,
      bound: `≥ ${syringe.glideN} N`,
      why,
      nearest: syringe.glideN,
      severity: 'error',
    },
  ];
}

export function needleProblems(needle: FileOf<'needle'>, base: string): Problem[] {
  if (needle.innerMm < needle.outerMm) return [];
  return [
    {
      pointer: `${base}/innerMm`,
      value: needle.innerMm,
      bound: `< ${needle.outerMm} mm`,
      why: 'the bore is inside the needle',
      severity: 'error',
    },
  ];
}

/** Named by the technique as fitting; others are a warning. */
export function fitProblems(treatment: Treatment): Problem[] {
  const { technique, needle, syringe } = treatment;
  const fit = (pointer: string, id: string, ids: readonly string[] | undefined): Problem[] =>
    ids === undefined || ids.includes(id)
      ? []
      : [
          {
            pointer,
            value: id,
            bound: `one of ${ids.join(', ')}`,
            why: `technique ${technique.id} was written for these`,
            severity: 'warning',
          },
        ];
  return [...fit('/needle', needle.id, technique.needles), ...fit('/syringe', syringe.id, technique.syringes)];
}

/** Equipment first: the laws are asked only with things that make sense by themselves. */
export function equipmentProblems(treatment: Treatment): Problem[] {
  const { protocol, site, syringe, needle, technique } = treatment;
  const base = typeof protocol.technique === 'string' ? '/technique' : '';
  const inTechnique = techniqueProblems(technique, '/technique').map((problem) => (base === '' ? problem : { ...problem, pointer: base }));
  return [...siteProblems(site, '/site'), ...syringeProblems(syringe, '/syringe'), ...needleProblems(needle, '/needle'), ...inTechnique];
}
