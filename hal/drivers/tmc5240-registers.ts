// Register addresses, bit masks and reset values of the TMC5240, named as in its datasheet. Numbers only: how they are
// used is the driver's and the chip model's business. Runs on the gun (folded away by the build) and in the simulator.
// Source: TMC5240 datasheet 19-101625 Rev 1 (4/24), register map; names as in analogdevicesinc/TMC-API, tmc/ic/TMC5240.

/** Added to the address in byte 0 of a datagram that writes. */
export const WRITE = 0x80;

// Addresses.
export const REG_GCONF = 0x00;
export const REG_GSTAT = 0x01;
export const REG_IFCNT = 0x02;
export const REG_NODECONF = 0x03;
export const REG_IOIN = 0x04;
export const REG_X_COMPARE = 0x05;
export const REG_X_COMPARE_REPEAT = 0x06;
export const REG_DRV_CONF = 0x0a;
export const REG_GLOBAL_SCALER = 0x0b;
export const REG_IHOLD_IRUN = 0x10;
export const REG_TPOWERDOWN = 0x11;
export const REG_TSTEP = 0x12;
export const REG_TPWMTHRS = 0x13;
export const REG_TCOOLTHRS = 0x14;
export const REG_THIGH = 0x15;
export const REG_RAMPMODE = 0x20;
export const REG_XACTUAL = 0x21;
export const REG_VACTUAL = 0x22;
export const REG_VSTART = 0x23;
export const REG_A1 = 0x24;
export const REG_V1 = 0x25;
export const REG_AMAX = 0x26;
export const REG_VMAX = 0x27;
export const REG_DMAX = 0x28;
export const REG_TVMAX = 0x29;
export const REG_D1 = 0x2a;
export const REG_VSTOP = 0x2b;
export const REG_TZEROWAIT = 0x2c;
export const REG_XTARGET = 0x2d;
export const REG_V2 = 0x2e;
export const REG_A2 = 0x2f;
export const REG_D2 = 0x30;
export const REG_AACTUAL = 0x31;
export const REG_VDCMIN = 0x33;
export const REG_SW_MODE = 0x34;
export const REG_RAMP_STAT = 0x35;
export const REG_XLATCH = 0x36;
export const REG_ENCMODE = 0x38;
export const REG_X_ENC = 0x39;
export const REG_ENC_CONST = 0x3a;
export const REG_ENC_STATUS = 0x3b;
export const REG_ENC_LATCH = 0x3c;
export const REG_ENC_DEVIATION = 0x3d;
export const REG_VIRTUAL_STOP_L = 0x3e;
export const REG_VIRTUAL_STOP_R = 0x3f;
export const REG_ADC_VSUPPLY_AIN = 0x50;
export const REG_ADC_TEMP = 0x51;
export const REG_OTW_OV_VTH = 0x52;
export const REG_MSLUT0 = 0x60;
export const REG_MSLUT7 = 0x67;
export const REG_MSLUTSEL = 0x68;
export const REG_MSLUTSTART = 0x69;
export const REG_MSCNT = 0x6a;
export const REG_MSCURACT = 0x6b;
export const REG_CHOPCONF = 0x6c;
export const REG_COOLCONF = 0x6d;
export const REG_DCCTRL = 0x6e;
export const REG_DRV_STATUS = 0x6f;
export const REG_PWMCONF = 0x70;
export const REG_PWM_SCALE = 0x71;
export const REG_PWM_AUTO = 0x72;
export const REG_SG4_THRS = 0x74;
export const REG_SG4_RESULT = 0x75;
export const REG_SG4_IND = 0x76;

// SPI_STATUS: byte 0 of every reply, as of the end of the access before.
export const SPI_RESET_FLAG = 1;
export const SPI_DRIVER_ERROR = 2;
export const SPI_SG2 = 4;
export const SPI_STANDSTILL = 8;
export const SPI_VELOCITY_REACHED = 16;
export const SPI_POSITION_REACHED = 32;
export const SPI_STOP_L = 64;
export const SPI_STOP_R = 128;

// GCONF.
export const GCONF_FAST_STANDSTILL = 0x2;
export const GCONF_EN_PWM_MODE = 0x4;
export const GCONF_MULTISTEP_FILT = 0x8;
export const GCONF_SHAFT = 0x10;
export const GCONF_DIAG0_NINT_STEP = 0x80;
export const GCONF_STOP_ENABLE = 0x8000;
export const GCONF_DIRECT_MODE = 0x10000;

// GSTAT: write 1 to clear.
export const GSTAT_RESET = 1;
export const GSTAT_DRV_ERR = 2;
export const GSTAT_UV_CP = 4;
export const GSTAT_REGISTER_RESET = 8;
export const GSTAT_VM_UVLO = 16;
export const GSTAT_ALL = 31;

// IOIN.
export const IOIN_REFL = 1;
export const IOIN_REFR = 2;
export const IOIN_ENCB = 4;
export const IOIN_ENCA = 8;
export const IOIN_DRV_ENN = 16;
export const IOIN_ENCN = 32;
/** VERSION is bits 31..24. */
export const IOIN_VERSION_SHIFT = 24;
export const VERSION_TMC5240 = 0x40;

// RAMPMODE.
export const RAMPMODE_POSITION = 0;
export const RAMPMODE_VELOCITY_POSITIVE = 1;
export const RAMPMODE_VELOCITY_NEGATIVE = 2;
export const RAMPMODE_HOLD = 3;

