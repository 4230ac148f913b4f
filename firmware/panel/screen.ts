// The screen: eight lines of sixteen characters, the same at all times, so that programme, depth, dose, spacing, count, what is left and the
// last fault can always be read; the two lowest say what is going on and what the keys do. Drawn half a line a call, where it changed.
// Not responsible for when there is time to draw (main.ts). Runs on the gun.
import { STRIP_AT, type Ssd1306 } from '../../hal/drivers/ssd1306.ts';
import { REFUSED_CALIBRATION, REFUSED_NO_PROGRAM } from '../core/faults.ts';
import * as P from '../core/program.ts';
import type { Session } from '../core/session.ts';
import { FAULT, HOMING, IDLE, PAUSED, PROBING, READY } from '../core/states.ts';
import { R_LIMIT } from '../link/control.ts';
import type { Journal } from '../store/journal.ts';
import { FONT, GLYPHS, GLYPH_COLUMNS } from './font.ts';
import { LAMP_CAP_OFF } from './lamps.ts';
import type { Menu } from './menu.ts';
import * as W from './words.ts';

export const SCREEN_CHARACTERS = 16;
/** Half lines, left before right, from the top. */
const HALVES = 16;
const HALF_CHARACTERS = 8;
/** A character's cell, its first column left free. */
const CELL_COLUMNS = 8;

const LINE_DONE = 4;
const LINE_INFO = 6;
const LINE_KEYS = 7;
const LABELS = ['', 'DEPTH', 'DOSE', 'SPACING', 'DONE ', 'LEFT'];
const UNITS = ['', ' mm', ' ul', ' mm', '', ' ul'];
const WORDS = [0, P.P_DEPTH_UM, P.P_DOSE_NL, P.P_SPACING_UM, 0, P.P_FILL_NL];

/** `left` at the left edge, `right` at the right one. */
const spread = (left: string, right: string): string => {
  let text = left;
  while (text.length + right.length < SCREEN_CHARACTERS) text += ' ';
  return text + right;
};

/** Thousandths of a unit, as the unit with two decimals. */
const decimal = (thousandths: number): string => {
  const hundredths = ((thousandths + 5) / 10) | 0;
  const rest = hundredths % 100;
  return `${(hundredths / 100) | 0}${rest < 10 ? '.0' : '.'}${rest}`;
};

export class Screen {
  /** What the chip shows, in half lines. */
  readonly halves: string[];
  private readonly display: Ssd1306;
  private readonly session: Session;
  private readonly menu: Menu;
  private readonly journal: Journal;
  private ready: number;
  private at: number;
  private seen: number;

  constructor(display: Ssd1306, session: Session, menu: Menu, journal: Journal) {
    this.display = display;
    this.session = session;
    this.menu = menu;
    this.journal = journal;
    this.halves = [];
    for (let at = 0; at < HALVES; at++) this.halves[at] = '';
    this.ready = 0;
    this.at = 0;
    this.seen = -1;
  }

  /** Looks at one half line, the two lowest lines first, draws it when it differs. A screen that does not answer is tried again when something has changed. */
  step(): void {
    const session = this.session;
    const seen = session.orders.lampRgb + session.offers + session.treatment.prick + this.menu.presses;
    if (seen !== this.seen || (session.state === FAULT && this.at === HALVES)) this.at = 0;
    this.seen = seen;
    if (this.at === HALVES) return;
    if (!this.ready) {
      this.begin();
      return;
    }
    const place = (this.at + LINE_INFO * 2) % HALVES;
    const from = (place & 1) * HALF_CHARACTERS;
    const text = this.text(place >> 1).substring(from, from + HALF_CHARACTERS);
    if (text !== this.halves[place]) {
      this.halves[place] = text;
      this.ready = this.draw(place, text) ? 0 : 1;
    }
    this.at++;
    if (this.at === HALVES) this.display.show();
  }

  private begin(): void {
    this.ready = this.display.init() ? 0 : 1;
    for (let at = 0; at < HALVES; at++) this.halves[at] = '';
    if (!this.ready) this.at = HALVES;
  }

  private draw(place: number, text: string): number {
    const strip = this.display.strip;
    strip.fill(0, STRIP_AT);
    for (let i = 0; i < HALF_CHARACTERS; i++) {
      const glyph = GLYPHS.indexOf(text.charAt(i)) * GLYPH_COLUMNS;
      if (glyph < 0) continue;
      const at = STRIP_AT + i * CELL_COLUMNS + 1;
      for (let column = 0; column < GLYPH_COLUMNS; column++) strip[at + column] = FONT[glyph + column] as number;
    }
    return this.display.draw(place >> 1, place & 1);
  }

  /** A whole line, 0 to 7 from the top. */
  private text(line: number): string {
    const session = this.session;
    const treatment = session.treatment;
    const begun = session.state > HOMING;
    if (line === LINE_INFO) return spread(this.info(), '');
    if (line === LINE_KEYS) return spread(this.keys(), '');
    if (line === LINE_DONE) {
      const done = session.programCount ? `${begun ? treatment.doneCount : 0}/${session.program[P.P_PRICKS] as number}` : '';
      return spread(`${LABELS[line] as string}${done}`, `F${session.guard.fault || this.journal.lastFault || '-'}`);
    }
    if (!session.programCount) return spread(line ? '' : 'MESOGUN', '');
    if (!line) return spread(this.name(), '');
    const value = session.program[WORDS[line] as number] as number;
    const shown = line > LINE_DONE && begun ? treatment.dose.remainingNl : value;
    return spread(LABELS[line] as string, `${decimal(shown)}${UNITS[line] as string}`);
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
    if (menu.asks) return state === IDLE ? (W.CHECK_WORDS[menu.asks] as string) : 'END SESSION?';
    if (state === IDLE && menu.chosen) return `PROGRAMME ${menu.slot + 1}`;
    if (state === PAUSED) return W.HOLD_WORDS[session.hold] as string;
    if (state === FAULT) return W.FAULT_WORDS[session.guard.fault] as string;
    if (state === READY && session.primed) return 'PRIMED';
    if (state === PROBING && session.orders.lampRgb === LAMP_CAP_OFF) return 'TAKE CAP OFF';
    return W.STATE_WORDS[state] as string;
  }

  private keys(): string {
    const session = this.session;
    const menu = this.menu;
    const state = session.state;
    if (menu.asks) return state === IDLE ? 'OK YES    U/D NO' : 'UP YES';
    if (state === IDLE && !menu.chosen) return 'UP/DOWN: CHOOSE';
    if (state === READY && session.primed) return 'OK ARM    UP END';
    if (state === FAULT && !session.guard.safe) return 'WITHDRAW BY HAND';
    return W.KEY_WORDS[state] as string;
  }
}
