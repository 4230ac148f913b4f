// Flash images of guns with a calibration of one's own making. Not a spec.
import { CALIBRATION_WORDS } from '../../../firmware/core/calibration.ts';
import { RECORD_CALIBRATION, RECORD_SECTORS, RECORD_SETTINGS, Records } from '../../../firmware/store/record.ts';
import { NorFlashChip } from '../../../sim/chips/nor-flash.ts';
import { DEMO_KEY } from '../../../sim/demo-store.ts';
import type { DepthSection, DoseSection, GunSection } from '../../../tools/calibration/gun-record.ts';
import { withSection } from '../../../tools/calibration/section-words.ts';
import { kitId } from '../../../protocols/canonical.ts';

const STRAIGHT = { amplitudeUm: 0, phaseRad: 0 };
/** 2026-11-22. */
export const TODAY = 20_779;
const HEAD = { madeDay: TODAY - 10, validUntilDay: TODAY + 80, demo: false };

/** Of the syringe and needle that mesolift-face takes, with the library's words. */
export const dose = (changes: Partial<DoseSection> = {}): DoseSection => ({
  kind: 'dose',
  ...HEAD,
  sha256: 'd05e0001',
  kit: kitId('1ml', '32g-4mm'),
  nlPerMm: 17_945,
  period: STRAIGHT,
  startUpNl: 0,
  complianceUlPerKpa: 0.045,
  breakLooseMn: 3000,
  glideMn: 1500,
  rodMnPerMm: 60_000,
  backlashUm: 50,
  ...changes,
});

export const depth = (changes: Partial<DepthSection> = {}): DepthSection => ({
  kind: 'depth',
  ...HEAD,
  sha256: 'dee90001',
  offsetUm: 0,
  gainPpm: 0,
  period: STRAIGHT,
  ringUm: 3000,
  ...changes,
});

/** The first sectors of a store that holds these sections and the demo key, written by the gun with this id. */
export function storeWith(sections: readonly GunSection[], deviceId = 1): Uint8Array {
  const chip = new NorFlashChip({ sectorCount: RECORD_SECTORS });
  const records = new Records(chip, 0, deviceId);
  records.save(RECORD_SETTINGS, new Int32Array(DEMO_KEY.slice().buffer), DEMO_KEY.length / 4);
  let words: number[] = [];
  for (const section of sections) words = withSection(words, section);
  if (sections.length > 0) records.save(RECORD_CALIBRATION, new Int32Array(words), CALIBRATION_WORDS);
  return chip.bytes;
}
