// What the plunger promises besides an axis (hal/devices.ts, Plunger). Run on any driver over any chip, model or real.
import { beforeEach, describe, expect, it } from 'vitest';
import * as D from '../../hal/devices.ts';
import type { Nl } from '../../hal/units.ts';
import { bringHome, promisesOfAxis, waitFor } from './axis.contract.ts';
import type { AxisBenchFor } from './axis.contract.ts';

const nl = (value: number): Nl => value as Nl;

export function promisesOfPlunger(name: string, make: () => AxisBenchFor<D.Plunger>): void {
  promisesOfAxis(name, make);
  describe(`${name} as a Plunger`, () => {
    let bench: AxisBenchFor<D.Plunger>;
    beforeEach(() => {
      bench = make();
      bringHome(bench);
      bench.axis.load({ nlPerMm: 17349 });
    });

    it('must add 200 doses of 10 µL up to 2000 µL within one microstep', () => {
      let steps = 0;
      for (let i = 0; i < 200; i++) steps += bench.axis.stepsFor(nl(10_000));
      expect(Math.abs(steps - (2_000_000 * bench.axis.stepsPerMm) / 17349)).toBeLessThan(1);
    });

    it('must give a volume back from its steps to half a microstep’s worth, 1 nL', () => {
      for (const volume of [1000, 2000, 12_345, 200_000]) {
        bench.axis.load({ nlPerMm: 17349 });
        expect(Math.abs(bench.axis.nlOf(bench.axis.stepsFor(nl(volume))) - volume)).toBeLessThanOrEqual(1);
      }
    });

    it('must push 10 µL at 100 µL/s in 100 to 150 ms', () => {
      const from = bench.rotorSteps();
      const fromMs = bench.nowMs();
      const steps = bench.axis.stepsFor(nl(10_000));
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
