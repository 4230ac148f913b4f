// Exact solution of the fluid path between two events: two linear states (syringe pressure p, depot pressure pt) under a
// plunger speed that is linear in time, and the first moment at which a guard on them turns negative.
// Knows no physics: sim/plant/fluid.ts gives the matrix and the guards. Method: real eigenvalues ≤ 0, phi functions, no time steps.

/** φ1(x) = (eˣ − 1)/x, φ2 = (φ1 − 1)/x, φ3 = (φ2 − 1/2)/x; below this |x| by their series. */
const SERIES_BELOW = 0.25;
const SERIES_TERMS = 12;

function phi2(x: number, phi1: number): number {
  if (x < -SERIES_BELOW) return (phi1 - 1) / x;
  let term = 0.5;
  let sum = term;
  for (let n = 3; n < SERIES_TERMS + 3; n++) {
    term *= x / n;
    sum += term;
  }
  return sum;
}

function phi3(x: number, phi2Value: number): number {
  if (x < -SERIES_BELOW) return (phi2Value - 0.5) / x;
  let term = 1 / 6;
  let sum = term;
  for (let n = 4; n < SERIES_TERMS + 4; n++) {
    term *= x / n;
    sum += term;
  }
  return sum;
}

/** One eigenmode: z' = rate·z + push + ramp·t from z(0) = start. z'' keeps its sign, so z' is monotone. */
class Mode {
  rate = 0;
  start = 0;
  push = 0;
  ramp = 0;
  /** Value and slope at the last `at()`. */
  value = 0;
  slope = 0;

  /** Sets value and slope at `t` seconds (≥ 0). */
  at(t: number): void {
    const x = this.rate * t;
    if (x === 0) {
      this.value = this.start + t * (this.push + 0.5 * this.ramp * t);
      this.slope = this.rate * this.value + this.push + this.ramp * t;
      return;
    }
    const phi1 = Math.expm1(x) / x;
    let value = this.start + t * phi1 * (this.rate * this.start + this.push);
    if (this.ramp !== 0) value += this.ramp * t * t * phi2(x, phi1);
    this.value = value;
    this.slope = this.rate * value + this.push + this.ramp * t;
  }

  /** ∫ z dt from 0 to `t`. */
  integral(t: number): number {
    const x = this.rate * t;
    const phi1 = x === 0 ? 1 : Math.expm1(x) / x;
    const second = phi2(x, phi1);
    return t * (this.start * phi1 + t * (this.push * second + t * this.ramp * phi3(x, second)));
  }
}

/** g(t) = a·z1 + b·z2 + c0 + c1·t + c2·t²: a condition that holds while g ≥ 0. */
interface Guard {
  a: number;
  b: number;
  c0: number;
  c1: number;
  c2: number;
}

/** Negative by less than this counts as zero at the start of an interval. Chosen: far above rounding, far below any pressure. */
const ZERO = 1e-9;
/** Subdivision ends at this relative width. */
const FINEST = 1e-13;

/** Two coupled linear states and their guards. Set the matrix, aim, then ask. All numbers finite; no allocation after construction. */
export class LinearPair {
  private readonly first = new Mode();
  private readonly second = new Mode();
  private readonly guard: Guard = { a: 0, b: 0, c0: 0, c1: 0, c2: 0 };
  private coupled = false;
  private evaluatedAt = -1;
  private v10 = 0;
  private v11 = 1;
  private v00 = 1;
  private v01 = 0;
  p = 0;
  pt = 0;

