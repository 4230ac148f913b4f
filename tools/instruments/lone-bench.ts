// Virtual instruments without a gun: to try a balance, and for tests of drivers. Time passes while somebody waits for it.
// Not responsible for the instruments (sim/bench.ts) nor for benches beside a gun (virtual-line.ts).
import { Bench } from '../../sim/bench.ts';
import type { BenchGun } from '../../sim/bench.ts';
import { VirtualClock } from '../../sim/clock.ts';

export interface LoneBenchOptions {
  readonly seed?: number;
  /** Neither noise nor drift. */
  readonly exact?: boolean;
  /** Keep step with the wall clock, for somebody who watches. */
  readonly paced?: boolean;
  /** What stands in for a gun; absent: nothing comes out and nothing moves. */
  readonly gun?: BenchGun;
}

const NO_GUN: BenchGun = { outUl: () => 0, tipMm: () => 0 };
/** The thinnest needle of the library, 30G. */
const OUTER_MM = 0.311;

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export class LoneBench {
  readonly clock = new VirtualClock();
  readonly bench: Bench;
  private readonly paced: boolean;
  private running = false;

  constructor(options: LoneBenchOptions = {}) {
    const { seed = 1, exact = false, gun = NO_GUN } = options;
    this.paced = options.paced ?? false;
    this.bench = new Bench({ clock: this.clock, seed, exact, outerMm: OUTER_MM, gun });
    this.bench.onSpoke = () => {
      if (!this.running) void this.run();
    };
  }

  private async run(): Promise<void> {
    this.running = true;
    const { clock, bench } = this;
    const offsetMs = performance.now() - clock.nowUs / 1000;
    await turn();
    while (bench.waiting) {
      if (bench.flush()) {
        await turn();
        await turn();
      } else {
        const aheadMs = clock.nextAtUs / 1000 + offsetMs - performance.now();
        if (this.paced && aheadMs > 0) await new Promise((resolve) => setTimeout(resolve, aheadMs));
        clock.advanceTo(clock.nextAtUs);
      }
    }
    this.running = false;
  }
}
