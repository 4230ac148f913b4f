// The person at the gun's panel: reads the screen and presses its three buttons to run a session without a host: finds the programme,
// answers the checklist, primes, arms, ends. Knows what the screen shows, nothing of the gun. Simulator only.
import * as LAMP from '../firmware/panel/lamps.ts';
import type { VirtualClock } from './clock.ts';
import type { Skill } from './skill.ts';

export type Key = 'ok' | 'up' | 'down';

/** What the panel is to a person. Implemented by the world. */
export interface PanelHands {
  setKey(key: Key, level: 0 | 1): void;
  /** Eight lines of sixteen characters; `#` where no letter is. */
  readScreen(): string[];
}

const PRESS_FOR_US = 200_000;
/** Time to read a screen and to find the key. Chosen. */
const READ_MS = 1200;
/** Keys pressed at one lamp colour before the person gives up. Chosen: eight slots, a checklist and some. */
const PRESSES_MOST = 20;

/** Down for 200 ms, then up. */
export function pressKey(clock: VirtualClock, hands: PanelHands, key: Key): void {
  hands.setKey(key, 1);
  clock.schedule(clock.nowUs + PRESS_FOR_US, () => {
    hands.setKey(key, 0);
  });
}

export class PanelUser {
  private readonly clock: VirtualClock;
  private readonly hands: PanelHands;
  private readonly skill: Skill;
  private readonly programme: string;
  private lamp: number = LAMP.LAMP_OFF;
  private timer = 0;
  private presses = 0;
  private done = false;

  /** `programme`: name as the screen shows it, in capitals or not. */
  constructor(clock: VirtualClock, hands: PanelHands, skill: Skill, programme: string) {
    this.clock = clock;
    this.hands = hands;
    this.skill = skill;
    this.programme = programme.toUpperCase();
  }

  /** The lamp changed: what the person was about to press is forgotten. */
  sees(rgb: number): void {
    this.lamp = rgb;
    this.presses = 0;
    if (this.timer) this.clock.cancel(this.timer);
    this.timer = 0;
    const mine = rgb === LAMP.LAMP_IDLE || rgb === LAMP.LAMP_READY || rgb === LAMP.LAMP_COMPLETE;
    if (mine && !this.done) this.look();
  }

  /** Reads, presses what it asks for, looks again. */
  private look(): void {
    this.timer = this.after(1000 * this.skill.paceMs(READ_MS), () => {
      this.timer = 0;
      const key = this.keyFor(this.hands.readScreen());
      if (key === null || this.presses >= PRESSES_MOST) return;
      this.presses += 1;
      pressKey(this.clock, this.hands, key);
      if (this.lamp === LAMP.LAMP_COMPLETE) this.done = true;
      else this.look();
    });
  }

  private keyFor(lines: readonly string[]): Key | null {
    const [name = '', keys = ''] = [lines[0], lines[7]];
    if (keys.startsWith('OK YES') || this.lamp !== LAMP.LAMP_IDLE) return keys.startsWith('OK') ? 'ok' : null;
    if (keys.startsWith('OK START') && name.trim() === this.programme) return 'ok';
    return 'down';
  }

  private after(us: number, fn: () => void): number {
    return this.clock.schedule(this.clock.nowUs + us, fn);
  }
}
