// The fluid path of one syringe: motor, play, rod, stopper with friction, barrel, needle, tissue or air. Exact between events.
// Not responsible for when the needle is where (the world calls enter and exit) nor for parameter values (protocols/fluid.ts).
// Model: quasi-static stopper with stick, break-loose and slip; Poiseuille needle; tissue with an opening pressure. No inertia.
// Units: mm, s, N, µL, kPa gauge.
import { FluidLaw } from './fluid-law.ts';
import type { LinearPair } from './fluid-linear.ts';
import { AIR_IN, AIR_OUT, AIR_SHUT, DEPOT_BACK, DEPOT_OUT, DEPOT_SHUT, Outlet } from './fluid-outlet.ts';
import type { TissuePath } from './fluid-outlet.ts';
import { Play } from './fluid-play.ts';
import type { FluidParams, FluidSnapshot } from './fluid-syringe.ts';
import { RIGID, SLIP_UP, STICK, Stopper } from './fluid-stopper.ts';

export type { FluidParams, FluidSnapshot, TissuePath };

const NO_EVENT = 0;
const BREAK_LOOSE = 1;
const RESTICK = 2;
const OUTLET_CHANGES = 3;
const SEAL_CHANGES = 4;

/** Chosen: a pressure this close to its end value, at rest, has arrived; 1e-10 kPa in the largest syringe is 1e-10 µL. */
const REST_KPA = 1e-10;
/** More events than this in one advance is a defect of the model, not a syringe. */
const MAX_EVENTS = 100_000;
/** Chosen: the chord of a jump settles to rounding in fewer rounds than this. */
const JUMP_ROUNDS = 20;

/** Volumes count from construction: needleUl = airUl + tissueUl + sealUl, and stopperUl = needleUl + compliance · pKpa. */
export class FluidPath {
  private readonly areaMm2: number;
  private readonly stopper: Stopper;
  private readonly outlet: Outlet;
  private readonly play: Play;
  private readonly law: FluidLaw;
  private readonly pair: LinearPair;
  private lawStale = true;
  private sinceExitS = 0;
  private lastSign = 0;
  private eventAtS = 0;
  private nextLaw = AIR_OUT;

  pKpa = 0;
  pusherMm = 0;
  stopperUl = 0;
  needleUl = 0;
  tissueUl = 0;
  airUl = 0;
  sealUl = 0;
  refluxUl = 0;
  dispersedUl = 0;
  /** Nothing changes any more while the plunger stands and nothing is called: calls without motion cost nothing. */
  quiet = true;

  constructor(params: FluidParams) {
    this.areaMm2 = params.areaMm2;
    this.stopper = new Stopper(params);
    this.outlet = new Outlet(params.capillaryKpa ?? 0);
    this.play = new Play(params.playMm ?? 0, params.playOffsetMm ?? 0);
    this.law = new FluidLaw(params, this.outlet, this.stopper);
    this.pair = this.law.pair;
    this.relaw();
  }

  /** Motor position in mm, before the play. */
  get motorMm(): number {
    return this.pusherMm + this.play.gapMm;
  }
  get stopperMm(): number {
    return this.stopper.mm;
  }
  /** Pressure of the depot; after exit it goes on dispersing by itself. */
  get tissueKpa(): number {
    const { depotKpa, inTissue, dispersalPerS } = this.outlet;
    return inTissue || depotKpa === 0 ? depotKpa : depotKpa * Math.exp(-this.sinceExitS * dispersalPerS);
  }
  /** Force between pusher and rod, as the plunger's load cell sees it. */
  get forceN(): number {
    return this.stopper.forceN(this.pusherMm, this.pKpa, this.lastSign);
  }
  get inTissue(): boolean {
    return this.outlet.inTissue;
  }

  /** The needle's resistance changes: occlusion (Infinity), or another needle. */
  setNeedle(kpaSPerUl: number): void {
    this.law.setNeedle(kpaSPerUl);
    this.relaw();
  }

  /** The tip is in tissue from now on, in a fresh depot. Also when it moves to another layer. */
  enter(tissue: TissuePath): void {
    this.outlet.enter(tissue);
    this.relaw();
  }

  /** The threshold or the bevel's cover changed while the tip stays in its depot (ring force, depth). */
  adjust(openingKpa: number, exposedFraction: number): void {
    if (!this.outlet.inTissue || (openingKpa === this.outlet.openingKpa && exposedFraction === this.outlet.exposed)) return;
    this.outlet.adjust(openingKpa, exposedFraction);
    this.relaw();
  }

