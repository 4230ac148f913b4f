// What the fluid laws say about a treatment: back pressure where the needle will be, resistances, compensation and its
// bound. One place for the compiler, the planner and the feasibility verdict; the laws stand in fluid.ts. Desk side.
import { backPressureKpa, depotPressureKpa, needleResistance, tissueLaw } from './fluid.ts';
import type { Layer } from './fluid.ts';
import { COMPENSATION_MAX_KPA, RING_DIAMETER_MM } from './gun.ts';
import type { DepthPlan } from './depth.ts';
import type { Syringe } from './schema.ts';
import type { Treatment } from './treatment.ts';

export interface FluidPlan {
  /** Pressure that holds liquid back when the plunger stops, averaged over the layers that the tip may meet. */
  readonly backKpa: number;
  readonly needleKpaSPerUl: number;
  /** Of the slower layer that the tip may well meet: dwells get longer, never shorter. */
  readonly tissueKpaSPerUl: number;
  /** What the compliance holds back of each dose and the plunger adds: C · p_back; 0 for a dry prick. */
  readonly compensationUl: number;
  readonly compensationMaxUl: number;
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

/** The bound of the device on compensation for one prick: min(C · 40 kPa, max(25 % of the dose, 2 µL)). */
export const compensationBoundUl = (complianceUlPerKpa: number, doseUl: number): number =>
  Math.min(complianceUlPerKpa * COMPENSATION_MAX_KPA, Math.max(0.25 * doseUl, 2));

/** A layer counts for the dwell when the tip meets it in more than one prick of twenty. */
const SLOW_LAYER_SHARE = 0.05;

/** Applies the laws to a treatment with this syringe (its own, or an alternative that is being judged). */
export function fluidPlanOf(treatment: Treatment, depth: DepthPlan, syringe: Syringe = treatment.syringe): FluidPlan {
  const { technique, needle, product } = treatment;
  const rate = fastestRateUlPerS(treatment);
  const layers = Object.entries(depth.layers) as [Layer, number][];
  const backOf = (layer: Layer): number =>
    backPressureKpa(layer, technique.stamp.targetN, RING_DIAMETER_MM) + depotPressureKpa(layer, technique.doseUl, rate, 0);
  const backKpa = layers.reduce((sum, [layer, share]) => sum + share * backOf(layer), 0);
  const met = layers.filter(([, share]) => share > SLOW_LAYER_SHARE).map(([layer]) => tissueLaw(layer).resistanceKpaSPerUl);
  const needleKpaSPerUl = needleResistance(product.viscosityMpas, needle.lengthMm, needle.innerMm);
  const tissueKpaSPerUl = Math.max(...met);
  const peakKpa = backKpa + rate * (needleKpaSPerUl + tissueKpaSPerUl);
  const areaMm2 = (Math.PI / 4) * syringe.boreMm * syringe.boreMm;
  return {
    ...{ backKpa, needleKpaSPerUl, tissueKpaSPerUl, peakKpa },
    compensationUl: technique.doseUl === 0 ? 0 : syringe.complianceUlPerKpa * backKpa,
    compensationMaxUl: compensationBoundUl(syringe.complianceUlPerKpa, technique.doseUl),
    thrustN: syringe.breakLooseN + (peakKpa * areaMm2) / 1000,
  };
}
