// Sends journal entries over the link, one line each: sixteen words as base64 of their 64 little-endian bytes.
// Works in slices so that no tick waits for a whole entry. Not responsible for when: the link calls it outside TREATING.
// Runs on the gun.
import { ENTRY_BYTES, ENTRY_WORDS } from '../store/entry.ts';
import type { JournalReader } from './control.ts';
import type { Outbox } from './outbox.ts';

// Source: RFC 4648 §4.
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** Bytes encoded in one call, a multiple of three. Chosen: 32 characters cost about 2 ms on the slower engine. */
const SLICE_BYTES = 24;
const NOT_READ = -1;

export class JournalStream {
  private readonly journal: JournalReader;
  private readonly outbox: Outbox;
  private readonly words: Int32Array;
  private seq: number;
  private left: number;
  private encoded: number;
  private text: string;

  constructor(journal: JournalReader, outbox: Outbox) {
    this.journal = journal;
    this.outbox = outbox;
    this.words = new Int32Array(ENTRY_WORDS);
    this.seq = 0;
    this.left = 0;
    this.encoded = NOT_READ;
    this.text = '';
  }

  begin(from: number, count: number): void {
    this.seq = from;
    this.left = count;
    this.encoded = NOT_READ;
    this.text = '';
  }

  /** One slice of work: reads an entry, or encodes a part of it and hands the last part to the outbox. Answers 0 when there was none. */
  work(): number {
    if (!this.left) return 0;
    if (this.encoded < 0) {
      if (!this.outbox.entryFree) return 0;
      this.encoded = 0;
      if (this.journal.read(this.seq, this.words)) {
        this.outbox.entry(`{"ev":"entry","seq":${this.seq},"no":1}`);
        this.nextEntry();
      }
      return 1;
    }
    this.encode(Math.min(ENTRY_BYTES, this.encoded + SLICE_BYTES));
    if (this.encoded === ENTRY_BYTES) {
      this.outbox.entry(`{"ev":"entry","seq":${this.seq},"data":"${this.text}"}`);
      this.nextEntry();
    }
    return 1;
  }

  private nextEntry(): void {
    this.seq++;
    this.left--;
    this.encoded = NOT_READ;
    this.text = '';
  }

  private byteAt(at: number): number {
    return ((this.words[at >> 2] as number) >> ((at & 3) * 8)) & 255;
  }

  private encode(to: number): void {
    let text = this.text;
    for (let at = this.encoded; at < to; at += 3) {
      const bits = (this.byteAt(at) << 16) | (this.byteAt(at + 1) << 8) | this.byteAt(at + 2);
      text += ALPHABET.charAt(bits >> 18) + ALPHABET.charAt((bits >> 12) & 63);
      // One byte is left at the end; behind it every byte reads as 0.
      text += at < ENTRY_BYTES - 1 ? ALPHABET.charAt((bits >> 6) & 63) + ALPHABET.charAt(bits & 63) : '==';
    }
    this.text = text;
    this.encoded = to;
  }
}
