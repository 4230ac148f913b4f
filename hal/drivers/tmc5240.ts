// The TMC5240 as a set of registers behind one chip select: datagrams, read-back, presence. Knows no motion and no units.
// Runs on the gun. Source: TMC5240 datasheet 19-101625 Rev 1, SPI interface (40-bit datagrams, replies one datagram late).
import { DEVICE_BUS, DEVICE_LIMIT, DEVICE_MISSING, OK } from '../devices.ts';
import type { SpiDevice } from '../io.ts';
import { TAP_READ_ERRORS, TAP_STATUS, TAP_WORDS } from './tap.ts';
import {
  IOIN_VERSION_SHIFT,
  RAMPMODE_HOLD,
  RAMPMODE_POSITION,
  REG_GCONF,
  REG_IOIN,
  REG_RAMPMODE,
  REG_VMAX,
  VERSION_TMC5240,
  WRITE,
} from './tmc5240-registers.ts';

/** First try and two more (R23). */
const TRIES = 3;

/** The data of a reply, signed. Five reads and no view: a runtime answers in an array of its own. */
export const wordOf = (reply: Uint8Array): number =>
  ((reply[1] as number) << 24) | ((reply[2] as number) << 16) | ((reply[3] as number) << 8) | (reply[4] as number);

/** A datagram that asks for a register. */
export const asking = (register: number): Uint8Array => {
  const datagram = new Uint8Array(5);
  datagram[0] = register;
  return datagram;
};
/** GCONF has no side effect and holds 0. */
export const ASK_NOTHING = asking(REG_GCONF);

export class Tmc5240 {
  /** See tap.ts. */
  readonly tap: Int32Array;
  /** SPI_STATUS of the last datagram; it describes the chip at the end of the datagram before. */
  status: number;
  /** VMAX as the bus has it: 0 after a stop. */
  vmax: number;
  /** What the last readSteady() read. */
  answer: number;
  private readonly bus: SpiDevice;
  private readonly octets: Uint8Array;

  constructor(spi: SpiDevice) {
    this.bus = spi;
    this.octets = new Uint8Array(5);
    this.tap = new Int32Array(TAP_WORDS);
    this.status = 0;
    this.vmax = 0;
    this.answer = 0;
  }

  /** One datagram whose reply is not wanted: a write, not verified, or a question that the next datagram answers. */
  put(head: number, value: number): void {
    this.bus.tell(this.framed(head, value));
    if (!(head & WRITE)) return;
    this.tap[head] = value;
    if (head === (REG_VMAX | WRITE)) this.vmax = value;
  }

  /**
   * Asks for a register. Returns the data of the reply, signed: what was asked for by the datagram before.
   * It carries what the register is believed to hold, so that a disturbed W bit writes nothing new.
   */
  exchange(register: number, believed: number): number {
    return this.taken(this.bus.exchange(this.framed(register, believed)));
  }

  /** What the datagram before asked for. */
  answered(): number {
    return this.taken(this.bus.exchange(ASK_NOTHING));
  }

  private framed(head: number, value: number): Uint8Array {
    const sent = this.octets;
    sent[0] = head;
    sent[1] = value >> 24;
    sent[2] = value >> 16;
    sent[3] = value >> 8;
    sent[4] = value;
    return sent;
  }

  private taken(reply: Uint8Array): number {
    const status = reply[0] as number;
    this.status = status;
    this.tap[TAP_STATUS] = status;
    return wordOf(reply);
  }

  /** Two datagrams. */
  read(register: number, believed: number): number {
    this.put(register, believed);
    const word = this.answered();
    if (word !== -1 || this.status !== 0xff) this.tap[register] = word;
    return word;
  }

  /** One datagram, not verified: for registers that are cleared by writing ones. */
  write(register: number, value: number): void {
    this.put(register | WRITE, value);
  }

  /**
   * Writes and reads back, two more times if they differ; 0 or DEVICE_BUS. RAMPMODE takes position and hold only (R01):
   * a velocity mode answers DEVICE_LIMIT and nothing is sent.
   */
  writeVerified(register: number, value: number): number {
    if (register === REG_RAMPMODE && value !== RAMPMODE_POSITION && value !== RAMPMODE_HOLD) return DEVICE_LIMIT;
    for (let i = 0; i < TRIES; i++) {
      this.write(register, value);
      const word = this.read(register, value);
      if (word === value && this.credible(this.status, word)) return OK;
      this.countError();
    }
    return DEVICE_BUS;
  }

  /** Two registers, and both read back in one datagram less than one by one: two more times if one differs. 0 or DEVICE_BUS. */
  writeBoth(first: number, firstValue: number, second: number, secondValue: number): number {
    for (let i = 0; i < TRIES; i++) {
      this.write(first, firstValue);
      this.write(second, secondValue);
      this.put(first, firstValue);
      const before = this.exchange(second, secondValue);
      const word = this.answered();
      if (before === firstValue && word === secondValue && this.credible(this.status, word)) return OK;
      this.countError();
    }
    return DEVICE_BUS;
  }

  /** Reads a register that stands still until two answers agree; `answer` has the word. 0 or DEVICE_BUS. */
  readSteady(register: number, believed: number): number {
    let before = this.read(register, believed);
    for (let i = 0; i < TRIES; i++) {
      const word = this.read(register, believed);
      if (word === before && this.credible(this.status, word)) {
        this.answer = word;
        return OK;
      }
      this.countError();
      before = word;
    }
    return DEVICE_BUS;
  }

  /**
   * 1 when a working chip may have sent this. All ones never comes from one; all zeros does, at position 0 in motion,
   * so the version is asked before it is called dead (R23).
   */
  credible(status: number, word: number): number {
    if (status === 0xff && word === -1) return 0;
    return !status && !word && this.read(REG_IOIN, 0) >>> IOIN_VERSION_SHIFT !== VERSION_TMC5240 ? 0 : 1;
  }

  /** Asks the version twice: 0 or DEVICE_MISSING. Four datagrams. */
  probe(): number {
    for (let i = 0; i < 2; i++) if (this.read(REG_IOIN, 0) >>> IOIN_VERSION_SHIFT !== VERSION_TMC5240) return DEVICE_MISSING;
    return OK;
  }

  countError(): void {
    this.tap[TAP_READ_ERRORS] = (this.tap[TAP_READ_ERRORS] as number) + 1;
  }
}
