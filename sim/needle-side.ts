// The needle's half of the world: chip → rotor → carriage → home switch, tip, skin or probe cap. Finds the exact moments at which
// the switch changes and the tip goes through the skin or leaves it. Not responsible for fluid (plunger-side.ts). Simulator only.
import { WRITE } from '../hal/drivers/tmc5240-registers.ts';
import type { SkinSpot } from './plant/tissue.ts';
import type { Rotor } from './plant/drive.ts';
import type { Tmc5240Chip } from './chips/tmc5240.ts';
import type { VirtualClock } from './clock.ts';
import { whenPast } from './crossing.ts';
import type { Hand } from './hand.ts';

/** Carriage travel from home to the tip in the ring plane, needle seated as drawn. Chosen: the spacer of each needle length makes it so. */
export const RING_PLANE_MM = 3;
/** The home switch closes below and opens above these carriage positions. Chosen: slotted optical switch, 0.03 mm hysteresis. */
export const HOME_CLOSES_MM = 0.05;
export const HOME_OPENS_MM = 0.08;
/** A stroke is under way from here on: half way to the ring plane, further than homing ever backs off its switch. */
export const GOES_MM = 1.5;
/** Stiffness of the probe cap's membrane, which rests at the ring plane. Chosen: 2 N/mm. */
export const CAP_N_PER_MM = 2;

/** Slices in which a carriage that the chip does not hold is watched. Chosen: 0.1 mm at the spring's speed. */
const FREE_SLICE_US = 1000;
/** A motion without end is looked at again after so long. */
const LOOK_AGAIN_US = 1_000_000;
const CARRIAGE = 0;
const SKIN = 1;

/** What the world is told. */
export interface NeedleEvents {
  /** The carriage has left the home switch. */
  needleGoes(): void;
  needleIn(): void;
  needleLeaves(): void;
  /** The home switch has closed. */
  needleHome(): void;
  /** The needle is in and the motion may be laid out anew: what depends on the old one is due. */
  needleMayReplan(): void;
  /** The motion was laid out anew or the power stage changed. */
  needleReplanned(): void;
}

export interface NeedleSideOptions {
  readonly clock: VirtualClock;
  readonly chip: Tmc5240Chip;
  readonly rotor: Rotor;
  readonly hand: Hand;
  /** How far this needle's tip lies off its nominal place, mm; positive is further out. */
  readonly seatMm: number;
  /** The probe cap's membrane against the ring plane, positive further out, and a factor on its stiffness; absent: as drawn. */
  readonly capMm?: number;
  readonly capStiffness?: number;
  readonly events: NeedleEvents;
}

export class NeedleSide {
  /** Skin under the ring for the running stroke; null over air or under the cap. */
  spot: SkinSpot | null = null;
  /** Force that holds the skin for this stroke, N. */
  spotRingN = 0;
  inSkin = false;
  /** The switch as it is, and as its wire says. */
  atHome = true;
  /** Past GOES_MM since it was last home. */
  private gone = false;
  homeStuckAt: -1 | 0 | 1 = -1;
  /** Since when the tip is in, and how fast it went through. */
  inAtUs = 0;
  inMmPerS = 0;
  private readonly clock: VirtualClock;
  private readonly chip: Tmc5240Chip;
  private readonly rotor: Rotor;
  private readonly hand: Hand;
  private readonly seatMm: number;
  private readonly capMm: number;
  private readonly capNPerMm: number;
  private readonly events: NeedleEvents;
  private planSeen = -1;
  private drivingSeen = false;
  private watchId = 0;
  private watching = false;
  private punctureAtMm = 0;
  private exitAtMm = 0;
  private readonly onWatch = (): void => {
    this.watchId = 0;
    this.look();
  };

  constructor(options: NeedleSideOptions) {
    this.clock = options.clock;
    this.chip = options.chip;
    this.rotor = options.rotor;
    this.hand = options.hand;
    this.seatMm = options.seatMm;
    this.capMm = options.capMm ?? 0;
    this.capNPerMm = CAP_N_PER_MM * (options.capStiffness ?? 1);
    this.events = options.events;
    this.chip.encoderCounts = (atUs) => this.rotor.encoderCounts(this.chip.positionAt(atUs), atUs);
    this.driveWire();
  }

