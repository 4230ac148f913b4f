// `npm run test:engines -- --jerry PATH --espruino PATH [--sessions N] [--pricks N]`: sessions of today's image, recorded on the virtual gun,
// on engines that the user gives, with what they need of memory. Not part of npm test: nobody has these engines by chance. See README.md here.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { RuntimeName } from '../../tools/build/image.ts';
import { buildImage } from '../../tools/build/image.ts';
import { emptyTrace } from '../../tools/build/trace.ts';
import type { Figures, Recording } from './engine.ts';
import { onEspruino } from './espruino.ts';
import { onJerry } from './jerry.ts';
import { recordSessions } from './record.ts';
import { bounds, slope } from './verdict.ts';

const EXIT_USAGE = 2;
const EXIT_TOLERANCE = 6;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const { values } = parseArgs({
  options: {
    jerry: { type: 'string' },
    espruino: { type: 'string' },
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
const isAsked = engines.some(({ path }) => path !== undefined);
if (!isAsked) process.stderr.write('which engine? --jerry PATH, --espruino PATH\n');
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
process.exitCode = isWell ? 0 : EXIT_TOLERANCE;
