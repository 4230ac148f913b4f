// Checks the fields of one message against its row of the table and copies them out, so that the parsed object is not trusted
// any longer than that. Not responsible for what the values mean. Runs on the gun.
import { FIELD_HEX, FIELD_INT, INT_MAX, INT_MIN, PART_INTS_MAX, type Field, type Message } from './messages.ts';

export type JsonObject = Record<string, unknown>;
const WHAT_MAX = 16;

/** An integer within bounds, both included. */
export const isInt = (value: unknown, least: number, most: number): value is number =>
  typeof value === 'number' && value >= least && value <= most && Math.floor(value) === value;

const isHex = (value: unknown, digits: number): value is string => {
  if (typeof value !== 'string' || value.length !== digits) return false;
  for (let at = 0; at < digits; at++) {
    const code = value.charCodeAt(at);
    if (!((code >= 48 && code <= 57) || (code >= 97 && code <= 102))) return false;
  }
  return true;
};

/** A name as it may stand in an answer: letters, digits and hyphens, at most 16. */
export const safeName = (name: string): string => {
  let text = '';
  for (let at = 0; at < name.length && at < WHAT_MAX; at++) {
    const code = name.charCodeAt(at);
    const plain = (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 45;
    text += plain ? name.charAt(at) : '?';
  }
  return text;
};

/** The fields of the message read last: integers in the order of the row, one list, one hex text. */
export class Fields {
  readonly numbers: Int32Array;
  readonly ints: Int32Array;
  intCount: number;
  hex: string;
  /** Name of the field that was wrong. */
  what: string;

  constructor() {
    this.numbers = new Int32Array(2);
    this.ints = new Int32Array(PART_INTS_MAX);
    this.intCount = 0;
    this.hex = '';
    this.what = '';
  }

  /** Copies the fields of a message. Answers 1, or 0 with the culprit in `what` when one is missing, unknown, of the wrong kind or out of range. */
  read(message: Message, object: JsonObject, keys: readonly string[]): number {
    let number = 0;
    for (let i = 0; i < message.fields.length; i++) {
      const field = message.fields[i] as Field;
      const value = object[field.name];
      this.what = field.name;
      if (field.kind === FIELD_INT) {
        if (!isInt(value, field.least, field.most)) return 0;
        this.numbers[number] = value;
        number++;
      } else if (field.kind === FIELD_HEX) {
        if (!isHex(value, field.most)) return 0;
        this.hex = value;
      } else if (!this.intsRight(value, field)) return 0;
    }
    if (keys.length === message.fields.length + 2) return 1;
    for (let i = 0; i < keys.length; i++) if (!this.known(message, keys[i] as string)) this.what = safeName(keys[i] as string);
    return 0;
  }

  private intsRight(value: unknown, field: Field): number {
    if (!Array.isArray(value) || value.length < field.least || value.length > field.most) return 0;
    for (let i = 0; i < value.length; i++) {
      const word: unknown = value[i];
      if (!isInt(word, INT_MIN, INT_MAX)) return 0;
      this.ints[i] = word;
    }
    this.intCount = value.length;
    return 1;
  }

  private known(message: Message, key: string): number {
    if (key === 'id' || key === 'do') return 1;
    for (let i = 0; i < message.fields.length; i++) if ((message.fields[i] as Field).name === key) return 1;
    return 0;
  }
}
