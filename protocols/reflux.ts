// Where and when the parts of a dose are laid in the skin, and what that means at the end: how much of it comes back through the
// track, and how much pressure stands in the depot. The laws of one depot are in fluid.ts; here they are averaged over the spread of
// depths a site has. Desk side.
import { tipOf } from './depth.ts';
import type { DepthPlan } from './depth.ts';
import { FLUID, bevelLengthMm, depotShareLeft, refluxFraction, tissueLaw } from './fluid.ts';
import type { Layer } from './fluid.ts';
import type { Treatment } from './treatment.ts';

/** A part of the dose: how much of it, between which depths (percent of the technique's), when, how long the needle stays in after it. */
interface Part {
  readonly share: number;
  readonly fromPercent: number;
  readonly toPercent: number;
  /** Needle through the skin to the middle of the part. */
  readonly sinceInS: number;
  readonly forS: number;
  readonly restS: number;
}

/** `waitS`: what the gun waits at least after a dose until its lag has flowed. */
function partsOf({ technique }: Treatment, waitS: number): Part[] {
  const parts: Part[] = [];
  let [atPercent, nowS, owedS] = [100, 0, 0];
  const give = (share: number, toPercent: number, forS: number): void => {
    if (share > 0) parts.push({ share, fromPercent: atPercent, toPercent, sinceInS: nowS + forS / 2, forS, restS: nowS + forS });
    nowS += forS;
    owedS = waitS;
  };
  for (const step of technique.steps) {
    if (step.do === 'insert') atPercent = step.depthPercent ?? 100;
    if (step.do === 'dose') {
      const share = (step.dosePercent ?? 100) / 100;
      give(share, atPercent, (technique.doseUl * share) / step.rateUlPerS);
    }
    if (step.do === 'dwell') {
      nowS += Math.max(step.dwellMs / 1000, owedS);
      owedS = 0;
    }
    if (step.do === 'withdraw') {
      nowS += owedS;
      owedS = 0;
      const toPercent = step.toDepthPercent ?? 0;
      const forS = (((atPercent - toPercent) / 100) * technique.depthMm) / step.withdrawalMmPerS;
      if ((step.dosePercent ?? 0) > 0) give((step.dosePercent ?? 0) / 100, toPercent, forS);
      else nowS += forS;
      atPercent = toPercent;
    }
  }
  return parts.map((part) => ({ ...part, restS: nowS - part.restS }));
}

/** Nodes of the average over a depth's spread: ± 3 standard deviations. */
const NODES = 12;

/** The law's mean over a normal spread of depths. */
function meanFraction(depthMm: number, spreadMm: number, bevelMm: number): number {
  let [sum, weights] = [0, 0];
  for (let node = -NODES; node <= NODES; node++) {
    const z = (3 * node) / NODES;
    const weight = Math.exp((-z * z) / 2);
    sum += weight * refluxFraction(Math.max(0, depthMm + z * spreadMm), bevelMm);
    weights += weight;
  }
  return sum / weights;
}

/** Mean of the law over the depths of one part: a needle that is drawn back takes the skin along before its depth falls. */
function fractionOf(treatment: Treatment, { fromPercent, toPercent, sinceInS }: Part, bevelMm: number): number {
  const { depthMm } = treatment.technique;
  const at = (percent: number): number => {
    const { shortUm, spreadUm, indentUm } = tipOf(treatment, depthMm * 10 * percent, sinceInS);
    const drawnBackMm = fromPercent === toPercent ? 0 : indentUm / 1000;
    return meanFraction(
      Math.min(depthMm * (fromPercent / 100), (depthMm * percent) / 100 + drawnBackMm) - shortUm / 1000,
      spreadUm / 1000,
      bevelMm,
    );
  };
  return (at(fromPercent) + 4 * at((fromPercent + toPercent) / 2) + at(toPercent)) / 6;
}

/** What must be pushed beyond the dose for what comes back, µL, so that the dose is what stays. 0 for a dry prick. */
export function refluxUlOf(treatment: Treatment, depth: DepthPlan, waitS: number): number {
  const { technique, needle } = treatment;
  if (technique.doseUl === 0) return 0;
  const bevelMm = bevelLengthMm(needle.outerMm, FLUID.bevelDeg.nominal);
  const layers = Object.entries(depth.layers) as [Layer, number][];
  let back = 0;
  for (const part of partsOf(treatment, waitS)) {
    const left = layers.reduce((sum, [layer, met]) => sum + met * depotShareLeft(layer, part.forS, part.restS), 0);
    back += part.share * left * fractionOf(treatment, part, bevelMm);
  }
  return (technique.doseUl * back) / (1 - back);
}

/** Elastic pressure of the depot when the needle leaves, kPa, as if all parts were laid in this layer. */
export function depotAtExitKpa(treatment: Treatment, layer: Layer, waitS: number): number {
  const left = partsOf(treatment, waitS).reduce((sum, { share, forS, restS }) => sum + share * depotShareLeft(layer, forS, restS), 0);
  return (treatment.technique.doseUl * left) / tissueLaw(layer).complianceUlPerKpa;
}
