// The service key of a gun at the desk: a file outside the project that only its owner may read, or MESOGUN_KEY that names one.
// A simulated gun has a key that everybody knows. Not responsible for what the key opens (link-calls.ts). Runs at the desk.
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DEMO_KEY } from '../sim/demo-store.ts';
import type { Desk } from './desk.ts';
import { EXIT_FILE, EXIT_USAGE, MesogunError } from './errors.ts';

/** As firmware/store/record.ts keeps it: 8 words. */
export const KEY_BYTES = 32;
const OTHERS = 0o077;

/** Where the key of a gun lies: MESOGUN_KEY, else `~/.config/mesogun/<gun>.key`. */
export function keyPath(desk: Desk, gunId: string): string {
  const named = desk.env['MESOGUN_KEY'];
  if (named !== undefined && named !== '') return named;
  const home = desk.env['XDG_CONFIG_HOME'] ?? (desk.env['HOME'] === undefined ? undefined : join(desk.env['HOME'], '.config'));
  if (home === undefined)
    throw new MesogunError({ exit: EXIT_USAGE, what: 'no place for a service key', why: 'HOME is not set', next: 'set MESOGUN_KEY' });
  return join(home, 'mesogun', `${gunId}.key`);
}

/** The key in a file: 64 hex digits, readable by its owner only. Throws MesogunError 3. */
export function readKey(path: string): Uint8Array {
  const refuse = (why: string, next: string): MesogunError =>
    new MesogunError({ exit: EXIT_FILE, what: `no service key from ${path}`, why, next });
  if (!existsSync(path)) throw refuse('there is no such file', 'set MESOGUN_KEY, or `mesogun device key` for a gun that has no key yet');
  if (process.platform !== 'win32' && (statSync(path).mode & OTHERS) !== 0)
    throw refuse('others may read it', `chmod 600 ${path}; if somebody may have read it, set another key`);
  const text = readFileSync(path, 'utf8').trim();
  if (!/^[0-9a-f]{64}$/.test(text)) throw refuse('it is not 64 hex digits', 'restore it from where you keep copies');
  return new Uint8Array(Buffer.from(text, 'hex'));
}

/** Makes a key and writes its file; an existing file is never overwritten (MesogunError 3). */
export function makeKey(path: string): Uint8Array {
  const key = randomBytes(KEY_BYTES);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  try {
    writeFileSync(path, `${key.toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new MesogunError({ exit: EXIT_FILE, what: `cannot write the key to ${path}`, why, next: 'choose another file with MESOGUN_KEY' });
  }
  chmodSync(path, 0o600);
  return new Uint8Array(key);
}

/** The key that opens this gun: the demo key for a simulated one unless MESOGUN_KEY says otherwise. Throws MesogunError 2 or 3. */
export function keyFor(desk: Desk, gunId: string, simulated: boolean): Uint8Array {
  if (simulated && (desk.env['MESOGUN_KEY'] ?? '') === '') return DEMO_KEY.slice();
  return readKey(keyPath(desk, gunId));
}
