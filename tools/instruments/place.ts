// Where an instrument is opened: beside which virtual gun, who types, whose clock. Not responsible for instruments.
import { EXIT_NO_DEVICE, MesogunError } from '../errors.ts';
import { openTcp } from '../transports/tcp.ts';
import { wrongSpec } from './instrument-spec.ts';
import type { InstrumentSpec } from './instrument-spec.ts';
import type { Ask } from './typed-number.ts';
import type { VirtualInstruments } from './virtual-instruments.ts';
import { realWire } from './wire.ts';
import type { InstrumentWire } from './wire.ts';

/** The clock by which typed readings are dated. */
export type PlaceClock = Pick<InstrumentWire, 'nowMs' | 'after'>;

export interface InstrumentPlace {
  /** Instruments beside the virtual gun of this process; null where the gun is real or elsewhere. */
  readonly virtual: VirtualInstruments | null;
  /** A person at the terminal; absent where nobody is. */
  readonly ask?: Ask;
  /** Tells the person to press the key of an instrument. */
  readonly prompt?: () => void;
  readonly clock: PlaceClock;
}

export const WALL_CLOCK: PlaceClock = {
  nowMs: () => performance.now(),
  after: (forMs, callback) => {
    const timer = setTimeout(callback, forMs);
    return () => {
      clearTimeout(timer);
    };
  },
};

export const noVirtual = (spec: InstrumentSpec): MesogunError =>
  wrongSpec(
    spec.option,
    spec.text,
    'a simulated instrument stands beside a simulated gun of the same process',
    'use --port sim:, or give the port on which sim-device serves it: tcp://127.0.0.1:7002',
  );

/** The wire to an instrument behind a socket. Rejects with MesogunError of exit 4. */
export async function tcpWire(host: string, port: number, what: 'balance' | 'gauge'): Promise<InstrumentWire> {
  const name = `tcp://${host}:${port}`;
  try {
    return realWire(name, await openTcp(host, port));
  } catch (error) {
    if (!(error instanceof MesogunError)) throw error;
    throw new MesogunError({
      exit: EXIT_NO_DEVICE,
      what: `no ${what} at ${name}`,
      ...(error.why === undefined ? {} : { why: error.why }),
      next: `serve one with \`mesogun sim-device --tcp 7001 --${what}-port ${port}\`, or check host and port`,
    });
  }
}
