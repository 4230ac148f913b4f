// A straight line with its uncertainties: force cells against weights, the travel wheel against a scale, clocks, rates.
// Not responsible for what is plotted against what. Runs at the desk.
import { correlation, leastSquares } from './least-squares.ts';

export interface LineFit {
  readonly offset: number;
  readonly slope: number;
  readonly uOffset: number;
  readonly uSlope: number;
  readonly residuals: readonly number[];
  readonly residualSd: number;
  /** Pearson's r of the two series. */
  readonly r: number;
}

/** y ≈ offset + slope · x. Null with fewer than two different x. */
export function fitLine(x: readonly number[], y: readonly number[]): LineFit | null {
  const solution = leastSquares(
    x.map((value) => [1, value]),
    y,
  );
  if (solution === null) return null;
  const [offset = 0, slope = 0] = solution.coefficients;
  const [uOffset = 0, uSlope = 0] = solution.uncertainties;
  return { offset, slope, uOffset, uSlope, residuals: solution.residuals, residualSd: solution.residualSd, r: correlation(x, y) };
}
