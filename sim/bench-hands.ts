// The hands of a technician at the measuring place: fill or empty the holder, lay weights on the load cells, roll the travel wheel
// along a scale. Not responsible for what is read meanwhile (bench.ts) nor for the operator of a session. Simulator only.
import type { VirtualClock } from './clock.ts';
import { gauss } from './random.ts';

/** What hands can do to the gun in the fixture; each is absent where nothing stands in for it. */
export interface HeldGun {
  /** The same syringe, filled again. */
  refill?(): void;
  /** The syringe out of its holder. */
  empty?(): void;
  /** A weight on a cell, in the place of the one before. */
  lay?(cell: 'ring' | 'pusher', newtons: number): void;
  /** The ring pressed on a straight edge and rolled on by so much; null: lifted off. */
  roll?(mm: number | null): void;
}

export interface HeldWorld {
  readonly clock: VirtualClock;
  readonly plunger: { takeOut(): void };
  refillSyringe(): void;
  layOn(cell: 'ring' | 'pusher', newtons: number): void;
  press(newtons: number, forUs: number): void;
  moveTo(xUm: number, yUm: number, untilUs: number): void;
}

/** Force and speed of a hand that rolls the wheel along a scale. Chosen: firm and slow. */
const ROLL_N = 2;
const ROLL_MM_PER_S = 50;
const TOUCH_FOR_US = 200_000;
/** How well somebody sets the wheel's mark on a line of the scale, one standard deviation. Chosen: a tenth of its millimetre. */
const MARK_SD_MM = 0.1;
/** Source: standard gravity; OIML R 111, air of 1.2 against weights of 8000 kg/m³: a mass presses less by this share. */
const GRAVITY_M_PER_S2 = 9.80665;
const BUOYANCY = 1.2 / 8000;

export function heldGun(world: HeldWorld): Required<HeldGun> {
  let atUm = 0;
  return {
    refill: () => {
      world.refillSyringe();
    },
    empty: () => {
      world.plunger.takeOut();
    },
    lay: (cell, newtons) => {
      world.layOn(cell, newtons);
    },
    roll: (mm) => {
      world.press(mm === null ? 0 : ROLL_N, TOUCH_FOR_US);
      atUm += 1000 * (mm ?? 0);
      world.moveTo(atUm, 0, world.clock.nowUs + (1e6 * Math.abs(mm ?? 0)) / ROLL_MM_PER_S);
    },
  };
}

export class BenchHands {
  private readonly o: { readonly seed: number; readonly exact: boolean; readonly gun: HeldGun };
  /** Where the wheel's mark stands on its scale, and how often it was set. */
  private markMm = 0;
  private rolls = 0;

  constructor(options: { readonly seed: number; readonly exact: boolean; readonly gun: HeldGun }) {
    this.o = options;
  }

  refill(): void {
    this.o.gun.refill?.();
  }

  takeSyringeOut(): void {
    this.o.gun.empty?.();
  }

  lay(cell: 'ring' | 'pusher', grams: number): void {
    this.o.gun.lay?.(cell, (grams / 1000) * GRAVITY_M_PER_S2 * (1 - BUOYANCY));
  }

  /** Sets the wheel's mark on this line of a scale: for 0 lifted and set down, else rolled on. Null: lifted off. */
  roll(toMm: number | null): void {
    const { seed, exact, gun } = this.o;
    if (toMm === null) {
      gun.roll?.(null);
      return;
    }
    this.rolls += 1;
    const placedMm = toMm + (exact ? 0 : MARK_SD_MM * gauss(seed, 'bench.mark', this.rolls));
    if (toMm === 0) {
      gun.roll?.(null);
      gun.roll?.(0);
    } else gun.roll?.(placedMm - this.markMm);
    this.markMm = placedMm;
  }
}
