// A TMC5240 model on a table: writes and reads registers at a moment that the test moves by hand. Knows nothing of drivers.
import * as R from '../../../hal/drivers/tmc5240-registers.ts';
import { Tmc5240Chip } from '../../../sim/chips/tmc5240.ts';

export const CLOCK_HZ = 12_500_000;
export const TICK_US = (512 / CLOCK_HZ) * 1e6;
/** Register counts of a velocity in µsteps/s and of an acceleration in µsteps/s², to the nearest. */
export const vOf = (stepsPerS: number): number => Math.round((stepsPerS * 2 ** 24) / CLOCK_HZ);
export const aOf = (stepsPerS2: number): number => Math.round((stepsPerS2 * 2 ** 41) / CLOCK_HZ ** 2);
/** And back, exactly what the chip makes of the counts. */
export const stepsPerS = (v: number): number => (v * CLOCK_HZ) / 2 ** 24;
export const stepsPerS2 = (a: number): number => (a * CLOCK_HZ ** 2) / 2 ** 41;

export class Tmc5240Bench {
  readonly chip = new Tmc5240Chip({ fclkHz: CLOCK_HZ });
  atUs = 0;
  private readonly frame = new Uint8Array(5);

  /** Status byte and data word that came back. */
  exchange(head: number, word: number): { status: number; word: number } {
    this.frame[0] = head;
    new DataView(this.frame.buffer).setInt32(1, word | 0);
    this.chip.transfer(this.atUs, this.frame);
    return { status: this.frame[0], word: new DataView(this.frame.buffer).getInt32(1) };
  }

  write(register: number, value: number): void {
    this.exchange(register | R.WRITE, value);
  }

  /** Two datagrams at the same moment; the second reads GCONF, which has no side effects. */
  read(register: number): number {
    this.exchange(register, 0);
    return this.exchange(R.REG_GCONF, 0).word;
  }

  status(): number {
    this.exchange(R.REG_GCONF, 0);
    return this.exchange(R.REG_GCONF, 0).status;
  }

  /** Whether all these RAMP_STAT bits are set. */
  ramp(bits: number): boolean {
    return (this.read(R.REG_RAMP_STAT) & bits) === bits;
  }

  /** The needle axis of the reference gun: 800 µsteps/mm, 5 m/s², 120 mm/s, VSTART and VSTOP 1 mm/s, one zone. */
  needle(): this {
    this.write(R.REG_AMAX, aOf(4_000_000));
    this.write(R.REG_DMAX, aOf(4_000_000));
    this.write(R.REG_D1, aOf(4_000_000));
    this.write(R.REG_VMAX, vOf(96_000));
    this.write(R.REG_VSTOP, vOf(800));
    this.write(R.REG_RAMP_STAT, R.RAMP_CLEARABLE);
    this.write(R.REG_GSTAT, R.GSTAT_ALL);
    return this;
  }

  moveTo(target: number): this {
    this.write(R.REG_XTARGET, target);
    return this;
  }

  wait(us: number): this {
    this.atUs += us;
    return this;
  }

  /** Lets the present plan run out; answers the µs it took. */
  settle(): number {
    const from = this.atUs;
    for (let end = this.chip.segmentEndsAtUs(this.atUs); end !== Infinity; end = this.chip.segmentEndsAtUs(this.atUs)) this.atUs = end;
    return this.atUs - from;
  }
}
