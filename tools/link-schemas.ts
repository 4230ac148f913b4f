// The link's messages as zod schemas: requests follow from the gun's own table, answers and events are what device-link.ts
// writes. Not responsible for what they mean. Runs at the desk.
import { z } from 'zod';
import { ID_MAX, INT_MAX, INT_MIN } from '../firmware/link/messages.ts';
import { FIELD_HEX, FIELD_INT, MESSAGES, type Field } from './link-messages.ts';

function fieldSchema(field: Field): z.ZodType {
  if (field.kind === FIELD_INT) return z.int().min(field.least).max(field.most);
  if (field.kind === FIELD_HEX)
    return z.string().regex(new RegExp(`^[0-9a-f]{${field.most}}$`), `${field.most} hexadecimal digits, lower case`);
  return z.array(z.int().min(INT_MIN).max(INT_MAX)).min(field.least).max(field.most);
}

/** What follows a name: the fields of its message, `id` and `do` left out. */
export const REQUEST_SCHEMAS: ReadonlyMap<string, z.ZodType> = new Map(
  MESSAGES.map((message) => [
    message.name,
    z.strictObject(Object.fromEntries(message.fields.map((field) => [field.name, fieldSchema(field)]))),
  ]),
);

const int = z.int();
const atMs = z.int().nonnegative();

/** Lines that the gun sends on its own. `at` is device time, ms, unsigned 32 bit. Volumes nL, lengths µm. */
export const EVENT_SCHEMA = z.discriminatedUnion('ev', [
  z.object({ ev: z.literal('boot'), reset: int, uncertain: int, uncertainNl: int, at: atMs }),
  z.object({ ev: z.literal('hb'), state: int, done: int, lost: int, bad: int, at: atMs }),
  z.object({ ev: z.literal('state'), from: int, to: int, at: atMs }),
  z.object({ ev: z.literal('prick'), n: int, result: int, nl: int, tipUm: int, at: atMs }),
  z.object({ ev: z.literal('fault'), code: int, value: int, limit: int, at: atMs }),
  z.object({ ev: z.literal('hold'), why: int, value: int, limit: int, at: atMs }),
  z.object({ ev: z.literal('stop'), n: int, at: atMs }),
  z.object({ ev: z.literal('entry'), seq: int, data: z.base64().length(88).optional(), no: int.optional() }),
]);
export type GunEvent = z.infer<typeof EVENT_SCHEMA>;

/** Answers. Either `ok` and what was asked for, or `no` with the REFUSED_… code and what the gun says about it. */
export const ANSWER_SCHEMA = z.looseObject({
  re: z.int().min(0).max(ID_MAX),
  ok: z.literal(1).optional(),
  no: z.int().positive().optional(),
  limit: int.optional(),
  value: int.optional(),
  bound: int.optional(),
  by: int.optional(),
  what: z.string().optional(),
});
/** `no` is undefined exactly when the gun did it. */
export type Answer = z.infer<typeof ANSWER_SCHEMA>;

/** What `hello` answers. `next` = the first id the gun takes, `journal` = newest entry, −1 none. */
export const HELLO_SCHEMA = z.object({
  re: int,
  link: z.literal(1),
  board: z.string(),
  device: z.number(),
  firmware: int,
  tickMs: z.int().positive(),
  next: z.int().positive(),
  journal: int,
});
export type Hello = z.infer<typeof HELLO_SCHEMA>;
