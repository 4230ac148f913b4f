// Table of guns before and after calibration, judged in the truth of the plant on fresh doses and depths that no calibration saw:
// `npm run table:calibration -- [guns] [first] [--json]`. Started with tsx; not a spec.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { calibrate } from '../../../tools/calibrate-run.ts';
import type { CalibrateFlags } from '../../../tools/calibrate-run.ts';
import { procedureMaker } from '../../../tools/calibrate-procedures.ts';
import { EXIT_OK } from '../../../tools/errors.ts';
import { alignColumns } from '../../../tools/table.ts';
import { recordingDesk } from '../recording-desk.ts';
import { judgeDepth, judgeDose } from './judge.ts';
import type { DepthJudgement, DoseJudgement } from './judge.ts';

const now = (): Date => new Date('2026-03-01T09:00:00Z');

interface Row {
  readonly gun: number;
  readonly dosePass: boolean;
  readonly depthPass: boolean;
  readonly doseBefore: DoseJudgement;
  readonly doseAfter: DoseJudgement;
  readonly depthBefore: DepthJudgement;
  readonly depthAfter: DepthJudgement;
}

/** Calibrates one gun of this number in both ways, and judges it before and after. */
export async function tableRow(gun: number, folder: string): Promise<Row> {
  const flags = (kind: 'dose' | 'depth'): CalibrateFlags => ({
    ...{ syringe: '1ml', needle: '30g-13mm', records: folder, seed: gun, gun, fault: [], yes: true, json: false, technician: 'table' },
    ...(kind === 'dose' ? { balance: 'sim:mt-sics' } : { gauge: 'sim:mitutoyo' }),
  });
  const run = async (kind: 'dose' | 'depth'): Promise<boolean> => {
    try {
      const make = procedureMaker(kind, flags(kind), false);
      return (await calibrate(make, flags(kind), recordingDesk(), undefined, now)) === EXIT_OK;
    } catch {
      return false;
    }
  };
  const dosePass = await run('dose');
  const depthPass = await run('depth');
  return {
    ...{ gun, dosePass, depthPass },
    doseBefore: await judgeDose(gun, null),
    doseAfter: await judgeDose(gun, folder),
    depthBefore: await judgeDepth(gun, null),
    depthAfter: await judgeDepth(gun, folder),
  };
}

const reaches = ({ biasPercent, cvPercent }: DoseJudgement): boolean => Math.abs(biasPercent) <= 0.5 && cvPercent <= 1.5;
const mostOf = (values: readonly number[]): string => Math.max(...values.map(Math.abs)).toFixed(2);
const meanOf = (values: readonly number[]): string => (values.reduce((sum, value) => sum + Math.abs(value), 0) / values.length).toFixed(2);

function summary(rows: readonly Row[]): string {
  const line = (name: string, before: readonly number[], after: readonly number[]): string[] => [
    name,
    `${meanOf(before)} (${mostOf(before)})`,
    `${meanOf(after)} (${mostOf(after)})`,
  ];
  const wrong = rows.filter((row) => row.dosePass && !reaches(row.doseAfter));
  return [
    alignColumns([
      [`${rows.length} guns, mean of magnitudes (worst)`, 'before', 'after'],
      line(
        'dose bias, %',
        rows.map((row) => row.doseBefore.biasPercent),
        rows.map((row) => row.doseAfter.biasPercent),
      ),
      line(
        'dose CV, %',
        rows.map((row) => row.doseBefore.cvPercent),
        rows.map((row) => row.doseAfter.cvPercent),
      ),
      line(
        'depth, worst of a gun, µm',
        rows.map((row) => row.depthBefore.worstUm),
        rows.map((row) => row.depthAfter.worstUm),
      ),
    ]),
    `dose: ${rows.filter((row) => row.dosePass && reaches(row.doseAfter)).length} of ${rows.length} PASS and reach bias 0.5 %, CV 1.5 %; ${rows.filter((row) => !row.dosePass).length} FAIL; ${wrong.length} PASS wrongly${wrong.length > 0 ? ` (guns ${wrong.map((row) => row.gun).join(', ')})` : ''}`,
    `depth: ${rows.filter((row) => row.depthPass && row.depthAfter.worstUm <= 50).length} of ${rows.length} PASS within 50 µm; ${rows.filter((row) => row.depthPass && row.depthAfter.worstUm > 50).length} PASS wrongly`,
  ].join('\n');
}

async function main(): Promise<void> {
  const [guns = '20', first = '1'] = process.argv.slice(2).filter((word) => /^\d+$/.test(word));
  const json = process.argv.includes('--json');
  const rows: Row[] = [];
  for (let gun = Number(first); gun < Number(first) + Number(guns); gun++) {
    const folder = mkdtempSync(join(tmpdir(), 'table-'));
    const row = await tableRow(gun, folder);
    rmSync(folder, { recursive: true, force: true });
    rows.push(row);
    if (json) process.stdout.write(`${JSON.stringify(row)}\n`);
    else process.stderr.write(`\rgun ${gun}`);
  }
  process.stderr.write('\n');
  if (!json) process.stdout.write(`${summary(rows)}\n`);
}

if (process.argv[1]?.endsWith('table.ts') === true) await main();
