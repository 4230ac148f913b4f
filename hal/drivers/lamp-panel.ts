// Lamp, buzzer and the three buttons. Not responsible for what a colour means (firmware/panel) nor for the screen. Runs on the gun.
import type { Panel } from '../devices.ts';
import type { DigitalIn, LampOut, ToneOut } from '../io.ts';
import { since } from '../units.ts';
import type { AtMs } from '../units.ts';
import { Debounce } from './debounce.ts';

/** Chosen: as the trigger. */
const KEY_DEBOUNCE_FOR_MS = 30;

/** 1 at the look that finds the button newly pressed. */
const pressed = (button: DigitalIn, debounce: Debounce, nowMs: AtMs): number => {
  const raw = button();
  return raw !== debounce.still && debounce.look(raw, nowMs) && debounce.level ? 1 : 0;
};

export class LampPanel implements Panel {
  okCount: number;
  upCount: number;
  downCount: number;
  private readonly board: { lamp: LampOut; buzzer: ToneOut };
  private readonly okButton: DigitalIn;
  private readonly upButton: DigitalIn;
  private readonly downButton: DigitalIn;
  private readonly ok: Debounce;
  private readonly up: Debounce;
  private readonly down: Debounce;
  private shownRgb: number;
  private beepAtMs: AtMs;
  private beepForMs: number;
  private turn: number;

  constructor(options: { lamp: LampOut; buzzer: ToneOut; okButton: DigitalIn; upButton: DigitalIn; downButton: DigitalIn }) {
    this.board = options;
    this.okButton = options.okButton;
    this.upButton = options.upButton;
    this.downButton = options.downButton;
    this.ok = new Debounce(KEY_DEBOUNCE_FOR_MS, KEY_DEBOUNCE_FOR_MS);
    this.up = new Debounce(KEY_DEBOUNCE_FOR_MS, KEY_DEBOUNCE_FOR_MS);
    this.down = new Debounce(KEY_DEBOUNCE_FOR_MS, KEY_DEBOUNCE_FOR_MS);
    this.okCount = 0;
    this.upCount = 0;
    this.downCount = 0;
    this.shownRgb = -1;
    this.beepAtMs = 0 as AtMs;
    this.beepForMs = 0;
    this.turn = 0;
  }

  lamp(rgb: number): void {
    if (rgb === this.shownRgb) return;
    this.shownRgb = rgb;
    this.board.lamp(rgb);
  }

  beep(frequencyHz: number, forMs: number, nowMs: AtMs): void {
    this.board.buzzer(frequencyHz);
    this.beepAtMs = nowMs;
    this.beepForMs = forMs;
  }

  /**
   * Ends a tone that has had its time; counts presses of the buttons. Without `all` it looks at up and down in turn, one a poll, and not
   * at OK: one that is held when it is looked at again is a level, not a press.
   */
  poll(nowMs: AtMs, all: number): void {
    if (this.beepForMs > 0 && since(nowMs, this.beepAtMs) >= this.beepForMs) {
      this.beepForMs = 0;
      this.board.buzzer(0);
    }
    if (all) this.okCount += pressed(this.okButton, this.ok, nowMs);
    else this.ok.forget();
    this.turn ^= 1;
    if (all || this.turn) this.upCount += pressed(this.upButton, this.up, nowMs);
    if (all || !this.turn) this.downCount += pressed(this.downButton, this.down, nowMs);
  }
}
