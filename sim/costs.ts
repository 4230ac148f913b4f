// What calls cost on the runtimes that the virtual board stands for, in µs of virtual time. Data only. Simulator only.

export interface Costs {
  readonly name: string;
  readonly tickMs: number;
  /** Interpreter time that a tick costs beside its IO, in whatever state; spent after it first asks for the time. */
  readonly tickUs: number;
  readonly clockUs: number;
  readonly spiUs: number;
  /** One whose reply is not taken. */
  readonly spiSendUs: number;
  readonly i2cWriteUs: number;
  readonly i2cReadUs: number;
  /** Each byte of a write beyond two. */
  readonly i2cByteUs: number;
  readonly gpioUs: number;
  readonly pwmUs: number;
  readonly lampUs: number;
  readonly flashReadUs: number;
  readonly flashProgramUs: number;
  readonly flashEraseUs: number;
  readonly serialCallUs: number;
  /** One byte on the wire, in the background. */
  readonly serialByteUs: number;
  /** Text that may wait to be sent; a write beyond it is dropped whole. */
  readonly serialQueueBytes: number;
}

/**
 * Kaluma 1.2 on an RP2040 at 125 MHz.
 * Source: RP2040 SPI at 2 MHz, 5 bytes with chip select, and I2C at 400 kHz; W25Q16JV typical erase 45 ms, program 0.4 ms.
 * Measured: a datagram without its reply takes 66 µs less, on an emulated RP2040.
 * Measured: a tick of TREATING takes 8.0 ms in the middle on Kaluma's own firmware on that chip, its flash making it wait (`mesogun emulate
 * --flash-wait 56`), and 5.9 by the estimate of `npm run bench:ticks`, which knows no waiting; 1.5 to 2 of either are buses, charged by the call.
 * Chosen of what is left: the lower, which lets the gun draw its screen in the ticks in which a chip does. The rest: 26 µs a native call.
 */
export const KALUMA: Costs = {
  name: 'kaluma',
  tickMs: 20,
  tickUs: 4000,
  clockUs: 8,
  spiUs: 178,
  spiSendUs: 112,
  i2cWriteUs: 220,
  i2cReadUs: 300,
  i2cByteUs: 23,
  gpioUs: 26,
  pwmUs: 40,
  lampUs: 120,
  flashReadUs: 60,
  flashProgramUs: 1000,
  flashEraseUs: 45_000,
  serialCallUs: 60,
  serialByteUs: 87,
  serialQueueBytes: 1024,
};

/**
 * Espruino on the same wiring, on a processor ten times as fast as an RP2040: no board of hal/boards, but one that may be armed.
 * Chosen: a tick, a tenth of the 105 to 129 ms that one took in the middle of READY to TREATING on an RP2040 by the estimate of
 * `npm run bench:ticks`, less its buses; a call, twice Kaluma's; native flash and bus times the same.
 */
export const ESPRUINO: Costs = {
  ...KALUMA,
  name: 'espruino',
  tickMs: 50,
  tickUs: 10_000,
  clockUs: 20,
  spiUs: 300,
  spiSendUs: 300,
  i2cWriteUs: 350,
  i2cReadUs: 450,
  gpioUs: 60,
  pwmUs: 90,
  lampUs: 250,
  serialCallUs: 150,
};

/** The same on an RP2040 at 125 MHz, where the gun refuses to arm. Source: `npm run bench:ticks`, 129 ms in the middle of TREATING once, 119 now, buses not taken off. */
export const ESPRUINO_RP2040: Costs = { ...ESPRUINO, tickUs: 129_000 };
