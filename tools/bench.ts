// `npm run bench`: how much faster than real time the virtual gun runs a whole session, link, core, drivers, chips and
// plant included, on one core. 200 pricks of mesolift-face, cadence at its shortest legal period.
import { performance } from 'node:perf_hooks';
import { processDesk } from './desk.ts';
import { Guide } from './guide.ts';
import { Link } from './link.ts';
import { withPlant } from './plant.ts';
import type { Ready } from './source.ts';
import type { LayerShare } from './sampling.ts';
import { timeByLayer } from './sampling.ts';
import { readyToRun } from './source.ts';
import { alignColumns } from './table.ts';
import { VirtualLine } from './virtual-line.ts';
import { worldFor } from './world.ts';

const RUNS = 5;
/** Measured: processor time a run, Node 20.20, busy machine: 1.1 s, 0.65 s, 0.29 s, 0.23 s, from about the eighth on 0.1 to 0.25 s. */
const WARM_UP_RUNS = 8;

interface Run {
  readonly simulatedS: number;
  readonly wallS: number;
  /** Processor time of this process, all its threads: what a busy machine does not change. */
  readonly cpuS: number;
  readonly ticks: number;
  readonly pricks: number;
}

async function once(ready: Ready, plant: readonly string[] = []): Promise<Run> {
  const startedMs = performance.now();
  const startedCpu = process.cpuUsage();
  const virtual = new VirtualLine({ world: withPlant(worldFor(ready, 1, []), plant), trace: false });
  const link = new Link(virtual.connect());
  const hello = await link.connect();
  const guide = new Guide(link, { words: ready.plan.program, lastSeq: hello.journal, timeoutMs: 7_200_000, onEvent: () => undefined });
  const { ending } = await guide.run();
  await link.close();
  const gun = virtual.device;
  if (gun === null || ending !== 'complete') throw new Error(`the session did not complete: ${ending}`);
  const wallS = (performance.now() - startedMs) / 1000;
  const cpu = process.cpuUsage(startedCpu);
  return { simulatedS: gun.nowUs / 1e6, wallS, cpuS: (cpu.user + cpu.system) / 1e6, ticks: gun.tickCount, pricks: gun.truth.pricks.length };
}

/** A liquid that thins with shear: what the fluid path can no longer do in closed form. */
const GEL = ['hyaluronicMgPerMl=5'];
const GEL_RUNS = 3;

/** The median of some runs by processor time, after one that warms up. */
async function gelRatio(ready: Ready): Promise<number> {
  await once(ready, GEL);
  const ratios: number[] = [];
  for (let i = 0; i < GEL_RUNS; i++) {
    const { simulatedS, cpuS } = await once(ready, GEL);
    ratios.push(simulatedS / cpuS);
  }
  return Math.round(ratios.sort((a, b) => a - b)[Math.floor(GEL_RUNS / 2)] as number);
}

/** Runs the bench; the median run by wall time is the figure. */
async function bench(json: boolean): Promise<void> {
  const ready = readyToRun('mesolift-face', ['pricks=200', 'periodMs=shortest']);
  const desk = processDesk();
  const first = await once(ready);
  for (let i = 1; i < WARM_UP_RUNS; i++) await once(ready);
  const runs: Run[] = [];
  for (let i = 0; i < RUNS; i++) runs.push(await once(ready));
  runs.sort((a, b) => a.wallS - b.wallS);
  const median = runs[Math.floor(RUNS / 2)] as Run;
  const layers = await timeByLayer(() => once(ready));
  const hyaluronicCpuRatio = await gelRatio(ready);
  const gelLayers = await timeByLayer(() => once(ready, GEL));
  const ratio = median.simulatedS / median.wallS;
  const figures = {
    ...median,
    ratio: Math.round(ratio),
    cpuRatio: Math.round(median.simulatedS / median.cpuS),
    firstWallS: first.wallS,
    pricksPerS: Math.round(median.pricks / median.wallS),
    tickUs: (1e6 * median.wallS) / median.ticks,
    hyaluronicCpuRatio,
  };
  if (json) {
    desk.out(`${JSON.stringify({ event: 'bench', ...figures })}\n`);
    return;
  }
  desk.out(
    alignColumns([
      ['session', `${median.pricks} pricks of mesolift-face, cadence ${ready.plan.periodMs} ms`],
      ['simulated', `${median.simulatedS.toFixed(1)} s, ${median.ticks} ticks`],
      [
        'wall',
        `${median.wallS.toFixed(3)} s (median of ${RUNS} after ${WARM_UP_RUNS}), ${figures.tickUs.toFixed(1)} µs a tick; processor ${median.cpuS.toFixed(3)} s`,
      ],
      ['ratio', `${figures.ratio} × real time; ${figures.cpuRatio} × by processor time`],
      ['first run', `${first.wallS.toFixed(3)} s, processor ${first.cpuS.toFixed(3)} s: the engine still compiles`],
      ['pricks/s', String(figures.pricksPerS)],
      ['hyaluronic acid', `5 mg/mL: ${hyaluronicCpuRatio} × by processor time, the shear-thinning path of --plant`],
    ]),
  );
  desk.out(`\nown time by folder, one sampled session\n${layerTable(layers)}`);
  desk.out(`\nthe same with hyaluronic acid\n${layerTable(gelLayers)}`);
}

function layerTable(layers: readonly LayerShare[]): string {
  const sampledMs = layers.reduce((sum, { ms }) => sum + ms, 0);
  const rows = layers
    .filter(({ ms }) => ms > sampledMs / 200)
    .map(({ layer, ms }) => [layer, `${ms.toFixed(0)} ms`, `${((100 * ms) / sampledMs).toFixed(0)} %`]);
  return alignColumns(rows);
}

await bench(process.argv.includes('--json'));
