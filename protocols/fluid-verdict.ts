// What a syringe and needle are like for a treatment: loss, lag, wait, pressure, thrust, the rate worth having, the smallest dose they
// can hold, and the same of the library's other kits. For people and programs; kits.ts refuses. Laws: fluid.ts, cycle.ts. Desk side.
import { BOUNDS } from './bounds.ts';
import { compileProtocol } from './compile.ts';
import { cycleOf } from './cycle.ts';
import type { DepthPlan } from './depth.ts';
import { flowHolds, perPrickUl, plungerMostUlPerS, usableUl } from './feasibility.ts';
import { fastestRateUlPerS, fluidPlanOf } from './fluid-words.ts';
import { PLUNGER_MAX_N } from './gun.ts';
import { kitsFor } from './kits.ts';
import type { Kit } from './kits.ts';
import { withSettings } from './treatment.ts';
import type { Treatment } from './treatment.ts';

/** Volumes of one prick in µL, pressures in kPa, thrust in N, times in ms, rates in µL/s. */
export interface FluidVerdict {
  readonly syringe: string;
  readonly needle: string;
  /** The treatment's own; the rest are alternatives. */
  readonly own: boolean;
  /** Null when it does; else the first reason why it does not. */
  readonly refused: string | null;
  readonly doseUl: number;
  /** Held back by compliance, come back along the needle; the gun pushes both on top. */
  readonly heldUl: number;
  readonly refluxUl: number;
  readonly lagMs: number;
  /** Stay until no more than the residual is still to come, after the dose. */
  readonly waitMs: number;
  readonly backKpa: number;
  readonly peakKpa: number;
  readonly thrustN: number;
  readonly thrustMostN: number;
  readonly rateUlPerS: number;
  /** Slowest rate whose prick takes at most 5 % longer than that of the fastest possible; null where the withdrawal sets the rate. */
  readonly bestRateUlPerS: number | null;
  /** Fastest rate that plunger, thrust, compensation and reflux allow; null likewise, or when none does. */
  readonly fastestUlPerS: number | null;
  readonly prickMs: number;
  readonly bestPrickMs: number | null;
  /** Smallest that it can hold, or the next larger one; null: none up to 200 µL, or a dry prick. */
  readonly leastDoseUl: number | null;
  /** So many times the compliance that is assumed would still be within the gun's bound; null for a dry prick. */
  readonly complianceMargin: number | null;
  /** Pricks of one filling. */
  readonly pricksPerFilling: number | null;
}

/** A prick that takes this much longer than the shortest one is as good. Chosen: less than the hand's own spread. */
const AS_GOOD = 1.05;
/** Rates looked at, as a geometric row down from the fastest. Chosen: finer than a hand could tell, over a factor of about 60. */
const ROW = 26;
const ROW_STEP = 0.85;

const atRate = (treatment: Treatment, rateUlPerS: number): Treatment => ({
  ...treatment,
  technique: withSettings(treatment.technique, { rateUlPerS }),
});
/** Dose and rate leave the depth as it is. */
const holds = (treatment: Treatment, depth: DepthPlan): boolean => flowHolds(treatment, fluidPlanOf(treatment, depth));
const prickMsOf = (treatment: Treatment): number => cycleOf(compileProtocol(treatment, 1)).totalMs;
const thousandths = (value: number): number => Math.round(value * 1000) / 1000;
const tenths = (value: number): number => Math.floor(value * 10 + 1e-9) / 10;

interface Rates {
  readonly fastest: number;
  readonly best: number;
  readonly bestMs: number;
}

/** The rates that work; null where no step has a rate of its own, or none works. */
function ratesOf({ treatment, depth }: Kit): Rates | null {
  const { doseUl, steps } = treatment.technique;
  if (doseUl === 0 || !steps.some((step) => step.do === 'dose')) return null;
  const most = Math.min(BOUNDS.rateUlPerS.max, plungerMostUlPerS(treatment));
  const rates: { rate: number; ms: number }[] = [];
  for (let at = 0, rate = most; at < ROW && rate >= BOUNDS.rateUlPerS.min; at++, rate *= ROW_STEP) {
    const one = atRate(treatment, tenths(rate));
    if (holds(one, depth)) rates.push({ rate: tenths(rate), ms: prickMsOf(one) });
  }
  const [fastest] = rates;
  if (fastest === undefined) return null;
  const shortestMs = Math.min(...rates.map(({ ms }) => ms));
  const best = [...rates].reverse().find(({ ms }) => ms <= AS_GOOD * shortestMs) ?? fastest;
  return { fastest: fastest.rate, best: best.rate, bestMs: best.ms };
}

const halfStep = (half: number): number => (half < 40 ? 1 : half < 100 ? 2 : 10);

/** Smallest dose, in halves of a µL, from which this kit holds every dose up to the technique's; the next larger one that it does hold. */
function leastDoseUl({ treatment, depth }: Kit): number | null {
  const { doseUl } = treatment.technique;
  const holdsHalf = (half: number): boolean => holds({ ...treatment, technique: { ...treatment.technique, doseUl: half / 2 } }, depth);
  let half = Math.floor(2 * doseUl);
  if (holds(treatment, depth)) {
    while (half - halfStep(half) >= 2 && holdsHalf(half - halfStep(half))) half -= halfStep(half);
    return Math.min(doseUl, half / 2);
  }
  for (half += 1; half <= 2 * BOUNDS.doseUl.max; half += halfStep(half)) if (holdsHalf(half)) return half / 2;
  return null;
}

/** Pricks that one filling gives; null for a dry session. */
function pricksPerFilling({ treatment, fluid }: Kit): number | null {
  const each = perPrickUl(treatment, fluid);
  return each === 0 ? null : Math.max(0, Math.floor(usableUl(treatment) / each));
}

function verdictOf(kit: Kit, own: boolean): FluidVerdict {
  const { treatment, fluid, problems } = kit;
  const rates = ratesOf(kit);
  const { doseUl } = treatment.technique;
  return {
    ...{ syringe: treatment.syringe.id, needle: treatment.needle.id, own, doseUl },
    refused: problems[0]?.why ?? null,
    ...{ heldUl: thousandths(fluid.heldUl), refluxUl: thousandths(fluid.refluxUl), lagMs: fluid.lagMs, waitMs: fluid.waitMs },
    ...{ backKpa: thousandths(fluid.backKpa), peakKpa: thousandths(fluid.peakKpa) },
    ...{ thrustN: thousandths(fluid.thrustN), thrustMostN: PLUNGER_MAX_N },
    rateUlPerS: thousandths(fastestRateUlPerS(treatment)),
    ...{ bestRateUlPerS: rates?.best ?? null, fastestUlPerS: rates?.fastest ?? null },
    ...{ prickMs: prickMsOf(treatment), bestPrickMs: rates?.bestMs ?? null },
    leastDoseUl: doseUl === 0 ? null : leastDoseUl(kit),
    complianceMargin: doseUl === 0 || fluid.heldUl === 0 ? null : thousandths(fluid.heldMaxUl / fluid.heldUl),
    pricksPerFilling: pricksPerFilling(kit),
  };
}

/** The treatment's own kit first, then the library's others that its technique was written for; only the own one for a dry session. */
export function fluidVerdicts(treatment: Treatment): FluidVerdict[] {
  const kits = kitsFor(treatment);
  return (treatment.technique.doseUl === 0 ? kits.slice(0, 1) : kits).map((kit, index) => verdictOf(kit, index === 0));
}
