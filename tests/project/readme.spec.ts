// What the READMEs claim, against the code: commands exist, printed tables are current, each folder says what it is.
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { EVENT_COUNT, EVENT_NAMES, STATE_COUNT, STATE_LIMIT_MS, STATE_NAMES, nextState } from '../../firmware/core/states.ts';
import { createProgram } from '../../tools/cli.ts';
import { EXIT_MEANINGS } from '../../tools/errors.ts';
import { markdownTable, markedBlock } from './marked-block.ts';
import { ROOT, textOf } from './tree.ts';

const scripts = z.object({ scripts: z.record(z.string(), z.string()) }).parse(JSON.parse(textOf('package.json'))).scripts;
const FOLDERS = ['firmware', 'hal', 'protocols', 'sim', 'tools', 'tests'];

function stateTable(): string {
  const rows: string[][] = [];
  for (let state = 0; state < STATE_COUNT; state++) {
    const limitMs = STATE_LIMIT_MS[state] ?? 0;
    const row = [STATE_NAMES[state] ?? '?', limitMs === 0 ? '–' : String(limitMs / 1000)];
    for (let event = 0; event < EVENT_COUNT; event++) {
      const next = nextState(state, event);
      row.push(next < 0 ? '·' : (STATE_NAMES[next] ?? '?'));
    }
    rows.push(row);
  }
  return markdownTable(['state', 'limit s', ...EVENT_NAMES], rows);
}

/** `npm run x`, `npm x`, `npx mesogun x` in code blocks and code spans of a README. */
function commandsIn(text: string): string[] {
  return [...text.matchAll(/\b(?:npm|npx) [^\n`#]+/g)].map((match) => match[0].trim());
}

function unknownCommand(command: string): boolean {
  const words = command.split(/\s+/);
  if (words[0] === 'npx') {
    if (words[1] === 'vitest') return false;
    if (words[1] !== 'mesogun') return true;
    const name = words[2] ?? '';
    return !name.startsWith('--') && !createProgram().commands.some((each) => each.name() === name);
  }
  if (words[1] === 'ci') return false;
  const script = words[1] === 'run' ? (words[2] ?? '') : (words[1] ?? '');
  return !(script in scripts);
}

describe('README', () => {
  it.each(['README.md', 'CONTRIBUTING.md', ...FOLDERS.map((folder) => `${folder}/README.md`)])(
    '%s names only commands that exist',
    (path) => {
      expect(commandsIn(textOf(path)).filter(unknownCommand)).toEqual([]);
    },
  );

  it('notices a command that does not exist', () => {
    const text = 'Run `npm run fly` and `npx mesogun fly`, then npx mesogun list';
    expect(commandsIn(text).filter(unknownCommand)).toEqual(['npm run fly', 'npx mesogun fly']);
  });

  it('says in one line that this is a development platform, not a cleared medical device', () => {
    expect(textOf('README.md')).toContain('A development platform, not a cleared medical device.');
    expect(createProgram().helpInformation()).toContain('not a cleared medical device');
  });

  it('prints the exit codes of tools/errors.ts', () => {
    const printed = markdownTable(
      ['code', 'meaning'],
      EXIT_MEANINGS.map(([code, meaning]) => [String(code), meaning]),
    );
    expect(markedBlock('README.md', 'exit-codes', printed)).toBe(printed);
  });

  it('prints the state table of firmware/core/states.ts into firmware/README.md', () => {
    const printed = stateTable();
    expect(markedBlock('firmware/README.md', 'state-table', printed)).toBe(printed);
  });

  it.each(FOLDERS)('%s/ says what it is on one page (at most 60 lines)', (folder) => {
    expect(existsSync(`${ROOT}${folder}/README.md`)).toBe(true);
    const lines = textOf(`${folder}/README.md`).split('\n');
    expect(lines[0]).toMatch(/^# /);
    expect(lines.length).toBeLessThanOrEqual(60);
  });

  it.each(['README.md', ...FOLDERS.map((folder) => `${folder}/README.md`)])('%s links only to files that exist', (path) => {
    const folder = path.includes('/') ? `${path.split('/')[0] ?? ''}/` : '';
    const links = [...textOf(path).matchAll(/\]\(([^)#:]+)\)/g)].map((match) => match[1] ?? '');
    expect(links.filter((link) => !existsSync(ROOT + folder + link))).toEqual([]);
  });
});
