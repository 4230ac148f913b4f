// The journal: a ring of 64-byte entries in flash, each chained to the one before, written in steps of at most 2 ms, one a tick: sum,
// program, read back. INTENT is durable before motion; what cannot be written is dropped and said so, never tried for ever (R10, R41).
// Not responsible for what entries mean (ledger.ts counts them, the core fills them) nor for its ground (journal-sectors.ts). Runs on the gun.
import { DEVICE_BUS, DEVICE_LIMIT } from '../../hal/devices.ts';
import type { Flash } from '../../hal/io.ts';
import type { AtMs } from '../../hal/units.ts';
import { Crc32 } from './crc32.ts';
import { E_AT_MS, E_HEAD, E_PAYLOAD, E_SEQ, E_SESSION, ENTRY_WORDS, KIND_CHECKPOINT } from './entry.ts';
import { JournalSectors, SECTOR_BAD, SECTOR_READY, SECTOR_USED } from './journal-sectors.ts';
import { CRC_AT_HALF, SLOTS_PER_PAGE, SLOTS_PER_SECTOR } from './slots.ts';

/** Entries that may wait to be written, at most. Chosen: a hold, a fault, its RESULT and END come together; a fifth waits for none. */
const QUEUE = 4;
/** Halves summed in a step: 1.4 ms on the slower engine; a divisor of CRC_AT_HALF. */
const SUM_HALVES = 15;
// Steps of an entry: BEGIN, how many halves are summed, CRC_AT_HALF when it is sealed, PROGRAMMED.
const BEGIN = -1;
const PROGRAMMED = 31;

/** The journal of one gun. Call scan() first. */
export class Journal extends JournalSectors {
  /** The entry staged last: the caller fills the payload words before the next step. */
  words: Int32Array;
  /** 1 while step() has something to do. */
  busy = 0;
  /** 1 = the entry staged last is summed but not programmed until release(); another stage() drops it. */
  held = 0;
  /** Why an entry was dropped last: DEVICE_LIMIT when no erased slot was left, DEVICE_BUS when two pages failed. The reader clears it. */
  failure = 0; // OK
  /** QUEUE entries and, behind them, the checkpoint. */
  private readonly entries: Int32Array[] = [];
  private readonly halves: Uint16Array[] = [];
  private first = 0;
  private at = -1; // BEGIN
  private failures = 0;
  /** Sector whose checkpoint is being written, else -1. */
  private opening = -1;
  private readonly crc = new Crc32();

  constructor(flash: Flash, firstSector: number, sectorCount: number) {
    super(flash, firstSector, sectorCount);
    for (let at = 0; at <= QUEUE; at++) {
      const words = new Int32Array(ENTRY_WORDS);
      this.entries[at] = words;
      this.halves[at] = new Uint16Array(words.buffer);
    }
    this.words = this.entries[0] as Int32Array;
  }

  /** Queues an entry: clears `words` and sets its head. Drops one that is held; finishes what waits when there are QUEUE of them. */
  stage(kind: number, code: number, prick: number, sessionId: number, atMs: AtMs): void {
    if (this.held) {
      this.held = 0;
      this.queued--;
      if (!this.queued && this.opening < 0) this.at = BEGIN;
    }
    if (this.queued === QUEUE) this.finish();
    const words = this.entries[(this.first + this.queued) % QUEUE] as Int32Array;
    this.words = words;
    this.queued++;
    this.busy = 1;
    words.fill(0);
    words[E_HEAD] = kind | (code << 8) | (prick << 16);
    words[E_AT_MS] = atMs | 0;
    words[E_SESSION] = sessionId;
  }

  /** Lets the held entry be written: when it is sealed, its page is programmed at once. */
  release(): void {
    this.held = 0;
    this.busy = 1;
    if (this.at === CRC_AT_HALF) this.step();
  }

  /** All steps that there are to do. */
  finish(): void {
    while (this.busy) this.step();
  }

