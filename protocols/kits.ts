// Syringes and needles of the library with which a treatment would do, and a refusal that names them. Judges each by the same
// laws as the treatment's own (feasibility.ts, depth.ts). Not responsible for what a kit is like to use (fluid-verdict.ts). Desk side.
import { depthPlanOf, depthProblems } from './depth.ts';
import type { DepthPlan } from './depth.ts';
import { flowProblems, kitProblems } from './feasibility.ts';
import { fluidPlanOf } from './fluid-words.ts';
import type { FluidPlan } from './fluid-words.ts';
import { allOf } from './library.ts';
import type { Problem } from './problems.ts';
import { hasErrors } from './problems.ts';
import type { Needle, Syringe } from './schema.ts';
import type { Treatment } from './treatment.ts';

export interface Kit {
  readonly treatment: Treatment;
  readonly depth: DepthPlan;
  readonly fluid: FluidPlan;
  /** Errors; empty for a kit that does. */
  readonly problems: readonly Problem[];
}

/** The same treatment with another syringe and needle; a syringe that was full stays full. */
export function withKit(treatment: Treatment, syringe: Syringe, needle: Needle): Treatment {
  const full = treatment.fillUl >= treatment.syringe.capacityUl;
  const fillUl = full ? syringe.capacityUl : Math.min(treatment.fillUl, syringe.capacityUl);
  return { ...treatment, syringe, needle, fillUl };
}

/** One kit against the laws of fluid and depth. */
export function judgeKit(treatment: Treatment): Kit {
  const depth = depthPlanOf(treatment);
  const fluid = fluidPlanOf(treatment, depth);
  const problems = [...kitProblems(treatment, fluid), ...depthProblems(treatment, depth)].filter(({ severity }) => severity === 'error');
  return { treatment, depth, fluid, problems };
}

/** Syringe and needle are what the technique was written for, or it names none. */
const isMeant = ({ technique }: Treatment, syringe: Syringe, needle: Needle): boolean =>
  technique.syringes?.includes(syringe.id) !== false && technique.needles?.includes(needle.id) !== false;

/** Every library kit that the technique was written for, and the treatment's own first; syringes small to large. */
export function kitsFor(treatment: Treatment): Kit[] {
  const { syringe: ownSyringe, needle: ownNeedle } = treatment;
  const syringes = [...allOf('syringe')].sort((a, b) => a.capacityUl - b.capacityUl);
  const others = syringes.flatMap((syringe) =>
    allOf('needle')
      .filter((needle) => isMeant(treatment, syringe, needle))
      .filter((needle) => syringe.id !== ownSyringe.id || needle.id !== ownNeedle.id)
      .map((needle) => withKit(treatment, syringe, needle)),
  );
  return [treatment, ...others].map(judgeKit);
}

/** How many of the two are other than the treatment's own. */
const changes = ({ syringe, needle }: Treatment, kit: Kit): number =>
  (kit.treatment.syringe.id === syringe.id ? 0 : 1) + (kit.treatment.needle.id === needle.id ? 0 : 1);

/** Kits that do: fewest changes first, then the largest syringe (fewest fillings), then the least lost of a dose. */
export function kitsThatDo(treatment: Treatment): Kit[] {
  return kitsFor(treatment)
    .filter((kit) => kit.problems.length === 0)
    .sort(
      (a, b) =>
        changes(treatment, a) - changes(treatment, b) ||
        b.treatment.syringe.capacityUl - a.treatment.syringe.capacityUl ||
        a.fluid.compensationUl - b.fluid.compensationUl,
    );
}

/** `syringe 1ml`, `needle 27g-4mm`, or both. */
export function kitWords({ syringe, needle }: Treatment, { treatment: other }: Kit): string {
  const words = [
    other.syringe.id === syringe.id ? '' : `syringe ${other.syringe.id}`,
    other.needle.id === needle.id ? '' : `needle ${other.needle.id}`,
  ];
  return words.filter((word) => word !== '').join(' with ');
}

/** A refusal by the flow says which kit would do, or that none of the library does. */
function withAlternative(treatment: Treatment, problem: Problem, best: Kit | undefined): Problem {
  if (best === undefined) {
    const hint = problem.nearest === undefined ? ': dose more a prick, slower, or press the ring less' : '';
    return { ...problem, why: `${problem.why}; no other syringe and needle that ${treatment.technique.id} is for would do${hint}` };
  }
  const changed = { ...problem, why: `${problem.why}; ${kitWords(treatment, best)} would do` };
  const { syringe, needle } = best.treatment;
  if (problem.nearest !== undefined) return changed;
  if (problem.pointer === '/syringe' && syringe.id !== treatment.syringe.id) return { ...changed, nearest: syringe.id };
  return problem.pointer === '/needle' && needle.id !== treatment.needle.id ? { ...changed, nearest: needle.id } : changed;
}

/** More is pushed for what is lost than is meant to stay: it works, but the dose is mostly a correction. */
function lossWarning(treatment: Treatment, fluid: FluidPlan): Problem[] {
  const { doseUl } = treatment.technique;
  if (doseUl === 0 || fluid.compensationUl <= doseUl) return [];
  const [best] = kitsThatDo(treatment).sort((a, b) => a.fluid.compensationUl - b.fluid.compensationUl);
  const other = best === undefined ? '' : kitWords(treatment, best);
  const lost = `${fluid.compensationUl.toFixed(2)} µL`;
  const less = best === undefined || other === '' ? '' : `; ${other} loses ${best.fluid.compensationUl.toFixed(2)} µL`;
  const why = `the gun pushes ${lost} more than the dose for what is lost${less}; calibrate syringe and needle (mesogun calibrate)`;
  return [{ pointer: '/syringe', value: treatment.syringe.id, bound: `a loss ≤ the dose of ${doseUl} µL`, why, severity: 'warning' }];
}

/** What is wrong with this syringe, needle, rate, dose and filling, each with what would do. */
export function feasibilityProblems(treatment: Treatment, fluid: FluidPlan): Problem[] {
  const problems = kitProblems(treatment, fluid);
  if (!hasErrors(problems)) return lossWarning(treatment, fluid);
  const ofFlow = new Set(flowProblems(treatment, fluid).map(({ bound }) => bound));
  const best = ofFlow.size === 0 ? undefined : kitsThatDo(treatment)[0];
  return problems.map((problem) => (ofFlow.has(problem.bound) ? withAlternative(treatment, problem, best) : problem));
}
