// What both axes promise (hal/devices.ts, Axis), told as must, must not and may; run on any driver over any chip, model or real.
import { beforeEach, describe, expect, it } from 'vitest';
import * as D from '../../hal/devices.ts';
import type { AtMs } from '../../hal/units.ts';

/** An axis on a bench: fresh from power-on, not yet initialised, its switch within reach. */
export interface AxisBenchFor<A extends D.Axis> {
  readonly axis: A;
  nowMs(): AtMs;
  /** Lets time pass without a call to the driver. */
  pass(forMs: number): void;
  /** A short move away from home at a moderate speed, about 0.1 s, as this axis does it. */
  moveAway(): number;
  /** The way back to 0. */
  moveHome(): number;
  /** Where the motor really is, in steps from power-on. */
  rotorSteps(): number;
  /** The chip answers nothing from now on, or again. Absent on a real bench. */
  silence?(silent: boolean): void;
  /** The chip loses its registers. Absent on a real bench. */
  brownOut?(): void;
}

const TICK_MS = 20;

/** Polls until a flag is set or cleared; false after `withinMs`. */
export function waitFor<A extends D.Axis>(bench: AxisBenchFor<A>, flag: number, set: boolean, withinMs: number): boolean {
  for (let ms = 0; ms < withinMs; ms += TICK_MS) {
    bench.axis.poll(bench.nowMs(), D.LOOK_NOTHING);
    if (((bench.axis.flags & flag) !== 0) === set) return true;
    bench.pass(TICK_MS);
  }
  return false;
}

export function bringHome<A extends D.Axis>(bench: AxisBenchFor<A>): void {
  expect(bench.axis.init()).toBe(D.OK);
  expect(bench.axis.home(bench.nowMs())).toBe(D.OK);
  expect(waitFor(bench, D.AXIS_HOMING, false, 25_000)).toBe(true);
  expect(bench.axis.flags & D.AXIS_HOMED).not.toBe(0);
}

export function promisesOfAxis<A extends D.Axis>(name: string, make: () => AxisBenchFor<A>): void {
  describe(`${name} as an Axis`, () => {
    let bench: AxisBenchFor<A>;
    beforeEach(() => {
      bench = make();
    });

    it('must stand at 0 on its switch, arrived, after homing', () => {
      bringHome(bench);
      const want = D.AXIS_ARRIVED | D.AXIS_AT_HOME_SWITCH | D.AXIS_HOMED;
      expect(bench.axis.flags & want).toBe(want);
      expect([bench.axis.positionSteps, bench.axis.targetSteps]).toEqual([0, 0]);
    });

    it('must arrive at its target by the time it said, at most 5 ms late', () => {
      bringHome(bench);
      expect(bench.moveAway()).toBe(D.OK);
      expect(bench.axis.flags & D.AXIS_ARRIVED).toBe(0);
      bench.pass(bench.axis.arrivesAtMs - bench.nowMs() + 5);
      bench.axis.poll(bench.nowMs(), D.LOOK_NOTHING);
      expect(bench.axis.flags & D.AXIS_ARRIVED).not.toBe(0);
      expect(bench.axis.positionSteps).toBe(bench.axis.targetSteps);
    });

    it('must stop within 100 ms and stay there, wherever it is stopped', () => {
      for (const afterMs of [0, 3, 20, 60]) {
        const fresh = make();
        bringHome(fresh);
        fresh.moveAway();
        fresh.pass(afterMs);
        expect(fresh.axis.stop()).toBe(D.OK);
        fresh.pass(100);
        const restSteps = fresh.rotorSteps();
        fresh.pass(500);
        expect(fresh.rotorSteps()).toBe(restSteps);
      }
    });

    it('must take stop() and off() at any time, twice too', () => {
      expect(bench.axis.init()).toBe(D.OK);
      for (let i = 0; i < 2; i++) expect([bench.axis.stop(), bench.axis.off()]).toEqual([D.OK, D.OK]);
      bringHome(bench);
      for (let i = 0; i < 2; i++) expect([bench.axis.stop(), bench.axis.off()]).toEqual([D.OK, D.OK]);
    });

    it('must find home again from where it was stopped', () => {
      bringHome(bench);
      const homeSteps = bench.rotorSteps();
      bench.moveAway();
      bench.pass(30);
      bench.axis.stop();
      bench.pass(100);
      bench.axis.home(bench.nowMs());
      expect(waitFor(bench, D.AXIS_HOMING, false, 25_000)).toBe(true);
      expect(bench.rotorSteps()).toBe(homeSteps);
    });

    it('must not move before it has homed, nor after init() has made the position unknown', () => {
      expect(bench.axis.init()).toBe(D.OK);
      const before = bench.rotorSteps();
      expect(bench.moveAway()).toBe(D.DEVICE_NOT_HOMED);
      bench.pass(100);
      expect(bench.rotorSteps()).toBe(before);
      bringHome(bench);
      bench.axis.init();
      expect(bench.moveAway()).toBe(D.DEVICE_NOT_HOMED);
    });

    it('must not say arrived while it moves, nor after it was stopped short', () => {
      bringHome(bench);
      bench.moveAway();
      bench.axis.poll(bench.nowMs(), D.LOOK_NOTHING);
      expect(bench.axis.flags & D.AXIS_ARRIVED).toBe(0);
      bench.axis.stop();
      bench.pass(300);
      bench.axis.poll(bench.nowMs(), D.LOOK_NOTHING);
      expect(bench.axis.flags & D.AXIS_ARRIVED).toBe(0);
    });

    it('may be looked at in every way while it moves and stands, without changing the motion', () => {
      bringHome(bench);
      bench.moveAway();
      for (let i = 0; i < 20; i++) {
        for (const look of [D.LOOK_NOTHING, D.LOOK_ENCODER, D.LOOK_RAMP, D.LOOK_HEALTH, D.LOOK_PINS]) {
          expect(bench.axis.poll(bench.nowMs(), look)).toBe(D.OK);
        }
        bench.pass(20);
      }
      expect(bench.axis.flags & (D.AXIS_ARRIVED | D.AXIS_ENABLED)).toBe(D.AXIS_ARRIVED | D.AXIS_ENABLED);
    });

    it('may fall silent: R23 says so at the next poll, keeps the position, and comes back when the chip does', () => {
      if (!bench.silence) return;
      bringHome(bench);
      bench.moveAway();
      bench.pass(500);
      bench.axis.poll(bench.nowMs(), D.LOOK_NOTHING);
      const position = bench.axis.positionSteps;
      bench.silence(true);
      expect(bench.axis.poll(bench.nowMs(), D.LOOK_NOTHING)).toBe(D.DEVICE_BUS);
      expect(bench.axis.flags & D.AXIS_SILENT).not.toBe(0);
      expect(bench.axis.positionSteps).toBe(position);
      bench.silence(false);
      expect(bench.axis.poll(bench.nowMs(), D.LOOK_NOTHING)).toBe(D.OK);
      expect(bench.axis.flags & D.AXIS_SILENT).toBe(0);
    });

    it('may lose its registers: R22 says reset until init(), and refuses to move', () => {
      if (!bench.brownOut) return;
      bringHome(bench);
      bench.brownOut();
      for (let i = 0; i < 3; i++) expect(bench.axis.poll(bench.nowMs(), D.LOOK_NOTHING)).toBe(D.DEVICE_RESET);
      expect([bench.moveAway(), bench.moveHome()]).toEqual([D.DEVICE_RESET, D.DEVICE_RESET]);
      bringHome(bench);
    });
  });
}
