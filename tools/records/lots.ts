// Which lot was in the syringe, and until when it may be used: read from the command line, held against the cocktail.
// A reaction can be traced only when every component has a lot, or the record says that it is not known. Runs at the desk.
import { z } from 'zod';
import type { Product } from '../../protocols/schema.ts';

/** `2027-05` lasts through the month, `2027-05-14` through the day. */
const day = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?$/);
export const lotSchema = z.strictObject({
  /** Product id, or the name of one of its components. */
  of: z.string().min(1).max(60),
  lot: z.string().min(1).max(60),
  expires: day,
});
export type Lot = z.infer<typeof lotSchema>;

/** `vitamin-cocktail=A123,2027-05`; null when it is not of this form. */
export function parseLot(text: string): Lot | null {
  const at = text.indexOf('=');
  const comma = text.lastIndexOf(',');
  if (at < 1 || comma < at) return null;
  const parts = { of: text.slice(0, at).trim(), lot: text.slice(at + 1, comma).trim(), expires: text.slice(comma + 1).trim() };
  const parsed = lotSchema.safeParse(parts);
  return parsed.success ? parsed.data : null;
}

/** Used up to and including the last day that is printed; days as 2026-12-01. */
export const isExpired = ({ expires }: Lot, today: string): boolean => today.slice(0, expires.length) > expires;

/** Names in the cocktail that a lot may be given for: the product itself, then its components. */
export const lotNames = ({ id, components }: Product): string[] => [id, ...(components ?? []).map((one) => one.name)];

/** What has no lot yet: nothing when the product has one, else the components without, else the product. */
export function withoutLot(product: Product, lots: readonly Lot[]): string[] {
  const has = (name: string): boolean => lots.some((lot) => lot.of === name);
  if (has(product.id)) return [];
  const components = product.components ?? [];
  if (!components.some((one) => has(one.name))) return [product.id];
  return components.filter((one) => !has(one.name)).map((one) => one.name);
}
