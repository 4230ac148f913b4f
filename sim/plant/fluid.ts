// The fluid path of one syringe: motor, play, rod, stopper with friction, barrel, needle, tissue or air. Exact between events.
// Not responsible for when the needle is where (the world calls enter and exit) nor for parameter values (protocols/fluid.ts).
// Model: quasi-static stopper with stick, break-loose and slip; Poiseuille needle; tissue with an opening pressure. No inertia.
// Units: mm, s, N, µL, kPa gauge.
import { Guard, LinearPair } from './fluid-linear.ts';
import { Play } from './fluid-play.ts';

/** A loaded syringe with its needle. Without `rodNPerMm` the rod is rigid and `complianceUlPerKpa` is the total. */
export interface FluidParams {
  readonly areaMm2: number;
  readonly complianceUlPerKpa: number;
  /** Poiseuille resistance; Infinity is a blocked needle. */
  readonly needleKpaSPerUl: number;
  readonly rodNPerMm?: number;
  readonly glideN?: number;
  /** At least `glideN` + 1 mN is taken. */
  readonly breakLooseN?: number;
  /** Total play between motor and pusher, and where in it the pusher starts, ± playMm / 2. */
  readonly playMm?: number;
  readonly playOffsetMm?: number;
  /** No drop forms in air below this. */
  readonly capillaryKpa?: number;
}

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

/** Everything that changes, as plain numbers. */
export interface FluidSnapshot {
  readonly pKpa: number;
  readonly tissueKpa: number;
  readonly motorMm: number;
  readonly pusherMm: number;
  readonly stopperMm: number;
  readonly forceN: number;
  readonly stopperUl: number;
  readonly needleUl: number;
  readonly tissueUl: number;
  readonly airUl: number;
  readonly sealUl: number;
  readonly refluxUl: number;
  readonly dispersedUl: number;
}

const RIGID = 0;
const STICK = 1;
const SLIP_UP = 2;
const SLIP_DOWN = 3;

const AIR_OUT = 0;
const AIR_SHUT = 1;
const AIR_IN = 2;
const DEPOT_OUT = 3;
const DEPOT_SHUT = 4;
const DEPOT_BACK = 5;

const NO_EVENT = 0;
const BREAK_LOOSE = 1;
const RESTICK = 2;
const TIP_CHANGES = 3;
const SEAL_CHANGES = 4;

/** Chosen: slower than this a slipping stopper sticks again, mm/s. */
const RESTICK_MM_PER_S = 1e-3;
/** Chosen: a pressure below this at rest is zero; 1e-10 kPa in the largest syringe is 1e-10 µL. */
const REST_KPA = 1e-10;
/** kPa·mm² in newtons. */
const N_PER_KPA_MM2 = 1e-3;
/** More events than this in one advance is a defect of the model, not a syringe. */
const MAX_EVENTS = 100_000;

export class FluidPath {
  private readonly params: FluidParams;
  private readonly areaMm2: number;
  private readonly rodNPerMm: number;
  private readonly glideN: number;
  private readonly breakLooseN: number;
  private readonly capillaryKpa: number;
  private readonly rodUlPerKpa: number;
  private readonly play: Play;
  private readonly pair = new LinearPair();
  private readonly guard = new Guard();
  private needlePerKpaS: number;
  private tissue: TissuePath | null = null;
  private openingKpa = 0;
  private exposed = 0;
  private stopper: number;
  private tip = AIR_OUT;
  private sealOpen = false;
  private matrixStale = true;
  private flowPerKpaS = 0;
  private capacityUlPerKpa = 0;
  private depotTimeS = Infinity;
  private sinceExitS = 0;
  private lastSign = 0;
  private depotKpa = 0;

  pKpa = 0;
  pusherMm = 0;
  stopperMm = 0;
  stopperUl = 0;
  needleUl = 0;
  tissueUl = 0;
  airUl = 0;
  sealUl = 0;
  refluxUl = 0;
  dispersedUl = 0;
  /** Nothing changes any more while the plunger stands: the caller may skip calls, but must add up their time. */
  quiet = true;

