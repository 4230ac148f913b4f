// What the fluid laws say about a treatment: back pressure where the needle will be, resistances, compensation and its
// bound. One place for the compiler, the planner and the feasibility verdict; the laws stand in fluid.ts. Desk side.
import { areaMm2, backPressureKpa, depotPressureKpa, dwellForResidualS, heldUlPerKpa, lagS, needleResistance, tissueLaw } from './fluid.ts';
import type { Layer } from './fluid.ts';
import { COMPENSATION_MAX_KPA, RING_DIAMETER_MM } from './gun.ts';
import type { DepthPlan } from './depth.ts';
import { depotAtExitKpa, refluxUlOf } from './reflux.ts';
import type { Syringe } from './schema.ts';
import type { Treatment } from './treatment.ts';

export interface FluidPlan {
  /** Pressure that holds liquid back when the plunger stops, averaged over the layers that the tip may meet. */
  readonly backKpa: number;
  readonly needleKpaSPerUl: number;
  /** Of the slower layer that the tip may well meet: dwells get longer, never shorter. */
  readonly tissueKpaSPerUl: number;
  /** What the compliance holds back of each dose: C · p_back; 0 for a dry prick. */
  readonly heldUl: number;
  /** What comes back through the track, beyond the dose; 0 for a dry prick. */
  readonly refluxUl: number;
  /** What the plunger adds: both. */
  readonly compensationUl: number;
  /** The most that the gun adds for back pressure. */
  readonly heldMaxUl: number;
  /** Lag of what is pushed behind the plunger, and how long the needle must stay in until no more than the residual is still to come. */
  readonly lagMs: number;
  readonly waitMs: number;
  /** Highest pressure at the stopper and thrust on the plunger while dosing. */
  readonly peakKpa: number;
  readonly thrustN: number;
}

/** Fastest dosing rate among the steps, µL/s; a dose spread over a withdrawal counts by its time. 0 for a dry prick. */
export function fastestRateUlPerS(treatment: Treatment): number {
  const { steps, doseUl, depthMm } = treatment.technique;
  let fastest = 0;
  if (doseUl === 0) return fastest;
  let atPercent = 100;
  for (const step of steps) {
    if (step.do === 'insert') atPercent = step.depthPercent ?? 100;
    if (step.do === 'dose') fastest = Math.max(fastest, step.rateUlPerS);
    if (step.do === 'withdraw') {
      const toPercent = step.toDepthPercent ?? 0;
      const forS = (((atPercent - toPercent) / 100) * depthMm) / step.withdrawalMmPerS;
      if ((step.dosePercent ?? 0) > 0) fastest = Math.max(fastest, (doseUl * (step.dosePercent ?? 0)) / 100 / forS);
      atPercent = toPercent;
    }
  }
  return fastest;
}

/** The bound of the device on what is added for reflux: max(25 % of the dose, 2 µL). */
export const refluxBoundUl = (doseUl: number): number => Math.max(0.25 * doseUl, 2);

/** ... and on what is added for back pressure: no more than that, and no more than C · 40 kPa. */
export const heldBoundUl = (complianceUlPerKpa: number, doseUl: number): number =>
  Math.min(complianceUlPerKpa * COMPENSATION_MAX_KPA, refluxBoundUl(doseUl));

/** A layer counts for the dwell when the tip meets it in more than one prick of twenty. */
const SLOW_LAYER_SHARE = 0.05;

/** A gun takes no programme with less. Source: firmware limits, 1000 Pa. */
const BACK_LEAST_KPA = 1;

/** Applies the laws to a treatment with this syringe (its own, or an alternative that is being judged). */
export function fluidPlanOf(treatment: Treatment, depth: DepthPlan, syringe: Syringe = treatment.syringe): FluidPlan {
  const { technique, needle, product, protocol } = treatment;
  const rate = fastestRateUlPerS(treatment);
  const layers = Object.entries(depth.layers) as [Layer, number][];
  const met = layers.filter(([, share]) => share > SLOW_LAYER_SHARE).map(([layer]) => tissueLaw(layer).resistanceKpaSPerUl);
  const needleKpaSPerUl = needleResistance(product.viscosityMpas, needle.lengthMm, needle.innerMm);
  const tissueKpaSPerUl = Math.max(...met);
  const lag = lagS(needleKpaSPerUl + tissueKpaSPerUl, syringe.complianceUlPerKpa);
  const waitS = rate === 0 ? 0 : dwellForResidualS(lag, Math.min(technique.doseUl, lag * rate), protocol.residualUl);
  const meanKpa = (of: (layer: Layer) => number): number =>
    layers.reduce(
      (sum, [layer, share]) => sum + share * (backPressureKpa(layer, technique.stamp.targetN, RING_DIAMETER_MM) + of(layer)),
      0,
    );
  const backKpa = meanKpa((layer) => depotAtExitKpa(treatment, layer, waitS));
  const peakKpa = meanKpa((layer) => depotPressureKpa(layer, technique.doseUl, rate, 0)) + rate * (needleKpaSPerUl + tissueKpaSPerUl);
  const boreMm2 = areaMm2(syringe.boreMm);
  const perKpaUl = heldUlPerKpa(syringe.complianceUlPerKpa, boreMm2, syringe.rodNPerMm, syringe.breakLooseN - syringe.glideN, backKpa);
  const heldUl = technique.doseUl === 0 ? 0 : perKpaUl * backKpa;
  const refluxUl = refluxUlOf(treatment, depth, waitS);
  const plan = {
    ...{ backKpa, needleKpaSPerUl, tissueKpaSPerUl, peakKpa, heldUl, refluxUl },
    compensationUl: heldUl + refluxUl,
    ...{ lagMs: Math.round(1000 * lag), waitMs: Math.ceil(1000 * waitS) },
    heldMaxUl: heldBoundUl(syringe.complianceUlPerKpa, technique.doseUl),
    thrustN: syringe.breakLooseN + (peakKpa * boreMm2) / 1000,
  };
  return treatment.uncompensated === true ? { ...plan, backKpa: BACK_LEAST_KPA, heldUl: 0, refluxUl: 0, compensationUl: 0 } : plan;
}
