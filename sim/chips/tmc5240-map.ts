// Which registers the TMC5240 model has, how wide they are, what they hold after reset and how they answer a write.
// Numbers only. Runs in the simulator. Source: TMC5240 datasheet Rev 1, register map and reset values.
import * as R from '../../hal/drivers/tmc5240-registers.ts';

/** Not there, or there in silicon but not modelled: answers 0 and is reported. */
export const ABSENT = 0;
/** Holds what was written, cut to its width. */
export const STORED = 1;
/** Computed when read; a write changes nothing. */
export const LIVE = 2;
/** Stored, and a change lays the motion out anew. */
export const RAMP = 3;
/** Writing acts in its own way (write 1 to clear, counters, power stage). */
export const SPECIAL = 4;
/** Stored, but anything but 0 would need behaviour that is not modelled, and is reported. */
export const STORED_UNUSED = 5;

export const KIND = new Uint8Array(128);
/** Bits that a write can set; −1 = all 32. */
export const MASK = new Int32Array(128);
export const RESET = new Int32Array(128);

const define = (kind: number, mask: number, addresses: readonly number[]): void => {
  for (const address of addresses) {
    KIND[address] = kind;
    MASK[address] = mask;
  }
};
define(SPECIAL, 0x1fffff, [R.REG_GCONF]);
define(STORED, 0xfff, [R.REG_NODECONF]);
define(STORED, -1, [R.REG_X_COMPARE, R.REG_OTW_OV_VTH, R.REG_MSLUTSEL, R.REG_MSLUTSTART, R.REG_PWMCONF]);
define(STORED, 0xffffff, [R.REG_X_COMPARE_REPEAT]);
define(STORED, 0x33, [R.REG_DRV_CONF]);
define(STORED, 0xff, [R.REG_GLOBAL_SCALER, R.REG_TPOWERDOWN]);
define(STORED, 0xf0f1f1f, [R.REG_IHOLD_IRUN]);
define(STORED, 0xfffff, [R.REG_TPWMTHRS, R.REG_TCOOLTHRS, R.REG_THIGH, R.REG_ENC_DEVIATION]);
define(STORED, 0x1ffffff, [R.REG_COOLCONF]);
define(STORED, 0x1ff, [R.REG_SG4_THRS]);
for (let address = R.REG_MSLUT0; address <= R.REG_MSLUT7; address++) define(STORED, -1, [address]);

define(STORED_UNUSED, 0xffff, [R.REG_TVMAX]);
define(STORED_UNUSED, 0x7fff00, [R.REG_VDCMIN]);
define(STORED_UNUSED, 0xffffff, [R.REG_DCCTRL]);

define(LIVE, 0, [R.REG_IFCNT, R.REG_TSTEP, R.REG_VACTUAL, R.REG_AACTUAL, R.REG_XLATCH, R.REG_ENC_LATCH]);
define(LIVE, 0, [R.REG_ADC_VSUPPLY_AIN, R.REG_ADC_TEMP, R.REG_MSCNT, R.REG_DRV_STATUS]);

define(RAMP, 3, [R.REG_RAMPMODE]);
define(RAMP, 0x3ffff, [R.REG_VSTART, R.REG_VSTOP, R.REG_A1, R.REG_A2, R.REG_AMAX, R.REG_D1, R.REG_D2, R.REG_DMAX]);
define(RAMP, 0xfffff, [R.REG_V1, R.REG_V2]);
define(RAMP, 0x7fffff, [R.REG_VMAX]);
define(RAMP, 0xffff, [R.REG_TZEROWAIT]);
define(RAMP, 0x7fff, [R.REG_SW_MODE]);
define(RAMP, -1, [R.REG_XTARGET, R.REG_VIRTUAL_STOP_L, R.REG_VIRTUAL_STOP_R]);

define(SPECIAL, R.GSTAT_ALL, [R.REG_GSTAT]);
define(SPECIAL, 1, [R.REG_IOIN]);
define(SPECIAL, R.RAMP_CLEARABLE, [R.REG_RAMP_STAT]);
define(SPECIAL, 3, [R.REG_ENC_STATUS]);
define(SPECIAL, 0x7ff, [R.REG_ENCMODE]);
define(SPECIAL, -1, [R.REG_XACTUAL, R.REG_X_ENC, R.REG_ENC_CONST, R.REG_CHOPCONF]);

RESET[R.REG_X_COMPARE] = R.RESET_X_COMPARE;
RESET[R.REG_IHOLD_IRUN] = R.RESET_IHOLD_IRUN;
RESET[R.REG_TPOWERDOWN] = R.RESET_TPOWERDOWN;
RESET[R.REG_D1] = R.RESET_D1;
RESET[R.REG_VSTOP] = R.RESET_VSTOP;
RESET[R.REG_D2] = R.RESET_D2;
RESET[R.REG_ENC_CONST] = R.RESET_ENC_CONST;
RESET[R.REG_OTW_OV_VTH] = R.RESET_OTW_OV_VTH;
RESET[R.REG_CHOPCONF] = R.RESET_CHOPCONF;
RESET[R.REG_PWMCONF] = R.RESET_PWMCONF;
RESET[R.REG_MSLUTSEL] = 0xffff8056 | 0;
RESET[R.REG_MSLUTSTART] = 0x00f70000;
const WAVE = [0xaaaab554, 0x4a9554aa, 0x24492929, 0x10104222, 0xfbffffff, 0xb5bb777d, 0x49295556, 0x00404222];
for (let i = 0; i < WAVE.length; i++) RESET[R.REG_MSLUT0 + i] = (WAVE[i] as number) | 0;
