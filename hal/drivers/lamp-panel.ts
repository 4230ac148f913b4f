// Lamp, buzzer and OK button. Not responsible for what a colour means (firmware/panel) nor for the screen. Runs on the gun.
import type { Panel } from '../devices.ts';
import type { DigitalIn, LampOut, ToneOut } from '../io.ts';
import { since } from '../units.ts';
import type { AtMs } from '../units.ts';
import { Debounce } from './debounce.ts';

/** Chosen: as the trigger. */
const OK_DEBOUNCE_FOR_MS = 30;

export class LampPanel implements Panel {
  okCount: number;
  private readonly lampOut: LampOut;
  private readonly buzzer: ToneOut;
  private readonly okButton: DigitalIn;
  private readonly debounce: Debounce;
  private shownRgb: number;
  private beepAtMs: AtMs;
  private beepForMs: number;

  constructor(options: { lamp: LampOut; buzzer: ToneOut; okButton: DigitalIn }) {
    this.lampOut = options.lamp;
    this.buzzer = options.buzzer;
    this.okButton = options.okButton;
    this.debounce = new Debounce(OK_DEBOUNCE_FOR_MS, OK_DEBOUNCE_FOR_MS);
    this.okCount = 0;
    this.shownRgb = -1;
    this.beepAtMs = 0 as AtMs;
    this.beepForMs = 0;
  }

  lamp(rgb: number): void {
    if (rgb === this.shownRgb) return;
    this.shownRgb = rgb;
    this.lampOut.write(rgb);
  }

  beep(frequencyHz: number, forMs: number, nowMs: AtMs): void {
    this.buzzer.write(frequencyHz);
    this.beepAtMs = nowMs;
    this.beepForMs = forMs;
  }

  /** Ends a tone that has had its time; counts presses of the OK button. */
  poll(nowMs: AtMs): void {
    if (this.beepForMs > 0 && since(nowMs, this.beepAtMs) >= this.beepForMs) {
      this.beepForMs = 0;
      this.buzzer.write(0);
    }
    if (this.debounce.look(this.okButton.read(), nowMs) && this.debounce.level) this.okCount += 1;
  }
}
