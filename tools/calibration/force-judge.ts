// The sums of a force calibration: weights as forces, the line of a cell, what may be wrong with it, and its verdict. Runs at the desk.
// Not responsible for laying weights and reading cells (force-procedure.ts).
import type { Criterion } from './conclusion.ts';
import { criterion } from './conclusion.ts';
import type { LineFit } from './line-fit.ts';
import { fitLine } from './line-fit.ts';
import { sampleOf } from './sample.ts';
import type { Finding, Reading } from './steps.ts';
import { valueOf } from './steps.ts';
import { strayReading } from './stray-reading.ts';
import type { Budget } from './uncertainty.ts';
import { budgetOf, rectangular } from './uncertainty.ts';

/** Source: OIML R 111, conventional mass in air of 1.2 against weights of 8000 kg/m³. */
const BUOYANCY = 1.2 / 8000;
/** Source: standard gravity, and how far the ground's lies from it between equator and pole. */
export const GRAVITY_M_PER_S2 = 9.80665;
const GRAVITY_SPREAD = 0.0027;
/** A value that somebody looked up is taken to be as good as this. Chosen. */
const GRAVITY_KNOWN = 0.0002;
/** Source: OIML R 111, class M1: 5 parts in 100 000 from 100 g on; smaller weights a little more. */
const WEIGHT_SHARE = 0.0001;

/** What a mass presses with, mN. */
export const forceMn = (grams: number, gravity: number): number => grams * gravity * (1 - BUOYANCY);

export type CellName = 'ring' | 'pusher';
export interface CellPlan {
  readonly cell: CellName;
  readonly name: string;
  readonly says: string;
  /** Weights for the fit and for the verification, g: the second are laid on the way down. */
  readonly fitGrams: readonly number[];
  readonly freshGrams: readonly number[];
  /** What a reading may be off beside 1 % of the load. Chosen: four standard deviations of a single look at the cell. */
  readonly floorMn: number;
}

export const CELLS: readonly CellPlan[] = [
  {
    ...{ cell: 'ring', name: 'ring cell', floorMn: 20 },
    says: 'Clamp the gun, ring upwards and level; nothing touches the ring',
    fitGrams: [100, 200, 300, 400, 500],
    freshGrams: [450, 350, 250, 150, 50],
  },
  {
    ...{ cell: 'pusher', name: 'plunger cell', floorMn: 60 },
    says: 'Take the syringe out; clamp the gun, pusher upwards and level; nothing touches the pusher',
    fitGrams: [500, 1000, 1500, 2000],
    freshGrams: [1700, 1200, 700, 200],
  },
];

const ERROR_SHARE = 0.01;
const EXPANDED_MOST_PERCENT = 1;
const CORRELATION_LEAST = 0.9999;
/** Chosen: a cell whose zero walks by this share of the highest load in one series drifts, or its weights rub. */
const ZERO_SHARE = 0.005;
/** Source: the datasheet figures that a new gun counts by are good to a few percent. Chosen: beyond this the cell is another one or wired wrongly. */
const GAIN_MOST_PERCENT = 15;

export interface Load {
  readonly step: string;
  readonly loadMn: number;
  readonly readMn: number;
}

export const loadOf = (reading: Reading): Load => ({
  step: reading.step,
  loadMn: valueOf(reading, 'loadMn'),
  readMn: valueOf(reading, 'readMn'),
});

export const fitLoads = (loads: readonly Load[]): LineFit | null =>
  fitLine(
    loads.map((each) => each.loadMn),
    loads.map((each) => each.readMn),
  );

/** How far a reading may lie from its load. */
const allowedMn = (plan: CellPlan, loadMn: number): number => Math.max(plan.floorMn, ERROR_SHARE * loadMn);

/** Each check on its own: a zero that walked, a weight that does not belong, readings that do not follow, a gain that cannot be. */
export function loadFindings(plan: CellPlan, loads: readonly Load[]): Finding[] {
  const zeros = loads.filter((each) => each.loadMn === 0).map((each) => each.readMn);
  const topMn = Math.max(...loads.map((each) => each.loadMn));
  const walkedMn = (zeros.at(-1) ?? 0) - (zeros[0] ?? 0);
  const found: Finding[] = [];
  if (Math.abs(walkedMn) > Math.max(plan.floorMn, ZERO_SHARE * topMn)) {
    found.push({
      ...{ level: 'stop', code: 'drift' },
      what: `the zero of the ${plan.name} walked by ${walkedMn.toFixed(0)} mN while the weights were on`,
      why: 'the cell drifts, something rubs, or the clamp gave way',
      next: 'let the gun warm up for ten minutes, look at the clamp, calibrate anew',
    });
  }
  const rows = loads.map((each) => [1, each.loadMn]);
  const stray = strayReading(
    rows,
    loads.map((each) => each.readMn),
  );
  if (stray !== null && Math.abs(stray.off) > plan.floorMn / 2) {
    const load = loads[stray.index] as Load;
    return [
      ...found,
      {
        ...{ level: 'stop', code: 'outlier', step: massStep(load.step) },
        what: `the ${plan.name} under ${(load.loadMn / 1000).toFixed(2)} N lies ${stray.off.toFixed(0)} mN from where the others put it`,
        why: `${stray.t.toFixed(1)} of their standard deviations; ${stray.critical.toFixed(1)} is the most by chance (1 %): a mass that was mistyped, or a weight that leans`,
        next: 'lay this weight on again and type its mass',
      },
    ];
  }
  const line = fitLoads(loads);
  if (line === null || line.r < CORRELATION_LEAST) {
    found.push({
      ...{ level: 'stop', code: 'correlation' },
      what: `the ${plan.name} does not follow the weights: r = ${(line?.r ?? 0).toFixed(5)}, ${CORRELATION_LEAST} at least`,
      why: 'the cell is overloaded or bent, its wire is loose, or the weights touch the housing',
      next: 'look at cell and wire; calibrate anew',
    });
  } else if (Math.abs(100 * (line.slope - 1)) > GAIN_MOST_PERCENT) {
    found.push({
      ...{ level: 'stop', code: 'range' },
      what: `the ${plan.name} shows ${(100 * line.slope).toFixed(0)} % of what lies on it`,
      why: `a sound cell is within ${GAIN_MOST_PERCENT} %: masses in another unit, another cell, or a wire off`,
      next: 'check the masses and the cell; calibrate anew',
    });
  }
  return found;
}