  /** y' = M·y + forcing. M has real eigenvalues; m01 = 0 requires m10 = 0. */
  setMatrix(m00: number, m01: number, m10: number, m11: number): void {
    this.coupled = m01 !== 0;
    if (!this.coupled) {
      this.first.rate = m00;
      this.second.rate = m11;
      this.v00 = this.v11 = 1;
      this.v01 = this.v10 = 0;
      return;
    }
    const middle = (m00 + m11) / 2;
    const half = Math.sqrt(((m00 - m11) / 2) ** 2 + m01 * m10);
    const fast = middle - half;
    // The slow one from the determinant, so that it keeps its digits; both are ≤ 0.
    const slow = Math.min(0, fast === 0 ? 0 : (m00 * m11 - m01 * m10) / fast);
    this.first.rate = fast;
    this.second.rate = slow;
    this.v00 = this.v01 = m01;
    this.v10 = fast - m00;
    this.v11 = slow - m00;
  }

  /** Start at (p, pt) with forcing (push0 + ramp0·t, push1). */
  aim(p: number, pt: number, push0: number, ramp0: number, push1: number): void {
    const { first, second } = this;
    this.evaluatedAt = -1;
    if (!this.coupled) {
      first.start = p;
      first.push = push0;
      first.ramp = ramp0;
      second.start = pt;
      second.push = push1;
      second.ramp = 0;
      return;
    }
    const scale = 1 / (this.v00 * this.v11 - this.v01 * this.v10);
    first.start = (this.v11 * p - this.v01 * pt) * scale;
    second.start = (this.v00 * pt - this.v10 * p) * scale;
    first.push = (this.v11 * push0 - this.v01 * push1) * scale;
    second.push = (this.v00 * push1 - this.v10 * push0) * scale;
    first.ramp = this.v11 * ramp0 * scale;
    second.ramp = -this.v10 * ramp0 * scale;
  }

  /** Sets p and pt at `t`. */
  at(t: number): void {
    this.evaluate(t);
    this.p = this.v00 * this.first.value + this.v01 * this.second.value;
    this.pt = this.v10 * this.first.value + this.v11 * this.second.value;
  }

  private evaluate(t: number): void {
    if (t === this.evaluatedAt) return;
    this.evaluatedAt = t;
    this.first.at(t);
    this.second.at(t);
  }

  /** ∫ pt dt from 0 to `t`. */
  depotIntegral(t: number): number {
    return this.v10 * this.first.integral(t) + this.v11 * this.second.integral(t);
  }

  /**
   * First moment in [0, until] at which g(t) = gp·p + gt·pt + gd·p' + c0 + c1·t + c2·t² turns negative; Infinity if it
   * holds throughout. Rigorous: interval bounds, no scan. Call after aim().
   */
  firstNegative(until: number, gp: number, gt: number, gd: number, c0: number, c1: number, c2: number): number {
    const { first, second } = this;
    const a = gp * this.v00 + gt * this.v10 + gd * this.v00 * first.rate;
    const b = gp * this.v01 + gt * this.v11 + gd * this.v01 * second.rate;
    const g0 = c0 + gd * (this.v00 * first.push + this.v01 * second.push);
    const g1 = c1 + gd * (this.v00 * first.ramp + this.v01 * second.ramp);
    if (a * first.start + b * second.start + g0 < -ZERO) return 0;
    this.evaluate(until);
    const s0 = a * (first.rate * first.start + first.push);
    const s1 = a * first.slope;
    const r0 = b * (second.rate * second.start + second.push);
    const r1 = b * second.slope;
    // The common case, decided here: each mode is monotone over the interval or bounded by its end tangents.
    const lowest =
      (s0 < 0 && s1 > 0 ? a * first.start + s0 * until : Math.min(a * first.start, a * first.value)) +
      (r0 < 0 && r1 > 0 ? b * second.start + r0 * until : Math.min(b * second.start, b * second.value)) +
      g0 +
      (g1 < 0 ? g1 * until : 0) +
      (c2 < 0 ? c2 * until * until : 0);
    if (lowest > 0) return Infinity;
    if (Math.min(s0, s1) + Math.min(r0, r1) + g1 + (c2 < 0 ? 2 * c2 * until : 0) >= 0) return Infinity;
    const guard = this.guard;
    guard.a = a;
    guard.b = b;
    guard.c0 = g0;
    guard.c1 = g1;
    guard.c2 = c2;
    return this.searchFrom(until);
  }

