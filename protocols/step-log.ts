// A session before it happens, as a nested log: home, probe, prime, every filling with its pricks, every step of a prick with
// its time, the end; then totals, limits and settings. `run --dry-run` prints it. Predicts with the plan's laws. Desk side.
import { stepUm } from './area.ts';
import { moveMs } from './cycle.ts';
import { stepText } from './describe.ts';
import { perPrickUl, usableUl } from './feasibility.ts';
import { HOME_BEHIND_RING_UM, NEEDLE_ACCELERATION_MM_PER_S2, PLUNGER_ACCELERATION_MM_PER_S2 } from './gun.ts';
import type { Plan } from './plan.ts';
import type { Step } from './schema.ts';
import { limitLines, limitsUsed } from './limits-used.ts';
import { settingLines } from './settings-text.ts';
import { nlPerMmOf, type Treatment } from './treatment.ts';

const ms = (value: number): string => (value < 10_000 ? `${Math.round(value)} ms` : `${(value / 1000).toFixed(1)} s`);
const minutes = (value: number): string => `${(value / 60_000).toFixed(1)} min`;
const mm = (um: number): string => (um / 1000).toFixed(1);

/** Time of one step by the motion laws, ms; waits for lag are not in it. Null for what takes no time of its own. */
function stepMs(step: Step, treatment: Treatment, plan: Plan, fromTipUm: number, toTipUm: number): number | null {
  const wayMm = Math.abs(toTipUm - fromTipUm) / 1000;
  if (step.do === 'insert') return moveMs(wayMm, step.insertionMmPerS, NEEDLE_ACCELERATION_MM_PER_S2);
  if (step.do === 'withdraw') return moveMs(wayMm, step.withdrawalMmPerS, NEEDLE_ACCELERATION_MM_PER_S2);
  if (step.do === 'dwell') return step.dwellMs;
  if (step.do !== 'dose' || plan.doseUl === 0) return null;
  const perMm = nlPerMmOf(treatment.syringe) / 1000;
  const givenUl = (plan.doseUl * (step.dosePercent ?? 100)) / 100;
  return moveMs(givenUl / perMm, step.rateUlPerS / perMm, PLUNGER_ACCELERATION_MM_PER_S2);
}

/** Steps of one prick, numbered, with the time of each and of all. */
function prickLines(treatment: Treatment, plan: Plan): string[] {
  const { technique } = treatment;
  const aheadUm = plan.depth.tipUm - plan.depth.depthUm;
  let tipUm = -HOME_BEHIND_RING_UM;
  const lines = technique.steps.map((step, index) => {
    const percent = step.do === 'insert' ? (step.depthPercent ?? 100) : step.do === 'withdraw' ? (step.toDepthPercent ?? 0) : null;
    const toUm = percent === null ? tipUm : percent === 0 ? -HOME_BEHIND_RING_UM : (plan.depth.depthUm * percent) / 100 + aheadUm;
    const forMs = stepMs(step, treatment, plan, tipUm, toUm);
    tipUm = toUm;
    return `      ${index + 1}. ${stepText(step, technique)}${forMs === null ? '' : `: ${ms(forMs)}`}`;
  });
  const { cycle } = plan;
  const waits = `lag and dwell ${ms(cycle.dwellMs)}, contact and journal ${ms(cycle.overheadMs)}`;
  return [
    ...lines,
    `      in all ${cycle.totalMs} ms a prick: in ${ms(cycle.insertMs)}, dose ${ms(cycle.doseMs)}, ${waits}, out ${ms(cycle.withdrawMs)}`,
  ];
}

interface Filling {
  readonly from: number;
  readonly to: number;
}

/** Which pricks each filling of the syringe gives. */
export function fillingsOf(treatment: Treatment, plan: Plan): Filling[] {
  const each = perPrickUl(treatment, plan.fluid);
  const most = each === 0 ? plan.pricks : Math.max(1, Math.floor(usableUl(treatment) / each));
  const fillings: Filling[] = [];
  for (let from = 1; from <= plan.pricks; from += most) fillings.push({ from, to: Math.min(plan.pricks, from + most - 1) });
  return fillings;
}

function pointLine(plan: Plan, index: number): string {
  const point = plan.points[index];
  if (point === undefined) return '';
  const name = point.name === undefined ? '' : ` ${point.name}`;
  const way = index === 0 ? '' : `, ${mm(stepUm(plan.points, index))} mm on`;
  return `    prick ${index + 1}${name} at ${mm(point.xUm)}, ${mm(point.yUm)} mm${way}`;
}

/** Named points all; of a raster the first and the last. */
function pointLines(plan: Plan, { from, to }: Filling): string[] {
  const named = plan.points.some((point) => point.name !== undefined);
  const shown = named || to - from < 3 ? Array.from({ length: to - from + 1 }, (_none, index) => from + index) : [from, from + 1, to];
  return shown.flatMap((prick) => {
    const gap = !named && prick === to && to - from >= 3 ? [`    … ${to - from - 2} more (all of them with --json)`] : [];
    return [...gap, pointLine(plan, prick - 1)];
  });
}

/** The whole log as lines. */
export function stepLog(treatment: Treatment, plan: Plan): string[] {
  const { protocol, needle, product, technique } = treatment;
  const part = plan.parts.length === 1 ? '' : `, session ${plan.part} of ${plan.parts.length}`;
  const asked = (protocol.requires?.length ?? 0) + (protocol.before?.length ?? 0);
  const fillings = fillingsOf(treatment, plan);
  const treat = fillings.flatMap((filling, index) => [
    ...(index === 0 ? [] : [`  ${index + 4}. the gun holds for a new syringe: fill ${treatment.fillUl} µL, prime ${treatment.primeUl} µL`]),
    `  ${index === 0 ? '4.' : '  '} pricks ${filling.from} to ${filling.to}${index === 0 ? `, each ${technique.permit.mode === 'cadence' ? `${plan.periodMs} ms` : technique.permit.mode === 'travel' ? `${technique.spacingMm} mm travelled` : 'press of the trigger'}` : ''}`,
    ...pointLines(plan, filling),
    ...(index === 0 ? prickLines(treatment, plan) : []),
  ]);
  return [
    `${protocol.name} (${protocol.id})${part}`,
    `  1. ask and check ${asked} points; needle ${needle.name}, ${treatment.fillUl} µL of ${product.name} in ${treatment.syringe.name}`,
    '  2. home the needle, clip the cap on, probe the tip, cap off',
    `  3. prime ${treatment.primeUl} µL at ${protocol.prime.primeRateUlPerS} µL/s, needle up, trigger held`,
    ...treat,
    `  ${fillings.length + 4}. needle home, ring off, session closed in the journal`,
    '',
    'Totals',
    `  dose     ${(plan.sessionUl / 1000).toFixed(3)} mL in ${plan.pricks} pricks; held back and lost along the needle ${(plan.compensationUl / 1000).toFixed(3)} mL, primed ${plan.primingUl} µL, ${fillings.length} filling(s)`,
    `  time     ${minutes(plan.totalMs)} in all, ${minutes(plan.treatmentMs)} of it pricks and ${plan.pathMm.toFixed(0)} mm of hand`,
    '',
    'Limits used',
    ...limitLines(limitsUsed(treatment, plan)),
    '',
    'Settings (--set key=value)',
    ...settingLines(treatment),
  ];
}
