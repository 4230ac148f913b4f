// What a treatment will do before it does it: points in order, programme, volumes, syringe changes, time, warnings.
// Pure and deterministic. Not responsible for whether it may run: its problems say so, check.ts collects them. Desk side.
import type { PointUm } from './area.ts';
import { countedPointsIn, pathUm, pointsIn, stepUm } from './area.ts';
import { BOUNDS } from './bounds.ts';
import { compileProtocol } from './compile.ts';
import type { CycleMs } from './cycle.ts';
import type { ComponentTotal } from './components.ts';
import { componentProblems, componentTotals } from './components.ts';
import { cycleOf, shortestLegalPeriodMs } from './cycle.ts';
import type { DepthPlan } from './depth.ts';
import { depthPlanOf } from './depth.ts';
import { drawnProblems } from './drawn.ts';
import { perPrickUl, usableUl } from './feasibility.ts';
import type { FluidPlan } from './fluid-words.ts';
import { fluidPlanOf } from './fluid-words.ts';
import { PARTS_MOST, partsOf, pointsOfPart } from './parts.ts';
import type { Problem } from './problems.ts';
import { originOf } from './treatment.ts';
import type { Treatment } from './treatment.ts';

/** Homing, probing the needle and priming. Chosen: a practised operator. */
const SETUP_MS = 30_000;
/** One change of syringe, with priming. Chosen: a practised operator. */
const SYRINGE_CHANGE_MS = 60_000;
/** Trigger mode: a finger's reaction and aiming at each point. Chosen. */
const AIM_MS = 600;
/** Sessions last 20 to 60 minutes; more tires hand and patient. Source: usual session lengths of mesotherapy practice. */
const LONG_SESSION_MS = 3_600_000;
/** Fewer pricks than this are not a session. Source: device range, 10 to 200 pricks. */
const FEW_PRICKS = 10;

export interface Plan {
  /** Of this session, which may be one of several. */
  readonly points: readonly PointUm[];
  readonly pricks: number;
  /** Pricks of each session that the area takes; one where nothing is split. */
  readonly parts: readonly number[];
  /** Which of them this plan is of, 1 for the first. */
  readonly part: number;
  /** 1, or the prick of its session that it begins with, because those before are made already. */
  readonly from: number;
  /** How much the area was grown or shrunk to hold the asked number of pricks; 1 when none was asked. */
  readonly scale: number;
  readonly depth: DepthPlan;
  readonly fluid: FluidPlan;
  readonly doseUl: number;
  /** Doses in all, then what compensation and priming add to them. */
  readonly sessionUl: number;
  readonly compensationUl: number;
  readonly primingUl: number;
  /** What of each substance the session and the course give. */
  readonly components: readonly ComponentTotal[];
  /** Syringe fillings that it takes; one less is the number of changes. */
  readonly syringes: number;
  readonly cycle: CycleMs;
  /** Cadence: the period in force and the shortest legal one; the period is 0 in the other modes. */
  readonly periodMs: number;
  readonly shortestPeriodMs: number;
  readonly pathMm: number;
  readonly treatmentMs: number;
  readonly totalMs: number;
  readonly program: Int32Array;
  readonly problems: readonly Problem[];
}

/** Smallest spacing, in steps of 0.1 mm, at which the area holds no more than a session's pricks; null beyond 20 mm. */
function fittingSpacingMm(treatment: Treatment): number | null {
  const { area, pattern } = treatment.protocol;
  for (let tenths = Math.ceil(treatment.technique.spacingMm * 10); tenths <= BOUNDS.spacingMm.max * 10; tenths++) {
    if (pointsIn(area, pattern, tenths * 100).length <= BOUNDS.pricks.max) return tenths / 10;
  }
  return null;
}

