// What an instrument's driver needs of its wire: text both ways, to know when it is gone, and the time that holds there. Behind a
// simulated instrument that is virtual time, so that time-outs and pauses mean the same. Not responsible for what is said.
import type { Transport } from '../transports/transport.ts';

export interface InstrumentWire extends Transport {
  /** Where it goes, as a person would write it. */
  readonly name: string;
  /** Milliseconds on this wire's clock, from any beginning. */
  nowMs(): number;
  /** Calls back once after so many milliseconds; the answer takes it back. */
  after(forMs: number, callback: () => void): () => void;
}

/** Milliseconds that pass on the wire's clock: never the wall's where the instrument is simulated. */
export const passOn = (wire: Pick<InstrumentWire, 'after'>, forMs: number): Promise<void> =>
  new Promise((resolve) => {
    wire.after(forMs, resolve);
  });

/** The wire of a real instrument, on the wall clock. */
export function realWire(name: string, transport: Transport): InstrumentWire {
  return {
    ...transport,
    name,
    nowMs: () => performance.now(),
    after: (forMs, callback) => {
      const timer = setTimeout(callback, forMs);
      return () => {
        clearTimeout(timer);
      };
    },
  };
}