  /** What a tip in tissue has still to give before only back pressure holds the rest, µL. */
  get lateUl(): number {
    const { inTissue, openingKpa, depotKpa } = this.outlet;
    return inTissue ? Math.max(0, this.law.storedUl(this.pKpa) - this.law.storedUl(Math.min(this.pKpa, openingKpa + depotKpa))) : 0;
  }
  /** The depot that the tip is in: what it holds by its pressure, µL, and the share a second by which it disperses. */
  get depot(): { elasticUl: number; perS: number } {
    return { elasticUl: this.outlet.complianceUlPerKpa * Math.max(0, this.outlet.depotKpa), perS: this.outlet.dispersalPerS };
  }

  /**
   * The tip leaves the tissue: `refluxFraction` of the elastic depot follows it, and `behindUl` out of depots that were laid on the
   * way; whatever flows from now on goes to air.
   */
  exit(refluxFraction: number, behindUl = 0): void {
    if (!this.outlet.inTissue) return;
    this.refluxUl += refluxFraction * this.depot.elasticUl + behindUl;
    this.outlet.leave();
    this.sinceExitS = 0;
    this.relaw();
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
    const { pKpa, tissueKpa, motorMm, pusherMm, stopperMm, forceN } = this;
    const { stopperUl, needleUl, tissueUl, airUl, sealUl, refluxUl, dispersedUl } = this;
    return { pKpa, tissueKpa, motorMm, pusherMm, stopperMm, forceN, stopperUl, needleUl, tissueUl, airUl, sealUl, refluxUl, dispersedUl };
  }

  private relaw(): void {
    this.outlet.choose(this.pKpa);
    this.lawStale = true;
    this.quiet = false;
  }

  private flow(forS: number, speedMmPerS: number, accelerationMmPerS2: number): void {
    let rest = forS;
    let speed = speedMmPerS;
    if (speed !== 0 || accelerationMmPerS2 !== 0) this.lastSign = Math.sign(speed === 0 ? accelerationMmPerS2 : speed);
    for (let events = 0; rest > 0; events++) {
      if (events > MAX_EVENTS) throw new Error('fluid path: events without end');
      if (this.lawStale) this.law.choose();
      this.lawStale = false;
      this.eventAtS = this.law.aim(this.pKpa, rest, speed, accelerationMmPerS2, this.pusherMm);
      const { still, breaksLoose } = this.law;
      const stopperEvent = still ? (breaksLoose ? BREAK_LOOSE : NO_EVENT) : this.stopperEvent(speed, accelerationMmPerS2);
      const outletEvent = still ? NO_EVENT : this.outletEvent();
      this.commit(this.eventAtS, speed, accelerationMmPerS2);
      speed += accelerationMmPerS2 * this.eventAtS;
      rest -= this.eventAtS;
      this.happen(outletEvent === NO_EVENT ? stopperEvent : outletEvent);
    }
    if (speedMmPerS === 0 && accelerationMmPerS2 === 0) this.settle();
  }

  private stopperEvent(speed: number, acceleration: number): number {
    const { mode, rodNPerMm, perKpaN, breakLooseN, restickMmPerS } = this.stopper;
    if (mode === RIGID) return NO_EVENT;
    if (mode === STICK) {
      const rodN = rodNPerMm * (this.pusherMm - this.stopper.mm);
      if (speed === 0 && acceleration === 0 && Math.abs(rodN) + perKpaN * this.outlet.mostKpa(this.pKpa) < breakLooseN) return NO_EVENT;
      const rate = rodNPerMm * speed;
      const bend = 0.5 * rodNPerMm * acceleration;
      const up = this.fails(perKpaN, 0, 0, breakLooseN - rodN, -rate, -bend);
      const down = this.fails(-perKpaN, 0, 0, breakLooseN + rodN, rate, bend);
      return up || down ? BREAK_LOOSE : NO_EVENT;
    }
    const sign = mode === SLIP_UP ? 1 : -1;
    const lag = (-sign * perKpaN) / rodNPerMm;
    return this.fails(0, 0, lag, sign * speed - restickMmPerS, sign * acceleration, 0) ? RESTICK : NO_EVENT;
  }

