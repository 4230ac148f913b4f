// The once-a-turn error of a lead screw as two columns of a linear fit: amplitude and phase at a known lead. Runs at the desk.
// Error at position x: amplitude · sin(2π x / lead + phase). Not responsible for the fits that use it.

export interface ScrewPeriod {
  readonly amplitudeUm: number;
  /** 0 to 2π, at the axis' zero. */
  readonly phaseRad: number;
}

const turn = (positionUm: number, leadUm: number): number => (2 * Math.PI * positionUm) / leadUm;

/** Columns for the error at a position, µm a unit of amplitude. */
export const periodColumns = (positionUm: number, leadUm: number): readonly [number, number] => [
  Math.sin(turn(positionUm, leadUm)),
  Math.cos(turn(positionUm, leadUm)),
];

/** Columns for what a travel from one position to another is too long. */
export function travelColumns(fromUm: number, toUm: number, leadUm: number): readonly [number, number] {
  const from = periodColumns(fromUm, leadUm);
  const to = periodColumns(toUm, leadUm);
  return [to[0] - from[0], to[1] - from[1]];
}

/** From the two coefficients: a·sin + b·cos = amplitude · sin(… + phase). */
export function periodOf(sine: number, cosine: number): ScrewPeriod {
  const phase = Math.atan2(cosine, sine);
  return { amplitudeUm: Math.hypot(sine, cosine), phaseRad: phase < 0 ? phase + 2 * Math.PI : phase };
}

/** The error itself, µm. */
export const periodErrorUm = ({ amplitudeUm, phaseRad }: ScrewPeriod, positionUm: number, leadUm: number): number =>
  amplitudeUm * Math.sin(turn(positionUm, leadUm) + phaseRad);