/** `count` points of the whole area, `parts` its sessions. */
function pointProblems(treatment: Treatment, count: number, parts: readonly number[]): Problem[] {
  const { spacingMm } = treatment.technique;
  const pointer = treatment.pricks === null ? '/area' : '/set/pricks';
  const value = treatment.pricks === null ? count : treatment.pricks;
  if (treatment.pricks !== null && count < treatment.pricks) {
    const why = `the shape is so thin that only ${count} points fit, however large it is drawn`;
    return [{ pointer, value, bound: `≤ ${count} pricks`, why, nearest: count, severity: 'error' }];
  }
  if (count === 0) {
    const why = `no point lies inside at a spacing of ${spacingMm} mm`;
    return [{ pointer: '/area', value: count, bound: 'an area that holds a point', why, severity: 'error' }];
  }
  if (parts.length > 1) {
    const why = `the area holds ${count}: they are split over ${parts.length} sessions of ${parts.join(' + ')}; --session says which (limit of the device)`;
    return [{ pointer, value: count, bound: `≤ ${BOUNDS.pricks.max} pricks a session`, why, severity: 'warning' }];
  }
  if (parts.length === 0) {
    const fits = fittingSpacingMm(treatment);
    const why = `more than ${PARTS_MOST} sessions would be needed${fits === null ? '' : `; or space them ${fits} mm apart`} (limit of the device)`;
    return [{ pointer, value, bound: `≤ ${BOUNDS.pricks.max} pricks`, why, nearest: BOUNDS.pricks.max, severity: 'error' }];
  }
  if (count >= FEW_PRICKS) return [];
  return [
    { pointer, value, bound: `≥ ${FEW_PRICKS} pricks`, why: 'a session usually has 10 to 200', nearest: FEW_PRICKS, severity: 'warning' },
  ];
}

function sessionProblems(treatment: Treatment, count: number): Problem[] {
  const { session } = treatment.protocol;
  const problems: Problem[] = [];
  const volumeUl = count * treatment.technique.doseUl;
  const at = { severity: 'error' as const };
  if (count > session.pricks && count <= BOUNDS.pricks.max) {
    const why = 'the protocol itself sets this limit of a session';
    problems.push({
      ...at,
      pointer: '/session/pricks',
      value: session.pricks,
      bound: `≥ the ${count} pricks planned`,
      why,
      nearest: count,
    });
  }
  if (volumeUl > session.volumeUl) {
    const why = `${count} pricks of ${treatment.technique.doseUl} µL`;
    problems.push({ ...at, pointer: '/session/volumeUl', value: session.volumeUl, bound: `≥ ${volumeUl} µL`, why, nearest: volumeUl });
  }
  if (volumeUl > treatment.product.maxSessionUl) {
    const why = `product ${treatment.product.id} allows no more in one session (limit of the product)`;
    const nearest = Math.floor((treatment.product.maxSessionUl / count) * 10) / 10;
    const pointer = originOf(treatment.protocol, 'doseUl');
    problems.push({
      ...at,
      pointer,
      value: treatment.technique.doseUl,
      bound: `session ≤ ${treatment.product.maxSessionUl} µL`,
      why,
      nearest,
    });
  }
  return problems;
}

function timeProblems(treatment: Treatment, plan: Pick<Plan, 'periodMs' | 'shortestPeriodMs' | 'totalMs' | 'syringes'>): Problem[] {
  const problems: Problem[] = [];
  const { permit } = treatment.technique;
  const inline = typeof treatment.protocol.technique === 'string' ? '/technique' : '/technique/permit/periodMs';
  const pointer = treatment.protocol.set?.periodMs === undefined ? inline : '/set/periodMs';
  if (permit.mode === 'cadence' && plan.shortestPeriodMs > BOUNDS.periodMs.max) {
    const why = 'a prick and the way to the next point take longer; dose faster, or permit by trigger';
    const bound = `≥ ${plan.shortestPeriodMs} ms, but ≤ ${BOUNDS.periodMs.max} ms`;
    problems.push({ pointer, value: permit.periodMs, bound, why, severity: 'error' });
  } else if (permit.mode === 'cadence' && permit.periodMs !== 0 && permit.periodMs < plan.shortestPeriodMs) {
    const why = 'a prick and the way to the next point at the allowed hand speed take that long';
    const bound = `0, or ≥ ${plan.shortestPeriodMs} ms`;
    problems.push({ pointer, value: permit.periodMs, bound, why, nearest: plan.shortestPeriodMs, severity: 'error' });
  }
  if (plan.totalMs > LONG_SESSION_MS) {
    const minutes = Math.round(plan.totalMs / 60_000);
    problems.push({
      pointer: '/area',
      value: `${minutes} min`,
      bound: '≤ 60 min',
      why: 'longer sessions tire hand and patient',
      severity: 'warning',
    });
  }
  if (plan.syringes > 1) {
    const at = treatment.protocol.set?.fillUl === undefined ? '/fillUl' : '/set/fillUl';
    const why = `the session needs ${plan.syringes} fillings: the gun pauses for ${plan.syringes - 1} change(s)`;
    problems.push({ pointer: at, value: treatment.fillUl, bound: 'enough for the session', why, severity: 'warning' });
  }
  return problems;
}

