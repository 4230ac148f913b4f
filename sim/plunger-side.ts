// The plunger's half of the world: chip → rotor → pusher → rod → fluid path → tissue or air, and what of it belongs to which prick.
// Advanced to now before its motion or the needle's changes and when its force is measured; exact between them. Not responsible for
// the laws. Simulator only.
import { WRITE } from '../hal/drivers/tmc5240-registers.ts';
import type { Tmc5240Chip } from './chips/tmc5240.ts';
import type { VirtualClock } from './clock.ts';
import { Depots } from './depots.ts';
import { DoseBooks } from './dose-books.ts';
import type { NeedleSide } from './needle-side.ts';
import type { Rotor } from './plant/drive.ts';
import { FluidPath } from './plant/fluid.ts';
import type { FluidParams } from './plant/fluid-syringe.ts';
import type { Truth } from './truth.ts';

/** The pusher's claw lets the rod go when it is pulled back by more than this from where it met it. Chosen: more than any DECOMPRESS. */
const CLAW_HOLDS_MM = 0.6;
/** Source: 200 full steps, 256 microsteps, 1 mm lead. */
export const PLUNGER_MICROSTEPS_PER_MM = 51_200;
/** The switch of the fully retracted pusher. Chosen: closes at its zero, 0.02 mm hysteresis. */
const RETRACTED_CLOSES_MM = 0;
const RETRACTED_OPENS_MM = 0.02;
/** How closely it is met. Chosen: a twentieth of a microstep. */
const SWITCH_MM = 1e-6;
/** A motion is watched this far ahead. */
const WATCH_FOR_US = 60e6;
/** The longest step of the fluid path: the load on the motor is looked at once in it. Chosen: an ordinary tick goes in one. */
const MOST_STEP_US = 50_000;
/**
 * ... with the tip in, for the depth is looked at once in it too; standing, and moving.
 * Measured: 200 pricks of mesolift-face deliver within 3e-4 of what they do in steps of 0.1 ms.
 */
const STANDING_STEP_US = 10_000;
const MOVING_STEP_US = 2000;
/** A rotor that is this much off its chip's motion does not follow it at all: lost steps, no current. */
const ASTRAY = 0.3;

export interface PlungerEvents {
  /** The plunger begins to push, stops, with the needle in. */
  doseBegins(): void;
  doseEnds(): void;
  /** The plunger moved back with the needle in: a breach of R48. */
  reversed(steps: number): void;
}

export interface PlungerSideOptions {
  readonly clock: VirtualClock;
  readonly chip: Tmc5240Chip;
  readonly rotor: Rotor;
  readonly needle: NeedleSide;
  readonly truth: Truth;
  readonly events: PlungerEvents;
}

export class PlungerSide {
  fluid: FluidPath;
  /** The pusher has the rod. */
  coupled = false;
  /** Carriage position at which the pusher meets the rod, mm from fully retracted. */
  rodMm = 0;
  private fillUl = 0;
  private areaMm2 = 1;
  private readonly o: PlungerSideOptions;
  private readonly books: DoseBooks;
  private atUs = 0;
  private pusherAtMm = 0;
  private slipMm = 0;
  private drivingSeen = false;
  private planSeen = -1;
  private pushing = false;
  private readonly depots = new Depots();
  private tipIn = false;
  /** The switch of the fully retracted pusher is closed. */
  private retracted = true;
  private switchId = 0;
  private endId = 0;
  private readonly onSwitch = (): void => {
    this.switchId = 0;
    // The moment came from an ideal screw: a real one may still be on its way, and is looked at again.
    const carriageMm = this.carriageMm(this.o.clock.nowUs);
    const early = this.retracted ? carriageMm < RETRACTED_OPENS_MM - SWITCH_MM : carriageMm > RETRACTED_CLOSES_MM + SWITCH_MM;
    if (early) {
      this.watchSwitch();
      return;
    }
    this.retracted = !this.retracted;
    this.sync();
    this.driveWire();
    this.replanned();
  };
  private readonly onEnd = (): void => {
    this.endId = 0;
    this.sync();
    this.watchEnd();
  };

