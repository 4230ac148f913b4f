// CRC-32 (IEEE 802.3, as in zlib and PNG), kept as two 16-bit halves: JerryScript allocates integers above 2^27.
// Not responsible for where the bytes come from. Each user owns an instance, so that the link may stop in the middle
// of a line while the journal sums an entry. Runs on the gun and at the desk.
// Source: RFC 1952 section 8, reflected polynomial 0xEDB88320.

/** Hexadecimal with leading zeros: `one` is 1 before as many zeros as there shall be digits. */
export const hexOf = (value: number, one: number): string => (one + value).toString(16).slice(1);

/** A running CRC-32. Feed it in any pieces; the sum is readable after each. Allocates nothing but the hex text. */
export class Crc32 {
  /** Upper and lower 16 bits of the sum so far. */
  high = 0;
  low = 0;
  /** How far sumUpTo() has come. */
  at = 0;

  /** Forgets everything fed so far. */
  begin(): void {
    this.high = 0;
    this.low = 0;
    this.at = 0;
  }

  /** Adds `buffer[from]` up to, not including, `buffer[to]`, two bytes each, the lower one first. */
  halves(buffer: Uint16Array, from: number, to: number): void {
    this.text(buffer, from * 2, to * 2);
  }

  /** Goes on in `text` towards its character `end`, by at most `most`. Answers by how many. */
  sumUpTo(text: string, end: number, most: number): number {
    const from = this.at;
    const to = Math.min(end, from + most);
    this.text(text, from, to);
    this.at = to;
    return to - from;
  }

  /** Adds one 32-bit word, little-endian, as the programme transfer stores it. */
  word(value: number): void {
    this.text(String.fromCharCode(value & 255, (value >> 8) & 255, (value >> 16) & 255, (value >> 24) & 255), 0, 4);
  }

  /**
   * Adds the characters `from` up to, not including, `to`, one byte each; of halves two bytes each. Two bytes a turn, without a table: an operator costs a twelfth of reading an element. Sixteen turns of the register are a
   * division by the polynomial; its quotient q follows from the bits that leave, which are fed back 6, 9 and 10 places later, and q times
   * the polynomial is what is left. A last single byte is the upper of two.
   */
  text(source: string | Uint16Array, from: number, to: number): void {
    const text = typeof source === 'string' ? source : '';
    const buffer = source as Uint16Array;
    // The register is the complement of the sum.
    let low = this.low ^ 0xffff;
    let high = this.high ^ 0xffff;
    for (let at = from; at < to; at += 2) {
      let x = low ^ (text ? text.charCodeAt(at) | (text.charCodeAt(at + 1) << 8) : (buffer[at >> 1] as number));
      if (at + 1 < to) {
        low = high;
        high = 0;
      } else {
        x = (x & 0xff) << 8;
        low = (low >> 8) | ((high & 0xff) << 8);
        high >>= 8;
      }
      const y = x & 0x3ff;
      const q = (x ^ ((y ^ (y << 3) ^ (y << 4) ^ (y << 6)) << 6)) & 0xffff;
      const u = q ^ (q >> 1);
      const v = u ^ (q >> 2);
      const w = q ^ (q << 1);
      const z = w & 0xff;
      high ^= v ^ (u >> 4) ^ (u >> 7) ^ (v >> 10);
      low ^= (q ^ ((w ^ (q << 2)) << 4) ^ ((z ^ (z << 3) ^ (z << 6)) << 8) ^ (u >> 6) ^ (q >> 10)) & 0xffff;
    }
    this.low = low ^ 0xffff;
    this.high = high ^ 0xffff;
  }

  /** The sum as eight lower-case hex digits. */
  hex(): string {
    return hexOf(this.high, 0x10000) + hexOf(this.low, 0x10000);
  }

  /** Stores the sum at `buffer[at]`, its lower half, and `buffer[at + 1]`. */
  store(buffer: Uint16Array, at: number): void {
    buffer[at] = this.low;
    buffer[at + 1] = this.high;
  }

  /** Whether the sum stands at `buffer[at]` and `buffer[at + 1]`. */
  matches(buffer: Uint16Array, at: number): boolean {
    return buffer[at] === this.low && buffer[at + 1] === this.high;
  }
}
