// The world round one gun: two axes, syringe, needle, skin, ring, hand, contacts, cells, enable chain. Couples the plant to the
// chips at exact moments and keeps the truth. Not responsible for the gun's code (board.ts) nor for what the person wants (operator.ts).
import { RING_CELL_COUNTS_PER_N, PUSHER_CELL_COUNTS_PER_N } from '../hal/drivers/nau7802-cell.ts';
import { needleResistance } from '../protocols/fluid.ts';
import { meanSkin, SITES } from '../protocols/layers.ts';
import { Nau7802Chip } from './chips/nau7802.ts';
import { Tmc5240Chip } from './chips/tmc5240.ts';
import type { VirtualClock } from './clock.ts';
import { Contact } from './contact.ts';
import { screwDraw, skinDraw, syringeDraw } from './draws.ts';
import type { Phase } from './faults.ts';
import { Hand, RING_SWITCH_CLOSES_N, RING_SWITCH_OPENS_N } from './hand.ts';
import { LoadCell } from './load-cell.ts';
import { NeedleSide } from './needle-side.ts';
import { Operator } from './operator.ts';
import type { Hands } from './operator.ts';
import { DRIVE } from './plant/drive-parameters.ts';
import { Rotor } from './plant/drive.ts';
import type { FluidParams } from './plant/fluid-syringe.ts';
import { SkinSpot } from './plant/tissue.ts';
import { PLUNGER_MICROSTEPS_PER_MM, PlungerSide } from './plunger-side.ts';
import { gauss } from './random.ts';
import type { WorldSetup } from './setup.ts';
import { Truth } from './truth.ts';

/** A silent kick pin drops the drivers after this. Chosen: 150 ms, seven ticks of the Kaluma board. */
export const ENABLE_FOR_US = 150_000;
/** Force of the closed solenoid at full duty. Chosen: as the stamp's driver is told; a build's own is measured. */
const SOLENOID_FULL_N = 6;
/** Counts of the travel wheel a millimetre, and how far a wheel's size is off. Chosen: 100 and 0.3 %. */
const WHEEL_COUNTS_PER_MM = 100;
const WHEEL_SPREAD = 0.003;
/** NEMA 11 on a 4 mm lead with an encoder of 800 lines, return spring, end stops. Chosen: as the driver's profile is built for. */
const NEEDLE_DRIVE = {
  stepsPerMm: 800,
  microsteps: 16,
  leadMm: 4,
  encoderCountsPerMm: 800,
  minMm: -0.8,
  maxMm: 17,
  springMmPerS: DRIVE.springMmPerS.nominal,
  springHomeMm: -0.3,
  startMm: -0.3,
};
/** NEMA 11 on a 1 mm lead, friction holds it without current. */
const PLUNGER_DRIVE = { stepsPerMm: PLUNGER_MICROSTEPS_PER_MM, microsteps: 256, leadMm: 1, minMm: -0.8, maxMm: 62, startMm: -0.2 };
/** How far off a needle sits in its hub. Chosen: ±0.25 mm at most, a third of it as standard deviation. */
const SEAT_SD_MM = 0.08;
const SEAT_MOST_MM = 0.25;

/** What listens to the world: faults that wait for a phase, monitors. */
export interface WorldListener {
  phase?(prick: number, phase: Phase): void;
  /** The plunger went back by so many microsteps (negative) with the needle in. */
  reversed?(steps: number): void;
}

/** Least steps back with the needle in that are told. Chosen: one microstep of rounding is none. */
const REVERSE_STEPS = 2;

export class World implements Hands {
  readonly needleChip = new Tmc5240Chip();
  readonly plungerChip = new Tmc5240Chip();
  readonly ringChip: Nau7802Chip;
  readonly pusherChip: Nau7802Chip;
  readonly needleRotor: Rotor;
  readonly plungerRotor: Rotor;
  readonly needle: NeedleSide;
  readonly plunger: PlungerSide;
  readonly hand: Hand;
  readonly truth: Truth;
  readonly operator: Operator;
  readonly trigger: Contact;
  readonly ok: Contact;
  readonly ringSwitch: Contact;
  readonly service: Contact;
  readonly listeners: WorldListener[] = [];
  readonly setup: WorldSetup;
  capOn = false;
  needleOut = false;
  /** The enable chain is closed: the drivers may have power. */
  enabled = false;
  /** An opened chain (emergency stop) stays open. */
  chainCut = false;
  wheelStuckAtCounts = -1;
  private readonly clock: VirtualClock;
  private enabledUntilUs = 0;
  private enableId = 0;
  private ringId = 0;
  private handPresses = false;
  private driveN = 0;
  private syringeCount = 0;
  private felt = false;
  private readonly wheelScale: number;
  private readonly onEnableEnds = (): void => {
    this.enableId = 0;
    this.checkEnable();
  };
  private readonly onRingForce = (): void => {
    this.ringId = 0;
    this.handPresses = !this.handPresses;
    this.updateRingSwitch();
  };

