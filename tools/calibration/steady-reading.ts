// A sensor of the gun read until it stands: the mean of a batch of looks whose first and second half agree. For load cells and the
// travel wheel. Not responsible for what is read. Runs at the desk.
import { sampleOf } from './sample.ts';

export interface SteadyReading {
  readonly mean: number;
  /** Of a single look. */
  readonly sd: number;
  readonly steady: boolean;
}

/** Looks in a batch, and batches until it counts as restless. Chosen: a look takes about 40 ms of the gun's time. */
const LOOKS = 24;
const BATCHES_MOST = 12;
/** The halves may differ by so many standard deviations of their difference. Chosen: one batch in 400 is taken again for nothing. */
const HALVES_SD = 3;

/** `smallest`: a difference that never matters, in the unit of what is read. */
export async function steadyReading(look: () => Promise<number>, smallest: number): Promise<SteadyReading> {
  let last: SteadyReading = { mean: 0, sd: 0, steady: false };
  for (let batch = 0; batch < BATCHES_MOST && !last.steady; batch++) {
    const seen: number[] = [];
    while (seen.length < LOOKS) seen.push(await look());
    const first = sampleOf(seen.slice(0, LOOKS / 2));
    const second = sampleOf(seen.slice(LOOKS / 2));
    const { mean, sd } = sampleOf(seen);
    const allowed = HALVES_SD * Math.hypot(first.sd, second.sd) * Math.sqrt(2 / LOOKS);
    last = { mean, sd, steady: Math.abs(second.mean - first.mean) <= Math.max(smallest, allowed) };
  }
  return last;
}
