// Which syringe with which needle is calibrated: library ids, or a refusal that names the nearest. Runs at the desk.
// Not responsible for the number by which the gun knows the pair (gun-record.ts).
import { PLUNGER_BACKLASH_MM } from '../../protocols/gun.ts';
import { find, idsOf } from '../../protocols/library.ts';
import { nearestWord } from '../../protocols/nearest-word.ts';
import type { Needle, Syringe } from '../../protocols/schema.ts';
import { EXIT_USAGE, MesogunError } from '../errors.ts';
import type { DoseSection } from './gun-record.ts';

export interface Kit {
  readonly syringe: Syringe;
  readonly needle: Needle;
}

const unknown = (kind: 'syringe' | 'needle', id: string): MesogunError => {
  const nearest = nearestWord(id, idsOf(kind));
  return new MesogunError({
    exit: EXIT_USAGE,
    what: `no ${kind} '${id}' in the library`,
    next: nearest === undefined ? `one of ${idsOf(kind).join(', ')}` : `did you mean ${nearest}? there are ${idsOf(kind).join(', ')}`,
  });
};

/** Throws MesogunError (usage) for an id that is not in the library. */
export function kitOf(syringeId: string, needleId: string): Kit {
  const syringe = find('syringe', syringeId);
  if (syringe === null) throw unknown('syringe', syringeId);
  const needle = find('needle', needleId);
  if (needle === null) throw unknown('needle', needleId);
  return { syringe, needle };
}

export type SyringeData = Pick<DoseSection, 'complianceUlPerKpa' | 'breakLooseMn' | 'glideMn' | 'rodMnPerMm' | 'backlashUm'>;

/** What the library says of a syringe, in the words of a section. */
export const librarySyringeData = (syringe: Syringe): SyringeData => ({
  complianceUlPerKpa: syringe.complianceUlPerKpa,
  breakLooseMn: Math.round(1000 * syringe.breakLooseN),
  glideMn: Math.round(1000 * syringe.glideN),
  rodMnPerMm: Math.round(1000 * syringe.rodNPerMm),
  backlashUm: Math.round(1000 * PLUNGER_BACKLASH_MM),
});
