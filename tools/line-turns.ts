// Cuts what a wire brings into lines and has them handled one a turn of the event loop: what a line's listeners do, and what
// follows from it in promises, comes before its ack, and its ack before the next line, however the wire cut the text. So what
// the gun receives depends on what it sent alone. Not responsible for what lines mean. Runs at the desk.
import { LINE_MAX } from '../firmware/link/messages.ts';

/** Text without a line feed that is kept: a gun's line has 160 characters at most. */
const PARTIAL_MAX = 4 * LINE_MAX;

export class LineTurns {
  private readonly handle: (line: string) => number;
  private readonly acknowledge: (seq: number) => void;
  private readonly lines: string[] = [];
  private partial = '';
  private busy = false;
  private ended = false;

  /** `handle` answers the number to acknowledge, 0 for none. */
  constructor(handle: (line: string) => number, acknowledge: (seq: number) => void) {
    this.handle = handle;
    this.acknowledge = acknowledge;
  }

  take(text: string): void {
    this.partial += text;
    for (let end = this.partial.indexOf('\n'); end >= 0; end = this.partial.indexOf('\n')) {
      this.lines.push(this.partial.slice(0, end));
      this.partial = this.partial.slice(end + 1);
    }
    if (this.partial.length > PARTIAL_MAX) this.partial = '';
    this.turn();
  }

  end(): void {
    this.ended = true;
  }

  private turn(): void {
    if (this.busy || this.ended) return;
    const line = this.lines.shift();
    if (line === undefined) return;
    const seq = this.handle(line);
    this.busy = true;
    setImmediate(() => {
      this.busy = false;
      if (seq > 0 && !this.ended) this.acknowledge(seq);
      this.turn();
    });
  }
}
