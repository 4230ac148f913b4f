// The line of an instrument beside a virtual gun for a host at the other end of a socket or a pseudo-terminal: time goes on while it
// may still be waiting. Not responsible for sockets (gun-server.ts) nor for the instrument (sim/bench.ts).
import type { Bench } from '../../sim/bench.ts';
import type { SideLine } from '../../sim/side-line.ts';
import type { LineEnd } from '../gun-server.ts';

/** A host that has said something may wait for so long, virtual time. Source: a balance gives up on stability after 40 s. */
const MAY_WAIT_MS = 60_000;

export class SideEnd implements LineEnd {
  private readonly which: 'balance' | 'gauge';
  private line: SideLine | null = null;
  private early = '';
  private textFn: (text: string) => void = () => undefined;
  private closeFn: () => void = () => undefined;
  private stopWaiting: () => void = () => undefined;

  constructor(which: 'balance' | 'gauge') {
    this.which = which;
  }

  /** The world is there. */
  place(bench: Bench): void {
    const line = this.which === 'balance' ? bench.connectBalance() : bench.connectGauge();
    this.line = line;
    line.onText = (text) => {
      this.textFn(text);
    };
    line.onClose = () => {
      this.closeFn();
    };
    if (this.early !== '') this.write(this.early);
  }

  write(text: string): void {
    const { line } = this;
    if (!line) {
      this.early += text;
      return;
    }
    this.stopWaiting();
    this.stopWaiting = line.after(MAY_WAIT_MS, () => undefined);
    line.write(text);
  }

  onText(fn: (text: string) => void): void {
    this.textFn = fn;
  }

  onClose(fn: () => void): void {
    this.closeFn = fn;
  }

  close(): Promise<void> {
    this.stopWaiting();
    if (this.line) this.line.open = false;
    this.textFn = this.closeFn = () => undefined;
    return Promise.resolve();
  }
}
