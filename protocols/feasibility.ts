// Can this syringe, needle and liquid give this dose in this layer? Judges one kit; which other would do is kits.ts. The
// device applies the same bound on compensation again. Laws: fluid.ts; numbers: fluid-words.ts. Desk side.
import { depthPlanOf } from './depth.ts';
import { fastestRateUlPerS, fluidPlanOf, refluxBoundUl } from './fluid-words.ts';
import type { FluidPlan } from './fluid-words.ts';
import { PLUNGER_MAX_MM_PER_S, PLUNGER_MAX_N, SYRINGE_RESERVE_UL } from './gun.ts';
import type { Problem } from './problems.ts';
import { nlPerMmOf, originOf } from './treatment.ts';
import type { Treatment } from './treatment.ts';

const ul = (value: number): string => `${value.toFixed(2)} µL`;

const heldTooMuch = ({ technique }: Treatment, fluid: FluidPlan): boolean => technique.doseUl > 0 && fluid.heldUl > fluid.heldMaxUl;
const refluxTooMuch = ({ technique }: Treatment, fluid: FluidPlan): boolean =>
  technique.doseUl > 0 && fluid.refluxUl > refluxBoundUl(technique.doseUl);

const syringePointer = (treatment: Treatment): string =>
  typeof treatment.protocol.syringe === 'string' ? '/syringe' : '/syringe/complianceUlPerKpa';

function compensationProblem(treatment: Treatment, fluid: FluidPlan): Problem | null {
  if (!heldTooMuch(treatment, fluid)) return null;
  const why = `its compliance holds back ${ul(fluid.heldUl)} of each dose against ${fluid.backKpa.toFixed(0)} kPa in the layer`;
  const bound = `compensation ≤ min(C·40 kPa, max(25 % of the dose, 2 µL)) = ${ul(fluid.heldMaxUl)}`;
  return { pointer: syringePointer(treatment), value: treatment.syringe.id, bound, why, severity: 'error' };
}

/** Shallowest depth, in steps of 0.1 mm, from which the track lets little enough back; null when even 10 mm does not. */
function depthThatHolds(treatment: Treatment): number | null {
  for (let tenths = Math.ceil(treatment.technique.depthMm * 10); tenths <= 100; tenths++) {
    const deeper = { ...treatment, technique: { ...treatment.technique, depthMm: tenths / 10 } };
    if (fluidPlanOf(deeper, depthPlanOf(deeper)).refluxUl <= refluxBoundUl(treatment.technique.doseUl)) return tenths / 10;
  }
  return null;
}

function refluxProblem(treatment: Treatment, fluid: FluidPlan): Problem | null {
  const { technique, needle, protocol } = treatment;
  const boundUl = refluxBoundUl(technique.doseUl);
  if (!refluxTooMuch(treatment, fluid)) return null;
  const nearest = depthThatHolds(treatment);
  const why =
    `${ul(fluid.refluxUl)} beyond each dose would come back along needle ${needle.id}, so near to the surface: ` +
    'go deeper, or take a thinner needle, whose bevel is covered sooner';
  const at = { pointer: originOf(protocol, 'depthMm'), value: technique.depthMm, severity: 'error' as const };
  return { ...at, bound: `reflux ≤ max(25 % of the dose, 2 µL) = ${ul(boundUl)}`, why, ...(nearest === null ? {} : { nearest }) };
}

/** Fastest rate that the plunger axis allows, µL/s, in tenths. */
export const plungerMostUlPerS = (treatment: Treatment): number =>
  Math.floor((PLUNGER_MAX_MM_PER_S * nlPerMmOf(treatment.syringe)) / 100) / 10;

/** Fastest rate whose thrust the plunger may be planned to need, µL/s, in tenths; the depot's pressure is taken as at the rate of `fluid`. */
function thrustMostUlPerS(treatment: Treatment, fluid: FluidPlan): number {
  const { syringe } = treatment;
  const mostKpa = ((PLUNGER_MAX_N - syringe.breakLooseN) * 1e6) / nlPerMmOf(syringe);
  const flowKpaSPerUl = fluid.needleKpaSPerUl + fluid.tissueKpaSPerUl;
  return Math.floor((10 * (mostKpa - (fluid.peakKpa - fastestRateUlPerS(treatment) * flowKpaSPerUl))) / flowKpaSPerUl) / 10;
}

