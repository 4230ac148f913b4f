// One physical parameter as the laws use it: nominal value, plausible range, unit, where it comes from, how sure we are.
// Holds no laws. Runs at the desk and in the simulator.

/** `source`: read in a publication; `recalled`: from a standard, not re-read; `computed`: follows from others; `estimate`: ours, sweep the range. */
export type Status = 'source' | 'recalled' | 'computed' | 'estimate';

/** `low` and `high` bound what is plausible, not what is permitted. */
export interface Parameter {
  readonly nominal: number;
  readonly low: number;
  readonly high: number;
  readonly unit: string;
  readonly status: Status;
  readonly source: string;
}

/** One row of a parameter table. */
export const parameter = (nominal: number, low: number, high: number, unit: string, status: Status, source: string): Parameter => ({
  nominal,
  low,
  high,
  unit,
  status,
  source,
});
