// What `--port` may say, and opening it: `sim:`, `tcp://host:port`, `serial:PATH`. Not responsible for lines. Runs at the desk.
import { EXIT_USAGE, MesogunError } from '../errors.ts';
import { openSerial } from './serial.ts';
import { openTcp } from './tcp.ts';
import type { Transport } from './transport.ts';

export type Port =
  | { readonly kind: 'sim' }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'serial'; readonly path: string };

const wrong = (text: string, why: string): MesogunError =>
  new MesogunError({
    exit: EXIT_USAGE,
    what: `--port ${text}: ${why}`,
    next: 'write sim:, tcp://127.0.0.1:7001 or serial:/dev/ttyACM0',
  });

/** Reads a port; throws a MesogunError of exit 2 that shows the three forms. IPv6 addresses stand in brackets. */
export function parsePort(text: string): Port {
  if (text === 'sim:') return { kind: 'sim' };
  if (text.startsWith('serial:')) {
    const path = text.slice('serial:'.length);
    if (path === '') throw wrong(text, 'no path');
    return { kind: 'serial', path };
  }
  const tcp = /^tcp:\/\/(?:\[([0-9a-fA-F:.]+)\]|([^:/[\]]+)):(\d{1,5})$/.exec(text);
  if (tcp !== null) {
    const port = Number(tcp[3]);
    if (port < 1 || port > 65535) throw wrong(text, `${port} is no port number`);
    return { kind: 'tcp', host: tcp[1] ?? tcp[2] ?? '', port };
  }
  throw wrong(text, text.startsWith('tcp:') ? 'host and port are not readable' : 'not a port that I know');
}

/** Opens a port. `openSim` makes the in-process gun, so that this file does not load the simulator. */
export async function openPort(port: Port, openSim: () => Transport | Promise<Transport>): Promise<Transport> {
  if (port.kind === 'sim') return openSim();
  return port.kind === 'tcp' ? openTcp(port.host, port.port) : openSerial(port.path);
}
