// What the specs of the emulated chip run: a boot ROM with nothing in it but a table, and programs of a few instructions, assembled here.
import type { RP2040 } from 'rp2040js';
import { readBootrom } from '../../../tools/emulate/bootrom.ts';
import { EmulatedChip } from '../../../tools/emulate/chip.ts';
import type { ChipClock } from '../../../tools/emulate/chip-clock.ts';
import { FLASH_BASE, RP2040_FAMILY } from '../../../tools/emulate/uf2.ts';

const CALLS = ['IF', 'EX', 'RE', 'RP', 'FC', 'CX'];
const TABLE_AT = 0x100;
const FUNCTIONS_AT = 0x200;

/** Address of a flash function in `blankRom`. */
export const romFunction = (name: string): number => FUNCTIONS_AT + 16 * CALLS.indexOf(name);

/** 16 KB: magic number, table of flash functions, and NOPs. */
export function blankRom(): Uint8Array {
  const rom = new Uint8Array(16 * 1024);
  const view = new DataView(rom.buffer);
  view.setUint32(0, 0x20040000, true);
  rom.set([0x4d, 0x75, 1, 2], 0x10);
  view.setUint16(0x14, TABLE_AT, true);
  CALLS.forEach((name, index) => {
    rom.set([name.charCodeAt(0), name.charCodeAt(1)], TABLE_AT + 4 * index);
    view.setUint16(TABLE_AT + 4 * index + 2, romFunction(name) | 1, true);
  });
  return rom;
}

/** One step: a word to an address, a wait of about so many µs at 125 MHz, a call with up to three arguments, or a jump to an earlier step. */
export type Step =
  | { readonly write: number; readonly value: number }
  | { readonly waitUs: number }
  | { readonly call: number; readonly args: readonly number[] }
  | { readonly jump: number };

/** A cycle of the wait loop: subtract 1, branch taken 2. Source: Cortex-M0+ TRM, instruction timing. */
const CYCLES_A_TURN = 3;

/** Thumb code of the steps, each with its constants behind it; stands still at the end. Encodings: Arm v6-M reference manual. */
export function assemble(steps: readonly Step[]): Uint8Array {
  const halves: number[] = [];
  const starts: number[] = [];
  for (const step of steps) {
    if (halves.length % 2 === 1) halves.push(0xbf00);
    starts.push(halves.length);
    if ('jump' in step) {
      halves.push(0xe000 | ((((starts[step.jump] ?? 0) - halves.length - 2) >>> 0) & 0x7ff));
      continue;
    }
    const constants =
      'write' in step
        ? [step.write, step.value]
        : 'waitUs' in step
          ? [Math.round((step.waitUs * 125) / CYCLES_A_TURN)]
          : [...step.args, step.call | 1];
    const tail = 'write' in step ? [0x6001] : 'waitUs' in step ? [0x3801, 0xd1fd] : [0x4780 | (7 << 3)];
    // Loads, the work, a branch over the constants, on a word boundary.
    const before = constants.length + tail.length + 1;
    const padded = before + (before % 2);
    constants.forEach((_value, index) => {
      const register = 'call' in step && index === constants.length - 1 ? 7 : index;
      const from = ((starts[starts.length - 1] ?? 0) + index + 2) & ~1;
      const at = (starts[starts.length - 1] ?? 0) + padded + 2 * index;
      halves.push(0x4800 | (register << 8) | ((at - from) / 2));
    });
    halves.push(...tail, 0xe000 | (2 * constants.length + (padded - before) - 1));
    if (padded > before) halves.push(0xbf00);
    for (const value of constants) halves.push(value & 0xffff, (value >>> 16) & 0xffff);
  }
  halves.push(0xe7fe);
  return new Uint8Array(Uint16Array.from(halves).buffer);
}

export interface TestChip {
  readonly chip: EmulatedChip;
  readonly programmed: { readonly offset: number; readonly data: Uint8Array }[];
  readonly erased: { readonly offset: number; readonly size: number }[];
}

/** A chip that runs these steps from the start of its flash. */
export function chipWith(steps: readonly Step[], onStart: (mcu: RP2040, clock: ChipClock) => void = () => undefined): TestChip {
  const programmed: { offset: number; data: Uint8Array }[] = [];
  const erased: { offset: number; size: number }[] = [];
  const chip = new EmulatedChip({
    bootrom: readBootrom(blankRom(), 'blank'),
    firmware: [{ offsetBytes: 0, data: assemble(steps) }],
    onStart,
    flash: {
      programmed: (offset, data) => void programmed.push({ offset, data }),
      erased: (offset, size) => void erased.push({ offset, size }),
    },
  });
  return { chip, programmed, erased };
}

export interface BlockChange {
  readonly family?: number;
  readonly flags?: number;
  readonly address?: number;
  readonly lastMagic?: number;
}

/** A UF2 file of one block of 256 bytes, each 0xa5. */
export function uf2Of(change: BlockChange = {}): Uint8Array {
  const bytes = new Uint8Array(512);
  const view = new DataView(bytes.buffer);
  [0x0a324655, 0x9e5d5157, change.flags ?? 0x2000, change.address ?? FLASH_BASE + 0x100, 256, 0, 1, change.family ?? RP2040_FAMILY].forEach(
    (word, index) => view.setUint32(4 * index, word, true),
  );
  bytes.fill(0xa5, 32, 288);
  view.setUint32(508, change.lastMagic ?? 0x0ab16f30, true);
  return bytes;
}
