// An image onto an emulated board as onto a real one: through the runtime's console, by the flasher's own steps; or, for who has no
// patience, its bytes laid into the flash and only read back and started through the console. Runs at the desk.
import { EXIT_FILE, MesogunError } from '../errors.ts';
import { detectRuntime } from '../flash/detect.ts';
import { imageFor } from '../flash/flash-board.ts';
import { flash } from '../flash/flasher.ts';
import type { Flashed } from '../flash/flasher.ts';
import { Kaluma } from '../flash/kaluma.ts';
import type { FlashRuntime, Identity, ImageFacts, OnBoard, Started, Step } from '../flash/runtime.ts';
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

/** Lays a program into the flash, where `.load` finds it. */
export function layProgram(gun: EmulatedGun, text: string): void {
  const area = new Uint8Array(PROGRAM_BYTES).fill(0xff);
  area.set(Buffer.from(`${text}\0`, 'latin1'));
  gun.chip.preload(PROGRAM_AT, area);
}

/** The board at its console; it times the start, and leaves out the transfer where the bytes are to lie in the flash at once. */
class EmulatedBoard implements FlashRuntime {
  private loadedUs = 0;
  private firstUs = 0;
  private readonly board: Kaluma;
  private readonly gun: EmulatedGun;
  private readonly preload: boolean;

  constructor(board: Kaluma, gun: EmulatedGun, preload: boolean) {
    this.board = board;
    this.gun = gun;
    this.preload = preload;
    gun.onStep.push(() => {
      if (this.firstUs === 0 && this.loadedUs > 0 && gun.hasSaid) this.firstUs = gun.nowUs;
    });
  }

  get bootMs(): number {
    return Math.round((this.firstUs - this.loadedUs) / 1000);
  }

  enter(): Promise<Identity> {
    return this.board.enter();
  }

  hush(): Promise<string | null> {
    return this.board.hush();
  }

  read(onBytes: (bytes: number) => void): Promise<OnBoard> {
    return this.board.read(onBytes);
  }

  prepare(number: number | null, image: ImageFacts): Promise<string[]> {
    return this.board.prepare(number, image);
  }

  write(text: string, onBytes: (bytes: number) => void): Promise<void> {
    if (!this.preload) return this.board.write(text, onBytes);
    layProgram(this.gun, text);
    onBytes(text.length);
    return Promise.resolve();
  }

  start(): Promise<Started> {
    this.gun.takeSaid();
    this.loadedUs = this.gun.nowUs;
    return this.board.start();
  }
}

export interface LoadOptions {
  readonly uf2: string;
  readonly image?: string;
  readonly preload?: boolean;
  readonly onStep: (step: Step, says: string) => void;
  readonly onBytes: (step: Step, doneBytes: number, totalBytes: number) => void;
}

export interface Loaded {
  readonly flashed: Flashed;
  /** Before the image. */
  readonly heap: Heap;
  /** From `.load` to the first word on the link. */
  readonly bootMs: number;
}

/** Puts the image on and starts it. Throws MesogunError: 3 for a firmware that is not Kaluma, and the flasher's. */
export async function loadOnto(gun: EmulatedGun, talk: Talk, options: LoadOptions): Promise<Loaded> {
  const runtime = await detectRuntime(talk);
  if (runtime !== 'kaluma')
    throw new MesogunError({
      exit: EXIT_FILE,
      what: `${options.uf2} is ${runtime}`,
      why: 'only the buses and the console of Kaluma are wired to the virtual gun',
      next: 'give the firmware of Kaluma 1.2 for the Pico',
    });
  const heap = await readHeap(talk);
  const board = new EmulatedBoard(new Kaluma(talk), gun, options.preload === true);
  const flashed = await flash(board, {
    imageFor: (identity) => imageFor(options, identity),
    number: gunNumber(gun.setup),
    dryRun: false,
    onStep: options.onStep,
    onBytes: options.onBytes,
  });
  return { flashed, heap, bootMs: board.bootMs };
}