  constructor(params: FluidParams) {
    this.params = params;
    this.areaMm2 = params.areaMm2;
    this.rodNPerMm = params.rodNPerMm ?? 0;
    this.glideN = params.glideN ?? 0;
    const breakLooseN = params.breakLooseN ?? this.glideN;
    this.breakLooseN = this.glideN > 0 || breakLooseN > 0 ? Math.max(breakLooseN, this.glideN + 1e-3) : 0;
    this.capillaryKpa = params.capillaryKpa ?? 0;
    this.rodUlPerKpa = this.rodNPerMm > 0 ? (N_PER_KPA_MM2 * this.areaMm2 * this.areaMm2) / this.rodNPerMm : 0;
    this.stopper = this.rodNPerMm > 0 && this.breakLooseN > 0 ? STICK : RIGID;
    this.play = new Play(params.playMm ?? 0, params.playOffsetMm ?? 0);
    this.needlePerKpaS = 1 / params.needleKpaSPerUl;
    this.chooseTip();
  }

  /** Motor position in mm, before the play. */
  get motorMm(): number {
    return this.pusherMm + this.play.gapMm;
  }

  /** Pressure of the depot; after exit it goes on dispersing by itself. */
  get tissueKpa(): number {
    return this.tissue !== null || this.depotKpa === 0 ? this.depotKpa : this.depotKpa * Math.exp(-this.sinceExitS / this.depotTimeS);
  }

  /** Force between pusher and rod, as the plunger's load cell sees it. */
  get forceN(): number {
    if (this.stopper === RIGID) return N_PER_KPA_MM2 * this.areaMm2 * this.pKpa + this.lastSign * this.glideN;
    return this.rodNPerMm * (this.pusherMm - this.stopperMm);
  }

  /** The needle's resistance changes: occlusion (Infinity), or another needle. */
  setNeedle(kpaSPerUl: number): void {
    this.needlePerKpaS = 1 / kpaSPerUl;
    this.wake();
  }

  /** The tip is in tissue from now on, in a fresh depot. Also when it moves to another layer. */
  enter(tissue: TissuePath): void {
    this.tissue = tissue;
    this.openingKpa = tissue.openingKpa;
    this.exposed = Math.min(0.999, Math.max(0, tissue.exposedFraction ?? 0));
    this.depotTimeS = tissue.dispersionKpaSPerUl * tissue.complianceUlPerKpa;
    this.depotKpa = 0;
    this.sealOpen = false;
    this.chooseTip();
  }

  /** The threshold or the bevel's cover changed while the tip stays in its depot (ring force, depth). */
  adjust(openingKpa: number, exposedFraction: number): void {
    if (this.tissue === null || (openingKpa === this.openingKpa && exposedFraction === this.exposed)) return;
    this.openingKpa = openingKpa;
    this.exposed = Math.min(0.999, Math.max(0, exposedFraction));
    this.chooseTip();
  }

  /** The tip leaves the tissue: `refluxFraction` of the elastic depot follows it; whatever flows from now on goes to air. */
  exit(refluxFraction: number): void {
    if (this.tissue === null) return;
    this.refluxUl += refluxFraction * this.tissue.complianceUlPerKpa * Math.max(0, this.depotKpa);
    this.tissue = null;
    this.sinceExitS = 0;
    this.sealOpen = false;
    this.chooseTip();
  }

  /** Lets `forS` pass while the motor moves from `speedMmPerS` with constant acceleration. Positive pushes. */
  advance(forS: number, speedMmPerS: number, accelerationMmPerS2: number): void {
    this.sinceExitS += forS;
    if (speedMmPerS === 0 && accelerationMmPerS2 === 0) {
      if (!this.quiet) this.flow(forS, 0, 0);
      return;
    }
    this.quiet = false;
    this.play.begin(forS, speedMmPerS, accelerationMmPerS2);
    while (this.play.next()) this.flow(this.play.forS, this.play.pusherSpeed, this.play.pusherAcceleration);
  }

