// Reads lines `<seq> <json> <crc32 hex>\n` out of whatever the wire brings, within a byte budget a tick, and hears `!`.
// The check covers everything in front of the space before it. Not responsible for what a line means. Runs on the gun.
import { Crc32 } from '../store/crc32.ts';
import { isInt } from './fields.ts';
import { ID_MAX, LINE_MAX } from './messages.ts';

/** Chosen: text that waits for the budget; the desk has one request and a few acknowledgements under way. */
export const WAITING_MAX = 640;
const CRC_DIGITS = 8;
/** Lines cut off in one call, so that a flood of line feeds costs little. Chosen: the host sends one to three a tick. */
const CUTS_MAX = 8;
/** What a line's check in digits weighs, in bytes of summing. Measured: 1.2 ms for 0.1 a byte, on an emulated RP2040. */
export const CLOSING_BYTES = 12;
/** Shortest line without its line feed: `1 {} 01234567`. */
const LINE_MIN = 13;

/**
 * Bounded: at most 640 characters wait, at most 160 make a line; what is more is dropped up to the next line feed.
 * Nothing leaves it but lines whose check is right.
 */
export class LineReader {
  /** Stops heard since boot. */
  stops: number;
  /** Lines dropped: wrong check, no number, too long. */
  badLines: number;
  /** Times that more text came than may wait. */
  overflows: number;
  /** 1 when the last `work` found a good line: its JSON text follows. */
  ready: number;
  body: string;
  private waiting: string;
  /** 1 = the rest up to the next line feed belongs to a line given up. */
  private dropping: number;
  private line: string;
  /** Where the check starts; 0 = no line under way. */
  private crcAt: number;
  private readonly crc: Crc32;

  constructor() {
    this.stops = 0;
    this.badLines = 0;
    this.overflows = 0;
    this.ready = 0;
    this.body = '';
    this.waiting = '';
    this.dropping = 0;
    this.line = '';
    this.crcAt = 0;
    this.crc = new Crc32();
  }

  /** Nothing waits to be read. */
  get idle(): boolean {
    return !this.crcAt && !this.waiting;
  }

  /** Takes what the wire brought. Stops are heard here, before any budget, and taken out of the text. */
  take(chunk: string): void {
    let text = chunk;
    if (text.indexOf('!') >= 0) {
      const parts = text.split('!');
      this.stops += parts.length - 1;
      text = parts.join('');
    }
    if (this.waiting.length + text.length <= WAITING_MAX) {
      this.waiting += text;
      return;
    }
    this.overflows++;
    const end = text.lastIndexOf('\n');
    this.dropping = end < 0 ? 1 : 0;
    this.waiting = end < 0 || text.length - end > LINE_MAX ? '' : text.slice(end + 1);
    if (end >= 0 && text.length - end > LINE_MAX) this.dropping = 1;
  }

  /**
   * Spends up to `budget` bytes of summing. Answers what it summed, at least 1 when it closed a line; `ready` says whether a good line came
   * of it. At most one good line a call.
   */
  work(budget: number): number {
    let spent = 0;
    let cuts = 0;
    this.ready = 0;
    while (!this.ready) {
      if (!this.crcAt) {
        if (cuts === CUTS_MAX || !this.next()) break;
        cuts++;
        continue;
      }
      if (spent >= budget) break;
      const bytes = this.crc.sumUpTo(this.line, this.crcAt, budget - spent);
      spent += bytes;
      if (this.crc.at < this.crcAt || (bytes && budget <= CLOSING_BYTES)) break;
      this.close();
      if (!spent) spent = 1;
    }
    return spent;
  }

  /** Cuts the next line off what waits. Answers 0 when no whole line is there. */
  private next(): number {
    const end = this.waiting.indexOf('\n');
    if (end < 0) {
      if (this.waiting.length >= LINE_MAX) {
        if (!this.dropping) this.badLines++;
        this.dropping = 1;
      }
      if (this.dropping) this.waiting = '';
      return 0;
    }
    const line = this.waiting.slice(0, end);
    this.waiting = this.waiting.slice(end + 1);
    if (this.dropping) this.dropping = 0;
    else this.open(line);
    return 1;
  }

  private open(line: string): void {
    const crcAt = line.length - CRC_DIGITS - 1;
    if (!line.length) return;
    if (line.length < LINE_MIN || line.length >= LINE_MAX || line.charCodeAt(crcAt) !== 32) {
      this.badLines++;
      return;
    }
    this.line = line;
    this.crcAt = crcAt;
    this.crc.begin();
  }

  private close(): void {
    const line = this.line;
    const space = line.indexOf(' ');
    if (line.slice(this.crcAt + 1) !== this.crc.hex() || !isInt(+line.slice(0, space), 1, ID_MAX) || space >= this.crcAt) this.badLines++;
    else {
      this.body = line.slice(space + 1, this.crcAt);
      this.ready = 1;
    }
    this.crcAt = 0;
    this.line = '';
  }
}
