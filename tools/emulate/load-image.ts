// An image onto an emulated board as onto a real one: through the runtime's console, by the flasher's own steps; or, for who has no
// patience, its bytes laid into the flash and only read back and started through the console. Runs at the desk.
import { EXIT_FILE, MesogunError } from '../errors.ts';
import { detectRuntime } from '../flash/detect.ts';
import { imageFor } from '../flash/flash-board.ts';
import { flash } from '../flash/flasher.ts';
import type { Flashed } from '../flash/flasher.ts';
import { Kaluma } from '../flash/kaluma.ts';
import type { FlashRuntime, Step } from '../flash/runtime.ts';
import type { Talk } from '../flash/talk.ts';
import { gunNumber } from './emulated-gun.ts';
import type { EmulatedGun } from './emulated-gun.ts';

/** Where Kaluma keeps the program, in the flash. Source: Kaluma 1.2.1, targets/rp2/boards/pico/board.h: sectors 4 to 131 of its area. */
const PROGRAM_AT = 0xfc000 + 4 * 4096;
const PROGRAM_BYTES = 128 * 4096;
const HEAP = /total: (\d+), occupied: (\d+), peak: (\d+)/;
const HEAP_WITHIN_MS = 3000;

/** Bytes of the engine's heap, as the runtime's console says. */
export interface Heap {
  readonly totalBytes: number;
  readonly occupiedBytes: number;
  readonly peakBytes: number;
}

export async function readHeap(talk: Talk): Promise<Heap> {
  talk.clear();
  talk.write('.mem\r');
  const [, total, occupied, peak] = await talk.match('heap figures', HEAP_WITHIN_MS, HEAP);
  return { totalBytes: Number(total), occupiedBytes: Number(occupied), peakBytes: Number(peak) };
}

/** The board's console, but for the transfer: the bytes lie in the flash at once. */
function withoutTransfer(board: Kaluma, gun: EmulatedGun): FlashRuntime {
  return {
    enter: () => board.enter(),
    read: (onBytes) => board.read(onBytes),
    prepare: (number, image) => board.prepare(number, image),
    write: (text, onBytes) => {
      const area = new Uint8Array(PROGRAM_BYTES).fill(0xff);
      area.set(Buffer.from(`${text}\0`, 'latin1'));
      gun.chip.preload(PROGRAM_AT, area);
      onBytes(text.length);
      return Promise.resolve();
    },
    start: () => board.start(),
  };
}

export interface LoadOptions {
  readonly uf2: string;
  readonly image?: string;
  readonly preload?: boolean;
  readonly onStep: (step: Step, says: string) => void;
  readonly onBytes: (step: Step, doneBytes: number, totalBytes: number) => void;
}

/** Puts the image on and starts it. Answers the heap before. Throws MesogunError: 3 for a firmware that is not Kaluma, and the flasher's. */
export async function loadOnto(gun: EmulatedGun, talk: Talk, options: LoadOptions): Promise<{ flashed: Flashed; heap: Heap }> {
  const runtime = await detectRuntime(talk);
  if (runtime !== 'kaluma')
    throw new MesogunError({
      exit: EXIT_FILE,
      what: `${options.uf2} is ${runtime}`,
      why: 'only the buses and the console of Kaluma are wired to the virtual gun',
      next: 'give the firmware of Kaluma 1.2 for the Pico',
    });
  const heap = await readHeap(talk);
  const board = new Kaluma(talk);
  const flashed = await flash(options.preload === true ? withoutTransfer(board, gun) : board, {
    imageFor: (identity) => imageFor(options, identity),
    number: gunNumber(gun.setup),
    dryRun: false,
    onStep: options.onStep,
    onBytes: options.onBytes,
  });
  return { flashed, heap };
}
