// Opens a gun for a technician: the virtual one in this process with its instruments beside it, or one at the end of a wire. A
// simulated gun is told its world, once: service switch closed, the named syringe and needle in it, wide tolerances if asked for.
// Not responsible for what is calibrated (calibration/). Runs at the desk.
import type { Needle, Syringe } from '../protocols/schema.ts';
import type { VirtualGun } from '../sim/board.ts';
import type { WorldRequest } from '../sim/setup.ts';
import { LinkBenchGun } from './calibration/link-bench-gun.ts';
import type { Desk } from './desk.ts';
import { EXIT_NO_DEVICE, EXIT_USAGE, MesogunError } from './errors.ts';
import type { VirtualInstruments } from './instruments/virtual-instruments.ts';
import { Link } from './link.ts';
import type { Hello } from './link-schemas.ts';
import { checkFaults } from './open-gun.ts';
import { keyFor } from './service-key.ts';
import { openPort, parsePort } from './transports/port.ts';
import { VirtualLine } from './virtual-line.ts';

export interface BenchRequest {
  /** As `--port` takes it; MESOGUN_PORT, else `sim:`. */
  readonly port?: string;
  readonly seed?: number;
  /** Number of a gun with hidden tolerances; absent: the usual one. Simulated guns only. */
  readonly gun?: number;
  readonly fault?: readonly string[];
  readonly syringe: Syringe;
  readonly needle: Needle;
}

export interface OpenBench {
  readonly gun: LinkBenchGun;
  /** Of the simulated world; null for a real gun. */
  readonly seed: number | null;
  readonly port: string;
  /** Balance and gauge beside a gun that is simulated in this process; null for any other. */
  readonly instruments: VirtualInstruments | null;
  /** Virtual time stands still until the answer is called. */
  hold(): () => void;
  /** The virtual gun itself, for judging in its truth what a calibration was worth; null for any other. */
  virtual(): VirtualGun | null;
  close(): Promise<void>;
}

const DEFAULT_SEED = 1;
/** Wall time without any line after which a gun on a wire counts as dead. Chosen: four heartbeats. */
const SILENT_FOR_MS = 2000;

/** The world of a technician's virtual gun: nothing calibrated, this syringe and needle in it, water. */
export function benchWorld({ seed, gun, fault, syringe, needle }: BenchRequest): WorldRequest {
  return {
    ...(seed === undefined ? {} : { seed }),
    ...(gun === undefined ? {} : { gun }),
    technician: true,
    calibrated: false,
    syringe: {
      capacityUl: syringe.capacityUl,
      fillUl: syringe.capacityUl,
      boreMm: syringe.boreMm,
      complianceUlPerKpa: syringe.complianceUlPerKpa,
      rodNPerMm: syringe.rodNPerMm,
      glideN: syringe.glideN,
      breakLooseN: syringe.breakLooseN,
    },
    needle: { lengthMm: needle.lengthMm, outerMm: needle.outerMm, innerMm: needle.innerMm },
    faults: [...(fault ?? [])],
  };
}

/** Opens and says hello; SERVICE is entered by the procedures. Throws MesogunError: 2 usage, 3 no key, 4 nobody there. */
export async function openBench(request: BenchRequest, desk: Desk): Promise<OpenBench> {
  checkFaults(request.fault ?? []);
  const portText = request.port ?? desk.env['MESOGUN_PORT'] ?? 'sim:';
  const port = parsePort(portText);
  const asked = request.seed !== undefined || request.gun !== undefined || (request.fault ?? []).length > 0;
  if (port.kind === 'serial' && asked)
    throw new MesogunError({
      exit: EXIT_USAGE,
      what: 'seed, gun number and faults are for simulated guns',
      next: `leave them out with ${portText}`,
    });
  const virtual = port.kind === 'sim' ? new VirtualLine({ world: { seed: DEFAULT_SEED }, trace: false }) : null;
  const noSim = (): never => {
    throw new Error('the virtual gun is opened by itself');
  };
  // In process the line greets in the next microtask: nothing may be awaited before the link listens.
  const link = virtual === null ? new Link(await openPort(port, noSim), { silentForMs: SILENT_FOR_MS }) : new Link(virtual.connect());
  const world = benchWorld({ ...request, seed: request.seed ?? DEFAULT_SEED });
  try {
    const hello = await meet(link, world, port.kind === 'serial');
    const simulated = link.greeting !== undefined;
    const gun = new LinkBenchGun({ link, hello, key: keyFor(desk, String(hello.device), simulated), simulated });
    return {
      gun,
      seed: simulated ? (world.seed ?? DEFAULT_SEED) : null,
      port: portText,
      instruments: virtual?.instruments ?? null,
      hold: () => virtual?.hold() ?? (() => undefined),
      virtual: () => virtual?.device ?? null,
      close: () => link.close(),
    };
  } catch (error) {
    await link.close();
    throw error;
  }
}

/** Over TCP the gun may be real or simulated: one that does not introduce itself is taken for real. */
async function meet(link: Link, world: WorldRequest, real: boolean): Promise<Hello> {
  if (real) return link.connect();
  try {
    return await link.connect(world);
  } catch (error) {
    if (link.greeting !== undefined || !(error instanceof MesogunError) || error.exit !== EXIT_NO_DEVICE) throw error;
    return link.connect();
  }
}
