// Writes and reads lines `<seq> <json> <crc32 hex>\n` at the desk, with the gun's own CRC.
// Not responsible for what the JSON says. Runs at the desk.
import { Crc32 } from '../firmware/store/crc32.ts';
import { ID_MAX, LINE_MAX } from '../firmware/link/messages.ts';

const CRC_DIGITS = 8;
const crc = new Crc32();

/** CRC-32 of a text of 8-bit characters as eight hex digits. */
export function crcOfText(text: string): string {
  crc.begin();
  crc.text(text, 0, text.length);
  return crc.hex();
}

/** CRC-32 over the little-endian bytes of 32-bit words as eight hex digits. */
export function crcOfWords(words: ArrayLike<number>): string {
  crc.begin();
  for (let i = 0; i < words.length; i += 1) crc.word(words[i] ?? 0);
  return crc.hex();
}

/** The line, line feed included. A line longer than 160 characters is a mistake of ours and throws. */
export function encodeLine(seq: number, json: string): string {
  const text = `${seq} ${json}`;
  const line = `${text} ${crcOfText(text)}\n`;
  if (line.length > LINE_MAX) throw new RangeError(`a line of ${line.length} characters; ${LINE_MAX} is the most: ${json}`);
  return line;
}

export interface Line {
  readonly seq: number;
  readonly json: string;
}

/** Unsigned decimal up to ID_MAX without leading zero; −1 when it is none. */
export function decimal(digits: string): number {
  const value = Number(digits);
  return String(value) === digits && Number.isInteger(value) && value >= 0 && value <= ID_MAX ? value : -1;
}

/** A line without its line feed; undefined when its check or its shape is wrong. */
export function decodeLine(line: string): Line | undefined {
  const crcAt = line.length - CRC_DIGITS - 1;
  const space = line.indexOf(' ');
  if (space < 1 || space >= crcAt || line.length >= LINE_MAX || line[crcAt] !== ' ') return undefined;
  if (crcOfText(line.slice(0, crcAt)) !== line.slice(crcAt + 1)) return undefined;
  const seq = decimal(line.slice(0, space));
  return seq < 1 ? undefined : { seq, json: line.slice(space + 1, crcAt) };
}
