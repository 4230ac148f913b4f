// CRC-32 (IEEE 802.3, as in zlib and PNG), kept as two 16-bit halves: JerryScript allocates integers above 2^27.
// Not responsible for where the bytes come from. Each user owns an instance, so that the link may stop in the middle
// of a line while the journal sums an entry. Runs on the gun and at the desk.
// Source: RFC 1952 section 8, reflected polynomial 0xEDB88320.

const POLYNOMIAL_HIGH = 0xedb8;
const POLYNOMIAL_LOW = 0x8320;
const HEX_DIGITS = '0123456789abcdef';

const TABLE_HIGH = new Uint16Array(256);
const TABLE_LOW = new Uint16Array(256);

/** One bit at a time for the eight powers of two; every other entry is the XOR of two smaller ones. */
const fillTables = (): void => {
  let high = 0;
  let low = 1;
  for (let power = 128; power > 0; power >>= 1) {
    const carry = low & 1;
    low = (low >> 1) | ((high & 1) << 15);
    high >>= 1;
    if (carry === 1) {
      high ^= POLYNOMIAL_HIGH;
      low ^= POLYNOMIAL_LOW;
    }
    TABLE_HIGH[power] = high;
    TABLE_LOW[power] = low;
  }
  for (let power = 2; power < 256; power <<= 1) {
    for (let index = 1; index < power; index++) {
      TABLE_HIGH[power + index] = (TABLE_HIGH[power] as number) ^ (TABLE_HIGH[index] as number);
      TABLE_LOW[power + index] = (TABLE_LOW[power] as number) ^ (TABLE_LOW[index] as number);
    }
  }
};
fillTables();

const hexOf = (half: number): string =>
  HEX_DIGITS.charAt(half >> 12) + HEX_DIGITS.charAt((half >> 8) & 15) + HEX_DIGITS.charAt((half >> 4) & 15) + HEX_DIGITS.charAt(half & 15);

/** A running CRC-32. Feed it in any pieces; the sum is readable after each. Allocates nothing but the hex text. */
export class Crc32 {
  private stateHigh: number;
  private stateLow: number;

  constructor() {
    this.stateHigh = 0xffff;
    this.stateLow = 0xffff;
  }

  /** Forgets everything fed so far. */
  begin(): void {
    this.stateHigh = 0xffff;
    this.stateLow = 0xffff;
  }

  /** Adds one byte, 0 to 255. */
  byte(value: number): void {
    const low = this.stateLow;
    const high = this.stateHigh;
    const index = (low ^ value) & 0xff;
    this.stateLow = ((low >> 8) | ((high & 0xff) << 8)) ^ (TABLE_LOW[index] as number);
    this.stateHigh = (high >> 8) ^ (TABLE_HIGH[index] as number);
  }

  /** Adds `buffer[from]` up to, not including, `buffer[to]`. */
  bytes(buffer: Uint8Array, from: number, to: number): void {
    let low = this.stateLow;
    let high = this.stateHigh;
    for (let at = from; at < to; at++) {
      const index = (low ^ (buffer[at] as number)) & 0xff;
      low = ((low >> 8) | ((high & 0xff) << 8)) ^ (TABLE_LOW[index] as number);
      high = (high >> 8) ^ (TABLE_HIGH[index] as number);
    }
    this.stateLow = low;
    this.stateHigh = high;
  }

  /** Adds the characters `from` up to, not including, `to`, one byte each: the caller's budget is the range. */
  text(text: string, from: number, to: number): void {
    let low = this.stateLow;
    let high = this.stateHigh;
    for (let at = from; at < to; at++) {
      const index = (low ^ text.charCodeAt(at)) & 0xff;
      low = ((low >> 8) | ((high & 0xff) << 8)) ^ (TABLE_LOW[index] as number);
      high = (high >> 8) ^ (TABLE_HIGH[index] as number);
    }
    this.stateLow = low;
    this.stateHigh = high;
  }

  /** Adds one 32-bit word, little-endian, as the journal and the programme transfer store it. */
  word(value: number): void {
    this.byte(value & 0xff);
    this.byte((value >> 8) & 0xff);
    this.byte((value >> 16) & 0xff);
    this.byte((value >> 24) & 0xff);
  }

  /** Upper 16 bits of the sum so far. */
  get high(): number {
    return this.stateHigh ^ 0xffff;
  }

  /** Lower 16 bits of the sum so far. */
  get low(): number {
    return this.stateLow ^ 0xffff;
  }

  /** The sum as eight lower-case hex digits. */
  hex(): string {
    return hexOf(this.high) + hexOf(this.low);
  }

  /** Stores the sum little-endian at `buffer[at]` to `buffer[at + 3]`. */
  store(buffer: Uint8Array, at: number): void {
    const low = this.low;
    const high = this.high;
    buffer[at] = low & 0xff;
    buffer[at + 1] = low >> 8;
    buffer[at + 2] = high & 0xff;
    buffer[at + 3] = high >> 8;
  }

  /** Whether the sum stands little-endian at `buffer[at]` to `buffer[at + 3]`. */
  matches(buffer: Uint8Array, at: number): boolean {
    const low = this.low;
    const high = this.high;
    return buffer[at] === (low & 0xff) && buffer[at + 1] === low >> 8 && buffer[at + 2] === (high & 0xff) && buffer[at + 3] === high >> 8;
  }
}
