// firmware/FLASHING.md against the code: its wiring is that of hal/boards, its commands exist, its words are those of the flasher.
import { describe, expect, it } from 'vitest';
import { PICO } from '../../hal/boards/pico.ts';
import { createProgram } from '../../tools/cli.ts';
import { wiringRows } from '../../tools/wiring.ts';
import { markdownTable, markedBlock } from './marked-block.ts';
import { textOf } from './tree.ts';

describe('firmware/FLASHING.md', () => {
  it('prints the wiring of hal/boards/pico.ts, each pin once, with the pin of the board', () => {
    const printed = markdownTable(['GP', 'pin', 'name', 'goes to'], wiringRows());
    expect(markedBlock('firmware/FLASHING.md', 'wiring', printed)).toBe(printed);
    expect(wiringRows()).toHaveLength(Object.keys(PICO).length);
    expect(wiringRows().every(([, pin]) => /^\d+$/.test(pin ?? ''))).toBe(true);
  });

  it('names only commands that exist', () => {
    const names = [...textOf('firmware/FLASHING.md').matchAll(/npx mesogun ([a-z-]+)/g)].map((match) => match[1]);
    const known = createProgram().commands.map((each) => each.name());
    expect(names.length).toBeGreaterThan(4);
    expect(names.filter((name) => !known.includes(name ?? ''))).toEqual([]);
  });

  it('quotes what the flasher says', () => {
    const sources = ['flasher', 'detect', 'kaluma', 'espruino', 'runtime'].map((name) => textOf(`tools/flash/${name}.ts`)).join('\n');
    const quoted = [...textOf('firmware/FLASHING.md').matchAll(/^\| `([^`]+)` \|/gm)].map((match) => match[1] ?? '');
    expect(quoted.filter((words) => !sources.includes(words.replace(/^no console/, 'console')))).toEqual([]);
  });

  it('is what firmware/README.md points to', () => {
    expect(textOf('firmware/README.md')).toContain('FLASHING.md');
  });
});
