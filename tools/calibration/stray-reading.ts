// Which reading of a fit does not belong to the rest: each is left out once, and the rest says where it should have been.
// For readings without a fit, sample.ts has Grubbs' test. Runs at the desk.
import type { LeastSquares } from './least-squares.ts';
import { leastSquares } from './least-squares.ts';
import { OUTLIER_SIGNIFICANCE } from './sample.ts';
import { studentQuantile } from './student.ts';

export interface StrayReading {
  readonly index: number;
  /** Its distance from what the rest says, in standard deviations of the rest, and what chance allows. */
  readonly t: number;
  readonly critical: number;
  /** The same in the unit of the values. */
  readonly off: number;
}

const squaresOf = (solution: LeastSquares): number => solution.residuals.reduce((sum, value) => sum + value * value, 0);

/**
 * Externally studentised residuals with Bonferroni's bound. Source: Cook and Weisberg 1982, outliers by deletion. Null when all
 * belong, when the readings follow exactly, or when there are too few to leave one out.
 */
export function strayReading(
  rows: readonly (readonly number[])[],
  values: readonly number[],
  significance = OUTLIER_SIGNIFICANCE,
): StrayReading | null {
  const whole = leastSquares(rows, values);
  if (whole === null || whole.freedom < 2) return null;
  const freedom = whole.freedom - 1;
  const total = squaresOf(whole);
  const size = values.reduce((sum, value) => sum + value * value, 0);
  if (total <= 1e-18 * size) return null;
  let worst: StrayReading | null = null;
  const critical = studentQuantile(1 - significance / (2 * rows.length), freedom);
  for (let index = 0; index < rows.length; index++) {
    const others = leastSquares(
      rows.filter((_row, at) => at !== index),
      values.filter((_value, at) => at !== index),
    );
    if (others === null) continue;
    const rest = Math.max(squaresOf(others), 1e-18 * size);
    const t = Math.sqrt(Math.max(0, total - rest) / (rest / freedom));
    const said = (rows[index] ?? []).reduce((sum, value, k) => sum + value * (others.coefficients[k] ?? 0), 0);
    if (t > (worst?.t ?? critical)) worst = { index, t, critical, off: (values[index] ?? 0) - said };
  }
  return worst;
}
