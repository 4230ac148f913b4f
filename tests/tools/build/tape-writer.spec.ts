// How a recorded session's answers are written down.
import { describe, expect, it } from 'vitest';
import { TapeWriter } from '../../../tools/build/tape-writer.ts';

function written(write: (tape: TapeWriter) => unknown): string {
  let hex = '';
  write(new TapeWriter((more) => (hex += more)));
  return hex;
}

describe('the tape', () => {
  it('holds numbers big-endian, and refuses 256 in one byte', () => {
    expect(written((tape) => tape.number(258, 2))).toBe('0102');
    expect(() => written((tape) => tape.number(256, 1))).toThrow('256 does not fit 1 bytes');
    expect(() => written((tape) => tape.number(-1, 2))).toThrow('-1 does not fit 2 bytes');
  });

  it('holds the ms since they were asked for last', () => {
    expect(written((tape) => [13, 33, 33].map((ms) => tape.msUntil(ms)))).toBe('000d00140000');
  });

  it('counts what stands behind 0 and 255, at most 255 of them: 256 erased bytes take 4', () => {
    expect(written((tape) => tape.runs(Uint8Array.of(7, 0, 0, 0, 255, 7, 7)))).toBe('070003ff010707');
    expect(written((tape) => tape.runs(new Uint8Array(256).fill(255)))).toBe('ffffff01');
  });
});
