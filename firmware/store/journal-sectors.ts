// The journal's sectors: which of them hold entries, are erased or spoilt; scanning them at boot, erasing them, reading them.
// Not responsible for writing entries (journal.ts) nor for when erasing is allowed: only reserve() and eraseNext() erase, and the core
// calls them with the needle home (R31). Runs on the gun.
import { DEVICE_MISSING, OK } from '../../hal/devices.ts';
import type { Flash } from '../../hal/io.ts';
import { E_SEQ } from './entry.ts';
import { JournalScan } from './journal-scan.ts';
import { Ledger, TOTAL_OPEN_COMPENSATION_NL, TOTAL_OPEN_NL, TOTAL_SECTOR_ERASES } from './ledger.ts';
import { PAGES_PER_SECTOR, SLOT_ENTRY, SLOTS_PER_SECTOR, Slots } from './slots.ts';

/** Entries a fresh sector takes besides its checkpoint. */
export const ENTRIES_PER_SECTOR = 63; // SLOTS_PER_SECTOR - 1

/** Pages of an erased sector looked at in a step. Chosen: 3 ms on the slower engine. */
const LOOK_PAGES = 2;

export const SECTOR_USED = 0;
/** Erased since power-on and looked at: the only ground that is written to. */
export const SECTOR_READY = 1;
/** Would not erase or take a checkpoint: left alone until the next power-on. */
export const SECTOR_BAD = 2;

/** Sectors `firstSector` to `firstSector + sectorCount - 1`. Call scan() first. */
export class JournalSectors {
  /** Totals, always those of the entries committed. */
  readonly ledger = new Ledger();
  /** TOTAL_… words of the ledger. */
  readonly totals = this.ledger.totals;
  protected readonly slots: Slots;
  protected readonly scanner: JournalScan;
  protected readonly sectorStates: Uint8Array;
  protected readySectors = 0;
  /** Entries that wait to be written. */
  protected queued = 0;
  private toErase = 0;
  /** Sector that is erased and being looked at, else -1, and the next page of it. */
  private erasing = -1;
  private erasedPage = 0;

  constructor(flash: Flash, firstSector: number, sectorCount: number) {
    this.slots = new Slots(flash, firstSector, sectorCount);
    this.scanner = new JournalScan(this.slots, this.ledger);
    this.sectorStates = new Uint8Array(sectorCount);
  }

  /** Once, at boot: reads the whole ring. Returns: OK, or DEVICE_DEVIATION when entries exist but their totals are lost. */
  scan(): number {
    const code = this.scanBegin(this.slots.sectorCount);
    let left = 1;
    while (left > 0) left = this.scanStep();
    return code;
  }

  /** Starts a scan over the newest `sectorsMax` sectors. Returns as scan(). No entry may be written before it ends. */
  scanBegin(sectorsMax: number): number {
    return this.scanner.begin(sectorsMax);
  }

  /** Reads a part of a sector. Returns: how many are left, 0 when the scan has ended. */
  scanStep(): number {
    return this.scanner.step();
  }

  /** Sequence number of the newest and of the oldest entry kept; 0 when there is none. */
  get lastSeq(): number {
    return this.scanner.lastSeq;
  }
  get oldestSeq(): number {
    let oldest = this.scanner.lastSeq;
    for (let sector = 0; sector < this.slots.sectorCount; sector++) {
      const first = this.scanner.firstSeq[sector] as number;
      if (first >= 0 && first < oldest) oldest = first;
    }
    return oldest;
  }
  /** Where the chain first broke at the last scan, -1 when it holds. */
  get brokenAt(): number {
    return this.scanner.brokenAt;
  }
  get lastSession(): number {
    return this.ledger.lastSession;
  }

