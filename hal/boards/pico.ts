// The pins of the reference gun on a Raspberry Pi Pico or Pico 2: numbers only, GP n. How a runtime opens them is hal/ports.
// Source of what a pin can do: RP2040 datasheet, "GPIO functions" (RP2350: the same for these); tests/hal/boards.spec.ts checks it.

export const PICO = {
  /** UART0: host link, and console where the runtime puts it there. */
  linkTx: 0,
  linkRx: 1,
  /** Chip selects of the two TMC5240; both on SPI0. */
  needleCs: 2,
  plungerCs: 3,
  /** Three buttons: OK, up, down. Closed to ground, pull-up on. */
  okButton: 6,
  upButton: 7,
  downButton: 9,
  /** Edge-fed monostable in front of DRV_ENN of both chips; 10 kΩ pull-ups hold DRV_ENN high while it is quiet. */
  kick: 8,
  serviceSwitch: 10,
  trigger: 11,
  ringSwitch: 12,
  /** PWM slice 6: solenoid of the ring. Not the buzzer's slice: a tone would change the solenoid's frequency. */
  stampDrive: 13,
  /** One addressable RGB lamp. */
  lamp: 14,
  /** PWM slice 7. */
  buzzer: 15,
  spiMiso: 16,
  spiSck: 18,
  spiMosi: 19,
  /** I2C0: load cell of the ring, screen. */
  ringSda: 20,
  ringScl: 21,
  /** Pulled low at power-on the image is not started (Kaluma's SCR_LOAD; on Espruino by the image). A jumper; nothing else may hang here. */
  scriptLoad: 22,
  /** I2C1: load cell of the plunger; both converters answer at 0x2A. */
  plungerSda: 26,
  plungerScl: 27,
};

/** Chosen: 2 MHz of the 10 MHz the ramp chips allow; the interpreter, not the wire, sets the pace. Mode 3, MSB first. */
export const PICO_SPI_HZ = 2000000;
export const PICO_SPI_MODE = 3;
export const PICO_I2C_HZ = 400000;
/** Chosen: Kaluma's `write` waits for all but the last 32 bytes: a line of 160 costs 1.4 ms of a tick here, 11 ms at 115 200. 8N1. */
export const PICO_LINK_BAUD = 921600;
/** Chosen: above hearing, within reach of the solenoid's inductance. */
export const PICO_STAMP_PWM_HZ = 20000;

/** Raw store on Kaluma: 64 sectors at the end of its file system's area. Source: Kaluma, targets/rp2/boards/{pico,pico2}/board.h. */
export const PICO_KALUMA_STORE_SECTOR = 196;
export const PICO2_KALUMA_STORE_SECTOR = 720;
