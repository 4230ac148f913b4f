// Keeps the books of each stroke: begins a prick in the truth when the needle goes, picks the spot of skin, notes depth, entry and
// exit, and tells listeners which phase it is. Not responsible for when these happen (needle-side.ts). Simulator only.
import { meanSkin, SITES } from '../protocols/layers.ts';
import type { VirtualClock } from './clock.ts';
import { skinDraw } from './draws.ts';
import type { Phase } from './faults.ts';
import type { Hand } from './hand.ts';
import type { NeedleEvents, NeedleSide } from './needle-side.ts';
import { depotFactors, keyedSkin } from './plant-keys.ts';
import { SkinSpot } from './plant/tissue.ts';
import type { PlungerEvents, PlungerSide } from './plunger-side.ts';
import type { WorldSetup } from './setup.ts';
import type { Truth } from './truth.ts';

/** Least steps back with the needle in that are told. Chosen: one microstep of rounding is none. */
const REVERSE_STEPS = 2;
/** A new plan is looked at this far ahead to see which way it goes. */
const AHEAD_US = 2000;

/** What listens to the world: faults that wait for a phase, monitors. */
export interface WorldListener {
  phase?(prick: number, phase: Phase): void;
  /** The plunger went back by so many microsteps (negative) with the needle in. */
  reversed?(steps: number): void;
}

/** What strokes need of the world. */
export interface StrokePlace {
  readonly clock: VirtualClock;
  readonly setup: WorldSetup;
  readonly truth: Truth;
  readonly hand: Hand;
  readonly needle: NeedleSide;
  readonly plunger: PlungerSide;
  /** No skin under the ring but the probe cap. */
  readonly capOn: boolean;
  /** Force of a driven ring, N. */
  readonly driveN: number;
  /** What a hand feels. */
  readonly operator: { feelsNeedleGo(): void; feelsNeedleOut(): void };
}

export class Strokes implements NeedleEvents, PlungerEvents {
  readonly listeners: WorldListener[] = [];
  /** The needle has gone and is not home yet. */
  needleOut = false;
  private readonly place: StrokePlace;
  private felt = false;

  constructor(place: StrokePlace) {
    this.place = place;
  }

  needleGoes(): void {
    const { place } = this;
    if (place.capOn || place.hand.aimN <= 0) return;
    const { seed, exact, site, sex, needle, ringDiameterMm, skin: keys } = place.setup;
    const nowUs = place.clock.nowUs;
    place.plunger.sync();
    const prick = place.truth.begin();
    const drawn = exact ? meanSkin(SITES[site], sex) : skinDraw(SITES[site], sex, seed, prick.n);
    const skin = keyedSkin(drawn, keys);
    place.needle.spot = new SkinSpot(skin, needle.outerMm, ringDiameterMm, needle.bevelDeg, depotFactors(keys));
    place.needle.spotRingN = Math.max(place.hand.aimN, place.driveN);
    prick.startsAtUs = nowUs;
    prick.ringN = place.needle.spotRingN;
    prick.xUm = place.hand.xUm(nowUs);
    prick.yUm = place.hand.yUm(nowUs);
    this.needleOut = true;
    this.felt = false;
    place.operator.feelsNeedleGo();
    this.tell('approach');
  }

  needleIn(): void {
    const prick = this.place.truth.last;
    if (prick && prick.inAtUs === 0) prick.inAtUs = this.place.clock.nowUs;
    this.place.plunger.enter();
    this.tell('in');
  }

  needleLeaves(): void {
    const prick = this.place.truth.last;
    this.lookAtDepth();
    this.place.plunger.exit();
    const { spot, spotRingN } = this.place.needle;
    if (prick && spot) prick.bulgeUm = spot.bulgeMm(spotRingN) * 1000;
    if (prick) prick.outAtUs = this.place.clock.nowUs;
    this.feel();
  }

  needleHome(): void {
    const { needle, plunger, truth, clock } = this.place;
    if (!needle.spot) return;
    plunger.sync();
    needle.spot = null;
    this.needleOut = false;
    const prick = truth.last;
    if (prick) prick.homeAtUs = clock.nowUs;
    this.feel();
    this.tell('home');
    if (prick) truth.onPrick?.(prick);
  }

  needleMayReplan(): void {
    this.place.plunger.sync();
  }

  needleReplanned(): void {
    const { needle, clock } = this.place;
    if (!needle.spot) return;
    this.lookAtDepth();
    if (needle.inSkin && needle.stepsPerSAt(clock.nowUs + AHEAD_US) < 0) this.tell('withdraw');
  }

  doseBegins(): void {
    this.tell('dose');
  }

  doseEnds(): void {
    this.tell('dwell');
  }

  reversed(steps: number): void {
    if (steps >= -REVERSE_STEPS) return;
    for (const listener of this.listeners) listener.reversed?.(steps);
  }

  /** Keeps the deepest tip and depth of the running stroke. */
  private lookAtDepth(): void {
    const { needle, truth, clock } = this.place;
    const prick = truth.last;
    if (!prick || !needle.spot) return;
    const tipUm = needle.tipMm(clock.nowUs) * 1000;
    const skinUm = needle.depthMm(clock.nowUs) * 1000;
    if (tipUm > prick.tipMaxUm) prick.tipMaxUm = tipUm;
    if (skinUm > prick.skinMaxUm) prick.skinMaxUm = skinUm;
  }

  private feel(): void {
    if (this.felt) return;
    this.felt = true;
    this.place.operator.feelsNeedleOut();
  }

  private tell(phase: Phase): void {
    const n = this.place.truth.pricks.length;
    for (const listener of this.listeners) listener.phase?.(n, phase);
  }
}