  /** Carriage position from home, mm. */
  carriageMm(atUs: number): number {
    return this.rotor.positionMm(this.chip.positionAt(atUs), atUs);
  }

  /** Tip from the ring plane, mm, positive towards the patient. */
  tipMm(atUs: number): number {
    return this.carriageMm(atUs) - RING_PLANE_MM + this.seatMm;
  }

  /** Tip from the plane of the untouched skin, mm: the ring may have lifted. */
  tipOverSkinMm(atUs: number): number {
    return this.tipMm(atUs) - this.hand.gapMm(atUs);
  }

  /** Force of the tip on the probe cap, N. */
  capN(atUs: number): number {
    return Math.max(0, this.capNPerMm * (this.tipMm(atUs) - this.capMm));
  }

  /** Depth in skin, mm; 0 outside. */
  depthMm(atUs: number): number {
    if (!this.inSkin || !this.spot) return 0;
    return this.spot.depthMm(this.tipOverSkinMm(atUs), this.spotRingN, (atUs - this.inAtUs) * 1e-6);
  }

  /** Speed of the chip's plan, microsteps/s, positive towards the patient. */
  stepsPerSAt(atUs: number): number {
    return this.chip.velocityAt(atUs);
  }

  get moving(): boolean {
    const nowUs = this.clock.nowUs;
    return this.chip.velocityAt(nowUs) !== 0 || this.chip.segmentEndsAtUs(nowUs) !== Infinity;
  }

  /** Tip or skin move after this moment, as things stand. */
  movesAt(atUs: number): boolean {
    return this.chip.velocityAt(atUs) !== 0 || !this.drivingSeen || this.hand.gapMm(atUs) > 0;
  }

  /** One datagram from the bus. */
  access(buffer: Uint8Array): void {
    if (this.inSkin && (buffer[0] as number) >= WRITE) this.events.needleMayReplan();
    this.chip.transfer(this.clock.nowUs, buffer);
    if (this.chip.planCount !== this.planSeen || this.chip.driving !== this.drivingSeen) this.replanned();
  }

  /** Anything outside the bus changed the chip: a pin, a fault. */
  replanned(): void {
    const nowUs = this.clock.nowUs;
    if (this.chip.driving !== this.drivingSeen) {
      this.drivingSeen = this.chip.driving;
      this.rotor.setDriving(this.drivingSeen, this.chip.positionAt(nowUs), nowUs);
    }
    this.planSeen = this.chip.planCount;
    if (!this.moving) this.rotor.settle(this.chip.positionAt(nowUs));
    this.events.needleReplanned();
    this.watch();
  }

  /** The home switch's wire broke or healed. */
  setHomeStuck(level: -1 | 0 | 1): void {
    this.homeStuckAt = level;
    this.driveWire();
    this.replanned();
  }

  /** Computes when the next thing happens and puts it on the clock. */
  watch(): void {
    if (this.watching) return;
    if (this.watchId) this.clock.cancel(this.watchId);
    this.watchId = 0;
    const nowUs = this.clock.nowUs;
    let atUs = this.atHome ? this.crossing(CARRIAGE, HOME_OPENS_MM, 1, nowUs) : this.crossing(CARRIAGE, HOME_CLOSES_MM, -1, nowUs);
    if (!this.atHome && !this.gone) atUs = Math.min(atUs, this.crossing(CARRIAGE, GOES_MM, 1, nowUs));
    if (this.spot) {
      const skinUs = this.inSkin ? this.crossing(SKIN, this.exitAtMm, -1, nowUs) : this.punctureUs(nowUs);
      if (skinUs < atUs) atUs = skinUs;
    }
    if (atUs < Infinity) this.watchId = this.clock.schedule(atUs, this.onWatch);
  }

  /** The tip goes through where the force reaches the skin's strength, which depends a little on the speed there. */
  private punctureUs(fromUs: number): number {
    const spot = this.spot as SkinSpot;
    this.punctureAtMm = spot.puncturesAtTipMm(this.spotRingN, 1);
    const guessUs = this.crossing(SKIN, this.punctureAtMm, 1, fromUs);
    if (guessUs === Infinity) return Infinity;
    this.punctureAtMm = spot.puncturesAtTipMm(this.spotRingN, this.speedMmPerS(guessUs));
    return this.crossing(SKIN, this.punctureAtMm, 1, fromUs);
  }

