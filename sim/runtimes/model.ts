// What the models of both runtimes share: timers and the main loop's pass. Not responsible for any runtime's API. Simulator only.
import type { Board } from '../../hal/io.ts';

/** A runtime over a virtual board: its globals, and one pass of its main loop. */
export interface RuntimeModel {
  /** Put into the image's context under these names. */
  readonly globals: Readonly<Record<string, unknown>>;
  /** Names of the language that this engine does not have: a path such as `Math.imul`. */
  readonly missing: readonly string[];
  /** Hands over input, runs the next timer; answers in how many ms the one after is due. */
  pass(): number;
  /** What the runtime printed: exceptions in callbacks, and what it says when memory is gone. */
  readonly console: readonly string[];
  /** The next callback finds no memory left: what then happens is the runtime's. Its engine's heap is not modelled: npm run test:engines. */
  outOfMemory(): void;
}

/** A virtual board as a runtime's main loop sees it. */
export interface LoopBoard extends Board {
  /** What the loop's clock says: the board's own, which a program is charged for. */
  readonly loopMs?: () => number;
}

/** With no timer left nothing ever runs again: only the watchdog helps. Chosen: above its 2 s. */
const NOTHING_LEFT_MS = 3000;

/**
 * Timers that fire once, as Espruino has them: fractions of a millisecond count. A callback that throws is gone: nothing tries it again, and the
 * text goes to the console. There time counts from the call, here from the end of the callback that asks: the image asks last.
 * Source: Espruino 2v29, src/jswrap_interactive.c, jswrap_interface_setTimeout; src/jsinteractive.c, jsiExecuteEventCallback.
 */
export class Timers {
  readonly console: string[] = [];
  /** Set while the next callback is to be cut short. */
  private cut: (() => void) | null = null;
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
      this.call(due.fn);
    }
    return this.pending[0]?.forMs ?? NOTHING_LEFT_MS;
  }

  /** The next callback does not come to its end, nor to its own catch; `then` is what the runtime does. */
  cutNext(then: () => void): void {
    this.cut = then;
  }

  /** All that was due never comes. */
  drop(): void {
    this.pending.length = 0;
  }

  protected call(fn: () => void): void {
    const { cut } = this;
    this.cut = null;
    if (cut !== null) {
      cut();
      return;
    }
    try {
      fn();
    } catch (error) {
      this.console.push(String(error));
    }
  }
}

/** When a timer of Kaluma's that was asked for in a pass comes, in ms from now. The law: KalumaTimers. */
export const kalumaRestMs = (beganMs: number, forMs: number, nowMs: number): number =>
  Math.max(0, ((beganMs + Math.max(0, Math.trunc(forMs)) - nowMs) | 0) + 1);

/**
 * Timers as Kaluma's loop has them: whole milliseconds, counted from the begin of the pass in which they were asked for and not from the call,
 * and due only when more than that has passed: 20 ms asked for in a pass come in the 21st. Of several that are due the eldest runs first.
 * Source: Kaluma 1.3, src/io.c, km_io_timer_start and km_io_timer_run; targets/rp2/src/system.c, km_gettime.
 */
export class KalumaTimers extends Timers {
  private readonly nowMs: () => number;
  private beganMs = 0;
  private waiting: { readonly fn: () => void; readonly dueMs: number }[] = [];

  constructor(nowMs: () => number) {
    super();
    this.nowMs = nowMs;
  }

  override add(fn: () => void, forMs: number): number {
    this.waiting.push({ fn, dueMs: this.beganMs + Math.max(0, Math.trunc(forMs)) });
    return this.waiting.length;
  }

  override drop(): void {
    this.waiting = [];
  }

  override runNext(): number {
    this.beganMs = this.nowMs();
    const leftMs = (dueMs: number, atMs: number): number => (dueMs - atMs) | 0;
    const due = this.waiting.filter(({ dueMs }) => leftMs(dueMs, this.beganMs) < 0);
    this.waiting = this.waiting.filter(({ dueMs }) => leftMs(dueMs, this.beganMs) >= 0);
    for (const { fn } of due) this.call(fn);
    if (this.waiting.length === 0) return NOTHING_LEFT_MS;
    const nowMs = this.nowMs();
    return Math.min(...this.waiting.map(({ dueMs }) => kalumaRestMs(dueMs, 0, nowMs)));
  }
}

/** True for a Uint8Array of any context: what native code of the runtimes accepts as bytes. */
export const isBytes = (data: unknown): data is Uint8Array => Object.prototype.toString.call(data) === '[object Uint8Array]';
