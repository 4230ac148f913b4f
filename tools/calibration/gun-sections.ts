// Reads what a gun keeps of its calibrations. Anybody may; nothing moves. Runs at the desk.
import { CALIBRATION_WORDS } from '../../firmware/core/calibration.ts';
import { RECORD_INTS } from '../../firmware/link/messages.ts';
import { MesogunError } from '../errors.ts';
import type { Asking } from '../link-calls.ts';
import { refusalTrouble } from '../refusal.ts';
import type { GunSection } from './gun-record.ts';
import { readSections } from './section-words.ts';

/** The words of the gun's calibration record. Throws MesogunError 5 when it does not show them. */
export async function readGunWords(link: Pick<Asking, 'request'>): Promise<number[]> {
  const words: number[] = [];
  while (words.length < CALIBRATION_WORDS) {
    const answer = await link.request('record', { at: words.length });
    const more = answer['words'];
    if (!Array.isArray(more) || more.length !== RECORD_INTS) throw new MesogunError(refusalTrouble('record', answer));
    words.push(...more.map(Number));
  }
  return words;
}

/** The sections among them. */
export const readGunSections = async (link: Pick<Asking, 'request'>): Promise<GunSection[]> => readSections(await readGunWords(link));
