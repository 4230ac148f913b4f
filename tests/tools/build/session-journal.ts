// A whole session over the virtual cable, from the sources or from an image: what ended it and every byte of its journal.
import { createHash } from 'node:crypto';
import { MesogunError } from '../../../tools/errors.ts';
import { Guide } from '../../../tools/guide.ts';
import type { ImageFirmware } from '../../../tools/image-firmware.ts';
import { Link } from '../../../tools/link.ts';
import { readyToRun } from '../../../tools/source.ts';
import { VirtualLine } from '../../../tools/virtual-line.ts';
import { worldFor } from '../../../tools/world.ts';
import { createGun } from '../../../firmware/main.ts';
import type { Gun } from '../../../firmware/main.ts';
import type { Board } from '../../../hal/io.ts';

const SEED = 7;
/** The store on Espruino is one file of 44 sectors, whose header takes the first. */
const ESPRUINO_SECTORS = 43;

/** The sources on a board with Espruino's store. */
const onEspruino = (board: Board): Gun => {
  const flash = { ...board.flash, sectorCount: ESPRUINO_SECTORS };
  return createGun({ ...board, flash, feedWatchdog: () => board.feedWatchdog() });
};

export interface SessionOptions {
  readonly faults: readonly string[];
  /** Absent: the sources run. */
  readonly image: ImageFirmware | undefined;
  /** What the sources stand for. */
  readonly runtime?: 'kaluma' | 'espruino';
  /** Chosen when absent: mesolift-face. */
  readonly protocol?: string;
  /** Chosen when absent: 12. */
  readonly pricks?: number;
}

export interface Told {
  readonly ending: string;
  readonly ticks: number;
  readonly boots: number;
  /** Journal entries as the link gave them, and SHA-256 over the whole raw store. */
  readonly entryBytes: number;
  readonly entries: string;
  readonly store: string;
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** How it ended, and the entries. A gun that refuses before a session has none. */
async function guided(link: Link, words: Int32Array): Promise<{ ending: string; entries: readonly Uint8Array[] }> {
  try {
    const { ending, faultCode, entries } = await new Guide(link, {
      words,
      lastSeq: link.hello?.journal ?? -1,
      timeoutMs: 200_000,
      onEvent: () => {},
    }).run();
    return { ending: `${ending} ${faultCode}`, entries };
  } catch (error) {
    if (!(error instanceof MesogunError)) throw error;
    return { ending: error.message, entries: [] };
  }
}

/** A protocol of the library with few pricks; gives up after 200 s of device time. */
export async function sessionJournal(options: SessionOptions): Promise<Told> {
  const ready = readyToRun(options.protocol ?? 'mesolift-face', [`pricks=${String(options.pricks ?? 12)}`]);
  const sources: ImageFirmware =
    options.runtime === 'espruino' ? { runtime: 'espruino', boot: onEspruino } : { runtime: 'kaluma', boot: createGun };
  const line = new VirtualLine({ world: { seed: SEED }, trace: false, image: options.image ?? sources });
  const link = new Link(line.connect());
  try {
    await link.connect(worldFor(ready, SEED, options.faults));
    const { ending, entries } = await guided(link, ready.plan.program);
    const device = line.device;
    if (!device) throw new Error('no gun');
    const all = Buffer.concat(entries);
    const { tickCount: ticks, bootCount: boots } = device;
    return { ending, ticks, boots, entryBytes: all.length, entries: sha256(all), store: sha256(device.flash.bytes) };
  } finally {
    await link.close();
  }
}
