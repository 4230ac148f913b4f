// What a procedure is made of: a list of typed steps. Not responsible for walking it (step-machine.ts) nor for showing it
// (commands/calibrate.ts, a page): there is no terminal in here. Runs at the desk.

/** What a step measured, by name; each name carries its unit. */
export type Values = Readonly<Record<string, number>>;

/** One reading that counts: what, by which instrument, who took it and when. */
export interface Reading {
  readonly step: string;
  readonly values: Values;
  readonly instrument: string;
  readonly who: string;
  /** Wall clock, ISO 8601. */
  readonly at: string;
}

/** What a check found: why a reading or the whole run does not count, and what to do about it. */
export interface Finding {
  /** `stop`: nothing may be certified from this. `note`: said and recorded, the run goes on. */
  readonly level: 'stop' | 'note';
  /** Short name: 'outlier', 'drift', 'correlation', 'range' … */
  readonly code: string;
  readonly what: string;
  readonly why: string;
  readonly next: string;
  /** The reading to take again, when one is to blame. */
  readonly step?: string;
}

/** All readings so far by step; a step taken again has its newest. */
export type Readings = ReadonlyMap<string, Reading>;

/** What a person's hands do at a step; beside a simulated gun somebody does it for them. */
export type HandWork =
  | { readonly work: 'refill' }
  | { readonly work: 'empty' }
  /** A weight on a load cell in the place of the one before, g; 0 takes it off. */
  | { readonly work: 'lay'; readonly cell: 'ring' | 'pusher'; readonly grams: number }
  /** The mark of the travel wheel on this line of the scale: lifted and set down for 0, else rolled on; null: lifted off. */
  | { readonly work: 'roll'; readonly toMm: number | null };

interface StepBase {
  readonly id: string;
  /** What happens or what the person is to do, one sentence. */
  readonly says: string;
}

/** A person does something and says so. */
export interface PromptStep extends StepBase {
  readonly kind: 'prompt';
  readonly hands?: HandWork;
  /** Must be done again when a run is taken up after a break. */
  readonly again?: boolean;
}

/** A person tells a number. */
export interface AskStep extends StepBase {
  readonly kind: 'ask';
  readonly hands?: HandWork;
  /** Readings (by prefix) that were taken of what was asked for: taken again when it is asked again. */
  readonly renews?: string;
  /** Name of the value, with its unit. */
  readonly name: string;
  readonly unit: string;
  readonly least: number;
  readonly most: number;
  /** Taken where nobody is asked; without one the run cannot go on by itself. */
  readonly usual?: number;
}

/** The gun does something that leaves no reading; after a break it is done again where `again` says so. */
export interface DoStep extends StepBase {
  readonly kind: 'do';
  readonly again?: boolean;
  /** Readings (by prefix) that mean nothing any more once this was done with other readings: taken again after a redo before it. */
  readonly renews?: string;
  run(readings: Readings): Promise<unknown>;
}

/** Something is measured. */
export interface ReadStep extends StepBase {
  readonly kind: 'read';
  readonly instrument: string;
  take(readings: Readings): Promise<Values>;
  /** Judges this reading alone, as soon as it is there: out of range, no drop on the pan. */
  judge?(values: Values): readonly Finding[];
}

/** Looks at what was read so far. */
export interface CheckStep extends StepBase {
  readonly kind: 'check';
  judge(readings: Readings): readonly Finding[];
}

export type Step = PromptStep | AskStep | DoStep | ReadStep | CheckStep;

/** Readings whose step begins with a prefix, in the order of the list they were taken by. */
export const readingsOf = (readings: Readings, prefix: string): Reading[] =>
  [...readings.values()].filter((reading) => reading.step.startsWith(prefix));

/** A value of a reading; a missing one is our mistake. */
export function valueOf(reading: { readonly step?: string; readonly values: Values } | undefined, name: string): number {
  const value = reading?.values[name];
  if (value === undefined) throw new Error(`the reading of ${reading?.step ?? 'a step'} has no ${name}`);
  return value;
}
