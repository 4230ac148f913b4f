// The table of messages in the README is the gun's own.
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PROGRAM_WORDS_MAX } from '../../../firmware/core/program.ts';
import { MESSAGES } from '../../../tools/link-messages.ts';
import { REQUEST_SCHEMAS } from '../../../tools/link-schemas.ts';
import { MESSAGE_SAYS, printMessageTable } from '../../../tools/link-table.ts';

const README = new URL('../../../firmware/link/README.md', import.meta.url);
const BLOCK = /(<!-- messages -->\n)[\s\S]*?(<!-- \/messages -->)/;

describe('table of messages', () => {
  it('stands in firmware/link/README.md as the gun has it', () => {
    const text = readFileSync(README, 'utf8');
    const current = text.replace(BLOCK, (_, open: string, close: string) => `${open}\n${printMessageTable()}\n\n${close}`);
    if (process.env['UPDATE'] === '1') writeFileSync(README, current);
    else expect(text).toBe(current);
  });

  it('has a verb of its own, words for people and a schema for every message', () => {
    expect(new Set(MESSAGES.map((message) => message.verb)).size).toBe(MESSAGES.length);
    expect(Object.keys(MESSAGE_SAYS)).toEqual(MESSAGES.map((message) => message.name));
    expect([...REQUEST_SCHEMAS.keys()]).toEqual(MESSAGES.map((message) => message.name));
  });

  it('gives a schema that takes the bounds of every field and refuses one beyond', () => {
    const schema = REQUEST_SCHEMAS.get('part');
    expect(schema?.safeParse({ at: PROGRAM_WORDS_MAX - 1, ints: [-2147483648] }).success).toBe(true);
    for (const wrong of [
      { at: PROGRAM_WORDS_MAX, ints: [0] },
      { at: 0, ints: [] },
      { at: 0, ints: [2147483648] },
      { at: 0, ints: [0], more: 1 },
    ]) {
      expect(schema?.safeParse(wrong).success).toBe(false);
    }
  });
});
