// The three speed zones of the eight-point ramp (below V1, V1 to V2, above V2) and the sums over them in closed form.
// Knows neither time nor position. Runs in the simulator.
// Source: TMC5240 datasheet Rev 1, chapter ramp generator (V1, V2, A1, A2, AMAX, D1, D2, DMAX).

/** Acceleration by speed: `rates[0]` below `low`, `rates[1]` from there to `high`, `rates[2]` above. µsteps and µs throughout. */
export class SpeedZones {
  readonly rates = new Float64Array(3);
  low = 0;
  high = 0;

  /** V1 = 0 drops the lowest zone, V2 = 0 the middle one. */
  setBounds(v1: number, v2: number): void {
    this.low = v1;
    this.high = Math.max(v1, v2);
  }

  /** Rate just above `speed`. */
  above(speed: number): number {
    return this.rates[speed < this.low ? 0 : speed < this.high ? 1 : 2] as number;
  }

  /** Rate just below `speed`. */
  below(speed: number): number {
    return this.rates[speed <= this.low ? 0 : speed <= this.high ? 1 : 2] as number;
  }

  /** Next bound above `speed`, or Infinity. */
  ceiling(speed: number): number {
    return speed < this.low ? this.low : speed < this.high ? this.high : Infinity;
  }

  /** Next bound below `speed`, or 0. */
  floor(speed: number): number {
    return speed > this.high ? this.high : speed > this.low ? this.low : 0;
  }

  /** Way from speed `from` up to `to` (or down: the same), in µsteps; Infinity when a rate on the way is 0. */
  distance(from: number, to: number): number {
    let sum = 0;
    let speed = from;
    while (speed < to) {
      const end = Math.min(to, this.ceiling(speed));
      sum += (end * end - speed * speed) / (2 * this.above(speed));
      speed = end;
    }
    return sum;
  }
}

/** Way needed to brake from `speed` to VSTOP, from which the ramp jumps to 0. */
export const stoppingDistance = (down: SpeedZones, vstop: number, speed: number): number =>
  speed > vstop ? down.distance(vstop, speed) : 0;

/** What the two solvers leave: the speed they reached and the way that is left over for driving at that speed. */
export interface PeakResult {
  speed: number;
  restSteps: number;
}

/**
 * Highest speed from which the ramp still stops in time: accelerates by `up` from `from`, brakes by `down` to `vstop`.
 * `slackSteps` is the way left beyond an immediate stop, ≥ 0; `cap` ≥ `from`.
 */
export const peakUp = (
  up: SpeedZones,
  down: SpeedZones,
  vstop: number,
  from: number,
  cap: number,
  slackSteps: number,
  out: PeakResult,
): void => {
  let speed = from;
  let slack = slackSteps;
  while (speed < cap) {
    let end = Math.min(cap, up.ceiling(speed), down.ceiling(speed));
    if (speed < vstop) end = Math.min(end, vstop);
    const slope = 1 / (2 * up.above(speed)) + (speed >= vstop ? 1 / (2 * down.above(speed)) : 0);
    const need = slope * (end * end - speed * speed);
    if (!(need <= slack)) {
      speed = slope === Infinity ? speed : Math.sqrt(speed * speed + slack / slope);
      if (slope !== Infinity) slack = 0;
      break;
    }
    slack -= need;
    speed = end;
  }
  out.speed = speed;
  out.restSteps = slack;
};

/**
 * Slows by `up` (VMAX was lowered: the chip uses the A values) until `cap`, or until the braking curve of `down` is met.
 */
export const peakDown = (
  up: SpeedZones,
  down: SpeedZones,
  vstop: number,
  from: number,
  cap: number,
  slackSteps: number,
  out: PeakResult,
): void => {
  let speed = from;
  let slack = slackSteps;
  while (speed > cap) {
    let end = Math.max(cap, up.floor(speed), down.floor(speed));
    if (speed > vstop) end = Math.max(end, vstop);
    const rate = up.below(speed);
    if (rate === 0) break;
    const slope = 1 / (2 * rate) - (speed > vstop ? 1 / (2 * down.below(speed)) : 0);
    const need = slope * (speed * speed - end * end);
    if (need > slack) {
      speed = Math.sqrt(Math.max(end * end, speed * speed - slack / slope));
      slack = 0;
      break;
    }
    slack -= need;
    speed = end;
  }
  out.speed = speed;
  out.restSteps = slack;
};
