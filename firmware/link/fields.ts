// Checks the fields of one message against its row of the table and copies them out, so that the parsed object is not trusted
// any longer than that; and keeps what the answer to it says. Not responsible for what the values mean. Runs on the gun.
import { INT_MAX, INT_MIN, PART_INTS_MAX } from './messages.ts';

export type JsonObject = Record<string, unknown>;
const WHAT_MAX = 16;
const HEX_DIGITS = '0123456789abcdef';
/** Parts of a row, by index; its fields follow. */
export const ROW_NAME = 0;
export const ROW_VERB = 1;
export const ROW_ROLE = 2;
const ROW_FIELDS = 3;

/** An integer of 32 bits within bounds, both included. */
export const isInt = (value: unknown, least: number, most: number): value is number =>
  ((value as number) | 0) === value && value >= least && value <= most;

const isHex = (value: unknown, digits: number): value is string => {
  if (typeof value !== 'string' || value.length !== digits) return false;
  for (let at = 0; at < digits; at++) if (HEX_DIGITS.indexOf(value[at] as string) < 0) return false;
  return true;
};

/** A name as it may stand in an answer: letters, digits and hyphens, at most 16. */
export const safeName = (name: string): string => {
  let text = '';
  for (let at = 0; at < name.length && at < WHAT_MAX; at++) {
    const letter = name[at] as string;
    // A digit to the base of 36 is a letter or a digit.
    text += letter === '-' || parseInt(letter, 36) >= 0 ? letter : '?';
  }
  return text;
};

/** The fields of the message read last: integers in the order of the row, one list, one hex text. And what is answered to it. */
export class Fields {
  readonly numbers = new Int32Array(2);
  readonly ints = new Int32Array(PART_INTS_MAX);
  intCount = 0;
  hex = '';
  /** Name of the field that was wrong; what a refusal names. */
  what = '';
  /** What the answer carries besides ok. */
  more = '';

  /** Copies the fields of a message. Answers 1, or 0 with the culprit in `what` when one is missing, unknown, of the wrong kind or out of range. */
  read(row: readonly string[], object: JsonObject, keys: readonly string[]): number {
    let number = 0;
    let known = ' id: do:';
    for (let i = ROW_FIELDS; i < row.length; i++) {
      const parts = (row[i] as string).split(':');
      const name = parts[0] as string;
      const value = object[name];
      const least = parts[1] as string;
      this.what = name;
      known += ` ${name}:`;
      if (parts.length > 2) {
        if (!isInt(value, +least, +(parts[2] as string))) return 0;
        this.numbers[number++] = value;
      } else if (least) {
        if (!isHex(value, +least)) return 0;
        this.hex = value;
      } else if (!this.intsRight(value)) return 0;
    }
    if (keys.length === row.length - 1) {
      this.what = row[ROW_NAME] as string;
      return 1;
    }
    for (let i = 0; i < keys.length; i++) if (known.indexOf(` ${keys[i] as string}:`) < 0) this.what = safeName(keys[i] as string);
    return 0;
  }

  private intsRight(value: unknown): number {
    if (!Array.isArray(value) || !value.length || value.length > PART_INTS_MAX) return 0;
    for (let i = 0; i < value.length; i++) {
      const word: unknown = value[i];
      if (!isInt(word, INT_MIN, INT_MAX)) return 0;
      this.ints[i] = word;
    }
    this.intCount = value.length;
    return 1;
  }

  /** The answer carries the words `from` up to, not including, `to` under this name too. */
  list(name: string, words: Int32Array, from: number, to: number): void {
    let text = `,"${name}":[`;
    for (let at = from; at < to; at++) text += (at > from ? ',' : '') + `${words[at] as number}`;
    this.more += text + ']';
  }
}
