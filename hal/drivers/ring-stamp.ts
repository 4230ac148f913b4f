// The ring that tenses the skin: its switch, and the solenoid of a driven one. Force is measured elsewhere. Runs on the gun.
import { STAMP_DRIVEN, STAMP_PASSIVE } from '../devices.ts';
import type { Stamp } from '../devices.ts';
import type { PwmOut } from '../io.ts';
import { since } from '../units.ts';
import type { AtMs } from '../units.ts';
import { Debounce } from './debounce.ts';

/** Chosen: R25. A lift is believed after 20 ms, a touch after 100 ms. */
export const CONTACT_LOST_FOR_MS = 20;
export const CONTACT_REGAINED_FOR_MS = 100;
/** Chosen: small pull solenoids close in 10 to 20 ms at full duty; 30 ms leaves margin and heats nothing. */
export const PULL_IN_FOR_MS = 30;
/** Chosen: force of the closed solenoid at full duty; to be measured for each build. */
export const FULL_DUTY_MN = 6000;
const FULL_DUTY_PERMILLE = 1000;

export class RingStamp implements Stamp {
  contact: number;
  pressing: number;
  private readonly drive: PwmOut;
  private readonly debounce: Debounce;
  private mode: number;
  private holdPermille: number;
  private pullsIn: number;
  private pressedAtMs: AtMs;

  constructor(drive: PwmOut) {
    this.drive = drive;
    this.debounce = new Debounce(CONTACT_REGAINED_FOR_MS, CONTACT_LOST_FOR_MS);
    this.contact = 0;
    this.pressing = 0;
    this.mode = STAMP_PASSIVE;
    this.holdPermille = 0;
    this.pullsIn = 0;
    this.pressedAtMs = 0 as AtMs;
  }

  /** Releases a driven ring first. `mode` is STAMP_… */
  configure(mode: number): void {
    this.release();
    this.mode = mode;
  }

  /** Passive and manual rings have nothing to drive: the call does nothing. A force above full duty presses with full duty. */
  press(forceMn: number, nowMs: AtMs): void {
    if (this.mode !== STAMP_DRIVEN) return;
    const permille = ((forceMn * FULL_DUTY_PERMILLE) / FULL_DUTY_MN) | 0;
    this.holdPermille = permille > FULL_DUTY_PERMILLE ? FULL_DUTY_PERMILLE : permille < 0 ? 0 : permille;
    if (this.pressing) {
      if (!this.pullsIn) this.drive(this.holdPermille);
      return;
    }
    this.pressing = 1;
    this.pullsIn = 1;
    this.pressedAtMs = nowMs;
    this.drive(FULL_DUTY_PERMILLE);
  }

  release(): void {
    this.pressing = 0;
    this.pullsIn = 0;
    this.drive(0);
  }

  poll(raw: number, nowMs: AtMs): void {
    const debounce = this.debounce;
    if (raw !== debounce.still) {
      debounce.look(raw, nowMs);
      this.contact = debounce.level;
    }
    if (this.pullsIn && since(nowMs, this.pressedAtMs) >= PULL_IN_FOR_MS) {
      this.pullsIn = 0;
      this.drive(this.holdPermille);
    }
  }
}
