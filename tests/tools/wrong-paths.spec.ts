// Files and folders that a person named and that cannot be read or written: exit 3, with what, why and next; nothing runs.
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../tools/cli.ts';
import { recordingDesk } from './recording-desk.ts';

let folder = '';
const inFolder = (name: string): string => join(folder, name);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mesogun-paths-'));
  writeFileSync(inFolder('file'), '');
  const sha256 = createHash('sha256').update('1').digest('hex');
  const throws = 'new Pins()';
  const itsSha256 = createHash('sha256').update(throws).digest('hex');
  writeFileSync(inFolder('throws.js'), throws);
  writeFileSync(inFolder('throws.json'), JSON.stringify({ board: 'pico', runtime: 'espruino', sha256: itsSha256 }));
  for (const name of ['broken', 'other', 'image']) writeFileSync(inFolder(`${name}.js`), '1');
  writeFileSync(inFolder('broken.json'), '{');
  writeFileSync(inFolder('other.json'), '{}');
  writeFileSync(inFolder('image.json'), JSON.stringify({ board: 'pico', runtime: 'kaluma', sha256 }));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a place that cannot be written', () => {
  it.each([
    ['the folder of build, before it builds', ['build', '--out', 'file']],
    ['the folder of run, before anything moves', ['run', 'mesolift-face', '--set', 'pricks=10', '--out', 'file/reports']],
    ['the file of device log', ['device', 'log', '--out', 'file/log.csv']],
    ['the drawing of plan', ['plan', 'mesolift-face', '--svg', 'file/plan.svg']],
    ['the form of records', ['records', 'form', 'mesolift-face', '--out', 'file/form.json']],
  ])('%s is exit 3', async (_name, argv) => {
    const desk = recordingDesk();
    expect(
      await runCli(
        argv.map((word) => (word.startsWith('file') ? inFolder(word) : word)),
        desk,
      ),
    ).toBe(3);
    expect(desk.stderr).toMatch(/error: cannot write [^]*why:[^]*next: {2}check the folder and its permissions/);
    expect(desk.stderr).not.toContain('done');
  });
});

describe('an image that cannot be run', () => {
  it.each([
    ['none.js', 'cannot read the image'],
    ['broken.js', 'is not a manifest'],
    ['other.js', 'is not a manifest'],
    ['image.json', 'is not an image'],
  ])('%s is exit 3', async (name, what) => {
    const desk = recordingDesk();
    expect(await runCli(['run', 'mesolift-face', '--image', inFolder(name), '--json'], desk)).toBe(3);
    expect(desk.stderr).toContain(what);
  });

  it('one that throws at its start is exit 5, with what it threw', async () => {
    const desk = recordingDesk();
    expect(await runCli(['run', 'mesolift-face', '--image', inFolder('throws.js'), '--json'], desk)).toBe(5);
    expect(desk.stderr).toMatch(/the image stopped at its start\nwhy: +ReferenceError: Pins is not defined/);
  });
});
