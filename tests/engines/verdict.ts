// What design.md §10 asks of memory, against what a replay took. Pure; not responsible for measuring.
import type { RuntimeName } from '../../tools/build/image.ts';

export interface Verdict {
  readonly says: string;
  readonly isMet: boolean;
}

/** Most of memory that may be in use, and least of it that must be free. Source: design.md §10. */
const PEAK_MOST = { kaluma: 128 * 1024, espruino: 5000 };
const FREE_LEAST = 0.25;
/** What counts as flat, a session. Chosen: below what the probe of JerryScript's heap wavers by; 20 sessions a day then cost below 1 %. */
const SLOPE_MOST = { kaluma: 64, espruino: 2 };
/** Fewer sessions show no slope. */
const SESSIONS_LEAST = 3;
const UNIT = { kaluma: 'bytes', espruino: 'variables' };

/** Least squares: by how much a list grows from one to the next. */
export function growth(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const over = values.reduce((sum, value, at) => sum + (at - middle) * (value - mean), 0);
  const under = values.reduce((sum, _, at) => sum + (at - middle) ** 2, 0);
  return over / under;
}

/** Whether memory that is live after each session grows. Nothing is said of fewer than three sessions. */
export function slope(runtime: RuntimeName, live: readonly number[]): Verdict[] {
  if (live.length < SESSIONS_LEAST) return [];
  const grows = growth(live);
  const most = SLOPE_MOST[runtime];
  const says = `live memory grows by ${grows.toFixed(1)} ${UNIT[runtime]} a session over ${String(live.length)}; flat is at most ${String(most)}`;
  return [{ says, isMet: grows <= most }];
}

/** The peak of the image alone, against its bound; on Kaluma also how much of the heap is free then. */
export function bounds(runtime: RuntimeName, peak: number, total: number): Verdict[] {
  const most = PEAK_MOST[runtime];
  const verdicts = [{ says: `peak ${String(peak)} of at most ${String(most)} ${UNIT[runtime]}`, isMet: peak <= most }];
  if (runtime === 'espruino') return verdicts;
  const free = 1 - peak / total;
  return [
    ...verdicts,
    { says: `${(100 * free).toFixed(1)} % of the heap free at the peak, at least ${String(100 * FREE_LEAST)}`, isMet: free >= FREE_LEAST },
  ];
}