  /** FAULT_… of the newest fault that the scan or this power-on has seen, 0 = none. */
  get lastFault(): number {
    return this.ledger.lastFault;
  }
  /** The prick whose INTENT is durable and waits for its RESULT, -1 for none: what a plunger may move for. */
  get openPrick(): number {
    return this.ledger.openPrick;
  }
  /** The prick whose INTENT has no RESULT, kept until RESUME, SESSION, END or the next INTENT; -1 for none (R10). */
  get uncertainPrick(): number {
    return this.ledger.openPrick >= 0 ? this.ledger.openPrick : this.ledger.lostPrick;
  }
  /** What that prick counts, dose and compensation in full; 0 for none. */
  get uncertainNl(): number {
    if (this.ledger.openPrick >= 0) return (this.totals[TOTAL_OPEN_NL] as number) + (this.totals[TOTAL_OPEN_COMPENSATION_NL] as number);
    return this.ledger.lostPrick >= 0 ? this.ledger.lostNl : 0;
  }
  /** Entries that fit without an erase, beside those that wait. */
  get freeEntries(): number {
    const here = this.scanner.nextSlot < SLOTS_PER_SECTOR ? SLOTS_PER_SECTOR - this.scanner.nextSlot : 0;
    return here + this.readySectors * ENTRIES_PER_SECTOR - this.queued;
  }

  /** Sectors to erase first so that so many entries fit; -1 when they never will. eraseNext() then does it. */
  reserve(entryCount: number): number {
    const missing = entryCount - this.freeEntries;
    this.toErase = missing <= 0 ? 0 : ((missing + ENTRIES_PER_SECTOR - 1) / ENTRIES_PER_SECTOR) | 0;
    let candidates = this.scanner.headSector < 0 ? 0 : -1;
    for (let sector = 0; sector < this.slots.sectorCount; sector++) {
      if (this.sectorStates[sector] === SECTOR_USED) candidates++;
    }
    if (this.toErase <= candidates) return this.toErase;
    this.toErase = 0;
    return -1;
  }

  /**
   * Erases the oldest sector, tens of ms, or looks at two pages of it: only with the needle home and the drivers off. Its totals stand in
   * later checkpoints. Returns: sectors left to erase, or -1 when one failed; the next call then tries the one after it.
   */
  eraseNext(): number {
    if (!this.toErase) return 0;
    if (this.erasing < 0) {
      const sector = this.sectorAfterHead(SECTOR_USED);
      if (sector < 0) return -1;
      this.slots.burn(sector, 0);
      this.slots.erase(sector);
      this.scanner.firstSeq[sector] = -1;
      this.totals[TOTAL_SECTOR_ERASES] = (this.totals[TOTAL_SECTOR_ERASES] as number) + 1;
      this.erasing = sector;
      this.erasedPage = 0;
      return this.toErase;
    }
    for (let look = 0; look < LOOK_PAGES; look++) {
      if (this.slots.blank(this.erasing, this.erasedPage)) {
        this.erasedAs(SECTOR_BAD);
        return -1;
      }
      this.erasedPage++;
    }
    if (this.erasedPage < PAGES_PER_SECTOR) return this.toErase;
    this.erasedAs(SECTOR_READY);
    this.readySectors++;
    this.toErase--;
    return this.toErase;
  }

  private erasedAs(state: number): void {
    this.sectorStates[this.erasing] = state;
    this.erasing = -1;
  }

  /** Reads the entry with this sequence number into 16 words. Returns: OK, or DEVICE_MISSING. */
  read(seq: number, into: Int32Array): number {
    const code = this.find(seq);
    if (!code) into.set(this.slots.words);
    return code;
  }

  /** As read(), into 64 bytes. */
  readBytes(seq: number, into: Uint8Array): number {
    const code = this.find(seq);
    if (!code) into.set(this.slots.bytes);
    return code;
  }

  private find(seq: number): number {
    const firstSeq = this.scanner.firstSeq;
    const sectorCount = this.slots.sectorCount;
    let sector = -1;
    let newest = -1;
    for (let at = 0; at < sectorCount; at++) {
      const first = firstSeq[at] as number;
      if (first >= 0 && first <= seq && first > newest) {
        sector = at;
        newest = first;
      }
    }
    if (sector < 0 || seq > this.scanner.lastSeq) return DEVICE_MISSING;
    for (let slot = seq - newest; slot < SLOTS_PER_SECTOR; slot++) {
      if (this.slots.read(sector, slot) === SLOT_ENTRY && this.slots.words[E_SEQ] === seq) return OK;
    }
    return DEVICE_MISSING;
  }

  /** The first sector after the head that is in this state, round the ring, never the head itself; -1 for none. */
  protected sectorAfterHead(state: number): number {
    const head = this.scanner.headSector;
    for (let step = 1; step <= this.slots.sectorCount; step++) {
      const sector = (head + step) % this.slots.sectorCount;
      if (sector !== head && this.sectorStates[sector] === state) return sector;
    }
    return -1;
  }
}
