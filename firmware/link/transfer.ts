// Receives a programme in parts and says whether it arrived whole: order, count and CRC-32 over the little-endian words.
// Not responsible for what the words mean: Control judges them. Runs on the gun.
import { REFUSED_NO_PROGRAM } from '../core/faults.ts';
import { PROGRAM_WORDS_MAX } from '../core/program.ts';
import { Crc32 } from '../store/crc32.ts';

/** One transfer at a time; `begin` forgets the one before. */
export class Transfer {
  readonly words = new Int32Array(PROGRAM_WORDS_MAX);
  count = 0;
  /** How many words have come. */
  filled = 0;
  private hex = '';
  private readonly crc = new Crc32();
  private readonly halves = new Uint16Array(this.words.buffer);

  /** Expects `count` words with this check, as eight hex digits. 0 words = nothing is expected. */
  begin(count: number, crcHex: string): void {
    this.count = count;
    this.filled = 0;
    this.hex = crcHex;
    this.crc.begin();
  }

  /** Takes words that must follow on what came before. Answers 0 or REFUSED_NO_PROGRAM. */
  part(at: number, ints: Int32Array, count: number): number {
    if (at !== this.filled || at + count > this.count) return REFUSED_NO_PROGRAM;
    for (let i = 0; i < count; i++) this.words[at + i] = ints[i] as number;
    this.filled = at + count;
    this.crc.halves(this.halves, at * 2, this.filled * 2);
    return 0;
  }

  /** Answers 0 when the programme is whole, else REFUSED_NO_PROGRAM. */
  check(): number {
    return this.count > 0 && this.filled === this.count && this.crc.hex() === this.hex ? 0 : REFUSED_NO_PROGRAM;
  }
}
