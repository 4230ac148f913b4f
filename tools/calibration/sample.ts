// Mean and standard deviation of repeated measurements, unrounded, and whether one of them does not belong. Runs at the desk.
// Not responsible for what follows from an outlier: it is never dropped in silence (dose-judge.ts says it, a person decides).
import { studentQuantile } from './student.ts';

export interface Sample {
  readonly count: number;
  readonly mean: number;
  /** Standard deviation with n − 1; 0 for fewer than two values. */
  readonly sd: number;
}

export function sampleOf(values: readonly number[]): Sample {
  const count = values.length;
  if (count === 0) return { count, mean: 0, sd: 0 };
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  if (count < 2) return { count, mean, sd: 0 };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { count, mean, sd: Math.sqrt(squares / (count - 1)) };
}

export interface Outlier {
  /** Which value lies farthest out. */
  readonly index: number;
  /** Its distance from the mean in standard deviations, and what a sample of this size may show. */
  readonly g: number;
  readonly critical: number;
}

/** Grubbs' two-sided critical value for `count` ≥ 3 values. Source: ISO 5725-2, NIST/SEMATECH handbook 1.3.5.17.1. */
export function grubbsCritical(count: number, significance: number): number {
  const t = studentQuantile(1 - significance / (2 * count), count - 2);
  return ((count - 1) / Math.sqrt(count)) * Math.sqrt((t * t) / (count - 2 + t * t));
}

/** Chosen: one false alarm in a hundred good series. */
export const OUTLIER_SIGNIFICANCE = 0.01;

/** The value that does not belong to the rest by Grubbs' test, or null. Fewer than three values cannot be judged: null. */
export function outlierOf(values: readonly number[], significance = OUTLIER_SIGNIFICANCE): Outlier | null {
  if (values.length < 3) return null;
  const { mean, sd } = sampleOf(values);
  if (sd <= Math.abs(mean) * 1e-12) return null;
  let index = 0;
  values.forEach((value, at) => {
    if (Math.abs(value - mean) > Math.abs((values[index] ?? 0) - mean)) index = at;
  });
  const g = Math.abs((values[index] ?? 0) - mean) / sd;
  const critical = grubbsCritical(values.length, significance);
  return g > critical ? { index, g, critical } : null;
}
