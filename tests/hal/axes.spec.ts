// The axis contracts on the reference drivers over the register model of the ramp chip.
import type { Plunger, Stepper } from '../../hal/devices.ts';
import { NeedleAxis } from '../../hal/drivers/needle-axis.ts';
import { PlungerAxis } from '../../hal/drivers/plunger-axis.ts';
import type { AtMs, Um } from '../../hal/units.ts';
import { AxisBench } from './bench.ts';
import type { AxisBenchFor } from './axis.contract.ts';
import { promisesOfPlunger } from './plunger.contract.ts';
import { promisesOfStepper } from './stepper.contract.ts';

const on = (bench: AxisBench): Omit<AxisBenchFor<never>, 'axis' | 'moveAway' | 'moveHome'> => ({
  nowMs: (): AtMs => bench.nowMs,
  pass: (forMs) => {
    bench.advanceTo(bench.nowUs + forMs * 1000);
  },
  rotorSteps: () => Math.round(bench.rotorAt(bench.nowUs)),
  silence: (silent) => {
    bench.chip.setAnswer(silent ? 'missing' : 'ok');
  },
  brownOut: () => {
    bench.chip.brownOut(bench.nowUs);
  },
});

promisesOfStepper('NeedleAxis on a TMC5240', (): AxisBenchFor<Stepper> => {
  const bench = new AxisBench(-2400, 'motor');
  const axis = new NeedleAxis(bench);
  return {
    ...on(bench),
    axis,
    moveAway: () => axis.moveTo(6000 as Um, 60_000, bench.nowMs),
    moveHome: () => axis.moveTo(0 as Um, 60_000, bench.nowMs),
  };
});

promisesOfPlunger('PlungerAxis on a TMC5240', (): AxisBenchFor<Plunger> => {
  const bench = new AxisBench(-51_200, 'wheel');
  const axis = new PlungerAxis(bench);
  axis.load(17349);
  return {
    ...on(bench),
    axis,
    moveAway: () => axis.moveTo(20_480, 80_000, bench.nowMs),
    moveHome: () => axis.moveTo(0, 80_000, bench.nowMs),
  };
});
