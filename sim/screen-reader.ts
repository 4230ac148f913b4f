// Reads the lit pixels of the gun's screen as a person does: eight lines of sixteen characters. A cell that is no letter reads `#`.
// Not responsible for what the words mean. Simulator only.
import { columnAt, GLYPHS, GLYPH_COLUMNS } from '../firmware/panel/font.ts';

/** 1 = lit, column x from the left, row y from the top. */
export type Pixels = (x: number, y: number) => number;

const LINES = 8;
const CHARACTERS = 16;
const CELL = 8;

/** A cell's eight columns as one text, the key of its letter. */
const keyOf = (columns: readonly number[]): string => columns.join();

const letters = new Map(Array.from(GLYPHS, (letter, index) => [cellOf(index * GLYPH_COLUMNS), letter]));
letters.set(keyOf(new Array<number>(CELL).fill(0)), ' ');

function cellOf(glyph: number): string {
  const columns = new Array<number>(CELL).fill(0);
  for (let column = 0; column < GLYPH_COLUMNS; column += 1) columns[column + 1] = columnAt(glyph + column);
  return keyOf(columns);
}

function letterAt(pixels: Pixels, line: number, place: number): string {
  const columns: number[] = [];
  for (let column = 0; column < CELL; column += 1) {
    let bits = 0;
    for (let row = 0; row < CELL; row += 1) bits |= pixels(place * CELL + column, line * CELL + row) << row;
    columns.push(bits);
  }
  return letters.get(keyOf(columns)) ?? '#';
}

/** The eight lines, 16 characters each; small `u` is a micro sign. */
export function readScreen(pixels: Pixels): string[] {
  return Array.from({ length: LINES }, (_, line) =>
    Array.from({ length: CHARACTERS }, (_each, place) => letterAt(pixels, line, place)).join(''),
  );
}
