// The link over TCP: a simulated gun in another process, or a serial server. Not responsible for lines. Runs at the desk.
import { connect } from 'node:net';
import { EXIT_NO_DEVICE, MesogunError } from '../errors.ts';
import type { Transport } from './transport.ts';

const WHY: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'the host name is unknown',
  ETIMEDOUT: 'the host does not answer',
  EHOSTUNREACH: 'the host cannot be reached',
};

function troubleConnecting(host: string, port: number, error: NodeJS.ErrnoException): MesogunError {
  return new MesogunError({
    exit: EXIT_NO_DEVICE,
    what: `no gun at tcp://${host}:${port}`,
    why: WHY[error.code ?? ''] ?? error.message,
    next: `start one with \`mesogun sim-device --tcp ${port}\`, or check host and port`,
  });
}

/** Connects; rejects with a MesogunError that says what to do. */
export function openTcp(host: string, port: number): Promise<Transport> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    const onFirstError = (error: NodeJS.ErrnoException): void => reject(troubleConnecting(host, port, error));
    socket.setEncoding('latin1');
    socket.setNoDelay(true);
    socket.once('error', onFirstError);
    socket.once('connect', () => {
      socket.off('error', onFirstError);
      // A broken connection shows as close.
      socket.on('error', () => undefined);
      resolve({
        write: (text) => {
          if (socket.writable) socket.write(text, 'latin1');
        },
        onText: (listener) => void socket.on('data', (text) => listener(String(text))),
        onClose: (listener) => void socket.once('close', listener),
        close: () =>
          new Promise<void>((done) => {
            if (socket.closed) done();
            else {
              socket.once('close', () => done());
              socket.destroySoon();
            }
          }),
      });
    });
  });
}
