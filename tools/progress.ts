// Progress of a session for a person: one line that redraws itself on a terminal, a plain line per ten percent elsewhere.
// Not responsible for where the figures come from.
import type { Desk } from './desk.ts';

export interface ProgressFigures {
  readonly state: string;
  readonly done: number;
  readonly planned: number;
  readonly deliveredNl: number;
  readonly simulatedMs: number;
}

/** `12.3 s`, `2 min 5 s` from milliseconds. */
export function spell(ms: number): string {
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Redraw at most this often. Chosen: faster than the eye reads, slow enough to cost nothing. */
const REDRAW_EVERY_MS = 60;
const BAR_CELLS = 20;

export class Progress {
  private readonly desk: Desk;
  private readonly startedAtMs: number;
  private drawnAtMs = -Infinity;
  private tenths = 0;
  private state = '';
  private lineLength = 0;

  constructor(desk: Desk) {
    this.desk = desk;
    this.startedAtMs = desk.wallMs();
  }

  /** Call it whenever a figure changes. */
  show(figures: ProgressFigures): void {
    if (this.desk.isTerminal) this.redraw(figures);
    else this.plain(figures);
  }

  /** Takes the redrawn line away; what was plain stays. */
  close(): void {
    if (this.lineLength > 0) this.desk.draw(`\r${' '.repeat(this.lineLength)}\r`);
    this.lineLength = 0;
  }

  private text(figures: ProgressFigures): string {
    const wallMs = Math.max(1, this.desk.wallMs() - this.startedAtMs);
    const ratio = figures.simulatedMs / wallMs;
    const times = ratio >= 10 ? Math.round(ratio).toString() : ratio.toFixed(1);
    return `${figures.done}/${figures.planned} pricks  ${(figures.deliveredNl / 1000).toFixed(1)} µL  ${spell(figures.simulatedMs)}  ${times}×`;
  }

  private redraw(figures: ProgressFigures): void {
    const nowMs = this.desk.wallMs();
    if (nowMs - this.drawnAtMs < REDRAW_EVERY_MS && figures.done < figures.planned && figures.state === this.state) return;
    this.drawnAtMs = nowMs;
    this.state = figures.state;
    const filled = figures.planned > 0 ? Math.floor((BAR_CELLS * figures.done) / figures.planned) : 0;
    const line = `${figures.state.padEnd(9)} ${'█'.repeat(filled)}${'░'.repeat(BAR_CELLS - filled)} ${this.text(figures)}`.slice(
      0,
      this.desk.columns - 1,
    );
    this.desk.draw(`\r${line}${' '.repeat(Math.max(0, this.lineLength - line.length))}`);
    this.lineLength = line.length;
  }

  private plain(figures: ProgressFigures): void {
    const tenths = figures.planned > 0 ? Math.floor((10 * figures.done) / figures.planned) : 0;
    if (figures.state !== this.state && figures.done === 0) {
      this.state = figures.state;
      this.desk.say(figures.state.toLowerCase());
    }
    if (tenths <= this.tenths) return;
    this.tenths = tenths;
    this.desk.say(`${tenths * 10} %  ${this.text(figures)}`);
  }
}
