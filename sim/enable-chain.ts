// The enable chain: a re-triggerable monostable that the kick pin feeds, and an emergency stop in series, in front of DRV_ENN of
// both ramp chips. Pure hardware: no software holds it closed. Simulator only.
import type { VirtualClock } from './clock.ts';

/** A silent kick pin drops the drivers after this. Chosen: 150 ms, seven ticks of the Kaluma board. */
export const ENABLE_FOR_US = 150_000;

export class EnableChain {
  /** The drivers may have power. */
  closed = false;
  private readonly clock: VirtualClock;
  private readonly changed: (closed: boolean) => void;
  private untilUs = 0;
  private waitId = 0;
  private cut = false;
  private readonly onEnd = (): void => {
    this.waitId = 0;
    this.check();
  };

  /** `changed` is called with each new state, at its moment. */
  constructor(clock: VirtualClock, changed: (closed: boolean) => void) {
    this.clock = clock;
    this.changed = changed;
  }

  /** An edge on the kick pin. */
  kicked(): void {
    this.untilUs = this.clock.nowUs + ENABLE_FOR_US;
    this.check();
  }

  /** The monostable falls at once: its supply is gone. */
  drop(): void {
    this.untilUs = this.clock.nowUs;
    this.check();
  }

  /** Emergency stop: open for good. */
  open(): void {
    this.cut = true;
    this.check();
  }

  private check(): void {
    const closed = !this.cut && this.clock.nowUs < this.untilUs;
    if (closed !== this.closed) {
      this.closed = closed;
      this.changed(closed);
    }
    if (closed && !this.waitId) this.waitId = this.clock.schedule(this.untilUs, this.onEnd);
  }
}
