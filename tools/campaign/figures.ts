// What a campaign came to: pooled errors with their tolerance intervals, verdicts, the worst sessions. From results alone.
// Not responsible for drawing (page.ts).
import type { DepthBudget } from '../depth-budget.ts';
import type { Losses } from '../losses.ts';
import type { Spread } from '../statistics.ts';
import { toleranceFactor } from './tolerance.ts';
import type { Moments, Result } from './result.ts';
import { pooled } from './result.ts';

/** Chosen: 95 % of the pricks with 95 % confidence. */
export const SHARE = 0.95;
export const CONFIDENCE = 0.95;
/** Chosen for lack of a standard for 2 to 200 µL: ± 1 µL up to 20 µL, ± 5 % above, after the form of ISO 11608-1. */
const LEAST_LIMIT_NL = 1000;
const RELATIVE_LIMIT = 0.05;
/** Source: design, depth in simulated skin; ± 0.3 mm one standard deviation, 0.1 mm bias. */
const DEPTH_LIMIT_UM = 700;
const TIP_LIMIT_UM = 50;
const WORST = 5;

export interface Quantity {
  readonly title: string;
  readonly unit: string;
  readonly digits: number;
  /** Of each prick: its error in this unit. */
  readonly moments: Moments;
  /** Between the means of the sessions. */
  readonly sessionSd: number;
  /** Mean error of each session, in order. */
  readonly means: readonly number[];
  /** Mean ± k·s. */
  readonly factor: number;
  readonly low: number;
  readonly high: number;
  /** Allowed either way; null where sessions were asked for different doses. */
  readonly limit: number | null;
  readonly holds: boolean | null;
  /** The sessions furthest off in a single prick, the worst first. */
  readonly worst: readonly { readonly result: Result; readonly by: number }[];
}

export interface Figures {
  readonly sessions: number;
  readonly endings: Readonly<Record<string, number>>;
  readonly pricks: number;
  readonly missed: number;
  readonly quantities: readonly Quantity[];
  /** Of what each prick was asked, percent: bias and coefficient of variation; and where the rest went. */
  readonly doseBiasPercent: number;
  readonly doseCvPercent: number;
  readonly layerShare: Readonly<Record<string, number>>;
  readonly refluxShare: number;
  readonly exposedShare: number;
  /** Where a prick's dose went, and what moved the depth, over all pricks; null for nothing wet, nothing pierced. */
  readonly losses: Losses | null;
  readonly depthBudgetUm: DepthBudget | null;
  /** Sessions that did not complete, in order. */
  readonly failed: readonly Result[];
}

const scaled = (moments: Moments, by: number): Moments => ({
  n: moments.n,
  mean: moments.mean * by,
  sd: moments.sd * by,
  min: moments.min * by,
  max: moments.max * by,
});

interface Look {
  readonly title: string;
  readonly unit: string;
  readonly digits: number;
  readonly limit: number | null;
  readonly of: (result: Result) => Moments;
}

function quantityOf(results: readonly Result[], look: Look): Quantity {
  const filled = results.filter((result) => look.of(result).n > 0);
  const parts = filled.map(look.of);
  const moments = pooled(parts);
  const means = parts.map((part) => part.mean);
  const sessionSd = pooled(means.map((mean) => ({ n: 1, mean, sd: 0, min: mean, max: mean }))).sd;
  const factor = toleranceFactor(moments.n, SHARE, CONFIDENCE);
  const [low, high] = [moments.mean - factor * moments.sd, moments.mean + factor * moments.sd];
  const by = (result: Result): number => Math.max(Math.abs(look.of(result).min), Math.abs(look.of(result).max));
  const worst = [...filled]
    .sort((a, b) => by(b) - by(a) || a.seed - b.seed)
    .slice(0, WORST)
    .map((result) => ({ result, by: by(result) }));
  const holds = look.limit === null || moments.n < 2 ? null : low >= -look.limit && high <= look.limit;
  return { ...look, moments, sessionSd, means, factor, low, high, holds, worst };
}

