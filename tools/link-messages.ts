// The gun's own table of messages as objects: for the desk's schemas, the README's table and the tests.
// Not responsible for what is in it (firmware/link/messages.ts). Runs at the desk.
import { MESSAGE_ROWS, PART_INTS_MAX } from '../firmware/link/messages.ts';

// Kinds of fields.
/** One integer, least to most. */
export const FIELD_INT = 0;
/** Integers of 32 bits, least to most of them. */
export const FIELD_INTS = 1;
/** Lower-case hexadecimal text of exactly `most` digits. */
export const FIELD_HEX = 2;

export interface Field {
  readonly name: string;
  readonly kind: number;
  readonly least: number;
  readonly most: number;
}

export interface Message {
  readonly name: string;
  readonly verb: number;
  readonly role: number;
  readonly fields: readonly Field[];
}

function fieldOf(text: string): Field {
  const [name = '', least = '', most = least] = text.split(':');
  if (least === '') return { name, kind: FIELD_INTS, least: 1, most: PART_INTS_MAX };
  return { name, kind: most === least ? FIELD_HEX : FIELD_INT, least: Number(least), most: Number(most) };
}

/** In the order of the table. */
export const MESSAGES: readonly Message[] = MESSAGE_ROWS.split(';')
  .filter((row) => row !== '')
  .map((row) => {
    const [name = '', verb, role, ...fields] = row.split(' ');
    return { name, verb: Number(verb), role: Number(role), fields: fields.map(fieldOf) };
  });
