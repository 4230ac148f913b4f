// Why the depth in skin is not what was asked for, by source: mean and spread over the pricks of a simulated session. The four
// sources sum to the error of each prick. From the truth and the plan. Not responsible for the dose (losses.ts).
import { tipOf } from '../protocols/depth.ts';
import type { Treatment } from '../protocols/treatment.ts';
import type { TruePrick, Truth } from '../sim/truth.ts';
import { spreadOf } from './statistics.ts';
import type { Spread } from './statistics.ts';

export interface DepthBudget {
  /** Depth in skin less what was asked, µm: the sum of the rest. */
  readonly errorUm: Spread;
  /** The tip off its planned place: needle seat, probing, screw. */
  readonly tipUm: Spread;
  /** Skin bulging into the ring more (deeper) or less than the site's mean: contact force, fat. */
  readonly bulgeUm: Spread;
  /** Skin pushed in less (deeper) or more than the site's mean: stiffness, speed, puncture force, relaxation while it rests. */
  readonly indentationUm: Spread;
  /** What the compiler leaves out on purpose, so that stiffer skin is not pierced too deep. */
  readonly marginUm: number;
}

/** The same of each prick that went through the skin, µm; the margin is all pricks'. */
export interface DepthSources {
  readonly errorUm: readonly number[];
  readonly tipUm: readonly number[];
  readonly bulgeUm: readonly number[];
  readonly indentationUm: readonly number[];
  readonly marginUm: number;
}

export function depthSourcesOf(pricks: readonly TruePrick[], treatment: Treatment): DepthSources {
  const pierced = pricks.filter((prick) => prick.skinMaxUm > 0 && prick.homeAtUs > 0);
  const askedUm = Math.round(treatment.technique.depthMm * 1000);
  const { tipUm, shortUm, indentUm } = tipOf(treatment, askedUm);
  const bulgeUm = indentUm - (tipUm + shortUm - askedUm);
  return {
    errorUm: pierced.map((prick) => prick.skinMaxUm - askedUm),
    tipUm: pierced.map((prick) => prick.tipMaxUm - tipUm),
    bulgeUm: pierced.map((prick) => prick.bulgeUm - bulgeUm),
    indentationUm: pierced.map((prick) => indentUm - (prick.tipMaxUm + prick.bulgeUm - prick.skinMaxUm)),
    marginUm: -shortUm,
  };
}

/** Null when no prick went through the skin. */
export function depthBudgetOf(truth: Truth, treatment: Treatment): DepthBudget | null {
  const { errorUm, tipUm, bulgeUm, indentationUm, marginUm } = depthSourcesOf(truth.pricks, treatment);
  if (errorUm.length === 0) return null;
  return {
    errorUm: spreadOf(errorUm),
    tipUm: spreadOf(tipUm),
    bulgeUm: spreadOf(bulgeUm),
    indentationUm: spreadOf(indentationUm),
    marginUm,
  };
}

/** One line for people. */
export function depthBudgetText({ errorUm, tipUm, bulgeUm, indentationUm, marginUm }: DepthBudget): string {
  const mm = ({ mean, sd }: Spread): string => `${mean > 0 ? '+' : ''}${(mean / 1000).toFixed(3)} ± ${(sd / 1000).toFixed(3)}`;
  return `${mm(errorUm)} mm off: tip ${mm(tipUm)}, bulge ${mm(bulgeUm)}, indentation ${mm(indentationUm)}, margin ${(marginUm / 1000).toFixed(3)}`;
}
