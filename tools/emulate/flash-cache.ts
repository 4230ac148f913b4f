// The cache in front of the RP2040's flash: which reads of program memory must wait for the flash chip. Keeps addresses, no bytes.
// Not responsible for what is read (thumb-core.ts). Runs at the desk. Source: RP2040 datasheet, 2.6.3.1 (16 KB, two-way, lines of 8 bytes).

export const LINE_SHIFT = 3;
const SETS = 1024;
const NOBODY = -1;

export class FlashCache {
  hits = 0;
  misses = 0;
  /** Cycles that a line takes from the flash chip. */
  readonly waitCycles: number;
  private readonly newest = new Int32Array(SETS).fill(NOBODY);
  private readonly oldest = new Int32Array(SETS).fill(NOBODY);

  /** `waitCycles` above 0. */
  constructor(waitCycles: number) {
    this.waitCycles = waitCycles;
  }

  /** Reads a line, which is an address shifted by LINE_SHIFT. Answers the cycles to wait. Of two lines the one used longer ago goes: chosen. */
  read(line: number): number {
    const set = line & (SETS - 1);
    const first = this.newest[set] as number;
    if (first === line) {
      this.hits += 1;
      return 0;
    }
    const isHit = this.oldest[set] === line;
    this.oldest[set] = first;
    this.newest[set] = line;
    if (isHit) this.hits += 1;
    else this.misses += 1;
    return isHit ? 0 : this.waitCycles;
  }

  /** After the flash has been written. */
  flush(): void {
    this.newest.fill(NOBODY);
    this.oldest.fill(NOBODY);
  }
}
