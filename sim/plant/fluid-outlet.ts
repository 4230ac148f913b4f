// What the needle opens into: air with a capillary threshold, or one depot in tissue with an opening pressure and a track seal.
// Holds which linear law is in force; the law itself is solved by sim/plant/fluid.ts. Units: s, kPa, µL.

/** What the tip opens into. Pressures relative to atmosphere; the ring's pressure belongs into `openingKpa`. */
export interface TissuePath {
  readonly openingKpa: number;
  readonly resistanceKpaSPerUl: number;
  readonly complianceUlPerKpa: number;
  /** Infinity: the depot does not disperse. */
  readonly dispersionKpaSPerUl: number;
  /** The track beside the needle leaks above `sealKpa` through `sealKpaSPerUl`. */
  readonly sealKpa?: number;
  readonly sealKpaSPerUl?: number;
  /** Share of the flow that leaves over the skin because the bevel is not covered. */
  readonly exposedFraction?: number;
}

export const AIR_OUT = 0;
export const AIR_SHUT = 1;
export const AIR_IN = 2;
export const DEPOT_OUT = 3;
export const DEPOT_SHUT = 4;
export const DEPOT_BACK = 5;

/** Chosen: a bevel wholly outside is air, not tissue; the caller should not have entered yet. */
const MOST_EXPOSED = 0.999;

export class Outlet {
  readonly capillaryKpa: number;
  law = AIR_OUT;
  inTissue = false;
  openingKpa = 0;
  exposed = 0;
  resistanceKpaSPerUl = 0;
  complianceUlPerKpa = 1;
  dispersionPerKpaS = 0;
  sealKpa = Infinity;
  sealPerKpaS = 0;
  sealOpen = false;
  depotKpa = 0;

  constructor(capillaryKpa: number) {
    this.capillaryKpa = capillaryKpa;
  }

  enter(tissue: TissuePath): void {
    this.inTissue = true;
    this.resistanceKpaSPerUl = tissue.resistanceKpaSPerUl;
    this.complianceUlPerKpa = tissue.complianceUlPerKpa;
    this.dispersionPerKpaS = 1 / tissue.dispersionKpaSPerUl;
    this.sealKpa = tissue.sealKpa ?? Infinity;
    this.sealPerKpaS = tissue.sealKpaSPerUl === undefined ? 0 : 1 / tissue.sealKpaSPerUl;
    this.sealOpen = false;
    this.depotKpa = 0;
    this.adjust(tissue.openingKpa, tissue.exposedFraction ?? 0);
  }

  adjust(openingKpa: number, exposedFraction: number): void {
    this.openingKpa = openingKpa;
    this.exposed = Math.min(MOST_EXPOSED, Math.max(0, exposedFraction));
  }

  leave(): void {
    this.inTissue = false;
    this.sealOpen = false;
  }

  /** Which law holds at a syringe pressure. Where a threshold is zero, one linear law serves both ways. */
  choose(pKpa: number): void {
    if (this.inTissue) {
      const over = pKpa - this.depotKpa;
      if (this.openingKpa === 0 || over > this.openingKpa) this.law = DEPOT_OUT;
      else this.law = over < 0 ? DEPOT_BACK : DEPOT_SHUT;
    } else if (this.capillaryKpa === 0 || pKpa > this.capillaryKpa) this.law = AIR_OUT;
    else this.law = pKpa < 0 ? AIR_IN : AIR_SHUT;
  }

  get shut(): boolean {
    return this.law === AIR_SHUT || this.law === DEPOT_SHUT;
  }

  /** Shuts when the pressure falls to its threshold; without a threshold one law serves both ways. */
  get oneWay(): boolean {
    return (this.law === AIR_OUT && this.capillaryKpa > 0) || (this.law === DEPOT_OUT && this.openingKpa > 0);
  }

  /** Flow is proportional to the pressure above this, over the depot's. */
  get thresholdKpa(): number {
    if (this.law === AIR_OUT) return this.capillaryKpa;
    return this.law === DEPOT_OUT ? this.openingKpa : 0;
  }

  /** Share of what passes the needle that goes into (or comes out of) the depot. */
  get depotShare(): number {
    return this.law === DEPOT_BACK ? 1 : 1 - this.exposed;
  }

  /** Pressure per second by which the depot disperses, for each kPa: 1 / (Rd·Ct). */
  get dispersalPerS(): number {
    return this.dispersionPerKpaS / this.complianceUlPerKpa;
  }

  /** No pressure in the syringe exceeds this, either way, while the plunger stands. */
  mostKpa(pKpa: number): number {
    return Math.max(Math.abs(pKpa), this.inTissue ? Math.abs(this.depotKpa) + this.openingKpa : this.capillaryKpa);
  }
}
