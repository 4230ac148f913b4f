// The line of an instrument that stands beside the virtual gun and lives in the same time: what it says waits until the world
// stands still for its host, and timers of the host run there too. Not responsible for what is said. Simulator only.
import type { VirtualClock } from './clock.ts';

/** What is at the device's end. */
export interface SideDevice {
  hear(text: string): void;
}

export class SideLine {
  /** The host's ears. */
  onText: ((text: string) => void) | null = null;
  onClose: (() => void) | null = null;
  /** The cable is in. */
  open = true;
  /** Bytes of noise that will be mixed into what is said next. */
  noiseBytes = 0;
  private readonly clock: VirtualClock;
  private device: SideDevice | null = null;
  private said = '';
  private readonly due: (() => void)[] = [];
  private timers = 0;
  private closing = false;
  private readonly spoke: () => void;

  /** `spoke`: told when the host has said something or waits for something. */
  constructor(clock: VirtualClock, spoke: () => void) {
    this.clock = clock;
    this.spoke = spoke;
  }

  plug(device: SideDevice): void {
    this.device = device;
  }

  /** The host waits for a timer: time must go on. */
  get waiting(): boolean {
    return this.timers > 0;
  }

  // The host's end.

  write(text: string): void {
    if (!this.open) return;
    this.device?.hear(text);
    this.spoke();
  }

  /** Calls back after so much virtual time; the answer takes it back. */
  after(forMs: number, callback: () => void): () => void {
    let live = true;
    const end = (): void => {
      if (live) this.timers -= 1;
      live = false;
    };
    this.timers += 1;
    const id = this.clock.schedule(this.clock.nowUs + forMs * 1000, () => {
      this.due.push(() => {
        if (!live) return;
        end();
        callback();
      });
    });
    this.spoke();
    return () => {
      end();
      this.clock.cancel(id);
    };
  }

  // The device's end.

  say(text: string): void {
    if (!this.open) return;
    this.said += this.noiseBytes > 0 ? this.spoilt(text) : text;
  }

  /** The cable comes out. */
  unplug(): void {
    this.closing = this.open;
    this.open = false;
  }

  /** Hands over what was said and runs what is due, in this order; true when there was anything. Not within an event of the clock. */
  flush(): boolean {
    if (this.said === '' && this.due.length === 0 && !this.closing) return false;
    const text = this.said;
    this.said = '';
    if (text !== '') this.onText?.(text);
    for (const callback of this.due.splice(0)) callback();
    if (this.closing) {
      this.closing = false;
      this.onClose?.();
    }
    return true;
  }

  /** Noise as a bad contact makes it: bytes with the top bit set, into the middle. */
  private spoilt(text: string): string {
    const at = text.length >> 1;
    let noise = '';
    for (let i = 0; i < this.noiseBytes; i += 1) noise += String.fromCharCode(0x80 + ((37 * i + 11) % 0x7f));
    this.noiseBytes = 0;
    return text.slice(0, at) + noise + text.slice(at);
  }
}
