// Tolerance factors: with how many standard deviations around the mean a sample vouches for a share of the population.
// Exact two-sided normal factor, not Howe's approximation. Runs at the desk; no tables.
// Source: ISO 16269-6, two-sided statistical tolerance interval for unknown mean and variance.

/** ln Γ(a) for a > 0, to 1e-13. Source: Stirling's series, shifted above 10. */
export function logGamma(a: number): number {
  let shift = 0;
  let x = a;
  for (; x < 10; x += 1) shift += Math.log(x);
  const inverse = 1 / (x * x);
  const series = (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse * (1 / 1680 - inverse / 1188)))) / x;
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + series - shift;
}

const TERMS_MOST = 100_000;

/** Regularised lower incomplete gamma P(a, x). Series below a + 1, continued fraction above. */
export function gammaP(a: number, x: number): number {
  if (x <= 0) return 0;
  const front = Math.exp(a * Math.log(x) - x - logGamma(a));
  if (x < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let n = 1; n < TERMS_MOST && term > sum * 1e-16; n++) {
      term *= x / (a + n);
      sum += term;
    }
    return front * sum;
  }
  const tiny = 1e-300;
  let b = x + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let h = d;
  for (let n = 1; n < TERMS_MOST; n++) {
    const an = -n * (n - a);
    b += 2;
    d = 1 / (an * d + b || tiny);
    c = b + an / c || tiny;
    h *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return 1 - front * h;
}

/** Standard normal distribution function. */
export const normal = (z: number): number => (1 + Math.sign(z) * gammaP(0.5, (z * z) / 2)) / 2;

/** The root of a rising function between two places. */
function rootOf(f: (x: number) => number, low: number, high: number): number {
  for (let i = 0; i < 200 && high - low > 1e-12 * high; i++) {
    const middle = (low + high) / 2;
    if (f(middle) < 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Pieces of the integral over the sample mean, and where it ends, in standard errors. */
const PIECES = 96;
const ENDS_AT = 8;

/** k such that mean ± k·s of `count` values holds `share` of a normal population with `confidence`; Infinity below two values. */
export function toleranceFactor(count: number, share: number, confidence: number): number {
  if (count < 2) return Infinity;
  const freedom = count - 1;
  const nodes: { weight: number; square: number }[] = [];
  for (let i = 0; i <= PIECES; i++) {
    const t = (ENDS_AT * i) / PIECES;
    const x = t / Math.sqrt(count);
    const half = rootOf((r) => normal(x + r) - normal(x - r) - share, 0, x + 10);
    const simpson = ((i === 0 || i === PIECES ? 1 : i % 2 === 1 ? 4 : 2) * ENDS_AT) / PIECES / 3;
    nodes.push({ weight: simpson * Math.exp((-t * t) / 2) * Math.sqrt(2 / Math.PI), square: half * half });
  }
  const held = (k: number): number => {
    let sum = 0;
    for (const { weight, square } of nodes) sum += weight * (1 - gammaP(freedom / 2, (freedom * square) / (k * k) / 2));
    return sum;
  };
  return rootOf((k) => held(k) - confidence, 0.1, 1000);
}