/** Means per prick over all wet sessions. */
function lossesIn(wet: readonly Result[]): Losses | null {
  const pricks = wet.reduce((total, { done }) => total + done, 0);
  if (pricks === 0) return null;
  const ul = (of: (result: Result) => number): number => wet.reduce((total, result) => total + of(result), 0) / pricks / 1000;
  const askedUl = ul(({ doseNl, done }) => doseNl * done);
  const stopperUl = ul(({ stopperNl }) => stopperNl);
  const tissueUl = ul(({ layerNl }) => Object.values(layerNl).reduce((total, nl) => total + nl, 0));
  const [refluxUl, bevelUl] = [ul(({ refluxNl }) => refluxNl), ul(({ exposedNl }) => exposedNl)];
  const [dripUl, lagUl] = [ul(({ airNl }) => airNl), ul(({ lagNl }) => lagNl)];
  return {
    ...{ askedUl, refluxUl, bevelUl, dripUl, lagUl },
    stayedUl: tissueUl - refluxUl,
    beyondUl: stopperUl - askedUl,
    complianceUl: dripUl - lagUl,
    heldUl: stopperUl - tissueUl - bevelUl - dripUl,
  };
}

/** Over all pricks that went through the skin. */
function depthBudgetIn(results: readonly Result[]): DepthBudget | null {
  const pierced = results.filter(({ depthErrorUm }) => depthErrorUm.n > 0);
  const of = (moments: (result: Result) => Moments): Spread => pooled(pierced.map(moments));
  const margins = pierced.map(({ marginUm, depthErrorUm: { n } }) => ({ n, mean: marginUm, sd: 0, min: marginUm, max: marginUm }));
  if (pierced.length === 0) return null;
  return {
    errorUm: of((result) => result.depthErrorUm),
    tipUm: of((result) => result.tipErrorUm),
    bulgeUm: of((result) => result.bulgeErrorUm),
    indentationUm: of((result) => result.indentationErrorUm),
    marginUm: pooled(margins).mean,
  };
}

/** Works everything out. The order of the results does not matter. */
export function figuresOf(unordered: readonly Result[]): Figures {
  const results = [...unordered].sort((a, b) => a.seed - b.seed);
  const endings: Record<string, number> = {};
  for (const { ending } of results) endings[ending] = (endings[ending] ?? 0) + 1;
  const wet = results.filter((result) => result.doseNl > 0);
  const doses = new Set(wet.map((result) => result.doseNl));
  const [dose] = doses;
  const doseLimit = dose === undefined || doses.size > 1 ? null : dose <= 20_000 ? LEAST_LIMIT_NL : RELATIVE_LIMIT * dose;
  const relative = pooled(wet.map((result) => scaled(result.doseErrorNl, 100 / result.doseNl)));
  const sum = (of: (result: Result) => number): number => results.reduce((total, result) => total + of(result), 0);
  const layers: Record<string, number> = {};
  for (const { layerNl } of results) for (const [layer, nl] of Object.entries(layerNl)) layers[layer] = (layers[layer] ?? 0) + nl;
  const tissueNl = Object.values(layers).reduce((total, nl) => total + nl, 0);
  const share = (nl: number): number => (tissueNl > 0 ? nl / tissueNl : 0);
  return {
    sessions: results.length,
    endings,
    pricks: sum((result) => result.done),
    missed: sum((result) => result.missed),
    quantities: [
      quantityOf(wet, {
        title: 'dose that stayed, less what was asked',
        unit: 'µL',
        digits: 3,
        limit: doseLimit === null ? null : doseLimit / 1000,
        of: (result) => scaled(result.doseErrorNl, 1e-3),
      }),
      quantityOf(results, {
        title: 'depth in skin, less what was asked',
        unit: 'mm',
        digits: 3,
        limit: DEPTH_LIMIT_UM / 1000,
        of: (result) => scaled(result.depthErrorUm, 1e-3),
      }),
      quantityOf(results, {
        title: 'tip from the ring, less what was asked',
        unit: 'mm',
        digits: 3,
        limit: TIP_LIMIT_UM / 1000,
        of: (result) => scaled(result.tipErrorUm, 1e-3),
      }),
    ],
    doseBiasPercent: relative.mean,
    doseCvPercent: relative.mean > -100 ? relative.sd / (1 + relative.mean / 100) : 0,
    layerShare: Object.fromEntries(Object.entries(layers).map(([layer, nl]) => [layer, share(nl)])),
    refluxShare: share(sum((result) => result.refluxNl)),
    exposedShare: share(sum((result) => result.exposedNl)),
    losses: lossesIn(wet),
    depthBudgetUm: depthBudgetIn(results),
    failed: results.filter((result) => result.ending !== 'complete'),
  };
}