  constructor(options: PlungerSideOptions, syringe: FluidParams, fillUl: number, capacityUl: number) {
    this.o = options;
    this.books = new DoseBooks(options.truth);
    this.fluid = new FluidPath(syringe);
    this.load(syringe, fillUl, capacityUl);
    this.pusherAtMm = this.carriageMm(0);
    this.driveWire();
  }

  /** Another syringe in the holder: the claw is open until the pusher meets the rod. */
  load(syringe: FluidParams, fillUl: number, capacityUl: number): void {
    this.fluid = new FluidPath(syringe);
    this.areaMm2 = syringe.areaMm2;
    this.fillUl = fillUl;
    this.rodMm = 2 + (capacityUl - fillUl) / syringe.areaMm2;
    this.coupled = false;
    this.books.restart();
    this.depots.restart();
  }

  /** No syringe in the holder: nothing for the pusher to meet. */
  takeOut(): void {
    this.sync();
    this.coupled = false;
    this.rodMm = Infinity;
  }

  /** Pusher from fully retracted, mm. */
  carriageMm(atUs: number): number {
    return this.o.rotor.positionMm(this.o.chip.positionAt(atUs), atUs) - this.slipMm;
  }

  /** Force on the plunger's load cell, N. */
  get forceN(): number {
    return this.coupled ? this.fluid.forceN : 0;
  }

  /** Liquid left in the syringe, µL. */
  get leftUl(): number {
    return this.fillUl - this.fluid.stopperUl;
  }

  get moving(): boolean {
    const nowUs = this.o.clock.nowUs;
    return this.o.chip.velocityAt(nowUs) !== 0 || this.o.chip.segmentEndsAtUs(nowUs) !== Infinity;
  }

  access(buffer: Uint8Array): void {
    const nowUs = this.o.clock.nowUs;
    // A read cannot change the motion; what it answers does not come from the fluid path.
    if ((buffer[0] as number) >= WRITE || nowUs - this.atUs >= MOST_STEP_US) this.sync();
    this.o.chip.transfer(nowUs, buffer);
    if (this.o.chip.planCount !== this.planSeen || this.o.chip.driving !== this.drivingSeen) this.replanned();
  }

  /** The motion was laid out anew, by the bus or by a pin. */
  replanned(): void {
    const { chip, rotor, clock } = this.o;
    if (chip.driving !== this.drivingSeen) {
      this.drivingSeen = chip.driving;
      rotor.setDriving(this.drivingSeen, chip.positionAt(clock.nowUs), clock.nowUs);
    }
    this.planSeen = chip.planCount;
    if (!this.moving) rotor.settle(chip.positionAt(clock.nowUs));
    this.pusherAtMm = this.carriageMm(clock.nowUs);
    this.watchEnd();
    this.watchSwitch();
  }

  /** Puts the switch's state on the chip's pin. */
  driveWire(): void {
    this.o.chip.setReferenceLeft(this.o.clock.nowUs, this.retracted ? 1 : 0);
  }

  private watchSwitch(): void {
    const { chip, clock } = this.o;
    if (this.switchId) clock.cancel(this.switchId);
    this.switchId = 0;
    const nowUs = clock.nowUs;
    const wayMm = (this.retracted ? RETRACTED_OPENS_MM : RETRACTED_CLOSES_MM) - this.carriageMm(nowUs);
    const atUs = chip.crossesAtUs(chip.positionAt(nowUs) + wayMm * PLUNGER_MICROSTEPS_PER_MM, nowUs, nowUs + WATCH_FOR_US);
    if (this.drivingSeen && atUs < Infinity) this.switchId = clock.schedule(atUs, this.onSwitch);
  }

  /** Brings fluid and truth to now. */
  sync(): void {
    const toUs = this.o.clock.nowUs;
    const { chip } = this.o;
    if (toUs <= this.atUs) return;
    while (this.atUs < toUs) {
      const fromUs = this.atUs;
      const endsUs = chip.segmentEndsAtUs(fromUs);
      const untilUs = Math.min(endsUs > fromUs ? endsUs : toUs, toUs, fromUs + this.mostStepUs(fromUs));
      if (this.tipIn) this.look((fromUs + untilUs) / 2);
      this.step(fromUs, untilUs);
      this.depots.laid(this.fluid);
      this.books.enter(this.fluid, this.tipIn, this.depots.layer, this.depots.depthMm);
    }
  }

