// An axis as the supervisor may touch it, without a chip: the tap and a register file the test can see into.
import { TAP_RAMPMODE_WRITTEN, TAP_VMAX_WRITTEN, TAP_WORDS, TAP_XTARGET_WRITTEN } from '../../../hal/drivers/tap.ts';
import { REG_IOIN, REG_RAMPMODE, REG_VMAX, REG_VSTART, REG_XTARGET } from '../../../hal/drivers/tmc5240-registers.ts';
import type { SafeAxis } from '../../../firmware/core/safe-state.ts';

export class WatchedAxis implements SafeAxis {
  readonly tap = new Int32Array(TAP_WORDS);
  /** Every raw write, in order: [register, value]. */
  readonly writes: [number, number][] = [];
  readonly registers: { [register: number]: number } = { [REG_IOIN]: 0x40000000 };
  isOff = 0;

  set(register: number, value: number): number {
    this.writes.push([register, value]);
    this.registers[register] = value;
    if (register === REG_XTARGET) this.tap[TAP_XTARGET_WRITTEN] = value;
    if (register === REG_VMAX) this.tap[TAP_VMAX_WRITTEN] = value;
    if (register === REG_RAMPMODE) this.tap[TAP_RAMPMODE_WRITTEN] = value;
    return 0;
  }
  readRaw(register: number): number {
    return this.registers[register] ?? 0;
  }
  halt(): number {
    return this.set(REG_VMAX, 0) || this.set(REG_VSTART, 0);
  }
  off(): number {
    this.isOff = 1;
    return 0;
  }
}