/** The question for a mass, by the reading that was taken of it. */
export const massStep = (step: string): string => `${step}-mass`;

/** One reading as it comes: it stands, and something like its load is on the cell. */
export function readingFindings(plan: CellPlan, id: string, loadMn: number, aboveZeroMn: number, steady: boolean): Finding[] {
  if (!steady)
    return [
      {
        ...{ level: 'stop', code: 'unstable', step: id },
        what: `the ${plan.name} does not come to rest`,
        why: 'the weight swings, or the table shakes',
        next: 'steady the weight, then read again',
      },
    ];
  if (loadMn === 0 || Math.abs(aboveZeroMn - loadMn) <= Math.max(10 * plan.floorMn, 0.3 * loadMn)) return [];
  return [
    {
      ...{ level: 'stop', code: 'range', step: massStep(id) },
      what: `the ${plan.name} shows ${(aboveZeroMn / 1000).toFixed(2)} N where ${(loadMn / 1000).toFixed(2)} N should lie on it`,
      why: 'the mass was mistyped, it is not on the cell, or it leans on something else',
      next: 'lay the weight on again and type its mass in grams',
    },
  ];
}

const gravityShare = (gravity: number): number => (gravity === GRAVITY_M_PER_S2 ? GRAVITY_SPREAD : GRAVITY_KNOWN);

export interface CellVerdict {
  readonly plan: CellPlan;
  readonly line: LineFit;
  readonly errorsMn: readonly number[];
  readonly criteria: readonly Criterion[];
  readonly budget: Budget;
}

/** The verdict on one cell: the line of its fit, and fresh weights with the new figure in use. `errorsMn` beside `fresh`. */
export function cellVerdict(plan: CellPlan, line: LineFit, fresh: readonly Load[], zeroMn: number, gravity: number): CellVerdict {
  const errorsMn = fresh.map((each) => each.readMn - zeroMn - each.loadMn);
  const shares = fresh.map((each, index) => (errorsMn[index] ?? 0) / allowedMn(plan, each.loadMn));
  const at = shares.reduce((worst, share, index) => (Math.abs(share) > Math.abs(shares[worst] ?? 0) ? index : worst), 0);
  const worst = fresh[at];
  const topMn = Math.max(...plan.fitGrams.map((grams) => forceMn(grams, gravity)));
  const spread = sampleOf(errorsMn);
  const budget = budgetOf('%', [
    {
      name: `${plan.name}: line through the weights`,
      u: (100 * line.uSlope) / line.slope,
      freedom: plan.fitGrams.length,
      from: 'residuals',
    },
    {
      name: `${plan.name}: fresh weights`,
      u: (100 * spread.sd) / Math.sqrt(fresh.length) / topMn,
      freedom: fresh.length - 1,
      from: `${fresh.length} weights`,
    },
    { name: 'weights', u: 100 * rectangular(WEIGHT_SHARE), freedom: Infinity, from: 'class M1 or better, as typed' },
    {
      name: 'gravity',
      u: 100 * rectangular(gravityShare(gravity)),
      freedom: Infinity,
      from: gravity === GRAVITY_M_PER_S2 ? 'standard value, place not asked' : 'local value as typed',
    },
  ]);
  const worstMn = errorsMn[at] ?? Infinity;
  return {
    ...{ plan, line, errorsMn, budget },
    criteria: [
      criterion(
        `${plan.name}: worst of ${fresh.length} fresh weights`,
        `${worstMn.toFixed(0)} mN at ${((worst?.loadMn ?? 0) / 1000).toFixed(2)} N`,
        `± ${allowedMn(plan, worst?.loadMn ?? 0).toFixed(0)} mN`,
        Math.abs(shares[at] ?? Infinity) <= 1,
      ),
      criterion(
        `${plan.name}: expanded uncertainty (95 %)`,
        `${budget.expanded.toFixed(2)} %`,
        `${EXPANDED_MOST_PERCENT} %`,
        budget.expanded <= EXPANDED_MOST_PERCENT,
      ),
    ],
  };
}
