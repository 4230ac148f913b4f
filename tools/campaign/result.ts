// One line of a campaign's results: what one session did in truth. Everything a report needs, nothing of the wall clock,
// so that the same session gives the same line on any machine. Not responsible for running (session.ts) nor judging (figures.ts).
import { z } from 'zod';

/** Of one quantity over the pricks of a session: enough to pool sessions exactly. */
const moments = z.strictObject({ n: z.int(), mean: z.number(), sd: z.number(), min: z.number(), max: z.number() });
export type Moments = z.infer<typeof moments>;

export const resultSchema = z.strictObject({
  protocol: z.string(),
  seed: z.int(),
  set: z.array(z.string()),
  fault: z.array(z.string()),
  plant: z.array(z.string()),
  /** As the session ended; `refused`: the desk or the gun would not run it. */
  ending: z.enum(['complete', 'ended', 'fault', 'interrupted', 'timeout', 'restarted', 'refused']),
  /** FAULT_… or 0. */
  faultCode: z.int(),
  /** Why, for a refused session. */
  why: z.string(),
  planned: z.int(),
  done: z.int(),
  /** Pricks that did not go through the skin. */
  missed: z.int(),
  /** Asked of each prick. */
  doseNl: z.number(),
  depthUm: z.number(),
  /** What stayed in tissue less what was asked, over the pricks, nL. */
  doseErrorNl: moments,
  /** Depth in skin, and tip from the ring, less what was asked, µm. */
  depthErrorUm: moments,
  tipErrorUm: moments,
  /** Of the depth error, what bulge and indentation made of it; the margin is what the compiler leaves out on purpose, µm. */
  bulgeErrorUm: moments,
  indentationErrorUm: moments,
  marginUm: z.number(),
  /** By layer, before reflux; and what came back, ran out at the bevel, dripped, over the session, nL. */
  layerNl: z.record(z.string(), z.number()),
  refluxNl: z.number(),
  exposedNl: z.number(),
  airNl: z.number(),
  /** Of what dripped, the lag's share; and what the stopper pushed, over the session, nL. */
  lagNl: z.number(),
  stopperNl: z.number(),
  simulatedMs: z.int(),
});
export type Result = z.infer<typeof resultSchema>;

const round = (value: number): number => Math.round(value * 1000) / 1000 + 0;

/** Rounded to a thousandth; all 0 for nothing. */
export function momentsOf(values: readonly number[]): Moments {
  const n = values.length;
  if (n === 0) return { n, mean: 0, sd: 0, min: 0, max: 0 };
  let [sum, squares, min, max] = [0, 0, Infinity, -Infinity];
  for (const value of values) {
    sum += value;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  const mean = sum / n;
  for (const value of values) squares += (value - mean) * (value - mean);
  return { n, mean: round(mean), sd: n < 2 ? 0 : round(Math.sqrt(squares / (n - 1))), min: round(min), max: round(max) };
}

/** The moments of all values together, from those of their parts. */
export function pooled(parts: readonly Moments[]): Moments {
  const filled = parts.filter((part) => part.n > 0);
  const n = filled.reduce((sum, part) => sum + part.n, 0);
  if (n === 0) return momentsOf([]);
  const mean = filled.reduce((sum, part) => sum + part.n * part.mean, 0) / n;
  const squares = filled.reduce((sum, part) => sum + (part.n - 1) * part.sd * part.sd + part.n * (part.mean - mean) ** 2, 0);
  return {
    n,
    mean,
    sd: n < 2 ? 0 : Math.sqrt(squares / (n - 1)),
    min: Math.min(...filled.map((part) => part.min)),
    max: Math.max(...filled.map((part) => part.max)),
  };
}
