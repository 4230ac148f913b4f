// `mesogun flash` from the port to the gun that runs: port, runtime, image, steps with progress, handshake, Ctrl-C.
// Not responsible for the steps themselves (flasher.ts). Runs at the desk.
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { armingText } from '../arming.ts';
import type { Manifest, RuntimeName } from '../build/image.ts';
import type { Desk } from '../desk.ts';
import { meetDevice, withDevice } from '../device/open-device.ts';
import { EXIT_INTERRUPTED, EXIT_USAGE, MesogunError } from '../errors.ts';
import { loadImage } from '../image-firmware.ts';
import { Link } from '../link.ts';
import { wallClock } from './clock.ts';
import { detectRuntime } from './detect.ts';
import { Espruino } from './espruino.ts';
import type { FlashImage, Flashed } from './flasher.ts';
import { flash } from './flasher.ts';
import type { Greeted } from './handshake.ts';
import { greet } from './handshake.ts';
import { Kaluma } from './kaluma.ts';
import { openConsole } from './port-answer.ts';
import { listPorts, theBoard } from './ports.ts';
import { FlashProgress } from './progress.ts';
import type { FlashRuntime, Identity } from './runtime.ts';
import { Talk } from './talk.ts';

export interface FlashFlags {
  readonly port?: string;
  readonly runtime?: RuntimeName;
  readonly image?: string;
  readonly link?: string;
  readonly number?: number;
  readonly eraseStorage?: boolean;
  readonly dryRun?: boolean;
}

const manifestSchema: z.ZodType<Manifest> = z.object({
  file: z.string(),
  version: z.string(),
  board: z.enum(['pico', 'pico2']),
  runtime: z.enum(['kaluma', 'espruino']),
  language: z.literal('ES2015'),
  bytes: z.int(),
  sha256: z.string(),
  imageId: z.string(),
  coreSha256: z.string(),
  limitsSha256: z.string(),
  securityCounter: z.int(),
});

/** Wall time without any line after which a gun on a wire counts as dead. Chosen: four heartbeats. */
const SILENT_FOR_MS = 2000;

/** The image asked for; else one built for the board that was found. A file is judged like any image that is to run. */
export async function imageFor(flags: Pick<FlashFlags, 'image'>, identity: Identity): Promise<FlashImage> {
  if (flags.image === undefined) {
    const { buildImage } = await import('../build/image.ts');
    return buildImage(identity.board ?? 'pico', identity.runtime);
  }
  loadImage(flags.image);
  const text = readFileSync(flags.image, 'latin1');
  const manifest = manifestSchema.safeParse(JSON.parse(readFileSync(flags.image.replace(/\.js$/, '.json'), 'utf8')));
  if (manifest.success) return { text, manifest: manifest.data };
  throw new MesogunError({ exit: EXIT_USAGE, what: `the manifest of ${flags.image} is of another version`, next: 'mesogun build' });
}

function boardAt(talk: Talk, runtime: RuntimeName, flags: FlashFlags): FlashRuntime {
  return runtime === 'kaluma' ? new Kaluma(talk) : new Espruino(talk, { eraseStorage: flags.eraseStorage === true });
}

/** Ctrl-C closes the port: whatever waits ends, and the board is left as a pulled cable would leave it. */
async function unlessInterrupted<T>(desk: Desk, talk: Talk, work: () => Promise<T>): Promise<T> {
  const state = { isInterrupted: false };
  const forget = desk.onInterrupt(() => {
    state.isInterrupted = true;
    void talk.close();
  });
  try {
    return await work();
  } catch (error) {
    if (!state.isInterrupted) throw error;
    const said = error instanceof MesogunError ? error : null;
    throw new MesogunError({
      exit: EXIT_INTERRUPTED,
      what: `interrupted: ${said?.message ?? String(error)}`,
      ...(said?.why === undefined ? {} : { why: said.why }),
      next: said?.next ?? 'no byte of the image on the board was changed; flash again',
    });
  } finally {
    forget();
  }
}

/** Meets the gun on its link: the console's own port, or the one named. Null when nobody said where it speaks. */
async function meet(flashed: Flashed, flags: FlashFlags, portText: string, desk: Desk): Promise<Greeted | null> {
  const { manifest } = flashed.image;
  const own = flashed.started?.link ?? null;
  if (own !== null) {
    const link = new Link(own, { silentForMs: SILENT_FOR_MS });
    return greet(await meetDevice(link, portText), manifest).finally(() => link.close());
  }
  if (flags.link === undefined || flashed.started?.isRunning !== true) return null;
  return withDevice(flags.link, desk, (device) => greet(device, manifest));
}

/** All of `mesogun flash`. Throws MesogunError. */
export async function flashBoard(flags: FlashFlags, json: boolean, desk: Desk): Promise<void> {
  const portText = flags.port ?? theBoard(await listPorts()).port;
  const talk = new Talk(await openConsole(portText), wallClock);
  const progress = new FlashProgress(desk, json);
  try {
    const flashed = await unlessInterrupted(desk, talk, async () => {
      const runtime = flags.runtime ?? (await detectRuntime(talk));
      const arming = armingText(runtime);
      if (arming !== null) desk.say(arming);
      return flash(boardAt(talk, runtime, flags), {
        imageFor: (identity) => imageFor(flags, identity),
        number: flags.number ?? null,
        dryRun: flags.dryRun === true,
        onStep: (step, says) => progress.step(step, says),
        onBytes: (step, done, total) => progress.bytes(step, done, total),
      });
    });
    const greeted = await meet(flashed, flags, portText, desk);
    progress.end({ port: portText, flashed, greeted, dryRun: flags.dryRun === true });
  } finally {
    progress.clear();
    await talk.close();
  }
}
