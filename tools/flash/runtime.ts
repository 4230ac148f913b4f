// What the flasher knows of a board, whichever runtime is on it, and what it asks of one: an interface for kaluma.ts and espruino.ts.
// Not responsible for the order of the steps (flasher.ts). Runs at the desk.
import { createHash } from 'node:crypto';
import type { BoardName, RuntimeName } from '../build/image.ts';
import type { Transport } from '../transports/transport.ts';

/** A board at its console, drivers off, nothing of ours running. */
export interface Identity {
  readonly runtime: RuntimeName;
  /** Version of the runtime, as it says it. */
  readonly version: string;
  /** The board as the runtime calls it, and as we do; null for one that is not ours. */
  readonly boardText: string;
  readonly board: BoardName | null;
  /** What the chip is known by, '' when the runtime does not say. */
  readonly uid: string;
}

/** The image that is on a board. */
export interface OnBoard {
  readonly state: 'empty' | 'image' | 'torn' | 'other';
  readonly bytes: number;
  readonly sha256: string | null;
  readonly imageId: string | null;
  /** Highest that this board has had; 0 for none. */
  readonly securityCounter: number;
}

export type Step = 'identify' | 'read' | 'prepare' | 'erase' | 'write' | 'verify' | 'start';

/** What the board is prepared for. */
export interface ImageFacts {
  readonly bytes: number;
  readonly securityCounter: number;
}

/** What hush() says when it did something. */
export const HUSHED = 'a program that kept printing here is stopped until the board is next switched on';

export interface FlashRuntime {
  /** Gets a prompt out of whatever an earlier user left. Rejects with MesogunError 4 or 5. */
  enter(): Promise<Identity>;
  /** Stops a program that keeps printing on the console and would be taken for answers. Answers what it did, null for nothing. */
  hush(): Promise<string | null>;
  /** What is on the board now. */
  read(onBytes: (bytes: number) => void): Promise<OnBoard>;
  /**
   * What must be there before an image: room, the number of the gun, the place of its store, the security counter, which outlives every image.
   * Answers what it did, for people.
   */
  prepare(number: number | null, image: ImageFacts): Promise<string[]>;
  /** Writes the image; `onBytes` hears how much is there for sure. */
  write(image: string, onBytes: (bytes: number) => void): Promise<void>;
  start(): Promise<Started>;
}

export interface Started {
  /** The line on which the gun speaks now; null when that is another port, or it does not run. */
  readonly link: Transport | null;
  readonly isRunning: boolean;
  readonly says: string;
}

/** Judges what was read back: an image of ours is whole when it hashes to the number it carries. */
export function judge(text: string): OnBoard {
  if (text === '') return { state: 'empty', bytes: 0, sha256: null, imageId: null, securityCounter: 0 };
  const sha256 = createHash('sha256').update(text, 'latin1').digest('hex');
  const found = /([0-9a-f]{16}) [0-9a-f]{8} (\d{1,9})/.exec(text);
  if (found === null) return { state: 'other', bytes: text.length, sha256, imageId: null, securityCounter: 0 };
  const imageId = found[1] ?? '';
  const blank = text.replace(imageId, '0'.repeat(16));
  const isWhole = createHash('sha256').update(blank, 'latin1').digest('hex').startsWith(imageId);
  return { state: isWhole ? 'image' : 'torn', bytes: text.length, sha256, imageId, securityCounter: Number(found[2]) };
}

/** A number for a gun out of what its chip is known by: 1 to 2^31 − 1. */
export function numberOf(uid: string): number {
  const number = createHash('sha256').update(uid).digest().readUInt32BE(0) & 0x7fffffff;
  return number === 0 ? 1 : number;
}
