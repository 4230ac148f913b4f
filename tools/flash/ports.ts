// The serial ports of this machine and what hangs on them, by USB numbers and names; nothing is opened. Runs at the desk.
// Source: usb.org vendor list; Raspberry Pi usb-pid list; Espruino 2v29, targets/rp2xxx/usb_descriptors.c; Pico SDK, stdio_usb.
import { EXIT_NO_DEVICE, EXIT_USAGE, MesogunError } from '../errors.ts';

/** What the system says of a port; as serialport lists it. */
export interface ListedPort {
  readonly path: string;
  readonly vendorId?: string | undefined;
  readonly productId?: string | undefined;
  readonly manufacturer?: string | undefined;
  readonly serialNumber?: string | undefined;
  readonly pnpId?: string | undefined;
}

/** `board`: a console of Kaluma or Espruino may be there. `adapter`: a UART, such as the link of a gun on Kaluma. */
export type PortKind = 'board' | 'adapter' | 'other';

export interface FoundPort {
  /** As `--port` takes it. */
  readonly port: string;
  readonly kind: PortKind;
  readonly usb: string | null;
  readonly serial: string | null;
  readonly says: string;
}

const KNOWN: Readonly<Record<string, { kind: PortKind; says: string }>> = {
  '2e8a:000a': { kind: 'board', says: 'Pico: Kaluma, or Espruino' },
  '2e8a:0009': { kind: 'board', says: 'Pico 2: Kaluma' },
  '2e8a:0005': { kind: 'other', says: 'Pico with MicroPython: put Kaluma or Espruino on it, see firmware/README.md' },
  '2e8a:0003': { kind: 'other', says: 'Pico in BOOTSEL mode: copy the UF2 of a runtime onto its drive' },
  '2e8a:000f': { kind: 'other', says: 'Pico 2 in BOOTSEL mode: copy the UF2 of a runtime onto its drive' },
  '2e8a:000c': { kind: 'adapter', says: 'Raspberry Pi Debug Probe: its UART can be the link' },
  '0483:5740': { kind: 'other', says: 'STM32: an Espruino board that is not ours' },
  '0403:6001': { kind: 'adapter', says: 'USB serial adapter (FT232R): can be the link' },
  '0403:6015': { kind: 'adapter', says: 'USB serial adapter (FT231X): can be the link' },
  '10c4:ea60': { kind: 'adapter', says: 'USB serial adapter (CP210x): can be the link' },
  '1a86:7523': { kind: 'adapter', says: 'USB serial adapter (CH340): can be the link' },
  '067b:2303': { kind: 'adapter', says: 'USB serial adapter (PL2303): can be the link' },
};

/** Boards first, then adapters, then the rest; built-in ports without a USB number last. */
export function describePorts(listed: readonly ListedPort[]): FoundPort[] {
  const order: readonly PortKind[] = ['board', 'adapter', 'other'];
  const found = listed.map((each): FoundPort => {
    const usb = each.vendorId === undefined || each.productId === undefined ? null : `${each.vendorId}:${each.productId}`.toLowerCase();
    const known = usb === null ? undefined : KNOWN[usb];
    const says = known?.says ?? (usb === null ? 'a port of this machine' : (each.manufacturer ?? 'not known here'));
    return { port: `serial:${each.path}`, kind: known?.kind ?? 'other', usb, serial: each.serialNumber ?? null, says };
  });
  const weight = (each: FoundPort): number => 2 * order.indexOf(each.kind) + (each.usb === null ? 1 : 0);
  return found.sort((a, b) => weight(a) - weight(b) || (a.port < b.port ? -1 : 1));
}

export async function listPorts(): Promise<FoundPort[]> {
  const { SerialPort } = await import('serialport');
  return describePorts(await SerialPort.list());
}

/** The one board to flash. Throws: 4 when there is none, 2 when there are several: which one is never guessed. */
export function theBoard(found: readonly FoundPort[]): FoundPort {
  const boards = found.filter((each) => each.kind === 'board');
  const [first, ...others] = boards;
  if (first === undefined)
    throw new MesogunError({
      exit: EXIT_NO_DEVICE,
      what: 'no board is plugged in that could be flashed',
      why:
        found.length === 0
          ? 'this machine has no serial port'
          : `ports here: ${found.map((each) => `${each.port} (${each.says})`).join('; ')}`,
      next: 'plug the Pico in with a data cable; `mesogun ports` shows it; `mesogun doctor` looks for what is missing',
    });
  if (others.length === 0) return first;
  throw new MesogunError({
    exit: EXIT_USAGE,
    what: `${boards.length} boards are plugged in, and it is not mine to guess`,
    why: boards.map((each) => `${each.port}${each.serial === null ? '' : ` (serial number ${each.serial})`}`).join(', '),
    next: `name one: --port ${first.port}`,
  });
}
