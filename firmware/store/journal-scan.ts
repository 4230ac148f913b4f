// The boot scan of the journal: finds the newest entry, verifies checks and chain from the oldest sector kept, counts,
// and settles the place where power may have gone. Not responsible for writing entries (journal.ts). Runs on the gun.
// Every loop is bounded by sectors times slots. A step reads one sector, so that a slow gun can feed its watchdog.
import { DEVICE_DEVIATION, OK } from '../../hal/devices.ts';
import { E_SEQ, ENTRY_WORDS, KIND_CHECKPOINT } from './entry.ts';
import { kindOf } from './ledger.ts';
import type { Ledger } from './ledger.ts';
import { SLOT_BLANK, SLOT_ENTRY, SLOTS_PER_SECTOR } from './slots.ts';
import type { Slots } from './slots.ts';

/** How deep a sector without any checkpoint is searched for entries, slots. Chosen: a lost checkpoint leaves its neighbours. */
const ORPHAN_SLOTS = 4;

/** One scan: begin(), once, then step() until it answers 0. */
export class JournalScan {
  /** Sequence number of the checkpoint of each sector, -1 where none is whole. */
  readonly firstSeq: Int32Array;
  /** The sector that holds the newest entry, -1 when the ring is empty, and the slot of that entry. */
  headSector = -1;
  headSlot = 0;
  /** First slot of the head sector that may be written. */
  nextSlot = SLOTS_PER_SECTOR as number;
  lastSeq = 0;
  /** Sequence number at which the chain first breaks, -1 when it holds. */
  brokenAt = -1;
  private readonly slots: Slots;
  private readonly ledger: Ledger;
  /** The newest entry as it was when its check held. */
  private readonly head = new Int32Array(ENTRY_WORDS);
  private sector = 0;
  private newest = -1;
  private left = 0;

  constructor(slots: Slots, ledger: Ledger) {
    this.slots = slots;
    this.ledger = ledger;
    this.firstSeq = new Int32Array(slots.sectorCount);
  }

  /**
   * Looks for the checkpoint of every sector and starts at most `sectorsMax` sectors before the newest.
   * Returns: OK, or DEVICE_DEVIATION when entries exist but no checkpoint does: the totals are lost, nothing may be dosed.
   */
  begin(sectorsMax: number): number {
    let oldest = -1;
    for (let sector = 0; sector < this.slots.sectorCount; sector++) {
      const seq = this.checkpointSeq(sector);
      this.firstSeq[sector] = seq;
      if (seq < 0) continue;
      if (this.newest < 0 || seq > (this.firstSeq[this.newest] as number)) this.newest = sector;
      if (oldest < 0 || seq < (this.firstSeq[oldest] as number)) oldest = sector;
    }
    if (this.newest < 0) return this.hasOrphans() ? DEVICE_DEVIATION : OK;
    this.sector = this.newest;
    this.left = 1;
    while (this.sector !== oldest && (this.left < sectorsMax || (this.firstSeq[this.sector] as number) < 0)) {
      this.sector = !this.sector ? this.slots.sectorCount - 1 : this.sector - 1;
      this.left++;
    }
    return OK;
  }

  /** Reads one sector. Returns: sectors left, 0 when the scan is done and the ring settled. */
  step(): number {
    if (!this.left) return 0;
    this.walk(this.sector);
    this.left--;
    const next = this.sector + 1 === this.slots.sectorCount ? 0 : this.sector + 1;
    if (!this.left && this.goesOnIn(next)) this.left = 1;
    this.sector = next;
    if (!this.left && this.headSector >= 0) this.settle();
    return this.left;
  }

  private checkpointSeq(sector: number): number {
    if (this.slots.read(sector, 0) !== SLOT_ENTRY || kindOf(this.slots.words) !== KIND_CHECKPOINT) return -1;
    return this.slots.words[E_SEQ] as number;
  }

  private hasOrphans(): boolean {
    for (let sector = 0; sector < this.slots.sectorCount; sector++) {
      for (let slot = 0; slot < ORPHAN_SLOTS; slot++) {
        if (this.slots.read(sector, slot) === SLOT_ENTRY) return true;
      }
    }
    return false;
  }

  /** Whether a sector whose checkpoint is gone holds entries newer than all read so far. */
  private goesOnIn(sector: number): boolean {
    if ((this.firstSeq[sector] as number) >= 0 || this.slots.read(sector, 0) === SLOT_BLANK) return false;
    for (let slot = 1; slot < SLOTS_PER_SECTOR; slot++) {
      if (this.slots.read(sector, slot) === SLOT_ENTRY) return (this.slots.words[E_SEQ] as number) > this.lastSeq;
    }
    return false;
  }

  /** Takes every whole entry of a sector that is newer than the last; anything else there is torn, burnt or stale. */
  private walk(sector: number): void {
    const words = this.slots.words;
    for (let slot = 0; slot < SLOTS_PER_SECTOR; slot++) {
      if (this.slots.read(sector, slot) !== SLOT_ENTRY) continue;
      const seq = words[E_SEQ] as number;
      if (this.headSector >= 0) {
        if (seq <= this.lastSeq) continue;
        if (seq !== this.lastSeq + 1 || !this.slots.follows()) this.breakAt(this.lastSeq + 1);
      }
      const disagreements = this.ledger.disagreements;
      this.ledger.apply(words);
      if (this.ledger.disagreements !== disagreements) this.breakAt(seq);
      this.slots.accept();
      this.head.set(words);
      this.lastSeq = seq;
      this.headSector = sector;
      this.headSlot = slot;
      if (!slot || (this.firstSeq[sector] as number) < 0) this.firstSeq[sector] = seq - slot;
    }
  }

  private breakAt(seq: number): void {
    if (this.brokenAt < 0) this.brokenAt = seq;
  }

  /**
   * A power cut can leave the newest entry, or the slot after it, with bits that read differently twice. The entry is
   * programmed again with its own bits, the slots after it up to the first that no write can have touched are burnt.
   */
  private settle(): void {
    const sector = this.headSector;
    this.slots.program(sector, this.headSlot, this.head);
    let last = SLOTS_PER_SECTOR - 1;
    while (last > this.headSlot && this.slots.read(sector, last) === SLOT_BLANK) last--;
    this.nextSlot = last + 2;
    for (let slot = this.headSlot + 1; slot < this.nextSlot && slot < SLOTS_PER_SECTOR; slot++) this.slots.burn(sector, slot);
  }
}
