// The reference switch inputs of the TMC5240: polarity, swap, stop conditions, position latches. Does not move anything: the chip
// hands the stop conditions to the ramp. Runs in the simulator. Source: TMC5240 datasheet Rev 1, SW_MODE and RAMP_STAT.
import * as R from '../../hal/drivers/tmc5240-registers.ts';

export class ReferenceSwitches {
  pinLeft: 0 | 1 = 0;
  pinRight: 0 | 1 = 0;
  /** status_latch_l and _r, write 1 to clear. */
  latches = 0;
  private mode = 0;
  private left = 0;
  private right = 0;

  /** RAMP_STAT bits 0 and 1: a switch is active. */
  get status(): number {
    return (this.left !== 0 ? R.RAMP_STATUS_STOP_L : 0) | (this.right !== 0 ? R.RAMP_STATUS_STOP_R : 0);
  }

  get stopsLeft(): boolean {
    return this.left !== 0 && (this.mode & R.SW_STOP_L_ENABLE) !== 0;
  }

  get stopsRight(): boolean {
    return this.right !== 0 && (this.mode & R.SW_STOP_R_ENABLE) !== 0;
  }

  /** Takes over pins and SW_MODE; answers the status_latch_… bits whose edge has just come. */
  update(mode: number): number {
    this.mode = mode;
    const swap = (mode & R.SW_SWAP_LR) !== 0;
    const left = (swap ? this.pinRight : this.pinLeft) ^ ((mode & R.SW_POL_STOP_L) !== 0 ? 1 : 0);
    const right = (swap ? this.pinLeft : this.pinRight) ^ ((mode & R.SW_POL_STOP_R) !== 0 ? 1 : 0);
    let edges = 0;
    if (left !== this.left && (mode & (left === 1 ? R.SW_LATCH_L_ACTIVE : R.SW_LATCH_L_INACTIVE)) !== 0) edges |= R.RAMP_STATUS_LATCH_L;
    if (right !== this.right && (mode & (right === 1 ? R.SW_LATCH_R_ACTIVE : R.SW_LATCH_R_INACTIVE)) !== 0) edges |= R.RAMP_STATUS_LATCH_R;
    this.left = left;
    this.right = right;
    this.latches |= edges;
    return edges;
  }
}
