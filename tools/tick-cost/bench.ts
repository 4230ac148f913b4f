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
/** Before those the runtime's own that a tick asks for about once: under their own name they are searched for behind all of the image's. */
const OWN = ['setTimeout', 'Math', 'digitalRead'];
/**
 * What WARM there should hold: asked for in a tick this often for each time that it stands in the text, in some state in which something moves.
 * Chosen: the text grows with less, ticks with more.
 */
const WARM_A_USE = 0.1;
/**
 * So many uses in the text are WARM besides: of the names that shorten the longest ticks most, since one too long and the gun is not armed.
 * Chosen: what the text's budget leaves.
 */
const MORE_USES = 230;
/** How many of a hundred of a state's ticks are its longest, and how many at least. */
const LONG_OF_100 = 5;
const LONG_LEAST = 6;
const RESTING = ['START', 'BOOT', 'SELF_TEST', 'IDLE'];

interface Names {
  readonly hot: readonly string[];
  readonly warm: readonly string[];
  readonly tepid: readonly string[];
}

const PASSING = 'name passed over';
/** Asked for by a tick that draws. */
const DRAWING = 'columnAt';
/** States whose longest ticks count. */
const JUDGED = ['READY', 'PRIMING', 'ARMED'];

/** How often such a tick asks for a name. */
function meanOf(costs: readonly TickCost[]): Map<string, number> {
  const mean = new Map<string, number>();
  for (const { names } of costs) for (const [name, count] of names) mean.set(name, (mean.get(name) ?? 0) + count / costs.length);
  return mean;
}

/** How often the one of them that asks most asks for a name. */
function mostOf(costs: readonly TickCost[]): Map<string, number> {
  const most = new Map<string, number>();
  for (const { names } of costs) for (const [name, count] of names) most.set(name, Math.max(most.get(name) ?? 0, count));
  return most;
}

/** The names that ticks of a treatment ask for most, the most asked last, those that go into arrays, and the rest that ticks ask for at all. */
async function namesToKeep(ready: Ready): Promise<Names> {
  const { text } = await buildImage('pico', 'kaluma', true);
  const costs = await tickCosts({ image: text, runtime: 'kaluma', table: KALUMA_RP2040, ready });
  const means = new Map<string, Map<string, number>>();
  const longMost = new Map<string, Map<string, number>>();
  for (const state of new Set(costs.map((each) => each.state))) {
    const all = costs.filter((each) => each.state === state);
    const others = all.filter(({ names }) => !names.has(DRAWING)).sort((a, b) => b.interpreterUs - a.interpreterUs);
    means.set(state, meanOf(all));
    longMost.set(state, mostOf(others.slice(0, Math.max(LONG_LEAST, Math.ceil((others.length * LONG_OF_100) / 100)))));
  }
  const sorted = [...(means.get('TREATING') ?? [])].sort(([a, more], [b, less]) => less - more || (a < b ? -1 : 1)).map(([name]) => name);
  const asked = sorted.slice(0, NAMES).reverse();
  const hot = [...OWN.filter((name) => !asked.includes(name)), ...asked];
  const uses = new Map<string, number>();
  for (const [name] of text.matchAll(/[\w$]+/g)) uses.set(name, (uses.get(name) ?? 0) + 1);
  const most = (name: string, states: readonly string[], of: ReadonlyMap<string, ReadonlyMap<string, number>>): number =>
    Math.max(0, ...states.map((state) => of.get(state)?.get(name) ?? 0));
  const moving = [...means.keys()].filter((state) => !RESTING.includes(state));
  // Others than these have a number that changes with the build.
  const all = [...new Set([...means.values()].flatMap((mean) => [...mean.keys()]))].filter(
    (name) => !/\$\d/.test(name) && !hot.includes(name),
  );
  const isWarm = (name: string): boolean => most(name, moving, means) > WARM_A_USE * (uses.get(name) ?? 1);
  const heat = (name: string): number =>
    most(name, JUDGED, longMost) + most(name, moving, means) + most(name, ['SELF_TEST', 'IDLE'], means) / NAMES;
  const tepid = all.filter((name) => !isWarm(name) && heat(name) > 0).sort((a, b) => heat(a) - heat(b) || (a < b ? -1 : 1));
  const judged = costs.filter(({ state, names }) => JUDGED.includes(state) && !names.has(DRAWING));
  const more = shortening(judged, tepid, uses);
  return { hot, warm: [...all.filter(isWarm), ...more].sort(), tepid: tepid.filter((name) => !more.includes(name)) };
}

/** Names out of `tepid`, of which the last is passed over first, whose place in an array shortens the longest ticks most for each use in the text. */
function shortening(ticks: readonly TickCost[], tepid: readonly string[], uses: ReadonlyMap<string, number>): string[] {
  const passingUs = KALUMA_RP2040.us[PASSING];
  const passed = new Map(tepid.map((name, index) => [name, (tepid.length - index) * passingUs]));
  const found: string[] = [];
  for (let left = MORE_USES; left > 0;) {
    const longUs = ({ totalUs, work, names }: TickCost): number =>
      [...names].reduce(
        (sum, [name, count]) => sum + count * (passed.get(name) ?? 0),
        totalUs - passingUs * (work[OPERATIONS.indexOf(PASSING)] ?? 0),
      );
    const { names } = ticks.reduce((a, b) => (longUs(b) > longUs(a) ? b : a));
    const gain = (name: string): number => ((names.get(name) ?? 0) * (passed.get(name) ?? 0)) / (uses.get(name) ?? 1);
    const best = [...names.keys()].reduce((a, b) => (gain(b) > gain(a) ? b : a));
    if (gain(best) === 0) break;
    passed.delete(best);
    found.push(best);
    left -= uses.get(best) ?? 1;
  }
  return found;
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
