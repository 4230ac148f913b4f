// Serial NOR flash as the store sees it through a port: sectors, pages, bits that programming can only clear, and power
// that may go at any step. Not responsible for timing (the board charges it) nor for what is stored. Runs at the desk.
// Source: W25Q16JV datasheet Rev H, sections 8.2.17 (page program), 8.2.18 (sector erase), 9.6 (AC characteristics).
import { FLASH_PAGE_BYTES, FLASH_SECTOR_BYTES } from '../../hal/io.ts';
import type { Flash } from '../../hal/io.ts';

/** Typical page program, µs. Source: W25Q16JV datasheet Rev H, tPP. */
export const PROGRAM_FOR_US = 400;
/** Typical 4 KB sector erase, µs. Source: W25Q16JV datasheet Rev H, tSE. */
export const ERASE_FOR_US = 45_000;

/**
 * What power loss does to the step it hits. `random` stops it just begun, half-way or nearly done, by chance, and leaves weak bits
 * that may read differently twice: an entry may read whole now and torn later.
 */
export type Tear = 'none' | 'full' | 'half' | 'random';
export const TEARS: readonly Tear[] = ['none', 'full', 'half', 'random'];

/** Thrown out of the flash call in which power went: everything volatile on the gun is lost. */
export class PowerCut extends Error {
  readonly step: number;

  constructor(step: number) {
    super(`power cut at flash step ${step}`);
    this.name = 'PowerCut';
    this.step = step;
  }
}

const UNIT_BYTES = 4;
/** Steps of one page program: 64 units of four bytes. An erase counts two: its begin and its end. */
export const STEPS_PER_PROGRAM = FLASH_PAGE_BYTES / UNIT_BYTES;
export const STEPS_PER_ERASE = 2;

/** A 32-bit hash of a counter: the chip's own noise, the same on every engine. */
const hash = (seed: number, index: number): number => {
  let x = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b)) | 0;
  x = Math.imul(x ^ (x >>> 15), 0x2c1b3c6d);
  x = Math.imul(x ^ (x >>> 12), 0x297a2d39);
  return (x ^ (x >>> 15)) >>> 0;
};

/** NOR flash of `sectorCount` sectors of 4096 B. Wrong addresses are programming errors and throw. */
export class NorFlashChip implements Flash {
  readonly sectorCount: number;
  /** The cells, as a perfect reader would see them. */
  readonly bytes: Uint8Array;
  /** Erases of each sector since the chip was made. */
  readonly eraseCounts: Uint32Array;
  /** Steps done since the chip was made; a cut is planned in the same count. */
  stepsDone = 0;
  /** Pages and sectors that would not take a program or an erase. */
  private readonly refusedPages = new Set<number>();
  private readonly refusedSectors = new Set<number>();
  /** Bits that read by chance until they are programmed again or erased; present only after a torn step. */
  private weak: Uint8Array | null = null;
  private cutStep = Infinity;
  private cutTear: Tear = 'none';
  private seed = 0;
  private noiseIndex = 0;

  constructor(options: { sectorCount: number; image?: Uint8Array }) {
    this.sectorCount = options.sectorCount;
    this.bytes = new Uint8Array(options.sectorCount * FLASH_SECTOR_BYTES).fill(0xff);
    this.eraseCounts = new Uint32Array(options.sectorCount);
    if (options.image) this.bytes.set(options.image);
  }

  /** Power goes at the step with this number (counted like `stepsDone`), once. */
  cutAfter(step: number, tear: Tear, seed: number): void {
    if (step < this.stepsDone) throw new RangeError(`power cut at step ${step}: ${this.stepsDone} are done`);
    this.cutStep = step;
    this.cutTear = tear;
    this.seed = seed;
  }

  /** A chip in the same condition, weak bits and counts included, with no cut planned. */
  copy(): NorFlashChip {
    const twin = new NorFlashChip({ sectorCount: this.sectorCount, image: this.bytes });
    twin.eraseCounts.set(this.eraseCounts);
    twin.stepsDone = this.stepsDone;
    twin.weak = this.weak ? this.weak.slice() : null;
    twin.seed = this.seed;
    twin.noiseIndex = this.noiseIndex;
    for (const page of this.refusedPages) twin.refusedPages.add(page);
    for (const sector of this.refusedSectors) twin.refusedSectors.add(sector);
    return twin;
  }

  /** From now on a page takes no program, or a sector no erase: the chip says nothing, the cells stay. */
  refuse(what: 'program' | 'erase', index: number): void {
    (what === 'program' ? this.refusedPages : this.refusedSectors).add(index);
  }

  /** Ends every refusal. */
  heal(): void {
    this.refusedPages.clear();
    this.refusedSectors.clear();
  }

  read(addressBytes: number, into: Uint8Array): void {
    this.inside(addressBytes, into.length);
    into.set(this.bytes.subarray(addressBytes, addressBytes + into.length));
    if (!this.weak) return;
    for (let i = 0; i < into.length; i++) {
      const mask = this.weak[addressBytes + i] as number;
      if (mask !== 0) into[i] = (into[i] as number) ^ (mask & this.noise());
    }
  }

