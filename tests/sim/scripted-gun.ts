// A gun whose firmware is a list of steps over the real drivers: for tests of the world without core and link.
// Each step runs once a tick until it answers true. The kick pin is fed every tick while `fed` is true.
import { AXIS_ARRIVED, AXIS_HOMED, AXIS_HOMING, LOOK_ENCODER } from '../../hal/devices.ts';
import { NeedleAxis } from '../../hal/drivers/needle-axis.ts';
import { Nau7802Cell, PUSHER_CELL_COUNTS_PER_N, RING_CELL_COUNTS_PER_N } from '../../hal/drivers/nau7802-cell.ts';
import { PlungerAxis } from '../../hal/drivers/plunger-axis.ts';
import type { Board } from '../../hal/io.ts';
import type { AtMs, Um } from '../../hal/units.ts';
import { VirtualGun } from '../../sim/board.ts';
import type { VirtualGunOptions } from '../../sim/board.ts';

export interface Bench {
  readonly board: Board;
  readonly needle: NeedleAxis;
  readonly plunger: PlungerAxis;
  readonly ring: Nau7802Cell;
  readonly pusher: Nau7802Cell;
  fed: boolean;
  nowMs: AtMs;
}
export type Step = (bench: Bench) => boolean;

const arrived = (flags: number): boolean => (flags & AXIS_ARRIVED) !== 0 && (flags & AXIS_HOMING) === 0;

/** Does something once. */
export const once =
  (act: (bench: Bench) => unknown): Step =>
  (bench) => {
    act(bench);
    return true;
  };
/** Waits so many ticks. */
export const ticks = (count: number): Step => {
  let left = count;
  return () => left-- <= 0;
};
export const needleThere: Step = ({ needle }) => arrived(needle.flags);
export const plungerThere: Step = ({ plunger }) => arrived(plunger.flags);
export const moveNeedle = (um: number, umPerS: number): Step[] => [
  once((b) => b.needle.moveTo(um as Um, umPerS, b.nowMs)),
  ticks(1),
  needleThere,
];
export const movePlunger = (steps: number, nlPerS: number): Step[] => [
  once((b) => b.plunger.moveTo(steps, nlPerS, b.nowMs)),
  ticks(1),
  plungerThere,
];
/** Both axes initialised, powered and homed; syringe of 17 945 nL/mm loaded. */
export const homed: Step[] = [
  once((b) => {
    b.needle.init();
    b.plunger.init();
    b.ring.init();
    b.pusher.init();
    b.plunger.load(17945);
    b.fed = true;
  }),
  ticks(3),
  once((b) => {
    b.needle.limit(12000 as Um);
    b.needle.home(b.nowMs);
    b.plunger.home(b.nowMs);
  }),
  ({ needle, plunger }) => (needle.flags & AXIS_HOMED & plunger.flags) !== 0 && arrived(needle.flags) && arrived(plunger.flags),
];

export interface ScriptedGun {
  readonly gun: VirtualGun;
  /** Runs until the script is through; throws after `withinS` virtual seconds. */
  finish(withinS?: number): void;
  readonly bench: Bench;
}

/** A powered gun that runs `script`. The same script starts anew at each power-on. */
export function scriptedGun(script: readonly (Step | readonly Step[])[], options: Omit<VirtualGunOptions, 'boot'> = {}): ScriptedGun {
  const state = { at: 0, bench: null as Bench | null };
  const steps = script.flat();
  const gun = new VirtualGun({
    ...options,
    boot: (board) => {
      const bench: Bench = {
        board,
        needle: new NeedleAxis(board.needleSpi),
        plunger: new PlungerAxis(board.plungerSpi),
        ring: new Nau7802Cell(board.ringI2c, RING_CELL_COUNTS_PER_N),
        pusher: new Nau7802Cell(board.plungerI2c, PUSHER_CELL_COUNTS_PER_N),
        fed: false,
        nowMs: 0 as AtMs,
      };
      state.bench = bench;
      state.at = 0;
      let level: 0 | 1 = 0;
      return {
        tick: () => {
          bench.nowMs = board.nowMs();
          bench.needle.poll(bench.nowMs, LOOK_ENCODER);
          bench.plunger.poll(bench.nowMs, LOOK_ENCODER);
          bench.ring.poll(bench.nowMs);
          bench.pusher.poll(bench.nowMs);
          if (bench.fed) board.kick((level = level === 0 ? 1 : 0));
          board.feedWatchdog();
          const step = steps[state.at];
          if (step?.(bench)) state.at += 1;
          return board.tickMs;
        },
      };
    },
  });
  gun.powerOn();
  return {
    gun,
    get bench() {
      return state.bench as Bench;
    },
    finish: (withinS = 60) => {
      const untilUs = gun.nowUs + withinS * 1e6;
      while (state.at < steps.length) {
        if (gun.nowUs > untilUs)
          throw new Error(`step ${String(state.at)} of ${String(steps.length)} did not end within ${String(withinS)} s`);
        gun.step();
      }
    },
  };
}
