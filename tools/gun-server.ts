// Serves one end of a virtual gun's cable on a TCP port or a serial device: what a real gun's USB or UART is to a host.
// One host at a time. Not responsible for the gun behind the cable nor for virtual time (sim/cable.ts).
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { PICO_LINK_BAUD } from '../hal/boards/pico.ts';
import { EXIT_NO_DEVICE, MesogunError } from './errors.ts';

/** The gun's end of a line, as sim/cable.ts gives it. */
export interface LineEnd {
  write(text: string): void;
  onText(fn: (text: string) => void): void;
  onClose(fn: () => void): void;
  close(): Promise<void>;
}

export interface Serving {
  /** Where it listens: a TCP port number, or the path of the device. */
  readonly at: number | string;
  close(): Promise<void>;
}

/** Joins a byte stream of a host to a line end until either side goes. */
function join(stream: { write(text: string): unknown; end(): unknown }, line: LineEnd): (text: string) => void {
  line.onText((text) => {
    stream.write(text);
  });
  line.onClose(() => {
    stream.end();
  });
  return (text) => {
    line.write(text);
  };
}

/** 8-bit characters both ways: bytes must survive a corrupt line. */
const ENCODING = 'latin1';

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      reject(
        new MesogunError({
          exit: EXIT_NO_DEVICE,
          what: `cannot listen on TCP port ${port}: ${error.message}`,
          next: taken ? 'end the other program, or take another port (0 picks a free one)' : 'take a port above 1023',
        }),
      );
    });
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

/** Serves on a TCP port of this machine (0 = any free one). A second host is told that the line is in use and let go. */
export async function serveTcp(port: number, connect: () => LineEnd): Promise<Serving> {
  let host: { socket: Socket; line: LineEnd } | null = null;
  const server = createServer((socket) => {
    socket.setNoDelay(true);
    socket.setEncoding(ENCODING);
    socket.on('error', () => socket.destroy());
    if (host !== null) {
      // Read to its end, or it never closes, and the server with it.
      socket.resume();
      socket.end('% busy: another host holds the line\n');
      return;
    }
    const line = connect();
    host = { socket, line };
    const hear = join({ write: (text) => socket.write(text, ENCODING), end: () => socket.end() }, line);
    socket.on('data', (text) => {
      hear(String(text));
    });
    socket.on('close', () => {
      void line.close().finally(() => {
        host = null;
      });
    });
  });
  const at = await listen(server, port);
  return {
    at,
    close: async () => {
      const closed = new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
      host?.socket.destroy();
      await closed;
    },
  };
}

export interface LineServing extends Serving {
  readonly readerCount: number;
  send(line: string): void;
}

/** Sends a text a line to whoever connects; nothing is read. For the truth of a virtual gun, which never goes over the link. */
export async function serveLines(port: number): Promise<LineServing> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    socket.resume();
  });
  const at = await listen(server, port);
  return {
    at,
    get readerCount() {
      return sockets.size;
    },
    send: (line) => {
      for (const socket of sockets) socket.write(`${line}\n`);
    },
    close: async () => {
      for (const socket of sockets) socket.end();
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
    },
  };
}

/**
 * A serial line has no moment of connecting: an empty line, with which a host begins and which no gun line is, plugs a new
 * host in. What comes while the one before is being unplugged waits.
 */
class SerialHosts {
  private readonly connect: () => LineEnd;
  private readonly toHost: (text: string) => void;
  private line: LineEnd | null = null;
  private changing: Promise<void> = Promise.resolve();
  private atLineStart = true;

  constructor(connect: () => LineEnd, toHost: (text: string) => void) {
    this.connect = connect;
    this.toHost = toHost;
  }

  hear(text: string): void {
    let from = 0;
    while (this.atLineStart && text[from] === '\n') from += 1;
    if (from > 0 || this.line === null) this.changing = this.changing.then(() => this.plugIn());
    const rest = text.slice(from);
    if (rest === '') return;
    this.atLineStart = rest.endsWith('\n');
    void this.changing.then(() => this.line?.write(rest));
  }

  async unplug(): Promise<void> {
    await this.changing;
    await this.line?.close();
    this.line = null;
  }

  private async plugIn(): Promise<void> {
    await this.line?.close();
    const line = this.connect();
    line.onText((text) => this.toHost(text));
    this.line = line;
  }
}

/** Serves on a serial device, such as one end of a pseudo-terminal pair. */
export async function serveSerial(path: string, connect: () => LineEnd): Promise<Serving> {
  const { SerialPort } = await import('serialport');
  const port = new SerialPort({ path, baudRate: PICO_LINK_BAUD, autoOpen: false });
  await new Promise<void>((resolve, reject) => {
    port.open((error) => {
      if (error === null) resolve();
      else {
        const next = 'give the free end of a pair: socat -d pty,raw,echo=0,link=gun pty,raw,echo=0,link=host';
        reject(new MesogunError({ exit: EXIT_NO_DEVICE, what: `cannot open ${path}: ${error.message}`, next }));
      }
    });
  });
  const hosts = new SerialHosts(connect, (text) => void port.write(text, ENCODING));
  port.on('data', (bytes: Buffer) => hosts.hear(bytes.toString(ENCODING)));
  return {
    at: path,
    close: async () => {
      await hosts.unplug();
      if (port.isOpen) await new Promise<void>((resolve) => port.close(() => resolve()));
    },
  };
}
