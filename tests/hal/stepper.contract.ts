// What the needle promises besides an axis (hal/devices.ts, Stepper). Run on any driver over any chip, model or real.
import { beforeEach, describe, expect, it } from 'vitest';
import * as D from '../../hal/devices.ts';
import type { Um } from '../../hal/units.ts';
import { bringHome, promisesOfAxis, waitFor } from './axis.contract.ts';
import type { AxisBenchFor } from './axis.contract.ts';

const um = (value: number): Um => value as Um;

export function promisesOfStepper(name: string, make: () => AxisBenchFor<D.Stepper>): void {
  promisesOfAxis(name, make);
  describe(`${name} as a Stepper`, () => {
    let bench: AxisBenchFor<D.Stepper>;
    beforeEach(() => {
      bench = make();
      bringHome(bench);
    });

    it('must stand within 1 µm of any whole micrometre it was sent to', () => {
      for (const target of [1, 333, 4002, 0]) {
        expect(bench.axis.moveTo(um(target), 60_000, bench.nowMs())).toBe(D.OK);
        expect(waitFor(bench, D.AXIS_ARRIVED, true, 2000)).toBe(true);
        expect(Math.abs(bench.axis.positionUm() - target)).toBeLessThanOrEqual(1);
      }
    });

    it('must reach a target equal to its limit', () => {
      expect(bench.axis.limit(um(5000))).toBe(D.OK);
      expect(bench.axis.moveTo(um(5000), 60_000, bench.nowMs())).toBe(D.OK);
      expect(waitFor(bench, D.AXIS_ARRIVED, true, 2000)).toBe(true);
    });

    it('must read its encoder with the same zero as the ramp', () => {
      bench.axis.moveTo(um(3000), 60_000, bench.nowMs());
      waitFor(bench, D.AXIS_ARRIVED, true, 2000);
      bench.axis.poll(bench.nowMs(), D.LOOK_ENCODER);
      expect(Math.abs((bench.axis.encoderSteps * 5) / 4 - 3000)).toBeLessThanOrEqual(10);
      expect(bench.axis.flags & D.AXIS_DEVIATION).toBe(0);
    });

    it('must not clamp: beyond the limit, at no speed or too fast it answers DEVICE_LIMIT and stays', () => {
      bench.axis.limit(um(5000));
      const before = bench.rotorSteps();
      expect(bench.axis.moveTo(um(5002), 60_000, bench.nowMs())).toBe(D.DEVICE_LIMIT);
      expect(bench.axis.moveTo(um(-5000), 60_000, bench.nowMs())).toBe(D.DEVICE_LIMIT);
      expect(bench.axis.moveTo(um(1000), 0, bench.nowMs())).toBe(D.DEVICE_LIMIT);
      expect(bench.axis.moveTo(um(1000), 10_000_000, bench.nowMs())).toBe(D.DEVICE_LIMIT);
      bench.pass(200);
      expect(bench.rotorSteps()).toBe(before);
    });

    it('may be given its limit before it is homed: the limit holds from the first zero on', () => {
      const fresh = make();
      fresh.axis.init();
      expect(fresh.axis.limit(um(2000))).toBe(D.OK);
      fresh.axis.home(fresh.nowMs());
      waitFor(fresh, D.AXIS_HOMING, false, 25_000);
      expect(fresh.axis.moveTo(um(2002), 60_000, fresh.nowMs())).toBe(D.DEVICE_LIMIT);
    });

    it('may be sent elsewhere in the middle of a move, back too', () => {
      bench.axis.moveTo(um(8000), 60_000, bench.nowMs());
      bench.pass(60);
      bench.axis.poll(bench.nowMs(), D.LOOK_NOTHING);
      expect(bench.axis.moveTo(um(0), 120_000, bench.nowMs())).toBe(D.OK);
      expect(waitFor(bench, D.AXIS_ARRIVED, true, 2000)).toBe(true);
      expect(bench.axis.positionUm()).toBe(0);
    });
  });
}
