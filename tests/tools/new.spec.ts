// The walk through protocols/WRITING.md: a technique of one's own, from nothing to a session. Nothing but that page is used.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkText } from '../../protocols/check.ts';
import { idsOf } from '../../protocols/library.ts';
import { runCli } from '../../tools/cli.ts';
import { textOf } from '../project/tree.ts';
import type { RecordingDesk } from './recording-desk.ts';
import { recordingDesk } from './recording-desk.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mesogun-new-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function mesogun(...argv: string[]): Promise<{ code: number; desk: RecordingDesk }> {
  const desk = recordingDesk();
  return { code: await runCli(argv, desk), desk };
}
const File = z.record(z.string(), z.unknown());
const example = (): string => /<!-- example: technique -->\s*```json\n([\s\S]*?)```/.exec(textOf('protocols/WRITING.md'))?.[1] ?? '';

describe('the walk through protocols/WRITING.md', () => {
  it('begins with a technique that passes the check as it stands there', async () => {
    const path = join(folder, 'two-step.json');
    writeFileSync(path, example());
    const { code, desk } = await mesogun('check', path);
    expect(desk.stderr).toBe('');
    expect(code).toBe(0);
  });

  it('puts it into a new protocol, plans it and runs 12 pricks to completion on the virtual gun', async () => {
    const path = join(folder, 'two-step-scalp.json');
    expect((await mesogun('new', 'protocol', '--from', 'alopecia-scalp', '--id', 'two-step-scalp', '--out', path)).code).toBe(0);
    const protocol = File.parse(JSON.parse(readFileSync(path, 'utf8')));
    writeFileSync(path, JSON.stringify({ ...protocol, technique: File.parse(JSON.parse(example())) }));
    const page = join(folder, 'plan.html');
    const planned = await mesogun('plan', path, '--html', page);
    expect([planned.code, existsSync(page)]).toEqual([0, true]);
    const ran = await mesogun('run', path, '--set', 'pricks=12', '--json');
    expect(ran.code).toBe(0);
    expect(ran.desk.stdout).toContain('"planned":12');
  });
});

describe('the commands in protocols/WRITING.md', () => {
  it('all end with exit 0, one after the other, with the one edit that the page asks for', async () => {
    const at = (name: string): string => join(folder, 'walk', name);
    const commands = [...textOf('protocols/WRITING.md').matchAll(/`mesogun ([^`]+)`/g)].map((match) => (match[1] ?? '').split(' '));
    expect(commands.map(([name]) => name)).toEqual(['new', 'check', 'new', 'plan', 'run', 'run']);
    for (const words of commands) {
      const argv = words.map((word) => (/^[\w-]+\.(json|html)$/.test(word) ? at(word) : word));
      if (words[0] === 'plan') {
        const path = at('two-step-scalp.json');
        const protocol = File.parse(JSON.parse(readFileSync(path, 'utf8')));
        writeFileSync(path, JSON.stringify({ ...protocol, technique: File.parse(JSON.parse(example())) }));
      }
      const out = words[0] === 'new' ? ['--out', at(`${words[words.indexOf('--id') + 1] ?? ''}.json`)] : [];
      const { code, desk } = await mesogun(...argv, ...out, ...(words[0] === 'run' ? ['--json'] : []));
      expect(code, `${words.join(' ')}: ${desk.stderr}`).toBe(0);
    }
  });
});

describe('mesogun new', () => {
  it.each([...idsOf('technique').map((id) => ['technique', id]), ...idsOf('protocol').map((id) => ['protocol', id])])(
    'writes a %s from %s that passes its check, with the schema beside it',
    async (kind = '', from = '') => {
      const path = join(folder, kind, `${from}.json`);
      const { code, desk } = await mesogun('new', kind, '--from', from, '--out', path);
      expect([code, desk.stdout]).toEqual([0, `${path}\n`]);
      expect(checkText(readFileSync(path, 'utf8')).ok).toBe(true);
      expect(existsSync(join(folder, kind, `${kind}.schema.json`))).toBe(true);
      expect(File.parse(JSON.parse(readFileSync(path, 'utf8')))).toMatchObject({ id: `my-${from}`, $schema: `./${kind}.schema.json` });
    },
  );

  it('overwrites nothing, exit 3', async () => {
    const path = join(folder, 'mine.json');
    writeFileSync(path, 'mine');
    const { code } = await mesogun('new', 'technique', '--from', 'papule', '--out', path);
    expect([code, readFileSync(path, 'utf8')]).toEqual([3, 'mine']);
  });

  it('refuses an unknown kind, an unknown source and an id with capitals, exit 2, and guesses what was meant', async () => {
    expect((await mesogun('new', 'syringe', '--from', '1ml')).code).toBe(2);
    const { code, desk } = await mesogun('new', 'technique', '--from', 'papul');
    expect([code, desk.stderr.includes('did you mean papule?')]).toEqual([2, true]);
    expect((await mesogun('new', 'technique', '--from', 'papule', '--id', 'Mine', '--out', join(folder, 'x.json'))).code).toBe(2);
  });
});
