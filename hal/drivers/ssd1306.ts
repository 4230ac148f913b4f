// A 128 × 64 screen behind an SSD1306: a quarter of a page (32 columns of 8 pixels) a call, so that the bus is never held for long.
// Not responsible for what is drawn (firmware/panel). Runs on the gun.
// Source: Solomon Systech SSD1306 datasheet Rev 1.1, §8.1.5 (control bytes), §9 (commands), §10.1.3 (page addressing).
import type { I2cBus } from '../io.ts';

/** D/C# tied low, as on the usual modules. */
export const SSD1306_ADDRESS = 0x3c;
/** Columns of one call of draw(). */
export const STRIP_COLUMNS = 32;

const NEXT_COMMAND = 0x80; // Co = 1, D/C = 0: one command byte, then another control byte
const COMMANDS = 0x00;
const DATA = 0x40;
/** Charge pump on; columns and rows turned, as modules are mounted. The rest is right after reset. */
const SET_UP = [COMMANDS, 0x8d, 0x14, 0xa1, 0xc8];
const SHOW = [COMMANDS, 0xaf];
const PAGE = 0xb0;
const COLUMN_HIGH = 0x10;
/** Bytes of draw()'s message before the columns. */
export const STRIP_AT = 7;

export class Ssd1306 {
  /** What draw() sends: columns from STRIP_AT on, bit 0 on top. */
  readonly strip: Uint8Array;
  private readonly i2c: I2cBus;
  private readonly setUp: Uint8Array;
  private readonly shown: Uint8Array;

  constructor(i2c: I2cBus) {
    this.i2c = i2c;
    this.setUp = new Uint8Array(SET_UP);
    this.shown = new Uint8Array(SHOW);
    this.strip = new Uint8Array(STRIP_AT + STRIP_COLUMNS);
    this.strip.set([NEXT_COMMAND, PAGE, NEXT_COMMAND, 0, NEXT_COMMAND, COLUMN_HIGH, DATA]);
  }

  /** Sets the chip up, dark as after power-on. 0, or BUS_NACK when no screen answers. */
  init(): number {
    return this.i2c.writeBytes(SSD1306_ADDRESS, this.setUp);
  }

  /** Lights what has been drawn. */
  show(): number {
    return this.i2c.writeBytes(SSD1306_ADDRESS, this.shown);
  }

  /** Sends the strip to a quarter page: page 0 to 7 from the top, quarter 0 to 3 from the left. 0 or BUS_NACK. */
  draw(page: number, quarter: number): number {
    this.strip[1] = PAGE + page;
    this.strip[5] = COLUMN_HIGH + quarter * 2; // 32 columns are 2 in the high nibble
    return this.i2c.writeBytes(SSD1306_ADDRESS, this.strip);
  }
}
