// When a prick is permitted: one fresh trigger edge, one spacing travelled, or one cadence period (R27, I5).
// At most one permit waits; it never piles up. Not responsible for contact, force or limits: the session asks for those.
import { since } from '../../hal/units.ts';
import type { AtMs } from '../../hal/units.ts';
import { P_HAND_UM_PER_S, P_PERIOD_MS, P_PERMIT, P_SPACING_UM, PERMIT_CADENCE, PERMIT_TRAVEL } from './program.ts';
import type { Readings } from './readings.ts';

/** Shortest time between two permits by trigger edges. Chosen: a deliberate double click is slower (R27). */
export const EDGE_INTERVAL_MS = 150;

/** Fastest hand at which a needle may go in. Chosen: 10 mm/s drags 0.5 mm in a 50 ms insertion; tremor alone is slower. */
const START_UM_PER_S = 10000;

export class Spacing {
  /** Permits given since the session began. */
  permitCount = 0;
  /** 1 while a permit waits to be taken. */
  pending = 0;
  /** Hand speed over the skin, µm/s, from the last two looks at the wheel. */
  handUmPerS = 0;
  /** Path from the last prick to the one that was permitted last, µm. */
  permitTravelUm = 0;
  private wheelAtPermitUm = 0;
  private lastWheelUm = 0;
  private lastWheelAtMs = 0 as AtMs;
  private permitAtMs = 0 as AtMs;
  private takenPresses = 0;
  private started = 0;

  /** New session: counts from zero. */
  begin(readings: Readings): void {
    this.permitCount = 0;
    this.release(readings);
    this.lastWheelUm = readings.wheelUm;
    this.lastWheelAtMs = readings.wheelAtMs;
    this.wheelAtPermitUm = readings.wheelUm;
  }

  /** The trigger was let go: the next permit needs a fresh edge. */
  release(readings: Readings): void {
    this.pending = 0;
    this.started = 0;
    this.takenPresses = readings.pressCount;
  }

  /** 1 when the trigger was pressed since the last permit or release; the press stays for step(). */
  fresh(readings: Readings): number {
    return readings.pressCount !== this.takenPresses ? 1 : 0;
  }

  private give(readings: Readings): void {
    this.pending = 1;
    this.permitCount++;
    this.permitAtMs = readings.nowMs;
  }

  private watchHand(readings: Readings): void {
    const atMs = readings.wheelAtMs;
    const atUm = readings.wheelUm;
    const pathUm = atUm - this.lastWheelUm;
    this.handUmPerS = (((pathUm < 0 ? -pathUm : pathUm) * 1000) / since(atMs, this.lastWheelAtMs)) | 0;
    this.lastWheelUm = atUm;
    this.lastWheelAtMs = atMs;
  }

  /** One tick. `busy` = a stroke runs: edges that come meanwhile are dropped, not queued. */
  step(readings: Readings, program: Int32Array, busy: number): void {
    if (readings.wheelAtMs !== this.lastWheelAtMs) this.watchHand(readings);
    const fresh = readings.pressCount !== this.takenPresses;
    if (busy) {
      if (fresh) this.takenPresses = readings.pressCount;
      return;
    }
    if (this.pending) return;
    if (fresh) {
      this.takenPresses = readings.pressCount;
      if (readings.triggerHeld && (!this.permitCount || since(readings.nowMs, this.permitAtMs) >= EDGE_INTERVAL_MS)) {
        this.started = 1;
        this.give(readings);
      }
      return;
    }
    if (!this.started || !readings.triggerHeld) return;
    const permit = program[P_PERMIT];
    if (permit === PERMIT_TRAVEL) {
      const travelUm = readings.wheelUm - this.wheelAtPermitUm;
      if ((travelUm < 0 ? -travelUm : travelUm) >= (program[P_SPACING_UM] as number)) this.give(readings);
    } else if (permit === PERMIT_CADENCE) {
      if (since(readings.nowMs, this.permitAtMs) >= (program[P_PERIOD_MS] as number)) this.give(readings);
    }
  }

  /** 1 when the hand is slow enough for the needle to go in: it must all but stand, whatever it may do between pricks (H05). */
  handSlow(program: Int32Array): number {
    const limitUmPerS = program[P_HAND_UM_PER_S] as number;
    return this.handUmPerS <= (limitUmPerS < START_UM_PER_S ? limitUmPerS : START_UM_PER_S) ? 1 : 0;
  }

  /** The session takes the waiting permit for a prick that is made now: period and spacing count from here. */
  take(readings: Readings): void {
    this.pending = 0;
    this.permitTravelUm = readings.wheelUm - this.wheelAtPermitUm;
    this.permitAtMs = readings.nowMs;
    this.wheelAtPermitUm = readings.wheelUm;
  }
}