  snapshot(): FluidSnapshot {
    const { pKpa, tissueKpa, motorMm, pusherMm, stopperMm, forceN, stopperUl, needleUl, tissueUl, airUl, sealUl, refluxUl, dispersedUl } =
      this;
    return { pKpa, tissueKpa, motorMm, pusherMm, stopperMm, forceN, stopperUl, needleUl, tissueUl, airUl, sealUl, refluxUl, dispersedUl };
  }

  /** Volume stored in the compliance of barrel and rod, µL. */
  get storedUl(): number {
    return this.params.complianceUlPerKpa * this.pKpa;
  }

  private wake(): void {
    this.matrixStale = true;
    this.quiet = false;
  }

  /** Which way the tip flows, from the pressures. Where a threshold is zero, one linear law serves both ways. */
  private chooseTip(): void {
    const p = this.pKpa;
    if (this.tissue !== null) {
      const over = p - this.depotKpa;
      if (this.openingKpa === 0 || over > this.openingKpa) this.tip = DEPOT_OUT;
      else this.tip = over < 0 ? DEPOT_BACK : DEPOT_SHUT;
    } else if (this.capillaryKpa === 0 || p > this.capillaryKpa) this.tip = AIR_OUT;
    else this.tip = p < 0 ? AIR_IN : AIR_SHUT;
    this.wake();
  }

  private flow(forS: number, speedMmPerS: number, accelerationMmPerS2: number): void {
    let rest = forS;
    let speed = speedMmPerS;
    if (speed !== 0 || accelerationMmPerS2 !== 0) this.lastSign = Math.sign(speed === 0 ? accelerationMmPerS2 : speed);
    for (let events = 0; rest > 0; events++) {
      if (events > MAX_EVENTS) throw new Error('fluid path: events without end');
      this.aim(speed, accelerationMmPerS2);
      const event = this.firstEvent(rest, speed, accelerationMmPerS2);
      this.commit(this.eventAtS, speed, accelerationMmPerS2);
      speed += accelerationMmPerS2 * this.eventAtS;
      rest -= this.eventAtS;
      if (event !== NO_EVENT) this.happen(event);
    }
    if (speed === 0 && accelerationMmPerS2 === 0) this.settle();
  }

  private eventAtS = 0;
  private crossedGuard = 0;

  private aim(speed: number, acceleration: number): void {
    const tissue = this.tissue;
    if (this.matrixStale) this.setMatrix();
    const pushes = this.stopper === STICK ? 0 : this.areaMm2 / this.capacityUlPerKpa;
    const flow = this.flowPerKpaS;
    let threshold = 0;
    if (this.tip === AIR_OUT) threshold = this.capillaryKpa;
    else if (this.tip === DEPOT_OUT) threshold = this.openingKpa;
    let push0 = pushes * speed + (flow * threshold) / this.capacityUlPerKpa;
    let push1 = 0;
    if (tissue !== null) {
      if (this.tip === DEPOT_OUT) push1 -= ((1 - this.exposed) * flow * threshold) / tissue.complianceUlPerKpa;
      if (this.sealOpen) push1 += (tissue.sealKpa ?? 0) / ((tissue.sealKpaSPerUl ?? 1) * tissue.complianceUlPerKpa);
    }
    if (flow === 0) push0 = pushes * speed;
    this.pair.aim(this.pKpa, tissue === null ? 0 : this.depotKpa, push0, pushes * acceleration, push1);
  }

  private setMatrix(): void {
    const tissue = this.tissue;
    const shut = this.tip === AIR_SHUT || this.tip === DEPOT_SHUT;
    this.capacityUlPerKpa = this.params.complianceUlPerKpa + (this.stopper === STICK ? 0 : this.rodUlPerKpa);
    this.matrixStale = false;
    if (tissue === null) {
      this.flowPerKpaS = shut ? 0 : this.needlePerKpaS;
      this.pair.setMatrix(-this.flowPerKpaS / this.capacityUlPerKpa, 0, 0, 0);
      return;
    }
    this.flowPerKpaS = shut ? 0 : 1 / (1 / this.needlePerKpaS + tissue.resistanceKpaSPerUl);
    const out = this.flowPerKpaS / this.capacityUlPerKpa;
    const into = ((this.tip === DEPOT_BACK ? 1 : 1 - this.exposed) * this.flowPerKpaS) / tissue.complianceUlPerKpa;
    const seal = this.sealOpen ? 1 / ((tissue.sealKpaSPerUl ?? 1) * tissue.complianceUlPerKpa) : 0;
    this.pair.setMatrix(-out, out, into, -into - 1 / this.depotTimeS - seal);
  }

