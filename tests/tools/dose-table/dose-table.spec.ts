// The dose that reaches the layer, on a calibrated gun over the spread of guns, syringes and skin; what is refused; and the command.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { pooled } from '../../../tools/campaign/result.ts';
import type { CellResult, DoseCase } from '../../../tools/dose-table/cells.ts';
import { CASES, PLACES, readyFor, runCell } from '../../../tools/dose-table/cells.ts';
import { TABLE_HEAD, doseRow, doseTable, refusedRow } from '../../../tools/dose-table/table.ts';
import { markedBlock } from '../../project/marked-block.ts';

const PAPULE: DoseCase = { syringe: '1ml', doseUl: 10, layer: 'dermis', product: 'saline', needle: '32g-4mm' };

describe('dose table', () => {
  it('1 mL, 10 µL into the dermis: bias within 2 %, CV within 5 %, 800 pricks of 8 guns, seeds 1 to 8', async () => {
    const results: CellResult[] = [];
    for (let seed = 1; seed <= 8; seed++) results.push(await runCell({ of: PAPULE, seed, pricks: 100 }));
    const dose = pooled(results.map(({ doseNl }) => doseNl));
    const depth = pooled(results.map(({ depthUm }) => depthUm));
    expect([dose.n, results.filter(({ ending }) => ending !== 'complete')]).toEqual([800, []]);
    expect(Math.abs(dose.mean / 10_000 - 1)).toBeLessThanOrEqual(0.02);
    expect(dose.sd / dose.mean).toBeLessThanOrEqual(0.05);
    expect(Math.abs(depth.mean - 1000 * PLACES.dermis.depthMm)).toBeLessThanOrEqual(100);
    expect(depth.sd).toBeLessThanOrEqual(300);
  }, 120_000);

  it('hyaluronic acid gives 3 % and more beyond saline from 3 mL into fat, seed 1: what was held comes with the next prick', async () => {
    const of: DoseCase = { syringe: '3ml', doseUl: 10, layer: 'hypodermis', product: 'ha-light', needle: '30g-13mm' };
    const gel = await runCell({ of, seed: 1, pricks: 20 });
    const water = await runCell({ of: { ...of, product: 'saline' }, seed: 1, pricks: 20 });
    expect(gel.doseNl.mean).toBeGreaterThan(1.03 * water.doseNl.mean);
  }, 120_000);

  it('5 mL, 10 µL into the dermis is refused, with the reason and the syringe that would do', () => {
    const why = readyFor({ ...PAPULE, syringe: '5ml' }, 100);
    if (typeof why !== 'string') throw new Error('not refused');
    expect(why).toMatch(/compliance holds back .* syringe 1ml would do/);
    expect(refusedRow({ ...PAPULE, syringe: '5ml' }, why)).toContain('| 0 | refused: ');
  });

  it('a gun whose calibrated syringe holds back too much refuses: 5 mL, 10 µL of ha-light into fat, seed 3', async () => {
    const of: DoseCase = { syringe: '5ml', doseUl: 10, layer: 'hypodermis', product: 'ha-light', needle: '30g-13mm' };
    const { ending, doseNl } = await runCell({ of, seed: 3, pricks: 100 });
    expect([ending, doseNl.n]).toEqual(['refused', 0]);
  }, 60_000);

  it('a row pools its sessions and tells of guns that refuse and of sessions broken off', () => {
    const session = (seed: number, ending: string, mean: number): CellResult => ({
      ...{ of: PAPULE, seed, pricks: 2, ending },
      doseNl: { n: 2, mean, sd: 100, min: mean - 100, max: mean + 100 },
      depthUm: { n: 2, mean: 1850, sd: 20, min: 1830, max: 1870 },
    });
    expect(doseRow(PAPULE, [session(1, 'complete', 9900), session(2, 'fault', 10_300)])).toBe(
      '| dermis | saline | 1ml | 10 | 4 | +1.0 (1 of 2 sessions broken off) | 2.4 | +0.05 | 0.02 |\n',
    );
    const none = { n: 0, mean: 0, sd: 0, min: 0, max: 0 };
    const refused = { of: PAPULE, seed: 3, pricks: 2, ending: 'refused', doseNl: none, depthUm: none };
    expect(doseRow(PAPULE, [session(1, 'complete', 10_000), refused])).toContain('| 2 | 0.0 (1 of 2 calibrated guns refuse) |');
  });

  it('stands in sim/plant/README.md with a row for each of the 56 cells, those refused with what the firmware says today', () => {
    const block = markedBlock('sim/plant/README.md', 'dose-table', '');
    const rows = block.slice(TABLE_HEAD.length).trimEnd().split('\n');
    expect([block.startsWith(TABLE_HEAD), block.includes('not run')]).toEqual([true, false]);
    expect([rows.length, CASES.length]).toEqual([56, 56]);
    const refused = CASES.map((of) => readyFor(of, 100)).map((ready, index) =>
      typeof ready === 'string' ? refusedRow(CASES[index] as DoseCase, ready).trimEnd() : null,
    );
    expect(rows.map((row) => (row.includes('refused') ? row : null))).toEqual(refused);
    expect(doseTable([], () => '')).toBe(TABLE_HEAD);
  });

  it('npm run table:dose goes on with what its file lacks, cut-off line and all, and prints the whole table', () => {
    const folder = mkdtempSync(join(tmpdir(), 'mesogun-table-'));
    try {
      const out = join(folder, 'table.jsonl');
      const none = { n: 0, mean: 0, sd: 0, min: 0, max: 0 };
      const lines = CASES.filter((of) => typeof readyFor(of, 12) !== 'string').map((of) =>
        JSON.stringify({ of, seed: 1, pricks: 12, ending: 'complete', doseNl: { ...none, n: 12, mean: 1000 * of.doseUl }, depthUm: none }),
      );
      const [last = '', kept] = [lines.at(-1), lines.slice(0, -1)];
      writeFileSync(out, `${kept.join('\n')}\n${last.slice(0, 40)}`);
      const entry = fileURLToPath(new URL('../../../tools/dose-table/main.ts', import.meta.url));
      const args = ['--import', 'tsx', entry, '--pricks', '12', '--jobs', '1', '--out', out];
      const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 100_000 });
      expect([status, stderr.includes(`${kept.length} of ${lines.length} sessions are in`)]).toEqual([0, true]);
      expect(stdout.trimEnd().split('\n')).toHaveLength(58);
      const soFar = spawnSync(process.execPath, [...args, '--so-far'], { encoding: 'utf8', timeout: 100_000 });
      expect(soFar.stdout).toBe(stdout);
      expect(readFileSync(out, 'utf8').trimEnd().split('\n')).toHaveLength(lines.length);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 120_000);
});
