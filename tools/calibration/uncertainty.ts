// An uncertainty budget: where the doubt of a result comes from, and how large it is all told. Runs at the desk.
// Source: JCGM 100 (GUM): independent contributions add as squares; effective degrees of freedom by Welch and Satterthwaite.
import { studentQuantile } from './student.ts';

export interface Contribution {
  readonly name: string;
  /** Standard uncertainty, in the unit of the result. */
  readonly u: number;
  /** Degrees of freedom; Infinity for what was not estimated from repeated readings. */
  readonly freedom: number;
  /** Where it comes from, in words. */
  readonly from: string;
}

export interface Budget {
  readonly unit: string;
  readonly contributions: readonly Contribution[];
  /** Combined standard uncertainty. */
  readonly u: number;
  readonly freedom: number;
  /** Coverage factor for 95 %, and the expanded uncertainty k·u. */
  readonly k: number;
  readonly expanded: number;
}

const COVERAGE = 0.95;
/** Above this many degrees of freedom the normal factor does. */
const MANY = 1e6;

/** Half-width of a rectangular distribution as a standard uncertainty. */
export const rectangular = (halfWidth: number): number => halfWidth / Math.sqrt(3);

export function budgetOf(unit: string, contributions: readonly Contribution[]): Budget {
  const u = Math.sqrt(contributions.reduce((sum, each) => sum + each.u * each.u, 0));
  const spread = contributions.reduce(
    (sum, each) => (Number.isFinite(each.freedom) ? sum + each.u ** 4 / Math.max(1, each.freedom) : sum),
    0,
  );
  const freedom = spread > 0 ? Math.min(MANY, u ** 4 / spread) : MANY;
  const k = studentQuantile((1 + COVERAGE) / 2, Math.max(1, freedom));
  return { unit, contributions, u, freedom, k, expanded: k * u };
}
