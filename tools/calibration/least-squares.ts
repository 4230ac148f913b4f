// Linear least squares by Householder reflections, with the covariance of what was fitted. Runs at the desk.
// Not responsible for what the columns mean (…-fit.ts).

export interface LeastSquares {
  readonly coefficients: readonly number[];
  /** Standard uncertainty of each coefficient, from the residuals. */
  readonly uncertainties: readonly number[];
  readonly covariance: readonly (readonly number[])[];
  readonly residuals: readonly number[];
  /** Standard deviation of the residuals with n − p degrees of freedom. */
  readonly residualSd: number;
  readonly freedom: number;
}

/** A column is dependent when nothing but rounding is left of it. */
const DEPENDENT = 1e-11;

/** One reflection: takes column `k` of `a` below the diagonal to zero and turns `y` with it. False when the column depends on the ones before. */
function reflect(a: number[][], y: number[], k: number, scale: number): boolean {
  let norm = 0;
  for (let row = k; row < a.length; row++) norm = Math.hypot(norm, a[row]?.[k] ?? 0);
  if (norm <= DEPENDENT * scale) return false;
  const pivot = a[k]?.[k] ?? 0;
  const alpha = pivot > 0 ? -norm : norm;
  const v = a.map((row, index) => (index < k ? 0 : index === k ? pivot - alpha : (row[k] ?? 0)));
  const square = v.reduce((sum, value) => sum + value * value, 0);
  const turn = (get: (row: number) => number, set: (row: number, value: number) => void): void => {
    let dot = 0;
    for (let row = k; row < a.length; row++) dot += (v[row] ?? 0) * get(row);
    for (let row = k; row < a.length; row++) set(row, get(row) - ((2 * dot) / square) * (v[row] ?? 0));
  };
  const columns = a[0]?.length ?? 0;
  for (let column = k; column < columns; column++) {
    turn(
      (row) => a[row]?.[column] ?? 0,
      (row, value) => ((a[row] as number[])[column] = value),
    );
  }
  turn(
    (row) => y[row] ?? 0,
    (row, value) => (y[row] = value),
  );
  return true;
}

/** R⁻¹ of an upper triangle. */
function inverseOf(r: readonly (readonly number[])[], size: number): number[][] {
  const inverse = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  for (let column = 0; column < size; column++) {
    for (let row = column; row >= 0; row--) {
      let sum = row === column ? 1 : 0;
      for (let k = row + 1; k <= column; k++) sum -= (r[row]?.[k] ?? 0) * (inverse[k]?.[column] ?? 0);
      (inverse[row] as number[])[column] = sum / (r[row]?.[row] ?? 1);
    }
  }
  return inverse;
}

/** Fits `values` ≈ rows · coefficients. Null when there are fewer rows than columns or the columns depend on each other. */
export function leastSquares(rows: readonly (readonly number[])[], values: readonly number[]): LeastSquares | null {
  const count = rows.length;
  const size = rows[0]?.length ?? 0;
  if (size === 0 || count < size || values.length !== count) return null;
  const a = rows.map((row) => [...row]);
  const y = [...values];
  for (let k = 0; k < size; k++) {
    let scale = 0;
    for (const row of rows) scale = Math.hypot(scale, row[k] ?? 0);
    if (!reflect(a, y, k, scale)) return null;
  }
  const inverse = inverseOf(a, size);
  const coefficients = inverse.map((row) => row.reduce((sum, value, k) => sum + value * (y[k] ?? 0), 0));
  const residuals = rows.map((row, i) => (values[i] ?? 0) - row.reduce((sum, value, k) => sum + value * (coefficients[k] ?? 0), 0));
  const freedom = count - size;
  const variance = freedom > 0 ? residuals.reduce((sum, value) => sum + value * value, 0) / freedom : 0;
  const covariance = inverse.map((rowI) =>
    inverse.map((rowJ) => variance * rowI.reduce((sum, value, k) => sum + value * (rowJ[k] ?? 0), 0)),
  );
  const uncertainties = covariance.map((row, i) => Math.sqrt(row[i] ?? 0));
  return { coefficients, uncertainties, covariance, residuals, residualSd: Math.sqrt(variance), freedom };
}

/** Pearson's correlation of two series; 0 for fewer than two values or no spread. */
export function correlation(x: readonly number[], y: readonly number[]): number {
  const count = Math.min(x.length, y.length);
  if (count < 2) return 0;
  const meanX = x.reduce((sum, value) => sum + value, 0) / count;
  const meanY = y.reduce((sum, value) => sum + value, 0) / count;
  let [xx, yy, xy] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    const [dx, dy] = [(x[i] ?? 0) - meanX, (y[i] ?? 0) - meanY];
    xx += dx * dx;
    yy += dy * dy;
    xy += dx * dy;
  }
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : 0;
}
