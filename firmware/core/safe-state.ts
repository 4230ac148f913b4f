// The way to the safe state, written straight to the chips: plunger stopped, needle home, ring kept until it is there,
// pressure relieved outside, ring released, everything off. Runs even when the session is broken.
// Not responsible for why (supervisor.ts). Source of the order: withdraw first, release pressure only outside tissue (R48).
import { TAP_STATUS, TAP_X_ENC_READ, TAP_XACTUAL_READ } from '../../hal/drivers/tap.ts';
import { IOIN_REFL, REG_IOIN, REG_VMAX, REG_XACTUAL, REG_XTARGET, REG_X_ENC, SPI_RESET_FLAG } from '../../hal/drivers/tmc5240-registers.ts';
import { since } from '../../hal/units.ts';
import type { AtMs } from '../../hal/units.ts';

/** An axis as the supervisor may touch it: registers and what went over the bus. */
export interface SafeAxis {
  readonly tap: Int32Array;
  /** Writes and reads back; 0 = it stands in the chip. */
  set(register: number, value: number): number;
  readRaw(register: number): number;
  /** VMAX = VSTART = 0 in position mode, read back: stops by AMAX and never comes back. */
  halt(): number;
  off(): number;
}

/** 100 mm/s and 40 mm/s for the needle: V = v·800·2^24/12.5 MHz. */
const RETRACT_VELOCITY = 107374;
const SLOW_VELOCITY = 42950;
/** 3 mm/s for the plunger: V = v·51 200·2^24/12.5 MHz. */
const RELIEVE_VELOCITY = 206158;
/** Chosen: 0.05 mm of plunger travel, below 10 µL with every syringe. */
const RELIEVE_STEPS = 2560;
/** Encoder this near to home counts as home: 0.3 mm. */
const NEAR_HOME = 240;
/** Encoder further out than it has been by this much, 0.5 mm, while it should come home. */
const WRONG_WAY = 400;
const HOME_FOR_MS = 400;
const RETRY_FOR_MS = 800;
const RELIEVE_FOR_MS = 100;

const STOPPING = 0;
const HOMEWARD = 1;
const RETRYING = 2;
const RELIEVING = 3;

export class SafeState {
  /** 1 from begin() until everything is off. */
  running = 0;
  /** 1 when home could not be proven: withdraw by hand. */
  jammed = 0;
  private readonly needle: SafeAxis;
  private readonly plunger: SafeAxis;
  private readonly releaseRing: () => void;
  private phase = STOPPING;
  private relieve = 0;
  private leastEncoder = 0;
  private beganAtMs = 0 as AtMs;

  constructor(needle: SafeAxis, plunger: SafeAxis, releaseRing: () => void) {
    this.needle = needle;
    this.plunger = plunger;
    this.releaseRing = releaseRing;
  }

  begin(nowMs: AtMs, relieve: number): void {
    this.running = 1;
    this.jammed = 0;
    this.phase = STOPPING;
    this.relieve = relieve;
    this.beganAtMs = nowMs;
    this.leastEncoder = this.needle.tap[TAP_X_ENC_READ] as number;
  }

  /** One tick. Returns 1 while the drivers need their power. */
  step(nowMs: AtMs): number {
    if (!this.running) return 0;
    const forMs = since(nowMs, this.beganAtMs);
    if (this.phase === STOPPING) {
      this.plunger.halt();
      this.retract(RETRACT_VELOCITY);
      this.phase = HOMEWARD;
    } else if (this.phase === RELIEVING) {
      if (forMs >= RELIEVE_FOR_MS) this.finish();
    } else if (this.advances()) {
      this.jammed = 1;
      this.finish();
    } else if (this.home()) {
      this.beganAtMs = nowMs;
      this.phase = RELIEVING;
      if (!this.relievePressure()) this.finish();
    } else if (this.phase === HOMEWARD && forMs > HOME_FOR_MS) {
      this.retract(SLOW_VELOCITY);
      this.phase = RETRYING;
    } else if (forMs > RETRY_FOR_MS) {
      // No home switch in time: both off, the spring has the needle, the operator is told to withdraw by hand.
      this.jammed = 1;
      this.finish();
    }
    return this.running;
  }

  /**
   * Home is target 0, but only from the patient's side of it. A counter that is negative has lost its meaning (homing ran past a
   * dead switch): from there 0 would lie towards the patient, so the needle is only stopped and left to its spring.
   */
  private retract(velocity: number): void {
    const needle = this.needle;
    if (needle.readRaw(REG_XACTUAL) < -NEAR_HOME) {
      needle.set(REG_VMAX, 0);
      return;
    }
    needle.set(REG_XTARGET, 0);
    needle.set(REG_VMAX, velocity);
  }

  /** The needle goes the wrong way, by its own encoder: nothing the chip is told can be trusted. */
  private advances(): boolean {
    const encoder = this.needle.tap[TAP_X_ENC_READ] as number;
    if (encoder < this.leastEncoder) this.leastEncoder = encoder;
    return encoder > this.leastEncoder + WRONG_WAY;
  }

  /**
   * The switch says so, on the pin itself, and the motor's encoder agrees, so that a switch stuck closed is not believed.
   * A chip out of reset has lost its encoder's zero: there the switch alone counts. Nonsense counts as not home.
   */
  private home(): number {
    const needle = this.needle;
    const pins = needle.readRaw(REG_IOIN);
    const encoder = needle.readRaw(REG_X_ENC);
    if (!pins || pins === -1 || !(pins & IOIN_REFL)) return 0;
    if ((needle.tap[TAP_STATUS] as number) & SPI_RESET_FLAG) return 1;
    return encoder <= NEAR_HOME && encoder >= -NEAR_HOME ? 1 : 0;
  }

  /** Outside tissue only: a little back, if the plunger's chip still knows where it is. */
  private relievePressure(): number {
    if (!this.relieve || (this.plunger.tap[TAP_STATUS] as number) & SPI_RESET_FLAG) return 0;
    const at = this.plunger.readRaw(REG_XACTUAL);
    if (at !== this.plunger.tap[TAP_XACTUAL_READ] || at < RELIEVE_STEPS) return 0;
    if (this.plunger.set(REG_XTARGET, at - RELIEVE_STEPS)) return 0;
    return this.plunger.set(REG_VMAX, RELIEVE_VELOCITY) ? 0 : 1;
  }

  private finish(): void {
    this.plunger.off();
    this.needle.off();
    this.releaseRing();
    this.running = 0;
  }
}