/** Time of all pricks with the hand's way between them, ms. */
function treatmentMs(treatment: Treatment, points: readonly PointUm[], cycleMs: number, periodMs: number): number {
  const { permit, handMmPerS } = treatment.technique;
  let sumMs = cycleMs;
  for (let i = 1; i < points.length; i++) {
    const ownMs = cycleMs + stepUm(points, i) / handMmPerS /* µm per mm/s is ms */ + (permit.mode === 'trigger' ? AIM_MS : 0);
    sumMs += Math.max(ownMs, periodMs);
  }
  return Math.round(sumMs);
}

/** Pricks that one filling gives; a dry prick takes nothing. */
function fillingsFor(treatment: Treatment, fluid: FluidPlan, count: number): number {
  const each = perPrickUl(treatment, fluid);
  if (each === 0) return 1;
  const perFilling = Math.floor(usableUl(treatment) / each);
  return perFilling < 1 ? 1 : Math.max(1, Math.ceil(count / perFilling));
}

/** Plans a treatment. Always returns a plan; whether it may run is in its problems and in check.ts. */
export function planProtocol(treatment: Treatment): Plan {
  const { technique, protocol, pricks } = treatment;
  const spacingUm = Math.round(technique.spacingMm * 1000);
  const free = pricks === null ? pointsIn(protocol.area, protocol.pattern, spacingUm) : [];
  const { points: all, scale } =
    pricks === null ? { points: free, scale: 1 } : countedPointsIn(protocol.area, protocol.pattern, spacingUm, pricks);
  const parts = partsOf(treatment, all.length);
  const part = Math.min(treatment.part ?? 1, Math.max(1, parts.length));
  const from = treatment.from ?? 1;
  const points = pointsOfPart(all, parts, part).slice(from - 1);
  const depth = depthPlanOf(treatment);
  const fluid = fluidPlanOf(treatment, depth);
  const program = compileProtocol(treatment, points.length);
  const cycle = cycleOf(program);
  const shortestPeriodMs = shortestLegalPeriodMs(program);
  const periodMs = technique.permit.mode === 'cadence' ? technique.permit.periodMs || shortestPeriodMs : 0;
  const components = componentTotals(treatment, points.length * technique.doseUl, all.length * technique.doseUl);
  const syringes = fillingsFor(treatment, fluid, points.length);
  const ownMs = treatmentMs(treatment, points, cycle.totalMs, periodMs);
  const totalMs = ownMs + SETUP_MS + (syringes - 1) * SYRINGE_CHANGE_MS;
  const times = { periodMs, shortestPeriodMs, totalMs, syringes };
  return {
    ...{ points, parts, part, from, scale, depth, fluid, components, cycle, program, ...times },
    pricks: points.length,
    doseUl: technique.doseUl,
    sessionUl: points.length * technique.doseUl,
    compensationUl: points.length * fluid.compensationUl,
    primingUl: syringes * treatment.primeUl,
    pathMm: pathUm(points) / 1000,
    treatmentMs: ownMs,
    problems: [
      ...drawnProblems(protocol, technique.spacingMm),
      ...componentProblems(treatment, components),
      ...pointProblems(treatment, all.length, parts),
      ...sessionProblems(treatment, points.length),
      ...timeProblems(treatment, times),
    ],
  };
}
