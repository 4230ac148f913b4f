// Which names of the image ticks ask for, and how often: what tools/build/hot.ts should hold. Not responsible for what the build makes of
// them (build/pack.ts). Desk only.
import { buildImage } from '../build/image.ts';
import type { Ready } from '../source.ts';
import { KALUMA_RP2040, OPERATIONS } from './operations.ts';
import type { TickCost } from './session.ts';
import { tickCosts } from './session.ts';

/** How many HOT has: an element of an array costs as much as a name behind this many others. */
const NAMES = 12;
/** Before those the runtime's own that a tick asks for about once: under their own name they are searched for behind all of the image's. */
const OWN = ['setTimeout', 'Math', 'digitalRead'];
/**
 * What WARM holds: asked for in a tick this often for each time that it stands in the text, in some state in which something moves.
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

export interface Names {
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
export async function namesToKeep(ready: Ready): Promise<Names> {
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
