// The steps from a board at its console to a gun that runs this image: identify, read, refuse or prepare, write, read back, start.
// Not responsible for a runtime's console (kaluma.ts, espruino.ts) nor for ports and people (commands/flash.ts). Runs at the desk.
import { createHash } from 'node:crypto';
import type { Manifest } from '../build/image.ts';
import { EXIT_FILE, EXIT_NO_DEVICE, EXIT_TOLERANCE, EXIT_UNEXPECTED, MesogunError } from '../errors.ts';
import { NoAnswer } from './talk.ts';
import type { FlashRuntime, Identity, OnBoard, Started, Step } from './runtime.ts';

export interface FlashImage {
  readonly text: string;
  readonly manifest: Manifest;
}

export interface FlashOptions {
  /** The image for the board that was found. */
  readonly imageFor: (identity: Identity) => Promise<FlashImage>;
  /** Number to give this gun; null: what it has, or one out of its chip's. */
  readonly number: number | null;
  /** Stop before anything is changed. */
  readonly dryRun: boolean;
  /** Leave the image lying there: it starts at the next power-on. */
  readonly noStart?: boolean;
  readonly onStep: (step: Step, says: string) => void;
  /** Bytes done of the total of this step. */
  readonly onBytes: (step: Step, doneBytes: number, totalBytes: number) => void;
}

export interface Flashed {
  readonly identity: Identity;
  readonly image: FlashImage;
  /** What was on the board before. */
  readonly before: OnBoard;
  /** False when the very image was there already, or for a dry run. */
  readonly written: boolean;
  /** Null when nothing was to be started. */
  readonly started: Started | null;
}

const BEFORE_SAYS = {
  empty: () => 'no image on the board',
  image: (on: OnBoard) => `image ${on.imageId ?? ''}, ${on.bytes} bytes, security counter ${on.securityCounter}`,
  torn: () => 'a part of an image, which cannot run: an earlier flash was cut short',
  other: (on: OnBoard) => `a program of ${on.bytes} bytes that is not ours`,
} as const;

/** Refuses, exit 3, what must not come onto this board. Changes nothing. */
function refuse(identity: Identity, before: OnBoard, { manifest }: FlashImage): void {
  const trouble = (what: string, why: string, next: string): MesogunError => new MesogunError({ exit: EXIT_FILE, what, why, next });
  if (identity.runtime !== manifest.runtime)
    throw trouble(
      'wrong runtime',
      `the image is for ${manifest.runtime}, the board runs ${identity.runtime}`,
      `mesogun build --runtime ${identity.runtime}`,
    );
  if (identity.board !== manifest.board) {
    const next = identity.board === null ? 'take a Pico or a Pico 2' : `mesogun build --board ${identity.board}`;
    throw trouble('wrong board', `the image is for ${manifest.board}, this is ${identity.boardText}`, next);
  }
  if (before.securityCounter > manifest.securityCounter) {
    const why = `it has security counter ${manifest.securityCounter}, the board has had ${before.securityCounter}: a hole that was closed would be open again`;
    throw trouble('this image is too old for the board', why, 'flash a newer image');
  }
}

/** What a person must know when it was cut short: what is on the board, and what to do. */
function cutShort(step: Step, cause: unknown): MesogunError {
  const exit = cause instanceof MesogunError ? cause.exit : cause instanceof NoAnswer ? EXIT_NO_DEVICE : EXIT_UNEXPECTED;
  const reason = cause instanceof Error ? cause.message : String(cause);
  const detail = cause instanceof MesogunError && cause.why !== undefined ? ` (${cause.why})` : '';
  return new MesogunError({
    exit,
    what: `the flash was cut short at '${step}': ${reason}${detail}`,
    why: 'on the board is no image, or a part of one that cannot run; the drivers are off in hardware until an image feeds them',
    next: 'flash again with the same command; if the board does not answer, power it off and on with the jumper on GP22 first',
  });
}

/** Silence where nothing has been changed yet. */
function silent(error: unknown): never {
  if (!(error instanceof NoAnswer)) throw error;
  throw new MesogunError({
    exit: EXIT_NO_DEVICE,
    what: 'the board fell silent',
    why: error.message,
    next: 'power it off and on, then flash again',
  });
}

/** Runs the steps. Throws MesogunError: 3 refused, 4 no board, 5 the board refuses, 6 what was read back is not what was written. */
export async function flash(board: FlashRuntime, options: FlashOptions): Promise<Flashed> {
  const { onStep, onBytes } = options;
  const identity = await board.enter().catch(silent);
  onStep('identify', `${identity.boardText || 'a board'} with ${identity.runtime} ${identity.version}`);
  const hushed = await board.hush().catch(silent);
  if (hushed !== null) onStep('identify', hushed);
  const image = await options.imageFor(identity);
  const total = image.text.length;
  const before = await board.read((bytes) => onBytes('read', bytes, total)).catch(silent);
  onStep('read', BEFORE_SAYS[before.state](before));
  refuse(identity, before, image);
  if (options.dryRun) return { identity, image, before, written: false, started: null };
  for (const says of await board.prepare(options.number, image.manifest).catch(silent)) onStep('prepare', says);
  const isThere = before.sha256 === image.manifest.sha256;
  if (isThere) onStep('write', 'the very image is on the board already');
  else await writeAndVerify(board, image, onStep, onBytes);
  if (options.noStart === true) return { identity, image, before, written: !isThere, started: null };
  const started = await board.start().catch(silent);
  onStep('start', started.says);
  return { identity, image, before, written: !isThere, started };
}

async function writeAndVerify(
  board: FlashRuntime,
  image: FlashImage,
  onStep: FlashOptions['onStep'],
  onBytes: FlashOptions['onBytes'],
): Promise<void> {
  const total = image.text.length;
  let step: Step = 'write';
  let after: OnBoard;
  try {
    await board.write(image.text, (bytes) => onBytes('write', bytes, total));
    onStep('write', `${total} bytes`);
    step = 'verify';
    after = await board.read((bytes) => onBytes('verify', bytes, total));
  } catch (error) {
    throw cutShort(step, error);
  }
  const wanted = createHash('sha256').update(image.text, 'latin1').digest('hex');
  if (after.sha256 !== wanted)
    throw new MesogunError({
      exit: EXIT_TOLERANCE,
      what: 'what was read back is not what was written',
      why: `SHA-256 ${after.sha256 ?? 'of a torn image'}, ${after.bytes} bytes; the image has ${wanted.slice(0, 16)}…, ${total} bytes`,
      next: 'flash again; if it stays, the flash of the board is worn out',
    });
  onStep('verify', `read back, SHA-256 ${wanted.slice(0, 16)}…`);
}
