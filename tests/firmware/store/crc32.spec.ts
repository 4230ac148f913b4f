import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { crc32 } from 'node:zlib';
import { Crc32 } from '../../../firmware/store/crc32.ts';

const sumOf = (text: string): string => {
  const crc = new Crc32();
  crc.text(text, 0, text.length);
  return crc.hex();
};

describe('CRC-32 in two halves', () => {
  it('gives the check value cbf43926 for "123456789"', () => {
    expect(sumOf('123456789')).toBe('cbf43926');
  });

  it('gives 00000000 for nothing', () => {
    expect(sumOf('')).toBe('00000000');
  });

  it('agrees with zlib on 2000 random texts cut into two pieces at a random place, odd ones too, seed 1', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(300), (bytes, cutAt) => {
        const cut = Math.min(cutAt, bytes.length);
        const crc = new Crc32();
        const text = Buffer.from(bytes).toString('latin1');
        crc.text(text, 0, cut);
        crc.text(text, cut, text.length);
        expect(crc.hex()).toBe(crc32(bytes).toString(16).padStart(8, '0'));
        expect(crc.high * 65536 + crc.low).toBe(crc32(bytes));
      }),
      { seed: 1, numRuns: 2000 },
    );
  });

  it('sums a text in pieces of 64 characters while another instance sums something else', () => {
    const line = 'x'.repeat(150) + 'é';
    const link = new Crc32();
    const journal = new Crc32();
    for (let at = 0; at < line.length; at += 64) {
      link.text(line, at, Math.min(at + 64, line.length));
      journal.word(at);
    }
    expect(link.hex()).toBe(crc32(Buffer.from(line, 'latin1')).toString(16).padStart(8, '0'));
  });

  it('sums a word as its four little-endian bytes, negative ones too', () => {
    const crc = new Crc32();
    const bytes = new Uint8Array(new Int32Array([1, -2, 0x12345678]).buffer);
    crc.word(1);
    crc.word(-2);
    crc.word(0x12345678);
    expect(crc.hex()).toBe(crc32(bytes).toString(16).padStart(8, '0'));
  });

  it('stores its sum little-endian and finds it again, and sees each of the 32 bits change', () => {
    const buffer = new Uint16Array([0x3412, 0x7856, 0xbc9a, 0xf0de, 0, 0]);
    const crc = new Crc32();
    crc.halves(buffer, 0, 4);
    crc.store(buffer, 4);
    expect(new DataView(buffer.buffer).getUint32(8, true)).toBe(crc32(new Uint8Array(buffer.buffer, 0, 8)));
    expect(crc.matches(buffer, 4)).toBe(true);
    for (let bit = 0; bit < 32; bit++) {
      const at = 4 + (bit >> 4);
      buffer.fill((buffer[at] ?? 0) ^ (1 << (bit & 15)), at, at + 1);
      expect(crc.matches(buffer, 4)).toBe(false);
      buffer.fill((buffer[at] ?? 0) ^ (1 << (bit & 15)), at, at + 1);
    }
  });

  it('starts anew at begin()', () => {
    const crc = new Crc32();
    crc.text('garbage', 0, 7);
    crc.begin();
    crc.text('123456789', 0, 9);
    expect(crc.hex()).toBe('cbf43926');
  });
});
