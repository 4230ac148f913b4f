// A gauge that is read by eye, or whose cable types into the terminal (USB-ITN): the reading is asked for. Not responsible for how
// the question is shown (the `Ask`).
import { GaugeError } from './gauge.ts';
import type { Gauge, GaugeIdentity } from './gauge.ts';
import { askNumber } from './typed-number.ts';
import type { Ask } from './typed-number.ts';

/** The needle's whole way, with room. Chosen: home lies 3 mm inside the ring, 12 mm is the most outside. */
export const GAUGE_LEAST_MM = -5;
export const GAUGE_MOST_MM = 15;

export interface TypedGaugeOptions {
  readonly ask: Ask;
  readonly identity: GaugeIdentity;
  readonly nowMs: () => number;
  readonly wait: (forMs: number) => Promise<void>;
}

export function typedGauge({ ask, identity, nowMs, wait }: TypedGaugeOptions): Gauge {
  return {
    identity,
    read: async () => {
      const range = { units: { mm: 1, µm: 0.001, um: 0.001 }, least: GAUGE_LEAST_MM, most: GAUGE_MOST_MM };
      const mm = await askNumber(ask, 'gauge reading, mm (point or comma; + is towards the patient)', range);
      if (mm === null)
        throw new GaugeError(
          'cancelled',
          'no reading was typed',
          'the question was left without an answer',
          'start again where you left off',
        );
      return { mm, atMs: nowMs() };
    },
    nowMs,
    wait,
    close: () => Promise.resolve(),
  };
}