  constructor(clock: VirtualClock, setup: WorldSetup, options: { readonly trace: boolean }) {
    const { seed, exact } = setup;
    this.clock = clock;
    this.setup = setup;
    this.truth = new Truth(options);
    this.hand = new Hand(seed, exact);
    this.trigger = new Contact(seed, 'contact.trigger', !exact);
    this.ok = new Contact(seed, 'contact.ok', !exact);
    this.ringSwitch = new Contact(seed, 'contact.ring', !exact);
    this.service = new Contact(seed, 'contact.service', !exact);
    this.wheelScale = WHEEL_COUNTS_PER_MM * (exact ? 1 : 1 + WHEEL_SPREAD * gauss(seed, 'build.wheel', 0));
    const ringCell = new LoadCell({ seed, channel: 'cell.ring', countsPerN: RING_CELL_COUNTS_PER_N, fullN: 20, exact });
    const pusherCell = new LoadCell({ seed, channel: 'cell.pusher', countsPerN: PUSHER_CELL_COUNTS_PER_N, fullN: 100, exact });
    this.ringChip = new Nau7802Chip({ countsAt: (atUs) => ringCell.countsOf(this.ringN(atUs), atUs) });
    this.pusherChip = new Nau7802Chip({ countsAt: (atUs) => pusherCell.countsOf(this.plunger.forceN, atUs) });
    this.needleRotor = this.makeRotor('needle');
    this.plungerRotor = this.makeRotor('plunger');
    this.needle = this.makeNeedle();
    this.plunger = this.makePlunger();
    this.plungerChip.encoderCounts = (atUs) => this.wheelCounts(atUs);
    this.setEnable(false);
    this.operator = new Operator(clock, this, setup);
  }

  private makeRotor(axis: 'needle' | 'plunger'): Rotor {
    return new Rotor({
      ...(axis === 'needle' ? NEEDLE_DRIVE : PLUNGER_DRIVE),
      ...(this.setup.exact ? {} : screwDraw(this.setup.seed, axis)),
    });
  }

  private makeNeedle(): NeedleSide {
    const seat = this.setup.exact ? 0 : SEAT_SD_MM * gauss(this.setup.seed, 'build.seat', 0);
    return new NeedleSide({
      clock: this.clock,
      chip: this.needleChip,
      rotor: this.needleRotor,
      hand: this.hand,
      seatMm: Math.max(-SEAT_MOST_MM, Math.min(SEAT_MOST_MM, seat)),
      events: {
        needleGoes: () => {
          this.needleGoes();
        },
        needleIn: () => {
          this.needleIn();
        },
        needleOut: () => {
          this.needleLeaves();
        },
        needleHome: () => {
          this.needleHome();
        },
        needleReplanned: () => {
          this.needleReplanned();
        },
      },
    });
  }

  private makePlunger(): PlungerSide {
    return new PlungerSide(
      {
        clock: this.clock,
        chip: this.plungerChip,
        rotor: this.plungerRotor,
        needle: this.needle,
        truth: this.truth,
        events: {
          doseBegins: () => {
            this.tell('dose');
          },
          doseEnds: () => {
            this.tell('dwell');
          },
          reversed: (steps) => {
            if (steps < -REVERSE_STEPS) for (const listener of this.listeners) listener.reversed?.(steps);
          },
        },
      },
      this.syringe(),
      this.setup.syringe.fillUl,
      this.setup.syringe.capacityUl,
    );
  }

