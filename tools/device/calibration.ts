// `mesogun device calibration`: what a gun keeps of its calibrations, and until when it holds. Runs at the desk.
import { readGunSections } from '../calibration/gun-sections.ts';
import { dayOf } from '../calibration/gun-record.ts';
import type { GunSection } from '../calibration/gun-record.ts';
import { kitName } from '../calibration/kit-name.ts';
import type { Desk } from '../desk.ts';
import type { Device } from './open-device.ts';

export interface KeptSection {
  readonly section: GunSection;
  /** Library ids of syringe and needle; null where this desk knows no such pair, or the section is of the gun itself. */
  readonly kit: string | null;
  readonly holds: boolean;
}

/** What the gun keeps, judged by this desk's date. */
export async function readCalibration({ link }: Device, desk: Desk): Promise<KeptSection[]> {
  const today = dayOf(new Date(desk.date().replace(' UTC', 'Z').replace(' ', 'T')));
  return (await readGunSections(link)).map((section) => ({
    section,
    kit: section.kind === 'dose' ? kitName(section.kit) : null,
    holds: section.validUntilDay >= today,
  }));
}

const dateText = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10);

function figures(section: GunSection): string {
  if (section.kind === 'dose')
    return `${section.nlPerMm} nL/mm, ${(section.complianceUlPerKpa * 1000).toFixed(1)} nL/kPa, screw ${section.period.amplitudeUm.toFixed(1)} µm, glide ${section.glideMn} mN, break-loose ${section.breakLooseMn} mN, play ${section.backlashUm} µm`;
  if (section.kind === 'depth')
    return `offset ${section.offsetUm} µm, gain ${section.gainPpm} ppm, screw ${section.period.amplitudeUm.toFixed(0)} µm`;
  const { ringCountsPerN, pusherCountsPerN, wheelNmPerCount } = section;
  return `ring ${ringCountsPerN} counts/N, pusher ${pusherCountsPerN} counts/N, wheel ${wheelNmPerCount} nm a count`;
}

/** Rows for people, a section each. */
export const calibrationRows = (kept: readonly KeptSection[]): string[][] =>
  kept.map(({ section, kit, holds }) => [
    section.kind === 'dose' ? `dose ${kit ?? `kit ${section.kit}`}` : section.kind,
    section.demo
      ? 'demo: nobody measured it'
      : `${holds ? 'until' : 'PAST ITS DAY'} ${dateText(section.validUntilDay)}, record ${section.sha256}`,
    figures(section),
  ]);
