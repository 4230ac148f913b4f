// Student's t: shares and quantiles, for outlier tests and for the coverage of an uncertainty with few degrees of freedom.
// Not responsible for tolerance factors (campaign/tolerance.ts). Runs at the desk.
import { logGamma } from '../campaign/tolerance.ts';

/** Continued fraction of the incomplete beta function. Source: Lentz's method on Abramowitz and Stegun 26.5.8. */
function betaFraction(a: number, b: number, x: number): number {
  const tiny = 1e-300;
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1) || tiny);
  let value = d;
  for (let m = 1; m < 1000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / (1 + even * d || tiny);
    c = 1 + even / c || tiny;
    value *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + odd * d || tiny);
    c = 1 + odd / c || tiny;
    value *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return value;
}

/** Regularised incomplete beta function I_x(a, b), 0 ≤ x ≤ 1. */
function betaShare(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(1 - x));
  return x < (a + 1) / (a + b + 2) ? (front * betaFraction(a, b, x)) / a : 1 - (front * betaFraction(b, a, 1 - x)) / b;
}

/** Share of Student's t with `freedom` degrees below `t`. */
export function studentShare(t: number, freedom: number): number {
  const beyond = betaShare(freedom / (freedom + t * t), freedom / 2, 0.5) / 2;
  return t > 0 ? 1 - beyond : beyond;
}

/** The t below which a share 0.5 < share < 1 lies; Infinity without a degree of freedom. */
export function studentQuantile(share: number, freedom: number): number {
  if (freedom < 1) return Infinity;
  let low = 0;
  let high = 2;
  while (studentShare(high, freedom) < share && high < 1e9) high *= 2;
  for (let i = 0; i < 200 && high - low > 1e-12 * high; i++) {
    const middle = (low + high) / 2;
    if (studentShare(middle, freedom) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
