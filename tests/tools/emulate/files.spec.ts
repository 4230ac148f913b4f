// What an emulation says of the two files it is given: a UF2 for the RP2040, and a boot ROM.
import { describe, expect, it } from 'vitest';
import { MesogunError } from '../../../tools/errors.ts';
import { readBootrom } from '../../../tools/emulate/bootrom.ts';
import { readUf2 } from '../../../tools/emulate/uf2.ts';
import { blankRom, romFunction, uf2Of } from './machine.ts';

function refusal(read: () => unknown): { exit: number; text: string } {
  try {
    read();
  } catch (error) {
    if (error instanceof MesogunError) return { exit: error.exit, text: `${error.message}: ${error.why ?? ''}` };
    throw error;
  }
  return { exit: 0, text: '' };
}

describe('readUf2', () => {
  it('puts a block of 256 bytes for 0x10000100 at offset 256 of the flash', () => {
    const blocks = readUf2(uf2Of(), 'k.uf2');
    expect(blocks.map((block) => [block.offsetBytes, block.data.length, block.data[255]])).toEqual([[256, 256, 0xa5]]);
  });

  it.each([
    ['text', new TextEncoder().encode('x'.repeat(512)), 'not a UF2'],
    ['nothing', new Uint8Array(0), 'not a UF2'],
    ['half a block', uf2Of().slice(0, 300), 'not a UF2'],
    ['a block without its last magic number', uf2Of({ lastMagic: 0 }), 'block 0 of 1 is damaged'],
    ['a file for the RP2350', uf2Of({ family: 0xe48bff59 }), 'it is for RP2350 (Arm), not the RP2040'],
    ['a file for another family', uf2Of({ family: 0x12345678 }), 'another chip (0x12345678)'],
    ['a file that names no chip', uf2Of({ flags: 0 }), 'does not say which chip'],
    ['a file for RAM', uf2Of({ address: 0x20000000 }), 'does not lie in the 2 MB'],
    ['a file with nothing for the flash', uf2Of({ flags: 0x2001 }), 'nothing in it is for the flash'],
  ])('refuses %s with exit 3 and says why', (_name, bytes, why) => {
    expect(refusal(() => readUf2(bytes, 'k.uf2'))).toEqual({ exit: 3, text: expect.stringContaining(why) as string });
  });
});

describe('readBootrom', () => {
  it('reads revision B1 and puts a breakpoint with its own number at each of six flash functions', () => {
    const { words, revision } = readBootrom(blankRom(), 'b1.bin');
    expect(revision).toBe('B1');
    const view = new DataView(words.buffer);
    expect(['IF', 'EX', 'RE', 'RP', 'FC', 'CX'].map((name) => view.getUint16(romFunction(name), true))).toEqual([
      0xbe00, 0xbe01, 0xbe02, 0xbe03, 0xbe04, 0xbe05,
    ]);
  });

  it.each([
    ['8 KB', blankRom().slice(0, 8192), 'it has 8192 bytes, not 16384'],
    ['16 KB of zeros', new Uint8Array(16384), 'magic number'],
    ['a ROM whose table is empty', blankRom().fill(0, 0x100, 0x120), 'lacks the functions IF, EX, RE, RP, FC, CX'],
  ])('refuses %s with exit 3 and says why', (_name, bytes, why) => {
    expect(refusal(() => readBootrom(bytes, 'b1.bin'))).toEqual({ exit: 3, text: expect.stringContaining(why) as string });
  });
});
