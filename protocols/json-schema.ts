// JSON Schemas of the file kinds, for editors: derived from schema.ts, stored in schema/*.schema.json.
// A test compares the stored files with this; `UPDATE=1` rewrites them. Desk side.
import { z } from 'zod';
import type { Kind } from './schema.ts';
import { FORMAT_VERSION, KINDS, SCHEMAS } from './schema.ts';

/** The JSON Schema (draft 2020-12) of one file kind. */
export function jsonSchemaOf(kind: Kind): Record<string, unknown> {
  const schema = z.toJSONSchema(SCHEMAS[kind], { target: 'draft-2020-12', io: 'input' }) as Record<string, unknown>;
  return { ...schema, $id: `mesogun-${kind}-${FORMAT_VERSION}.schema.json`, title: `mesogun ${kind}, version ${FORMAT_VERSION}` };
}

/** File name → text of all of them. */
export function jsonSchemaFiles(): Record<string, string> {
  return Object.fromEntries(KINDS.map((kind) => [`${kind}.schema.json`, `${JSON.stringify(jsonSchemaOf(kind), null, 2)}\n`]));
}

let keys: string[] | null = null;

/** Every key that some file kind knows: enough to guess what a mistyped one meant. */
export function knownKeys(): readonly string[] {
  if (keys !== null) return keys;
  const found = new Set<string>();
  const walk = (node: unknown): void => {
    if (node === null || typeof node !== 'object') return;
    for (const [name, member] of Object.entries(node)) {
      if (name === 'properties') for (const key of Object.keys(member as object)) found.add(key);
      walk(member);
    }
  };
  for (const kind of KINDS) walk(jsonSchemaOf(kind));
  keys = [...found];
  return keys;
}
