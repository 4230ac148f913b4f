// Which doses are weighed how often, for a syringe and a balance; and how much liquid that takes. Runs at the desk.
// Not responsible for weighing them (shot-weighing.ts).
// Source: ISO 8655-6 and ISO 11608-1: low, middle and high dose, ten replicates or more at the one that is judged.
import type { Syringe } from '../../protocols/schema.ts';
import { EXIT_TOLERANCE, MesogunError } from '../errors.ts';
import { shotsPooled } from './pooling.ts';

export interface DoseLevel {
  readonly name: 'low' | 'mid' | 'high';
  readonly doseNl: number;
  readonly rateNlPerS: number;
  /** Readings for the fit and for the verification, and shots weighed together in each. */
  readonly fits: number;
  readonly verifies: number;
  readonly pooled: number;
}

export interface DosePlan {
  readonly fillNl: number;
  readonly primeNl: number;
  readonly levels: readonly DoseLevel[];
  readonly lastDoses: number;
  /** Left in the syringe at the end: never emptied onto the stopper. */
  readonly reserveNl: number;
}

export interface DosePlanOptions {
  readonly syringe: Pick<Syringe, 'id' | 'capacityUl'>;
  readonly readabilityMg: number;
  /** The dose that is judged; the middle and the high one are two and four times that. */
  readonly doseNl?: number;
  readonly rateNlPerS?: number;
  readonly fillNl?: number;
  /** An independent verification: no fit, more fresh doses. */
  readonly certify?: boolean;
}

/** Bounds of the gun's dose. Source: design, 1 to 200 µL a prick. */
export const DOSE_LEAST_NL = 1000;
export const DOSE_MOST_NL = 200_000;
/** Chosen: a hundredth of the syringe, 10 µL at least: what techniques mostly give. */
const SHARE_OF_SYRINGE = 0.01;
const USUAL_NL = 10_000;
/** Chosen: 20 verification doses bring k to 3.15; 16 and two times 4 weighings fix volume, period and start-up. */
const FITS = { low: 16, mid: 4, high: 4 } as const;
const VERIFIES = { low: 20, mid: 4, high: 4 } as const;
/** Chosen: ten replicates beside the dose that is judged, as ISO 8655-6 has it. */
const CERTIFIES = { low: 20, mid: 10, high: 10 } as const;
const LAST_DOSES = 3;
const USUAL_RATE_NL_PER_S = 20_000;
/** Chosen: fills the needle's and the tip's dead space and takes up all play. */
const PRIME_UL = 30;
const RESERVE_SHARE = 0.05;

export function dosePlan(options: DosePlanOptions): DosePlan {
  const capacityNl = options.syringe.capacityUl * 1000;
  const lowNl = options.doseNl ?? Math.max(USUAL_NL, Math.round(SHARE_OF_SYRINGE * capacityNl));
  const rateNlPerS = options.rateNlPerS ?? USUAL_RATE_NL_PER_S;
  const level = (name: DoseLevel['name'], times: number): DoseLevel => {
    const doseNl = Math.min(DOSE_MOST_NL, lowNl * times);
    const pooled = shotsPooled(doseNl, options.readabilityMg);
    if (options.certify === true) return { name, doseNl, rateNlPerS, fits: 0, verifies: CERTIFIES[name], pooled };
    return { name, doseNl, rateNlPerS, fits: FITS[name], verifies: VERIFIES[name], pooled };
  };
  const fillNl = options.fillNl ?? capacityNl;
  const plan: DosePlan = {
    fillNl,
    primeNl: PRIME_UL * 1000,
    levels: [level('low', 1), level('mid', 2), level('high', 4)],
    lastDoses: LAST_DOSES,
    reserveNl: Math.round(RESERVE_SHARE * capacityNl),
  };
  const largestNl = Math.max(...plan.levels.map((each) => each.doseNl * each.pooled));
  if (largestNl + plan.primeNl + plan.reserveNl <= fillNl) return plan;
  throw new MesogunError({
    exit: EXIT_TOLERANCE,
    what: `${options.syringe.id} with ${fillNl / 1000} µL holds no calibration at ${lowNl / 1000} µL`,
    why: `one weighing needs ${largestNl / 1000} µL, priming ${PRIME_UL} µL`,
    next: 'fill the syringe, calibrate with a smaller --dose, or use a balance with a finer readability',
  });
}

/** Which level each weighing has: spread evenly, so that what drifts cannot look like a dose. */
export function interleaved(counts: readonly { readonly level: DoseLevel; readonly count: number }[]): DoseLevel[] {
  const slots = counts.flatMap(({ level, count }) =>
    Array.from({ length: count }, (_each, index) => ({ level, at: (index + 0.5) / count })),
  );
  return slots.sort((a, b) => a.at - b.at).map((slot) => slot.level);
}
