// The emulated chip's processor, fast: runs the common Thumb instructions on registers and memory of rp2040js's core, which does the rest
// (peripherals, exceptions, what is rare). Charges what flash reads wait for. Not responsible for alarms (chip.ts). Runs at the desk.
// Source: Armv6-M Architecture Reference Manual, A6.7; Cortex-M0+ TRM, 3.3 (cycles). The numbers of the cases are those of thumb.ts.
import type { RP2040 } from 'rp2040js';
import { KINDS } from './thumb.ts';
import type { FlashCache } from './flash-cache.ts';
import { LINE_SHIFT } from './flash-cache.ts';
import { BITS, FLASH, RAM, ROM_BYTES, ThumbMemory } from './thumb-memory.ts';
import { ThumbMoves } from './thumb-moves.ts';

/** Addresses of an exception's return begin with it. */
const isReturn = (address: number): boolean => address >> 28 === -1;

/** A condition without its lowest bit, which turns it round. */
function holds(condition: number, nz: number, c: number, v: number): boolean {
  if (condition === 0) return nz === 0;
  if (condition === 1) return c === 1;
  if (condition === 2) return nz < 0;
  if (condition === 3) return v === 1;
  if (condition === 4) return c === 1 && nz !== 0;
  return nz < 0 === (v === 1) && (condition === 5 || nz !== 0);
}

export class ThumbCore {
  /** Instructions run, since it was made. */
  instructions = 0;
  private readonly mcu: RP2040;
  private readonly cache: FlashCache | null;
  private readonly memory: ThumbMemory;
  private readonly moves: ThumbMoves;

  constructor(mcu: RP2040, cache: FlashCache | null) {
    this.mcu = mcu;
    this.cache = cache;
    this.memory = new ThumbMemory(mcu, cache);
    this.moves = new ThumbMoves(this.memory);
  }

