// Settings, limits, calibration and programmes: one record each, in two copies A and B on a sector of their own, so that
// power may go at any step and the old or the new one is found, never another and never none (R33). Not responsible for
// what a record means: there are no defaults here. Runs on the gun.
import { DEVICE_BUS, DEVICE_LIMIT, OK } from '../../hal/devices.ts';
import { FLASH_PAGE_BYTES, FLASH_SECTOR_BYTES } from '../../hal/io.ts';
import type { Flash } from '../../hal/io.ts';
import { Crc32 } from './crc32.ts';
import { isBlank } from './slots.ts';

// Record types: each has its own pair of sectors. Append only.
/** The service key of this gun, KEY_WORDS words. */
export const RECORD_SETTINGS = 0;
export const KEY_WORDS = 8;
export const RECORD_LIMITS = 1;
export const RECORD_CALIBRATION = 2;
/** First of the programmes kept on the gun, one type a slot; no words = empty. */
export const RECORD_PROGRAM0 = 3;
export const PROGRAM_SLOTS = 8;
export const RECORD_TYPES = 11;
/** Sectors the records take, from `firstSector` on. */
export const RECORD_SECTORS = 22; // RECORD_TYPES * 2

/** Version of this layout; a gun refuses a higher one. */
export const RECORD_VERSION = 1;
/** Most payload words of a record. Chosen: a programme (99 words) with room to grow. */
export const RECORD_WORDS_MAX = 128;

// What load() answers instead of a count.
/** Neither copy is whole: nothing that depends on it may be done (G5). */
export const RECORD_NONE = -1;
/** Whole, but of another gun (R33). */
export const RECORD_FOREIGN = -2;
/** Whole, but of a later firmware. */
export const RECORD_NEWER = -3;

// Head words, then the payload, then zeros; the CRC is the last word of the last page, programmed last.
const H_MAGIC = 0;
/** type | version << 16 */
const H_KIND = 1;
const H_SEQ = 2;
const H_DEVICE_LOW = 3;
const H_DEVICE_HIGH = 4;
const H_COUNT = 5;
const HEAD_WORDS = 6;
const MAGIC = 0x474e534d; // 'MSNG'
const PAGE_WORDS = 64; // FLASH_PAGE_BYTES / 4
const PAGE_HALVES = 128; // FLASH_PAGE_BYTES / 2
/** Words of a copy's pages, at most. */
const COPY_WORDS = 192; // 3 * PAGE_WORDS

// What a copy is.
const COPY_BLANK = 0;
const COPY_BROKEN = 1;
const COPY_WHOLE = 2;

/** Pages of a record of so many payload words: head, payload, CRC. */
const pagesOf = (count: number): number => ((HEAD_WORDS + count + 1 + PAGE_WORDS - 1) / PAGE_WORDS) | 0;

/** The records of one gun in RECORD_SECTORS sectors from `firstSector` on. */
export class Records {
  /** 1 when the last load() met a copy that is neither whole nor blank: torn or rotten. The other one was used (G4). */
  damaged: number;
  private readonly flash: Flash;
  private readonly firstSector: number;
  private readonly deviceLow: number;
  private readonly deviceHigh: number;
  private readonly crc: Crc32;
  /** A whole copy; as bytes and as halves too. */
  private readonly words: Int32Array;
  private readonly bytes: Uint8Array;
  private readonly halves: Uint16Array;
  /** A page on its way to the flash and back. */
  private readonly page: Int32Array;
  private readonly pageBytes: Uint8Array;
  /** Kind and sequence number of copies A and B, as far as they are whole. */
  private readonly copies: Uint8Array;
  private readonly seqs: Int32Array;

  constructor(flash: Flash, firstSector: number, deviceId: number) {
    this.flash = flash;
    this.firstSector = firstSector;
    this.deviceLow = deviceId | 0;
    this.deviceHigh = (deviceId / 4294967296) | 0;
    this.crc = new Crc32();
    this.words = new Int32Array(COPY_WORDS);
    this.bytes = new Uint8Array(this.words.buffer);
    this.halves = new Uint16Array(this.words.buffer);
    this.page = new Int32Array(PAGE_WORDS);
    this.pageBytes = new Uint8Array(this.page.buffer);
    this.copies = new Uint8Array(2);
    this.seqs = new Int32Array(2);
    this.damaged = 0;
  }

  /**
   * Reads the newest whole copy into `into`. Returns: its count of words, or RECORD_NONE, RECORD_FOREIGN, RECORD_NEWER, and
   * RECORD_NONE too when `into` is too short.
   */
  load(type: number, into: Int32Array): number {
    const head = this.words;
    if (this.settle(type) < 0) return RECORD_NONE;
    if ((head[H_KIND] as number) >> 16 > RECORD_VERSION) return RECORD_NEWER;
    if (head[H_DEVICE_LOW] !== this.deviceLow || head[H_DEVICE_HIGH] !== this.deviceHigh) return RECORD_FOREIGN;
    const count = head[H_COUNT] as number;
    if (count > into.length) return RECORD_NONE;
    into.set(head.subarray(HEAD_WORDS, HEAD_WORDS + count));
    return count;
  }

