// What the gun has to say, in order of weight: answers, events, the newest prick, a journal entry, the heartbeat.
// Numbers the lines, sums their check within a byte budget a tick, hands them to the wire. Not responsible for what they say.
// Runs on the gun.
import type { Serial } from '../../hal/io.ts';
import { Crc32 } from '../store/crc32.ts';
import { CLOSING_BYTES } from './frame.ts';
import { ID_MAX } from './messages.ts';

/** Chosen: the host has one request under way; four keeps the answers of a host that has more. */
const ANSWERS_MAX = 4;
/** Chosen: a fault with its state changes and a hold fit twice. */
const EVENTS_MAX = 8;

// Of these only the newest is kept, in the order in which they are said.
const PRICK = 0;
const ENTRY = 1;
const BEAT = 2;

/** Bounded: four answers, eight events, one each of the rest. What finds no place is dropped and counted. */
export class Outbox {
  /** Answers and events that found no place, pricks overtaken by a newer one. */
  dropped: number;
  /** Number of the line last given to the wire. */
  seq: number;
  /** 1 when there is nothing to say: most ticks. */
  idle: number;
  private readonly serial: Serial;
  private readonly answers: string[];
  private readonly events: string[];
  private readonly newest: string[];
  private line: string;
  /** 1 when `line` carries its check and only waits for the wire. */
  private closed: number;
  private readonly crc: Crc32;

  constructor(serial: Serial) {
    this.dropped = 0;
    this.seq = 0;
    this.idle = 1;
    this.serial = serial;
    this.answers = [];
    this.events = [];
    this.newest = ['', '', ''];
    this.line = '';
    this.closed = 0;
    this.crc = new Crc32();
  }

  answer(text: string): void {
    this.queue(this.answers, ANSWERS_MAX, text);
  }

  event(text: string): void {
    this.queue(this.events, EVENTS_MAX, text);
  }

  private queue(texts: string[], most: number, text: string): void {
    this.idle = 0;
    if (texts.length < most) texts.push(text);
    else this.dropped++;
  }

  /** Progress: a prick that was not yet sent is overtaken. */
  prick(text: string): void {
    if (this.newest[PRICK]) this.dropped++;
    this.put(PRICK, text);
  }

  beat(text: string): void {
    this.put(BEAT, text);
  }

  entry(text: string): void {
    this.put(ENTRY, text);
  }

  private put(kind: number, text: string): void {
    this.newest[kind] = text;
    this.idle = 0;
  }

  /** The newest prick is still to be said. */
  get prickWaits(): boolean {
    return !!this.newest[PRICK];
  }

  /** A journal entry may be put. */
  get entryFree(): boolean {
    return !this.newest[ENTRY];
  }

  /** Spends up to `budget` bytes of summing and sends what is complete: with a small budget a line a call. Answers what it spent, 0 for nothing. */
  work(budget: number): number {
    let spent = 0;
    while (!this.idle) {
      if (!this.line && !this.open()) break;
      if (!this.closed) {
        if (spent >= budget) break;
        const length = this.line.length;
        const bytes = this.crc.sumUpTo(this.line, length, budget - spent);
        spent += bytes;
        if (this.crc.at < length || (bytes && budget <= CLOSING_BYTES)) break;
        this.line += ` ${this.crc.hex()}\n`;
        this.closed = 1;
      }
      if (!this.serial.say(this.line)) break;
      this.line = '';
      this.closed = 0;
      if (budget <= CLOSING_BYTES) return 1;
    }
    return spent;
  }

  /** Takes the weightiest text and numbers it. Answers 0 when there is none. */
  private open(): number {
    const text = this.heaviest();
    if (!text) {
      this.idle = 1;
      return 0;
    }
    this.seq = this.seq >= ID_MAX ? 1 : this.seq + 1;
    this.line = `${this.seq} ${text}`;
    this.crc.begin();
    return 1;
  }

  private heaviest(): string {
    let text = this.answers.shift() || this.events.shift() || '';
    for (let kind = PRICK; !text && kind <= BEAT; kind++) {
      text = this.newest[kind] as string;
      this.newest[kind] = '';
    }
    return text;
  }
}
