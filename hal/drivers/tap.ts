// What a ramp chip's driver really put on the bus and got back: one Int32Array an axis, filled where the datagram is sent.
// The supervisor reads it and nothing else of a driver. Not a cache for the driver: it keeps its own. Runs on the gun.

/** XTARGET, VMAX and RAMPMODE as last sent, whoever sent them. */
export const TAP_XTARGET_WRITTEN = 0;
export const TAP_VMAX_WRITTEN = 1;
export const TAP_RAMPMODE_WRITTEN = 2;
/** XACTUAL, X_ENC and XTARGET as last read; a reply of all ones is not taken over. */
export const TAP_XACTUAL_READ = 3;
export const TAP_X_ENC_READ = 4;
export const TAP_XTARGET_READ = 5;
/** SPI_STATUS of the last datagram: one access old. */
export const TAP_STATUS = 6;
/** Replies that were not believed and read-backs that differed, since power-on. */
export const TAP_READ_ERRORS = 7;
/** Datagrams that wrote, since power-on. */
export const TAP_WRITES = 8;
/** IOIN and GSTAT as last read. */
export const TAP_IOIN = 9;
export const TAP_GSTAT = 10;
export const TAP_WORDS = 11;
