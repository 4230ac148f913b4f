import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../tools/cli.ts';
import type { RecordingDesk } from './recording-desk.ts';
import { recordingDesk } from './recording-desk.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mesogun-plan-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function plan(...argv: string[]): Promise<{ code: number; desk: RecordingDesk }> {
  const desk = recordingDesk();
  return { code: await runCli(['plan', ...argv], desk), desk };
}

describe('mesogun plan', () => {
  it('shows the course of mesolift-face from 2026-12-01: seven sessions, the last on 2027-01-19, then maintenance', async () => {
    const { code, desk } = await plan('mesolift-face', '--start', '2026-12-01');
    expect(code).toBe(0);
    expect(desk.stdout).toContain('  session 1  2026-12-01\n  session 2  2026-12-08\n');
    expect(desk.stdout).toContain('  session 7  2027-01-19\n  maintenance  2027-07-20\n');
  });

  it('refuses 2026-02-30 as a start, exit 2, and says how a day is written', async () => {
    const { code, desk } = await plan('mesolift-face', '--start', '2026-02-30');
    expect(code).toBe(2);
    expect(desk.stderr).toContain('2026-12-01');
  });

  it('draws all 108 points of mesolift-face to scale in millimetres, each within the drawing', async () => {
    const path = join(folder, 'plan.svg');
    const { code } = await plan('mesolift-face', '--svg', path);
    const svg = readFileSync(path, 'utf8');
    expect(code).toBe(0);
    const circles = [...svg.matchAll(/<circle cx="(-?[\d.]+)" cy="(-?[\d.]+)"/g)].map(([, x, y]) => [Number(x), Number(y)]);
    expect(circles).toHaveLength(108);
    const [left, top, width, height] = (/viewBox="([^"]+)" width="[\d.]+mm"/.exec(svg)?.[1] ?? '').split(' ').map(Number);
    const out = circles.filter(
      ([x = 0, y = 0]) => x < Number(left) || y < Number(top) || x > Number(left) + Number(width) || y > Number(top) + Number(height),
    );
    expect(out).toEqual([]);
  });

  it('writes named points by name into the drawing of reflex-dry', async () => {
    const path = join(folder, 'points.svg');
    await plan('reflex-dry', '--svg', path);
    expect(readFileSync(path, 'utf8')).toContain('>ST25 left</text>');
  });

  it('writes a page with drawings, components, dated course and checklist that needs nothing from outside', async () => {
    const path = join(folder, 'plan.html');
    const { code, desk } = await plan('hyperhidrosis-axilla', '--html', path, '--start', '2026-12-01');
    const page = readFileSync(path, 'utf8');
    expect(code).toBe(0);
    expect(desk.stderr).toContain(`wrote ${path}`);
    for (const part of [
      'botulinum toxin A',
      'of at most 100 U a session',
      'dermis</tspan>, ',
      '2027-06-01',
      'Not pregnant',
      'new sterile needle',
    ])
      expect(page).toContain(part);
    expect(page).not.toMatch(/<script|src=|href=|@import/);
  });

  it('shows loss, lag, thrust and every other kit of hyperhidrosis-axilla, each with does or refused, and who set each limit', async () => {
    const path = join(folder, 'fluid.html');
    await plan('hyperhidrosis-axilla', '--html', path);
    const page = readFileSync(path, 'utf8');
    expect(page).toContain('7.35 µL held back against 35 kPa, 1.75 µL back along the needle');
    expect(page).toContain('7.4 N on the plunger of at most 45 N');
    expect(page.match(/<span class="chip good">does<\/span>/g)).toHaveLength(6);
    expect(page).toContain('<td>product toxin-dilute</td>');
    const refused = join(folder, 'refused.html');
    await plan('mesolift-face', '--html', refused);
    expect(readFileSync(refused, 'utf8')).toContain('refused</span> its compliance holds back 4.44 µL');
  });

  it('draws where each part of a dose is laid: one column for stretch-marks, none for a dry prick, one depot for mesolift-face', async () => {
    const laid = async (id: string): Promise<string[]> => {
      const path = join(folder, `${id}.html`);
      await plan(id, '--html', path);
      return [...readFileSync(path, 'utf8').matchAll(/<(ellipse|path)[^>]*><title>([\d.]+ µL)<\/title>/g)].map(
        ([, kind, ul]) => `${kind ?? ''} ${ul ?? ''}`,
      );
    };
    expect(await laid('stretch-marks')).toEqual(['path 10 µL']);
    expect(await laid('reflex-dry')).toEqual([]);
    expect(await laid('mesolift-face')).toEqual(['ellipse 5 µL']);
  });

  it('says where it could not write, exit 3', async () => {
    const { code, desk } = await plan('mesolift-face', '--svg', join(folder, 'no', 'plan.svg'));
    expect(code).toBe(3);
    expect(desk.stderr).toContain('cannot write');
  });

  it('gives programs the course with dates and the components as JSON', async () => {
    const { desk } = await plan('mesolift-face', '--start', '2026-12-01', '--json');
    expect(desk.stdout).not.toContain('undefined');
    expect(desk.stdout).toContain('"components":[{"name":"ascorbic acid","unit":"mg","session":21.6');
    expect(desk.stdout).toContain('{"session":2,"day":7,"kind":"session","date":"2026-12-08"}');
  });
});
