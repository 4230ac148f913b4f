// The host's side of the virtual gun's line: cuts text into lines, finds stops and acks. Not responsible for when text crosses
// (cable.ts). Simulator only.

/** Text without an end of line goes on as it is at this length. Chosen: far above the longest legal line, far below a flood. */
const LONGEST_PARTIAL = 4096;

const ACK = '"ack":';

export class Plug {
  textFn: ((text: string) => void) | null = null;
  closeFn: (() => void) | null = null;
  /** First line the host ever sent, null before. */
  firstLine: string | null = null;
  ackedSeq = -1;
  private partial = '';
  private lines = '';
  private acked = '';
  private stops = 0;
  private open = true;
  private readonly spoke: () => void;
  private readonly gone: () => void;

  constructor(spoke: () => void, gone: () => void) {
    this.spoke = spoke;
    this.gone = gone;
  }

  show(text: string): void {
    if (this.open) this.textFn?.(text);
  }

  hear(text: string): void {
    if (!this.open) return;
    // Stop is looked for in every chunk and acts at once, before any line is complete.
    const stop = text.includes('!');
    if (stop) this.stops += 1;
    this.partial += stop ? text.replaceAll('!', '') : text;
    for (let at = this.partial.indexOf('\n'); at >= 0; at = this.partial.indexOf('\n')) {
      this.takeLine(this.partial.slice(0, at + 1));
      this.partial = this.partial.slice(at + 1);
    }
    if (this.partial.length > LONGEST_PARTIAL) {
      this.takeLine(this.partial);
      this.partial = '';
    }
    this.spoke();
  }

  takeStop(): boolean {
    const stopped = this.stops > 0;
    this.stops = 0;
    return stopped;
  }

  /** What was said up to the newest ack. */
  takeAcked(): string {
    const text = this.acked;
    this.acked = '';
    return text;
  }

  hangUp(): void {
    if (!this.open) return;
    this.open = false;
    this.closeFn?.();
    this.gone();
  }

  private takeLine(line: string): void {
    this.firstLine ??= line;
    if (line.startsWith('%')) return;
    this.lines += line;
    const ack = line.indexOf(ACK);
    if (ack < 0) return;
    this.ackedSeq = Number.parseInt(line.slice(ack + ACK.length), 10);
    this.acked += this.lines;
    this.lines = '';
  }
}
