// What the models of both runtimes share: timers and the main loop's pass. Not responsible for any runtime's API. Simulator only.

/** A runtime over a virtual board: its globals, and one pass of its main loop. */
export interface RuntimeModel {
  /** Put into the image's context under these names. */
  readonly globals: Readonly<Record<string, unknown>>;
  /** Names of the language that this engine does not have: a path such as `Math.imul`. */
  readonly missing: readonly string[];
  /** Hands over input, runs the next timer; answers in how many ms the one after is due. */
  pass(): number;
}

/** With no timer left nothing ever runs again: only the watchdog helps. Chosen: above its 2 s. */
const NOTHING_LEFT_MS = 3000;

/** Timers that fire once. A callback that throws is gone: nothing tries it again, and the text goes to the console. */
export class Timers {
  /** What the runtime printed of exceptions. */
  readonly console: string[] = [];
  private readonly pending: { fn: () => void; forMs: number }[] = [];

  add(fn: () => void, forMs: number): number {
    this.pending.push({ fn, forMs: Math.max(0, forMs) });
    this.pending.sort((a, b) => a.forMs - b.forMs);
    return this.pending.length;
  }

  /** Runs the timer that is due. Answers the ms until the next one. */
  runNext(): number {
    const due = this.pending.shift();
    if (due) {
      for (const each of this.pending) each.forMs -= due.forMs;
      try {
        due.fn();
      } catch (error) {
        this.console.push(String(error));
      }
    }
    return this.pending[0]?.forMs ?? NOTHING_LEFT_MS;
  }
}

/** True for a Uint8Array of any context: what native code of the runtimes accepts as bytes. */
export const isBytes = (data: unknown): data is Uint8Array => Object.prototype.toString.call(data) === '[object Uint8Array]';
