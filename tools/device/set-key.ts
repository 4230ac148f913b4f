// `mesogun device key`: gives a gun its first service key, or another one. The key's file is written before the gun gets it, so that a
// gun never has a key that nobody has. Not responsible for where keys lie (service-key.ts). Runs at the desk.
import { existsSync, renameSync } from 'node:fs';
import { REFUSED_AUTH } from '../../firmware/core/faults.ts';
import { RECORD_SETTINGS } from '../../firmware/store/record.ts';
import type { Desk } from '../desk.ts';
import { EXIT_DEVICE, MesogunError } from '../errors.ts';
import { sendWords, unlock } from '../link-calls.ts';
import { refusalTrouble } from '../refusal.ts';
import { keyFor, keyPath, makeKey, readKey } from '../service-key.ts';
import type { Device } from './open-device.ts';

export interface SetKey {
  readonly device: number;
  /** File that holds the key now. */
  readonly file: string;
  readonly replaced: boolean;
}

const shut = (why: string, next: string): MesogunError =>
  new MesogunError({ exit: EXIT_DEVICE, what: 'the gun does not take a key', why, next });

async function keep({ link }: Device, key: Uint8Array): Promise<void> {
  const sent = await sendWords(link, new Int32Array(key.slice().buffer));
  const answer = sent.no === undefined ? await link.request('keep', { type: RECORD_SETTINGS }) : sent;
  if (answer.no === REFUSED_AUTH)
    throw shut('its service switch is open', 'close the service switch and ask again; the key is kept in its file');
  if (answer.no !== undefined) throw new MesogunError(refusalTrouble('keep', answer));
}

/** A gun without a key takes whatever is in the file, or a fresh one; `replace` needs the key that it has. Throws MesogunError 3 or 5. */
export async function setKey(device: Device, desk: Desk, replace: boolean): Promise<SetKey> {
  const { link, hello } = device;
  const gunId = String(hello.device);
  const file = keyPath(desk, gunId);
  const keyed = (await link.request('challenge')).no !== REFUSED_AUTH;
  if (!keyed) {
    await keep(device, existsSync(file) ? readKey(file) : makeKey(file));
    return { device: hello.device, file, replaced: false };
  }
  if (!replace) throw shut('it has one already', 'whoever has it may set another: mesogun device key --replace');
  const opened = await unlock(link, keyFor(desk, gunId, link.greeting !== undefined), hello.device);
  if (opened.no === REFUSED_AUTH)
    throw shut('its service switch is open, or this is not its key', 'close the switch; find the key that it has');
  if (opened.no !== undefined) throw new MesogunError(refusalTrouble('unlock', opened));
  const fresh = `${file}.new`;
  try {
    await keep(device, existsSync(fresh) ? readKey(fresh) : makeKey(fresh));
  } finally {
    await link.request('log-out');
  }
  renameSync(fresh, file);
  return { device: hello.device, file, replaced: true };
}
