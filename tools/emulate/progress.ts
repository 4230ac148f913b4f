// What an emulation shows: a line a step, and, while it works, how much emulated time has gone by and how fast.
import type { Desk } from '../desk.ts';
import type { Step } from '../flash/runtime.ts';
import { spell } from '../progress.ts';

const CLEAR_LINE = '\r\x1b[2K';
/** Wall time between two drawings on a terminal, and between two lines elsewhere. Chosen. */
const DRAW_EVERY_MS = 200;
const LINE_EVERY_MS = 30_000;

export class EmulationProgress {
  private readonly desk: Desk;
  private readonly json: boolean;
  private readonly startedAtMs: number;
  private shownAtMs: number;
  private doing = 'start';
  private isDrawn = false;

  constructor(desk: Desk, json = false) {
    this.desk = desk;
    this.json = json;
    this.startedAtMs = desk.wallMs();
    this.shownAtMs = this.startedAtMs;
  }

  step(step: Step | 'session', says: string): void {
    this.clear();
    if (this.json && step !== 'session') this.desk.out(`${JSON.stringify({ event: 'step', step, says })}\n`);
    this.doing = `${step} ${says}`.slice(0, 40);
    this.desk.say(`${step.padEnd(9)}${says}`);
  }

  bytes(step: Step, doneBytes: number, totalBytes: number): void {
    this.doing = `${step} ${Math.floor((100 * doneBytes) / Math.max(1, totalBytes))} %`;
  }

  /** A prick is done. */
  prick(number: number, planned: number): void {
    this.doing = `prick ${number} of ${planned}`;
  }

  /** Called each emulated millisecond. */
  show(gun: { readonly nowUs: number; readonly chip: { readonly instructions: number } }): void {
    const nowMs = this.desk.wallMs();
    if (nowMs - this.shownAtMs < (this.desk.isTerminal ? DRAW_EVERY_MS : LINE_EVERY_MS)) return;
    this.shownAtMs = nowMs;
    const wallMs = Math.max(1, nowMs - this.startedAtMs);
    const ratio = (gun.nowUs / 1000 / wallMs).toFixed(2);
    const mips = (gun.chip.instructions / wallMs / 1000).toFixed(1);
    const text = `${this.doing}: ${spell(gun.nowUs / 1000)} emulated in ${spell(wallMs)}, ${ratio}× real time, ${mips} million instructions/s`;
    if (this.desk.isTerminal) this.desk.draw(`${CLEAR_LINE}${text.slice(0, this.desk.columns - 1)}`);
    else this.desk.say(text);
    this.isDrawn = this.desk.isTerminal;
  }

  clear(): void {
    if (this.isDrawn) this.desk.draw(CLEAR_LINE);
    this.isDrawn = false;
  }
}
