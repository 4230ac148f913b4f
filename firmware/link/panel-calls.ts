// What a host may see of the gun as the panel shows it: status words, the text of the screen, programmes kept in slots.
// Not responsible for who may ask (commands.ts). Runs on the gun.
import { REFUSED_NONE, REFUSED_NO_PROGRAM, REFUSED_STATE } from '../core/faults.ts';
import { IDLE } from '../core/states.ts';
import { S_RING_MN, STATUS_WORDS, type Control, type Shelf, type Shown } from './control.ts';
import type { Fields } from './fields.ts';
import * as M from './messages.ts';

export class PanelCalls {
  /** Control's offers when this host's programme was taken. */
  private offered = 0;
  private readonly control: Control;
  private readonly shelf: Shelf;
  private readonly screen: Shown;
  private readonly fields: Fields;

  constructor(control: Control, shelf: Shelf, screen: Shown, fields: Fields) {
    this.fields = fields;
    this.control = control;
    this.shelf = shelf;
    this.screen = screen;
  }

  /** The host's programme is whole: Control judges it. Answers 0 or a REFUSED_… code. */
  offer(words: Int32Array, count: number): number {
    const code = this.control.offer(words, count);
    this.offered = this.control.offers;
    return code;
  }

  /** 1 when the panel has chosen another programme since. */
  get stale(): number {
    return this.offered === this.control.offers ? 0 : 1;
  }

  /** Answers 0 or a REFUSED_… code. */
  make(verb: number): number {
    const shelf = this.shelf;
    const fields = this.fields;
    const first = fields.numbers[0] as number;
    const second = fields.numbers[1] as number;
    if (verb === M.DO_STATUS) this.status();
    else if (verb === M.DO_SCREEN) fields.more = `,"text":"${this.screen.lines[first] as string}"`;
    else if (this.control.state !== IDLE) return REFUSED_STATE;
    else if (verb === M.DO_SHELVE) return second && this.stale ? REFUSED_NO_PROGRAM : shelf.keep(first, second);
    else {
      const count = Math.max(shelf.read(first), 0);
      fields.more = `,"count":${count}`;
      fields.list('ints', shelf.words, second, Math.min(count, second + M.SHELF_INTS));
    }
    return REFUSED_NONE;
  }

  /** A word that would not fit the line is cut to what does. */
  private status(): void {
    const status = this.control.status;
    for (let i = 0; i < STATUS_WORDS; i++) {
      const most = +`1e${M.STATUS_DIGITS[i] as string}` - 1;
      status[i] = Math.max(i < S_RING_MN ? -1 : -most, Math.min(most, status[i] as number));
    }
    this.fields.list('status', status, 0, STATUS_WORDS);
  }
}
