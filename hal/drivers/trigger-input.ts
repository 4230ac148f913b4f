// The trigger finger's contact. Not responsible for what a press permits. Runs on the gun.
import type { Trigger } from '../devices.ts';
import type { AtMs } from '../units.ts';
import { Debounce } from './debounce.ts';

/** Chosen: R27 asks for 30 ms both ways; tactile switches bounce for up to about 6 ms. */
export const TRIGGER_DEBOUNCE_FOR_MS = 30;

export class TriggerInput implements Trigger {
  held: number;
  pressCount: number;
  private readonly debounce: Debounce;

  constructor() {
    this.debounce = new Debounce(TRIGGER_DEBOUNCE_FOR_MS, TRIGGER_DEBOUNCE_FOR_MS);
    this.held = 0;
    this.pressCount = 0;
  }

  /** Held at the first poll counts as held, never as a press. */
  poll(raw: number, nowMs: AtMs): number {
    const debounce = this.debounce;
    if (raw === debounce.still) return 0;
    const changed = debounce.look(raw, nowMs);
    this.held = debounce.level;
    if (changed && this.held) this.pressCount++;
    return 1;
  }
}
