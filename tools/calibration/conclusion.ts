// What a procedure comes to: the section for the gun, the fit, the budget, the verdict with its reasons. Plain data, for the
// record and the certificate. Not responsible for how it is reached (…-procedure.ts). Runs at the desk.
import type { ToleranceVerdict } from './dose-tolerance.ts';
import type { TrialSection } from './gun-record.ts';
import type { Step } from './steps.ts';
import type { Readings } from './steps.ts';
import type { Budget } from './uncertainty.ts';

export const CALIBRATION_KINDS = ['depth', 'dose', 'compliance', 'force', 'travel', 'clock'] as const;
export type CalibrationKind = (typeof CALIBRATION_KINDS)[number];

/** One line of the verdict: what was judged, against what, how it came out. */
export interface Criterion {
  readonly name: string;
  readonly value: string;
  readonly limit: string;
  readonly holds: boolean;
}

/** A point of the residual plot. */
export interface PlotPoint {
  readonly x: number;
  readonly y: number;
  /** Which series: 'fit', 'verification', 'up' … */
  readonly series: string;
}

export interface Plot {
  readonly title: string;
  readonly xTitle: string;
  readonly yTitle: string;
  /** Limits as a function of x are drawn as a polygon line; straight ones as ± limit. */
  readonly limit: number | null;
  readonly points: readonly PlotPoint[];
}

export interface Conclusion {
  readonly verdict: 'pass' | 'fail';
  /** `bias`: shots were weighed together, nothing is said of one dose against the next. */
  readonly certifies: 'all' | 'bias';
  readonly criteria: readonly Criterion[];
  /** Name → value with unit, in the order in which a person reads them. */
  readonly fit: readonly (readonly [string, string])[];
  /** The same as numbers, for programs. */
  readonly numbers: Readonly<Record<string, number>>;
  readonly doses: readonly ToleranceVerdict[];
  readonly budget: Budget | null;
  readonly plots: readonly Plot[];
  /** What the gun is to keep when the verdict is a pass; null when this kind leaves nothing on it. */
  readonly section: TrialSection | null;
  /** Headline figures of the `--json` event. */
  readonly biasPercent: number | null;
  readonly cvPercent: number | null;
  readonly n: number;
  readonly k: number | null;
}

export interface Procedure {
  readonly kind: CalibrationKind;
  readonly title: string;
  readonly steps: readonly Step[];
  /** What is measured how, as it stands in the log and the record. */
  readonly plan: Readonly<Record<string, unknown>>;
  conclude(readings: Readings): Conclusion;
}

export const criterion = (name: string, value: string, limit: string, holds: boolean): Criterion => ({ name, value, limit, holds });