  private mostStepUs(atUs: number): number {
    if (!this.tipIn) return MOST_STEP_US;
    return this.o.needle.movesAt(atUs) ? MOVING_STEP_US : STANDING_STEP_US;
  }

  /** The tip went in: a fresh depot. */
  enter(): void {
    this.sync();
    this.tipIn = true;
    this.depots.begin();
    this.look(this.o.clock.nowUs);
  }

  /** The tip leaves: part of what it laid follows it. */
  exit(): void {
    this.sync();
    const { lateUl } = this.fluid;
    const refluxUl = this.depots.leave(this.fluid, this.o.needle, this.o.clock.nowUs);
    this.tipIn = false;
    const prick = this.o.truth.last;
    if (!prick) return;
    prick.refluxUl += refluxUl;
    prick.lateUl += lateUl;
  }

  /** Which depot takes the liquid, and what of the bevel lies bare. */
  private look(atUs: number): void {
    this.depots.look(this.fluid, this.o.needle, atUs, this.o.chip.velocityAt(atUs) > 0);
  }

  /** One stretch of constant acceleration. */
  private step(fromUs: number, toUs: number): void {
    const { chip } = this.o;
    const forS = (toUs - fromUs) * 1e-6;
    const toMm = this.carriageMm(toUs);
    let movedMm = toMm - this.pusherAtMm;
    this.atUs = toUs;
    if (!this.coupled) {
      this.pusherAtMm = toMm;
      if (toMm >= this.rodMm && movedMm > 0) {
        this.coupled = true;
        movedMm = toMm - this.rodMm;
      } else {
        this.fluid.advance(forS, 0, 0);
        return;
      }
    }
    if (movedMm > 0 && (this.leftUl <= 0 || !this.o.rotor.carries(this.forceN, movedMm / forS))) {
      // The motor cannot: the pusher stands, the counter runs on.
      this.slipMm += movedMm;
      movedMm = 0;
    } else this.pusherAtMm = toMm;
    if (movedMm === 0) this.fluid.advance(forS, 0, 0);
    else this.push(forS, movedMm, chip.velocityAt(fromUs), chip.accelerationAt(fromUs));
    if (this.pusherAtMm < this.rodMm - CLAW_HOLDS_MM) this.coupled = false;
    if (movedMm < 0 && this.tipIn) this.o.events.reversed(movedMm * PLUNGER_MICROSTEPS_PER_MM);
  }

  /** The chip gives the shape of the speed, the rotor how far it went. */
  private push(forS: number, movedMm: number, stepsPerS: number, stepsPerS2: number): void {
    let speed = stepsPerS / PLUNGER_MICROSTEPS_PER_MM;
    let acceleration = stepsPerS2 / PLUNGER_MICROSTEPS_PER_MM;
    const errorMm = movedMm - forS * (speed + 0.5 * acceleration * forS);
    if (Math.abs(errorMm) > ASTRAY * Math.abs(movedMm)) {
      speed = movedMm / forS;
      acceleration = 0;
    } else speed += errorMm / forS;
    this.fluid.advance(forS, speed, acceleration);
  }

  /** Notes the begin and the end of a push with the needle in, and steps the path where it ends. */
  private watchEnd(): void {
    const { chip, clock, needle, truth } = this.o;
    const nowUs = clock.nowUs;
    if (this.endId) clock.cancel(this.endId);
    this.endId = 0;
    let endUs = nowUs;
    let forward = chip.velocityAt(nowUs) > 0;
    for (let look = 0; look < 64; look += 1) {
      const nextUs = chip.segmentEndsAtUs(endUs);
      if (nextUs === Infinity) break;
      endUs = nextUs;
      if (chip.velocityAt((nowUs + endUs) / 2) > 0) forward = true;
    }
    const pushing = forward && endUs > nowUs;
    if (pushing !== this.pushing) {
      this.pushing = pushing;
      const prick = truth.last;
      if (needle.inSkin && prick) {
        if (pushing && prick.dosedFromUs < 0) prick.dosedFromUs = nowUs;
        if (!pushing) prick.dosedToUs = nowUs;
        if (pushing) this.o.events.doseBegins();
        else this.o.events.doseEnds();
      }
    }
    if (pushing) this.endId = clock.schedule(endUs, this.onEnd);
  }
}
