// The screen: eight lines of sixteen characters, the same at all times, so that programme, depth, dose, spacing, count, what is left and the
// last fault can always be read; the two lowest say what is going on and what the keys do. Drawn a quarter of a line a call, where it changed.
// Not responsible for when there is time to draw (main.ts). Runs on the gun.
import { STRIP_AT, type Ssd1306 } from '../../hal/drivers/ssd1306.ts';
import { REFUSED_CALIBRATION, REFUSED_NO_PROGRAM } from '../core/faults.ts';
import * as P from '../core/program.ts';
import type { Session } from '../core/session.ts';
import { FAULT, HOMING, IDLE, PAUSED, PROBING, READY } from '../core/states.ts';
import { R_LIMIT } from '../link/control.ts';
import type { Journal } from '../store/journal.ts';
import { columnAt, GLYPHS, GLYPH_COLUMNS } from './font.ts';
import { LAMP_CAP_OFF } from './lamps.ts';
import type { Menu } from './menu.ts';
import * as W from './words.ts';

export const SCREEN_CHARACTERS = 16;
const BLANKS = '                '; // SCREEN_CHARACTERS of them
const LINES = 8;
/** A call makes a line's text or draws one of its quarters. */
const CALLS = 5;
const ALL_CALLS = 40; // LINES * CALLS
const QUARTER_CHARACTERS = 4;
/** A character's cell, its first column left free. */
const CELL_COLUMNS = 8;

const LINE_DONE = 4;
const LINE_INFO = 6;
const LINE_KEYS = 7;
const LABELS = ['', 'DEPTH', 'DOSE', 'SPACING', 'DONE ', 'LEFT'];
const UNITS = ['', ' mm', ' ul', ' mm', '', ' ul'];
const WORDS = [0, P.P_DEPTH_UM, P.P_DOSE_NL, P.P_SPACING_UM, 0, P.P_FILL_NL];

/** Thousandths of a unit, as the unit with two decimals. */
const decimal = (thousandths: number): string => ((((thousandths + 5) / 10) | 0) / 100).toFixed(2);

export class Screen {
  /** What the chip shows, line by line. */
  readonly lines = ['', '', '', '', '', '', '', ''];
  private readonly display: Ssd1306;
  private readonly session: Session;
  private readonly menu: Menu;
  private readonly journal: Journal;
  private ready = 0;
  /** The line that is being drawn. */
  private drawn = '';
  private at = 0;
  private seen = -1;

  constructor(display: Ssd1306, session: Session, menu: Menu, journal: Journal) {
    this.display = display;
    this.session = session;
    this.menu = menu;
    this.journal = journal;
  }

  /** Looks at one line, the two lowest first, or draws a quarter of it where it differs; 0 when there was nothing to do. A screen that does not answer is tried again when something has changed. */
  step(): number {
    const session = this.session;
    const seen = session.orders.lampRgb + session.offers + session.treatment.prick + this.menu.presses + this.menu.chosen;
    if (seen !== this.seen || (session.state === FAULT && this.at === ALL_CALLS)) this.at = 0;
    this.seen = seen;
    if (this.at === ALL_CALLS) return 0;
    if (!this.ready) {
      this.begin();
      return 1;
    }
    const line = (((this.at / CALLS) | 0) + LINE_INFO) % LINES;
    const call = this.at % CALLS;
    this.at++;
    let worked = 1;
    if (!call) {
      this.drawn = this.text(line);
      if (this.drawn === this.lines[line]) this.at += CALLS - 1;
    } else worked = this.quarter(line, call - 1);
    if (this.at === ALL_CALLS) this.display.show();
    return worked;
  }

  private quarter(line: number, quarter: number): number {
    const shown = this.lines[line] as string;
    const from = quarter * QUARTER_CHARACTERS;
    const to = from + QUARTER_CHARACTERS;
    const text = this.drawn.slice(from, to);
    if (text === shown.slice(from, to)) return 0;
    this.lines[line] = this.drawn.slice(0, to) + shown.slice(to);
    this.ready = this.draw(line, quarter, text) ? 0 : 1;
    return 1;
  }

