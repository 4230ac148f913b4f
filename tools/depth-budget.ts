// Why the depth in skin is not what was asked for, by source: mean and spread over the pricks of a simulated session. The four
// sources sum to the error of each prick. From the truth and the plan. Not responsible for the dose (losses.ts).
import { tipOf } from '../protocols/depth.ts';
import type { Treatment } from '../protocols/treatment.ts';
import type { Truth } from '../sim/truth.ts';
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

/** Null when no prick went through the skin. */
export function depthBudgetOf(truth: Truth, treatment: Treatment): DepthBudget | null {
  const pierced = truth.pricks.filter((prick) => prick.skinMaxUm > 0 && prick.homeAtUs > 0);
  if (pierced.length === 0) return null;
  const askedUm = Math.round(treatment.technique.depthMm * 1000);
  const { tipUm, shortUm, indentUm } = tipOf(treatment, askedUm);
  const bulgeUm = indentUm - (tipUm + shortUm - askedUm);
  return {
    errorUm: spreadOf(pierced.map((prick) => prick.skinMaxUm - askedUm)),
    tipUm: spreadOf(pierced.map((prick) => prick.tipMaxUm - tipUm)),
    bulgeUm: spreadOf(pierced.map((prick) => prick.bulgeUm - bulgeUm)),
    indentationUm: spreadOf(pierced.map((prick) => indentUm - (prick.tipMaxUm + prick.bulgeUm - prick.skinMaxUm))),
    marginUm: -shortUm,
  };
}

/** One line for people. */
export function depthBudgetText({ errorUm, tipUm, bulgeUm, indentationUm, marginUm }: DepthBudget): string {
  const mm = ({ mean, sd }: Spread): string => `${mean > 0 ? '+' : ''}${(mean / 1000).toFixed(3)} ± ${(sd / 1000).toFixed(3)}`;
  return `${mm(errorUm)} mm off: tip ${mm(tipUm)}, bulge ${mm(bulgeUm)}, indentation ${mm(indentationUm)}, margin ${(marginUm / 1000).toFixed(3)}`;
}
