// What `--balance` and `--gauge` may say: `sim:MODEL`, `serial:PATH[,BAUD,8N1]`, `tcp://HOST:PORT`, `typed`, each with `?key=value&…`.
// Not responsible for opening it (open-balance.ts, open-gauge.ts).
import { EXIT_USAGE, MesogunError } from '../errors.ts';
import { parsePort } from '../transports/port.ts';
import { readSerialSettings } from './serial-settings.ts';
import type { SerialSettings } from './serial-settings.ts';

export type InstrumentWay =
  | { readonly kind: 'sim'; readonly model: string }
  | { readonly kind: 'typed' }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  /** Without settings the usual ones are tried. */
  | { readonly kind: 'serial'; readonly path: string; readonly settings: SerialSettings | null };

export interface InstrumentSpec {
  /** `--balance` or `--gauge`. */
  readonly option: string;
  readonly text: string;
  readonly way: InstrumentWay;
  readonly keys: ReadonlyMap<string, string>;
}

export function wrongSpec(option: string, text: string, why: string, next: string): MesogunError {
  return new MesogunError({ exit: EXIT_USAGE, what: `${option} ${text}: ${why}`, next });
}

function wayOf(option: string, text: string, body: string, forms: string): InstrumentWay {
  if (body === 'typed') return { kind: 'typed' };
  if (body.startsWith('sim:')) return { kind: 'sim', model: body.slice('sim:'.length) };
  if (body.startsWith('serial:')) {
    const [path = '', ...rest] = body.slice('serial:'.length).split(',');
    if (path === '') throw wrongSpec(option, text, 'no path', forms);
    if (rest.length === 0) return { kind: 'serial', path, settings: null };
    const settings = readSerialSettings(rest.join(','));
    if (settings === undefined)
      throw wrongSpec(option, text, `'${rest.join(',')}' are no serial settings`, 'write them like 9600,8N1 or 2400,7E1');
    return { kind: 'serial', path, settings };
  }
  if (!body.startsWith('tcp:')) throw wrongSpec(option, text, 'not an instrument that I know', forms);
  try {
    const port = parsePort(body);
    if (port.kind === 'tcp') return port;
  } catch {
    // Said below, in the words of this option.
  }
  throw wrongSpec(option, text, 'host and port are not readable', 'write tcp://127.0.0.1:7002');
}

/** Reads an instrument. `forms` says what is possible; keys not in `known` are refused by name. Throws MesogunError of exit 2. */
export function parseInstrument(option: string, text: string, forms: string, known: readonly string[]): InstrumentSpec {
  const mark = text.indexOf('?');
  const body = mark < 0 ? text : text.slice(0, mark);
  const keys = new Map<string, string>();
  for (const part of mark < 0 ? [] : text.slice(mark + 1).split('&')) {
    const equals = part.indexOf('=');
    const key = equals < 0 ? part : part.slice(0, equals);
    if (!known.includes(key)) throw wrongSpec(option, text, `'${key}' is not a setting of it`, `there are ${known.join(', ')}`);
    if (keys.has(key)) throw wrongSpec(option, text, `'${key}' stands there twice`, 'say it once');
    keys.set(key, equals < 0 ? '' : part.slice(equals + 1));
  }
  return { option, text, way: wayOf(option, text, body, forms), keys };
}

/** A number among the keys; `usual` when it is not given. Throws MesogunError of exit 2 outside its bounds. */
export function numberKey(spec: InstrumentSpec, key: string, usual: number, least: number, most: number): number {
  const text = spec.keys.get(key);
  if (text === undefined) return usual;
  const value = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw wrongSpec(
    spec.option,
    spec.text,
    `${key} must be a number from ${least} to ${most}, not '${text}'`,
    `for example ?${key}=${usual || least}`,
  );
}
