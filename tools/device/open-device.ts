// A gun at the end of a port, said hello to and past its self-test, for commands that ask it something. A simulated one gets the default
// world. Not responsible for sessions (open-gun.ts). Runs at the desk.
import { BOOT, SELF_TEST } from '../../firmware/core/states.ts';
import type { Pixels } from '../../sim/screen-reader.ts';
import type { Desk } from '../desk.ts';
import { EXIT_DEVICE, EXIT_NO_DEVICE, MesogunError } from '../errors.ts';
import { readStatus } from '../link-calls.ts';
import { Link } from '../link.ts';
import type { Hello } from '../link-schemas.ts';
import { openPort, parsePort } from '../transports/port.ts';

export interface Device {
  readonly link: Link;
  readonly hello: Hello;
  /** Status words by name, read when the self-test was over. */
  readonly status: Readonly<Record<string, number>>;
  /** As `--port` takes it. */
  readonly port: string;
}

const screens = new WeakMap<Link, Pixels>();
/** What the screen of the virtual gun of this process really shows; undefined for any other. */
export const screenOf = (link: Link): Pixels | undefined => screens.get(link);

/** Wall time without any line after which a gun on a wire counts as dead. Chosen: four heartbeats. */
const SILENT_FOR_MS = 2000;
/** Questions for the status, one a heartbeat, until the self-test is over. Chosen: it may take 10 s, and boot as long. */
const STATUS_MOST = 50;

/** The status once the self-test is over; a gun that stays in it is exit 5. */
async function settled(link: Link): Promise<Record<string, number>> {
  const beats = { wake: (): void => undefined };
  link.onEvent((event) => {
    if (event.ev === 'hb') beats.wake();
  });
  for (let asked = 0; asked < STATUS_MOST; asked += 1) {
    const status = await readStatus(link);
    if (status['state'] !== BOOT && status['state'] !== SELF_TEST) return status;
    await new Promise<void>((resolve, reject) => {
      beats.wake = resolve;
      link.onClose(reject);
    });
  }
  throw new MesogunError({
    exit: EXIT_DEVICE,
    what: 'the gun does not end its self-test',
    next: 'switch it off and on; read `mesogun device log`',
  });
}

async function openLink(portText: string, technician: boolean): Promise<Link> {
  const port = parsePort(portText);
  if (port.kind !== 'sim') {
    const noSim = (): never => {
      throw new Error('the virtual gun is opened by itself');
    };
    return new Link(await openPort(port, noSim), { silentForMs: SILENT_FOR_MS });
  }
  const { VirtualLine } = await import('../virtual-line.ts');
  // In process the line greets in the next microtask: nothing may be awaited before the link listens.
  const virtual = new VirtualLine({ world: { seed: 1, technician }, trace: false });
  const link = new Link(virtual.connect());
  screens.set(link, (x, y) => virtual.device?.world.screen.pixel(x, y) ?? 0);
  return link;
}

/** Says hello on an open link and waits for the end of the self-test. */
export async function meetDevice(link: Link, port: string): Promise<Device> {
  const hello = await link.connect();
  return { link, hello, status: await settled(link), port };
}

/** Opens, asks, closes, whatever happens. `technician`: the virtual gun has its service switch held. `port` undefined: MESOGUN_PORT, else the virtual gun. Throws MesogunError 2, 4 or 5. */
export async function withDevice<T>(
  port: string | undefined,
  desk: Desk,
  ask: (device: Device) => Promise<T>,
  technician = false,
): Promise<T> {
  const portText = port ?? desk.env['MESOGUN_PORT'] ?? 'sim:';
  const link = await openLink(portText, technician);
  try {
    return await ask(await meetDevice(link, portText));
  } catch (error) {
    if (!(error instanceof MesogunError) || error.exit !== EXIT_NO_DEVICE || !portText.startsWith('serial:')) throw error;
    const next = 'Kaluma: is this the adapter on GP0 and GP1 (USB is its console)? Espruino: is the service jumper on GP22 off?';
    throw new MesogunError({ exit: error.exit, what: error.message, ...(error.why === undefined ? {} : { why: error.why }), next });
  } finally {
    await link.close();
  }
}
