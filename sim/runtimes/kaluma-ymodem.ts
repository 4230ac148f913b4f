// The receiver of Kaluma's `.flash -w`, as its source has it, mistakes included. Not responsible for the console around it.
// Simulator only. Source: Kaluma 1.2.1 and 1.3, src/ymodem.c, targets/rp2/src/tty.c.
import type { ConsoleClock } from './console.ts';

const SOH = 0x01;
const STX = 0x02;
const EOT = 0x04;
const ACK = '\x06';
const NAK = '\x15';
const CAN = '\x18';
const ASK = 'C';
const HEAD_BYTES = 3;
const CRC_BYTES = 2;
/** One second, then it asks again. */
const TIMEOUT_MS = 1000;
const ERRORS_MAX = 5;

export interface YmodemFile {
  /** Erases the program area; answers for how long the chip is deaf. */
  begin(sizeBytes: number): number;
  write(data: Uint8Array): void;
  end(): void;
}

export function crc16(data: Uint8Array): number {
  let crc = 0;
  for (const byte of data) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = ((crc << 1) ^ (crc & 0x8000 ? 0x1021 : 0)) & 0xffff;
  }
  return crc;
}

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

export class YmodemReceiver {
  private readonly clock: ConsoleClock;
  private readonly say: (text: string) => void;
  private readonly file: YmodemFile;
  private readonly done: (result: 'Done' | 'Aborted') => void;
  private ring = '';
  private received = 0;
  private remaining = 0;
  private errors = 0;
  private begun = false;
  private deaf = false;
  private ended = false;
  private cancel = (): void => undefined;

  constructor(clock: ConsoleClock, say: (text: string) => void, file: YmodemFile, done: (result: 'Done' | 'Aborted') => void) {
    this.clock = clock;
    this.say = say;
    this.file = file;
    this.done = done;
    this.wait();
  }

  /** Bytes come into a ring that a time-out does not empty: what is left of a damaged packet is read as the next ones' heads. */
  hear(text: string): void {
    if (this.ended) return;
    this.ring += text;
    this.pump();
  }

  stop(): void {
    this.ended = true;
    this.cancel();
  }

  /** Bytes the ring must hold before the receiver takes any. */
  private get wanted(): number {
    const start = this.ring.charCodeAt(0);
    if (start === SOH || start === STX) return HEAD_BYTES + CRC_BYTES + (start === SOH ? 128 : 1024);
    return this.ring.startsWith(CAN) ? 2 : 1;
  }

  private wait(): void {
    this.cancel();
    if (!this.ended)
      this.cancel = this.clock.after(TIMEOUT_MS, () => {
        this.late();
      });
  }

  private late(): void {
    // The first byte of what is incomplete is gone, the rest stays.
    this.ring = this.ring.slice(1);
    this.fail();
    this.wait();
    this.pump();
  }

  private pump(): void {
    while (!this.ended && !this.deaf && this.ring.length >= this.wanted && this.ring !== '') {
      const taken = this.ring.slice(0, this.wanted);
      this.ring = this.ring.slice(taken.length);
      this.wait();
      this.take(taken);
    }
  }

  private take(text: string): void {
    const start = text.charCodeAt(0);
    if (text === 'a' || text === 'A') this.finish('Aborted', CAN + CAN);
    else if (text === CAN + CAN) this.finish('Aborted', ACK);
    else if (start === EOT) {
      this.errors = 0;
      this.say(ACK);
      this.received = 0;
    } else if (start === SOH || start === STX) this.packet(bytesOf(text));
    else this.fail();
  }

  private packet(bytes: Uint8Array): void {
    const data = bytes.subarray(HEAD_BYTES, bytes.length - CRC_BYTES);
    const crc = ((bytes.at(-2) ?? 0) << 8) | (bytes.at(-1) ?? 0);
    const number = bytes[1] ?? 0;
    if (number !== ((bytes[2] ?? 0) ^ 0xff) || crc16(data) !== crc) {
      this.fail();
      return;
    }
    this.errors = 0;
    if (number !== (this.received & 0xff)) {
      this.say(NAK);
      return;
    }
    if (this.received === 0) this.header(data);
    else {
      const take = data.subarray(0, Math.min(data.length, this.remaining));
      this.remaining -= take.length;
      this.file.write(take);
      this.say(ACK);
    }
    this.received += 1;
    this.begun = true;
  }

  private header(data: Uint8Array): void {
    if (data[0] === 0) {
      this.file.end();
      this.finish('Done', ACK);
      return;
    }
    const text = String.fromCharCode(...data);
    this.remaining = Number.parseInt(text.slice(text.indexOf('\0') + 1), 10);
    const deafForMs = this.file.begin(this.remaining);
    this.deaf = true;
    this.cancel();
    this.cancel = this.clock.after(deafForMs, () => {
      this.deaf = false;
      this.say(ACK + ASK);
      this.wait();
      this.pump();
    });
  }

  /** After more than five errors it says that it stops, and does not. */
  private fail(): void {
    if (this.begun) this.errors += 1;
    this.say(this.errors > ERRORS_MAX ? CAN + CAN : ASK);
  }

  private finish(result: 'Done' | 'Aborted', says: string): void {
    this.stop();
    this.say(says);
    this.done(result);
  }
}