  /** Finds what happens first within `until` and leaves its time in `eventAtS`. */
  private firstEvent(until: number, speed: number, acceleration: number): number {
    this.eventAtS = until;
    let event = NO_EVENT;
    if (this.stopper === STICK) {
      const s0 = this.rodNPerMm * (this.pusherMm - this.stopperMm);
      const perKpa = N_PER_KPA_MM2 * this.areaMm2;
      const s1 = this.rodNPerMm * speed;
      const s2 = 0.5 * this.rodNPerMm * acceleration;
      if (this.crosses(perKpa, 0, 0, this.breakLooseN - s0, -s1, -s2)) event = BREAK_LOOSE;
      if (this.crosses(-perKpa, 0, 0, this.breakLooseN + s0, s1, s2)) event = BREAK_LOOSE;
    } else if (this.stopper !== RIGID) {
      const sign = this.stopper === SLIP_UP ? 1 : -1;
      const lag = (N_PER_KPA_MM2 * this.areaMm2) / this.rodNPerMm;
      if (this.crosses(0, 0, -sign * lag, sign * speed - RESTICK_MM_PER_S, sign * acceleration, 0)) event = RESTICK;
    }
    if (this.tissue !== null) {
      const opening = this.openingKpa;
      if (this.tip === DEPOT_SHUT) {
        if (this.crosses(-1, 1, 0, opening, 0, 0)) event = this.tipEvent(DEPOT_OUT);
        if (this.crosses(1, -1, 0, 0, 0, 0)) event = this.tipEvent(DEPOT_BACK);
      } else if (this.tip === DEPOT_BACK) {
        if (this.crosses(-1, 1, 0, 0, 0, 0)) event = this.tipEvent(DEPOT_SHUT);
      } else if (opening > 0 && this.crosses(1, -1, 0, -opening, 0, 0)) event = this.tipEvent(DEPOT_SHUT);
      const sealKpa = this.tissue.sealKpa;
      if (sealKpa !== undefined && (this.sealOpen ? this.crosses(0, 1, 0, -sealKpa, 0, 0) : this.crosses(0, -1, 0, sealKpa, 0, 0)))
        event = SEAL_CHANGES;
    } else if (this.capillaryKpa > 0) {
      if (this.tip === AIR_OUT && this.crosses(1, 0, 0, -this.capillaryKpa, 0, 0)) event = this.tipEvent(AIR_SHUT);
      if (this.tip === AIR_IN && this.crosses(-1, 0, 0, 0, 0, 0)) event = this.tipEvent(AIR_SHUT);
      if (this.tip === AIR_SHUT && this.crosses(-1, 0, 0, this.capillaryKpa, 0, 0)) event = this.tipEvent(AIR_OUT);
      if (this.tip === AIR_SHUT && this.crosses(1, 0, 0, 0, 0, 0)) event = this.tipEvent(AIR_IN);
    }
    return event;
  }

  private tipEvent(next: number): number {
    this.crossedGuard = next;
    return TIP_CHANGES;
  }

  /** Moves `eventAtS` forward to where this guard fails, if that is earlier. */
  private crosses(gp: number, gt: number, gd: number, c0: number, c1: number, c2: number): boolean {
    this.pair.guard(this.guard, gp, gt, gd, c0, c1, c2);
    const at = this.pair.firstNegative(this.guard, this.eventAtS);
    if (at === Infinity) return false;
    this.eventAtS = at;
    return true;
  }

