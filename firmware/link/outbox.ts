// What the gun has to say, in order of weight: answers, events, the newest prick, a journal entry, the heartbeat.
// Numbers the lines, sums their check within a byte budget a tick, hands them to the wire. Not responsible for what they say.
// Runs on the gun.
import type { Serial } from '../../hal/io.ts';
import { Crc32 } from '../store/crc32.ts';
import { ID_MAX } from './messages.ts';

/** Chosen: the host has one request under way; four keeps the answers of a host that has more. */
const ANSWERS_MAX = 4;
/** Chosen: a fault with its state changes and a hold fit twice. */
const EVENTS_MAX = 8;

/** A first-in first-out of texts with a fixed number of places. */
class TextQueue {
  count: number;
  private readonly texts: string[];
  private first: number;

  constructor(places: number) {
    this.count = 0;
    this.first = 0;
    this.texts = [];
    for (let i = 0; i < places; i++) this.texts.push('');
  }

  /** Answers 0, or 1 when it is full and the text was not taken. */
  put(text: string): number {
    if (this.count === this.texts.length) return 1;
    this.texts[(this.first + this.count) % this.texts.length] = text;
    this.count++;
    return 0;
  }

  take(): string {
    const text = this.texts[this.first] as string;
    this.texts[this.first] = '';
    this.first = (this.first + 1) % this.texts.length;
    this.count--;
    return text;
  }
}

/** Bounded: four answers, eight events, one each of the rest. What finds no place is dropped and counted. */
export class Outbox {
  /** Answers and events that found no place, pricks overtaken by a newer one. */
  dropped: number;
  /** Number of the line last given to the wire. */
  seq: number;
  /** 1 when there is nothing to say: most ticks. */
  idle: number;
  private readonly serial: Serial;
  private readonly answers: TextQueue;
  private readonly events: TextQueue;
  private prickText: string;
  private entryText: string;
  private beatText: string;
  private line: string;
  private summed: number;
  /** 1 when `line` carries its check and only waits for the wire. */
  private closed: number;
  private readonly crc: Crc32;

  constructor(serial: Serial) {
    this.dropped = 0;
    this.seq = 0;
    this.idle = 1;
    this.serial = serial;
    this.answers = new TextQueue(ANSWERS_MAX);
    this.events = new TextQueue(EVENTS_MAX);
    this.prickText = '';
    this.entryText = '';
    this.beatText = '';
    this.line = '';
    this.summed = 0;
    this.closed = 0;
    this.crc = new Crc32();
  }

  answer(text: string): void {
    this.idle = 0;
    this.dropped += this.answers.put(text);
  }

  event(text: string): void {
    this.idle = 0;
    this.dropped += this.events.put(text);
  }

  /** Progress: a prick that was not yet sent is overtaken. */
  prick(text: string): void {
    if (this.prickText) this.dropped++;
    this.prickText = text;
    this.idle = 0;
  }

  beat(text: string): void {
    this.beatText = text;
    this.idle = 0;
  }

  entry(text: string): void {
    this.entryText = text;
    this.idle = 0;
  }

  /** 1 when a journal entry may be put. */
  get entryFree(): number {
    return !this.entryText ? 1 : 0;
  }

  /** Spends up to `budget` bytes of summing and sends what is complete. Answers what it spent. */
  work(budget: number): number {
    let spent = 0;
    while (!this.idle) {
      if (!this.line && !this.open()) break;
      if (!this.closed) {
        if (spent >= budget) return spent;
        const to = Math.min(this.line.length, this.summed + budget - spent);
        this.crc.text(this.line, this.summed, to);
        spent += to - this.summed;
        this.summed = to;
        if (to < this.line.length) return spent;
        this.line += ` ${this.crc.hex()}\n`;
        this.closed = 1;
      }
      if (!this.serial.write(this.line)) return spent;
      this.line = '';
      this.closed = 0;
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
    this.summed = 0;
    this.crc.begin();
    return 1;
  }

  private heaviest(): string {
    if (this.answers.count > 0) return this.answers.take();
    if (this.events.count > 0) return this.events.take();
    let text = this.prickText;
    if (text) {
      this.prickText = '';
      return text;
    }
    text = this.entryText;
    if (text) {
      this.entryText = '';
      return text;
    }
    text = this.beatText;
    this.beatText = '';
    return text;
  }
}
