// From a depth in skin to tip positions from the ring plane, and which layers the tip will meet. Asks the laws in
// layers.ts; judges the tip by the needle and the gun. Desk side.
import { TIP_BEYOND_DEPTH_MAX_UM, TIP_MAX_UM, RING_DIAMETER_MM } from './gun.ts';
import type { Layer } from './fluid.ts';
import { SITES, SKIN, bulgeMm, layerProbabilities, meanSkin, tipForDepth } from './layers.ts';
import type { Site, SiteId, TipForDepth } from './layers.ts';
import { OVER_BONE } from './sites.ts';
import type { Problem } from './problems.ts';
import type { SiteFile } from './schema.ts';
import { originOf } from './treatment.ts';
import type { Treatment } from './treatment.ts';

export interface DepthPlan {
  readonly depthUm: number;
  readonly tipUm: number;
  /** How probable each layer is at this depth, over the site's spread and the depth's own. Sums to 1. */
  readonly layers: Readonly<Record<Layer, number>>;
}

/** The laws' site behind a site file; its layers id is checked before. */
export const siteOf = (file: SiteFile): Site => SITES[file.layers as SiteId];

/** Fastest insertion among the steps, mm/s: the speed at which skin is stiffest and indents least. */
function insertionMmPerS(treatment: Treatment): number {
  return Math.max(1, ...treatment.technique.steps.map((step) => (step.do === 'insert' ? step.insertionMmPerS : 0)));
}

export interface TipPlan {
  readonly tipUm: number;
  /** Of the depth, one standard deviation over the site. */
  readonly spreadUm: number;
  /** How far the mean depth falls short of the one asked for, `heldForS` after the insertion. */
  readonly shortUm: number;
  /** How far the skin is pushed in at that moment, mean: so far a needle can be drawn back before its depth falls. */
  readonly indentUm: number;
}

/** Tip from the ring plane for a depth in skin, with this treatment's site, speed, ring and needle. */
export function tipOf(treatment: Treatment, depthUm: number, heldForS: number = SKIN.heldForS.nominal): TipPlan {
  const { protocol, technique, needle } = treatment;
  const site = siteOf(treatment.site);
  const ringMn = Math.round(technique.stamp.targetN * 1000);
  const speedUmPerS = Math.round(insertionMmPerS(treatment) * 1000);
  const outerUm = Math.round(needle.outerMm * 1000);
  const at = (forS: number): TipForDepth => tipForDepth(site, protocol.sex, depthUm, speedUmPerS, ringMn, RING_DIAMETER_MM, outerUm, forS);
  const { tipUm, addedUm, spreadUm } = at(SKIN.heldForS.nominal);
  const neededUm = at(heldForS).addedMeanUm;
  const bulgeUm = 1000 * bulgeMm(meanSkin(site, protocol.sex), ringMn / 1000, RING_DIAMETER_MM);
  return { tipUm, spreadUm, shortUm: neededUm - addedUm, indentUm: neededUm + bulgeUm };
}

export function depthPlanOf(treatment: Treatment): DepthPlan {
  const depthUm = Math.round(treatment.technique.depthMm * 1000);
  const { tipUm, spreadUm, shortUm } = tipOf(treatment, depthUm);
  return { depthUm, tipUm, layers: layerProbabilities(siteOf(treatment.site), treatment.protocol.sex, depthUm - shortUm, spreadUm) };
}

/** Share of pricks that must meet the intended layer when the technique does not say. Chosen: more than half. */
const MOSTLY_PERCENT = 50;

const mm = (um: number): string => `${(um / 1000).toFixed(2)} mm`;

/** Deepest depth, in steps of 0.1 mm, whose tip stays within `tipMaxUm` and off the bone; 1 mm when there is none. */
function deepestWithin(treatment: Treatment, tipMaxUm: number): number {
  for (let depthUm = 10000; depthUm > 1000; depthUm -= 100)
    if (depthUm <= tipMaxUm && tipOf(treatment, depthUm).tipUm <= tipMaxUm && clearOfBone(treatment, depthUm)) return depthUm / 1000;
  return 1;
}

/** Shares of the depth at which the needle stops, home left out. */
function partsOf(treatment: Treatment): number[] {
  return treatment.technique.steps.flatMap((step) => {
    if (step.do === 'insert') return [step.depthPercent ?? 100];
    return step.do === 'withdraw' && (step.toDepthPercent ?? 0) > 0 ? [step.toDepthPercent ?? 0] : [];
  });
}

