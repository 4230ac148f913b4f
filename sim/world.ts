// The world round one gun: two axes, syringe, needle, skin, ring, hand, contacts, cells, enable chain. Couples the plant to the
// chips at exact moments and keeps the truth. Not responsible for the gun's code (board.ts) nor for what the person wants (operator.ts).
import { RING_CELL_COUNTS_PER_N, PUSHER_CELL_COUNTS_PER_N } from '../hal/drivers/nau7802-cell.ts';
import { Nau7802Chip } from './chips/nau7802.ts';
import { Ssd1306Chip } from './chips/ssd1306.ts';
import { Tmc5240Chip } from './chips/tmc5240.ts';
import type { VirtualClock } from './clock.ts';
import { Contact } from './contact.ts';
import { EnableChain } from './enable-chain.ts';
import { hiddenIn, makeRotor, makeSyringe, needleSeatMm, wheelCountsPerMm } from './gun-build.ts';
import { Hand, RING_SWITCH_CLOSES_N, RING_SWITCH_OPENS_N } from './hand.ts';
import { LoadCell } from './load-cell.ts';
import { NeedleSide } from './needle-side.ts';
import { Operator } from './operator.ts';
import type { Hands } from './operator.ts';
import type { Key } from './operator-panel.ts';
import type { Rotor } from './plant/drive.ts';
import { PlungerSide } from './plunger-side.ts';
import type { WorldSetup } from './setup.ts';
import { readScreen } from './screen-reader.ts';
import { Strokes } from './strokes.ts';
import type { StrokePlace, WorldListener } from './strokes.ts';
import { Truth } from './truth.ts';

/** Force of the closed solenoid at full duty. Chosen: as the stamp's driver is told; a build's own is measured. */
const SOLENOID_FULL_N = 6;
/** Rated force of the two cells. */
const RING_CELL_N = 20;
const PUSHER_CELL_N = 100;
/** Source: TMC5240 datasheet, internal oscillator, typical. */
const RAMP_CLOCK_HZ = 12_500_000;

export class World implements Hands, StrokePlace {
  readonly needleChip: Tmc5240Chip;
  readonly plungerChip: Tmc5240Chip;
  readonly ringChip: Nau7802Chip;
  readonly pusherChip: Nau7802Chip;
  readonly screen = new Ssd1306Chip();
  readonly needleRotor: Rotor;
  readonly plungerRotor: Rotor;
  readonly needle: NeedleSide;
  readonly plunger: PlungerSide;
  readonly hand: Hand;
  readonly truth: Truth;
  readonly operator: Operator;
  readonly trigger: Contact;
  readonly ok: Contact;
  readonly up: Contact;
  readonly down: Contact;
  readonly ringSwitch: Contact;
  readonly service: Contact;
  readonly strokes: Strokes;
  readonly chain: EnableChain;
  readonly setup: WorldSetup;
  readonly clock: VirtualClock;
  capOn = false;
  /** Force of a driven ring, N. */
  driveN = 0;
  /** Weights that somebody has laid on ring and pusher, N. */
  private readonly loadN = { ring: 0, pusher: 0 };
  private wheelStuckAtCounts = -1;
  private ringId = 0;
  private handPresses = false;
  private syringeCount = 0;
  private readonly wheelScale: number;
  private readonly onRingForce = (): void => {
    this.ringId = 0;
    this.handPresses = !this.handPresses;
    this.updateRingSwitch();
  };

