// The trigger finger's contact. Not responsible for what a press permits. Runs on the gun.
import type { Trigger } from '../devices.ts';
import type { DigitalIn } from '../io.ts';
import type { AtMs } from '../units.ts';
import { Debounce } from './debounce.ts';

/** Chosen: R27 asks for 30 ms both ways; tactile switches bounce for up to about 6 ms. */
export const TRIGGER_DEBOUNCE_FOR_MS = 30;

export class TriggerInput implements Trigger {
  held: number;
  pressCount: number;
  changedAtMs: AtMs;
  private readonly contact: DigitalIn;
  private readonly debounce: Debounce;

  constructor(options: { contact: DigitalIn }) {
    this.contact = options.contact;
    this.debounce = new Debounce(TRIGGER_DEBOUNCE_FOR_MS, TRIGGER_DEBOUNCE_FOR_MS);
    this.held = 0;
    this.pressCount = 0;
    this.changedAtMs = 0 as AtMs;
  }

  /** Held at the first poll counts as held, never as a press. */
  poll(nowMs: AtMs): void {
    const changed = this.debounce.look(this.contact.read(), nowMs);
    this.held = this.debounce.level;
    this.changedAtMs = this.debounce.changedAtMs;
    if (changed && this.held) this.pressCount += 1;
  }
}
