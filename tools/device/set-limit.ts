// `mesogun device set`: a technician makes a limit of the gun smaller. The gun never takes a larger one, and forgets it when switched off.
import { REFUSED_AUTH } from '../../firmware/core/faults.ts';
import { PROGRAM_FIELDS } from '../../firmware/core/program.ts';
import { nearestWord } from '../../protocols/nearest-word.ts';
import type { Desk } from '../desk.ts';
import { EXIT_DEVICE, EXIT_USAGE, MesogunError } from '../errors.ts';
import { unlock } from '../link-calls.ts';
import { refusalTrouble } from '../refusal.ts';
import { keyFor } from '../service-key.ts';
import type { Device } from './open-device.ts';

/** Words of a programme that say what it is, not how much. */
const NO_LIMITS = ['version', 'permit', 'stamp', 'calibrated', 'sourceCrc', 'name0', 'name1', 'name2', 'name3', 'kit', 'stepCount'];
export const LIMIT_NAMES: readonly string[] = PROGRAM_FIELDS.filter((name) => !NO_LIMITS.includes(name));

/** Index of a limit by its name. Throws MesogunError 2. */
export function limitIndex(name: string): number {
  if (LIMIT_NAMES.includes(name)) return PROGRAM_FIELDS.indexOf(name);
  const near = nearestWord(name, LIMIT_NAMES);
  throw new MesogunError({
    exit: EXIT_USAGE,
    what: `'${name}' is no limit`,
    ...(near === undefined ? {} : { why: `did you mean ${near}?` }),
    next: `one of ${LIMIT_NAMES.join(', ')}`,
  });
}

/** Unlocks, shrinks, leaves. Throws MesogunError 5 with the gun's own words. */
export async function setLimit({ link, hello }: Device, name: string, value: number, desk: Desk): Promise<void> {
  const index = limitIndex(name);
  const key = keyFor(desk, String(hello.device), link.greeting !== undefined);
  const opened = await unlock(link, key, hello.device);
  if (opened.no === REFUSED_AUTH)
    throw new MesogunError({
      exit: EXIT_DEVICE,
      what: 'the gun does not let a technician in',
      why: 'its service switch is open, or the key is not that of this gun',
      next: 'hold the service switch and ask again',
    });
  if (opened.no !== undefined) throw new MesogunError(refusalTrouble('unlock', opened));
  try {
    const answer = await link.request('limit', { index, value });
    if (answer.no === undefined) return;
    const { what, why } = refusalTrouble(`limit ${name} ${value}`, answer);
    const next = 'give a value within it: limits only ever shrink, until the gun is switched off';
    throw new MesogunError({ exit: EXIT_DEVICE, what, ...(why === undefined ? {} : { why }), next });
  } finally {
    await link.request('log-out');
  }
}
