// `npm run table:dose [-- --pricks 10000 --jobs 2 --out reports/dose-table.jsonl --so-far --readme]`: runs every cell that the firmware takes,
// session by session on worker threads, goes on where it stopped, and prints the table, or puts it into sim/plant/README.md; --so-far
// runs nothing and shows what is there. At the desk.
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { CountProgress } from '../count-progress.ts';
import { processDesk } from '../desk.ts';
import { EXIT_INTERRUPTED } from '../errors.ts';
import { startThreads } from '../threads.ts';
import type { CellOrder, CellResult, DoseCase } from './cells.ts';
import { CASES, PRICKS_A_SESSION, isGel, nameOfCase, readyFor } from './cells.ts';
import { doseRow, doseTable, refusedRow } from './table.ts';

const README = new URL('../../sim/plant/README.md', import.meta.url);
const [OPEN, CLOSE] = ['<!-- dose-table -->\n', '<!-- /dose-table -->'];

const keyOf = ({ of, seed, pricks }: CellOrder): string => JSON.stringify([of, seed, pricks]);

/** What a file holds already; a last line that was cut off is taken off its end. */
function resultsIn(path: string): Map<string, CellResult> {
  if (!existsSync(path)) return new Map();
  const text = readFileSync(path, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole !== text) writeFileSync(path, whole);
  const results = whole.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as CellResult]));
  return new Map(results.map((result) => [keyOf(result), result]));
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      pricks: { type: 'string', default: '10000' },
      jobs: { type: 'string', default: String(availableParallelism()) },
      out: { type: 'string', default: 'reports/dose-table.jsonl' },
      'so-far': { type: 'boolean', default: false },
      readme: { type: 'boolean', default: false },
    },
  });
  const desk = processDesk();
  const aSession = Math.min(PRICKS_A_SESSION, Number(values.pricks));
  const sessions = Math.ceil(Number(values.pricks) / aSession);
  const judged = CASES.map((of) => ({ of, ready: readyFor(of, aSession) }));
  const seeds = Array.from({ length: sessions }, (_each, index) => index + 1);
  // What runs fast first; then seed by seed, so that a table of what is there (--so-far) is even.
  const taken = judged.flatMap(({ of, ready }) => (typeof ready === 'string' ? [] : [of]));
  const [gels, watery] = [taken.filter(isGel), taken.filter((of) => !isGel(of))];
  const ordersOf = (cases: readonly DoseCase[]): CellOrder[] =>
    seeds.flatMap((seed) => cases.map((of) => ({ of, seed, pricks: aSession })));
  const asked = [...ordersOf(watery), ...ordersOf(gels)];
  mkdirSync(dirname(values.out), { recursive: true });
  const there = resultsIn(values.out);
  const lacking = asked.filter((order) => !there.has(keyOf(order)));
  const orders = values['so-far'] ? [] : lacking;
  if (lacking.length < asked.length) desk.say(`${asked.length - lacking.length} of ${asked.length} sessions are in ${values.out} already`);
  const progress = new CountProgress(desk, orders.length);
  const running = startThreads<CellOrder, CellResult>({
    ...{ orders, jobs: Number(values.jobs), worker: new URL('worker.js', import.meta.url) },
    nameOf: ({ of, seed }) => `${nameOfCase(of)}, seed ${seed}`,
    onDone: () => {
      progress.step();
    },
    onNext: (result) => {
      there.set(keyOf(result), result);
      appendFileSync(values.out, `${JSON.stringify(result)}\n`);
    },
  });
  const release = desk.onInterrupt(() => {
    running.stop();
  });
  await running.ended;
  release();
  progress.close();
  const missing = asked.filter((order) => !there.has(keyOf(order))).length;
  if (missing > 0 && !values['so-far']) {
    desk.say(`stopped with ${missing} sessions to go; the same command goes on from there`);
    process.exitCode = EXIT_INTERRUPTED;
    return;
  }
  const whyOf = new Map(judged.map(({ of, ready }) => [of, typeof ready === 'string' ? ready : '']));
  const resultsOf = (of: DoseCase): CellResult[] => seeds.flatMap((seed) => there.get(keyOf({ of, seed, pricks: aSession })) ?? []);
  const table = doseTable(CASES, (of) => (whyOf.get(of) === '' ? doseRow(of, resultsOf(of)) : refusedRow(of, whyOf.get(of) ?? '')));
  if (!values.readme) {
    desk.out(table);
    return;
  }
  const text = readFileSync(README, 'utf8');
  const [from, to] = [text.indexOf(OPEN) + OPEN.length, text.indexOf(CLOSE)];
  writeFileSync(README, text.slice(0, from) + table + text.slice(to));
  desk.say('the table is in sim/plant/README.md');
}

await main();
