// Memory and registers of the emulated chip as the fast core reads them: views of rp2040js's own. Not responsible for peripherals, which
// are no memory here, nor for instructions (thumb-core.ts). Runs at the desk, little-endian as all it runs on.
import type { RP2040 } from 'rp2040js';
import { LINE_SHIFT } from './flash-cache.ts';
import type { FlashCache } from './flash-cache.ts';

export const FLASH = 0x10000000;
export const RAM = 0x20000000;
export const ROM_BYTES = 0x4000;
/** Bits set in a list of registers. */
export const BITS = Uint8Array.from({ length: 512 }, (_, mask) => mask.toString(2).replaceAll('0', '').length);

export class ThumbMemory {
  /** The core's, signed: whole numbers of 32 bits are what is quick here. */
  readonly regs: Int32Array;
  readonly flash8: Uint8Array;
  readonly flash16: Uint16Array;
  readonly ram8: Uint8Array;
  readonly ram16: Uint16Array;
  readonly ram32: Int32Array;
  readonly rom16: Uint16Array;
  /** Cycles that flash was waited for, not yet taken over. */
  waited = 0;
  /** The last read was of no memory, or not aligned. */
  isAbsent = false;
  private readonly flash32: Int32Array;
  private readonly rom32: Int32Array;
  private readonly cache: FlashCache | null;

  constructor(mcu: RP2040, cache: FlashCache | null) {
    const { flash, sram, bootrom } = mcu;
    this.cache = cache;
    this.regs = new Int32Array(mcu.core.registers.buffer);
    this.flash8 = flash;
    this.flash16 = new Uint16Array(flash.buffer, flash.byteOffset, flash.length >> 1);
    this.flash32 = new Int32Array(flash.buffer, flash.byteOffset, flash.length >> 2);
    this.ram8 = sram;
    this.ram16 = new Uint16Array(sram.buffer, sram.byteOffset, sram.length >> 1);
    this.ram32 = new Int32Array(sram.buffer, sram.byteOffset, sram.length >> 2);
    this.rom16 = new Uint16Array(bootrom.buffer, bootrom.byteOffset, bootrom.length << 1);
    this.rom32 = new Int32Array(bootrom.buffer, bootrom.byteOffset, bootrom.length);
  }

  /** Of an aligned address; sets `isAbsent` for what is no memory. */
  word(at: number): number {
    this.isAbsent = false;
    const offset = (at - RAM) | 0;
    if (offset >= 0 && offset < this.ram8.length && (at & 3) === 0) return this.ram32[offset >> 2] as number;
    if (at >= FLASH && at - FLASH < this.flash8.length && (at & 3) === 0) {
      this.wait(at);
      return this.flash32[(at - FLASH) >> 2] as number;
    }
    if (at >= 0 && at < ROM_BYTES && (at & 3) === 0) return this.rom32[at >> 2] as number;
    this.isAbsent = true;
    return 0;
  }

  half(at: number): number {
    this.isAbsent = false;
    const offset = (at - RAM) | 0;
    if (offset >= 0 && offset < this.ram8.length && (at & 1) === 0) return this.ram16[offset >> 1] as number;
    if (at >= FLASH && at - FLASH < this.flash8.length && (at & 1) === 0) {
      this.wait(at);
      return this.flash16[(at - FLASH) >> 1] as number;
    }
    if (at >= 0 && at < ROM_BYTES && (at & 1) === 0) return this.rom16[at >> 1] as number;
    this.isAbsent = true;
    return 0;
  }

  byte(at: number): number {
    this.isAbsent = false;
    const offset = (at - RAM) | 0;
    if (offset >= 0 && offset < this.ram8.length) return this.ram8[offset] as number;
    if (at >= FLASH && at - FLASH < this.flash8.length) {
      this.wait(at);
      return this.flash8[at - FLASH] as number;
    }
    if (at >= 0 && at < ROM_BYTES) return ((this.rom16[at >> 1] as number) >> ((at & 1) << 3)) & 255;
    this.isAbsent = true;
    return 0;
  }

  private wait(at: number): void {
    if (this.cache !== null) this.waited += this.cache.read(at >> LINE_SHIFT);
  }
}
