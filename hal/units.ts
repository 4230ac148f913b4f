// Units of the device: integers that remember what they measure at compile time and cost nothing at run time.
// Everything else in the project carries its unit in its name only. Runs on the gun and at the desk.

declare const unit: unique symbol;
/** A number that knows its unit at compile time only. Arithmetic drops the brand; re-brand once, at the end. */
export type Quantity<U extends string> = number & { readonly [unit]: U };
/** Micrometres along the needle axis. */
export type Um = Quantity<'um'>;
/** Nanolitres. */
export type Nl = Quantity<'nl'>;
/** A moment on the device clock: unsigned 32-bit milliseconds, wraps after 49.7 days. */
export type AtMs = Quantity<'ms@'>;
/** A duration in milliseconds. */
export type ForMs = Quantity<'ms+'>;

/** Milliseconds from `then` to `now`, right across the wrap of the 32-bit clock (R32). */
export const since = (now: AtMs, then: AtMs): ForMs => ((now - then) >>> 0) as ForMs;

/** `a / b` rounded half away from zero. Both integers, |a| < 2^53, b > 0; the result must fit 31 bits. */
export const divRound = (a: number, b: number): number => (a < 0 ? -((((b >> 1) - a) / b) | 0) : ((a + (b >> 1)) / b) | 0);
