// A contact that bounces, made a level: it follows after it has stood still for its time. Runs on the gun.
// Pressed at the first look is a level, not an edge (R27: trigger low at boot).
import { since } from '../units.ts';
import type { AtMs } from '../units.ts';

export class Debounce {
  /** 0 or 1 once looked at; -1 before. */
  level: number;
  /** The level while the raw contact stands at it, else -1: a look at it would change nothing. */
  still: number;
  private rawLevel: number;
  private rawAtMs: AtMs;
  private readonly riseForMs: number;
  private readonly fallForMs: number;

  /** Milliseconds the raw contact must stand closed, and open, before the level follows. */
  constructor(riseForMs: number, fallForMs: number) {
    this.riseForMs = riseForMs;
    this.fallForMs = fallForMs;
    this.level = -1;
    this.still = -1;
    this.rawLevel = -1;
    this.rawAtMs = 0 as AtMs;
  }

  /** As before the first look. */
  forget(): void {
    this.level = -1;
    this.still = -1;
  }

  /** One look. Returns 1 when the level changed from one to the other. */
  look(raw: number, nowMs: AtMs): number {
    if (raw !== this.rawLevel) {
      this.rawLevel = raw;
      this.rawAtMs = nowMs;
    }
    const level = this.level;
    this.still = -1;
    if (level >= 0 && raw !== level && since(nowMs, this.rawAtMs) < (raw ? this.riseForMs : this.fallForMs)) return 0;
    this.still = raw;
    this.level = raw;
    return level >= 0 && raw !== level ? 1 : 0;
  }
}
