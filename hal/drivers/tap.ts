// What a ramp chip's driver really put on the bus and got back: one Int32Array an axis, filled where the datagram is sent.
// Word r: the register r as last read; word r + 128: as last written, whoever wrote it. A reply of all ones is not taken over.
// The supervisor reads it and nothing else of a driver. Not a cache for the driver: it keeps its own. Runs on the gun.
import { REG_RAMPMODE, REG_VMAX, REG_X_ENC, REG_XACTUAL, REG_XTARGET, WRITE } from './tmc5240-registers.ts';

export const TAP_XTARGET_WRITTEN = REG_XTARGET | WRITE;
export const TAP_VMAX_WRITTEN = REG_VMAX | WRITE;
export const TAP_RAMPMODE_WRITTEN = REG_RAMPMODE | WRITE;
export const TAP_XACTUAL_READ = REG_XACTUAL;
export const TAP_X_ENC_READ = REG_X_ENC;
// Where the chip has no register.
/** SPI_STATUS of the last datagram: one access old. */
export const TAP_STATUS = 125;
/** Replies that were not believed and read-backs that differed, since power-on. */
export const TAP_READ_ERRORS = 126;
export const TAP_WORDS = 256;
