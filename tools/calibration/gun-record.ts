// What a calibration leaves on the gun: three kinds of sections, as people and fits know them. The words they become are in
// firmware/core/calibration.ts. Not responsible for the desk's own record (raw data, budget, verdict), of which the gun keeps
// only the first eight hex digits of its SHA-256. Runs at the desk.
export { kitId } from '../../protocols/canonical.ts';

/** Once-a-turn error of a lead screw: amplitude · sin(2π · position / lead + phase). */
export interface PeriodWords {
  readonly amplitudeUm: number;
  readonly phaseRad: number;
}

/** What every section says of itself. */
export interface SectionHead {
  /** Days since 1970-01-01: made on, and the last day on which it holds. */
  readonly madeDay: number;
  readonly validUntilDay: number;
  /** SHA-256 of the desk's record, at least its first eight hex digits. */
  readonly sha256: string;
  /** True: nobody measured anything; only the simulated gun's own say so. */
  readonly demo: boolean;
}

/** The needle axis: gauge = commanded + offset + gain · commanded + amplitude · sin(2π · axis / 4000 µm + phase). */
export interface DepthSection extends SectionHead {
  readonly kind: 'depth';
  /** Tip deeper than commanded at depth 0. */
  readonly offsetUm: number;
  readonly gainPpm: number;
  readonly period: PeriodWords;
  /** The ring plane that was probed when this was measured, from home: what the offset refers to. */
  readonly ringUm: number;
}

/** A syringe with a needle: volume = nlPerMm · (travel + what the screw's period adds). */
export interface DoseSection extends SectionHead {
  readonly kind: 'dose';
  /** `kitId` of syringe and needle. */
  readonly kit: number;
  /** Doses that it was proved for; the gun refuses others. Absent: any. */
  readonly doseRangeNl?: readonly [least: number, most: number];
  readonly nlPerMm: number;
  readonly period: PeriodWords;
  /** What the first shot after priming lacks, 0 to 200 nL. */
  readonly startUpNl: number;
  readonly complianceUlPerKpa: number;
  readonly breakLooseMn: number;
  readonly glideMn: number;
  readonly rodMnPerMm: number;
  readonly backlashUm: number;
}

/** Load cells and travel wheel: what a count is. */
export interface SensorSection extends SectionHead {
  readonly kind: 'sensors';
  readonly ringCountsPerN: number;
  readonly pusherCountsPerN: number;
  readonly wheelNmPerCount: number;
}

export type GunSection = DepthSection | DoseSection | SensorSection;
/** A section that is only tried, in SERVICE, until power-off: nothing is written. */
export type TrialSection =
  Omit<DepthSection, keyof SectionHead> | Omit<DoseSection, keyof SectionHead> | Omit<SensorSection, keyof SectionHead>;

/** Days since 1970-01-01 of a moment. */
export const dayOf = (date: Date): number => Math.floor(date.getTime() / 86_400_000);
