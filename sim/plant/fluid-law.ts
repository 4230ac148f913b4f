// The linear law that holds until the next event: p' = (A·v − q)/C, pt' = (share·q − pt/Rd − leak)/Ct, with q = g·(p − pt) − held.
// For a needle or a bubble that is not linear, the law of one cell of a fixed 1 ms grid: an exponential step whose flow is
// exact at the two Gauss points of the cell. Not responsible for events and books (fluid.ts). Units: mm, s, N, µL, kPa gauge.
import { LinearPair } from './fluid-linear.ts';
import { Needle } from './fluid-needle.ts';
import { AIR_OUT } from './fluid-outlet.ts';
import type { Outlet } from './fluid-outlet.ts';
import type { FluidParams } from './fluid-syringe.ts';
import { STICK } from './fluid-stopper.ts';
import type { Stopper } from './fluid-stopper.ts';

/** Chosen: a millisecond; the error of a cell falls with its fourth power. */
const CELL_S = 1e-3;
const GAUSS_EARLY = 0.5 - Math.sqrt(3) / 6;
const GAUSS_LATE = 0.5 + Math.sqrt(3) / 6;
/** Chosen: the second time along the corrected path; a third gains nothing. */
const GAUSS_PASSES = 2;
/** Source: standard atmosphere, kPa. */
const ATMOSPHERE_KPA = 101.325;
/** Two pressures closer than this make no chord. Chosen: far above rounding. */
const NO_CHORD_KPA = 1e-9;

/** What leave() answers when the pressure does not run down by itself. */
const NOT_STILL = -1;

export class FluidLaw {
  readonly pair = new LinearPair();
  /** Nothing but Poiseuille and constant compliance: one law holds until the next event. */
  readonly linear: boolean;
  private readonly needle: Needle;
  private readonly outlet: Outlet;
  private readonly stopper: Stopper;
  private readonly areaMm2: number;
  private readonly barrelUlPerKpa: number;
  private readonly bubbleUl: number;
  private needlePerKpaS: number;
  private seriesKpaSPerUl = 0;
  private flowPerKpaS = 0;
  private heldUlPerS = 0;
  private capacityUlPerKpa = 0;
  private startKpa = 0;
  private sinceGridS = 0;
  /** What aim() found: nothing moves but the pressure, which runs down in one step; and whether the stopper comes loose at its end. */
  still = false;
  breaksLoose = false;
  private stillKpa = 0;

  constructor(params: FluidParams, outlet: Outlet, stopper: Stopper) {
    this.needle = new Needle(params);
    this.outlet = outlet;
    this.stopper = stopper;
    this.areaMm2 = params.areaMm2;
    this.barrelUlPerKpa = params.complianceUlPerKpa;
    this.bubbleUl = params.bubbleUl ?? 0;
    this.linear = this.needle.linear && this.bubbleUl === 0;
    this.needlePerKpaS = 1 / params.needleKpaSPerUl;
  }

  setNeedle(kpaSPerUl: number): void {
    this.needlePerKpaS = 1 / kpaSPerUl;
  }

  get blocked(): boolean {
    return this.needlePerKpaS === 0;
  }

  /** What barrel, liquid and bubble have taken up at a pressure, µL. */
  storedUl(pKpa: number): number {
    return this.barrelUlPerKpa * pKpa + (this.bubbleUl === 0 ? 0 : (this.bubbleUl * pKpa) / (ATMOSPHERE_KPA + pKpa));
  }

  /** The pressure at which `springUlPerKpa` and the bubble have taken up `ul`. */
  private pressureOf(ul: number, springUlPerKpa: number): number {
    const half = (springUlPerKpa * ATMOSPHERE_KPA + this.bubbleUl - ul) / 2;
    const root = Math.sqrt(half * half + springUlPerKpa * ul * ATMOSPHERE_KPA);
    return half > 0 ? (ul * ATMOSPHERE_KPA) / (half + root) : (root - half) / springUlPerKpa;
  }

  /** Pressure after the stopper has jumped ahead by `jumpUl`. */
  afterJumpKpa(pKpa: number, jumpUl: number): number {
    return this.bubbleUl === 0 ? pKpa + jumpUl / this.barrelUlPerKpa : this.pressureOf(this.storedUl(pKpa) + jumpUl, this.barrelUlPerKpa);
  }

