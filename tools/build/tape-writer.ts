// The tape of a recorded session: answers of a runtime in order of calls, as bytes in hexadecimal. Not responsible for who asks
// (harness.ts). Runs at the desk.

export type Api = Record<string, (...args: never[]) => unknown>;
/** What a runtime's model has for globals. */
export type Globals = Readonly<Record<string, unknown>>;
/** What the recording harness calls. */
export type Port = Record<string, (...args: never[]) => unknown>;

/** A method of a model, bound. Throws where the model has none: the harness is wrong then. */
export function callOf(target: Globals, name: string): (...args: unknown[]) => unknown {
  const found = target[name];
  if (typeof found !== 'function') throw new Error(`no ${name}`);
  return (...args) => Reflect.apply(found, target, args) as unknown;
}

/** What a call answers; null where it throws, as for a chip that does not acknowledge. */
export function acknowledged(call: () => unknown): unknown {
  try {
    return call();
  } catch {
    return null;
  }
}

/** One object for each constructor of a module and its arguments. */
export function objects(
  load: (module: string) => Readonly<Record<string, new (...args: unknown[]) => Api>>,
): (module: string, name: string, ...args: unknown[]) => Api {
  const made = new Map<string, Api>();
  return (module, name, ...args) => {
    const key = [name, ...args].join();
    const found = made.get(key);
    if (found) return found;
    const Made = load(module)[name];
    if (!Made) throw new Error(`no ${name}`);
    const fresh = new Made(...args);
    made.set(key, fresh);
    return fresh;
  };
}

const RUN_MOST = 255;

export class TapeWriter {
  private readonly keep: (hex: string) => void;
  private lastMs = 0;

  constructor(keep: (hex: string) => void) {
    this.keep = keep;
  }

  /** Big-endian. Throws when it does not fit: the tape would be wrong. */
  number(value: number, lengthBytes: number): number {
    const hex = value.toString(16).padStart(2 * lengthBytes, '0');
    if (!/^[0-9a-f]+$/.test(hex) || hex.length > 2 * lengthBytes)
      throw new Error(`${String(value)} does not fit ${String(lengthBytes)} bytes`);
    this.keep(hex);
    return value;
  }

  /** ms since the last time it was asked. */
  msUntil(ms: number): number {
    const since = ms - this.lastMs;
    this.lastMs = ms;
    return this.number(since, 2);
  }

  text(text: string): string {
    this.keep(Buffer.from(text, 'latin1').toString('hex'));
    return text;
  }

  /** Bytes with runs of 0 and of 255 shortened: behind each stands how many of it there are, 1 to 255. */
  runs(bytes: Uint8Array): Uint8Array {
    for (let at = 0; at < bytes.length;) {
      const byte = bytes[at] ?? 0;
      let count = 1;
      if (byte === 0 || byte === 255) while (count < RUN_MOST && bytes[at + count] === byte) count += 1;
      this.number(byte, 1);
      if (byte === 0 || byte === 255) this.number(count, 1);
      at += count;
    }
    return bytes;
  }
}
