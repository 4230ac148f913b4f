// A replay on Kaluma's own firmware, on the emulated chip: harness and image lie in the program area, the tape in the sectors of the store, of
// which the harness reads a page at a time; what each tick did comes back on the console. Not responsible for a live gun (tools/emulate).
import { performance } from 'node:perf_hooks';
import { PICO_KALUMA_STORE_SECTOR } from '../../hal/boards/pico.ts';
import { replayingHarness } from '../../tools/build/harness.ts';
import type { Trace } from '../../tools/build/trace.ts';
import { EXIT_FILE, MesogunError } from '../../tools/errors.ts';
import { Drive } from '../../tools/emulate/drive.ts';
import { STORE_BASE } from '../../tools/emulate/emulated-gun.ts';
import type { Heap } from '../../tools/emulate/load-image.ts';
import { layProgram, readHeap } from '../../tools/emulate/load-image.ts';
import { openEmulator } from '../../tools/emulate/open-emulator.ts';
import { detectRuntime } from '../../tools/flash/detect.ts';
import { NoAnswer, Talk } from '../../tools/flash/talk.ts';

/** Sectors of the store. Source: Kaluma 1.2.1, targets/rp2/boards/pico/board.h: the upper half of its file system's area. */
const STORE_SECTORS = 64;
const SECTOR_BYTES = 4096;
/** Emulated time until the image is parsed and has booted, and for one tick. Chosen: many times what they take. */
const BOOT_WITHIN_MS = 30_000;
const TICK_WITHIN_MS = 3000;

export interface KalumaFigures {
  /** One line a tick, as in the trace; fewer when the chip said no more. */
  readonly ticks: readonly string[];
  /** Before harness and image, and at the end. */
  readonly before: Heap;
  readonly after: Heap;
  readonly tookS: number;
  /** On the chip, of all ticks: image, harness, and what is said on the console. */
  readonly busyMs: number;
}

/** What `.load` runs: nothing of it is global, so that the runtime keeps its own. */
function script(image: string, ticks: number): string {
  const harness = replayingHarness('kaluma').replace('tape[place++]', 'byte()');
  return `(function (later, load) {
var file = new (load('flash').Flash)(${String(PICO_KALUMA_STORE_SECTOR)}, ${String(STORE_SECTORS)}), left = ${String(ticks)};
${harness}function byte() {
  if (!(place & 255)) file.read(place >> 12, tape, place & 4095);
  return tape[place++ & 255];
}
tape = new Uint8Array(256);
${image}
function turn() {
  print('k ' + pass() + '\\n');
  if (--left) later(turn, 0);
}
later(turn, 0);
})(setTimeout, global.require);
`;
}

/** Replays a trace; `onTick` is told how many ticks are done. Throws MesogunError: 3 for files that are not Kaluma's, and what stops the chip. */
export async function onKaluma(
  files: { readonly uf2: string; readonly bootrom: string },
  image: string,
  trace: Trace,
  onTick: (done: number) => void,
): Promise<KalumaFigures> {
  const tape = Buffer.from(trace.tape, 'hex');
  if (tape.length > STORE_SECTORS * SECTOR_BYTES) throw new Error(`a tape of ${String(tape.length)} bytes is longer than the store`);
  const startedMs = performance.now();
  const { gun, loop } = await openEmulator(files, { seed: 1 }, false, () => undefined);
  const drive = new Drive(gun);
  const talk = new Talk(drive.console, drive.clock);
  let busyNs = 0;
  const play = async (): Promise<KalumaFigures> => {
    const runtime = await detectRuntime(talk);
    if (runtime !== 'kaluma')
      throw new MesogunError({ exit: EXIT_FILE, what: `${files.uf2} is ${runtime}`, next: 'give the firmware of Kaluma 1.2 for the Pico' });
    const before = await readHeap(talk);
    gun.chip.preload(STORE_BASE, tape);
    layProgram(gun, script(image, trace.ticks.length));
    talk.clear();
    talk.write('.load\r');
    const ticks: string[] = [];
    try {
      while (ticks.length < trace.ticks.length) {
        const [, line = ''] = await talk.match('tick', ticks.length === 0 ? BOOT_WITHIN_MS : TICK_WITHIN_MS, /k ([0-9a-f]+ \d+)\s/);
        if (ticks.length === 0) loop.onBusy = (forNs) => (busyNs += forNs);
        ticks.push(line);
        onTick(ticks.length);
      }
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      process.stderr.write(`Kaluma says no more: ${error.heard.slice(-300)}\n`);
    }
    const after = await readHeap(talk);
    return { ticks, before, after, tookS: (performance.now() - startedMs) / 1000, busyMs: busyNs / 1e6 };
  };
  return drive.until(play());
}