  /**
   * One step towards the oldest entry that waits: begins it, sums a part, programs its page, or reads it back and counts it. A full sector
   * first gets its successor opened by a checkpoint. A slot that does not take the entry is burnt and the rest of its page skipped, once.
   */
  step(): void {
    if (!this.busy) return;
    if (this.at === BEGIN) this.begin();
    if (this.at === BEGIN) return;
    const opening = this.opening;
    const index = opening < 0 ? this.first : QUEUE;
    const words = this.entries[index] as Int32Array;
    const sector = opening < 0 ? this.scanner.headSector : opening;
    const slot = opening < 0 ? this.scanner.nextSlot : 0;
    if (this.at < CRC_AT_HALF) this.sum(this.halves[index] as Uint16Array);
    else if (this.at === CRC_AT_HALF) {
      this.slots.program(sector, slot, words);
      this.at = PROGRAMMED;
    } else {
      this.at = BEGIN;
      if (!this.slots.verify(sector, slot, words)) this.take(slot, words);
      else this.spoilt(slot);
    }
    // What is held is left alone once it is sealed.
    if (!this.queued || (this.held && this.queued === 1 && this.opening < 0 && this.at === CRC_AT_HALF)) this.busy = 0;
  }

  /** Chains the next entry; one that finds no ground is dropped. */
  private begin(): void {
    if (this.scanner.nextSlot >= SLOTS_PER_SECTOR) {
      this.opening = this.sectorAfterHead(SECTOR_READY);
      if (this.opening < 0) {
        this.drop(DEVICE_LIMIT);
        return;
      }
      this.checkpoint();
    }
    const index = this.opening < 0 ? this.first : QUEUE;
    (this.entries[index] as Int32Array)[E_SEQ] = this.scanner.lastSeq + 1;
    this.slots.chain(this.halves[index] as Uint16Array);
    this.crc.begin();
    this.at = 0;
  }

  private sum(halves: Uint16Array): void {
    const to = this.at + SUM_HALVES;
    this.crc.halves(halves, this.at, to);
    this.at = to;
    if (to === CRC_AT_HALF) this.crc.store(halves, to);
  }

  private take(slot: number, words: Int32Array): void {
    const scanner = this.scanner;
    const seq = words[E_SEQ] as number;
    this.slots.accept();
    this.ledger.apply(words);
    scanner.lastSeq = seq;
    scanner.nextSlot = slot + 1;
    if (this.opening < 0) {
      this.leave();
      return;
    }
    scanner.headSector = this.opening;
    scanner.firstSeq[this.opening] = seq;
    this.openedAs(SECTOR_USED);
  }

  /** The oldest entry waits no more. */
  private leave(): void {
    this.failures = 0;
    this.first = (this.first + 1) % QUEUE;
    this.queued--;
    if (!this.queued) this.held = 0;
  }

  private drop(code: number): void {
    this.failure = code;
    this.leave();
    this.busy = this.queued ? 1 : 0;
  }

  private openedAs(state: number): void {
    this.sectorStates[this.opening] = state;
    this.readySectors--;
    this.opening = -1;
  }

  /** A slot did not take its entry. */
  private spoilt(slot: number): void {
    if (this.opening >= 0) {
      this.slots.burn(this.opening, 0);
      this.openedAs(SECTOR_BAD);
      return;
    }
    const end = slot - (slot % SLOTS_PER_PAGE) + SLOTS_PER_PAGE;
    for (let at = slot; at < end; at++) this.slots.burn(this.scanner.headSector, at);
    this.scanner.nextSlot = end;
    this.failures++;
    if (this.failures > 1) this.drop(DEVICE_BUS);
  }

  /** The totals, as the first entry of a sector. */
  private checkpoint(): void {
    const words = this.entries[QUEUE] as Int32Array;
    const openPrick = this.ledger.openPrick;
    words[E_HEAD] = KIND_CHECKPOINT | (openPrick >= 0 ? (1 << 8) | (openPrick << 16) : 0);
    words[E_AT_MS] = (this.entries[this.first] as Int32Array)[E_AT_MS] as number;
    words[E_SESSION] = this.ledger.lastSession;
    words.set(this.totals, E_PAYLOAD);
  }
}
