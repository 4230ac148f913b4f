// What `mesogun flash` shows: a line a step, bytes with rate and time left on a terminal, one event a line with --json.
import type { Desk } from '../desk.ts';
import type { Flashed } from './flasher.ts';
import type { Greeted } from './handshake.ts';
import type { Step } from './runtime.ts';

interface Ending {
  readonly port: string;
  readonly flashed: Flashed;
  readonly greeted: Greeted | null;
  readonly dryRun: boolean;
}

const CLEAR_LINE = '\r\x1b[2K';
/** Wall time between two drawings of the progress. Chosen: what an eye follows. */
const DRAW_EVERY_MS = 100;

export class FlashProgress {
  private readonly desk: Desk;
  private readonly json: boolean;
  private stepNow: Step | null = null;
  private beganAtMs = 0;
  private drawnAtMs = -Infinity;
  private isDrawn = false;
  /** Bytes and wall time of the write, for the summary. */
  private written = { bytes: 0, forMs: 0 };

  constructor(desk: Desk, json: boolean) {
    this.desk = desk;
    this.json = json;
  }

  step(step: Step, says: string): void {
    this.clear();
    if (this.json) this.desk.out(`${JSON.stringify({ event: 'step', step, says })}\n`);
    this.desk.say(`${step.padEnd(9)}${says}`);
  }

  bytes(step: Step, doneBytes: number, totalBytes: number): void {
    const nowMs = this.desk.wallMs();
    if (step !== this.stepNow) {
      this.stepNow = step;
      this.beganAtMs = nowMs;
    }
    const forMs = nowMs - this.beganAtMs;
    if (step === 'write') this.written = { bytes: doneBytes, forMs };
    if (!this.desk.isTerminal || this.json || nowMs - this.drawnAtMs < DRAW_EVERY_MS) return;
    this.drawnAtMs = nowMs;
    this.isDrawn = true;
    const bytesPerS = forMs > 0 ? (1000 * doneBytes) / forMs : 0;
    const left = bytesPerS > 0 ? `, ${Math.ceil((totalBytes - doneBytes) / bytesPerS)} s left` : '';
    const percent = Math.floor((100 * doneBytes) / Math.max(1, totalBytes));
    this.desk.draw(
      `${CLEAR_LINE}${step.padEnd(9)}${doneBytes} of ${totalBytes} bytes (${percent} %), ${(bytesPerS / 1024).toFixed(1)} KB/s${left}`,
    );
  }

  clear(): void {
    if (this.isDrawn) this.desk.draw(CLEAR_LINE);
    this.isDrawn = false;
  }

  end({ port, flashed, greeted, dryRun }: Ending): void {
    this.clear();
    const { identity, image, before, written, started } = flashed;
    if (this.json) {
      const { manifest } = image;
      const gun = greeted ?? null;
      const summary = { event: 'summary', port, ...identity, before, written, dryRun, running: started?.isRunning ?? false, manifest, gun };
      this.desk.out(`${JSON.stringify({ ...summary, writeMs: Math.round(this.written.forMs) })}\n`);
      return;
    }
    if (dryRun) this.desk.say('dry run: nothing was changed');
    else if (greeted !== null) this.desk.say(`gun ${greeted.device} speaks on its link and passed its self-test; image ${greeted.imageId}`);
    else if (started?.isRunning === true)
      this.desk.say('the gun speaks on its UART (GP0, GP1): --link PORT, or mesogun device selftest --port PORT, shows its self-test');
  }
}
