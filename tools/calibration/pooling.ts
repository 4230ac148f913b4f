// How many shots must fall on the pan between two readings so that the balance can tell a wrong dose from a right one.
// Not responsible for reading it. Runs at the desk.
import { EXIT_TOLERANCE, MesogunError } from '../errors.ts';

/**
 * Source: ISO 8655-6 asks of the balance a standard deviation of 0.2 % of 10 µL (0.02 mg). Chosen: two readings and their
 * repeatability may be in doubt by no more than this share of what is weighed.
 */
const RESOLVED_SHARE = 0.005;
/** Repeatability of a reading in readabilities. Source: ISO 8655-6, repeatability plus linearity of two digits. */
const REPEATABILITY_DIGITS = 2;
/** Chosen: more shots than this take longer than a pan stays quiet, and more liquid than a 1 mL syringe holds at 10 µL. */
export const POOL_MOST = 50;

/** Standard uncertainty of the difference of two readings, mg. */
export const differenceUMg = (readabilityMg: number): number => (REPEATABILITY_DIGITS * readabilityMg * Math.SQRT2) / 2;

/**
 * Shots to weigh together. 1: each is weighed alone. Throws MesogunError (out of tolerance) when no sensible number would do.
 * A pooled series says what a dose is on the mean (bias); it cannot say how much one differs from the next.
 */
export function shotsPooled(doseNl: number, readabilityMg: number): number {
  const shots = Math.ceil((differenceUMg(readabilityMg) / (RESOLVED_SHARE * doseNl)) * 1000 - 1e-9);
  if (shots <= POOL_MOST) return Math.max(1, shots);
  throw new MesogunError({
    exit: EXIT_TOLERANCE,
    what: `this balance reads ${readabilityMg} mg: it cannot judge doses of ${doseNl / 1000} µL`,
    why: `${shots} shots would have to be weighed together, ${POOL_MOST} at most are sensible`,
    next: 'use a balance with a finer readability, or calibrate with a larger dose',
  });
}
