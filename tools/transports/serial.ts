// The link over a serial port or a pseudo-terminal. Not responsible for lines. The only place that loads serialport, and only
// when a serial port is asked for. Runs at the desk.
import type { SerialPort } from 'serialport';
import { PICO_LINK_BAUD } from '../../hal/boards/pico.ts';
import { EXIT_NO_DEVICE, MesogunError } from '../errors.ts';
import type { Transport } from './transport.ts';

/** Ports that look most like the one asked for, best first: the longest common beginning, then the shorter name. */
export function nearestPorts(path: string, ports: readonly string[], most = 3): string[] {
  const common = (port: string): number => {
    let length = 0;
    while (length < path.length && path[length] === port[length]) length += 1;
    return length;
  };
  return [...ports].sort((a, b) => common(b) - common(a) || a.length - b.length || (a < b ? -1 : 1)).slice(0, most);
}

/** What the system's message about a port means for a person, and what to do. */
export function serialTrouble(path: string, message: string, ports: readonly string[]): MesogunError {
  const near = nearestPorts(path, ports);
  const there = near.length > 0 ? `ports here: ${near.join(', ')}` : 'no serial port is here; is the gun plugged in?';
  const trouble = (why: string, next: string): MesogunError =>
    new MesogunError({ exit: EXIT_NO_DEVICE, what: `cannot open serial:${path}`, why, next });
  if (/no such file|ENOENT|not found/i.test(message)) return trouble('there is no such port', there);
  if (/cannot lock|EBUSY|busy|temporarily unavailable/i.test(message)) {
    return trouble('another program holds the port', 'close the other program (terminal, flasher, a second mesogun) and try again');
  }
  if (/permission denied|EACCES|access denied/i.test(message)) {
    return trouble('this user may not open it', 'on Linux: `sudo usermod -aG dialout $USER`, then log in again');
  }
  return trouble(message, there);
}

const open = (port: SerialPort): Promise<Error | null> => new Promise((resolve) => port.open((error) => resolve(error)));

/**
 * Modem lines and buffers as far as the port has them: a pseudo-terminal has no modem lines and keeps unread bytes. The line
 * feed ends what the one before us may have left half said.
 */
async function settle(port: SerialPort, begin: string): Promise<void> {
  await new Promise<void>((resolve) => port.set({ dtr: true, rts: true }, () => resolve()));
  await new Promise<void>((resolve) => port.flush(() => resolve()));
  if (begin !== '') port.write(begin);
}

/** Opens, flushes; rejects with a MesogunError that says what to do. `begin` is sent first: '' for a console, which might do it. */
export async function openSerial(path: string, begin = '\n'): Promise<Transport> {
  const { SerialPort: Port } = await import('serialport');
  const port = new Port({ path, baudRate: PICO_LINK_BAUD, autoOpen: false });
  port.setEncoding('latin1');
  const error = await open(port);
  if (error !== null)
    throw serialTrouble(
      path,
      error.message,
      (await Port.list().catch(() => [])).map((info) => info.path),
    );
  // A port that breaks shows as close.
  port.on('error', () => undefined);
  await settle(port, begin);
  return {
    write: (text) => {
      if (port.isOpen) port.write(text, 'latin1');
    },
    onText: (listener) => void port.on('data', (text: unknown) => listener(String(text))),
    onClose: (listener) => void port.once('close', () => listener()),
    close: () =>
      new Promise<void>((resolve) => {
        if (!port.isOpen) resolve();
        else port.drain(() => port.close(() => resolve()));
      }),
  };
}
