// What a calibration asks of a length gauge that stands against the ring: the place of the needle's tip. Millimetres, positive
// towards the patient, zeroed by hand on the ring's plane. Not responsible for what they mean (calibration/).
import { EXIT_NO_DEVICE, MesogunError } from '../errors.ts';

export interface GaugeIdentity {
  readonly maker: string;
  readonly model: string;
  readonly serial: string;
  readonly resolutionMm: number;
}

export interface GaugeReading {
  readonly mm: number;
  /** On the gauge's clock: virtual where the gauge is simulated. */
  readonly atMs: number;
}

export interface Gauge {
  readonly identity: GaugeIdentity;
  /** One reading. Rejects with a GaugeError. */
  read(): Promise<GaugeReading>;
  nowMs(): number;
  /** Lets time pass on the gauge's clock. */
  wait(forMs: number): Promise<void>;
  close(): Promise<void>;
}

/** `unit`: it reads in inches or is set to something else than a length. The rest as for a balance. */
export type GaugeTrouble = 'unplugged' | 'silent' | 'unit' | 'garbled' | 'cancelled';

/** What went wrong at the gauge, what it means and what to do: exit code 4. */
export class GaugeError extends MesogunError {
  readonly trouble: GaugeTrouble;
  constructor(trouble: GaugeTrouble, what: string, why: string, next: string) {
    super({ exit: EXIT_NO_DEVICE, what, why, next });
    this.name = 'GaugeError';
    this.trouble = trouble;
  }
}
