// When a value that only rises or only falls meets a level. Not responsible for finding a stretch in which it does. Simulator only.

/** A crossing is found to this. Chosen: a thousandth of what the board's clock can tell. */
const CROSSING_US = 1e-3;
/** After so many steps the search halves its bracket, whatever the curve. */
const STEPS_MOST = 24;

/**
 * `overAt` says how far the value is past the level: negative at `fromUs`, not at `toUs`. Answers a moment at which it is past
 * it, and at most CROSSING_US earlier it is not. Method: false position; an end that stays counts half (Illinois).
 */
export function whenPast(overAt: (atUs: number) => number, fromUs: number, toUs: number): number {
  let lowUs = fromUs;
  let highUs = toUs;
  let low = overAt(lowUs);
  let high = overAt(highUs);
  let side = 0;
  for (let step = 0; highUs - lowUs > CROSSING_US && step < 3 * STEPS_MOST; step += 1) {
    const share = step < STEPS_MOST ? low / (low - high) : 0.5;
    const guessUs = lowUs + share * (highUs - lowUs);
    const atUs = Math.min(highUs - CROSSING_US / 2, Math.max(lowUs + CROSSING_US / 2, guessUs));
    const over = overAt(atUs);
    if (over < 0) {
      lowUs = atUs;
      low = over;
      high *= side < 0 ? 0.5 : 1;
    } else {
      highUs = atUs;
      high = over;
      low *= side > 0 ? 0.5 : 1;
    }
    side = over < 0 ? -1 : 1;
  }
  return highUs;
}
