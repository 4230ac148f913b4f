// `npm run bench:ticks`: what a tick costs the interpreters that guns run on. The built images run a session on the virtual gun,
// made to count their work; each tick's work times the cost table of its runtime, plus bus, pin and flash calls. An estimate.
import { parseArgs } from 'node:util';
import type { RuntimeName } from '../build/image.ts';
import { RUNTIMES, buildImage } from '../build/image.ts';
import { processDesk } from '../desk.ts';
import { readyToRun } from '../source.ts';
import { alignColumns } from '../table.ts';
import type { Ready } from '../source.ts';
import { COST_TABLES, KALUMA_RP2040, OPERATIONS } from './operations.ts';
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

/** What HOT in tools/build/hot.ts should hold: an element of an array costs as much as a name behind this many others. */
const NAMES = 12;
/**
 * What WARM there should hold: asked for in a tick this often for each time that it stands in the text, in some state in which something moves.
 * Chosen: the text grows with less, ticks with more.
 */
const WARM_A_USE = 0.08;
const RESTING = ['START', 'BOOT', 'SELF_TEST', 'IDLE'];

interface Names {
  readonly hot: readonly string[];
  readonly warm: readonly string[];
  readonly tepid: readonly string[];
}

/** The names that ticks of a treatment ask for most, the most asked last, those that go into arrays, and the rest that ticks ask for at all. */
async function namesToKeep(ready: Ready): Promise<Names> {
  const { text } = await buildImage('pico', 'kaluma', true);
  const sums = new Map<string, Map<string, number>>();
  const ticks = new Map<string, number>();
  for (const { state, names } of await tickCosts({ image: text, runtime: 'kaluma', table: KALUMA_RP2040, ready })) {
    const sum = sums.get(state) ?? new Map<string, number>();
    for (const [name, count] of names) sum.set(name, (sum.get(name) ?? 0) + count);
    sums.set(state, sum);
    ticks.set(state, (ticks.get(state) ?? 0) + 1);
  }
  const sorted = [...(sums.get('TREATING') ?? [])].sort(([a, more], [b, less]) => less - more || (a < b ? -1 : 1)).map(([name]) => name);
  const hot = sorted.slice(0, NAMES).reverse();
  const uses = new Map<string, number>();
  for (const [name] of text.matchAll(/[\w$]+/g)) uses.set(name, (uses.get(name) ?? 0) + 1);
  const most = (name: string, states: readonly string[]): number =>
    Math.max(0, ...states.map((state) => (sums.get(state)?.get(name) ?? 0) / (ticks.get(state) ?? 1)));
  const moving = [...ticks.keys()].filter((state) => !RESTING.includes(state));
  // Others than these have a number that changes with the build.
  const all = [...new Set([...sums.values()].flatMap((sum) => [...sum.keys()]))].filter(
    (name) => !/\$\d/.test(name) && !hot.includes(name),
  );
  const isWarm = (name: string): boolean => most(name, moving) > WARM_A_USE * (uses.get(name) ?? 1);
  const heat = (name: string): number => most(name, moving) + most(name, ['SELF_TEST', 'IDLE']) / NAMES;
  const tepid = all.filter((name) => !isWarm(name) && heat(name) > 0).sort((a, b) => heat(a) - heat(b) || (a < b ? -1 : 1));
  return { hot, warm: all.filter(isWarm).sort(), tepid };
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