  private syringe(): FluidParams {
    const { syringe, needle, viscosityMpas, exact, seed } = this.setup;
    const areaMm2 = (Math.PI * syringe.boreMm ** 2) / 4;
    // The rod's share of the total compliance is what its stiffness makes of it; the rest is the barrel's.
    const rodUlPerKpa = (1e-3 * areaMm2 * areaMm2) / syringe.rodNPerMm;
    const type: FluidParams = {
      areaMm2,
      complianceUlPerKpa: Math.max(syringe.complianceUlPerKpa * 0.2, syringe.complianceUlPerKpa - rodUlPerKpa),
      needleKpaSPerUl: needleResistance(viscosityMpas, needle.lengthMm, needle.innerMm),
      rodNPerMm: syringe.rodNPerMm,
      glideN: syringe.glideN,
      breakLooseN: syringe.breakLooseN,
      playMm: syringe.backlashMm,
      // The pusher comes from behind: the play is taken up when it meets the rod.
      playOffsetMm: syringe.backlashMm / 2,
    };
    return exact ? type : syringeDraw(type, seed, this.syringeCount);
  }

  // What the board reads and drives.

  /** Force on the ring, N: the hand's, the solenoid's, or the needle on the probe cap. */
  ringN(atUs: number): number {
    if (this.capOn) return this.needle.capN(atUs);
    const handN = this.hand.forceN(atUs);
    return this.driveN > 0 && handN > 0 ? Math.max(handN, this.driveN) : handN;
  }

  setStampDuty(permille: number): void {
    this.driveN = (SOLENOID_FULL_N * permille) / 1000;
  }

  /** An edge on the kick pin: the drivers stay enabled for another while. */
  kicked(): void {
    this.enabledUntilUs = this.clock.nowUs + ENABLE_FOR_US;
    this.checkEnable();
  }

  /** The chain opens by hand, for good. */
  cutChain(): void {
    this.chainCut = true;
    this.checkEnable();
  }

  private checkEnable(): void {
    const on = !this.chainCut && this.clock.nowUs < this.enabledUntilUs;
    if (on !== this.enabled) this.setEnable(on);
    if (on && !this.enableId) this.enableId = this.clock.schedule(this.enabledUntilUs, this.onEnableEnds);
  }

  private setEnable(on: boolean): void {
    const nowUs = this.clock.nowUs;
    this.enabled = on;
    this.plunger.sync();
    this.needleChip.setEnableN(nowUs, on ? 0 : 1);
    this.plungerChip.setEnableN(nowUs, on ? 0 : 1);
    this.chipsChanged();
  }

  /** A pin or a fault changed the chips behind the bus's back. */
  chipsChanged(): void {
    this.needle.replanned();
    this.plunger.replanned();
  }

  /** Supply gone: registers, coils and the kick are lost; the spring takes the needle home. */
  losePower(): void {
    const nowUs = this.clock.nowUs;
    this.plunger.sync();
    this.needleChip.powerCycle(nowUs);
    this.plungerChip.powerCycle(nowUs);
    this.ringChip.powerCycle();
    this.pusherChip.powerCycle();
    this.enabledUntilUs = nowUs;
    this.driveN = 0;
    this.setEnable(false);
    this.needle.driveWire();
    this.plunger.driveWire();
  }

  private wheelCounts(atUs: number): number {
    if (this.wheelStuckAtCounts >= 0) return this.wheelStuckAtCounts;
    return Math.floor(this.hand.pathMm(atUs) * this.wheelScale);
  }

  stickWheel(): void {
    this.wheelStuckAtCounts = this.wheelCounts(this.clock.nowUs);
  }

  /** Nothing moves and the needle is home. */
  get atRest(): boolean {
    return this.needle.atHome && !this.needle.moving && !this.plunger.moving;
  }

  // Needle events.

  private needleGoes(): void {
    if (this.capOn || this.hand.aimN <= 0) return;
    const { seed, exact, site, sex, needle, ringDiameterMm } = this.setup;
    const nowUs = this.clock.nowUs;
    this.plunger.sync();
    const prick = this.truth.begin();
    const skin = exact ? meanSkin(SITES[site], sex) : skinDraw(SITES[site], sex, seed, prick.n);
    this.needle.spot = new SkinSpot(skin, needle.outerMm, ringDiameterMm);
    this.needle.spotRingN = Math.max(this.hand.aimN, this.driveN);
    prick.startsAtUs = nowUs;
    prick.ringN = this.needle.spotRingN;
    prick.xUm = this.hand.xUm(nowUs);
    prick.yUm = this.hand.yUm(nowUs);
    this.needleOut = true;
    this.felt = false;
    this.operator.feelsNeedleGo();
    this.tell('approach');
  }

