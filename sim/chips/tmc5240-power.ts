// The driver stage of the TMC5240 as far as registers show it: enable, faults and their latches, supply, GSTAT, currents.
// Not the ramp, which runs on whatever the driver does, and not the rotor. Runs in the simulator.
// Source: TMC5240 datasheet Rev 1, GSTAT, DRV_STATUS, protection functions.
import * as R from '../../hal/drivers/tmc5240-registers.ts';

export type DriverFault = 'ot' | 'otpw' | 's2ga' | 's2gb' | 'uv_cp' | 'ola' | 'olb';
const BITS: Readonly<Record<DriverFault, number>> = {
  ot: R.DRV_OT,
  otpw: R.DRV_OTPW,
  s2ga: R.DRV_S2GA,
  s2gb: R.DRV_S2GB,
  uv_cp: 0,
  ola: R.DRV_OLA,
  olb: R.DRV_OLB,
};
/** These switch the bridges off until TOFF = 0 or a high DRV_ENN lets them start again. */
const SHUTDOWN = R.DRV_OT | R.DRV_S2GA | R.DRV_S2GB;
/** Chosen: under-voltage lock-out; the datasheet promises operation from 4.5 V. */
const UVLO_MV = 4200;
/** Chosen: supply before anybody sets it, two Li-ion cells half full. */
const SUPPLY_MV = 7400;

export class PowerStage {
  gstat = R.RESET_GSTAT;
  enableN: 0 | 1 = 1;
  supplyMv = SUPPLY_MV;
  private toff = 0;
  private present = 0;
  private latched = 0;
  private chargePumpLow = false;

  /** The coils hold the rotor. */
  get driving(): boolean {
    return this.enableN === 0 && this.toff > 0 && this.latched === 0 && !this.chargePumpLow && this.supplyMv >= UVLO_MV;
  }

  /** DRV_STATUS bits 25 to 30. */
  get flags(): number {
    return this.present | this.latched;
  }

  reset(): void {
    this.gstat = R.RESET_GSTAT;
    this.toff = 0;
    this.latched = this.present & SHUTDOWN;
    this.raise();
  }

  setToff(toff: number): void {
    this.toff = toff;
    if (toff === 0) this.latched = this.present & SHUTDOWN;
  }

  setEnableN(level: 0 | 1): void {
    this.enableN = level;
    if (level === 1) this.latched = this.present & SHUTDOWN;
  }

  setFault(name: DriverFault, on: boolean): void {
    if (name === 'uv_cp') this.chargePumpLow = on;
    const bit = BITS[name];
    this.present = on ? this.present | bit : this.present & ~bit;
    this.latched |= this.present & SHUTDOWN;
    this.raise();
  }

  setSupplyMv(mv: number): void {
    this.supplyMv = mv;
    this.raise();
  }

  /** Write 1 to clear; what still holds comes back. */
  clear(bits: number): void {
    this.gstat &= ~bits;
    this.raise();
  }

  private raise(): void {
    if (this.latched !== 0) this.gstat |= R.GSTAT_DRV_ERR;
    if (this.chargePumpLow) this.gstat |= R.GSTAT_UV_CP;
    if (this.supplyMv < UVLO_MV) this.gstat |= R.GSTAT_VM_UVLO;
  }
}
