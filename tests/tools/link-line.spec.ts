// Numbers of lines as the desk reads them.
import { describe, expect, it } from 'vitest';
import { decimal } from '../../tools/link-line.ts';

describe('decimal', () => {
  it.each([
    ['0', 0],
    ['134217727', 134217727],
    ['', -1],
    ['01', -1],
    ['-1', -1],
    ['1e3', -1],
    ['1234567890', -1],
  ])('reads %j as %i', (text, value) => {
    expect(decimal(text)).toBe(value);
  });
});