// SW_MODE.
export const SW_STOP_L_ENABLE = 1;
export const SW_STOP_R_ENABLE = 2;
/** 1 = the switch is active low. */
export const SW_POL_STOP_L = 4;
export const SW_POL_STOP_R = 8;
export const SW_SWAP_LR = 16;
export const SW_LATCH_L_ACTIVE = 32;
export const SW_LATCH_L_INACTIVE = 64;
export const SW_LATCH_R_ACTIVE = 128;
export const SW_LATCH_R_INACTIVE = 256;
export const SW_EN_LATCH_ENCODER = 512;
export const SW_SG_STOP = 1024;
export const SW_EN_SOFTSTOP = 2048;
export const SW_EN_VIRTUAL_STOP_L = 4096;
export const SW_EN_VIRTUAL_STOP_R = 8192;
export const SW_VIRTUAL_STOP_ENC = 16384;

// RAMP_STAT: the latches, event_stop_sg, event_pos_reached and second_move are write 1 to clear, the rest is live.
export const RAMP_STATUS_STOP_L = 0x1;
export const RAMP_STATUS_STOP_R = 0x2;
export const RAMP_STATUS_LATCH_L = 0x4;
export const RAMP_STATUS_LATCH_R = 0x8;
export const RAMP_EVENT_STOP_L = 0x10;
export const RAMP_EVENT_STOP_R = 0x20;
export const RAMP_EVENT_STOP_SG = 0x40;
export const RAMP_EVENT_POS_REACHED = 0x80;
export const RAMP_VELOCITY_REACHED = 0x100;
export const RAMP_POSITION_REACHED = 0x200;
export const RAMP_VZERO = 0x400;
export const RAMP_T_ZEROWAIT_ACTIVE = 0x800;
export const RAMP_SECOND_MOVE = 0x1000;
export const RAMP_STATUS_SG = 0x2000;
export const RAMP_STATUS_VIRTUAL_STOP_L = 0x4000;
export const RAMP_STATUS_VIRTUAL_STOP_R = 0x8000;
export const RAMP_CLEARABLE = 0x10cc;

// ENCMODE and ENC_STATUS (write 1 to clear).
export const ENCMODE_IGNORE_AB = 0x8;
export const ENCMODE_SEL_DECIMAL = 0x400;
export const ENC_N_EVENT = 1;
export const ENC_DEVIATION_WARN = 2;

// CHOPCONF.
export const CHOPCONF_TOFF_MASK = 0xf;
export const CHOPCONF_HSTRT_SHIFT = 4;
export const CHOPCONF_HEND_SHIFT = 7;
export const CHOPCONF_TBL_SHIFT = 15;
export const CHOPCONF_TPFD_SHIFT = 20;
/** MRES: 0 = 256 microsteps, 1 = 128 … 4 = 16 … 8 = full steps. */
export const CHOPCONF_MRES_SHIFT = 24;
export const CHOPCONF_INTPOL = 0x10000000;

// DRV_STATUS. Bit 31 makes the word negative in signed 32-bit arithmetic: test it with `& DRV_STST`, not `>=`.
export const DRV_SG_RESULT_MASK = 0x3ff;
export const DRV_S2VSA = 0x1000;
export const DRV_S2VSB = 0x2000;
export const DRV_STEALTH = 0x4000;
export const DRV_CS_ACTUAL_SHIFT = 16;
export const DRV_STALLGUARD = 0x1000000;
export const DRV_OT = 0x2000000;
export const DRV_OTPW = 0x4000000;
export const DRV_S2GA = 0x8000000;
export const DRV_S2GB = 0x10000000;
export const DRV_OLA = 0x20000000;
export const DRV_OLB = 0x40000000;
export const DRV_STST = -0x80000000;

// IHOLD_IRUN fields.
export const IHOLD_SHIFT = 0;
export const IRUN_SHIFT = 8;
export const IHOLDDELAY_SHIFT = 16;
export const IRUNDELAY_SHIFT = 24;

// Reset values that are not 0.
export const RESET_X_COMPARE = -1;
export const RESET_IHOLD_IRUN = 0x04011f08;
export const RESET_TPOWERDOWN = 10;
export const RESET_D1 = 10;
export const RESET_VSTOP = 10;
export const RESET_D2 = 10;
export const RESET_ENC_CONST = 0x10000;
export const RESET_OTW_OV_VTH = 0x0b920f25;
export const RESET_CHOPCONF = 0x10410150;
export const RESET_PWMCONF = 0xc40c001d | 0;
export const RESET_GSTAT = 0x1d;

/** The ramp generator takes one step every so many clocks; TZEROWAIT counts in it too. */
export const RAMP_TICK_CLOCKS = 512;
/** v[µsteps/s] = V·fCLK/2^24. */
export const VELOCITY_SCALE = 16777216;
/**
 * a[µsteps/s²] = A·fCLK²/2^41. Chosen: the unit table of Rev 1 prints 2^42, but its "ramp steps = V²/A/2^8" and the older
 * chips of the family agree with 2^41 only; to be timed on hardware.
 */
export const ACCELERATION_SCALE = 2199023255552;
/** VMAX and VACTUAL limit: 2^23 − 512. */
export const VELOCITY_MAX = 8388096;
/** A1, A2, AMAX, D1, D2, DMAX have 18 bits. */
export const ACCELERATION_MAX = 262143;
export const VSTART_MAX = 262143;
/** Supply voltage: ADC_VSUPPLY_AIN[12:0] · 9.732 mV. */
export const ADC_VSUPPLY_UV_PER_COUNT = 9732;
/** Temperature: (ADC_TEMP − 2038)/7.7 °C. */
export const ADC_TEMP_ZERO_COUNTS = 2038;
