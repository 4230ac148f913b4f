// Lines that follow each other: each carries the SHA-256 of all before it, so that a changed, added or missing line shows.
// Evident to whoever holds a later hash; not a signature. Not responsible for files. Runs at the desk.
import { createHash } from 'node:crypto';

/** What stands before the first line. */
export const NOTHING_BEFORE = '0'.repeat(64);

/** SHA-256, hex, over the hash of all before and this line. */
export const linkOf = (before: string, line: string): string => createHash('sha256').update(`${before}\n${line}`).digest('hex');

/** SHA-256 of a text's UTF-8 bytes, hex. */
export const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A JSON object as a line that ends with its own link. Returns: the line without a line end, and the link. */
export function linked(before: string, value: Readonly<Record<string, unknown>>): { line: string; link: string } {
  const body = JSON.stringify(value);
  const link = linkOf(before, body);
  return { line: `${body.slice(0, -1)},"sha256":"${link}"}`, link };
}

const LINKED = /^(\{.*),"sha256":"([0-9a-f]{64})"\}$/;

/** The object's text and the link that it claims; null for a line of another form. */
export function unlinked(line: string): { body: string; link: string } | null {
  const found = LINKED.exec(line);
  return found === null ? null : { body: `${found[1] ?? ''}}`, link: found[2] ?? '' };
}
