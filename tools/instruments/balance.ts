// What a calibration asks of a balance, whatever its maker: who it is, tare, zero, a stable weight, a stream. Weights are in
// milligrams. Not responsible for what weights mean (calibration/). Implemented by mt-sics.ts and by typed readings.
import { EXIT_NO_DEVICE, MesogunError } from '../errors.ts';

export interface BalanceIdentity {
  readonly maker: string;
  readonly model: string;
  readonly serial: string;
  /** Smallest step of its display, and the most it weighs. */
  readonly readabilityMg: number;
  readonly capacityMg: number;
}

export interface Weighing {
  /** Net of the tare, as displayed. */
  readonly mg: number;
  readonly stable: boolean;
  /** When it was said, on the balance's clock (`nowMs`): virtual where the balance is simulated. */
  readonly atMs: number;
}

/** One balance, one user at a time: calls wait for each other. Every promise may be rejected with a BalanceError. */
export interface Balance {
  readonly identity: BalanceIdentity;
  /** Weights now count from here; waits until they stand. */
  tare(timeoutMs?: number): Promise<void>;
  /** The empty pan is zero; waits until it stands. */
  zero(timeoutMs?: number): Promise<void>;
  /** The next stable weight. `unstable` when there is none within the time. Chosen: 30 s where nothing is said. */
  stable(timeoutMs?: number): Promise<Weighing>;
  /** The weight as it is, stable or not. */
  now(): Promise<Weighing>;
  /** Tells weights as they come, stable or not, until the answer is called. Nothing else may be asked meanwhile. */
  stream(listener: (weighing: Weighing) => void, onTrouble?: (error: BalanceError) => void): Promise<() => Promise<void>>;
  /** Ends whatever is under way, which is rejected with `cancelled`. The balance is reset: tare again. */
  cancel(): Promise<void>;
  nowMs(): number;
  /** Lets time pass on the balance's clock. */
  wait(forMs: number): Promise<void>;
  close(): Promise<void>;
}

/**
 * `overload` and `underload`: load off the weighing range. `unstable`: no stable weight in time. `unplugged`: the wire is gone.
 * `silent`: no answer. `unit`: it weighs in a unit that is not a mass. `refused`: it does not know or do the command. `garbled`:
 * what came was not a balance's. `restarted`: it was off in between, the tare is gone. `faulty`: it says that it is out of order. `cancelled`: by us.
 */
export type BalanceTrouble =
  'overload' | 'underload' | 'unstable' | 'unplugged' | 'silent' | 'unit' | 'refused' | 'garbled' | 'restarted' | 'faulty' | 'cancelled';

/** What went wrong at the balance, what it means and what to do: exit code 4. */
export class BalanceError extends MesogunError {
  readonly trouble: BalanceTrouble;
  constructor(trouble: BalanceTrouble, what: string, why: string, next: string) {
    super({ exit: EXIT_NO_DEVICE, what, why, next });
    this.name = 'BalanceError';
    this.trouble = trouble;
  }
}
