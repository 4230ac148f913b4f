// Lets an emulated gun run while somebody at the desk waits for it: its console as a transport, its time as the desk's clock, a pump.
// Not responsible for what is said (tools/flash) nor for the gun's own line (sim/cable.ts). Runs at the desk.
import type { Clock } from '../flash/clock.ts';
import type { Transport } from '../transports/transport.ts';
import type { EmulatedGun } from './emulated-gun.ts';

interface Waiting {
  readonly atMs: number;
  readonly fn: () => void;
}

const eventLoop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export class Drive {
  /** Emulated time. */
  readonly clock: Clock;
  /** The chip's USB port. */
  readonly console: Transport;
  private waiting: Waiting[] = [];
  private readonly gun: EmulatedGun;

  constructor(gun: EmulatedGun) {
    this.gun = gun;
    const nowMs = (): number => gun.nowUs / 1000;
    this.clock = {
      nowMs,
      after: (forMs, fn) => {
        const mine = { atMs: nowMs() + forMs, fn };
        this.waiting.push(mine);
        return () => {
          this.waiting = this.waiting.filter((each) => each !== mine);
        };
      },
    };
    this.console = {
      write: (text) => gun.console.write(text),
      onText: (listener) => {
        gun.console.onText = listener;
      },
      onClose: (listener) => {
        gun.console.onGone = listener;
      },
      close: () => Promise.resolve(),
    };
    gun.onStep.push(() => this.wakeDue());
  }

  /** Runs the gun until the work, which waits for it, is done. Throws what the work throws, or what `stopped` throws before each step. */
  async until<T>(work: Promise<T>, stopped: () => void = () => undefined): Promise<T> {
    const end = { isDone: false };
    const watched = work.finally(() => {
      end.isDone = true;
    });
    watched.catch(() => undefined);
    while (!end.isDone) {
      stopped();
      this.gun.step();
      await eventLoop();
    }
    return watched;
  }

  private wakeDue(): void {
    const nowMs = this.clock.nowMs();
    const due = this.waiting.filter((each) => each.atMs <= nowMs);
    if (due.length === 0) return;
    this.waiting = this.waiting.filter((each) => each.atMs > nowMs);
    for (const each of due.sort((a, b) => a.atMs - b.atMs)) each.fn();
  }
}
