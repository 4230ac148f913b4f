// A bench for drivers: one ramp chip model, a home switch that its motion opens and closes, and time that only moves when asked.
// No plant: the rotor follows the coils except for the steps a test takes away. For tests only.
import type { Axis } from '../../hal/devices.ts';
import type { SpiDevice } from '../../hal/io.ts';
import type { AtMs } from '../../hal/units.ts';
import { Tmc5240Chip } from '../../sim/chips/tmc5240.ts';

/** Chosen: as the virtual board charges on Kaluma. */
export const DATAGRAM_US = 178;

export class AxisBench implements SpiDevice {
  readonly chip = new Tmc5240Chip();
  nowUs = 0;
  /** Every datagram as sent, in hex. */
  sent: string[] = [];
  /** Counts from the encoder input besides the rotor's, and what one count is worth: 0 for a chip whose encoder is a wheel. */
  wheelCounts = 0;
  /** Steps the rotor fell behind the coils. */
  lostSteps = 0;
  /** Called before each datagram with its index since `sent` was emptied, and the bytes about to be sent. */
  before: (index: number, buffer: Uint8Array) => void = () => undefined;
  private level: 0 | 1 = 0;
  private readonly edgeSteps: number;

  /** The switch closes when the rotor comes down to `edgeSteps` (coil steps since power-on, which starts at 0) and opens 8 steps above. */
  constructor(edgeSteps: number, encoder: 'motor' | 'wheel') {
    this.edgeSteps = edgeSteps;
    this.chip.encoderCounts = encoder === 'motor' ? (atUs) => Math.round(this.rotorAt(atUs)) : () => this.wheelCounts;
    this.chip.setEnableN(0, 0);
    this.applySwitch(0);
  }

  rotorAt(atUs: number): number {
    return this.chip.positionAt(atUs) - this.lostSteps;
  }

  /** Rotor distance from where the switch closes, microsteps. */
  get fromEdge(): number {
    return this.rotorAt(this.nowUs) - this.edgeSteps;
  }

  get nowMs(): AtMs {
    return Math.floor(this.nowUs / 1000) as AtMs;
  }

  exchange(buffer: Uint8Array): Uint8Array {
    const reply = buffer.slice();
    this.before(this.sent.length, reply);
    this.sent.push(Array.from(reply, (byte) => byte.toString(16).padStart(2, '0')).join(' '));
    this.advanceTo(this.nowUs + DATAGRAM_US);
    this.chip.transfer(this.nowUs, reply);
    return reply;
  }

  tell(buffer: Uint8Array): void {
    this.exchange(buffer);
  }

  loseSteps(steps: number): void {
    this.lostSteps += steps;
    this.applySwitch(this.nowUs);
  }

  /** Moves time; the switch acts at the exact crossing. */
  advanceTo(untilUs: number): void {
    for (;;) {
      const at = (this.level ? this.edgeSteps + 9 : this.edgeSteps) + this.lostSteps;
      const crossUs = this.chip.crossesAtUs(at, this.nowUs, untilUs);
      if (crossUs > untilUs) break;
      this.nowUs = crossUs;
      if (!this.applySwitch(crossUs)) {
        // Touched the threshold without passing it, or rests on it: look on a little later.
        this.nowUs = Math.min(untilUs, crossUs + 100);
        if (this.nowUs >= untilUs) break;
      }
    }
    this.nowUs = untilUs;
  }

  /** Polls an axis every `tickMs` until `done` or for so long; returns the milliseconds it took, -1 when it did not happen. */
  pollUntil(axis: Axis, done: () => boolean, withinMs: number, look = 0, tickMs = 20): number {
    const fromUs = this.nowUs;
    while (this.nowUs - fromUs < withinMs * 1000) {
      axis.poll(this.nowMs, look);
      if (done()) return (this.nowUs - fromUs) / 1000;
      this.advanceTo(this.nowUs + tickMs * 1000);
    }
    return -1;
  }

  private applySwitch(atUs: number): boolean {
    const rotor = this.rotorAt(atUs);
    // A crossing is known to a fraction of a step.
    const next = rotor <= this.edgeSteps + 0.01 ? 1 : rotor >= this.edgeSteps + 8.99 ? 0 : this.level;
    if (next === this.level) return false;
    this.level = next;
    this.chip.setReferenceLeft(atUs, next);
    return true;
  }
}