  constructor(clock: VirtualClock, setup: WorldSetup, options: { readonly trace: boolean }) {
    const { seed, exact } = setup;
    const hidden = hiddenIn(setup);
    this.needleChip = new Tmc5240Chip(hidden === null ? {} : { fclkHz: RAMP_CLOCK_HZ * hidden.needleClock });
    this.plungerChip = new Tmc5240Chip(hidden === null ? {} : { fclkHz: RAMP_CLOCK_HZ * hidden.plungerClock });
    this.clock = clock;
    this.setup = setup;
    this.truth = new Truth(options);
    this.hand = new Hand(seed, exact, setup.hand.tremor);
    this.trigger = new Contact(seed, 'contact.trigger', !exact);
    this.ok = new Contact(seed, 'contact.ok', !exact);
    this.up = new Contact(seed, 'contact.up', !exact);
    this.down = new Contact(seed, 'contact.down', !exact);
    this.ringSwitch = new Contact(seed, 'contact.ring', !exact);
    this.service = new Contact(seed, 'contact.service', !exact);
    if (setup.technician) this.service.set(0, 1);
    this.wheelScale = wheelCountsPerMm(setup);
    const ringCell = new LoadCell({
      seed,
      channel: 'cell.ring',
      countsPerN: RING_CELL_COUNTS_PER_N * (hidden?.ringGain ?? 1),
      fullN: RING_CELL_N,
      exact,
    });
    const pusherCell = new LoadCell({
      seed,
      channel: 'cell.pusher',
      countsPerN: PUSHER_CELL_COUNTS_PER_N * (hidden?.pusherGain ?? 1),
      fullN: PUSHER_CELL_N,
      exact,
    });
    this.ringChip = new Nau7802Chip({ countsAt: (atUs) => ringCell.countsOf(setup.cells.ring * this.ringN(atUs), atUs) });
    this.pusherChip = new Nau7802Chip({
      countsAt: (atUs) => {
        this.plunger.sync();
        return pusherCell.countsOf(setup.cells.pusher * (this.plunger.forceN + this.loadN.pusher), atUs);
      },
    });
    this.needleRotor = makeRotor(setup, 'needle');
    this.plungerRotor = makeRotor(setup, 'plunger');
    this.strokes = new Strokes(this);
    const { needleChip, plungerChip, needleRotor, plungerRotor, hand, truth, strokes } = this;
    this.needle = new NeedleSide({
      clock,
      chip: needleChip,
      rotor: needleRotor,
      hand,
      seatMm: needleSeatMm(setup),
      events: strokes,
      capMm: hidden?.capMm ?? 0,
      capStiffness: hidden?.capStiffness ?? 1,
    });
    this.plunger = new PlungerSide(
      { clock, chip: plungerChip, rotor: plungerRotor, needle: this.needle, truth, events: strokes },
      makeSyringe(setup, 0),
      setup.syringe.fillUl,
      setup.syringe.capacityUl,
    );
    this.plungerChip.encoderCounts = (atUs) => this.wheelCounts(atUs);
    this.chain = new EnableChain(clock, (closed) => {
      this.driveEnable(closed);
    });
    this.driveEnable(false);
    this.operator = new Operator(clock, this, setup);
  }

  // What the board reads and drives.

  /** Force on the ring, N: the hand's, the solenoid's, a weight's, or the needle on the probe cap. */
  ringN(atUs: number): number {
    if (this.capOn) return this.needle.capN(atUs);
    const handN = this.hand.forceN(atUs) + this.loadN.ring;
    return this.driveN > 0 && handN > 0 ? Math.max(handN, this.driveN) : handN;
  }

  setStampDuty(permille: number): void {
    this.driveN = (SOLENOID_FULL_N * permille) / 1000;
  }

  /** The drivers may have power. */
  get enabled(): boolean {
    return this.chain.closed;
  }

  get listeners(): WorldListener[] {
    return this.strokes.listeners;
  }

  private driveEnable(closed: boolean): void {
    const nowUs = this.clock.nowUs;
    this.plunger.sync();
    this.needleChip.setEnableN(nowUs, closed ? 0 : 1);
    this.plungerChip.setEnableN(nowUs, closed ? 0 : 1);
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
    this.screen.powerCycle();
    this.driveN = 0;
    this.chain.drop();
    this.driveEnable(false);
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

  get needleOut(): boolean {
    return this.strokes.needleOut;
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

  setKey(key: Key, level: 0 | 1): void {
    this[key].set(this.clock.nowUs, level);
  }

  readScreen(): string[] {
    return readScreen((x, y) => this.screen.pixel(x, y));
  }

  moveTo(xUm: number, yUm: number, untilUs: number): void {
    this.hand.moveTo(this.clock.nowUs, xUm, yUm, untilUs);
  }

  press(newtons: number, forUs: number): void {
    this.plunger.sync();
    this.hand.press(this.clock.nowUs, newtons, forUs);
    if (this.ringId) this.clock.cancel(this.ringId);
    this.ringId = 0;
    const atUs = this.hand.forceCrossesAtUs(this.handPresses ? RING_SWITCH_OPENS_N : RING_SWITCH_CLOSES_N);
    if (atUs < Infinity) this.ringId = this.clock.schedule(atUs, this.onRingForce);
    if (this.needle.spot) this.needle.watch();
  }

  /** The ring switch follows hand and cap again. */
  updateRingSwitch(): void {
    const down = this.capOn || this.handPresses || this.loadN.ring >= RING_SWITCH_CLOSES_N;
    this.ringSwitch.set(this.clock.nowUs, down ? 1 : 0);
  }

  /** A weight on ring or pusher, in the place of the one before; 0 takes it off. */
  layOn(cell: 'ring' | 'pusher', newtons: number): void {
    this.loadN[cell] = newtons;
    this.updateRingSwitch();
  }

  changeSyringe(): void {
    this.syringeCount += 1;
    this.refillSyringe();
  }

  /** The same syringe, filled again. */
  refillSyringe(): void {
    this.plunger.sync();
    this.plunger.load(makeSyringe(this.setup, this.syringeCount), this.setup.syringe.fillUl, this.setup.syringe.capacityUl);
  }
}
