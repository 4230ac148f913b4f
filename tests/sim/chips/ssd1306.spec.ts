// The screen controller's model against its data sheet: addressing modes, turned columns and rows, what is seen, what is reported.
import { describe, expect, it } from 'vitest';
import { Ssd1306Chip } from '../../../sim/chips/ssd1306.ts';

const ON = [0x00, 0x8d, 0x14, 0xa1, 0xc8, 0xaf];
const made = (...writes: number[][]): Ssd1306Chip => {
  const chip = new Ssd1306Chip();
  for (const bytes of [ON, ...writes]) expect(chip.write(Uint8Array.from(bytes), bytes.length)).toBe(0);
  return chip;
};
const clear = [0x00, 0x20, 0x00, 0x21, 0, 127, 0x22, 0, 7];
const zeros = [0x40, ...new Array<number>(1024).fill(0)];
/** Lit pixels as x,y. */
const lit = (chip: Ssd1306Chip): string[] => {
  const found: string[] = [];
  for (let y = 0; y < 64; y++) for (let x = 0; x < 128; x++) if (chip.pixel(x, y)) found.push(`${x},${y}`);
  return found;
};

describe('the SSD1306 model', () => {
  it('shows stripes of a RAM that nobody has written once it is on, and nothing before, nor without its charge pump', () => {
    expect(lit(made())).toHaveLength(4096);
    const off = new Ssd1306Chip();
    expect(lit(off)).toEqual([]);
    off.write(Uint8Array.from([0x00, 0xaf]), 2);
    expect([off.lit, lit(off).length]).toEqual([false, 0]);
  });

  it('page addressing: page 2, column 0x45, three bytes: the pointer moves by one column and stays in its page', () => {
    const chip = made(clear, zeros, [0x00, 0x20, 0x02, 0xb2, 0x05, 0x14], [0x40, 0x01, 0x80, 0x03]);
    expect(lit(chip)).toEqual(['69,16', '71,16', '71,17', '70,23']);
    const wrapped = made(clear, zeros, [0x00, 0x20, 0x02, 0xb0, 0x0f, 0x17], [0x40, 1, 1]);
    expect(lit(wrapped)).toEqual(['0,0', '127,0']);
  });

  it('horizontal addressing: fills a window of columns 10 to 11 and pages 1 to 2 line by line, then starts again', () => {
    const chip = made(clear, zeros, [0x00, 0x21, 10, 11, 0x22, 1, 2], [0x40, 1, 2, 4, 8, 16]);
    expect(lit(chip)).toEqual(['11,9', '10,12', '10,18', '11,19']);
  });

  it('vertical addressing: the same window column by column', () => {
    const chip = made(clear, zeros, [0x00, 0x20, 0x01, 0x21, 10, 11, 0x22, 1, 2], [0x40, 1, 2, 4, 8]);
    expect(lit(chip)).toEqual(['10,8', '11,10', '10,17', '11,19']);
  });

  it('takes commands each behind its own control byte, then data to the end of the write', () => {
    const chip = made(clear, zeros, [0x80, 0x20, 0x80, 0x02, 0x80, 0xb7, 0x80, 0x00, 0x80, 0x10, 0x40, 0x80]);
    expect(lit(chip)).toEqual(['0,63']);
  });

  it('mirrors what columns and rows are not turned for; inverts and lights all on command', () => {
    const pixel = [0x00, 0x20, 0x02, 0xb0, 0x00, 0x10];
    expect(lit(made(clear, zeros, [0x00, 0xa0], pixel, [0x40, 1]))).toEqual(['127,0']);
    expect(lit(made(clear, zeros, pixel, [0x40, 1], [0x00, 0xc0]))).toEqual(['0,63']);
    expect(lit(made(clear, zeros, [0x00, 0xa7]))).toHaveLength(8192);
    expect(lit(made(clear, zeros, [0x00, 0xa5]))).toHaveLength(8192);
  });

  it('moves the picture by start line and offset, and shows fewer rows at a lower multiplex ratio', () => {
    const line = [0x00, 0x20, 0x02, 0xb0, 0x00, 0x10];
    expect(lit(made(clear, zeros, line, [0x40, 1], [0x00, 0x78]))).toEqual(['0,8']);
    expect(lit(made(clear, zeros, [0x00, 0xa7, 0xa8, 31]))).toHaveLength(32 * 128);
  });

  it('reports scrolling and unknown commands by number, each once, and takes their arguments for no command', () => {
    const chip = made([0x00, 0x26, 0, 0, 0, 7, 0, 0xff], [0x00, 0x2f, 0x2f], [0x00, 0x81, 0xae]);
    expect(chip.unmodelled).toEqual([0x26, 0x2f]);
    expect(chip.lit).toBe(true);
  });

  it('forgets everything when power goes, and answers nobody when it is not there', () => {
    const chip = made(clear, zeros);
    chip.powerCycle();
    expect(chip.lit).toBe(false);
    chip.present = false;
    expect(chip.write(Uint8Array.from([0x00, 0xaf]), 2)).toBe(1);
  });
});