  program(addressBytes: number, page: Uint8Array): void {
    if (addressBytes % FLASH_PAGE_BYTES !== 0) throw new RangeError(`program at ${addressBytes}: not the start of a page`);
    if (page.length !== FLASH_PAGE_BYTES) throw new RangeError(`program of ${page.length} bytes: a page has ${FLASH_PAGE_BYTES}`);
    this.inside(addressBytes, page.length);
    const refused = this.refusedPages.has(addressBytes / FLASH_PAGE_BYTES);
    if (this.stepsDone + STEPS_PER_PROGRAM <= this.cutStep) {
      if (!refused) this.clear(addressBytes, page, 0, FLASH_PAGE_BYTES);
      this.stepsDone += STEPS_PER_PROGRAM;
      return;
    }
    const doneBytes = (this.cutStep - this.stepsDone) * UNIT_BYTES;
    if (!refused) {
      this.clear(addressBytes, page, 0, doneBytes);
      this.tearUnit(addressBytes, page, doneBytes);
    }
    this.losePower();
  }

  erase(sectorIndex: number): void {
    if (!Number.isInteger(sectorIndex) || sectorIndex < 0 || sectorIndex >= this.sectorCount)
      throw new RangeError(`erase of sector ${sectorIndex}: the chip has ${this.sectorCount}`);
    const refused = this.refusedSectors.has(sectorIndex);
    const from = sectorIndex * FLASH_SECTOR_BYTES;
    if (!refused) this.eraseCounts[sectorIndex] = (this.eraseCounts[sectorIndex] as number) + 1;
    for (let step = 0; step < STEPS_PER_ERASE; step++) {
      if (this.stepsDone === this.cutStep) {
        if (!refused) this.tearErase(from, step);
        this.losePower();
      }
      this.stepsDone++;
    }
    if (refused) return;
    this.blank(from, from + FLASH_SECTOR_BYTES);
  }

  private blank(from: number, to: number): void {
    this.bytes.fill(0xff, from, to);
    this.weak?.fill(0, from, to);
  }

  /** Clears the bits that `page` has at 0; a bit programmed firmly is weak no longer. */
  private clear(addressBytes: number, page: Uint8Array, from: number, to: number): void {
    for (let i = from; i < to; i++) {
      const value = page[i] as number;
      if (value === 0xff) continue;
      const at = addressBytes + i;
      this.bytes[at] = (this.bytes[at] as number) & value;
      if (this.weak) this.weak[at] = (this.weak[at] as number) & value;
    }
  }

  private tearUnit(addressBytes: number, page: Uint8Array, from: number): void {
    if (this.cutTear === 'full') this.clear(addressBytes, page, from, from + UNIT_BYTES);
    if (this.cutTear === 'half') this.clear(addressBytes, page, from, from + UNIT_BYTES / 2);
    if (this.cutTear !== 'random') return;
    const phase = this.noise() % 3;
    for (let i = from; i < from + UNIT_BYTES; i++) {
      const at = addressBytes + i;
      const falling = (this.bytes[at] as number) & ~(page[i] as number);
      this.bytes[at] = (this.bytes[at] as number) & ~(falling & this.moved(phase));
      this.weaken(at, falling & this.unsettled(phase));
    }
  }

  /** Bits that have changed so far: none yet, half of them, all. */
  private moved(phase: number): number {
    if (phase === 0) return 0;
    return phase === 1 ? this.noise() : 0xff;
  }

  /** Bits that are neither here nor there: one in eight just after the begin and just before the end, else half. */
  private unsettled(phase: number): number {
    return phase === 1 ? this.noise() : this.noise() & this.noise() & this.noise();
  }

  /** An erase that ends early: untouched, either half done, all of it by chance, or done. */
  private tearErase(from: number, step: number): void {
    if (this.cutTear === 'none' && step === 0) return;
    const half = from + FLASH_SECTOR_BYTES / 2;
    const end = from + FLASH_SECTOR_BYTES;
    if (this.cutTear === 'full' && step === 1) {
      this.blank(from, end);
      return;
    }
    if (this.cutTear === 'half' && step === 0) {
      const upper = (this.noise() & 1) === 1;
      this.blank(upper ? half : from, upper ? end : half);
      return;
    }
    if (this.cutTear === 'half') this.blank(from, end);
    const phase = this.cutTear === 'random' ? this.noise() % 3 : 1;
    for (let at = from; at < end; at++) {
      const rising = ~(this.bytes[at] as number) & 0xff;
      this.bytes[at] = (this.bytes[at] as number) | (rising & this.moved(phase));
      this.weaken(at, rising & this.unsettled(phase));
    }
  }

  private weaken(at: number, mask: number): void {
    this.weak ??= new Uint8Array(this.bytes.length);
    this.weak[at] = (this.weak[at] as number) | (mask & 0xff);
  }

  private noise(): number {
    return hash(this.seed, this.noiseIndex++) & 0xff;
  }

  private losePower(): never {
    const step = this.cutStep;
    this.cutStep = Infinity;
    throw new PowerCut(step);
  }

  private inside(addressBytes: number, lengthBytes: number): void {
    if (!Number.isInteger(addressBytes) || addressBytes < 0 || addressBytes + lengthBytes > this.bytes.length)
      throw new RangeError(`address ${addressBytes} + ${lengthBytes} B: the chip has ${this.bytes.length} B`);
  }
}
