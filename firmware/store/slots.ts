// The journal's ground: a ring of flash sectors cut into 64-byte slots, four a page, read and written one at a time.
// Knows whether a slot holds a whole entry; not responsible for order, chain or meaning (journal.ts). Runs on the gun.
import { DEVICE_BUS, OK } from '../../hal/devices.ts';
import { FLASH_PAGE_BYTES, FLASH_SECTOR_BYTES } from '../../hal/io.ts';
import type { Flash } from '../../hal/io.ts';
import { Crc32 } from './crc32.ts';
import { ENTRY_BYTES, ENTRY_WORDS } from './entry.ts';

export const SLOTS_PER_SECTOR = 64; // FLASH_SECTOR_BYTES / ENTRY_BYTES
export const SLOTS_PER_PAGE = 4; // FLASH_PAGE_BYTES / ENTRY_BYTES

/** What read() found in a slot. */
export const SLOT_BLANK = 0;
export const SLOT_TORN = 1;
export const SLOT_ENTRY = 2;

/** The check in an entry of 16-bit halves, E_CRC * 2, and the check before it, E_PREV_CRC * 2. */
export const CRC_AT_HALF = 30;
const PREV_CRC_AT_HALF = 2;
/** Erases are looked at in so many steps of one page each. */
export const PAGES_PER_SECTOR = 16; // FLASH_SECTOR_BYTES / FLASH_PAGE_BYTES
const BLANK_WORD = -1;

/** Whether these words are as an erase leaves them. */
export function isBlank(words: Int32Array): boolean {
  let at = 0;
  while (words[at] === BLANK_WORD) at++;
  return at === words.length;
}

/** Slots of `sectorCount` sectors from `firstSector` on. Sector numbers here count from 0 within the ring. */
export class Slots {
  readonly sectorCount: number;
  /** The slot last read, as 16 words, 64 bytes and 32 halves of the same memory (all engines here are little-endian). */
  readonly words: Int32Array;
  readonly bytes: Uint8Array;
  private readonly halves: Uint16Array;
  /** CRC of the last entry accepted, in halves: what the next one's E_PREV_CRC must be. */
  tailHigh = 0;
  tailLow = 0;
  private readonly flash: Flash;
  private readonly firstSector: number;
  private readonly crc: Crc32;
  private readonly page: Uint8Array;
  private readonly pageWords: Int32Array;

  constructor(flash: Flash, firstSector: number, sectorCount: number) {
    this.flash = flash;
    this.firstSector = firstSector;
    this.sectorCount = sectorCount;
    this.crc = new Crc32();
    this.words = new Int32Array(ENTRY_WORDS);
    this.bytes = new Uint8Array(this.words.buffer);
    this.halves = new Uint16Array(this.words.buffer);
    this.page = new Uint8Array(FLASH_PAGE_BYTES);
    this.pageWords = new Int32Array(this.page.buffer);
  }

  /** Reads a slot into `words` and says what it is: SLOT_BLANK, SLOT_TORN or SLOT_ENTRY. */
  read(sector: number, slot: number): number {
    this.flash.read((this.firstSector + sector) * FLASH_SECTOR_BYTES + slot * ENTRY_BYTES, this.bytes);
    if (isBlank(this.words)) return SLOT_BLANK;
    this.crc.begin();
    this.crc.halves(this.halves, 0, CRC_AT_HALF);
    return this.crc.matches(this.halves, CRC_AT_HALF) ? SLOT_ENTRY : SLOT_TORN;
  }
  /** Whether the entry last read names the tail as its predecessor. */
  follows(): boolean {
    return this.halves[PREV_CRC_AT_HALF] === this.tailLow && this.halves[PREV_CRC_AT_HALF + 1] === this.tailHigh;
  }

  /** Makes the entry last read the tail of the chain. */
  accept(): void {
    this.tailLow = this.halves[CRC_AT_HALF] as number;
    this.tailHigh = this.halves[CRC_AT_HALF + 1] as number;
  }

  /** Writes the tail's CRC into an entry of 32 halves. */
  chain(halves: Uint16Array): void {
    halves[PREV_CRC_AT_HALF] = this.tailLow;
    halves[PREV_CRC_AT_HALF + 1] = this.tailHigh;
  }

  /** Programs the slot with 16 words, in a page whose other bytes are 0xFF. */
  program(sector: number, slot: number, words: Int32Array): void {
    this.pageWords.fill(BLANK_WORD);
    this.pageWords.set(words, (slot % SLOTS_PER_PAGE) * ENTRY_WORDS);
    this.programPage(sector, slot);
  }

  /** Reads the slot back. Returns: OK, or DEVICE_BUS when it does not hold these 16 words. */
  verify(sector: number, slot: number, words: Int32Array): number {
    const read = this.words;
    this.flash.read((this.firstSector + sector) * FLASH_SECTOR_BYTES + slot * ENTRY_BYTES, this.bytes);
    for (let at = 0; at < ENTRY_WORDS; at++) {
      if (read[at] !== words[at]) return DEVICE_BUS;
    }
    return OK;
  }

  /** Programs a slot to zero, so that no bit of it can ever read as an entry. */
  burn(sector: number, slot: number): void {
    const from = (slot % SLOTS_PER_PAGE) * ENTRY_WORDS;
    this.pageWords.fill(BLANK_WORD);
    this.pageWords.fill(0, from, from + ENTRY_WORDS);
    this.programPage(sector, slot);
  }

  private programPage(sector: number, slot: number): void {
    const pageAt = ((slot / SLOTS_PER_PAGE) | 0) * FLASH_PAGE_BYTES;
    this.flash.program((this.firstSector + sector) * FLASH_SECTOR_BYTES + pageAt, this.page);
  }

  erase(sector: number): void {
    this.flash.erase(this.firstSector + sector);
  }

  /** Looks at every byte of page 0 to 15 of a sector. Returns: OK, or DEVICE_BUS when it is not blank. */
  blank(sector: number, page: number): number {
    this.flash.read((this.firstSector + sector) * FLASH_SECTOR_BYTES + page * FLASH_PAGE_BYTES, this.page);
    return isBlank(this.pageWords) ? OK : DEVICE_BUS;
  }
}
