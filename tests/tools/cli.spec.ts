// The `mesogun` command in process: help, usage errors, library, checks, plans. Sessions are in cli-run.spec.ts.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { runCli } from '../../tools/cli.ts';
import { find } from '../../protocols/library.ts';
import type { RecordingDesk } from './recording-desk.ts';
import { recordingDesk } from './recording-desk.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mesogun-cli-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function mesogun(...argv: string[]): Promise<{ code: number; desk: RecordingDesk }> {
  const desk = recordingDesk();
  const code = await runCli(argv, desk);
  return { code, desk };
}
function fileOf(name: string, change: (protocol: Record<string, unknown>) => void): string {
  const protocol = JSON.parse(JSON.stringify(find('protocol', 'mesolift-face'))) as Record<string, unknown>;
  change(protocol);
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(protocol));
  return path;
}

describe('mesogun --help', () => {
  it('lists the commands, the exit codes and the notice in one line, exit 0', async () => {
    const { code, desk } = await mesogun('--help');
    expect(code).toBe(0);
    for (const name of ['list', 'show', 'check', 'plan', 'run', 'sim-device', 'doctor']) expect(desk.stdout).toContain(`  ${name} `);
    expect(desk.stdout).toContain('A development platform, not a cleared medical device.');
    expect(desk.stdout).toMatch(/130 {2}interrupted/);
  });

  it('prints the version of package.json', async () => {
    const { code, desk } = await mesogun('--version');
    expect(code).toBe(0);
    expect(desk.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it.each(['list', 'show', 'check', 'plan', 'run', 'sim-device'])('gives an example for %s', async (name) => {
    const { code, desk } = await mesogun(name, '--help');
    expect(code).toBe(0);
    expect(desk.stdout).toContain(`mesogun ${name}`);
    expect(desk.stdout).toContain('Examples:');
  });
});

describe('usage errors', () => {
  it.each([
    [['fly'], 'unknown command'],
    [['lst'], 'Did you mean list'],
    [['run'], 'missing required argument'],
    [['run', 'mesolift-face', '--sed', '7'], 'Did you mean one of --seed, --set'],
    [['run', 'mesolift-face', '--seed', 'x'], 'a whole number from 0'],
    [['run', 'mesolift-face', '--port', 'usb0'], 'serial:/dev/ttyACM0'],
    [['list', 'potions'], 'technique, protocol'],
    [['sim-device'], '--tcp PORT'],
    [['sim-device', '--tcp', '0', '--speed', '3'], 'as the wall clock'],
  ])('%j is exit 2 and says %s', async (argv, says) => {
    const { code, desk } = await mesogun(...argv);
    expect(code).toBe(2);
    expect(desk.stderr).toContain(says);
    expect(desk.stdout).toBe('');
  });

  it('R56: refuses a fault that it does not know, exit 2, and lists the known ones', async () => {
    const { code, desk } = await mesogun('run', 'mesolift-face', '--fault', 'needle.melt@prick=3');
    expect(code).toBe(2);
    expect(desk.stderr).toContain('needle.steps-lost');
  });

  it('shows no stack without --debug, and one with it', async () => {
    const plain = await mesogun('plan', 'no-such-thing');
    expect(plain.desk.stderr).not.toContain('.ts:');
    const debug = await mesogun('plan', 'no-such-thing', '--debug');
    expect(debug.desk.stderr).toContain('.ts:');
  });
});

describe('mesogun list and show', () => {
  it('lists mesolift-face, nappage and papule for people and for programs', async () => {
    const people = await mesogun('list');
    for (const id of ['mesolift-face', 'nappage', 'papule']) expect(people.desk.stdout).toContain(id);
    const programs = await mesogun('list', 'technique', '--json');
    const entries = z.array(z.object({ kind: z.literal('technique'), id: z.string() })).parse(JSON.parse(programs.desk.stdout));
    expect(entries.map((entry) => entry.id)).toContain('nappage');
  });

  it('shows nappage as a page, and as its whole file with --json', async () => {
    const people = await mesogun('show', 'nappage');
    expect(people.code).toBe(0);
    expect(people.desk.stdout).toContain('mm in skin');
    const programs = await mesogun('show', 'nappage', '--json');
    expect(JSON.parse(programs.desk.stdout)).toMatchObject({ kind: 'technique', id: 'nappage' });
  });

  it('names the nearest id for a mistyped one, exit 3', async () => {
    const { code, desk } = await mesogun('show', 'napage');
    expect(code).toBe(3);
    expect(desk.stderr).toContain('did you mean nappage?');
  });
});

describe('mesogun check', () => {
  it('says right for a library protocol, exit 0', async () => {
    const { code, desk } = await mesogun('check', 'mesolift-face');
    expect(code).toBe(0);
    expect(desk.stdout).toContain('right (protocol)');
  });

  it('R34: gives every error of a file at once with pointer, value, bound and why, exit 3', async () => {
    const path = fileOf('three.json', (protocol) => {
      protocol['set'] = { depthMm: 10.1, spacingMm: 4, pricks: 201 };
    });
    const { code, desk } = await mesogun('check', path, '--json');
    expect(code).toBe(3);
    const { problems } = z
      .object({ problems: z.array(z.object({ pointer: z.string(), value: z.unknown(), bound: z.string(), why: z.string() })) })
      .parse(JSON.parse(desk.stdout));
    const pointers = problems.map((problem) => problem.pointer);
    for (const pointer of ['/set/depthMm', '/set/spacingMm', '/set/pricks']) expect(pointers).toContain(pointer);
  });

  it('refuses a 6 mm depth on a 4 mm needle, exit 3, and says what would do', async () => {
    const { code, desk } = await mesogun('check', 'mesolift-face', '--set', 'depthMm=6');
    expect(code).toBe(3);
    expect(desk.stderr).toContain('needle');
  });

  it('tells a file that is not there, exit 3', async () => {
    const { code, desk } = await mesogun('check', join(folder, 'nowhere.json'));
    expect(code).toBe(3);
    expect(desk.stderr).toContain('cannot read');
  });

  it('names an unknown --set key and the nearest one, exit 3', async () => {
    const { code, desk } = await mesogun('check', 'mesolift-face', '--set', 'depthmm=2');
    expect(code).toBe(3);
    expect(desk.stderr).toContain('depthMm');
  });
});

describe('mesogun plan and run --dry-run', () => {
  it('plans mesolift-face: about 110 pricks, layers in percent', async () => {
    const { code, desk } = await mesogun('plan', 'mesolift-face');
    expect(code).toBe(0);
    expect(desk.stdout).toMatch(/pricks +1[01]\d/);
    expect(desk.stdout).toMatch(/dermis \d+ %/);
  });

  it('plans for programs with the points in micrometres', async () => {
    const { desk } = await mesogun('plan', 'mesolift-face', '--json', '--set', 'pricks=200');
    const plan = z
      .object({ event: z.literal('plan'), pricks: z.number(), points: z.array(z.object({ xUm: z.number(), yUm: z.number() })) })
      .parse(JSON.parse(desk.stdout));
    expect(plan.pricks).toBe(200);
    expect(plan.points).toHaveLength(200);
  });

  it('does the same on a dry run and moves nothing', async () => {
    const { code, desk } = await mesogun('run', 'mesolift-face', '--dry-run');
    expect(code).toBe(0);
    expect(desk.stderr).toContain('dry run: nothing moved');
  });

  it('refuses to run a technique, exit 3, and says what can run', async () => {
    const { code, desk } = await mesogun('run', 'papule');
    expect(code).toBe(3);
    expect(desk.stderr).toContain('not a protocol');
  });

  it.each([
    ['depthMm=10.1', '/set/depthMm'],
    ['spacingMm=4', '/set/spacingMm'],
    ['pricks=201', '/set/pricks'],
    ['depthMm=6', 'needle'],
  ])('refuses to run with %s before anything is opened, exit 3', async (setting, names) => {
    const { code, desk } = await mesogun('run', 'mesolift-face', '--set', setting, '--port', 'tcp://127.0.0.1:1');
    expect(code).toBe(3);
    expect(desk.stderr).toContain(names);
  });

  it('says that nobody listens on a port, exit 4, and how to start a gun there', async () => {
    const { code, desk } = await mesogun('run', 'mesolift-face', '--port', 'tcp://127.0.0.1:1');
    expect(code).toBe(4);
    expect(desk.stderr).toContain('mesogun sim-device --tcp 1');
  });

  it('takes the port from MESOGUN_PORT when none is given', async () => {
    const desk = recordingDesk({ env: { MESOGUN_PORT: 'tcp://127.0.0.1:1' } });
    expect(await runCli(['run', 'mesolift-face'], desk)).toBe(4);
  });
});