  /** What barrel and bubble take up per kPa between two pressures. */
  chordUlPerKpa(fromKpa: number, toKpa: number): number {
    if (this.bubbleUl === 0) return this.barrelUlPerKpa;
    return this.barrelUlPerKpa + (this.bubbleUl * ATMOSPHERE_KPA) / ((ATMOSPHERE_KPA + fromKpa) * (ATMOSPHERE_KPA + toKpa));
  }

  /** Takes over the modes of outlet and stopper. */
  choose(): void {
    const { outlet } = this;
    this.seriesKpaSPerUl = 1 / this.needlePerKpaS + (outlet.inTissue ? outlet.resistanceKpaSPerUl : 0);
    if (!this.linear) {
      this.needle.inSeries(this.seriesKpaSPerUl);
      return;
    }
    this.capacityUlPerKpa = this.stopper.complianceUlPerKpa;
    this.flowPerKpaS = outlet.shut ? 0 : 1 / this.seriesKpaSPerUl;
    this.heldUlPerS = this.flowPerKpaS * outlet.thresholdKpa;
    this.layMatrix();
  }

  private layMatrix(): void {
    const { outlet } = this;
    const out = this.flowPerKpaS / this.capacityUlPerKpa;
    if (!outlet.inTissue) {
      this.pair.setMatrix(-out, 0, 0, 0);
      return;
    }
    const into = (outlet.depotShare * this.flowPerKpaS) / outlet.complianceUlPerKpa;
    const leak = outlet.sealOpen ? outlet.sealPerKpaS / outlet.complianceUlPerKpa : 0;
    if (out === 0) this.pair.setMatrix(0, 0, 0, -outlet.dispersalPerS - leak);
    else this.pair.setMatrix(-out, out, into, -into - outlet.dispersalPerS - leak);
  }

  /** Starts from a pressure with the pusher at `speed` and `acceleration`; answers for how long, at most `restS`, this law holds. */
  aim(pKpa: number, restS: number, speed: number, acceleration: number, pusherMm: number): number {
    this.still = false;
    if (this.linear) {
      this.start(pKpa, speed, acceleration);
      return restS;
    }
    if (speed === 0 && acceleration === 0 && this.bubbleUl === 0 && this.outlet.law === AIR_OUT) {
      const forS = this.leave(pKpa, restS, pusherMm);
      if (forS !== NOT_STILL) return forS;
    }
    const forS = Math.min(restS, CELL_S - this.sinceGridS);
    this.layCell(pKpa, forS, speed, acceleration);
    return forS;
  }

  /**
   * The plunger stands and the tip is in air: the pressure runs down by itself, in one step of any length, unless it lets the stopper go
   * on its way; a stopper that slips or is loose already is not still.
   */
  private leave(pKpa: number, restS: number, pusherMm: number): number {
    const { stopper, outlet } = this;
    const dropKpa = pKpa - outlet.thresholdKpa;
    const table = this.needle.runDown(dropKpa);
    const margin = stopper.margin(pusherMm, pKpa);
    if (table === null || margin <= 0) return NOT_STILL;
    this.still = true;
    const sign = Math.sign(dropKpa);
    const looseKpa = sign * (stopper.looseAtKpa(pusherMm, sign) - outlet.thresholdKpa);
    const looseInS =
      looseKpa > 0 && looseKpa < sign * dropKpa ? stopper.complianceUlPerKpa * table.relaxesIn(sign * dropKpa, looseKpa) : Infinity;
    this.breaksLoose = looseInS <= restS;
    this.stillKpa =
      outlet.thresholdKpa + sign * (this.breaksLoose ? looseKpa : table.relaxedKpa(sign * dropKpa, restS / stopper.complianceUlPerKpa));
    return Math.min(looseInS, restS);
  }

