// A replay on JerryScript, line by line on its prompt, where what is read does not stand in its heap. The tape comes as lists of small
// numbers: a text that stands in a script is never let go.
import { performance } from 'node:perf_hooks';
import { replayingHarness } from '../../tools/build/harness.ts';
import { tapePieces } from '../../tools/build/trace.ts';
import type { Figures, Recording } from './engine.ts';
import { said } from './engine.ts';

/** Numbers in one line of the boot's tape: what a line weighs is gone before the image comes. */
const BOOT_A_LINE = 64;
/**
 * How much can still be had: blocks, by halves down to 512 bytes, then in steps of 8 down to the least that is not part of its object.
 * A full heap is an error that can be caught for the bytes of a typed array, and for nothing else. What the probe itself takes is
 * in the figure without an image as well.
 */
const PROBE = `(function () {
  var had = new Array(96), count = 0, most = 131072, sum = 0, list;
  tape = line = 0;
  gc();
  while (most > 256 && count < 96) {
    list = new Uint8Array(most);
    try { list[0] = 1; had[count++] = list; sum += most; } catch (e) { most = most > 512 ? most / 2 : most - 8; }
  }
  had = list = 0;
  gc();
  return 'free ' + sum;
})()`;

/** More than the harness ever took: the peak then tells what it takes at this moment, to some 100 bytes of the line itself. */
const WEIGHT_BYTES = 131_072;
const WEIGHT = `gc(); tape = new Uint8Array(${String(WEIGHT_BYTES)}); tape[0] = 1; 0`;

const oneLine = (text: string): string => text.replace(/\s*\n\s*/g, ' ').trim();
const numbers = (bytes: Buffer): string => Array.from(bytes).join();

/** Everything up to the first tick. Nothing of it is worth printing. */
function start(image: string, boot: Buffer): string[] {
  const lines = [`${oneLine(replayingHarness('kaluma'))} var line; tape = new Uint8Array(${String(boot.length)}); 0`];
  for (let from = 0; from < boot.length; from += BOOT_A_LINE)
    lines.push(`tape.set([${numbers(boot.subarray(from, from + BOOT_A_LINE))}], ${String(from)}); 0`);
  lines.push(image);
  return lines;
}

interface Said {
  readonly ticks: string[];
  readonly free: number[];
  readonly peak: number;
  readonly total: number;
}

async function run(program: string, lines: readonly string[], folder: string): Promise<Said> {
  const text = await said(program, ['--mem-stats', '--no-prompt'], folder, `${lines.join('\n')}\n`);
  const number = (pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? Number.NaN);
  return {
    ticks: [...text.matchAll(/^[0-9a-f]+ \d+$/gm)].map(([line]) => line),
    free: [...text.matchAll(/^free (\d+)$/gm)].map((match) => Number(match[1])),
    peak: number(/Peak allocated\s*=\s*(\d+)/),
    total: number(/Heap size\s*=\s*(\d+)/),
  };
}

/**
 * Peaks until each session: this engine tells them at its end only, so shorter replays tell the others, as few as will do. The peak never falls:
 * where two are alike, so are those between.
 */
async function peaks(ends: readonly number[], last: number, upTo: (session: number) => Promise<number>): Promise<number[]> {
  const known = ends.map((_, session) => (session === ends.length - 1 ? last : Number.NaN));
  const between = async (from: number, to: number): Promise<void> => {
    if (known[from] === known[to]) known.fill(known[to] ?? 0, from, to);
    if (to - from < 2 || known[from] === known[to]) return;
    const middle = (from + to) >> 1;
    known[middle] = await upTo(middle);
    await between(from, middle);
    await between(middle, to);
  };
  if (ends.length > 1) known[0] = await upTo(0);
  await between(0, ends.length - 1);
  return known;
}

/** Garbage is collected after each tick, so that the peak is what is needed and not what there is. */
export async function onJerry(program: string, { image, trace, ends }: Recording, folder: string): Promise<Figures> {
  const { boot, ticks } = tapePieces(trace);
  const first = start(image, boot);
  const played = ticks.map((piece) => `tape = [${numbers(piece)}]; place = 0; line = pass(); gc(); line`);
  const probe = oneLine(PROBE);
  const startedMs = performance.now();
  const whole = await run(program, [...first, ...played], folder);
  const tookS = (performance.now() - startedMs) / 1000;
  const upTo = async (session: number): Promise<number> => (await run(program, [...first, ...played.slice(0, ends[session])], folder)).peak;
  const peak = await peaks(ends, whole.peak, upTo);
  const probed = played.flatMap((line, tick) => (ends.includes(tick + 1) ? [line, probe] : [line]));
  const { free } = await run(program, [...first, probe, ...probed], folder);
  const { free: without } = await run(program, [...start('0', boot), probe], folder);
  const { peak: weighed } = await run(program, [...start('0', boot), WEIGHT], folder);
  const harness = weighed - WEIGHT_BYTES;
  return {
    ticks: whole.ticks,
    total: whole.total,
    harness,
    live: free.map((bytes) => (without[0] ?? Number.NaN) - bytes),
    peak: peak.map((bytes) => bytes - harness),
    tookS,
  };
}
