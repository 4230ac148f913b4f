// Sections of a calibration to the words that the gun keeps, and back. The layout stands in firmware/core/calibration.ts.
// Not responsible for what sections mean (gun-record.ts). Runs at the desk.
import * as C from '../../firmware/core/calibration.ts';
import { PLUNGER_STEPS_PER_MM } from '../../hal/drivers/plunger-axis.ts';
import type { GunSection, PeriodWords, SectionHead, TrialSection } from './gun-record.ts';

/** Source: lead screws of hal/drivers, 4 mm and 1 mm a turn. */
const NEEDLE_LEAD_UM = 4000;
const PLUNGER_LEAD_UM = 1000;
const STEPS_PER_UM = PLUNGER_STEPS_PER_MM / 1000;
const TURN_RAD = 2 * Math.PI;

const turnsOf = (phaseRad: number): number => (((phaseRad / TURN_RAD) % 1) + 1) % 1;

/** Amplitude and phase of a screw in its axis' own unit, `perUm` of them a µm. */
const periodWords = ({ amplitudeUm, phaseRad }: PeriodWords, leadUm: number, perUm: number): [number, number] => [
  Math.round(amplitudeUm * perUm),
  Math.round(turnsOf(phaseRad) * leadUm * perUm),
];
const periodOf = (amplitude: number, phase: number, leadUm: number, perUm: number): PeriodWords => ({
  amplitudeUm: amplitude / perUm,
  phaseRad: (TURN_RAD * phase) / (leadUm * perUm),
});
const sineUm = ({ amplitudeUm, phaseRad }: PeriodWords, atUm: number): number =>
  amplitudeUm * Math.sin((TURN_RAD * atUm) / NEEDLE_LEAD_UM + phaseRad);

/** Ring plane that a depth section read back from a gun refers to. */
const RING_UM = 3000;

function valueWords(section: TrialSection): number[] {
  const words = new Array<number>(C.C_KIT).fill(0);
  if (section.kind === 'depth') {
    words[C.C_KIND] = C.SECTION_DEPTH;
    words[C.C_GAIN_PPM] = Math.round(section.gainPpm);
    // The gun counts the screw's error from the ring plane that it probed, where the fit's offset already holds a part of it.
    words[C.C_OFFSET_UM] = Math.round(section.offsetUm + sineUm(section.period, section.ringUm));
    [words[C.C_AMPLITUDE], words[C.C_PHASE]] = periodWords(section.period, NEEDLE_LEAD_UM, 1);
  } else if (section.kind === 'dose') {
    const { nlPerMm, complianceUlPerKpa, glideMn, breakLooseMn, rodMnPerMm, backlashUm, startUpNl } = section;
    words[C.C_KIND] = C.SECTION_DOSE;
    words[C.C_NL_PER_MM] = Math.round(nlPerMm);
    words[C.C_NL_PER_MM + 1] = Math.round(complianceUlPerKpa * 1e6);
    [glideMn, breakLooseMn, rodMnPerMm, backlashUm].forEach((value, at) => (words[C.C_GLIDE_MN + at] = Math.round(value)));
    [words[C.C_AMPLITUDE], words[C.C_PHASE]] = periodWords(section.period, PLUNGER_LEAD_UM, STEPS_PER_UM);
    words[C.C_START_UP_NL] = Math.round(startUpNl);
  } else {
    words[C.C_KIND] = C.SECTION_SENSORS;
    words[C.C_RING_COUNTS_PER_N] = Math.round(section.ringCountsPerN);
    words[C.C_PUSHER_COUNTS_PER_N] = Math.round(section.pusherCountsPerN);
    words[C.C_WHEEL_NM] = Math.round(section.wheelNmPerCount);
  }
  return words;
}

/** Words of a section to be tried: what was measured, without head. */
export const trialWords = (section: TrialSection): number[] => valueWords(section);

const rangeWord = (range: readonly [number, number] | undefined): number =>
  range === undefined ? 0 : Math.floor(range[0] / 10) | (Math.ceil(range[1] / 10) << 16);

/** The 16 words of a section as it is stored. */
export function sectionWords(section: GunSection): number[] {
  const words = [...valueWords(section), ...new Array<number>(C.SECTION_WORDS - C.C_KIT).fill(0)];
  words[C.C_KIT] = section.kind === 'dose' ? section.kit : 0;
  words[C.C_DEMO] = section.demo ? 1 : 0;
  words[C.C_MADE_DAY] = section.madeDay;
  words[C.C_UNTIL_DAY] = section.validUntilDay;
  words[C.C_RANGE] = section.kind === 'dose' ? rangeWord(section.doseRangeNl) : 0;
  words[C.C_HASH] = Number.parseInt(section.sha256.slice(0, 8), 16) | 0;
  return words;
}

