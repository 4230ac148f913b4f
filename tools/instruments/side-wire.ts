// The host's end of an instrument that stands beside the virtual gun, as a driver takes it. Not responsible for the instrument.
import type { SideLine } from '../../sim/side-line.ts';
import type { InstrumentWire } from './wire.ts';

/** `nowUs`: the virtual clock. After `close` nothing is heard any more. */
export function sideWire(name: string, line: SideLine, nowUs: () => number): InstrumentWire {
  return {
    name,
    write: (text) => {
      line.write(text);
    },
    onText: (listener) => {
      line.onText = listener;
    },
    onClose: (listener) => {
      line.onClose = listener;
    },
    close: () => {
      line.onText = line.onClose = null;
      line.open = false;
      return Promise.resolve();
    },
    nowMs: () => nowUs() / 1000,
    after: (forMs, callback) => line.after(forMs, callback),
  };
}