  private needleIn(): void {
    const prick = this.truth.last;
    if (prick && prick.inAtUs === 0) prick.inAtUs = this.clock.nowUs;
    this.plunger.enter();
    this.tell('in');
  }

  private needleLeaves(): void {
    const prick = this.truth.last;
    this.lookAtDepth();
    this.plunger.exit();
    if (prick) prick.outAtUs = this.clock.nowUs;
    this.feel();
  }

  private needleHome(): void {
    if (!this.needle.spot) return;
    this.plunger.sync();
    this.needle.spot = null;
    this.needleOut = false;
    const prick = this.truth.last;
    if (prick) prick.homeAtUs = this.clock.nowUs;
    this.feel();
    this.tell('home');
    if (prick) this.truth.onPrick?.(prick);
  }

  private feel(): void {
    if (this.felt) return;
    this.felt = true;
    this.operator.feelsNeedleOut();
  }

  private needleReplanned(): void {
    if (!this.needle.spot) return;
    this.lookAtDepth();
    if (!this.needle.inSkin) return;
    const aheadUs = this.clock.nowUs + 2000;
    if (this.needleChip.velocityAt(aheadUs) < 0) this.tell('withdraw');
  }

  /** Keeps the deepest tip and depth of the running stroke. */
  lookAtDepth(): void {
    const prick = this.truth.last;
    if (!prick || !this.needle.spot) return;
    const nowUs = this.clock.nowUs;
    const tipUm = this.needle.tipMm(nowUs) * 1000;
    const skinUm = this.needle.depthMm(nowUs) * 1000;
    if (tipUm > prick.tipMaxUm) prick.tipMaxUm = tipUm;
    if (skinUm > prick.skinMaxUm) prick.skinMaxUm = skinUm;
  }

  private tell(phase: Phase): void {
    const n = this.truth.pricks.length;
    for (const listener of this.listeners) listener.phase?.(n, phase);
  }

  /** A row of the trace, when one is asked for and due. */
  trace(): void {
    const nowUs = this.clock.nowUs;
    if (!this.truth.traceDue(nowUs)) return;
    this.plunger.sync();
    const { fluid } = this.plunger;
    this.truth.row(
      nowUs,
      this.needle.tipMm(nowUs),
      this.needle.depthMm(nowUs),
      fluid.pusherMm,
      fluid.pKpa,
      this.plunger.forceN,
      this.ringN(nowUs),
    );
  }

  // Hands of the operator.

  get xUm(): number {
    return this.hand.xUm(this.clock.nowUs);
  }

  get yUm(): number {
    return this.hand.yUm(this.clock.nowUs);
  }

  get ringDown(): boolean {
    return this.ringSwitch.settled === 1;
  }

  clipCap(): void {
    this.capOn = true;
    this.updateRingSwitch();
  }

  removeCap(): void {
    this.capOn = false;
    this.updateRingSwitch();
  }

  setTrigger(level: 0 | 1): void {
    this.trigger.set(this.clock.nowUs, level);
  }

  setOk(level: 0 | 1): void {
    this.ok.set(this.clock.nowUs, level);
  }

  moveTo(xUm: number, yUm: number, untilUs: number): void {
    this.hand.moveTo(this.clock.nowUs, xUm, yUm, untilUs);
  }

  press(newtons: number, forUs: number): void {
    this.hand.press(this.clock.nowUs, newtons, forUs);
    if (this.ringId) this.clock.cancel(this.ringId);
    this.ringId = 0;
    const atUs = this.hand.forceCrossesAtUs(this.handPresses ? RING_SWITCH_OPENS_N : RING_SWITCH_CLOSES_N);
    if (atUs < Infinity) this.ringId = this.clock.schedule(atUs, this.onRingForce);
    if (this.needle.spot) this.needle.watch();
  }

  /** The ring switch follows hand and cap again. */
  updateRingSwitch(): void {
    this.ringSwitch.set(this.clock.nowUs, this.capOn || this.handPresses ? 1 : 0);
  }

  changeSyringe(): void {
    this.plunger.sync();
    this.syringeCount += 1;
    this.plunger.load(this.syringe(), this.setup.syringe.fillUl, this.setup.syringe.capacityUl);
  }
}
