// What a host may see of the gun as the panel shows it: status words, the text of the screen, programmes kept in slots.
// Not responsible for who may ask (commands.ts). Runs on the gun.
import { REFUSED_NONE, REFUSED_NO_PROGRAM, REFUSED_STATE } from '../core/faults.ts';
import { IDLE } from '../core/states.ts';
import { S_RING_MN, STATUS_WORDS, type Control, type Shelf, type Shown } from './control.ts';
import * as M from './messages.ts';

const within = (value: number, least: number, most: number): number => Math.max(least, Math.min(most, value));

export class PanelCalls {
  /** What the answer carries besides ok. */
  more = '';
  /** Control's offers when this host's programme was taken. */
  private offered = 0;
  private readonly control: Control;
  private readonly shelf: Shelf;
  private readonly screen: Shown;

  constructor(control: Control, shelf: Shelf, screen: Shown) {
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

  /** `first` and `second` are the message's numbers. Answers 0 or a REFUSED_… code. */
  make(verb: number, first: number, second: number): number {
    const shelf = this.shelf;
    this.more = '';
    if (verb === M.DO_STATUS) return this.status();
    if (verb === M.DO_SCREEN) {
      this.more = `,"text":"${this.screen.lines[first] as string}"`;
      return REFUSED_NONE;
    }
    if (this.control.state !== IDLE) return REFUSED_STATE;
    if (verb === M.DO_SHELVE) return second && this.stale ? REFUSED_NO_PROGRAM : shelf.keep(first, second);
    const count = shelf.read(first);
    let text = `,"count":${count > 0 ? count : 0},"ints":[`;
    for (let at = second; at < count && at < second + M.SHELF_INTS; at++)
      text += at > second ? `,${shelf.words[at] as number}` : `${shelf.words[at] as number}`;
    this.more = text + ']';
    return REFUSED_NONE;
  }

  private status(): number {
    const status = this.control.status;
    let text = ',"status":[';
    for (let i = 0; i < STATUS_WORDS; i++) {
      const most = M.STATUS_MOST[i] as number;
      const word = within(status[i] as number, i < S_RING_MN ? -1 : -most, most);
      text += i > 0 ? `,${word}` : `${word}`;
    }
    this.more = text + ']';
    return REFUSED_NONE;
  }
}
