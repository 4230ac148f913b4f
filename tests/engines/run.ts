// `npm run test:engines -- --jerry PATH --espruino PATH`: the committed trace on engines that the user gives. Prints, for each, how
// many ticks differ, peak heap and ticks a second. Not part of npm test: nobody has these engines by chance. See README.md here.
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { EXIT_INTERRUPTED } from '../../tools/errors.ts';
import { buildImage } from '../../tools/build/image.ts';
import type { Trace } from '../../tools/build/trace.ts';
import { replayPieces } from '../../tools/build/trace.ts';
import { readTrace } from './trace-file.ts';

const TICKS_A_PIECE = 2;
/** Chosen: fits 5000 variables as a script. */
const STORED_AT_ONCE = 8192;
/** Garbage is collected after each tick, so that the peak is what is needed and not what there is. */
const REPORT = 'function report(line) { print("tick " + line); gc(); }\n';

interface Ran {
  readonly ticks: readonly string[];
  readonly heap: string;
}

/** JerryScript ends so when its heap is full. Source: jerryscript-port.h, JERRY_FATAL_OUT_OF_MEMORY. */
const OUT_OF_MEMORY = 10;

/** What is to go when this run is broken off: an Espruino without its console spins for ever and heeds no gentler signal. */
const mine: { child: ChildProcess | null; folder: string | null } = { child: null, folder: null };
function leave(): void {
  mine.child?.kill('SIGKILL');
  if (mine.folder !== null) rmSync(mine.folder, { recursive: true, force: true });
  process.exit(EXIT_INTERRUPTED);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, leave);

function said(program: string, args: readonly string[], folder: string): Promise<string> {
  const child = spawn(program, args, { cwd: folder, stdio: ['pipe', 'pipe', 'pipe'] });
  mine.child = child;
  let [out, wrong] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (wrong += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => {
      mine.child = null;
      if (status === OUT_OF_MEMORY) process.stderr.write(`${program}: out of memory\n`);
      else if (status !== 0) process.stderr.write(`${program} ended with ${String(status)}\n${wrong}${out.slice(-1500)}`);
      resolve(out + wrong);
    });
  });
}

const ticksOf = (text: string): string[] => [...text.matchAll(/^tick (.*?)\r?$/gm)].map((match) => match[1] ?? '');

/** JerryScript: the pieces are scripts of one realm, lists of small numbers, since it never lets go of a text once read in a script. */
async function onJerry(program: string, image: string, trace: Trace, folder: string): Promise<Ran> {
  const { first, pieces } = replayPieces(image, trace, TICKS_A_PIECE);
  const texts = [
    REPORT,
    ...first,
    ...pieces.map((piece) => `tape = [${Array.from(piece, (digit) => Number.parseInt(digit, 16)).join()}]; at = 0; play();\n`),
  ];
  const names = texts.map((text, piece) => {
    const name = `piece-${String(piece)}.js`;
    writeFileSync(join(folder, name), text);
    return name;
  });
  const text = await said(program, ['--mem-stats', ...names], folder);
  const heap = /Heap size = (\d+)/.exec(text)?.[1];
  const peak = /Peak allocated\s*=\s*(\d+)/.exec(text)?.[1];
  return { ticks: ticksOf(text), heap: peak === undefined ? 'no memory statistics in this build' : `${peak} of ${heap ?? '?'} bytes` };
}

/** Puts a text into the Storage of an Espruino for Linux, which keeps it in its folder. */
async function store(program: string, name: string, text: string, folder: string): Promise<void> {
  for (let at = 0; at < text.length; at += STORED_AT_ONCE) {
    const part = JSON.stringify(text.slice(at, at + STORED_AT_ONCE));
    writeFileSync(join(folder, 'store.js'), `require("Storage").write("${name}", ${part}, ${String(at)}, ${String(text.length)});`);
    await said(program, ['store.js'], folder);
  }
}

/** Espruino: the image is run from Storage, as on a chip: function bodies stay in flash. The tape comes from there too. */
async function onEspruino(program: string, image: string, trace: Trace, folder: string): Promise<Ran> {
  const { first, pieces } = replayPieces(image, trace, TICKS_A_PIECE);
  for (const [index, text] of first.entries()) await store(program, `first${String(index)}`, text, folder);
  await store(program, 'tape', pieces.join(''), folder);
  const script = `var most = 0, from = 0;
function report(line) {
  print("tick " + line);
  var used = process.memory(false).usage;
  if (used > most) most = used;
}
eval(require("Storage").read("first0"));
eval(require("Storage").read("first1"));
new Uint16Array([${pieces.map((piece) => piece.length).join()}]).forEach(function (n) {
  tape = digits(require("Storage").read("tape", from, n));
  from += n;
  at = 0;
  play();
});
print("variables " + most + " of " + process.memory().total);
`;
  writeFileSync(join(folder, 'run.js'), script);
  const text = await said(program, ['run.js'], folder);
  return { ticks: ticksOf(text), heap: /^variables (.*?)\r?$/m.exec(text)?.[1] ?? 'not told' };
}

const { values } = parseArgs({ options: { jerry: { type: 'string' }, espruino: { type: 'string' } } });
const engines = [
  { name: 'JerryScript', path: values.jerry, run: onJerry },
  { name: 'Espruino', path: values.espruino, run: onEspruino },
];
const trace = readTrace();
const { text: image } = await buildImage('pico', 'kaluma');
let wrong = 0;
for (const { name, path, run } of engines) {
  if (path === undefined) continue;
  const folder = mkdtempSync(join(tmpdir(), 'mesogun-engines-'));
  mine.folder = folder;
  try {
    const startedMs = performance.now();
    const { ticks, heap } = await run(path, image, trace, folder);
    const tookS = (performance.now() - startedMs) / 1000;
    const differing = trace.ticks.filter((line, tick) => ticks[tick] !== line).length;
    const firstAt = trace.ticks.findIndex((line, tick) => ticks[tick] !== line);
    const where = differing > 0 ? `, first tick ${String(firstAt)}: ${ticks[firstAt] ?? 'nothing'} for ${trace.ticks[firstAt] ?? ''}` : '';
    const rate = `${(trace.ticks.length / tookS).toFixed(0)} ticks/s`;
    process.stdout.write(`${name}: ${String(differing)} of ${String(trace.ticks.length)} ticks differ${where}; peak ${heap}; ${rate}\n`);
    wrong += differing;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
if (engines.every(({ path }) => path === undefined)) process.stderr.write('say which engine: --jerry PATH, --espruino PATH\n');
process.exitCode = wrong > 0 ? 6 : 0;
