// What the three buttons do, by state: choose a programme kept on the gun, confirm the checklist, start, prime, arm, end, clear. In every state
// that moves, up and down stop. It asks the session as the link does (link/control.ts) and decides nothing about safety.
// Not responsible for what is shown (screen.ts) nor for going on after a hold: the session takes OK itself. Runs on the gun.
import type { Panel } from '../../hal/devices.ts';
import { REFUSED_CAUSE, REFUSED_JOURNAL, REFUSED_NO_PROGRAM, REFUSED_NONE, REFUSED_STATE } from '../core/faults.ts';
import { PROGRAM_WORDS_MAX } from '../core/program.ts';
import type { Session } from '../core/session.ts';
import { COMPLETE, FAULT, IDLE, PAUSED, READY } from '../core/states.ts';
import type { Shelf } from '../link/control.ts';
import { PROGRAM_SLOTS, RECORD_PROGRAM0, type Records } from '../store/record.ts';
import { CHECKS } from './words.ts';

export class Menu implements Shelf {
  /** Slot chosen last, 0 to 7. */
  slot: number;
  /** IDLE: question of the checklist, 0 = none; READY and PAUSED: 1 = end? */
  asks: number;
  /** REFUSED_… that the last key met. */
  refused: number;
  /** Keys pressed since boot. */
  presses: number;
  private readonly session: Session;
  private readonly records: Records;
  private readonly panel: Panel;
  readonly words: Int32Array;
  private offer: number;
  private state: number;
  private ok: number;
  private up: number;

  constructor(session: Session, records: Records, panel: Panel) {
    this.session = session;
    this.records = records;
    this.panel = panel;
    this.words = new Int32Array(PROGRAM_WORDS_MAX);
    this.slot = PROGRAM_SLOTS - 1;
    this.asks = 0;
    this.refused = REFUSED_NONE;
    this.presses = 0;
    this.offer = 0;
    this.state = 0;
    this.ok = 0;
    this.up = 0;
  }

  /** 1 while the chosen programme is the one that the session holds: a host may have brought another. */
  get chosen(): number {
    return this.offer && this.offer === this.session.offers ? 1 : 0;
  }

  /** Once a tick: takes at most one key. */
  step(): void {
    const session = this.session;
    const panel = this.panel;
    const presses = panel.okCount + panel.upCount + panel.downCount;
    const state = session.state;
    if (state !== this.state) {
      this.state = state;
      this.asks = 0;
      this.refused = REFUSED_NONE;
    }
    if (presses === this.presses) return;
    const ok = panel.okCount - this.ok;
    const up = panel.upCount - this.up;
    this.presses = presses;
    this.ok = panel.okCount;
    this.up = panel.upCount;
    this.refused = this.key(state, ok, up);
  }

  private key(state: number, ok: number, up: number): number {
    const session = this.session;
    const asked = this.asks;
    this.asks = 0;
    if (state === IDLE) return this.idle(asked, ok, up);
    if (state === FAULT) return ok ? session.clear() : REFUSED_NONE;
    if (state === COMPLETE) return ok ? session.end() : REFUSED_NONE;
    if (state === READY || state === PAUSED) {
      if (up) {
        if (asked) return session.end();
        this.asks = 1;
      } else if (state === READY) {
        const code = ok ? session.arm() : REFUSED_CAUSE;
        return code === REFUSED_CAUSE ? session.prime() : code;
      }
    } else if (!ok) session.stop();
    return REFUSED_NONE;
  }

  private idle(asked: number, ok: number, up: number): number {
    if (!ok) return asked ? REFUSED_NONE : this.walk(up ? -1 : 1);
    if (!this.chosen) return REFUSED_NO_PROGRAM;
    this.asks = asked + 1;
    if (this.asks < CHECKS) return REFUSED_NONE;
    this.asks = 0;
    return this.session.start(0);
  }

  /** Offers the next programme that is kept, in this direction, to the session, which judges it again. */
  private walk(by: number): number {
    for (let i = 0; i < PROGRAM_SLOTS; i++) {
      this.slot = (this.slot + by + PROGRAM_SLOTS) % PROGRAM_SLOTS;
      const count = this.read(this.slot);
      if (count > 0) {
        const code = this.session.offer(this.words, count);
        this.offer = code ? 0 : this.session.offers;
        return code;
      }
    }
    return REFUSED_NO_PROGRAM;
  }

  /** Reads a slot into `words`. Words read, 0 or less when nothing for this gun is kept there. */
  read(slot: number): number {
    return this.records.load(RECORD_PROGRAM0 + slot, this.words);
  }

  /** Keeps the session's programme in a slot, or empties the slot. At IDLE only: it erases. 0 or REFUSED_… */
  keep(slot: number, on: number): number {
    const session = this.session;
    if (session.state !== IDLE) return REFUSED_STATE;
    if (on && !session.programCount) return REFUSED_NO_PROGRAM;
    return this.records.save(RECORD_PROGRAM0 + slot, session.program, on ? session.programCount : 0) ? REFUSED_JOURNAL : REFUSED_NONE;
  }
}
