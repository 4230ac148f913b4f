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

const CRC_AT_BYTE = 60; // E_CRC * 4
const PREV_CRC_AT_BYTE = 4; // E_PREV_CRC * 4
const BLANK_WORD = -1;

/** Slots of `sectorCount` sectors from `firstSector` on. Sector numbers here count from 0 within the ring. */
export class Slots {
  readonly sectorCount: number;
  /** The slot last read, as 16 words and as 64 bytes of the same memory (all engines here are little-endian). */
  readonly words: Int32Array;
  readonly bytes: Uint8Array;
  /** CRC of the last entry accepted, in halves: what the next one's E_PREV_CRC must be. */
  tailHigh: number;
  tailLow: number;
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
    this.page = new Uint8Array(FLASH_PAGE_BYTES);
    this.pageWords = new Int32Array(this.page.buffer);
    this.tailHigh = 0;
    this.tailLow = 0;
  }

  /** Reads a slot into `words` and says what it is: SLOT_BLANK, SLOT_TORN or SLOT_ENTRY. */
  read(sector: number, slot: number): number {
    this.flash.read((this.firstSector + sector) * FLASH_SECTOR_BYTES + slot * ENTRY_BYTES, this.bytes);
    let at = 0;
    while (at < ENTRY_WORDS && this.words[at] === BLANK_WORD) at++;
    if (at === ENTRY_WORDS) return SLOT_BLANK;
    this.crc.begin();
    this.crc.bytes(this.bytes, 0, CRC_AT_BYTE);
    return this.crc.matches(this.bytes, CRC_AT_BYTE) ? SLOT_ENTRY : SLOT_TORN;
  }

  /** Whether the entry last read names the tail as its predecessor. */
  follows(): boolean {
    const b = this.bytes;
    const at = PREV_CRC_AT_BYTE;
    return (
      b[at] === (this.tailLow & 0xff) &&
      b[at + 1] === this.tailLow >> 8 &&
      b[at + 2] === (this.tailHigh & 0xff) &&
      b[at + 3] === this.tailHigh >> 8
    );
  }

  /** Makes the entry whose 64 bytes these are the tail of the chain. */
  accept(bytes: Uint8Array): void {
    this.tailLow = (bytes[CRC_AT_BYTE] as number) | ((bytes[CRC_AT_BYTE + 1] as number) << 8);
    this.tailHigh = (bytes[CRC_AT_BYTE + 2] as number) | ((bytes[CRC_AT_BYTE + 3] as number) << 8);
  }

  /** Writes the tail's CRC and the entry's own into its 64 bytes. */
  seal(bytes: Uint8Array): void {
    bytes[PREV_CRC_AT_BYTE] = this.tailLow & 0xff;
    bytes[PREV_CRC_AT_BYTE + 1] = this.tailLow >> 8;
    bytes[PREV_CRC_AT_BYTE + 2] = this.tailHigh & 0xff;
    bytes[PREV_CRC_AT_BYTE + 3] = this.tailHigh >> 8;
    this.crc.begin();
    this.crc.bytes(bytes, 0, CRC_AT_BYTE);
    this.crc.store(bytes, CRC_AT_BYTE);
  }

  /** Lays an entry into the page buffer at its slot's place, the other 192 bytes 0xFF. */
  lay(slot: number, bytes: Uint8Array): void {
    this.page.fill(0xff);
    this.page.set(bytes, (slot % SLOTS_PER_PAGE) * ENTRY_BYTES);
  }

  /** Programs the page last laid and reads the slot back. Returns: OK, or DEVICE_BUS when it is not what was laid. */
  program(sector: number, slot: number): number {
    const sectorAt = (this.firstSector + sector) * FLASH_SECTOR_BYTES;
    this.flash.program(sectorAt + ((slot / SLOTS_PER_PAGE) | 0) * FLASH_PAGE_BYTES, this.page);
    this.flash.read(sectorAt + slot * ENTRY_BYTES, this.bytes);
    const from = (slot % SLOTS_PER_PAGE) * ENTRY_WORDS;
    for (let at = 0; at < ENTRY_WORDS; at++) {
      if (this.words[at] !== this.pageWords[from + at]) return DEVICE_BUS;
    }
    return OK;
  }

  /** Programs a slot to zero, so that no bit of it can ever read as an entry. */
  burn(sector: number, slot: number): void {
    const from = (slot % SLOTS_PER_PAGE) * ENTRY_BYTES;
    this.page.fill(0xff);
    this.page.fill(0, from, from + ENTRY_BYTES);
    this.program(sector, slot);
  }

  /** Erases a sector and looks at every byte of it. Returns: OK, or DEVICE_BUS when it is not blank. */
  erase(sector: number): number {
    this.flash.erase(this.firstSector + sector);
    const from = (this.firstSector + sector) * FLASH_SECTOR_BYTES;
    for (let at = 0; at < FLASH_SECTOR_BYTES; at += FLASH_PAGE_BYTES) {
      this.flash.read(from + at, this.page);
      for (let i = 0; i < this.pageWords.length; i++) {
        if (this.pageWords[i] !== BLANK_WORD) return DEVICE_BUS;
      }
    }
    return OK;
  }
}