  private outletEvent(): number {
    const { law, openingKpa, capillaryKpa, sealKpa, sealOpen } = this.outlet;
    let event = NO_EVENT;
    if (law === DEPOT_OUT) {
      if (openingKpa > 0 && this.fails(1, -1, 0, -openingKpa, 0, 0)) event = this.changes(DEPOT_SHUT);
    } else if (law === DEPOT_SHUT) {
      if (this.fails(-1, 1, 0, openingKpa, 0, 0)) event = this.changes(DEPOT_OUT);
      if (this.fails(1, -1, 0, 0, 0, 0)) event = this.changes(DEPOT_BACK);
    } else if (law === DEPOT_BACK) {
      if (this.fails(-1, 1, 0, 0, 0, 0)) event = this.changes(DEPOT_SHUT);
    } else if (capillaryKpa > 0) {
      if (law === AIR_OUT && this.fails(1, 0, 0, -capillaryKpa, 0, 0)) event = this.changes(AIR_SHUT);
      if (law === AIR_IN && this.fails(-1, 0, 0, 0, 0, 0)) event = this.changes(AIR_SHUT);
      if (law === AIR_SHUT && this.fails(-1, 0, 0, capillaryKpa, 0, 0)) event = this.changes(AIR_OUT);
      if (law === AIR_SHUT && this.fails(1, 0, 0, 0, 0, 0)) event = this.changes(AIR_IN);
    }
    if (this.outlet.inTissue && sealKpa < Infinity) {
      const sign = sealOpen ? 1 : -1;
      if (this.fails(0, sign, 0, -sign * sealKpa, 0, 0)) event = SEAL_CHANGES;
    }
    return event;
  }

  private changes(law: number): number {
    this.nextLaw = law;
    return OUTLET_CHANGES;
  }

  /** Moves `eventAtS` forward to where this guard fails, if that is earlier. */
  private fails(gp: number, gt: number, gd: number, c0: number, c1: number, c2: number): boolean {
    const at = this.pair.firstNegative(this.eventAtS, gp, gt, gd, c0, c1, c2);
    if (at === Infinity) return false;
    this.eventAtS = at;
    return true;
  }

  /** Takes over the state `forS` later; volumes follow from the mass balance, never from integrating the flow. */
  private commit(forS: number, speed: number, acceleration: number): void {
    if (forS === 0) return;
    const { pair, law, outlet, stopper } = this;
    pair.at(forS);
    law.passed(forS);
    this.pusherMm += forS * (speed + 0.5 * acceleration * forS);
    this.play.moved(forS);
    this.pKpa = law.pressure(pair.p);
    stopper.follow(this.pusherMm, this.pKpa);
    const out = this.balance();
    if (!outlet.inTissue) {
      this.airUl += out;
      return;
    }
    const aside = (1 - outlet.depotShare) * out;
    const leak = outlet.sealOpen ? (pair.depotIntegral(forS) - outlet.sealKpa * forS) * outlet.sealPerKpaS : 0;
    const stays = out - aside - leak;
    this.airUl += aside;
    this.sealUl += leak;
    this.tissueUl += stays;
    this.dispersedUl += stays - outlet.complianceUlPerKpa * (pair.pt - outlet.depotKpa);
    outlet.depotKpa = pair.pt;
  }

  /** Brings stopperUl and needleUl up to date; answers what passed the needle. */
  private balance(): number {
    this.stopperUl = this.areaMm2 * this.stopper.mm;
    const needleUl = this.stopperUl - this.law.storedUl(this.pKpa);
    const out = needleUl - this.needleUl;
    this.needleUl = needleUl;
    return out;
  }

  private happen(event: number): void {
    if (event === NO_EVENT) return;
    this.lawStale = true;
    if (event === RESTICK) this.stopper.mode = STICK;
    else if (event === OUTLET_CHANGES) this.outlet.law = this.nextLaw;
    else if (event === SEAL_CHANGES) this.outlet.sealOpen = !this.outlet.sealOpen;
    else {
      this.breakLoose();
      this.stopperUl = this.areaMm2 * this.stopper.mm;
      this.outlet.choose(this.pKpa);
    }
  }

  /** The jump ends where the rod is relaxed to gliding friction; with a bubble, on a chord of its compliance. */
  private breakLoose(): void {
    const { law, stopper, areaMm2, pKpa } = this;
    let jumpMm = 0;
    for (let round = law.linear ? 1 : JUMP_ROUNDS; round > 0; round--)
      jumpMm = stopper.jumpMm(this.pusherMm, pKpa, law.chordUlPerKpa(pKpa, law.afterJumpKpa(pKpa, areaMm2 * jumpMm)));
    stopper.breakLoose(jumpMm);
    this.pKpa = law.afterJumpKpa(pKpa, areaMm2 * jumpMm);
  }

  /** With the plunger at rest: is there anything left that could change? */
  private settle(): void {
    const { outlet, stopper } = this;
    if (stopper.mode !== RIGID && stopper.mode !== STICK) return;
    if (outlet.law === AIR_SHUT || (outlet.law === DEPOT_SHUT && outlet.depotKpa === 0) || (this.law.blocked && !outlet.inTissue)) {
      this.quiet = true;
    } else if (outlet.law === AIR_OUT && Math.abs(this.pKpa - outlet.capillaryKpa) < REST_KPA) {
      this.pKpa = outlet.capillaryKpa;
      stopper.follow(this.pusherMm, this.pKpa);
      this.airUl += this.balance();
      this.quiet = true;
    }
  }
}
