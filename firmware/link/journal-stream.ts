// Sends journal entries over the link, one line each: sixteen words as base64 of their 64 little-endian bytes.
// Not responsible for when: the link calls it outside TREATING. Runs on the gun.
import type { Base64 } from '../../hal/io.ts';
import { ENTRY_WORDS } from '../store/entry.ts';
import type { JournalReader } from './control.ts';
import type { Outbox } from './outbox.ts';

export class JournalStream {
  private readonly journal: JournalReader;
  private readonly outbox: Outbox;
  private readonly base64: Base64;
  private readonly words = new Int32Array(ENTRY_WORDS);
  private readonly bytes = new Uint8Array(this.words.buffer);
  private seq = 0;
  private left = 0;

  constructor(journal: JournalReader, outbox: Outbox, base64: Base64) {
    this.journal = journal;
    this.outbox = outbox;
    this.base64 = base64;
  }

  begin(from: number, count: number): void {
    this.seq = from;
    this.left = count;
  }

  /** Reads an entry and hands it to the outbox. Answers 0 when there is none to send or no place for it. */
  work(): number {
    if (!this.left || !this.outbox.entryFree) return 0;
    const lacks = this.journal.read(this.seq, this.words);
    this.outbox.entry(`{"ev":"entry","seq":${this.seq},${lacks ? '"no":1' : `"data":"${this.base64(this.bytes)}"`}}`);
    this.seq++;
    this.left--;
    return 1;
  }
}
