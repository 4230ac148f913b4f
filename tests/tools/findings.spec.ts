// What spoils a dose or a depth, seen from the command line: each command of sim/plant/README.md, against what the laws foretell.
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { FAULT_OCCLUSION } from '../../firmware/core/faults.ts';
import { depthPlanOf } from '../../protocols/depth.ts';
import { fluidPlanOf } from '../../protocols/fluid-words.ts';
import { SITES, bulgeMm, meanSkin } from '../../protocols/layers.ts';
import type { Summary, TrueSummary } from '../../tools/summary.ts';
import { runCli } from '../../tools/cli.ts';
import { readyToRun } from '../../tools/source.ts';
import { recordingDesk } from './recording-desk.ts';

const FINDINGS = 'sim/plant/findings';
const README = readFileSync(new URL('../../sim/plant/README.md', import.meta.url), 'utf8');
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

interface Seen {
  readonly exit: number;
  readonly summary: Summary;
  readonly truth: TrueSummary;
  /** What stayed of each prick, nL. */
  readonly stayedNl: readonly number[];
}

/** Runs a command that the README gives, word for word, with that seed. */
async function see(command: string, seed = 1): Promise<Seen> {
  expect(README).toContain(`npx mesogun ${command}\``);
  const out = mkdtempSync(join(tmpdir(), 'mesogun-findings-'));
  folders.push(out);
  const desk = recordingDesk();
  const exit = await runCli([...command.split(' '), '--seed', String(seed), '--out', out, '--json'], desk);
  const file = readdirSync(out).find((name) => /session\d+\.json$/.test(name)) ?? '';
  const { summary, pricks } = JSON.parse(readFileSync(join(out, file), 'utf8')) as { summary: Summary; pricks: { trueTissueNl: number }[] };
  return { exit, summary, truth: summary.truth as TrueSummary, stayedNl: pricks.map((prick) => prick.trueTissueNl) };
}

/** What the desk would have added against back pressure, µL. */
function heldUl(file: string): number {
  const { treatment } = readyToRun(`${FINDINGS}/${file}.json`);
  return fluidPlanOf(treatment, depthPlanOf(treatment)).heldUl;
}

describe('findings, seed 1', () => {
  it('10 µL into the dermis from 1 mL, uncompensated: C·p of 1.1 µL drips, 0.7 µL come back, 8.4 µL stay', async () => {
    const { exit, truth } = await see(`run ${FINDINGS}/papule-1ml.json --compensation off`);
    const { stayedUl = 0, complianceUl = 0, lagUl = 1 } = truth.losses ?? {};
    expect(exit).toBe(0);
    expect(Math.abs(complianceUl / heldUl('papule-1ml') - 1)).toBeLessThan(0.15);
    expect(lagUl).toBeLessThan(0.05);
    expect(stayedUl).toBeGreaterThan(8.1);
    expect(stayedUl).toBeLessThan(8.7);
  }, 60_000);

  it('10 µL into the dermis from 5 mL, uncompensated: at most 0.4 µL stay, more than 9.5 µL drip, and the gun stops: nothing flows', async () => {
    const { exit, summary, truth } = await see(`run ${FINDINGS}/papule-5ml.json --compensation off`);
    const { stayedUl = 1, complianceUl = 0 } = truth.losses ?? {};
    expect([exit, summary.faults]).toEqual([5, [FAULT_OCCLUSION]]);
    expect(stayedUl).toBeLessThanOrEqual(0.4);
    expect(complianceUl).toBeGreaterThan(9.5);
  }, 60_000);

  it('the same 5 mL with compensation on is refused with exit 3: 12.7 µL held of each dose, 1 mL would do', async () => {
    const desk = recordingDesk();
    expect(await runCli(['run', `${FINDINGS}/papule-5ml.json`], desk)).toBe(3);
    expect(desk.stderr).toMatch(/holds back 12\.67 µL of each dose.*syringe 1ml would do/);
  });

  it('10 mL that nobody primed, seeds 1 to 4: 0 µL of the first 10 µL into fat, then half of each and the rest drips, or the gun stops by prick 2', async () => {
    const ends: number[] = [];
    for (const seed of [1, 2, 3, 4]) {
      const { exit, summary, truth, stayedNl } = await see(`run ${FINDINGS}/cold-10ml.json --compensation off`, seed);
      const [first = -1, ...rest] = stayedNl;
      ends.push(exit);
      expect(first).toBe(0);
      if (exit === 5) {
        expect(summary.faults).toEqual([FAULT_OCCLUSION]);
        expect(truth.losses?.stayedUl).toBe(0);
        expect(stayedNl.length).toBeLessThanOrEqual(2);
      } else {
        const meanNl = rest.reduce((sum, each) => sum + each, 0) / rest.length;
        expect(Math.abs(meanNl - 5500)).toBeLessThan(1000);
        expect(Math.min(...rest)).toBeGreaterThan(2000);
        expect(truth.losses?.complianceUl).toBeGreaterThan(3.5);
      }
    }
    expect(new Set(ends)).toEqual(new Set([0, 5]));
  }, 60_000);

  it('hyaluronic acid of 15 mg/mL through 30G: 3.6 µL of 10 µL come too late, by lag alone, and 5.9 µL stay', async () => {
    const { exit, truth } = await see(`run ${FINDINGS}/papule-1ml.json --compensation off --plant hyaluronicMgPerMl=15 --set pricks=10`);
    const { stayedUl = 10, complianceUl = 1, lagUl = 0 } = truth.losses ?? {};
    expect(exit).toBe(0);
    expect(lagUl).toBeGreaterThan(3);
    expect(complianceUl).toBeLessThan(0.1);
    expect(stayedUl).toBeLessThan(6.5);
  }, 120_000);

  it('a 15 mm ring at 10 N on the thigh: skin bulges more than 3 mm, and the tip is 1.9 mm deeper than asked', async () => {
    const { exit, truth } = await see(`run ${FINDINGS}/ring-thigh.json --plant hand.ringN=10 --plant cells.ring=0.4`);
    const { errorUm, bulgeUm, tipUm, indentationUm, marginUm } = truth.depthBudgetUm as NonNullable<TrueSummary['depthBudgetUm']>;
    const plannedUm = 1000 * bulgeMm(meanSkin(SITES.thigh, 'f'), 1.2, 15);
    expect(exit).toBe(0);
    expect(bulgeUm.mean + plannedUm).toBeGreaterThan(3000);
    expect(errorUm.mean).toBeGreaterThan(1700);
    expect(Math.abs(tipUm.mean + bulgeUm.mean + indentationUm.mean + marginUm - errorUm.mean)).toBeLessThan(1);
  }, 60_000);
});
