// A Mitutoyo gauge on its USB virtual COM port: it sends when somebody presses DATA, and knows no commands. Codec and Gauge.
// Source: Mitutoyo QM-Height manual 99MAF600B, USB data output: `01A`, sign, eight characters with a point, CR; no unit.
import { GaugeError } from './gauge.ts';
import type { Gauge, GaugeIdentity, GaugeReading } from './gauge.ts';
import { LineCutter } from './line-cutter.ts';
import { passOn } from './wire.ts';
import type { InstrumentWire } from './wire.ts';

export interface MitutoyoFrame {
  readonly value: number;
  /** 2 or 3 mean millimetres, 4 or 5 inches: the frame does not say. */
  readonly decimals: number;
}

const FRAME = /^01A([+-])(\d{1,6}\.\d{1,6})$/;
const DIGITS = 8;
const MM_DECIMALS = 3;
/** Longest piece without an end that may still be a frame. */
const LINE_MOST = 40;
/** Time for a person to press DATA. Chosen. */
const PRESS_MS = 120_000;

/** A line without its CR; undefined when it is no frame. */
export function decodeMitutoyo(line: string): MitutoyoFrame | undefined {
  const parts = FRAME.exec(line);
  const [, sign = '', digits = ''] = parts ?? [];
  if (digits.length !== DIGITS) return undefined;
  return { value: Number(sign + digits), decimals: digits.length - digits.indexOf('.') - 1 };
}

export interface MitutoyoOptions {
  readonly model: string;
  readonly serial: string;
  /** Take four decimals for tenths of a micrometre, not for inches. */
  readonly fineMm: boolean;
  /** Tells the person to press DATA; absent: they know. */
  readonly prompt?: () => void;
}

export function openMitutoyo(wire: InstrumentWire, options: MitutoyoOptions): Gauge {
  const cutter = new LineCutter(LINE_MOST);
  let badLines = 0;
  let gone: GaugeError | null = null;
  let waiting: { resolve(reading: GaugeReading): void; reject(error: GaugeError): void } | null = null;
  let resolution = 10 ** -MM_DECIMALS;
  const fail = (error: GaugeError): void => {
    waiting?.reject(error);
    waiting = null;
  };
  wire.onText((text) => {
    for (const line of cutter.take(text)) {
      const frame = decodeMitutoyo(line);
      if (frame === undefined) badLines += 1;
      else if (frame.decimals > MM_DECIMALS && !options.fineMm) {
        fail(
          new GaugeError(
            'unit',
            'the gauge reads in inches',
            `it sent ${line}: more than three decimals`,
            'set it to mm (or say ?unit=mm if it shows 0.0001 mm)',
          ),
        );
      } else {
        resolution = 10 ** -frame.decimals;
        waiting?.resolve({ mm: frame.value, atMs: wire.nowMs() });
        waiting = null;
      }
    }
  });
  wire.onClose(() => {
    gone = new GaugeError(
      'unplugged',
      `the gauge at ${wire.name} is gone`,
      'its cable came out',
      'plug it in, zero it on the ring again, and repeat this reading',
    );
    fail(gone);
  });
  return {
    get identity(): GaugeIdentity {
      return { maker: 'Mitutoyo', model: options.model, serial: options.serial, resolutionMm: resolution };
    },
    read: () =>
      new Promise<GaugeReading>((resolve, reject) => {
        if (gone) {
          reject(gone);
          return;
        }
        cutter.clear();
        badLines = 0;
        const stop = wire.after(PRESS_MS, () => {
          const why = badLines > 0 ? `${badLines} line(s) came that are no reading` : 'nobody pressed DATA, or its cable sends nothing';
          fail(
            new GaugeError(
              badLines > 0 ? 'garbled' : 'silent',
              `no reading from the gauge at ${wire.name}`,
              why,
              'press DATA on the gauge; check the cable',
            ),
          );
        });
        waiting = {
          resolve: (reading) => {
            stop();
            resolve(reading);
          },
          reject: (error) => {
            stop();
            reject(error);
          },
        };
        options.prompt?.();
      }),
    nowMs: () => wire.nowMs(),
    wait: (forMs) => passOn(wire, forMs),
    close: async () => {
      fail(new GaugeError('cancelled', 'the gauge was closed', 'it was asked for', 'open it again'));
      await wire.close();
    },
  };
}
