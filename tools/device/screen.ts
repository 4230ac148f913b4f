// The gun's screen at the desk: its eight lines over the link, and a picture of its pixels in half blocks. Runs at the desk.
import { columnAt, GLYPHS, GLYPH_COLUMNS } from '../../firmware/panel/font.ts';
import type { Pixels } from '../../sim/screen-reader.ts';
import { EXIT_DEVICE, MesogunError } from '../errors.ts';
import type { Link } from '../link.ts';
import type { Asking } from '../link-calls.ts';
import { refusalTrouble } from '../refusal.ts';

const LINES = 8;
const CHARACTERS = 16;
const COLUMNS = 128;
const ROWS = 64;
const CELL = 8;
/** Readings until two agree. The gun draws while nobody asks, a whole screen in a second: so many of its heartbeats. */
const READINGS_MOST = 20;
const BEATS_BETWEEN = 5;

/** The gun's next heartbeat. Rejects when the link is gone. */
function nextBeat(link: Link): Promise<void> {
  return new Promise((resolve, reject) => {
    link.onEvent((event) => {
      if (event.ev === 'hb') resolve();
    });
    link.onClose(reject);
  });
}

async function readOnce(link: Asking): Promise<string[]> {
  const lines: string[] = [];
  for (let line = 0; line < LINES; line += 1) {
    const answer = await link.request('screen', { line });
    if (answer.no !== undefined) throw new MesogunError(refusalTrouble('screen', answer));
    lines.push(String(answer['text']));
  }
  return lines;
}

/** What the screen shows once it stands still: eight lines of sixteen characters, small `u` a micro sign. */
export async function readLines(link: Link): Promise<string[]> {
  let before: string[] = [];
  for (let reading = 0; reading < READINGS_MOST; reading += 1) {
    for (let beat = 0; beat < BEATS_BETWEEN; beat += 1) await nextBeat(link);
    const lines = await readOnce(link);
    // A line that is not drawn to its end yet is shorter.
    const isWhole = lines.every((line) => line.length === CHARACTERS || line === '') && (lines.join('') === '' || !lines.includes(''));
    if (isWhole && lines.join() === before.join()) {
      if (lines.join('').trim() !== '') return lines;
      const next = 'look at its plug: GP20, GP21, 3.3 V; sessions from the desk run without it';
      throw new MesogunError({ exit: EXIT_DEVICE, what: 'the gun shows nothing: no screen answers on its bus', next });
    }
    before = lines;
  }
  return before;
}

/** The pixels that the gun's own letters give for these lines. */
export function pixelsOf(lines: readonly string[]): Pixels {
  return (x, y) => {
    const glyph = GLYPHS.indexOf(lines[Math.floor(y / CELL)]?.charAt(Math.floor(x / CELL)) ?? ' ');
    const column = (x % CELL) - 1;
    if (glyph < 0 || column < 0 || column >= GLYPH_COLUMNS) return 0;
    return (columnAt(glyph * GLYPH_COLUMNS + column) >> (y % CELL)) & 1;
  };
}

const HALF_BLOCKS = [' ', '▀', '▄', '█'];

/** The 128 × 64 pixels as 32 lines of half blocks in a frame. */
export function blocks(pixels: Pixels): string {
  const rows: string[] = [];
  for (let y = 0; y < ROWS; y += 2) {
    let row = '';
    for (let x = 0; x < COLUMNS; x += 1) row += HALF_BLOCKS[pixels(x, y) + 2 * pixels(x, y + 1)] ?? ' ';
    rows.push(`│${row}│\n`);
  }
  return `┌${'─'.repeat(COLUMNS)}┐\n${rows.join('')}└${'─'.repeat(COLUMNS)}┘\n`;
}

/** Rows of pixels as hexadecimal, 32 digits each, left first. */
export function pixelRows(pixels: Pixels): string[] {
  return Array.from({ length: ROWS }, (_, y) => {
    let row = '';
    for (let x = 0; x < COLUMNS; x += 4) {
      row += (8 * pixels(x, y) + 4 * pixels(x + 1, y) + 2 * pixels(x + 2, y) + pixels(x + 3, y)).toString(16);
    }
    return row;
  });
}
