// A motion laid out as a short list of constant-acceleration segments, evaluated in closed form. Knows nothing of registers
// or of how the list comes about (tmc5240-ramp.ts). Times in µs since power-on, positions in µsteps. Runs in the simulator.

/** Chosen: the longest plan (brake in three zones, pass the target, wait, return in seven phases, two stops) needs 20. */
const CAPACITY = 48;

/** Chosen: rounding of doubles at some hours of µs; what starts this close to a mark is on it; and is off it this much later. */
const TIME_NOISE_US = 1e-7;
const TOUCH_STEPS = 1e-6;
const TOUCH_US = 1e-3;

/** First root of s = v·τ + a·τ²/2 for a distance s ≥ 0 in the direction of motion; NaN when it is never reached. */
export const timeToTravel = (steps: number, speed: number, acceleration: number): number => {
  const square = speed * speed + 2 * acceleration * steps;
  return square < 0 ? NaN : (2 * steps) / (speed + Math.sqrt(square));
};

export class MotionPlan {
  readonly startsUs = new Float64Array(CAPACITY);
  readonly x = new Float64Array(CAPACITY);
  readonly v = new Float64Array(CAPACITY);
  readonly a = new Float64Array(CAPACITY);
  readonly flags = new Int32Array(CAPACITY);
  count = 0;
  /** Where the last look-up ended: time mostly moves on. */
  private hint = 0;

  clear(): void {
    this.count = 0;
    this.hint = 0;
  }

  add(atUs: number, x: number, v: number, a: number, flags: number): void {
    if (this.count === CAPACITY) throw new Error(`the ramp plan outgrew ${CAPACITY} segments: a bug in tmc5240-ramp.ts`);
    const i = this.count++;
    this.startsUs[i] = atUs;
    this.x[i] = x;
    this.v[i] = v;
    this.a[i] = a;
    this.flags[i] = flags;
  }

  /** Index of the segment that covers `atUs`; the first one for anything earlier. */
  find(atUs: number): number {
    let i = this.hint;
    while (i + 1 < this.count && atUs >= (this.startsUs[i + 1] as number)) i++;
    while (i > 0 && atUs < (this.startsUs[i] as number)) i--;
    this.hint = i;
    return i;
  }

  rests(index: number): boolean {
    return this.v[index] === 0 && this.a[index] === 0;
  }

  endsUs(index: number): number {
    return index + 1 < this.count ? (this.startsUs[index + 1] as number) : Infinity;
  }

  positionAt(atUs: number): number {
    const i = this.find(atUs);
    const v = this.v[i] as number;
    const a = this.a[i] as number;
    if (v === 0 && a === 0) return this.x[i] as number;
    const t = Math.max(0, atUs - (this.startsUs[i] as number));
    return (this.x[i] as number) + (v + 0.5 * a * t) * t;
  }

  velocityAt(atUs: number): number {
    const i = this.find(atUs);
    return (this.v[i] as number) + (this.a[i] as number) * Math.max(0, atUs - (this.startsUs[i] as number));
  }

  /** First moment in (fromUs, toUs] at which the position meets `x` or has passed it; Infinity when it does not. */
  crossesAtUs(x: number, fromUs: number, toUs: number): number {
    const begin = this.positionAt(fromUs) - x;
    let side = Math.abs(begin) < TOUCH_STEPS ? 0 : Math.sign(begin);
    let start = side === 0 ? fromUs + TOUCH_US : fromUs;
    for (let i = this.find(fromUs); ; i++) {
      const segmentEnd = this.endsUs(i);
      const end = Math.min(segmentEnd, toUs);
      const found = this.meets(i, x, start, end);
      if (found <= end) return found;
      const after = Math.sign((segmentEnd < toUs ? (this.x[i + 1] as number) : this.positionAt(end === Infinity ? start : end)) - x);
      if (side !== 0 && after !== side) return end;
      if (segmentEnd >= toUs) return Infinity;
      if (side === 0) side = Math.sign(this.positionAt(0.5 * (start + segmentEnd)) - x);
      start = segmentEnd;
    }
  }

  /** First root in (startUs, endUs] of one segment. */
  private meets(index: number, x: number, startUs: number, endUs: number): number {
    const v = this.v[index] as number;
    const a = this.a[index] as number;
    const c = (this.x[index] as number) - x;
    const origin = this.startsUs[index] as number;
    const after = startUs - origin + TIME_NOISE_US;
    const until = endUs - origin;
    if (a === 0) {
      const t = v === 0 ? NaN : -c / v;
      return t > after && t <= until ? origin + t : Infinity;
    }
    const square = v * v - 2 * a * c;
    if (square < 0) return Infinity;
    const q = -(v + (v < 0 ? -1 : 1) * Math.sqrt(square));
    const one = q / a;
    const two = q === 0 ? one : (2 * c) / q;
    const first = Math.min(one, two);
    const last = Math.max(one, two);
    if (first > after && first <= until) return origin + first;
    return last > after && last <= until ? origin + last : Infinity;
  }
}
