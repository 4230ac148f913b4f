// UART0 of the emulated chip as the gun's host line: bytes at their baud rate, and the transmit queue of 32 that the emulator leaves out.
// Not responsible for what lines mean. Runs at the desk. Source: RP2040 datasheet, 4.2 (UARTFR, FIFOs of 32).
import type { RP2040 } from 'rp2040js';
import type { ChipClock } from './chip-clock.ts';

const FLAGS = 0x18;
const TX_EMPTY = 1 << 7;
const TX_FULL = 1 << 5;
const BUSY = 1 << 3;
const QUEUE_BYTES = 32;
/** Start, eight bits, stop. */
const BITS_A_BYTE = 10;

export class UartWire {
  /** The gun has sent so much; taken by whoever reads. */
  said = '';
  private waiting = '';
  private at = 0;
  private sending = 0;
  private readonly byteNs: () => number;
  private readonly feed: { schedule(forNs: number): void };

  constructor(mcu: RP2040, clock: ChipClock) {
    const uart = mcu.uart[0];
    if (uart === undefined) throw new Error('no UART0');
    this.byteNs = () => (BITS_A_BYTE * 1e9) / uart.baudRate;
    const sent = clock.createAlarm(() => {
      this.sending -= 1;
      if (this.sending > 0) sent.schedule(this.byteNs());
    });
    uart.onByte = (value) => {
      this.said += String.fromCharCode(value);
      this.sending += 1;
      if (this.sending === 1) sent.schedule(this.byteNs());
    };
    const read = uart.readUint32.bind(uart);
    uart.readUint32 = (offset) => {
      const value = read(offset);
      if (offset !== FLAGS || this.sending === 0) return value;
      // One byte is in the shift register, the others in the queue.
      const full = this.sending - 1 >= QUEUE_BYTES ? TX_FULL : 0;
      const empty = this.sending > 1 ? 0 : TX_EMPTY;
      return (value & ~(TX_EMPTY | TX_FULL)) | BUSY | full | empty;
    };
    this.feed = clock.createAlarm(() => {
      if (!uart.rxEnabled || !uart.enabled) this.waiting = '';
      else uart.feedByte(this.waiting.charCodeAt(this.at++) & 0xff);
      if (this.at < this.waiting.length) this.feed.schedule(this.byteNs());
      else {
        this.waiting = '';
        this.at = 0;
      }
    });
  }

  /** Text from the host: on the wire now, byte by byte. */
  hear(text: string): void {
    const isIdle = this.waiting === '';
    this.waiting += text;
    if (isIdle && text !== '') this.feed.schedule(Number.isFinite(this.byteNs()) ? this.byteNs() : 0);
  }

  takeSaid(): string {
    const text = this.said;
    this.said = '';
    return text;
  }
}