  private start(pKpa: number, speed: number, acceleration: number): void {
    const outlet = this.outlet;
    const pushes = this.stopper.mode === STICK ? 0 : this.areaMm2 / this.capacityUlPerKpa;
    const held = this.heldUlPerS;
    let depotPush = 0;
    if (outlet.inTissue) {
      depotPush = -outlet.depotShare * held;
      if (outlet.sealOpen) depotPush += outlet.sealKpa * outlet.sealPerKpaS;
      depotPush /= outlet.complianceUlPerKpa;
    }
    const depotKpa = outlet.inTissue ? outlet.depotKpa : 0;
    this.pair.aim(pKpa, depotKpa, pushes * speed + held / this.capacityUlPerKpa, pushes * acceleration, depotPush);
  }

  /** First by the tangents at the start; along that path the chords that carry the right flow and volume. */
  private layCell(pKpa: number, forS: number, speed: number, acceleration: number): void {
    const { outlet } = this;
    const rod = this.stopper.complianceUlPerKpa - this.barrelUlPerKpa;
    const depotKpa = outlet.inTissue ? outlet.depotKpa : 0;
    this.startKpa = pKpa;
    this.capacityUlPerKpa = rod + this.chordUlPerKpa(pKpa, pKpa);
    const flow0 = this.flowAt(pKpa - depotKpa);
    this.flowPerKpaS = outlet.shut ? 0 : this.needle.slope(pKpa - depotKpa - outlet.thresholdKpa, flow0);
    this.heldUlPerS = this.flowPerKpaS * (pKpa - depotKpa) - flow0;
    this.layMatrix();
    this.start(pKpa, speed, acceleration);

    for (let pass = 0; pass < GAUSS_PASSES; pass++) {
      this.correct(pKpa, rod, forS);
      this.layMatrix();
      this.start(pKpa, speed, acceleration);
    }
  }

  /** Chords along the path that the pair now holds. */
  private correct(pKpa: number, rodUlPerKpa: number, forS: number): void {
    const { pair } = this;
    pair.at(forS);
    const capacity = rodUlPerKpa + this.chordUlPerKpa(pKpa, this.pressure(pair.p));
    const ratio = this.capacityUlPerKpa / capacity;
    pair.at(GAUSS_EARLY * forS);
    const earlyKpa = pKpa + ratio * (pair.p - pKpa) - pair.pt;
    const earlyFlow = this.flowAt(this.pressure(pair.p) - pair.pt);
    pair.at(GAUSS_LATE * forS);
    const lateKpa = pKpa + ratio * (pair.p - pKpa) - pair.pt;
    const lateFlow = this.flowAt(this.pressure(pair.p) - pair.pt);
    const chord = (lateFlow - earlyFlow) / (lateKpa - earlyKpa);
    if (Math.abs(lateKpa - earlyKpa) > NO_CHORD_KPA && chord >= 0) this.flowPerKpaS = chord;
    this.heldUlPerS = (this.flowPerKpaS * (earlyKpa + lateKpa) - earlyFlow - lateFlow) / 2;
    this.capacityUlPerKpa = capacity;
  }

  /** Flow at a pressure over needle and tissue, as the outlet's law has it. */
  private flowAt(overDepotKpa: number): number {
    const { outlet } = this;
    if (outlet.shut) return 0;
    const drop = overDepotKpa - outlet.thresholdKpa;
    // An outlet that has a way back does not run back under its own law; it shuts there.
    if (outlet.oneWay && drop < 0) return 0;
    return this.needle.flow(drop);
  }

  /** The real pressure for one of the pair: the pair's belongs to a chord through the stored volume. */
  pressure(pairKpa: number): number {
    if (this.still) return this.stillKpa;
    if (this.bubbleUl === 0) return pairKpa;
    const spring = this.stopper.complianceUlPerKpa;
    const before = spring * this.startKpa + (this.bubbleUl * this.startKpa) / (ATMOSPHERE_KPA + this.startKpa);
    return this.pressureOf(before + this.capacityUlPerKpa * (pairKpa - this.startKpa), spring);
  }

  /** So much of the cell has passed. */
  passed(forS: number): void {
    this.sinceGridS += forS;
    if (this.still) this.sinceGridS %= CELL_S;
    if (this.sinceGridS >= CELL_S * (1 - 1e-9)) this.sinceGridS = 0;
  }
}
