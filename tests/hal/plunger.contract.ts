// What the plunger promises besides an axis (hal/devices.ts, Plunger). Run on any driver over any chip, model or real.
import { beforeEach, describe, expect, it } from 'vitest';
import * as D from '../../hal/devices.ts';
import { bringHome, promisesOfAxis, waitFor } from './axis.contract.ts';
import type { AxisBenchFor } from './axis.contract.ts';

export function promisesOfPlunger(name: string, make: () => AxisBenchFor<D.Plunger>): void {
  promisesOfAxis(name, make);
  describe(`${name} as a Plunger`, () => {
    let bench: AxisBenchFor<D.Plunger>;
    beforeEach(() => {
      bench = make();
      bringHome(bench);
      bench.axis.load(17349);
    });

    it('must push 10 µL at 100 µL/s in 100 to 150 ms', () => {
      const from = bench.rotorSteps();
      const fromMs = bench.nowMs();
      const steps = 29_512;
      expect(bench.axis.moveTo(steps, 100_000, fromMs)).toBe(D.OK);
      expect(bench.axis.arrivesAtMs - fromMs).toBeGreaterThan(100);
      expect(bench.axis.arrivesAtMs - fromMs).toBeLessThan(150);
      expect(waitFor(bench, D.AXIS_ARRIVED, true, 1000)).toBe(true);
      expect(bench.rotorSteps() - from).toBe(steps);
    });

    it('must not change the rate silently: one that the mechanics cannot give is DEVICE_LIMIT', () => {
      expect(bench.axis.moveTo(1000, 1_000_000, bench.nowMs())).toBe(D.DEVICE_LIMIT);
      expect(bench.axis.moveTo(1000, 0, bench.nowMs())).toBe(D.DEVICE_LIMIT);
    });

    it('may go back: the direction is the caller’s promise', () => {
      bench.axis.moveTo(20_000, 50_000, bench.nowMs());
      waitFor(bench, D.AXIS_ARRIVED, true, 1000);
      expect(bench.axis.moveTo(10_000, 50_000, bench.nowMs())).toBe(D.OK);
      expect(waitFor(bench, D.AXIS_ARRIVED, true, 1000)).toBe(true);
    });
  });
}
