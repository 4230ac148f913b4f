// Units in which a balance may answer, in milligrams. Not responsible for numbers (typed.ts, mt-sics-codec.ts).

/** Milligrams in one of each unit that is a mass. Source: SI; pounds and the like are refused, being a setting made by mistake. */
const MG_IN: Readonly<Record<string, number>> = { kg: 1e6, g: 1e3, mg: 1, µg: 1e-3, μg: 1e-3, ug: 1e-3, mcg: 1e-3 };

export const MASS_UNITS = 'g, mg, kg or µg';

/** Milligrams in one of this unit; undefined for what is not a mass or not metric. Case counts: MG is not mg. */
export const mgIn = (unit: string): number | undefined => (Object.hasOwn(MG_IN, unit) ? MG_IN[unit] : undefined);

/** Milligrams of a decimal text in a unit, without the rounding noise of the product: `0.07 g` is 70 mg. */
export const toMg = (value: number, mgPerUnit: number): number => Number((value * mgPerUnit).toPrecision(15));

/** The display step of a number with so many decimals, mg. */
export const stepMg = (decimals: number, mgPerUnit: number): number => Number((mgPerUnit * 10 ** -decimals).toPrecision(12));