  /**
   * Runs one instruction, then more until so many cycles are used, the next stands at `stopAt`, or the next needs the emulator's own core:
   * peripherals and what is rare. Answers the cycles used; 0: nothing ran, the emulator's core must take this one.
   */
  run(limitCycles: number, stopAt: number): number {
    const { cache, memory, moves } = this;
    const { core } = this.mcu;
    const { regs, flash16, ram16, ram32, rom16 } = memory;
    const ramBytes = memory.ram8.length;
    if (core.interruptsUpdated) return 0;
    let pc = (regs[15] as number) & ~1;
    let nz = core.Z ? 0 : core.N ? -1 : 1;
    let c = core.C ? 1 : 0;
    let v = core.V ? 1 : 0;
    let cycles = 0;
    let count = 0;
    let line = -1;

    for (;;) {
      let code: number;
      if (pc >= RAM) {
        if (pc - RAM >= ramBytes) break;
        code = ram16[(pc - RAM) >> 1] as number;
      } else if (pc >= FLASH) {
        if (pc - FLASH >= memory.flash8.length) break;
        if (cache !== null && pc >> LINE_SHIFT !== line) {
          line = pc >> LINE_SHIFT;
          memory.waited += cache.read(line);
        }
        code = flash16[(pc - FLASH) >> 1] as number;
      } else {
        if (pc < 0 || pc >= ROM_BYTES) break;
        code = rom16[pc >> 1] as number;
      }
      let next = pc + 2;
      let took = 1;
      const low = code & 7;
      const mid = (code >> 3) & 7;
      switch (KINDS[code]) {
        case 1: {
          // LSLS Rd, Rm, #imm5; MOVS Rd, Rm
          const by = (code >> 6) & 31;
          const input = regs[mid] as number;
          if (by > 0) c = (input >>> (32 - by)) & 1;
          regs[low] = nz = input << by;
          break;
        }
        case 2: {
          // LSRS Rd, Rm, #imm5
          const by = (code >> 6) & 31;
          const input = regs[mid] as number;
          c = (input >>> (by === 0 ? 31 : by - 1)) & 1;
          regs[low] = nz = by === 0 ? 0 : (input >>> by) | 0;
          break;
        }
        case 3: {
          // ASRS Rd, Rm, #imm5
          const by = (code >> 6) & 31 || 32;
          const input = regs[mid] as number;
          c = (input >> (by - 1 > 31 ? 31 : by - 1)) & 1;
          regs[low] = nz = input >> (by > 31 ? 31 : by);
          break;
        }
        case 4: // ADDS Rd, Rn, Rm
        case 6: // ADDS Rd, Rn, #imm3
        case 10: {
          // ADDS Rdn, #imm8
          const kind = code >> 9;
          const a = regs[kind >= 0x18 ? (code >> 8) & 7 : mid] as number;
          const b = kind >= 0x18 ? code & 255 : kind === 0x0e ? (code >> 6) & 7 : (regs[(code >> 6) & 7] as number);
          nz = (a + b) | 0;
          c = nz >>> 0 < a >>> 0 ? 1 : 0;
          v = (~(a ^ b) & (a ^ nz)) >>> 31;
          regs[kind >= 0x18 ? (code >> 8) & 7 : low] = nz;
          break;
        }
        case 5: // SUBS Rd, Rn, Rm
        case 7: // SUBS Rd, Rn, #imm3
        case 11: {
          // SUBS Rdn, #imm8
          const kind = code >> 9;
          const a = regs[kind >= 0x1c ? (code >> 8) & 7 : mid] as number;
          const b = kind >= 0x1c ? code & 255 : kind === 0x0f ? (code >> 6) & 7 : (regs[(code >> 6) & 7] as number);
          nz = (a - b) | 0;
          c = a >>> 0 >= b >>> 0 ? 1 : 0;
          v = ((a ^ b) & (a ^ nz)) >>> 31;
          regs[kind >= 0x1c ? (code >> 8) & 7 : low] = nz;
          break;
        }
        case 8: // MOVS Rd, #imm8
          regs[(code >> 8) & 7] = nz = code & 255;
          break;
        case 9: {
          // CMP Rn, #imm8
          const a = regs[(code >> 8) & 7] as number;
          const b = code & 255;
          nz = (a - b) | 0;
          c = a >>> 0 >= b >>> 0 ? 1 : 0;
          v = ((a ^ b) & (a ^ nz)) >>> 31;
          break;
        }
        case 12: // ANDS
          regs[low] = nz = (regs[low] as number) & (regs[mid] as number);
          break;
        case 13: // EORS
          regs[low] = nz = (regs[low] as number) ^ (regs[mid] as number);
          break;
        case 14: {
          // LSLS Rdn, Rm
          const by = (regs[mid] as number) & 255;
          const input = regs[low] as number;
          if (by > 0) c = by > 32 ? 0 : (input >>> (32 - by)) & 1;
          regs[low] = nz = by > 31 ? 0 : input << by;
          break;
        }
        case 15: {
          // LSRS Rdn, Rm
          const by = (regs[mid] as number) & 255;
          const input = regs[low] as number;
          if (by > 0) c = by > 32 ? 0 : (input >>> (by - 1)) & 1;
          regs[low] = nz = by > 31 ? 0 : (input >>> by) | 0;
          break;
        }
        case 16: // ADCS
        case 17: // SBCS
        case 20: // CMP Rn, Rm
        case 26: {
          // CMP Rn, Rm, high registers
          const kind = code >> 6;
          const isHigh = kind >= 0x114;
          const rm = isHigh ? (code >> 3) & 15 : mid;
          const rn = isHigh ? ((code >> 4) & 8) | low : low;
          const a = rn === 15 ? pc + 4 : (regs[rn] as number);
          const b = rm === 15 ? pc + 4 : (regs[rm] as number);
          if (kind === 0x105) {
            nz = (a + b + c) | 0;
            c = nz >>> 0 < a >>> 0 || (c === 1 && nz === a) ? 1 : 0;
            v = (~(a ^ b) & (a ^ nz)) >>> 31;
          } else {
            const borrow = kind === 0x106 ? 1 - c : 0;
            nz = (a - b - borrow) | 0;
            c = a >>> 0 > b >>> 0 || (borrow === 0 && a === b) ? 1 : 0;
            v = ((a ^ b) & (a ^ nz)) >>> 31;
          }
          if (kind < 0x108) regs[low] = nz;
          break;
        }
        case 18: // TST
          nz = (regs[low] as number) & (regs[mid] as number);
          break;
        case 19: {
          // RSBS Rd, Rn, #0
          const b = regs[mid] as number;
          nz = -b | 0;
          c = b === 0 ? 1 : 0;
          v = (b & nz) >>> 31;
          regs[low] = nz;
          break;
        }
        case 21: // ORRS
          regs[low] = nz = (regs[low] as number) | (regs[mid] as number);
          break;
        case 22: // MULS
          regs[low] = nz = Math.imul(regs[low] as number, regs[mid] as number);
          break;
        case 23: // BICS
          regs[low] = nz = (regs[low] as number) & ~(regs[mid] as number);
          break;
        case 24: // MVNS
          regs[low] = nz = ~(regs[mid] as number);
          break;
        case 28: {
          // BX
          const to = regs[(code >> 3) & 15] as number;
          if (((code >> 3) & 15) === 15 || isReturn(to)) took = 0;
          else {
            next = to & ~1;
            took = 2;
          }
          break;
        }
        case 29: {
          // BLX
          const rm = (code >> 3) & 15;
          if (rm === 15) took = 0;
          else {
            const to = regs[rm] as number;
            regs[14] = (pc + 2) | 1;
            next = to & ~1;
            took = 2;
          }
          break;
        }
        case 52: {
          // POP
          if ((code & 0x100) !== 0) {
            const end = ((regs[13] as number) - RAM + 4 * (BITS[code & 255] as number)) | 0;
            const to = end >= 0 && end < ramBytes ? (ram32[end >> 2] as number) : -1;
            took = isReturn(to) ? 0 : moves.move(code, pc);
            next = to & ~1;
          } else took = moves.move(code, pc);
          break;
        }
        case 55: {
          // B on a condition
          if (holds((code >> 9) & 7, nz, c, v) !== ((code & 0x100) !== 0)) {
            next = pc + 4 + ((code << 24) >> 23);
            took = 2;
          }
          break;
        }
        case 56: // B
          next = pc + 4 + ((code << 21) >> 20);
          took = 2;
          break;
        case 57: {
          // BL
          const second =
            (pc >= RAM ? ram16[(pc + 2 - RAM) >> 1] : pc >= FLASH ? flash16[(pc + 2 - FLASH) >> 1] : rom16[(pc + 2) >> 1]) ?? 0;
          if ((second & 0xd000) !== 0xd000) {
            took = 0;
            break;
          }
          const sign = (code >> 10) & 1;
          const i1 = 1 - (sign ^ ((second >> 13) & 1));
          const i2 = 1 - (sign ^ ((second >> 11) & 1));
          regs[14] = (pc + 4) | 1;
          next = pc + 4 + ((sign === 1 ? 0xff000000 : 0) | (i1 << 23) | (i2 << 22) | ((code & 0x3ff) << 12) | ((second & 0x7ff) << 1));
          took = 3;
          break;
        }
        case 58: // what neither jumps nor sets flags
          took = moves.move(code, pc);
          break;
        default:
          took = 0;
      }
      if (took === 0) break;
      cycles += took + memory.waited;
      memory.waited = 0;
      count += 1;
      pc = next;
      if (cycles >= limitCycles || pc === stopAt) break;
    }
    regs[15] = pc;
    core.N = nz < 0;
    core.Z = nz === 0;
    core.C = c === 1;
    core.V = v === 1;
    core.cycles += cycles;
    this.instructions += count;
    return cycles;
  }
}
