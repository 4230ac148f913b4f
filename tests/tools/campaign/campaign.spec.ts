// `mesogun campaign` as a person meets it: threads, shards, going on, reports. Sessions of three pricks.
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../../tools/cli.ts';
import type { Result } from '../../../tools/campaign/result.ts';
import { resultSchema } from '../../../tools/campaign/result.ts';
import type { TrueSummary } from '../../../tools/summary.ts';
import { recordingDesk } from '../recording-desk.ts';

const WHAT = ['mesolift-face', '--set', 'pricks=3', '--sweep', 'doseUl=4.0..6.0'];
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mesogun-campaign-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const at = (name: string): string => join(folder, name);
const linesOf = (name: string): string[] => readFileSync(at(name), 'utf8').trimEnd().split('\n');

async function campaign(...args: string[]): Promise<{ exit: number; stdout: string; stderr: string }> {
  const desk = recordingDesk();
  const exit = await runCli(['campaign', ...args], desk);
  return { exit, stdout: desk.stdout, stderr: desk.stderr };
}

describe('mesogun campaign', () => {
  it('gives the same lines with one thread, two threads and two shards, in the order of the seeds', async () => {
    expect((await campaign(...WHAT, '-n', '4', '--jobs', '1', '--out', at('one.jsonl'))).exit).toBe(0);
    expect((await campaign(...WHAT, '-n', '4', '--jobs', '2', '--out', at('two.jsonl'))).exit).toBe(0);
    for (const shard of ['1/2', '2/2']) await campaign(...WHAT, '-n', '4', '--jobs', '1', '--shard', shard, '--out', at('shards.jsonl'));
    expect(linesOf('one.jsonl')).toHaveLength(4);
    expect(linesOf('two.jsonl')).toEqual(linesOf('one.jsonl'));
    expect(linesOf('shards.jsonl').sort()).toEqual(linesOf('one.jsonl').sort());
    expect(linesOf('one.jsonl').map((line) => (JSON.parse(line) as Result).seed)).toEqual([1, 2, 3, 4]);
  }, 60_000);

  it('says in each line what `mesogun run` says of that seed', async () => {
    const [line = ''] = linesOf('one.jsonl');
    const result = resultSchema.parse(JSON.parse(line));
    const desk = recordingDesk();
    await runCli(['run', result.protocol, '--seed', '1', ...result.set.flatMap((pair) => ['--set', pair]), '--json'], desk);
    const { truth } = JSON.parse(desk.stdout.trimEnd().split('\n').at(-1) ?? '') as { truth: TrueSummary };
    expect(result.layerNl).toEqual(truth.layerNl);
    expect(result.lagNl).toBe(Math.round(3000 * (truth.losses?.lagUl ?? -1)));
    expect(result.bulgeErrorUm.mean).toBe(truth.depthBudgetUm?.bulgeUm.mean);
    expect(result.indentationErrorUm.sd).toBe(truth.depthBudgetUm?.indentationUm.sd);
    expect(3 * (result.doseNl + result.doseErrorNl.mean)).toBeCloseTo(truth.deliveredNl, -1);
  }, 60_000);

  it('goes on where a broken-off file ends, and adds nothing to a whole one', async () => {
    const whole = linesOf('one.jsonl');
    writeFileSync(at('broken.jsonl'), `${whole[0] ?? ''}\n${(whole[1] ?? '').slice(0, 50)}`);
    const { stderr } = await campaign(...WHAT, '-n', '4', '--jobs', '1', '--out', at('broken.jsonl'));
    expect(stderr).toContain('1 of 4 sessions are in');
    expect(linesOf('broken.jsonl')).toEqual(whole);
    expect((await campaign(...WHAT, '-n', '4', '--out', at('broken.jsonl'))).exit).toBe(0);
    expect(linesOf('broken.jsonl')).toEqual(whole);
  }, 60_000);

  it('refuses a file of another campaign, a setting both set and swept, and an unknown fault, with exit 2', async () => {
    const other = await campaign('mesolift-face', '--set', 'pricks=4', '-n', '1', '--out', at('one.jsonl'));
    expect([other.exit, other.stderr.includes('holds another campaign')]).toEqual([2, true]);
    expect((await campaign(...WHAT, '--set', 'doseUl=5', '--out', at('x.jsonl'))).exit).toBe(2);
    expect((await campaign(...WHAT, '--fault', 'needle.flies', '--out', at('x.jsonl'))).exit).toBe(2);
  });

  it('keeps a session that the desk refuses as a line with its reason', async () => {
    await campaign('mesolift-face', '--set', 'pricks=3', '--sweep', 'doseUl=900..999', '-n', '1', '--out', at('refused.jsonl'));
    const result = resultSchema.parse(JSON.parse(linesOf('refused.jsonl')[0] ?? ''));
    expect(result.ending).toBe('refused');
    expect(result.why).toContain('doseUl');
  }, 60_000);

  it('reports results as text, JSON and a page', async () => {
    const text = await campaign('report', at('one.jsonl'), '--html', at('page.html'));
    expect(text.exit).toBe(0);
    expect(text.stdout).toMatch(/sessions +4: 4 complete/);
    expect(readFileSync(at('page.html'), 'utf8')).toContain('campaign of 4 sessions');
    const desk = recordingDesk();
    await runCli(['campaign', 'report', at('one.jsonl'), at('shards.jsonl'), '--json'], desk);
    expect((JSON.parse(desk.stdout) as { pricks: number }).pricks).toBe(24);
    appendFileSync(at('shards.jsonl'), '{"seed":1}\n');
    const broken = await campaign('report', at('shards.jsonl'));
    expect([broken.exit, broken.stderr.includes('line 5 is no campaign result')]).toEqual([2, true]);
  });
});