  /** Takes over the state `forS` later; volumes follow from the mass balance, never from integrating the flow. */
  private commit(forS: number, speed: number, acceleration: number): void {
    if (forS === 0) return;
    this.pair.at(forS);
    this.pusherMm += forS * (speed + 0.5 * acceleration * forS);
    this.play.moved(forS);
    const depotBefore = this.depotKpa;
    this.pKpa = this.pair.p;
    if (this.stopper !== STICK) this.stopperMm = this.slippedMm();
    this.stopperUl = this.areaMm2 * this.stopperMm;
    const needleUl = this.stopperUl - this.params.complianceUlPerKpa * this.pKpa;
    const out = needleUl - this.needleUl;
    this.needleUl = needleUl;
    const tissue = this.tissue;
    if (tissue === null) {
      this.airUl += out;
      return;
    }
    this.depotKpa = this.pair.pt;
    const aside = this.tip === DEPOT_BACK ? 0 : this.exposed * out;
    const seal = this.sealOpen ? (this.pair.depotIntegral(forS) - (tissue.sealKpa ?? 0) * forS) / (tissue.sealKpaSPerUl ?? 1) : 0;
    this.airUl += aside;
    this.sealUl += seal;
    this.tissueUl += out - aside - seal;
    this.dispersedUl += out - aside - seal - tissue.complianceUlPerKpa * (this.depotKpa - depotBefore);
  }

  /** Where a slipping (or frictionless) stopper is: the rod carries exactly friction and pressure. */
  private slippedMm(): number {
    if (this.rodNPerMm === 0) return this.pusherMm;
    const frictionN = this.stopper === RIGID ? 0 : this.stopper === SLIP_UP ? this.glideN : -this.glideN;
    return this.pusherMm - (frictionN + N_PER_KPA_MM2 * this.areaMm2 * this.pKpa) / this.rodNPerMm;
  }

  private happen(event: number): void {
    if (event === BREAK_LOOSE) this.breakLoose();
    else if (event === RESTICK) this.stopper = STICK;
    else if (event === TIP_CHANGES) this.tip = this.crossedGuard;
    else this.sealOpen = !this.sealOpen;
    this.matrixStale = true;
  }

  /** The stopper jumps: the rod relaxes to kinetic friction, the barrel takes the volume before the needle can. */
  private breakLoose(): void {
    const perKpa = N_PER_KPA_MM2 * this.areaMm2;
    const netN = this.rodNPerMm * (this.pusherMm - this.stopperMm) - perKpa * this.pKpa;
    this.stopper = netN > 0 ? SLIP_UP : SLIP_DOWN;
    const kineticN = netN > 0 ? this.glideN : -this.glideN;
    const compliance = this.params.complianceUlPerKpa;
    const jumpMm = (netN - kineticN) / (this.rodNPerMm + (perKpa * this.areaMm2) / compliance);
    this.stopperMm += jumpMm;
    this.pKpa += (this.areaMm2 * jumpMm) / compliance;
    this.stopperUl = this.areaMm2 * this.stopperMm;
    this.chooseTip();
  }

  /** With the plunger at rest: is there anything left that could change? */
  private settle(): void {
    if (this.stopper === SLIP_UP || this.stopper === SLIP_DOWN) return;
    if (this.tissue !== null) {
      this.quiet = this.tip === DEPOT_SHUT && this.depotKpa === 0;
      return;
    }
    if (this.tip === AIR_SHUT || this.needlePerKpaS === 0) this.quiet = true;
    else if (Math.abs(this.pKpa - this.capillaryKpa) < REST_KPA && this.tip === AIR_OUT) this.come2rest();
  }

  private come2rest(): void {
    this.pKpa = this.capillaryKpa;
    if (this.stopper === RIGID) this.stopperMm = this.slippedMm();
    this.stopperUl = this.areaMm2 * this.stopperMm;
    const needleUl = this.stopperUl - this.params.complianceUlPerKpa * this.pKpa;
    this.airUl += needleUl - this.needleUl;
    this.needleUl = needleUl;
    this.quiet = true;
  }
}
