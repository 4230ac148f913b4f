// The plunger driver on the ramp chip's model: volumes, rates, the travel wheel.
import { beforeEach, describe, expect, it } from 'vitest';
import * as D from '../../../hal/devices.ts';
import { PLUNGER_STEPS_PER_MM, PlungerAxis } from '../../../hal/drivers/plunger-axis.ts';
import { AxisBench } from '../bench.ts';

const ONE_ML = 17349;
const TEN_ML = 165130;

describe('PlungerAxis', () => {
  let bench: AxisBench;
  let plunger: PlungerAxis;
  const arrived = (): boolean => (plunger.flags & D.AXIS_ARRIVED) !== 0;
  beforeEach(() => {
    bench = new AxisBench(-51_200, 'wheel');
    plunger = new PlungerAxis(bench);
    expect(plunger.init()).toBe(D.OK);
    plunger.home(bench.nowMs);
    bench.pollUntil(plunger, () => (plunger.flags & D.AXIS_HOMING) === 0, 21_000);
    expect(plunger.flags & D.AXIS_HOMED).not.toBe(0);
    plunger.load(ONE_ML);
  });

  it('homes 20 µm behind the edge of its switch', () => {
    expect(bench.fromEdge).toBe(-1024);
  });

  it('refuses to move without a syringe', () => {
    const empty = new PlungerAxis(bench);
    expect(empty.moveTo(100, 1000, bench.nowMs)).toBe(D.DEVICE_LIMIT);
  });

  it.each([
    [50_000, 100_000, ONE_ML],
    [10_000, 50_000, ONE_ML],
    [200_000, 165_000, TEN_ML],
    [1000, 1000, ONE_ML],
    [200, 100, TEN_ML],
  ])('pushes %i nL at %i nL/s into place at the predicted time to −1…+4 ms', (volume, rate, syringe) => {
    plunger.load(syringe);
    const steps = Math.round((volume * PLUNGER_STEPS_PER_MM) / syringe);
    const fromUs = bench.nowUs;
    const fromMs = bench.nowMs;
    expect(plunger.moveTo(steps, rate, fromMs)).toBe(D.OK);
    const tookMs = bench.pollUntil(plunger, arrived, 4000, D.LOOK_NOTHING, 1);
    expect(bench.fromEdge + 1024).toBe(steps);
    expect(plunger.arrivesAtMs - fromUs / 1000 - tookMs).toBeGreaterThan(-2);
    expect(plunger.arrivesAtMs - fromUs / 1000 - tookMs).toBeLessThan(4);
  });

  it('reaches 100 µL/s in a 1 mL syringe within 20 ms', () => {
    plunger.moveTo(Math.round((100_000 * PLUNGER_STEPS_PER_MM) / ONE_ML), 100_000, bench.nowMs);
    bench.advanceTo(bench.nowUs + 20_000);
    expect((bench.chip.velocityAt(bench.nowUs) * ONE_ML) / PLUNGER_STEPS_PER_MM).toBeCloseTo(100_000, -2);
  });

  it('refuses 110 µL/s in a 1 mL syringe: above 6 mm/s', () => {
    expect(plunger.moveTo(1000, 110_000, bench.nowMs)).toBe(D.DEVICE_LIMIT);
    expect(plunger.moveTo(1000, 0, bench.nowMs)).toBe(D.DEVICE_LIMIT);
  });

  it('refuses a place beyond its limit and one beyond its travel', () => {
    expect(plunger.limit(100_000)).toBe(D.OK);
    expect(plunger.moveTo(100_001, 50_000, bench.nowMs)).toBe(D.DEVICE_LIMIT);
    expect(plunger.limit(3_072_001)).toBe(D.DEVICE_LIMIT);
  });

  it('moves on after off() and enable(): the screw holds the place, home is kept', () => {
    expect(plunger.off()).toBe(D.OK);
    expect(bench.chip.driving).toBe(false);
    expect(plunger.moveTo(1000, 50_000, bench.nowMs)).toBe(D.DEVICE_DRIVER);
    expect(plunger.enable()).toBe(D.OK);
    expect(bench.chip.driving).toBe(true);
    expect(plunger.moveTo(1000, 50_000, bench.nowMs)).toBe(D.OK);
  });

  it('counts 10 mm of travel from 1000 counts of the wheel, and nothing from the motor', () => {
    bench.wheelCounts = 1000;
    plunger.moveTo(51_200, 50_000, bench.nowMs);
    bench.pollUntil(plunger, arrived, 1000);
    plunger.poll(bench.nowMs, D.LOOK_ENCODER);
    expect(plunger.wheelUm()).toBe(10_000);
    expect(plunger.flags & D.AXIS_DEVIATION).toBe(0);
  });

  it('zeroes the wheel at init and keeps it over homing', () => {
    bench.wheelCounts = 500;
    plunger.home(bench.nowMs);
    bench.pollUntil(plunger, () => (plunger.flags & D.AXIS_HOMING) === 0, 21_000);
    plunger.poll(bench.nowMs, D.LOOK_ENCODER);
    expect(plunger.wheelUm()).toBe(5000);
    plunger.init();
    plunger.poll(bench.nowMs, D.LOOK_ENCODER);
    expect(plunger.wheelUm()).toBe(0);
  });
});