/** Depth of the periosteum, mean, and how far it lies from a tip meant for `depthUm` in two standard deviations; null where no bone is near. */
function boneOf(treatment: Treatment, depthUm: number): { boneUm: number; twoSdUm: number } | null {
  const site = siteOf(treatment.site);
  if (!OVER_BONE.includes(site.id)) return null;
  const { epidermis, dermis, hypodermis } = site.layersMm[treatment.protocol.sex];
  const boneUm = (epidermis.mean + dermis.mean + hypodermis.mean) * 1000;
  const layersUm = 1000 * Math.hypot(epidermis.sd, dermis.sd, hypodermis.sd);
  return { boneUm, twoSdUm: 2 * Math.hypot(tipOf(treatment, depthUm).spreadUm, layersUm) };
}

function clearOfBone(treatment: Treatment, depthUm: number): boolean {
  const bone = boneOf(treatment, depthUm);
  return bone === null || depthUm + bone.twoSdUm < bone.boneUm;
}

/** Over bone: depth, with two standard deviations of itself and of the layers, must end above the periosteum. */
function boneProblem(treatment: Treatment, depth: DepthPlan, pointer: string): Problem | null {
  const bone = boneOf(treatment, depth.depthUm);
  if (bone === null || clearOfBone(treatment, depth.depthUm)) return null;
  const why = `bone lies ${mm(bone.boneUm)} deep at the ${treatment.site.name.toLowerCase()}, give or take ${mm(bone.twoSdUm)} with the depth's own spread`;
  const bound = 'two standard deviations above the periosteum';
  const nearest = deepestWithin(treatment, TIP_MAX_UM);
  return { pointer, value: treatment.technique.depthMm, bound, why, nearest, severity: 'error' };
}

/** Needle too short, tip beyond what the gun allows, layer other than intended. */
export function depthProblems(treatment: Treatment, depth: DepthPlan): Problem[] {
  const problems: Problem[] = [];
  const { technique, needle, site, protocol } = treatment;
  const pointer = originOf(protocol, 'depthMm');
  const needleUm = Math.round(needle.lengthMm * 1000);
  const at = { pointer, value: technique.depthMm, severity: 'error' as const };
  if (Math.max(depth.depthUm, depth.tipUm) > needleUm) {
    const why = `needle ${needle.id} is ${mm(needleUm)} long and the tip must go ${mm(depth.tipUm)} beyond the ring plane`;
    problems.push({ ...at, bound: `≤ what a needle of ${mm(needleUm)} reaches`, why, nearest: deepestWithin(treatment, needleUm) });
  }
  if (depth.tipUm - depth.depthUm > TIP_BEYOND_DEPTH_MAX_UM || depth.tipUm > TIP_MAX_UM) {
    const why = `skin yields so far here that the tip would have to go ${mm(depth.tipUm)} beyond the ring plane; a stiffer spot would be pierced too deep`;
    const bound = `tip ≤ depth + ${mm(TIP_BEYOND_DEPTH_MAX_UM)} and ≤ ${mm(TIP_MAX_UM)}`;
    problems.push({ ...at, bound, why, nearest: deepestWithin(treatment, Math.min(TIP_MAX_UM, depth.depthUm + TIP_BEYOND_DEPTH_MAX_UM)) });
  }
  for (const percent of partsOf(treatment)) {
    const { tipUm } = tipOf(treatment, Math.round((depth.depthUm * percent) / 100));
    if (tipUm >= 0) continue;
    const why = `skin bulges so far into the ring here that the tip would stay ${mm(-tipUm)} behind the ring plane: press less`;
    problems.push({ ...at, bound: 'tip at or beyond the ring plane', why });
    break;
  }
  const bone = problems.length > 0 ? null : boneProblem(treatment, depth, pointer);
  if (bone !== null) problems.push(bone);
  const intended = depth.layers[technique.intendedLayer];
  if (intended < (technique.inLayerPercent ?? MOSTLY_PERCENT) / 100) {
    const shares = (Object.entries(depth.layers) as [Layer, number][]).filter(([, share]) => share >= 0.005);
    const why = `at the ${site.name.toLowerCase()} this depth meets ${shares.map(([layer, share]) => `${layer} ${Math.round(share * 100)} %`).join(', ')}`;
    problems.push({ ...at, bound: `mostly ${technique.intendedLayer}, as ${technique.id} intends`, why, severity: 'warning' });
  }
  return problems;
}
