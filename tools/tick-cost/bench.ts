// `npm run bench:ticks`: what a tick costs the interpreters that guns run on. The built images run a session on the virtual gun,
// made to count their work; each tick's work times the cost table of its runtime, plus bus, pin and flash calls. An estimate.
import { parseArgs } from 'node:util';
import type { RuntimeName } from '../build/image.ts';
import { RUNTIMES, buildImage } from '../build/image.ts';
import { processDesk } from '../desk.ts';
import { readyToRun } from '../source.ts';
import { alignColumns } from '../table.ts';
import { namesToKeep } from './names.ts';
import { COST_TABLES, OPERATIONS } from './operations.ts';
import type { TickCost } from './session.ts';
import { tickCosts } from './session.ts';

const QUANTILE = 0.99;

interface Row {
  readonly state: string;
  readonly ticks: number;
  readonly medianUs: number;
  readonly highUs: number;
  readonly worstUs: number;
  readonly worst: TickCost;
}

function rows(costs: readonly TickCost[]): Row[] {
  const byState = new Map<string, TickCost[]>();
  for (const each of costs) byState.set(each.state, [...(byState.get(each.state) ?? []), each]);
  return [...byState].map(([state, found]) => {
    const sorted = [...found].sort((a, b) => a.totalUs - b.totalUs);
    const at = (share: number): TickCost => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] as TickCost;
    const worst = sorted[sorted.length - 1] as TickCost;
    const { totalUs: worstUs } = worst;
    return { state, ticks: found.length, medianUs: at(0.5).totalUs, highUs: at(QUANTILE).totalUs, worstUs, worst };
  });
}

const ms = (us: number): string => (us / 1000).toFixed(2);

function report(name: string, boundMs: number, table: readonly Row[]): string {
  const head = ['state', 'ticks', 'median ms', '99 % ms', 'worst ms', 'of it interpreter', 'worst tick is made of'];
  const lines = table.map(({ state, ticks, medianUs, highUs, worstUs, worst }) => {
    const work = OPERATIONS.map((kind, index) => ({ kind, count: worst.work[index] ?? 0 })).sort((a, b) => b.count - a.count);
    const largest = work.slice(0, 4).map(({ kind, count }) => `${String(count)} × ${kind}`);
    return [state, String(ticks), ms(medianUs), ms(highUs), ms(worstUs), ms(worst.interpreterUs), largest.join(', ')];
  });
  return `\n${name}: a tick may take ${String(boundMs)} ms\n${alignColumns([head, ...lines])}`;
}

async function bench(): Promise<void> {
  const { values } = parseArgs({
    options: { json: { type: 'boolean' }, names: { type: 'boolean' }, pricks: { type: 'string', default: '24' } },
  });
  const desk = processDesk();
  const ready = readyToRun('mesolift-face', [`pricks=${values.pricks}`, 'periodMs=shortest']);
  if (values.names === true) {
    for (const [list, names] of Object.entries(await namesToKeep(ready))) desk.out(`${list}: ${(names as readonly string[]).join(' ')}\n`);
    return;
  }
  for (const runtime of RUNTIMES as readonly RuntimeName[]) {
    const { text } = await buildImage('pico', runtime);
    for (const table of COST_TABLES[runtime]) {
      const found = rows(await tickCosts({ image: text, runtime, table, ready }));
      const boundMs = table.tickMs / 2;
      if (values.json === true) {
        const states = found.map(({ worst, ...row }) => ({ ...row, interpreterUs: worst.interpreterUs }));
        desk.out(`${JSON.stringify({ event: 'tick-cost', target: table.name, boundMs, states })}\n`);
      } else desk.out(report(table.name, boundMs, found));
    }
  }
}

await bench();
