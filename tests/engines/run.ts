// `npm run test:engines -- --jerry PATH --espruino PATH [--sessions N] [--pricks N]`: sessions of today's image, recorded on the virtual gun,
// on engines that the user gives, with what they need of memory; `--kaluma UF2 --bootrom FILE`: the committed trace on that firmware, on the
// emulated chip. Not part of npm test: nobody has these engines by chance. See README.md here.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { RuntimeName } from '../../tools/build/image.ts';
import { buildImage } from '../../tools/build/image.ts';
import { emptyTrace } from '../../tools/build/trace.ts';
import { troubleOf } from '../../tools/errors.ts';
import type { Figures, Recording } from './engine.ts';
import { onEspruino } from './espruino.ts';
import { onJerry } from './jerry.ts';
import { onKaluma } from './kaluma.ts';
import { recordSessions } from './record.ts';
import { readTrace } from './trace-file.ts';
import { bounds, slope } from './verdict.ts';

const EXIT_USAGE = 2;
const EXIT_TOLERANCE = 6;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const { values } = parseArgs({
  options: {
    jerry: { type: 'string' },
    espruino: { type: 'string' },
    kaluma: { type: 'string' },
    bootrom: { type: 'string' },
    sessions: { type: 'string', default: '1' },
    pricks: { type: 'string', default: '24' },
  },
});
const [sessions, pricks] = [Number(values.sessions), Number(values.pricks)];
const engines = [
  { name: 'JerryScript', path: values.jerry, runtime: 'kaluma', run: onJerry },
  { name: 'Espruino', path: values.espruino, runtime: 'espruino', run: onEspruino },
] as const;
const isWhole = (n: number, most: number): boolean => Number.isInteger(n) && n >= 1 && n <= most;
const { kaluma: uf2, bootrom } = values;
const hasBoth = (uf2 === undefined) === (bootrom === undefined);
const isAsked = (uf2 !== undefined || engines.some(({ path }) => path !== undefined)) && hasBoth;
if (!hasBoth) process.stderr.write('--kaluma UF2 runs on an emulated RP2040 and needs its boot ROM: --bootrom FILE\n');
else if (!isAsked) process.stderr.write('which engine? --jerry PATH, --espruino PATH, --kaluma UF2 --bootrom FILE\n');
else if (!isWhole(sessions, 100) || !isWhole(pricks, 200)) process.stderr.write('--sessions 1 to 100, --pricks 1 to 200\n');
if (!isAsked || !isWhole(sessions, 100) || !isWhole(pricks, 200)) process.exit(EXIT_USAGE);

async function recorded(runtime: RuntimeName): Promise<Recording> {
  const { text: image } = await buildImage('pico', runtime);
  const trace = emptyTrace(runtime);
  const ends = await recordSessions(image, trace, { sessions, pricks });
  return { image, trace, ends };
}

/** Prints the figures; true when all is well. */
function judged(name: string, { trace, ends }: Recording, figures: Figures): boolean {
  const { ticks, total, harness, live, peak, tookS } = figures;
  const unit = trace.runtime === 'kaluma' ? 'bytes' : 'variables';
  const wrong = trace.ticks.map((line, tick) => (ticks[tick] === line ? -1 : tick)).filter((tick) => tick >= 0);
  say(`${name}: ${String(trace.ticks.length)} ticks, ${(trace.ticks.length / tookS).toFixed(0)} a second`);
  say(`  harness and engine without an image: ${String(harness)} ${unit} of ${String(total)}; left out of what follows`);
  say(`  live once booted: ${String(live[0] ?? Number.NaN)} ${unit}`);
  for (const [session, end] of ends.entries()) {
    const from = ends[session - 1] ?? 0;
    const differing = wrong.filter((tick) => tick >= from && tick < end).length;
    const at = `live ${String(live[session + 1] ?? Number.NaN)}, peak so far ${String(peak[session] ?? Number.NaN)} ${unit}`;
    say(`  session ${String(session + 1)}: ${at}; ${String(differing)} of ${String(end - from)} ticks differ`);
  }
  const [first] = wrong;
  if (first !== undefined) say(`  tick ${String(first)}: ${ticks[first] ?? 'nothing'} for ${trace.ticks[first] ?? ''}`);
  const verdicts = [...slope(trace.runtime, live.slice(1)), ...bounds(trace.runtime, peak.at(-1) ?? Number.NaN, total)];
  for (const { says, isMet } of verdicts) say(`  ${isMet ? 'met' : 'MISSED'}: ${says}`);
  return first === undefined && verdicts.every(({ isMet }) => isMet);
}

/** The committed trace on Kaluma's own firmware; prints the figures, true when no tick differs. */
async function kalumaWell(files: { readonly uf2: string; readonly bootrom: string }): Promise<boolean> {
  const trace = readTrace('kaluma');
  const total = trace.ticks.length;
  const { text } = await buildImage('pico', 'kaluma');
  const figures = await onKaluma(files, text, trace, (done) => {
    if (process.stderr.isTTY) process.stderr.write(`\rtick ${String(done)} of ${String(total)}${done === total ? '\n' : ''}`);
  });
  const { ticks, before, after, tookS, busyMs } = figures;
  const differing = trace.ticks.filter((line, tick) => ticks[tick] !== line).length;
  const first = trace.ticks.findIndex((line, tick) => ticks[tick] !== line);
  const { peakBytes, totalBytes } = after;
  const rate = `${(ticks.length / tookS).toFixed(1)} a second here, ${((1000 * ticks.length) / busyMs).toFixed(0)} of the chip's`;
  say(`Kaluma on an emulated RP2040: ${String(ticks.length)} of ${String(total)} ticks played, ${rate} (harness and console with it)`);
  say(`  ${String(differing)} of ${String(total)} ticks differ`);
  if (first >= 0) say(`  tick ${String(first)}: ${ticks[first] ?? 'nothing'} for ${trace.ticks[first] ?? ''}`);
  const free = (100 * (1 - peakBytes / totalBytes)).toFixed(1);
  say(
    `  heap: peak ${String(peakBytes)} bytes of ${String(totalBytes)} (${free} % free), ${String(before.occupiedBytes)} of them Kaluma's own`,
  );
  return first < 0;
}

let isWell = true;
for (const { name, path, runtime, run } of engines) {
  if (path === undefined) continue;
  const folder = mkdtempSync(join(tmpdir(), 'mesogun-engines-'));
  try {
    const recording = await recorded(runtime);
    isWell = judged(name, recording, await run(path, recording, folder)) && isWell;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
try {
  if (uf2 !== undefined && bootrom !== undefined) isWell = (await kalumaWell({ uf2, bootrom })) && isWell;
  process.exitCode = isWell ? 0 : EXIT_TOLERANCE;
} catch (error) {
  const { exit, what, why, next } = troubleOf(error);
  process.stderr.write(`${[what, why, next].filter((text) => text !== undefined).join('\n')}\n`);
  process.exitCode = exit;
}
