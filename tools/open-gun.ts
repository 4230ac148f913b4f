// Opens what `--port` names: the virtual gun in this process, or a gun at the end of a wire. A gun that introduces itself
// as simulated is told its world, once, before it is switched on. Not responsible for the session (guide.ts).
import { types } from 'node:util';
import type { Truth } from '../sim/truth.ts';
import type { WorldRequest } from '../sim/setup.ts';
import { parseFault } from '../sim/faults.ts';
import { readProgram } from '../protocols/read-program.ts';
import type { Desk } from './desk.ts';
import { EXIT_DEVICE, EXIT_USAGE, MesogunError } from './errors.ts';
import { loadImage } from './image-firmware.ts';
import type { VirtualInstruments } from './instruments/virtual-instruments.ts';
import { Link } from './link.ts';
import type { Ready } from './source.ts';
import { withPlant } from './plant.ts';
import { openPort, parsePort } from './transports/port.ts';
import { VirtualLine } from './virtual-line.ts';
import { worldFor } from './world.ts';

export interface OpenGun {
  readonly link: Link;
  /** Newest journal entry before the session; −1 for none. */
  readonly lastSeq: number;
  /** Of the simulated world; null for a real gun. */
  readonly seed: number | null;
  /** What it hangs on, as `--port` takes it, and what it said of its firmware; null when it did not. */
  readonly port: string;
  readonly firmwareVersion: number | null;
  /** What really happened; null where this process cannot know. */
  truth(): Truth | null;
  /** Balance and gauge beside a gun that is simulated in this process; null for any other. */
  readonly instruments: VirtualInstruments | null;
  /** Virtual time stands still until the answer is called; nothing for a gun in real time. */
  hold(): () => void;
  close(): Promise<void>;
}

export interface OpenOptions {
  readonly port?: string;
  readonly seed?: number;
  readonly fault: readonly string[];
  /** Path of a built image to run on the virtual gun instead of the sources. */
  readonly image?: string;
  /** `key=value` pairs on top of the virtual world (plant.ts). */
  readonly plant?: readonly string[];
  /** The virtual operator runs the session at the panel. */
  readonly panel?: boolean;
  /** `off`: the gun of this process adds nothing to a dose (plant.ts). */
  readonly compensation?: 'on' | 'off';
  /** Keep the continuous trace of the plant for the report. */
  readonly trace: boolean;
}

const DEFAULT_SEED = 1;
/** Wall time without any line after which a gun on a wire counts as dead. Chosen: four heartbeats. */
const SILENT_FOR_MS = 2000;

/** Throws MesogunError (usage) for a fault that is not one. */
export function checkFaults(faults: readonly string[]): void {
  for (const text of faults) {
    try {
      parseFault(text);
    } catch (error) {
      throw new MesogunError({ exit: EXIT_USAGE, what: `--fault ${text}`, why: error instanceof Error ? error.message : String(error) });
    }
  }
}

const noSim = (): never => {
  throw new Error('the virtual gun is opened by itself');
};

/** The seed in a simulated gun's greeting. */
function seedIn(greeting: unknown): number {
  const value: unknown = typeof greeting === 'string' ? JSON.parse(greeting) : greeting;
  const seed = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)['seed'] : undefined;
  return typeof seed === 'number' ? seed : DEFAULT_SEED;
}

/** A gun on a wire: told its world if it is simulated. Seeds and faults are for simulated guns only. */
async function meet(link: Link, world: WorldRequest, options: OpenOptions, simulated: boolean): Promise<number | null> {
  try {
    await link.connect(world);
    return world.seed ?? seedIn(link.greeting);
  } catch (error) {
    const asked = simulated || options.seed !== undefined || options.fault.length > 0 || (options.plant ?? []).length > 0;
    if (link.greeting !== undefined || asked) throw error;
    await link.connect();
    return null;
  }
}

/** Opens and says hello. Throws MesogunError: 2 for a port or fault that cannot be read, 4 when nobody answers. */
export async function openGun(ready: Ready, options: OpenOptions, desk: Desk): Promise<OpenGun> {
  checkFaults(options.fault);
  const portText = options.port ?? desk.env['MESOGUN_PORT'] ?? 'sim:';
  const port = parsePort(portText);
  const seed = options.seed ?? (port.kind === 'sim' ? DEFAULT_SEED : undefined);
  const { seed: _default, ...rest } = withPlant(worldFor(ready, DEFAULT_SEED, options.fault), options.plant ?? []);
  const atPanel = options.panel === true ? { operator: { programme: readProgram(ready.plan.program).name } } : {};
  const world: WorldRequest = { ...rest, ...atPanel, ...(seed === undefined ? {} : { seed }) };
  if (options.image !== undefined && port.kind !== 'sim')
    throw new MesogunError({ exit: EXIT_USAGE, what: `--image runs in this process only, not at ${portText}`, next: 'leave --port out' });
  if (options.compensation === 'off' && (port.kind !== 'sim' || options.image !== undefined))
    throw new MesogunError({
      exit: EXIT_USAGE,
      what: `--compensation off is for the simulated gun, not for ${options.image === undefined ? portText : 'an image'}`,
      why: 'it overwrites two words in the memory of the gun in this process; no real gun takes a dose without compensation',
      next: 'leave --port and --image out',
    });
  const uncompensated = options.compensation === 'off';
  const image = options.image === undefined ? {} : { image: loadImage(options.image) };
  const virtual =
    port.kind === 'sim' ? new VirtualLine({ world: { seed: DEFAULT_SEED }, trace: options.trace, uncompensated, ...image }) : null;
  // In process the line greets in the next microtask: nothing may be awaited before the link listens.
  const link = virtual === null ? new Link(await openPort(port, noSim), { silentForMs: SILENT_FOR_MS }) : new Link(virtual.connect());
  try {
    const metSeed = await meet(link, world, options, virtual !== null);
    return {
      link,
      lastSeq: link.hello?.journal ?? -1,
      seed: metSeed,
      port: portText,
      firmwareVersion: link.hello?.firmware ?? null,
      truth: () => virtual?.truth ?? null,
      instruments: virtual?.instruments ?? null,
      hold: () => virtual?.hold() ?? (() => undefined),
      close: () => link.close(),
    };
  } catch (error) {
    await link.close();
    if (options.image === undefined || virtual === null || virtual.crash === null) throw error;
    throw new MesogunError({
      exit: EXIT_DEVICE,
      what: 'the image stopped at its start',
      why: types.isNativeError(virtual.crash) ? `${virtual.crash.name}: ${virtual.crash.message}` : 'it threw what is no error',
      next: 'is it of this runtime, as its manifest says? mesogun build makes both',
    });
  }
}
