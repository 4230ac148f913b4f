// What counts as flat, and the bounds of memory.
import { describe, expect, it } from 'vitest';
import { bounds, growth, slope } from './verdict.ts';

describe('the growth of live memory', () => {
  it('is 100 bytes a session where each keeps 100 bytes, and 0 where one wavers by 300', () => {
    expect(growth([0, 100, 200, 300])).toBe(100);
    expect(growth([300, 0, 0, 300])).toBe(0);
  });

  it('is flat on Kaluma up to 64 bytes a session and not at 65', () => {
    const grown = (by: number): number[] => Array.from({ length: 20 }, (_, session) => 100_000 + by * session);
    expect(slope('kaluma', grown(64)).map(({ isMet }) => isMet)).toEqual([true]);
    expect(slope('kaluma', grown(65)).map(({ isMet }) => isMet)).toEqual([false]);
  });

  it('is not flat where the engine ended before the last session', () => {
    expect(slope('espruino', [5000, 5001, Number.NaN]).map(({ isMet }) => isMet)).toEqual([false]);
  });

  it('says nothing of two sessions', () => {
    expect(slope('espruino', [5000, 6000])).toEqual([]);
  });
});

describe('the bounds of memory', () => {
  it('are 131 072 bytes on Kaluma and 25 % of its heap free', () => {
    expect(bounds('kaluma', 131_072, 184_312).map(({ isMet }) => isMet)).toEqual([true, true]);
    expect(bounds('kaluma', 131_073, 174_000).map(({ isMet }) => isMet)).toEqual([false, false]);
  });

  it('are 5000 variables on Espruino', () => {
    expect(bounds('espruino', 5000, 12_000).map(({ isMet }) => isMet)).toEqual([true]);
    expect(bounds('espruino', 5001, 12_000).map(({ isMet }) => isMet)).toEqual([false]);
  });
});
