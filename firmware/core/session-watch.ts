// What the session keeps an eye on in every state: a stuck trigger, dead load cells, a state that outlives its limit.
// Not responsible for the bus, depth and plunger: the supervisor is.
import { since } from '../../hal/units.ts';
import type { ForMs } from '../../hal/units.ts';
import { HOLD_LIMIT } from '../store/entry.ts';
import * as F from './faults.ts';
import { SessionCommands } from './session-commands.ts';
import * as S from './states.ts';

/** A trigger held this long where it means nothing is stuck (R27). */
const TRIGGER_STUCK_FOR_MS = 10000;
const CELLS_SILENT_FOR_MS = 1000;

export abstract class SessionWatch extends SessionCommands {
  private watched = 0;

  /** One of them a tick, in turn, where nothing is set going: their limits are seconds. */
  protected watch(): void {
    const next = this.watched + 1;
    this.watched = next > 2 ? 0 : next;
    if (next === 1) this.watchTrigger();
    else if (next === 2) this.watchCells();
    else this.watchTime();
  }

  /** R27: held 10 s without contact, or outside TREATING and PRIMING, is stuck. */
  private watchTrigger(): void {
    const readings = this.readings;
    const state = this.state;
    const meant =
      state === S.PRIMING || state === S.SERVICE || (state === S.TREATING && (readings.contact || this.treatment.stroke.running));
    if (!readings.triggerHeld || meant || state < S.IDLE || state === S.FAULT) this.heldAtMs = readings.nowMs;
    else if (since(readings.nowMs, this.heldAtMs) >= TRIGGER_STUCK_FOR_MS) this.orders.trip = F.FAULT_TRIGGER_STUCK;
  }

  /** R24: a load cell that says nothing believable for a second while pricks may come is dead. */
  private watchCells(): void {
    const readings = this.readings;
    const needed = this.state === S.ARMED || this.state === S.TREATING;
    if (!needed || (readings.ringValid && readings.pusherValid)) this.cellsAtMs = readings.nowMs;
    else if (since(readings.nowMs, this.cellsAtMs) > CELLS_SILENT_FOR_MS) this.orders.trip = F.FAULT_SENSOR;
  }

  private watchTime(): void {
    const limitMs = S.STATE_LIMIT_MS[this.state] as number;
    if (!limitMs || since(this.readings.nowMs, this.stateAtMs) <= (limitMs as ForMs)) return;
    if (this.state === S.ARMED) this.holdFor(HOLD_LIMIT, 0, limitMs);
    else if (this.state === S.PAUSED) this.end();
    else if (this.state === S.TREATING) this.stopAsked = 1;
    else this.orders.trip = F.FAULT_TIME_LIMIT;
  }
}
