// A campaign past one process: GNU parallel shares the shards out over two workers, as tools/campaign/README.md writes it. Left out
// where parallel is not installed, but not in CI.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../../tools/cli.ts';
import { recordingDesk } from '../recording-desk.ts';

const README = readFileSync(new URL('../../../tools/campaign/README.md', import.meta.url), 'utf8');
const COMMAND = /^seq (\d+) \| parallel (-j\d+) '(npx mesogun campaign .*)'$/m;
const hasParallel = spawnSync('parallel', ['--version']).status === 0;
const leftOut = !hasParallel && process.env['CI'] !== 'true';

describe('shards of a campaign', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'mesogun-parallel-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const at = (name: string): string => join(folder, name);
  const linesOf = (name: string): string[] => readFileSync(at(name), 'utf8').trimEnd().split('\n');

  it.skipIf(leftOut)(
    leftOut
      ? 'skipped: parallel is not installed (apt-get install parallel)'
      : 'over two workers of GNU parallel, by the command of the README, are the 4 lines of one job, and report as one campaign',
    async () => {
      const [, shards = '', jobs = '', written = ''] = COMMAND.exec(README) ?? [];
      expect(written).toContain('--shard {}/');
      // The README's command, its sessions shortened to three pricks of four seeds, its results kept here.
      const mesogun = `${process.execPath} ${fileURLToPath(new URL('../../../tools/bin.js', import.meta.url))}`;
      const short = written.replace('npx mesogun', mesogun).replace(/-n \d+/, '-n 4 --jobs 1 --set pricks=3');
      const seeds = Array.from({ length: Number(shards) }, (_each, index) => `${index + 1}\n`).join('');
      const env = { ...process.env, HOME: folder, PARALLEL_HOME: folder };
      const ran = spawnSync('parallel', [jobs, short], { input: seeds, cwd: folder, env, encoding: 'utf8', timeout: 100_000 });
      expect([ran.status, ran.error]).toEqual([0, undefined]);

      const desk = recordingDesk();
      const what = ['campaign', 'mesolift-face', '-n', '4', '--jobs', '1', '--set', 'pricks=3', '--out', at('one.jsonl')];
      expect(await runCli(what, desk)).toBe(0);
      const parts = Array.from({ length: Number(shards) }, (_each, index) => `part${index + 1}.jsonl`);
      expect(linesOf('one.jsonl')).toHaveLength(4);
      expect(parts.flatMap(linesOf).sort()).toEqual(linesOf('one.jsonl').sort());

      const [shared, whole] = [recordingDesk(), recordingDesk()];
      await runCli(['campaign', 'report', ...parts.map(at), '--json', '--html', at('shards.html')], shared);
      await runCli(['campaign', 'report', at('one.jsonl'), '--json', '--html', at('one.html')], whole);
      expect(shared.stdout).toBe(whole.stdout);
      expect(readFileSync(at('shards.html'), 'utf8')).toBe(readFileSync(at('one.html'), 'utf8'));
    },
    120_000,
  );
});