/** First eight hex digits of a hash word. */
export const hashText = (word: number): string => (word >>> 0).toString(16).padStart(8, '0');

function readOne(words: readonly number[]): GunSection | null {
  const at = (index: number): number => words[index] ?? 0;
  const head: SectionHead = {
    madeDay: at(C.C_MADE_DAY),
    validUntilDay: at(C.C_UNTIL_DAY),
    sha256: hashText(at(C.C_HASH)),
    demo: at(C.C_DEMO) === 1,
  };
  switch (at(C.C_KIND)) {
    case C.SECTION_DEPTH: {
      const period = periodOf(at(C.C_AMPLITUDE), at(C.C_PHASE), NEEDLE_LEAD_UM, 1);
      const offsetUm = at(C.C_OFFSET_UM) - Math.round(sineUm(period, RING_UM));
      return { kind: 'depth', ...head, gainPpm: at(C.C_GAIN_PPM), offsetUm, period, ringUm: RING_UM };
    }
    case C.SECTION_DOSE:
      return {
        kind: 'dose',
        ...head,
        kit: at(C.C_KIT),
        ...(at(C.C_RANGE) === 0 ? {} : { doseRangeNl: [(at(C.C_RANGE) & 0xffff) * 10, (at(C.C_RANGE) >>> 16) * 10] as const }),
        nlPerMm: at(C.C_NL_PER_MM),
        complianceUlPerKpa: at(C.C_NL_PER_MM + 1) / 1e6,
        glideMn: at(C.C_GLIDE_MN),
        breakLooseMn: at(C.C_GLIDE_MN + 1),
        rodMnPerMm: at(C.C_GLIDE_MN + 2),
        backlashUm: at(C.C_GLIDE_MN + 3),
        period: periodOf(at(C.C_AMPLITUDE), at(C.C_PHASE), PLUNGER_LEAD_UM, STEPS_PER_UM),
        startUpNl: at(C.C_START_UP_NL),
      };
    case C.SECTION_SENSORS:
      return {
        kind: 'sensors',
        ...head,
        ringCountsPerN: at(C.C_RING_COUNTS_PER_N),
        pusherCountsPerN: at(C.C_PUSHER_COUNTS_PER_N),
        wheelNmPerCount: at(C.C_WHEEL_NM),
      };
    default:
      return null;
  }
}

/** All sections among the words of a gun's calibration. */
export function readSections(words: readonly number[]): GunSection[] {
  const sections: GunSection[] = [];
  for (let at = 0; at + C.SECTION_WORDS <= words.length; at += C.SECTION_WORDS) {
    const section = readOne(words.slice(at, at + C.SECTION_WORDS));
    if (section !== null) sections.push(section);
  }
  return sections;
}

/** The gun's words without the section of this record; null when it has none. */
export function withoutSection(words: readonly number[], sha256: string): number[] | null {
  const hash = sha256.slice(0, 8);
  const places = Array.from({ length: C.SECTIONS }, (_none, index) => index * C.SECTION_WORDS);
  const at = places.find((place) => (words[place] ?? 0) !== 0 && hashText(words[place + C.C_HASH] ?? 0) === hash);
  if (at === undefined) return null;
  return words.map((word, index) => (index >= at && index < at + C.SECTION_WORDS ? 0 : word));
}

const same = (words: readonly number[], at: number, section: readonly number[]): boolean =>
  words[at + C.C_KIND] === section[C.C_KIND] && words[at + C.C_KIT] === section[C.C_KIT];

/**
 * The gun's words with this section in the place of its like, else in a free place, else in that of the dose section that ran out
 * first. All other words stay as they are.
 */
export function withSection(words: readonly number[], section: GunSection): number[] {
  const mine = sectionWords(section);
  const places = Array.from({ length: C.SECTIONS }, (_none, index) => index * C.SECTION_WORDS);
  const dose = places.filter((at) => words[at + C.C_KIND] === C.SECTION_DOSE);
  dose.sort((a, b) => (words[a + C.C_UNTIL_DAY] ?? 0) - (words[b + C.C_UNTIL_DAY] ?? 0));
  const at = places.find((place) => same(words, place, mine)) ?? places.find((place) => (words[place] ?? 0) === 0) ?? dose[0] ?? 0;
  const result = Array.from({ length: C.CALIBRATION_WORDS }, (_none, index) => words[index] ?? 0);
  result.splice(at, C.SECTION_WORDS, ...mine);
  return result;
}