  private begin(): void {
    this.ready = this.display.init() ? 0 : 1;
    for (let line = 0; line < LINES; line++) this.lines[line] = '';
    if (!this.ready) this.at = ALL_CALLS;
  }

  private draw(line: number, quarter: number, text: string): number {
    const strip = this.display.strip;
    strip.fill(0, STRIP_AT);
    for (let i = 0; i < QUARTER_CHARACTERS; i++) {
      const glyph = GLYPHS.indexOf(text[i] as string) * GLYPH_COLUMNS;
      if (glyph < 0) continue;
      const at = STRIP_AT + i * CELL_COLUMNS + 1;
      for (let column = 0; column < GLYPH_COLUMNS; column++) strip[at + column] = columnAt(glyph + column);
    }
    return this.display.draw(line, quarter);
  }

  /** A whole line, 0 to 7 from the top. */
  private text(line: number): string {
    const session = this.session;
    const treatment = session.treatment;
    const begun = session.state > HOMING;
    let left = '';
    let right = '';
    if (line === LINE_INFO) left = this.info();
    else if (line === LINE_KEYS) left = this.keys();
    else {
      if (session.programCount) left = line ? (LABELS[line] as string) : this.name();
      else if (!line) left = 'MESOGUN';
      else if (line === LINE_DONE) left = LABELS[line] as string;
      if (line === LINE_DONE) {
        if (session.programCount) left += `${begun ? treatment.doneCount : 0}/${session.program[P.P_PRICKS] as number}`;
        right = `F${session.guard.fault || this.journal.lastFault || '-'}`;
      } else if (line && session.programCount) {
        const shown = line > LINE_DONE && begun ? treatment.dose.remainingNl : (session.program[WORDS[line] as number] as number);
        right = decimal(shown) + (UNITS[line] as string);
      }
    }
    return left + BLANKS.slice(left.length + right.length) + right;
  }

  private name(): string {
    let text = '';
    for (let at = 0; at < SCREEN_CHARACTERS; at++) {
      const code = ((this.session.program[P.P_NAME + (at >> 2)] as number) >> (24 - (at & 3) * 8)) & 255;
      if (code) text += String.fromCharCode(code);
    }
    return text.toUpperCase();
  }

  private info(): string {
    const session = this.session;
    const menu = this.menu;
    const state = session.state;
    if (menu.refused === REFUSED_NO_PROGRAM) return 'NO PROGRAMME';
    if (menu.refused === REFUSED_CALIBRATION) return 'NO CALIBRATION';
    if (menu.refused) return `REFUSED ${menu.refused} AT ${session.refusal[R_LIMIT] as number}`;
    if (menu.asks) return state === IDLE ? W.wordOf(W.CHECK_WORDS, menu.asks) : 'END SESSION?';
    if (state === IDLE && menu.chosen) return `PROGRAMME ${menu.slot + 1}`;
    if (state === PAUSED) return W.wordOf(W.HOLD_WORDS, session.hold);
    if (state === FAULT) return W.wordOf(W.FAULT_WORDS, session.guard.fault);
    if (state === READY && session.primed) return 'PRIMED';
    if (state === PROBING && session.orders.lampRgb === LAMP_CAP_OFF) return 'TAKE CAP OFF';
    return W.wordOf(W.STATE_WORDS, state);
  }

  private keys(): string {
    const session = this.session;
    const menu = this.menu;
    const state = session.state;
    if (menu.asks) return state === IDLE ? 'OK YES    U/D NO' : 'UP YES';
    if (state === IDLE && !menu.chosen) return 'UP/DOWN: CHOOSE';
    if (state === READY && session.primed) return 'OK ARM    UP END';
    if (state === FAULT && !session.guard.safe) return 'WITHDRAW BY HAND';
    return W.wordOf(W.KEY_WORDS, state);
  }
}
