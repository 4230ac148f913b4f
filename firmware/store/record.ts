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
const CRC_AT_HALF = 126; // PAGE_HALVES - 2

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
  private readonly page: Uint8Array;
  private readonly halves: Uint16Array;
  private readonly words: Int32Array;
  private readonly check: Uint8Array;
  private readonly checkWords: Int32Array;
  /** Kind and sequence number of copies A and B, as far as they are whole. */
  private readonly copies: Uint8Array;
  private readonly seqs: Int32Array;
  /** Page of the copy last judged that holds its CRC. */
  private lastPage: number;

  constructor(flash: Flash, firstSector: number, deviceId: number) {
    this.flash = flash;
    this.firstSector = firstSector;
    this.deviceLow = deviceId | 0;
    this.deviceHigh = (deviceId / 4294967296) | 0;
    this.crc = new Crc32();
    this.words = new Int32Array(PAGE_WORDS);
    this.page = new Uint8Array(this.words.buffer);
    this.halves = new Uint16Array(this.words.buffer);
    this.checkWords = new Int32Array(PAGE_WORDS);
    this.check = new Uint8Array(this.checkWords.buffer);
    this.copies = new Uint8Array(2);
    this.seqs = new Int32Array(2);
    this.damaged = 0;
    this.lastPage = 0;
  }

  /**
   * Reads the newest whole copy into `into`. Returns: its count of words, or RECORD_NONE, RECORD_FOREIGN, RECORD_NEWER, and
   * RECORD_NONE too when `into` is too short.
   */
  load(type: number, into: Int32Array): number {
    const side = this.settle(type);
    return side < 0 ? RECORD_NONE : this.take(type, side, into);
  }

  /** Writes `count` words over the older copy. Returns: OK, DEVICE_LIMIT (too long), DEVICE_BUS (read-back differs: the old one stands). */
  save(type: number, words: Int32Array, count: number): number {
    if (count < 0 || count > RECORD_WORDS_MAX || count > words.length) return DEVICE_LIMIT;
    const newest = this.settle(type);
    const side = !newest ? 1 : 0;
    const seq = newest < 0 ? 1 : ((this.seqs[newest] as number) + 1) | 0;
    this.burn(type, side);
    this.flash.erase(this.sectorOf(type, side));
    this.crc.begin();
    const pages = pagesOf(count);
    for (let index = 0; index < pages; index++) {
      this.fill(index, type, seq, words, count);
      this.crc.halves(this.halves, 0, index === pages - 1 ? CRC_AT_HALF : PAGE_HALVES);
      if (index === pages - 1) this.crc.store(this.halves, CRC_AT_HALF);
      if (this.write(type, side, index)) {
        this.burn(type, side);
        return DEVICE_BUS;
      }
    }
    return OK;
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
        this.write(type, side, this.lastPage);
        return side;
      }
      this.damaged = 1;
      this.burn(type, side);
    }
    return -1;
  }

  private readPage(type: number, side: number, index: number): void {
    this.flash.read(this.sectorOf(type, side) * FLASH_SECTOR_BYTES + index * FLASH_PAGE_BYTES, this.page);
  }

  private judge(type: number, side: number): number {
    const words = this.words;
    this.readPage(type, side, 0);
    const count = words[H_COUNT] as number;
    if (words[H_MAGIC] !== MAGIC || count < 0 || count > RECORD_WORDS_MAX || ((words[H_KIND] as number) & 0xffff) !== type)
      return isBlank(words) ? COPY_BLANK : COPY_BROKEN;
    this.seqs[side] = words[H_SEQ] as number;
    this.lastPage = pagesOf(count) - 1;
    this.crc.begin();
    for (let index = 0; index < this.lastPage; index++) {
      this.crc.halves(this.halves, 0, PAGE_HALVES);
      this.readPage(type, side, index + 1);
    }
    this.crc.halves(this.halves, 0, CRC_AT_HALF);
    return this.crc.matches(this.halves, CRC_AT_HALF) ? COPY_WHOLE : COPY_BROKEN;
  }

  /** Copies the payload of a settled copy. */
  private take(type: number, side: number, into: Int32Array): number {
    this.readPage(type, side, 0);
    if ((this.words[H_KIND] as number) >> 16 > RECORD_VERSION) return RECORD_NEWER;
    if (this.words[H_DEVICE_LOW] !== this.deviceLow || this.words[H_DEVICE_HIGH] !== this.deviceHigh) return RECORD_FOREIGN;
    const count = this.words[H_COUNT] as number;
    if (count > into.length) return RECORD_NONE;
    for (let at = 0; at < count; at++) {
      const place = HEAD_WORDS + at;
      if (at > 0 && !(place % PAGE_WORDS)) this.readPage(type, side, (place / PAGE_WORDS) | 0);
      into[at] = this.words[place % PAGE_WORDS] as number;
    }
    return count;
  }

  private fill(index: number, type: number, seq: number, words: Int32Array, count: number): void {
    this.words.fill(0);
    if (!index) {
      this.words[H_MAGIC] = MAGIC;
      this.words[H_KIND] = type | (RECORD_VERSION << 16);
      this.words[H_SEQ] = seq;
      this.words[H_DEVICE_LOW] = this.deviceLow;
      this.words[H_DEVICE_HIGH] = this.deviceHigh;
      this.words[H_COUNT] = count;
    }
    for (let at = !index ? HEAD_WORDS : 0; at < PAGE_WORDS; at++) {
      const from = index * PAGE_WORDS + at - HEAD_WORDS;
      if (from < count) this.words[at] = words[from] as number;
    }
  }

  private write(type: number, side: number, index: number): number {
    const address = this.sectorOf(type, side) * FLASH_SECTOR_BYTES + index * FLASH_PAGE_BYTES;
    this.flash.program(address, this.page);
    this.flash.read(address, this.check);
    for (let at = 0; at < PAGE_WORDS; at++) {
      if (this.checkWords[at] !== this.words[at]) return DEVICE_BUS;
    }
    return OK;
  }

  /** Programs the head page to zero: no bit of this copy can ever read as a record again. */
  private burn(type: number, side: number): void {
    this.page.fill(0);
    this.write(type, side, 0);
  }
}
