// Every number that a protocol author may set, with its unit, its bounds and why they are there.
// The schema, the problems and `--set` all read this one table. It never widens a device limit. Desk side.

/** Who set a bound. Technique and product may set narrower ones, never wider. */
export type SetBy = 'device' | 'desk';

export interface Bound {
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  /** Whole numbers only. */
  readonly whole?: boolean;
  readonly setBy: SetBy;
  /** Completes the sentence «… because». */
  readonly why: string;
}

/** Depth, spacing, dose and pricks repeat the device's hard limits; the device applies its own again. */
export const BOUNDS = {
  depthMm: { unit: 'mm', min: 1, max: 10, setBy: 'device', why: 'the gun reaches depths in skin of 1 to 10 mm' },
  spacingMm: { unit: 'mm', min: 5, max: 20, setBy: 'device', why: 'the gun spaces pricks 5 to 20 mm apart' },
  doseUl: { unit: 'µL', min: 0, max: 200, setBy: 'device', why: 'the gun gives 1 to 200 µL a prick, or 0 for a dry prick' },
  pricks: {
    unit: 'pricks',
    min: 1,
    max: 200,
    whole: true,
    setBy: 'device',
    why: 'a session has at most 200 pricks; split more over several sessions',
  },
  primeRateUlPerS: { unit: 'µL/s', min: 1, max: 100, setBy: 'device', why: 'priming faster than 100 µL/s sprays' },
  periodMs: {
    unit: 'ms',
    min: 0,
    max: 60000,
    whole: true,
    setBy: 'device',
    why: 'a cadence period is at most a minute; 0 means the shortest legal one',
  },
  handMmPerS: { unit: 'mm/s', min: 1, max: 50, setBy: 'device', why: 'a faster hand drags the ring off the point' },
  insertionMmPerS: { unit: 'mm/s', min: 1, max: 120, setBy: 'device', why: 'the needle axis is proven up to 120 mm/s' },
  withdrawalMmPerS: { unit: 'mm/s', min: 1, max: 120, setBy: 'device', why: 'the needle axis is proven up to 120 mm/s' },
  rateUlPerS: { unit: 'µL/s', min: 0.1, max: 1000, setBy: 'device', why: 'the plunger axis moves at most 6 mm/s' },
  dwellMs: { unit: 'ms', min: 0, max: 10000, whole: true, setBy: 'device', why: 'the needle may stay in for ten seconds beyond its dose' },
  targetN: { unit: 'N', min: 0.2, max: 3, setBy: 'device', why: 'a ring pressed harder than a few newtons drives the needle too deep' },
  minN: { unit: 'N', min: 0.2, max: 5, setBy: 'device', why: 'below 0.2 N contact cannot be told from drift of the load cell' },
  maxN: { unit: 'N', min: 0.5, max: 5, setBy: 'device', why: 'a ring pressed harder than a few newtons drives the needle too deep' },
  fillUl: { unit: 'µL', min: 1, max: 10000, setBy: 'desk', why: 'the largest syringe holds 10 mL' },
  primeUl: {
    unit: 'µL',
    min: 0,
    max: 300,
    setBy: 'device',
    why: 'priming fills the needle and hub and takes up lost motion; more is waste',
  },
  residualUl: {
    unit: 'µL',
    min: 0.05,
    max: 2,
    setBy: 'device',
    why: 'less than 0.05 µL cannot be measured, more than 2 µL is a dose of its own',
  },
  volumeUl: { unit: 'µL', min: 0, max: 10000, setBy: 'device', why: 'a session gives at most 10 mL' },
  dosePercent: { unit: '%', min: 0, max: 100, whole: true, setBy: 'desk', why: 'a step gives a share of the dose of one prick' },
  inLayerPercent: {
    unit: '%',
    min: 30,
    max: 100,
    whole: true,
    setBy: 'desk',
    why: 'the share of pricks that must meet the intended layer; below a third it would not be intended',
  },
  doseWithinPercent: {
    unit: '%',
    min: 1,
    max: 50,
    whole: true,
    setBy: 'desk',
    why: 'how far the mean dose that stays in one person may lie from the one asked; beyond half it would not be a dose',
  },
  depthPercent: { unit: '%', min: 1, max: 100, whole: true, setBy: 'desk', why: 'a step goes to a share of the depth of the technique' },
  toDepthPercent: { unit: '%', min: 0, max: 99, whole: true, setBy: 'desk', why: 'a withdrawal goes to a share of the depth; 0 is home' },
  capacityUl: { unit: 'µL', min: 500, max: 10000, setBy: 'device', why: 'the holder takes syringes of 1 to 10 mL' },
  boreMm: { unit: 'mm', min: 3.6, max: 15.9, setBy: 'device', why: 'the holder takes syringes of 1 to 10 mL' },
  complianceUlPerKpa: { unit: 'µL/kPa', min: 0.001, max: 4, setBy: 'desk', why: 'measured syringes lie between 0.015 and 3.4 µL/kPa' },
  glideN: { unit: 'N', min: 0.1, max: 20, setBy: 'device', why: 'a stopper glides at 0.7 to 10 N' },
  breakLooseN: { unit: 'N', min: 0.1, max: 40, setBy: 'desk', why: 'a stopper breaks loose at 1.2 to 2.5 times its gliding force' },
  rodNPerMm: { unit: 'N/mm', min: 5, max: 500, setBy: 'desk', why: 'stopper and rod together yield at 20 to 150 N/mm' },
  deadSpaceUl: { unit: 'µL', min: 0, max: 500, setBy: 'desk', why: 'the cone of a 10 mL syringe holds at most 100 µL' },
  lengthMm: { unit: 'mm', min: 2, max: 13, setBy: 'device', why: 'the hub carries needles of up to 13 mm in front of it' },
  outerMm: { unit: 'mm', min: 0.1, max: 0.7, setBy: 'desk', why: 'mesotherapy needles are 34G to 23G' },
  innerMm: { unit: 'mm', min: 0.05, max: 0.5, setBy: 'desk', why: 'mesotherapy needles are 34G to 23G' },
  viscosityMpas: {
    unit: 'mPa·s',
    min: 0.5,
    max: 50,
    setBy: 'desk',
    why: 'the fluid laws here hold for liquids that flow like water, not for gels',
  },
  densityGPerMl: { unit: 'g/mL', min: 0.7, max: 1.5, setBy: 'desk', why: 'aqueous solutions weigh 0.9 to 1.2 g/mL' },
  maxSessionUl: { unit: 'µL', min: 1, max: 10000, setBy: 'device', why: 'a session gives at most 10 mL' },
  apartMm: { unit: 'mm', min: 5, max: 50, setBy: 'desk', why: 'lines closer than the least spacing would put pricks closer, too' },
  widthMm: { unit: 'mm', min: 5, max: 600, setBy: 'desk', why: 'an area is at least one spacing and at most a thigh wide' },
  heightMm: { unit: 'mm', min: 5, max: 600, setBy: 'desk', why: 'an area is at least one spacing and at most a thigh long' },
} as const satisfies Record<string, Bound>;

export type BoundName = keyof typeof BOUNDS;

/** The bound of a key, or null when the key is not a bounded number. */
export function boundOf(key: string): Bound | null {
  return Object.hasOwn(BOUNDS, key) ? BOUNDS[key as BoundName] : null;
}

/** The value, moved into the bound and on to whole numbers where those are asked for. */
export function nearestWithin(bound: Bound, value: number): number {
  const clamped = Math.min(bound.max, Math.max(bound.min, value));
  return bound.whole === true ? Math.round(clamped) : clamped;
}
