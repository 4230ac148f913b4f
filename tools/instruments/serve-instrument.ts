// Serves an instrument beside a virtual gun to another process: on a TCP port or a serial device. Not responsible for the instrument.
import { EXIT_NO_DEVICE, EXIT_USAGE, MesogunError } from '../errors.ts';
import { serveTcp } from '../gun-server.ts';
import type { LineEnd, Serving } from '../gun-server.ts';
import { BALANCE_SETTINGS } from './serial-settings.ts';

/** Wall time for hosts elsewhere to react to an instrument before virtual time goes on. Chosen: ten times a local socket's turn. */
const TURN_MS = 20;

/** The turn of hosts elsewhere: over as soon as one of them says something, or after 20 ms. */
export class HostTurn {
  private wake: (() => void) | null = null;

  pass(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.wake?.(), TURN_MS);
      this.wake = () => {
        clearTimeout(timer);
        this.wake = null;
        resolve();
      };
    });
  }

  /** The same line; what its host says ends a turn. */
  heard(line: LineEnd): LineEnd {
    return {
      write: (text) => {
        line.write(text);
        this.wake?.();
      },
      onText: (fn) => {
        line.onText(fn);
      },
      onClose: (fn) => {
        line.onClose(fn);
      },
      close: () => line.close(),
    };
  }
}

async function serveOnSerial(path: string, connect: () => LineEnd): Promise<Serving> {
  const { SerialPort } = await import('serialport');
  const [usual] = BALANCE_SETTINGS;
  const port = new SerialPort({ path, baudRate: usual?.baudRate ?? 9600, autoOpen: false });
  await new Promise<void>((resolve, reject) => {
    port.open((error) => {
      if (error === null) resolve();
      else {
        const next = 'give the free end of a pair: socat -d pty,raw,echo=0,link=here pty,raw,echo=0,link=there';
        reject(new MesogunError({ exit: EXIT_NO_DEVICE, what: `cannot open ${path}: ${error.message}`, next }));
      }
    });
  });
  const line = connect();
  line.onText((text) => void port.write(text, 'latin1'));
  const shut = (): Promise<void> =>
    new Promise((resolve) => {
      if (port.isOpen) port.close(() => resolve());
      else resolve();
    });
  line.onClose(() => void shut());
  port.on('data', (bytes: Buffer) => line.write(bytes.toString('latin1')));
  return {
    at: path,
    close: async () => {
      await line.close();
      await shut();
    },
  };
}

/** `where`: a port number (0: any free one) or the path of a serial device. Throws MesogunError 2 or 4. */
export function serveInstrument(where: string, connect: () => LineEnd): Promise<Serving> {
  if (!/^\d+$/.test(where)) return serveOnSerial(where, connect);
  const port = Number(where);
  if (port <= 65_535) return serveTcp(port, connect);
  throw new MesogunError({
    exit: EXIT_USAGE,
    what: `${where} is no port number`,
    next: 'a port from 0 to 65535, or the path of a serial device',
  });
}