  private speedMmPerS(atUs: number): number {
    return Math.abs(this.carriageMm(atUs) - this.carriageMm(atUs - 10)) * 1e5;
  }

  /** What has come true at this moment. Each condition is looked at once; the watch then starts anew. */
  private look(): void {
    const nowUs = this.clock.nowUs;
    this.watching = true;
    const carriageMm = this.carriageMm(nowUs);
    if (this.atHome && carriageMm >= HOME_OPENS_MM) {
      this.atHome = false;
      this.driveWire();
    } else if (!this.atHome && carriageMm <= HOME_CLOSES_MM) {
      this.atHome = true;
      this.gone = false;
      this.driveWire();
      // A ring pressed hard enough bulges the skin past the tip's home: it comes off the tip there, as the ring lets go.
      if (this.inSkin) this.leavesSkin();
      this.events.needleHome();
    }
    if (!this.gone && carriageMm >= GOES_MM) {
      this.gone = true;
      this.events.needleGoes();
    }
    if (this.spot) this.lookAtSkin(this.spot, nowUs);
    this.watching = false;
    this.replanned();
  }

  private lookAtSkin(spot: SkinSpot, nowUs: number): void {
    const tipMm = this.tipOverSkinMm(nowUs);
    if (!this.inSkin) {
      if (tipMm < this.punctureAtMm) return;
      this.inSkin = true;
      this.inAtUs = nowUs;
      this.inMmPerS = this.speedMmPerS(nowUs);
      this.exitAtMm = spot.exitsAtTipMm(this.spotRingN);
      this.events.needleIn();
    } else if (tipMm <= this.exitAtMm) this.leavesSkin();
  }

  private leavesSkin(): void {
    this.events.needleLeaves();
    this.inSkin = false;
  }

  /** Puts the switch's state on the chip's pin, as its wire says it. */
  driveWire(): void {
    const level = this.homeStuckAt >= 0 ? (this.homeStuckAt as 0 | 1) : this.atHome ? 1 : 0;
    this.chip.setReferenceLeft(this.clock.nowUs, level);
  }

  private valueAt(kind: number, atUs: number): number {
    return kind === CARRIAGE ? this.carriageMm(atUs) : this.tipOverSkinMm(atUs);
  }

  /**
   * First moment from `fromUs` on at which the value stands at or beyond `level` in the direction `sign`; Infinity when the
   * motion as laid out does not bring it there. An endless motion gives a moment to look again.
   */
  private crossing(kind: number, level: number, sign: number, fromUs: number): number {
    let aUs = fromUs;
    if (sign * (this.valueAt(kind, aUs) - level) >= 0) return aUs;
    const endUs = fromUs + LOOK_AGAIN_US;
    while (aUs < endUs) {
      const bUs = Math.min(this.breakAfter(aUs), endUs);
      if (this.restsFrom(aUs) && (kind === CARRIAGE || this.hand.nextBreakUs(aUs) === Infinity)) return Infinity;
      if (sign * (this.valueAt(kind, bUs) - level) >= 0) {
        return whenPast((atUs) => sign * (this.valueAt(kind, atUs) - level), aUs, bUs);
      }
      aUs = bUs;
    }
    return aUs;
  }

  /** The carriage does not move from this moment on, as far as the plan goes. */
  private restsFrom(atUs: number): boolean {
    if (this.drivingSeen) return this.chip.segmentEndsAtUs(atUs) === Infinity && this.chip.velocityAt(atUs) === 0;
    return this.carriageMm(atUs) === this.carriageMm(atUs + FREE_SLICE_US);
  }

  /** End of the stretch after `atUs` in which the values only rise or only fall. */
  private breakAfter(atUs: number): number {
    let untilUs = this.hand.nextBreakUs(atUs);
    if (!this.drivingSeen) return Math.min(untilUs, atUs + FREE_SLICE_US);
    const endsUs = this.chip.segmentEndsAtUs(atUs);
    if (endsUs < untilUs) untilUs = endsUs;
    const v = this.chip.velocityAt(atUs);
    const a = this.chip.accelerationAt(atUs);
    if (v * a < 0) {
      const turnsUs = atUs - (v / a) * 1e6;
      if (turnsUs > atUs + 1e-3 && turnsUs < untilUs) untilUs = turnsUs;
    }
    return Math.max(untilUs, atUs + 1e-3);
  }
}
