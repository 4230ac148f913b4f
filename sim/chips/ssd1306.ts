// The SSD1306 screen controller at register level: control bytes, commands, the three addressing modes, 128 × 64 pixels of RAM, and
// what of it is seen. Not the glass, and not what is drawn. What is not modelled (scrolling and the like) is reported.
// Runs in the simulator. Source: Solomon Systech SSD1306 datasheet Rev 1.1, §8.1.5, §8.7, §9, §10.

export const SCREEN_COLUMNS = 128;
export const SCREEN_ROWS = 64;
const PAGES = 8;

const CONTINUES = 0x80;
const IS_DATA = 0x40;
const HORIZONTAL = 0;
const PAGE = 2;

/** Argument bytes that follow a command; commands of one byte are not listed. */
const ARGUMENTS = new Map([
  [0x20, 1],
  [0x21, 2],
  [0x22, 2],
  [0x81, 1],
  [0x8d, 1],
  [0xa8, 1],
  [0xd3, 1],
  [0xd5, 1],
  [0xd9, 1],
  [0xda, 1],
  [0xdb, 1],
  [0x26, 6],
  [0x27, 6],
  [0x29, 5],
  [0x2a, 5],
  [0xa3, 2],
]);
/** Timing and brightness: taken, without effect on what is seen. */
const NO_EFFECT = [0x81, 0xd5, 0xd9, 0xda, 0xdb, 0xe3];
const CHARGE_PUMP_ON = 0x04;

export class Ssd1306Chip {
  /** Commands that were used but are not modelled, each once. */
  readonly unmodelled: number[] = [];
  /** false: nobody acknowledges. */
  present = true;
  private readonly ram = new Uint8Array(PAGES * SCREEN_COLUMNS);
  private mode = PAGE;
  private column = 0;
  private page = 0;
  private columnFrom = 0;
  private columnTo = 127;
  private pageFrom = 0;
  private pageTo = 7;
  private startLine = 0;
  private offset = 0;
  private rows = SCREEN_ROWS;
  private columnsTurned = false;
  private rowsTurned = false;
  private inverse = false;
  private allOn = false;
  private pump = false;
  private on = false;
  private command: number[] = [];

  constructor() {
    this.powerCycle();
  }

  /** Registers as after reset; the RAM holds anything: here stripes. */
  powerCycle(): void {
    this.ram.fill(0x55);
    this.mode = PAGE;
    [this.column, this.page, this.columnFrom, this.columnTo, this.pageFrom, this.pageTo] = [0, 0, 0, 127, 0, 7];
    [this.startLine, this.offset, this.rows] = [0, 0, SCREEN_ROWS];
    [this.columnsTurned, this.rowsTurned, this.inverse, this.allOn, this.pump, this.on] = [false, false, false, false, false, false];
    this.command = [];
  }

  /** Light comes out: display on and the charge pump feeds it. */
  get lit(): boolean {
    return this.on && this.pump;
  }

  /** 1 = a lit pixel at column x from the left, row y from the top, as modules are mounted (columns and rows turned). Dark: 0 everywhere. */
  pixel(x: number, y: number): 0 | 1 {
    if (!this.lit) return 0;
    if (this.allOn) return 1;
    // Segment 127 is at the left, COM 63 at the top; the RAM was filled by segment, the rows are scanned either way.
    const row = this.rowsTurned ? y : SCREEN_ROWS - 1 - y;
    if (row >= this.rows) return 0;
    const line = (row + this.startLine + this.offset) % SCREEN_ROWS;
    const bit = ((this.ram[(line >> 3) * SCREEN_COLUMNS + (SCREEN_COLUMNS - 1 - x)] as number) >> (line & 7)) & 1;
    return bit === (this.inverse ? 0 : 1) ? 1 : 0;
  }

  /** One write: control bytes, commands and data. Returns 0, or 1 when nobody acknowledged. */
  write(bytes: Uint8Array, length: number): 0 | 1 {
    if (!this.present) return 1;
    let at = 0;
    while (at < length) {
      const control = bytes[at++] as number;
      const end = control & CONTINUES ? at + 1 : length;
      if (control & ~(CONTINUES | IS_DATA)) this.report(control);
      for (; at < end && at < length; at += 1) {
        if (control & IS_DATA) this.data(bytes[at] as number);
        else this.take(bytes[at] as number);
      }
    }
    return 0;
  }

  /** A byte of RAM at the pointer, by segment; then the pointer moves on. */
  private data(value: number): void {
    const segment = this.columnsTurned ? SCREEN_COLUMNS - 1 - this.column : this.column;
    this.ram[this.page * SCREEN_COLUMNS + segment] = value;
    if (this.mode === PAGE) this.column = (this.column + 1) % SCREEN_COLUMNS;
    else if (this.mode === HORIZONTAL) {
      if (this.nextColumn()) this.nextPage();
    } else if (this.nextPage()) this.nextColumn(); // vertical
  }

  private nextColumn(): boolean {
    const wraps = this.column === this.columnTo;
    this.column = wraps ? this.columnFrom : (this.column + 1) % SCREEN_COLUMNS;
    return wraps;
  }

  private nextPage(): boolean {
    const wraps = this.page === this.pageTo;
    this.page = wraps ? this.pageFrom : (this.page + 1) % PAGES;
    return wraps;
  }

  private take(byte: number): void {
    this.command.push(byte);
    if (this.command.length <= (ARGUMENTS.get(this.command[0] as number) ?? 0)) return;
    const [code = 0, a = 0, b = 0] = this.command;
    this.command = [];
    this.run(code, a, b);
  }

  private run(code: number, a: number, b: number): void {
    if (code === 0x20) this.mode = (a & 3) === 3 ? this.reported(code, this.mode) : a & 3;
    else if (code === 0x21) [this.columnFrom, this.columnTo, this.column] = [a & 127, b & 127, a & 127];
    else if (code === 0x22) [this.pageFrom, this.pageTo, this.page] = [a & 7, b & 7, a & 7];
    else if (code < 0x10) this.column = (this.column & 0x70) | code;
    else if (code < 0x20) this.column = (this.column & 0x0f) | ((code & 7) << 4);
    else if (code >= 0x40 && code < 0x80) this.startLine = code & 63;
    else if (code >= 0xb0 && code < 0xb8) this.page = code & 7;
    else if (code === 0x8d) this.pump = (a & CHARGE_PUMP_ON) !== 0;
    else if (code === 0xa8) this.rows = (a & 63) + 1;
    else if (code === 0xd3) this.offset = a & 63;
    else if (!this.toggle(code) && !NO_EFFECT.includes(code)) this.report(code);
  }

  /** Commands whose lowest bit, or bit 3, is the value. */
  private toggle(code: number): boolean {
    const set = (code & 1) === 1;
    const pair = code & 0xfe;
    if (pair === 0xa0) this.columnsTurned = set;
    else if (pair === 0xa4) this.allOn = set;
    else if (pair === 0xa6) this.inverse = set;
    else if (pair === 0xae) this.on = set;
    else if (code === 0xc0 || code === 0xc8) this.rowsTurned = code === 0xc8;
    else return false;
    return true;
  }

  private reported(code: number, value: number): number {
    this.report(code);
    return value;
  }

  private report(code: number): void {
    if (!this.unmodelled.includes(code)) this.unmodelled.push(code);
  }
}
