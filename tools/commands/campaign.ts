// `mesogun campaign`: one protocol over many seeds on the virtual gun, and the report of what came out.
import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import type { Session } from '../cli.ts';
import { figuresOf } from '../campaign/figures.ts';
import { campaignPage, campaignText } from '../campaign/page.ts';
import type { Campaign } from '../campaign/plan.ts';
import { orderOf, parseShard, parseSweep, seedsOf } from '../campaign/plan.ts';
import { readResults, seedsIn, startCampaign } from '../campaign/run.ts';
import type { Desk } from '../desk.ts';
import { EXIT_INTERRUPTED, EXIT_OK, EXIT_USAGE, MesogunError } from '../errors.ts';
import { CountProgress } from '../count-progress.ts';
import { withPlant } from '../plant.ts';
import { readyToRun } from '../source.ts';
import { addFaultOption, addSetOption, collect, wholeNumber } from './options.ts';
import { writeText } from '../write-text.ts';

const EXAMPLES = `
Examples:
  mesogun campaign mesolift-face -n 100 --out results.jsonl
  mesogun campaign mesolift-face -n 10000 --sweep doseUl=5..20 --sweep skin.stiffness=0.5..2 --out results.jsonl
  mesogun campaign mesolift-face -n 10000 --shard 2/4 --out part2.jsonl
  seq 4 | parallel 'mesogun campaign mesolift-face -n 10000 --jobs 1 --shard {}/4 --out part{}.jsonl'
  mesogun campaign report results.jsonl
The same session gives the same line whatever --jobs and --shard; run it again with the same --out to go on where it stopped.
--sweep draws each session's value from its seed: whole numbers when both ends are written whole, else thousandths.`;
const SEED_MOST = 2 ** 31 - 1;
const JOBS_MOST = 256;

interface Flags {
  readonly number: number;
  readonly seed: number;
  readonly jobs: number;
  readonly shard: string;
  readonly sweep: readonly string[];
  readonly set: readonly string[];
  readonly fault: readonly string[];
  readonly plant: readonly string[];
  readonly out: string;
}

async function run(protocol: string, flags: Flags, json: boolean, session: Session): Promise<void> {
  const { desk } = session;
  const campaign: Campaign = { protocol, set: flags.set, fault: flags.fault, plant: flags.plant, sweeps: flags.sweep.map(parseSweep) };
  const twice = campaign.sweeps.find(({ key }) => [...flags.set, ...flags.plant].some((pair) => pair.startsWith(`${key}=`)));
  if (twice !== undefined) throw new MesogunError({ exit: EXIT_USAGE, what: `${twice.key} is both set and swept`, next: 'leave one out' });
  // Loaded when needed: the other commands start without the simulator.
  const { checkFaults } = await import('../open-gun.ts');
  checkFaults(flags.fault);
  withPlant({}, flags.plant);
  // Refused here rather than in every session; what a sweep makes of it is judged session by session.
  if (campaign.sweeps.length === 0) readyToRun(protocol, flags.set);
  const seeds = seedsOf(flags.seed, flags.number, parseShard(flags.shard));
  const there = seedsIn(flags.out, campaign);
  const orders = seeds.filter((seed) => !there.has(seed)).map((seed) => orderOf(campaign, seed));
  if (orders.length < seeds.length) desk.say(`${seeds.length - orders.length} of ${seeds.length} sessions are in ${flags.out} already`);
  const progress = new CountProgress(desk, orders.length);
  let ran = 0;
  const running = startCampaign({
    ...{ orders, jobs: flags.jobs, out: flags.out },
    onDone: () => {
      ran += 1;
      progress.step();
    },
  });
  const release = desk.onInterrupt(() => {
    running.stop();
  });
  try {
    await running.ended;
  } finally {
    release();
    progress.close();
  }
  if (ran < orders.length) {
    desk.say(`stopped after ${ran} of ${orders.length} sessions; the same command goes on from there`);
    session.exit = EXIT_INTERRUPTED;
  } else session.exit = EXIT_OK;
  if (json) desk.out(`${JSON.stringify({ event: 'campaign-run', sessions: seeds.length, ran, out: flags.out })}\n`);
  desk.say(`results in ${flags.out}; mesogun campaign report ${flags.out} says what came out`);
}

function report(paths: readonly string[], out: string | undefined, json: boolean, desk: Desk): void {
  const results = paths.flatMap(readResults);
  if (results.length === 0) throw new MesogunError({ exit: EXIT_USAGE, what: 'no results', next: 'run mesogun campaign <protocol> first' });
  const figures = figuresOf(results);
  if (json) {
    const failed = figures.failed.map(({ seed, ending }) => ({ seed, ending }));
    const quantities = figures.quantities.map(({ means, worst, ...rest }) => ({
      ...rest,
      sessions: means.length,
      worst: worst.map(({ result, by }) => ({ seed: result.seed, by })),
    }));
    desk.out(`${JSON.stringify({ event: 'campaign', ...figures, quantities, failed })}\n`);
  } else desk.out(campaignText(figures));
  const page = out ?? `${(paths[0] ?? 'results').replace(/\.jsonl$/, '')}.html`;
  writeText(page, campaignPage(figures, results));
  desk.say(`wrote ${page}`);
}

export function addCampaign(program: Command, session: Session): void {
  const campaign = program
    .command('campaign')
    .description('run a protocol with many seeds on the virtual gun; report what came out')
    .argument('<id|file>', 'library id or path of a JSON file')
    .option('-n, --number <n>', 'sessions, one seed each', wholeNumber(1, 10_000_000), 100)
    .option('--seed <n>', 'the first seed', wholeNumber(0, SEED_MOST), 1)
    .option('--jobs <n>', 'threads', wholeNumber(1, JOBS_MOST), availableParallelism())
    .option('--shard <i/n>', 'only every n-th session, from the i-th on', '1/1')
    .option('--plant <key=value>', 'change the virtual syringe, needle, liquid, skin, hand or drive; repeat for more', collect, [])
    .option('--sweep <key=a..b>', 'draw a setting or a parameter of the plant anew for each session; repeat for more', collect, [])
    .option('--out <file>', 'where the results go, one JSON line a session', 'reports/results.jsonl')
    .addHelpText('after', EXAMPLES);
  addFaultOption(addSetOption(campaign)).action(async (protocol: string, flags: Flags, self: Command) => {
    await run(protocol, flags, self.optsWithGlobals<{ json?: boolean }>().json === true, session);
  });
  campaign
    .command('report')
    .description('distributions, tolerance intervals and worst sessions of campaign results')
    .argument('<results...>', 'files of results; the shards of a campaign together')
    .option('--html <file>', 'where the page goes (default: beside the first file)')
    .action((paths: string[], flags: { html?: string }, self: Command) => {
      report(paths, flags.html, self.optsWithGlobals<{ json?: boolean }>().json === true, session.desk);
    });
}