  /** Writes `count` words over the older copy. Returns: OK, DEVICE_LIMIT (too long), DEVICE_BUS (read-back differs: the old one stands). */
  save(type: number, words: Int32Array, count: number): number {
    if (count < 0 || count > RECORD_WORDS_MAX || count > words.length) return DEVICE_LIMIT;
    const newest = this.settle(type);
    const side = !newest ? 1 : 0;
    const seq = newest < 0 ? 1 : (this.seqs[newest] as number) + 1;
    this.burn(type, side);
    this.flash.erase(this.sectorOf(type, side));
    // Still zeros, as burnt.
    this.words.set([MAGIC, type | (RECORD_VERSION << 16), seq, this.deviceLow, this.deviceHigh, count]);
    this.words.set(words.subarray(0, count), HEAD_WORDS);
    this.crc.store(this.halves, this.sum(count));
    for (let index = 0; index < pagesOf(count); index++) {
      if (this.write(type, side, index)) {
        this.burn(type, side);
        return DEVICE_BUS;
      }
    }
    return OK;
  }

  /** Sums a copy of so many payload words. Returns: the half at which its check stands. */
  private sum(count: number): number {
    const crcAt = pagesOf(count) * PAGE_HALVES - 2;
    this.crc.begin();
    this.crc.halves(this.halves, 0, crcAt);
    return crcAt;
  }

  private sectorOf(type: number, side: number): number {
    return this.firstSector + type * 2 + side;
  }

  /** Looks at both copies. Returns: the side of the newest whole one, -1 for none. Right across the wrap of the numbers. */
  private newest(type: number): number {
    this.copies[0] = this.judge(type, 0);
    this.copies[1] = this.judge(type, 1);
    const isWhole = this.copies[0] === COPY_WHOLE;
    if (this.copies[1] !== COPY_WHOLE) return isWhole ? 0 : -1;
    return isWhole && (((this.seqs[1] as number) - (this.seqs[0] as number)) | 0) <= 0 ? 0 : 1;
  }

  /**
   * Decides for good between what a power cut may have left: a broken copy is burnt, the last page of the newest whole one is
   * programmed again with its own bits, and if it reads broken at the second look it is burnt too. Returns: as newest().
   */
  private settle(type: number): number {
    this.damaged = 0;
    for (let attempt = 0; attempt < 2; attempt++) {
      const side = this.newest(type);
      for (let copy = 0; copy < 2; copy++) {
        if (this.copies[copy] !== COPY_BROKEN) continue;
        this.damaged = 1;
        this.burn(type, copy);
      }
      if (side < 0) return -1;
      if (this.judge(type, side) === COPY_WHOLE) {
        this.write(type, side, pagesOf(this.words[H_COUNT] as number) - 1);
        return side;
      }
      this.damaged = 1;
      this.burn(type, side);
    }
    return -1;
  }

  /** Reads a copy and says what it is. */
  private judge(type: number, side: number): number {
    const words = this.words;
    this.flash.read(this.sectorOf(type, side) * FLASH_SECTOR_BYTES, this.bytes);
    const count = words[H_COUNT] as number;
    if (words[H_MAGIC] !== MAGIC || count < 0 || count > RECORD_WORDS_MAX || ((words[H_KIND] as number) & 0xffff) !== type)
      return isBlank(words) ? COPY_BLANK : COPY_BROKEN;
    this.seqs[side] = words[H_SEQ] as number;
    return this.crc.matches(this.halves, this.sum(count)) ? COPY_WHOLE : COPY_BROKEN;
  }

  /** Programs a page of the copy in `words` and reads it back. */
  private write(type: number, side: number, index: number): number {
    const page = this.page;
    const address = this.sectorOf(type, side) * FLASH_SECTOR_BYTES + index * FLASH_PAGE_BYTES;
    const from = index * PAGE_WORDS;
    page.set(this.words.subarray(from, from + PAGE_WORDS));
    this.flash.program(address, this.pageBytes);
    this.flash.read(address, this.pageBytes);
    for (let at = 0; at < PAGE_WORDS; at++) {
      if (page[at] !== this.words[from + at]) return DEVICE_BUS;
    }
    return OK;
  }

  /** Programs the head page to zero: no bit of this copy can ever read as a record again. */
  private burn(type: number, side: number): void {
    this.words.fill(0);
    this.write(type, side, 0);
  }
}