  private searchFrom(until: number): number {
    const { first, second } = this;
    const s = first.rate * first.start + first.push;
    const r = second.rate * second.start + second.push;
    return this.search(this.guard, 0, first.start, s, second.start, r, until, first.value, first.slope, second.value, second.slope);
  }

  private search(
    g: Guard,
    t0: number,
    z0: number,
    s0: number,
    y0: number,
    r0: number,
    t1: number,
    z1: number,
    s1: number,
    y1: number,
    r1: number,
  ): number {
    const width = t1 - t0;
    const lowest =
      lowerBound(g.a, z0, s0, z1, s1, width) +
      lowerBound(g.b, y0, r0, y1, r1, width) +
      g.c0 +
      Math.min(g.c1 * t0, g.c1 * t1) +
      Math.min(g.c2 * t0 * t0, g.c2 * t1 * t1);
    if (lowest > 0) return Infinity;
    const slopeStart = g.a * s0 + g.b * r0 + g.c1 + 2 * g.c2 * t0;
    const slopeEnd = g.a * s1 + g.b * r1 + g.c1 + 2 * g.c2 * t1;
    const bend0 = Math.min(g.c2 * t0, g.c2 * t1) * 2;
    const bend1 = Math.max(g.c2 * t0, g.c2 * t1) * 2;
    if (Math.min(g.a * s0, g.a * s1) + Math.min(g.b * r0, g.b * r1) + g.c1 + bend0 >= 0) return Infinity;
    const atEnd = g.a * z1 + g.b * y1 + g.c0 + t1 * (g.c1 + g.c2 * t1);
    if (Math.max(g.a * s0, g.a * s1) + Math.max(g.b * r0, g.b * r1) + g.c1 + bend1 <= 0) {
      return atEnd < 0 ? this.refine(g, t0, t1) : Infinity;
    }
    if (width <= FINEST * (1 + t1)) return atEnd < -ZERO && slopeStart + slopeEnd < 0 ? t1 : Infinity;
    const middle = t0 + width / 2;
    this.evaluate(middle);
    const z = this.first.value,
      s = this.first.slope,
      y = this.second.value,
      r = this.second.slope;
    const early = this.search(g, t0, z0, s0, y0, r0, middle, z, s, y, r);
    return early < Infinity ? early : this.search(g, middle, z, s, y, r, t1, z1, s1, y1, r1);
  }

  /** Root of a guard that falls monotonically over [low, high] and is negative at `high`: Newton inside a bisection. */
  private refine(g: Guard, low: number, high: number): number {
    let t = (low + high) / 2;
    for (let i = 0; i < 100; i++) {
      this.evaluate(t);
      const value = g.a * this.first.value + g.b * this.second.value + g.c0 + t * (g.c1 + g.c2 * t);
      if (value === 0) return t;
      if (value > 0) low = t;
      else high = t;
      const slope = g.a * this.first.slope + g.b * this.second.slope + g.c1 + 2 * g.c2 * t;
      const newton = t - value / slope;
      const next = newton > low && newton < high ? newton : (low + high) / 2;
      if (Math.abs(next - t) <= 1e-16 + 1e-15 * t) return next;
      t = next;
    }
    return t;
  }
}

/** Lower bound of weight·z over an interval where z' is monotone, from values and slopes at its ends. */
function lowerBound(weight: number, z0: number, s0: number, z1: number, s1: number, width: number): number {
  if (weight === 0) return 0;
  const a = weight * z0;
  const b = weight * z1;
  const ends = Math.min(a, b);
  if (!(weight * s0 < 0 && weight * s1 > 0)) return ends;
  // A dip inside: the function lies above both end tangents.
  return Math.max(a + weight * s0 * width, b - weight * s1 * width);
}
