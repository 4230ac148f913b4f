// How far many sessions have come, for people: one line on a terminal, a line each tenth elsewhere. Of one session: progress.ts.
import type { Desk } from './desk.ts';
import { spell } from './progress.ts';

/** Redraw at most this often. Chosen: as the session's progress line. */
const REDRAW_EVERY_MS = 200;

/** One line for people: how far, how fast, how long still. */
export class CountProgress {
  private readonly desk: Desk;
  private readonly total: number;
  private readonly startedAtMs: number;
  private done = 0;
  private drawnAtMs = -Infinity;
  private tenths = 0;

  constructor(desk: Desk, total: number) {
    this.desk = desk;
    this.total = total;
    this.startedAtMs = desk.wallMs();
  }

  /** One more session. */
  step(): void {
    this.done += 1;
    const nowMs = this.desk.wallMs();
    const forMs = Math.max(1, nowMs - this.startedAtMs);
    const leftMs = (forMs / this.done) * (this.total - this.done);
    const text = `${this.done}/${this.total} sessions  ${((1000 * this.done) / forMs).toFixed(1)} a second  ${spell(leftMs)} left`;
    if (this.desk.isTerminal) {
      if (nowMs - this.drawnAtMs < REDRAW_EVERY_MS && this.done < this.total) return;
      this.drawnAtMs = nowMs;
      this.desk.draw(`\r${text.padEnd(this.desk.columns - 1).slice(0, this.desk.columns - 1)}`);
      return;
    }
    const tenths = Math.floor((10 * this.done) / this.total);
    if (tenths > this.tenths) this.desk.say(`${tenths * 10} %  ${text}`);
    this.tenths = tenths;
  }

  close(): void {
    if (this.desk.isTerminal && this.done > 0) this.desk.draw('\n');
  }
}
