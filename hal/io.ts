// What a board gives a driver: buses, pins, flash, clock. After ECMA-419 (IO handed in, synchronous), without its allocation; what does one
// thing is a plain function, and most names are none that a runtime has: an image has those shortened. Not responsible for what hangs on the
// wires. Implemented by hal/ports (the runtimes) and sim/virtual-board.ts (the virtual gun); the same contract tests run on all.
import type { AtMs } from './units.ts';

/**
 * One chip on an SPI bus. The device owns chip select and the bus settings (mode 3 for the ramp chips).
 * Must: hold chip select low for exactly this buffer, MSB first, leave it as it was, and answer the reply in an array of its own,
 * which the caller may keep and send.
 * Must not: throw, or be called from inside another transfer.
 */
export interface SpiDevice {
  exchange(buffer: Uint8Array): Uint8Array;
  /** The same for a datagram whose reply nobody wants: runtimes take half the time and make no array. */
  tell(buffer: Uint8Array): void;
}

/** An I2C bus with one master. Never throws. */
export interface I2cBus {
  /** Writes all of `buffer`, which must own its memory, to the 7-bit `address`. 0, or BUS_NACK: nobody acknowledged. */
  writeBytes(address: number, buffer: Uint8Array): number;
  /** Writes the register byte, then reads `lengthBytes`, without a stop in between. Null: nobody acknowledged. */
  readRegister(address: number, register: number, lengthBytes: number): Uint8Array | null;
}
export const BUS_NACK = 1;

export type Level = 0 | 1;
export type DigitalIn = () => Level;
export type DigitalOut = (level: Level) => void;
/** Pulse width in permille of the period, 0 to 1000. The pin rests low at 0. */
export type PwmOut = (dutyPermille: number) => void;
/** A tone generator on a PWM pin: 0 Hz is silence. */
export type ToneOut = (frequencyHz: number) => void;
/** One addressable RGB lamp, 0xRRGGBB. */
export type LampOut = (rgb: number) => void;

/**
 * Raw NOR flash reserved for the store: sectors of 4096 B, pages of 256 B, erased to 0xFF, programming clears bits.
 * `program` takes whole pages at page-aligned addresses; bytes of 0xFF leave what is there.
 * Errors are swallowed by real ports, so callers read back. Erase stops JavaScript for tens of ms: never with the needle in (R31).
 */
export interface Flash {
  readonly sectorCount: number;
  read(addressBytes: number, into: Uint8Array): void;
  program(addressBytes: number, page: Uint8Array): void;
  erase(sectorIndex: number): void;
}
export const FLASH_SECTOR_BYTES = 4096;
export const FLASH_PAGE_BYTES = 256;

/** The host line. Text is 8-bit characters; `hear` answers what has come since the last call, '' for nothing. */
export interface Serial {
  hear(): string;
  /** Queues the text and returns at once; a full queue drops the whole text and answers 0, else 1. */
  say(text: string): number;
}

/** Monotonic milliseconds, unsigned 32 bit, wraps. Compare only through `since()`. */
export type Clock = () => AtMs;

/** Base64 of bytes, padded. Source: RFC 4648 §4. */
export type Base64 = (bytes: Uint8Array) => string;

/** Everything a gun hangs on, by function. Handed in once; nothing reaches for a global. */
export interface Board {
  readonly name: string;
  /** The board's tick. Chosen: 20 ms on Kaluma, 50 ms on Espruino (statement cost, see firmware/README.md). */
  readonly tickMs: number;
  readonly nowMs: Clock;
  readonly needleSpi: SpiDevice;
  readonly plungerSpi: SpiDevice;
  /** Ring load cell (and screen). Both NAU7802 answer at 0x2A, hence two buses. */
  readonly ringI2c: I2cBus;
  /** Plunger load cell. */
  readonly plungerI2c: I2cBus;
  /** Edge-fed monostable in front of DRV_ENN of both chips: toggling keeps the drivers on, silence drops them. */
  readonly kick: DigitalOut;
  /** 1 = pressed. Raw contact: it bounces. */
  readonly trigger: DigitalIn;
  /** 1 = the ring is pushed in by at least 0.5 mm, by skin or by the probe cap. */
  readonly ringSwitch: DigitalIn;
  /** 1 = held: technician commands need it. */
  readonly serviceSwitch: DigitalIn;
  /** 1 = pressed: the operator confirms at the gun. Raw contact, as the other two. */
  readonly okButton: DigitalIn;
  readonly upButton: DigitalIn;
  readonly downButton: DigitalIn;
  readonly stampDrive: PwmOut;
  readonly lamp: LampOut;
  readonly buzzer: ToneOut;
  readonly flash: Flash;
  readonly serial: Serial;
  readonly base64: Base64;
  /** Asked in spare time: a runtime that is about to collect garbage does it now rather than in a tick that has much to do. */
  tidy(): void;
  /** The runtime's own watchdog: resets the processor when not fed. */
  feedWatchdog(): void;
  /** 8 bytes that identify this gun, for records bound to it (R33). */
  readonly deviceId: number;
}
