// The journal: a ring of 64-byte entries in flash, each chained to the one before. INTENT is durable before motion, and
// what cannot be written is refused, never queued (R10, R41). Not responsible for what entries mean (ledger.ts counts them,
// the core fills them) nor for when erasing is allowed: only reserve() and eraseNext() erase, and the core calls them
// with the needle home (R31). Runs on the gun.
import { DEVICE_BUS, DEVICE_LIMIT, DEVICE_MISSING, OK } from '../../hal/devices.ts';
import type { Flash } from '../../hal/io.ts';
import type { AtMs } from '../../hal/units.ts';
import { E_AT_MS, E_HEAD, E_PAYLOAD, E_SEQ, E_SESSION, ENTRY_WORDS, KIND_CHECKPOINT } from './entry.ts';
import { JournalScan } from './journal-scan.ts';
import { Ledger, TOTAL_OPEN_COMPENSATION_NL, TOTAL_OPEN_NL, TOTAL_SECTOR_ERASES, TOTAL_WORDS } from './ledger.ts';
import { SLOT_ENTRY, SLOTS_PER_PAGE, SLOTS_PER_SECTOR, Slots } from './slots.ts';

/** Entries a fresh sector takes besides its checkpoint. */
export const ENTRIES_PER_SECTOR = 63; // SLOTS_PER_SECTOR - 1

const SECTOR_USED = 0;
/** Erased since power-on and looked at: the only ground that is written to. */
const SECTOR_READY = 1;
/** Would not erase or take a checkpoint: left alone until the next power-on. */
const SECTOR_BAD = 2;

/** The journal of one gun in sectors `firstSector` to `firstSector + sectorCount - 1`. Call scan() first. */
export class Journal {
  /** The entry being staged: the caller fills the payload words. */
  readonly words: Int32Array;
  /** Totals and session sums, always those of the entries committed. */
  readonly ledger: Ledger;
  /** TOTAL_… words of the ledger. */
  readonly totals: Int32Array;
  /** SUM_… words of the ledger. */
  readonly session: Int32Array;
  /** 1 while the staged entry lies encoded and nothing has been committed since. */
  encoded: number;
  private readonly slots: Slots;
  private readonly scanner: JournalScan;
  private readonly stagedBytes: Uint8Array;
  private readonly checkpointWords: Int32Array;
  private readonly checkpointBytes: Uint8Array;
  private readonly sectorStates: Uint8Array;
  private readySectors: number;
  private toErase: number;

  constructor(flash: Flash, firstSector: number, sectorCount: number) {
    this.slots = new Slots(flash, firstSector, sectorCount);
    this.ledger = new Ledger();
    this.totals = this.ledger.totals;
    this.session = this.ledger.session;
    this.scanner = new JournalScan(this.slots, this.ledger);
    this.words = new Int32Array(ENTRY_WORDS);
    this.stagedBytes = new Uint8Array(this.words.buffer);
    this.checkpointWords = new Int32Array(ENTRY_WORDS);
    this.checkpointBytes = new Uint8Array(this.checkpointWords.buffer);
    this.sectorStates = new Uint8Array(sectorCount);
    this.encoded = 0;
    this.readySectors = 0;
    this.toErase = 0;
  }

  /** Boot: reads the whole ring. Returns: OK, or DEVICE_DEVIATION when entries exist but their totals are lost. */
  scan(): number {
    const code = this.scanBegin(this.slots.sectorCount);
    let left = 1;
    while (left > 0) left = this.scanStep();
    return code;
  }

  /** Starts a scan over the newest `sectorsMax` sectors. Returns as scan(). No entry may be written before it ends. */
  scanBegin(sectorsMax: number): number {
    this.sectorStates.fill(SECTOR_USED);
    this.readySectors = 0;
    this.toErase = 0;
    this.encoded = 0;
    return this.scanner.begin(sectorsMax);
  }

  /** Reads one sector. Returns: how many are left, 0 when the scan has ended. */
  scanStep(): number {
    return this.scanner.step();
  }

