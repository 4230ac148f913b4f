// Time that jumps from wait to wait while somebody's promise is open: a flasher and a model of a console share it.
import type { Clock } from '../../../tools/flash/clock.ts';

interface Wait {
  readonly atMs: number;
  readonly fn: () => void;
}

export class VirtualTime implements Clock {
  private now = 0;
  private waits: Wait[] = [];

  nowMs(): number {
    return this.now;
  }

  after(forMs: number, fn: () => void): () => void {
    const wait = { atMs: this.now + forMs, fn };
    this.waits.push(wait);
    return () => {
      this.waits = this.waits.filter((each) => each !== wait);
    };
  }

  /** Lets time pass until the promise is settled; answers or throws what it does. A promise that waits for nothing fails. */
  async run<T>(promise: Promise<T>): Promise<T> {
    const state = { isSettled: false };
    const watched = promise.finally(() => {
      state.isSettled = true;
    });
    watched.catch(() => undefined);
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      if (state.isSettled) return watched;
      const next = this.waits.reduce<Wait | null>((least, each) => (least === null || each.atMs < least.atMs ? each : least), null);
      if (next === null) throw new Error('nothing is due, and the promise is open');
      this.waits = this.waits.filter((each) => each !== next);
      this.now = Math.max(this.now, next.atMs);
      next.fn();
    }
  }
}
