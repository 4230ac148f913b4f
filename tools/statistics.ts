// Mean and spread, for summaries and reports.
export interface Spread {
  readonly mean: number;
  /** Sample standard deviation (n − 1); 0 for fewer than two values. */
  readonly sd: number;
}

/** Rounded to a thousandth, so that texts of the same session are the same on every machine. Null values for nothing: 0. */
export function spreadOf(values: readonly number[]): Spread {
  const round = (value: number): number => Math.round(value * 1000) / 1000;
  const count = values.length;
  if (count === 0) return { mean: 0, sd: 0 };
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / count;
  let squares = 0;
  for (const value of values) squares += (value - mean) * (value - mean);
  return { mean: round(mean), sd: count < 2 ? 0 : round(Math.sqrt(squares / (count - 1))) };
}
