// The Thumb instructions that neither jump nor set flags: loads, stores, the stack, moves of high registers, extensions. Part of
// thumb-core.ts. Runs at the desk. Source: Armv6-M Architecture Reference Manual, A6.7; Cortex-M0+ TRM, 3.3 (cycles).
import { MOVE_KINDS } from './thumb.ts';
import { BITS, RAM } from './thumb-memory.ts';
import type { ThumbMemory } from './thumb-memory.ts';

export class ThumbMoves {
  private readonly memory: ThumbMemory;

  constructor(memory: ThumbMemory) {
    this.memory = memory;
  }

  /** Does what the halfword at `pc` says. Answers the cycles; 0: nothing done, since the address is not memory or not aligned. */
  move(code: number, pc: number): number {
    const { memory } = this;
    const { regs, ram8, ram16, ram32 } = memory;
    const ramBytes = ram8.length;
    const low = code & 7;
    const mid = (code >> 3) & 7;
    let took = 1;
    switch (MOVE_KINDS[code]) {
      case 25: // ADD Rdn, Rm, high registers
      case 27: {
        // MOV Rd, Rm
        const rm = (code >> 3) & 15;
        const rd = ((code >> 4) & 8) | low;
        const b = rm === 15 ? pc + 4 : (regs[rm] as number);
        const value = code >> 8 === 0x44 ? (regs[rd] as number) + b : b;
        regs[rd] = rd === 13 ? value & ~3 : value;
        break;
      }
      case 30: // LDR Rt, [PC, #]
      case 35: // LDR Rt, [Rn, Rm]
      case 40: // LDR Rt, [Rn, #]
      case 46: {
        // LDR Rt, [SP, #]
        const kind = code >> 12;
        const at =
          kind === 4
            ? ((pc + 4) & ~3) + ((code & 255) << 2)
            : kind === 9
              ? (regs[13] as number) + ((code & 255) << 2)
              : (regs[mid] as number) + (kind === 5 ? (regs[(code >> 6) & 7] as number) : ((code >> 6) & 31) << 2);
        const value = memory.word(at | 0);
        if (memory.isAbsent) took = 0;
        else {
          regs[kind === 4 || kind === 9 ? (code >> 8) & 7 : low] = value;
          took = 2;
        }
        break;
      }
      case 36: // LDRH Rt, [Rn, Rm]
      case 38: // LDRSH Rt, [Rn, Rm]
      case 44: {
        // LDRH Rt, [Rn, #]
        const isPlain = code >> 12 === 8;
        const value = memory.half(((regs[mid] as number) + (isPlain ? ((code >> 6) & 31) << 1 : (regs[(code >> 6) & 7] as number))) | 0);
        if (memory.isAbsent) took = 0;
        else {
          regs[low] = code >> 9 === 0x2f ? (value << 16) >> 16 : value;
          took = 2;
        }
        break;
      }
      case 34: // LDRSB Rt, [Rn, Rm]
      case 37: // LDRB Rt, [Rn, Rm]
      case 42: {
        // LDRB Rt, [Rn, #]
        const isPlain = code >> 12 === 7;
        const value = memory.byte(((regs[mid] as number) + (isPlain ? (code >> 6) & 31 : (regs[(code >> 6) & 7] as number))) | 0);
        if (memory.isAbsent) took = 0;
        else {
          regs[low] = code >> 9 === 0x2b ? (value << 24) >> 24 : value;
          took = 2;
        }
        break;
      }
      case 31: // STR Rt, [Rn, Rm]
      case 39: // STR Rt, [Rn, #]
      case 45: {
        // STR Rt, [SP, #]
        const kind = code >> 12;
        const base = kind === 9 ? (regs[13] as number) : (regs[mid] as number);
        const at = base + (kind === 9 ? (code & 255) << 2 : kind === 5 ? (regs[(code >> 6) & 7] as number) : ((code >> 6) & 31) << 2);
        const offset = (at - RAM) | 0;
        if (offset < 0 || offset >= ramBytes || (offset & 3) !== 0) took = 0;
        else {
          ram32[offset >> 2] = regs[kind === 9 ? (code >> 8) & 7 : low] as number;
          took = 2;
        }
        break;
      }
      case 32: // STRH Rt, [Rn, Rm]
      case 43: {
        // STRH Rt, [Rn, #]
        const by = code >> 12 === 8 ? ((code >> 6) & 31) << 1 : (regs[(code >> 6) & 7] as number);
        const offset = ((regs[mid] as number) + by - RAM) | 0;
        if (offset < 0 || offset >= ramBytes || (offset & 1) !== 0) took = 0;
        else {
          ram16[offset >> 1] = regs[low] as number;
          took = 2;
        }
        break;
      }
      case 33: // STRB Rt, [Rn, Rm]
      case 41: {
        // STRB Rt, [Rn, #]
        const by = code >> 12 === 7 ? (code >> 6) & 31 : (regs[(code >> 6) & 7] as number);
        const offset = ((regs[mid] as number) + by - RAM) | 0;
        if (offset < 0 || offset >= ramBytes) took = 0;
        else {
          ram8[offset] = regs[low] as number;
          took = 2;
        }
        break;
      }
      case 47: // ADR Rd, PC
        regs[(code >> 8) & 7] = ((pc + 4) & ~3) + ((code & 255) << 2);
        break;
      case 48: // ADD Rd, SP
        regs[(code >> 8) & 7] = (regs[13] as number) + ((code & 255) << 2);
        break;
      case 49: // ADD SP, SUB SP
        regs[13] = (regs[13] as number) + ((code & 0x80) === 0 ? (code & 127) << 2 : -((code & 127) << 2));
        break;
      case 50: {
        // SXTH, SXTB, UXTH, UXTB
        const input = regs[mid] as number;
        const kind = (code >> 6) & 3;
        regs[low] = kind === 0 ? (input << 16) >> 16 : kind === 1 ? (input << 24) >> 24 : kind === 2 ? input & 0xffff : input & 0xff;
        break;
      }
      case 51: {
        // PUSH
        const mask = code & 0x1ff;
        const n = BITS[mask] as number;
        const sp = ((regs[13] as number) - 4 * n) | 0;
        if (sp < RAM || sp + 4 * n > RAM + ramBytes) {
          return 0;
        }
        let at = (sp - RAM) >> 2;
        for (let i = 0; i < 8; i += 1) if ((mask & (1 << i)) !== 0) ram32[at++] = regs[i] as number;
        if ((mask & 0x100) !== 0) ram32[at] = regs[14] as number;
        regs[13] = sp;
        took = 1 + n;
        break;
      }
      case 53: // STM Rn!
      case 54: {
        // LDM Rn!
        const mask = code & 255;
        const n = BITS[mask] as number;
        const rn = (code >> 8) & 7;
        const base = regs[rn] as number;
        if (base < RAM || base + 4 * n > RAM + ramBytes || (base & 3) !== 0) {
          return 0;
        }
        let at = (base - RAM) >> 2;
        const isLoad = (code & 0x800) !== 0;
        for (let i = 0; i < 8; i += 1) {
          if ((mask & (1 << i)) === 0) continue;
          if (isLoad) regs[i] = ram32[at] as number;
          else ram32[at] = regs[i] as number;
          at += 1;
        }
        if (!isLoad || (mask & (1 << rn)) === 0) regs[rn] = base + 4 * n;
        took = 1 + n;
        break;
      }
      case 52: {
        // POP; the program counter is taken by who jumps
        const mask = code & 0x1ff;
        const n = BITS[mask] as number;
        const sp = regs[13] as number;
        if (sp < RAM || sp + 4 * n > RAM + ramBytes) return 0;
        let at = (sp - RAM) >> 2;
        for (let i = 0; i < 8; i += 1) if ((mask & (1 << i)) !== 0) regs[i] = ram32[at++] as number;
        regs[13] = sp + 4 * n;
        return (mask & 0x100) !== 0 ? 2 + n : 1 + n;
      }
      default:
        took = 0;
    }
    return took;
  }
}
