// Which lot was in the syringe, filling by filling, and until when it may be used: read from the command line, held against the
// cocktail. A reaction can be traced only when every component has a lot, or the record says that it is not known. Runs at the desk.
import { z } from 'zod';
import type { Product } from '../../protocols/schema.ts';

/** `2027-05` lasts through the month, `2027-05-14` through the day. */
const day = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?$/);
/** More syringes than this no session takes: 200 pricks of 200 µL from 1 mL would be 40. Chosen: twice the design's 20. */
export const FILLINGS_MOST = 40;
export const lotSchema = z.strictObject({
  /** Product id, or the name of one of its components. */
  of: z.string().min(1).max(60),
  lot: z.string().min(1).max(60),
  expires: day,
  /** Of this filling only, 1 for the first; absent: of every filling that has none of its own. */
  filling: z.int().min(1).max(FILLINGS_MOST).optional(),
});
export type Lot = z.infer<typeof lotSchema>;

/** `vitamin-cocktail=A123,2027-05`, or `vitamin-cocktail@2=B7,2027-06` for the second filling; null when it is not of this form. */
export function parseLot(text: string): Lot | null {
  const at = text.indexOf('=');
  const comma = text.lastIndexOf(',');
  if (at < 1 || comma < at) return null;
  const [, of = '', filling] = /^(.*?)(?:@(\d{1,3}))?$/.exec(text.slice(0, at).trim()) ?? [];
  const parts = { of: of.trim(), lot: text.slice(at + 1, comma).trim(), expires: text.slice(comma + 1).trim() };
  const parsed = lotSchema.safeParse(filling === undefined ? parts : { ...parts, filling: Number(filling) });
  return parsed.success ? parsed.data : null;
}

/** Used up to and including the last day that is printed; days as 2026-12-01. */
export const isExpired = ({ expires }: Lot, today: string): boolean => today.slice(0, expires.length) > expires;

/** Names in the cocktail that a lot may be given for: the product itself, then its components. */
export const lotNames = ({ id, components }: Product): string[] => [id, ...(components ?? []).map((one) => one.name)];

/** The same place: a later lot takes that of an earlier one. */
export const samePlace = (a: Lot, b: Lot): boolean => a.of === b.of && a.filling === b.filling;

/** Lots in a filling, 1 for the first: its own, and those of all fillings that its own do not replace. */
export function lotsIn(product: string, lots: readonly Lot[], filling: number): Lot[] {
  const own = lots.filter((lot) => lot.filling === filling);
  const whole = own.some((lot) => lot.of === product);
  const common = lots.filter((lot) => lot.filling === undefined && !whole && !own.some((one) => one.of === lot.of));
  return [...own, ...common];
}

/** What has no lot yet in a filling: nothing when the product has one, else the components without, else the product. */
export function withoutLot(product: Product, lots: readonly Lot[], filling: number): string[] {
  const inside = lotsIn(product.id, lots, filling);
  const has = (name: string): boolean => inside.some((lot) => lot.of === name);
  if (has(product.id)) return [];
  const components = product.components ?? [];
  if (!components.some((one) => has(one.name))) return [product.id];
  return components.filter((one) => !has(one.name)).map((one) => one.name);
}

/** `vitamin-cocktail: lot A123, until 2027-05`, with the filling where only one is meant. */
export const lotText = ({ of, lot, expires, filling }: Lot): string =>
  `${of}: lot ${lot}, until ${expires}${filling === undefined ? '' : `, filling ${filling}`}`;