function speedProblems(treatment: Treatment, fluid: FluidPlan): Problem[] {
  const { technique, syringe, protocol } = treatment;
  const problems: Problem[] = [];
  const rate = fastestRateUlPerS(treatment);
  const rateMax = plungerMostUlPerS(treatment);
  const inline = typeof protocol.technique === 'string' ? '/technique' : '/technique/steps';
  const pointer = protocol.set?.rateUlPerS === undefined ? inline : '/set/rateUlPerS';
  if (rate > rateMax) {
    const why = `the plunger moves at most ${PLUNGER_MAX_MM_PER_S} mm/s, which is ${rateMax} µL/s with syringe ${syringe.id}`;
    problems.push({ pointer, value: rate, bound: `≤ ${rateMax} µL/s`, why, nearest: rateMax, severity: 'error' });
  }
  if (fluid.thrustN > PLUNGER_MAX_N) {
    const why = `${technique.id} at this rate needs ${fluid.thrustN.toFixed(0)} N on the plunger through needle ${treatment.needle.id}`;
    const nearest = Math.max(0.1, Math.min(rateMax, thrustMostUlPerS(treatment, fluid)));
    problems.push({ pointer, value: rate, bound: `thrust ≤ ${PLUNGER_MAX_N} N`, why, nearest, severity: 'error' });
  }
  if (protocol.prime.primeRateUlPerS > rateMax) {
    const at = { pointer: '/prime/primeRateUlPerS', value: protocol.prime.primeRateUlPerS, severity: 'error' as const };
    problems.push({ ...at, bound: `≤ ${rateMax} µL/s`, why: `the plunger moves at most ${PLUNGER_MAX_MM_PER_S} mm/s`, nearest: rateMax });
  }
  return problems;
}

/** Highest needle resistance that the gun plans with. Source: firmware limits, 20 kPa·s/µL. */
const NEEDLE_MAX_KPA_S_PER_UL = 20;

function needleProblem(treatment: Treatment, fluid: FluidPlan): Problem | null {
  if (fluid.needleKpaSPerUl <= NEEDLE_MAX_KPA_S_PER_UL) return null;
  const why = `${treatment.product.name} of ${treatment.product.viscosityMpas} mPa·s needs a wider or shorter needle`;
  const bound = `resistance ≤ ${NEEDLE_MAX_KPA_S_PER_UL} kPa·s/µL`;
  return { pointer: '/needle', value: treatment.needle.id, bound, why, severity: 'error' };
}

/** What one syringe filling can give to pricks, µL: fill less priming and reserve. */
export const usableUl = (treatment: Treatment): number => treatment.fillUl - treatment.primeUl - SYRINGE_RESERVE_UL;

/** Volume that one prick takes from the syringe, µL: dose and compensation, or the dose alone when decompression gives the rest back. */
export function perPrickUl(treatment: Treatment, fluid: FluidPlan): number {
  const givenBack = treatment.technique.steps.some((step) => step.do === 'decompress');
  return treatment.technique.doseUl + (givenBack ? 0 : fluid.compensationUl);
}

function contentProblems(treatment: Treatment, fluid: FluidPlan): Problem[] {
  const { syringe, fillUl, protocol } = treatment;
  const problems: Problem[] = [];
  const pointer = protocol.set?.fillUl === undefined ? '/fillUl' : '/set/fillUl';
  const at = { pointer, value: fillUl, severity: 'error' as const };
  if (fillUl > syringe.capacityUl) {
    problems.push({
      ...at,
      bound: `≤ ${syringe.capacityUl} µL`,
      why: `that is what syringe ${syringe.id} holds`,
      nearest: syringe.capacityUl,
    });
  }
  const needUl = treatment.technique.doseUl + fluid.compensationUl;
  if (needUl > usableUl(treatment)) {
    const leastUl = Math.ceil(needUl + treatment.primeUl + SYRINGE_RESERVE_UL);
    const why = `one prick takes ${ul(needUl)}, priming ${treatment.primeUl} µL, and ${SYRINGE_RESERVE_UL} µL stay in reserve`;
    problems.push({ ...at, bound: `≥ ${leastUl} µL`, why, nearest: Math.min(leastUl, syringe.capacityUl) });
  }
  return problems;
}

function doseProblem(treatment: Treatment): Problem | null {
  const { doseUl } = treatment.technique;
  if (doseUl === 0 || doseUl >= 1) return null;
  const at = { pointer: originOf(treatment.protocol, 'doseUl'), value: doseUl, nearest: doseUl < 0.5 ? 0 : 1, severity: 'error' as const };
  return { ...at, bound: '0, or 1 to 200 µL', why: 'below 1 µL a dose cannot be told from its scatter; 0 is a dry prick' };
}

/** Whether `flowProblems` of doses and rates would be empty, without looking for what would do. */
export const flowHolds = (treatment: Treatment, fluid: FluidPlan): boolean =>
  fluid.needleKpaSPerUl <= NEEDLE_MAX_KPA_S_PER_UL &&
  !heldTooMuch(treatment, fluid) &&
  !refluxTooMuch(treatment, fluid) &&
  fastestRateUlPerS(treatment) <= plungerMostUlPerS(treatment) &&
  fluid.thrustN <= PLUNGER_MAX_N;

/** What the fluid laws refuse with this syringe, needle, rate and dose. */
export function flowProblems(treatment: Treatment, fluid: FluidPlan): Problem[] {
  const single = [needleProblem(treatment, fluid), compensationProblem(treatment, fluid), refluxProblem(treatment, fluid)];
  return [...single.filter((problem) => problem !== null), ...speedProblems(treatment, fluid)];
}

/** Errors that stop the treatment: of the dose, of the flow, of what the syringe holds. */
export function kitProblems(treatment: Treatment, fluid: FluidPlan): Problem[] {
  const dose = doseProblem(treatment);
  return [...(dose === null ? [] : [dose]), ...flowProblems(treatment, fluid), ...contentProblems(treatment, fluid)];
}
