// The fast core against the emulator's own: the same halfword on the same registers, flags and memory, for every encoding it takes.
// And where that one is known to differ from the architecture, against the Armv6-M reference manual.
import { describe, expect, it } from 'vitest';
import { RP2040 } from 'rp2040js';
import { ChipClock } from '../../../tools/emulate/chip-clock.ts';
import { FlashCache } from '../../../tools/emulate/flash-cache.ts';
import { ThumbCore } from '../../../tools/emulate/thumb-core.ts';

const CODE_AT = 0x20000100;
const DATA_AT = 0x20010000;
/** Values at which carries, signs and shifts change. */
const EDGES = [0, 1, 2, 31, 32, 33, 255, 0x7fffffff, 0x80000000, 0x80000001, 0xfffffffe, 0xffffffff];

/** mulberry32. */
function random(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const a = new RP2040(new ChipClock());
const b = new RP2040(new ChipClock());
const fast = new ThumbCore(b, null);
/** What instructions may reach, as bytes of RAM. */
const window = (mcu: RP2040): Uint8Array => mcu.sram.subarray(DATA_AT - 0x20000000 - 0x100, DATA_AT - 0x20000000 + 0x500);

function prepare(mcu: RP2040, halves: readonly number[], regs: readonly number[], flags: number): void {
  window(mcu).fill(0x5a);
  halves.forEach((half, index) => mcu.writeUint16(CODE_AT + 2 * index, half));
  for (let index = 0; index < 15; index += 1) mcu.core.registers[index] = regs[index] ?? 0;
  mcu.core.PC = CODE_AT;
  mcu.core.APSR = flags;
  mcu.core.interruptsUpdated = false;
  mcu.core.waiting = false;
}

/** Result and flags N Z C V of one instruction of the fast core on r0 and r1. */
function result(code: number, r0: number, r1: number, carry: number): [number, string] {
  prepare(b, [code], [r0, r1], carry << 29);
  expect(fast.run(1, -1)).toBe(1);
  return [b.core.registers[0] ?? 0, (b.core.APSR >>> 28).toString(2).padStart(4, '0')];
}

/** AddWithCarry of the manual, A2.2.1. */
function addWithCarry(x: number, y: number, carry: number): [number, string] {
  const unsigned = BigInt(x) + BigInt(y) + BigInt(carry);
  const signed = BigInt(x | 0) + BigInt(y | 0) + BigInt(carry);
  const sum = Number(BigInt.asUintN(32, unsigned));
  const flags = [sum >= 2 ** 31, sum === 0, unsigned !== BigInt(sum), signed !== BigInt(sum | 0)];
  return [sum, flags.map(Number).join('')];
}

/** rp2040js's overflow of ADC and SBC, carry of shifts by register, BLX LR, cycles of PUSH, STM of its own base: not the manual's, seen apart. */
const isApart = (code: number): boolean =>
  [0x4080, 0x40c0, 0x4140, 0x4180].includes(code & 0xffc0) ||
  (code & 0xff00) === 0xb500 ||
  code === 0x47f0 ||
  ((code & 0xf800) === 0xc000 && ((code >> ((code >> 8) & 7)) & 1) === 1);

describe('ThumbCore', () => {
  it('does to registers, flags and memory what the emulator’s own core does, in as many cycles: each of 65 536 halfwords, seed 11', () => {
    const next = random(11);
    let taken = 0;
    const wrong: string[] = [];
    for (let code = 0; code < 65536; code += 1) {
      const regs = Array.from({ length: 15 }, () => {
        const kind = next();
        if (kind < 0.4) return EDGES[Math.floor(next() * EDGES.length)] ?? 0;
        return kind < 0.5 ? Math.floor(next() * 2 ** 32) : DATA_AT + 4 * Math.floor(next() * 32);
      });
      regs[13] = DATA_AT + 4 * Math.floor(next() * 16);
      const halves = [code, 0xf800 | Math.floor(next() * 0x7ff)];
      const flags = (Math.floor(next() * 4) << 28) | ([0, 0x40000000, 0x80000000][Math.floor(next() * 3)] ?? 0);
      if (isApart(code)) continue;
      prepare(b, halves, regs, flags);
      const cycles = fast.run(1, -1);
      if (cycles === 0) continue;
      taken += 1;
      prepare(a, halves, regs, flags);
      const same =
        a.core.executeInstruction() === cycles &&
        a.core.APSR === b.core.APSR &&
        a.core.registers.every((value, index) => value === b.core.registers[index]) &&
        Buffer.compare(window(a), window(b)) === 0;
      if (!same) wrong.push(`${code.toString(16)}: ${regs.map((value) => value.toString(16)).join(' ')}`);
    }
    expect(wrong).toEqual([]);
    expect(taken).toBeGreaterThan(45_000);
  });

  it('adds and subtracts with carry as the manual does, at all edges', () => {
    for (const x of EDGES)
      for (const y of EDGES)
        for (const carry of [0, 1]) {
          expect(result(0x4148, x, y, carry)).toEqual(addWithCarry(x, y, carry));
          expect(result(0x4188, x, y, carry)).toEqual(addWithCarry(x, ~y >>> 0, carry));
        }
  });

  it('leaves the carry alone when it shifts by 0, and shifts everything out by 33', () => {
    expect([result(0x4088, 5, 0, 1), result(0x4088, 5, 33, 1), result(0x4088, 5, 32, 0)]).toEqual([
      [5, '0010'],
      [0, '0100'],
      [0, '0110'],
    ]);
    expect([result(0x40c8, 2 ** 31, 0, 0), result(0x40c8, 2 ** 31, 33, 1), result(0x40c8, 2 ** 31, 32, 0)]).toEqual([
      [2 ** 31, '1000'],
      [0, '0100'],
      [0, '0110'],
    ]);
  });

  it('pushes 2 registers and LR in 4 cycles, and jumps through LR where BLX names it', () => {
    prepare(b, [0xb503], [1, 2, ...new Array<number>(11).fill(0), DATA_AT + 16, 77], 0);
    b.core.registers[13] = DATA_AT + 16;
    b.core.registers[14] = 77;
    expect([fast.run(1, -1), [...new Uint32Array(window(b).slice(0x104, 0x110).buffer)]]).toEqual([4, [1, 2, 77]]);
    prepare(b, [0x47f0], [], 0);
    b.core.registers[14] = DATA_AT | 1;
    expect([fast.run(1, -1), b.core.PC, b.core.LR]).toEqual([2, DATA_AT, (CODE_AT + 2) | 1]);
  });

  it('writes the base back after STM, also when it is in the list: r1 by 8 for r0 and r1', () => {
    prepare(b, [0xc103], [7, DATA_AT], 0);
    expect([fast.run(1, -1), b.core.registers[1]]).toEqual([3, DATA_AT + 8]);
  });

  it('leaves to the emulator’s core what is no memory: a load of the timer, a store to a pin', () => {
    for (const [code, address] of [
      [0x6808, 0x40054028],
      [0x6008, 0xd0000010],
    ] as const) {
      prepare(b, [code], [0, address], 0);
      expect([fast.run(1, -1), b.core.PC]).toEqual([0, CODE_AT]);
    }
  });

  it('stops after so many cycles, and before the address it is told: 4 instructions of 1 cycle', () => {
    const four = [0x3001, 0x3001, 0x3001, 0x3001];
    prepare(b, four, [0], 0);
    expect([fast.run(3, -1), b.core.registers[0]]).toEqual([3, 3]);
    prepare(b, four, [0], 0);
    expect([fast.run(100, CODE_AT + 4), b.core.registers[0]]).toEqual([2, 2]);
  });

  it('waits 56 cycles for each new line of flash, of code and of data, and not again', () => {
    const cache = new FlashCache(56);
    const waiting = new ThumbCore(b, cache);
    // Four instructions of a line; one of them reads the word at 0x10000100, in another.
    for (const [index, half] of [0x6808, 0x3201, 0x3201, 0x3201, 0x3201].entries()) b.flash.set([half & 255, half >> 8], 2 * index);
    const run = (): number => {
      b.core.registers[1] = 0x10000100;
      b.core.PC = 0x10000000;
      b.core.interruptsUpdated = false;
      return waiting.run(1000, 0x10000008);
    };
    expect([run(), run(), cache.misses]).toEqual([2 + 3 + 2 * 56, 2 + 3, 2]);
  });
});

describe('FlashCache', () => {
  it('holds two lines of a set, 8 KB apart: a third puts out the one used longer ago', () => {
    const cache = new FlashCache(10);
    expect([0, 1024, 0, 2048, 0, 1024].map((line) => cache.read(line))).toEqual([10, 10, 0, 10, 0, 10]);
    cache.flush();
    expect([cache.read(0), cache.hits, cache.misses]).toEqual([10, 2, 5]);
  });
});