  /** Sequence number of the newest and of the oldest entry kept; 0 when there is none. */
  get lastSeq(): number {
    return this.scanner.lastSeq;
  }
  get oldestSeq(): number {
    return this.scanner.oldestSeq;
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
  /** Entries that fit without an erase. */
  get freeEntries(): number {
    const here = this.scanner.nextSlot < SLOTS_PER_SECTOR ? SLOTS_PER_SECTOR - this.scanner.nextSlot : 0;
    return here + this.readySectors * ENTRIES_PER_SECTOR;
  }

  /** Clears the payload and sets the head. Drops whatever was staged before. */
  stage(kind: number, code: number, prick: number, sessionId: number, atMs: AtMs): void {
    this.encoded = 0;
    this.words.fill(0);
    this.words[E_HEAD] = kind | (code << 8) | (prick << 16);
    this.words[E_AT_MS] = atMs | 0;
    this.words[E_SESSION] = sessionId;
  }

  /** Chains and sums the staged entry, so that commit() only programs. Opens the next sector if this one is full. */
  encode(): void {
    if (this.scanner.nextSlot >= SLOTS_PER_SECTOR && this.openSector() !== OK) return;
    this.words[E_SEQ] = this.scanner.lastSeq + 1;
    this.slots.seal(this.stagedBytes);
    this.slots.lay(this.scanner.nextSlot, this.stagedBytes);
    this.encoded = 1;
  }

  /**
   * Makes the staged entry durable: one page program, read back. A slot that does not take it is burnt and the rest of its
   * page skipped, once. Returns: OK, DEVICE_LIMIT when no erased slot is left, DEVICE_BUS when two pages failed.
   */
  commit(): number {
    for (let attempt = 0; attempt < 2; attempt++) {
      if (this.encoded === 0) this.encode();
      if (this.encoded === 0) return DEVICE_LIMIT;
      const slot = this.scanner.nextSlot;
      const code = this.slots.program(this.scanner.headSector, slot);
      this.encoded = 0;
      if (code === OK) {
        this.take(slot, this.words, this.stagedBytes);
        return OK;
      }
      this.skipPage(slot);
    }
    return DEVICE_BUS;
  }

  /** encode() and commit(). */
  append(): number {
    this.encode();
    return this.commit();
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
   * Erases the oldest sector, tens of ms: only with the needle home and the drivers off. Its totals stand in later
   * checkpoints. Returns: sectors left to erase, or -1 when one failed; the next call then tries the one after it.
   */
  eraseNext(): number {
    if (this.toErase === 0) return 0;
    const sector = this.sectorAfterHead(SECTOR_USED);
    if (sector < 0) return -1;
    this.encoded = 0;
    this.slots.burn(sector, 0);
    const code = this.slots.erase(sector);
    this.forget(sector);
    this.totals[TOTAL_SECTOR_ERASES] = (this.totals[TOTAL_SECTOR_ERASES] as number) + 1;
    if (code !== OK) {
      this.sectorStates[sector] = SECTOR_BAD;
      return -1;
    }
    this.sectorStates[sector] = SECTOR_READY;
    this.readySectors++;
    this.toErase--;
    return this.toErase;
  }

  /** Reads the entry with this sequence number into 16 words. Returns: OK, or DEVICE_MISSING. */
  read(seq: number, into: Int32Array): number {
    const code = this.find(seq);
    if (code === OK) into.set(this.slots.words);
    return code;
  }

  /** As read(), into 64 bytes. */
  readBytes(seq: number, into: Uint8Array): number {
    const code = this.find(seq);
    if (code === OK) into.set(this.slots.bytes);
    return code;
  }

  private find(seq: number): number {
    const firstSeq = this.scanner.firstSeq;
    let sector = -1;
    for (let at = 0; at < this.slots.sectorCount; at++) {
      const first = firstSeq[at] as number;
      if (first >= 0 && first <= seq && (sector < 0 || first > (firstSeq[sector] as number))) sector = at;
    }
    if (sector < 0) return DEVICE_MISSING;
    for (let slot = seq - (firstSeq[sector] as number); slot < SLOTS_PER_SECTOR; slot++) {
      if (this.slots.read(sector, slot) === SLOT_ENTRY && this.slots.words[E_SEQ] === seq) return OK;
    }
    return DEVICE_MISSING;
  }

  private take(slot: number, words: Int32Array, bytes: Uint8Array): void {
    this.slots.accept(bytes);
    this.ledger.apply(words);
    this.scanner.lastSeq = words[E_SEQ] as number;
    this.scanner.nextSlot = slot + 1;
  }

  private skipPage(slot: number): void {
    const end = slot - (slot % SLOTS_PER_PAGE) + SLOTS_PER_PAGE;
    for (let at = slot; at < end; at++) this.slots.burn(this.scanner.headSector, at);
    this.scanner.nextSlot = end;
  }

  /** The first sector after the head that is in this state, round the ring, never the head itself; -1 for none. */
  private sectorAfterHead(state: number): number {
    const head = this.scanner.headSector;
    for (let step = 1; step <= this.slots.sectorCount; step++) {
      const sector = (head + step) % this.slots.sectorCount;
      if (sector !== head && this.sectorStates[sector] === state) return sector;
    }
    return -1;
  }

  /** The oldest entry kept moves on when its sector is erased. */
  private forget(sector: number): void {
    const firstSeq = this.scanner.firstSeq;
    firstSeq[sector] = -1;
    let oldest = this.scanner.lastSeq;
    for (let at = 0; at < this.slots.sectorCount; at++) {
      const first = firstSeq[at] as number;
      if (first >= 0 && first < oldest) oldest = first;
    }
    this.scanner.oldestSeq = oldest;
  }

  /** Opens an erased sector with a checkpoint of the totals. A sector that does not take it is left as bad. */
  private openSector(): number {
    let sector = this.sectorAfterHead(SECTOR_READY);
    while (sector >= 0) {
      this.readySectors--;
      this.sectorStates[sector] = SECTOR_USED;
      if (this.writeCheckpoint(sector) === OK) return OK;
      this.slots.burn(sector, 0);
      this.sectorStates[sector] = SECTOR_BAD;
      sector = this.sectorAfterHead(SECTOR_READY);
    }
    return DEVICE_LIMIT;
  }

  private writeCheckpoint(sector: number): number {
    const words = this.checkpointWords;
    const openPrick = this.ledger.openPrick;
    words.fill(0);
    words[E_SEQ] = this.scanner.lastSeq + 1;
    words[E_HEAD] = KIND_CHECKPOINT | (openPrick >= 0 ? (1 << 8) | (openPrick << 16) : 0);
    words[E_AT_MS] = this.words[E_AT_MS] as number;
    words[E_SESSION] = this.ledger.lastSession;
    for (let at = 0; at < TOTAL_WORDS; at++) words[E_PAYLOAD + at] = this.totals[at] as number;
    this.slots.seal(this.checkpointBytes);
    this.slots.lay(0, this.checkpointBytes);
    const code = this.slots.program(sector, 0);
    if (code !== OK) return code;
    this.scanner.headSector = sector;
    this.scanner.firstSeq[sector] = words[E_SEQ];
    if (this.scanner.oldestSeq === 0) this.scanner.oldestSeq = words[E_SEQ];
    this.take(0, words, this.checkpointBytes);
    return OK;
  }
}
