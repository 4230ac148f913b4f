// The world below the drivers: what a prick does to skin, liquid and truth, with a firmware that is a list of moves.
import { describe, expect, it } from 'vitest';
import { AXIS_HOMED, AXIS_HOMING } from '../../hal/devices.ts';
import { FLUID, bevelLengthMm, refluxFraction } from '../../protocols/fluid.ts';
import { DOSE_STEPS, EXACT, PRIMED_STEPS, TIP_UM, press, prick, runPrick } from './one-prick.ts';
import { homed, moveNeedle, movePlunger, once, scriptedGun, ticks } from './scripted-gun.ts';
import type { ScriptedGun, Step } from './scripted-gun.ts';

describe('world of one prick', () => {
  it('homes both axes to within 10 µm of their switches and reads the needle position back from the rotor encoder', () => {
    const self = scriptedGun([homed, moveNeedle(1000, 50_000)], EXACT);
    self.finish();
    expect(self.gun.world.needle.carriageMm(self.gun.nowUs)).toBeCloseTo(1, 2);
    expect((self.bench.needle.encoderSteps * 5) / 4).toBeGreaterThan(985);
    expect((self.bench.needle.encoderSteps * 5) / 4).toBeLessThan(1015);
  });

  it('homes the plunger again from 50 mm with screws that are up to 0.06 % long or short, seeds 1 to 6', () => {
    for (let seed = 1; seed <= 6; seed += 1) {
      const again: Step = (b) => (b.plunger.flags & AXIS_HOMED) !== 0 && (b.plunger.flags & AXIS_HOMING) === 0;
      const home = once((b) => b.plunger.home(b.nowMs));
      const self = scriptedGun([homed, movePlunger(50 * 51200, 100_000), home, ticks(2), again], {
        world: { seed, operator: { present: false } },
      });
      self.finish(120);
      expect(Math.abs(self.gun.world.plunger.carriageMm(self.gun.nowUs))).toBeLessThan(0.05);
    }
  });

  it('brings the tip to 2.5 mm beyond the ring plane, within 20 µm', () => {
    const { gun } = runPrick();
    expect(gun.truth.pricks).toHaveLength(1);
    expect(Math.abs((gun.truth.last?.tipMaxUm ?? 0) - TIP_UM)).toBeLessThan(20);
  });

  it('conserves volume: 10 µL pushed = tissue + exposed + air + what the compliance still holds, to 0.05 µL', () => {
    const { gun } = runPrick();
    const last = gun.truth.last;
    const { fluid } = gun.world.plunger;
    expect(last?.stopperUl).toBeCloseTo(10, 0);
    const stored = gun.setup.syringe.complianceUlPerKpa * fluid.pKpa;
    expect((last?.tissueUl ?? 0) + (last?.exposedUl ?? 0) + (last?.airUl ?? 0) + stored).toBeCloseTo(last?.stopperUl ?? 0, 1);
  });

  it('delivers less than the plunger pushed: compliance and opening pressure hold back 5 to 30 % and drip later', () => {
    const last = runPrick().gun.truth.last;
    expect(last?.tissueUl).toBeGreaterThan(7);
    expect(last?.tissueUl).toBeLessThan(9.5);
    expect(last?.airUl).toBeGreaterThan(0.3);
  });

  it('puts everything into the hypodermis at 2.5 mm in a cheek whose dermis ends at 1.07 mm', () => {
    const last = runPrick().gun.truth.last;
    expect(last?.layerUl.hypodermis).toBeCloseTo(last?.tissueUl ?? 0, 6);
    expect(last?.doseDepthUm).toBeGreaterThan(1800);
  });

  it('keeps the moments of a prick in order: leaves home, in, dose begins, dose ends, out, home', () => {
    const last = runPrick().gun.truth.last;
    const moments = [last?.startsAtUs, last?.inAtUs, last?.dosedFromUs, last?.dosedToUs, last?.outAtUs, last?.homeAtUs] as number[];
    expect(moments).toEqual([...moments].sort((a, b) => a - b));
    expect(moments[0]).toBeGreaterThan(0);
  });

  it('gives nothing to tissue when the ring is not on the skin', () => {
    const self: ScriptedGun = scriptedGun(
      [homed, movePlunger(PRIMED_STEPS, 50_000), moveNeedle(5500, 100_000), movePlunger(PRIMED_STEPS + DOSE_STEPS, 20_000), ticks(20)],
      EXACT,
    );
    self.finish();
    expect(self.gun.truth.pricks).toHaveLength(0);
    expect(self.gun.world.plunger.fluid.tissueUl).toBe(0);
  });

  it('reads 1.0 N on the ring cell with the tip 0.5 mm into the probe cap of 2 N/mm', () => {
    const self: ScriptedGun = scriptedGun(
      [
        homed,
        once(() => {
          self.gun.world.clipCap();
        }),
        moveNeedle(3500, 5000),
        ticks(5),
      ],
      EXACT,
    );
    self.finish();
    expect(self.bench.ring.forceMn).toBeGreaterThan(970);
    expect(self.bench.ring.forceMn).toBeLessThan(1030);
    expect(self.bench.board.ringSwitch()).toBe(1);
  });

  it('counts 1000 µm of ring travel as 100 wheel counts, and none in the air', () => {
    const self: ScriptedGun = scriptedGun([homed, ticks(5)], EXACT);
    self.finish();
    const { world } = self.gun;
    world.moveTo(5000, 0, self.gun.nowUs + 1e5);
    self.gun.runUntil(self.gun.nowUs + 3e5);
    expect(self.bench.plunger.wheelUm()).toBe(0);
    world.press(2, 1000);
    world.moveTo(6000, 0, self.gun.nowUs + 1e5);
    self.gun.runUntil(self.gun.nowUs + 3e5);
    expect(self.bench.plunger.wheelUm()).toBe(1000);
  });
});

describe('world and time', () => {
  const digest = (self: ScriptedGun): string => JSON.stringify([self.gun.truth.pricks, self.gun.tickCount, self.gun.nowUs]);

  it('is the same in slices of 0.3 ms, 7 ms and in one go, seed 5', () => {
    const play = (sliceUs: number): string => {
      const self: ScriptedGun = scriptedGun(
        prick(() => self),
        { world: { seed: 5, operator: { present: false } } },
      );
      for (let atUs = 0; atUs < 12e6; atUs += sliceUs) self.gun.runUntil(atUs);
      self.gun.runUntil(12e6);
      return digest(self);
    };
    const whole = play(12e6 - 1);
    expect((JSON.parse(whole) as unknown[])[0]).toHaveLength(1);
    expect(play(300)).toBe(whole);
    expect(play(7000)).toBe(whole);
  });

  it('is another one with seed 6 than with seed 5', () => {
    const play = (seed: number): string => digest(runPrick({ world: { seed, operator: { present: false } } }));
    expect(play(6)).not.toBe(play(5));
    expect(play(5)).toBe(play(5));
  });

  it('R32: answers a device clock that starts 0.3 s before its 32-bit wrap and goes through it', () => {
    const self = scriptedGun([homed, moveNeedle(1000, 50_000)], { ...EXACT, startMs: 2 ** 32 - 300 });
    self.finish();
    expect(self.bench.nowMs).toBeLessThan(20_000);
    expect(self.gun.world.needle.carriageMm(self.gun.nowUs)).toBeCloseTo(1, 2);
  });
});

describe('reflux', () => {
  /** One prick on an exact world with the tip so far beyond the ring plane; `goesOut`: in how many moves it leaves. */
  const refluxUl = (tipUm: number, outUm: readonly number[] = [], pushUl = 0): { ul: number; tissueUl: number; depthUm: number } => {
    const self: ScriptedGun = scriptedGun(
      [
        ...[homed, movePlunger(PRIMED_STEPS, 50_000), ticks(50), press(() => self, 2), ticks(10)],
        ...[moveNeedle(3000 + tipUm, 100_000), movePlunger(PRIMED_STEPS + DOSE_STEPS, 20_000), ticks(20)],
        ...outUm.flatMap((um) => [moveNeedle(3000 + um, 20_000), ticks(5)]),
        ...(pushUl > 0 ? [movePlunger(PRIMED_STEPS + Math.round((1 + pushUl / 10) * DOSE_STEPS), 20_000), ticks(10)] : []),
        ...[moveNeedle(0, 100_000), ticks(50)],
      ],
      EXACT,
    );
    self.finish();
    const { last } = self.gun.truth;
    return { ul: last?.refluxUl ?? 0, tissueUl: last?.tissueUl ?? 0, depthUm: last?.doseDepthUm ?? 0 };
  };

  it('lets the share of the law at the depth of the dose come back: fat keeps 96 % of its pressure in the 0.1 s to the exit', () => {
    const { ul, tissueUl, depthUm } = refluxUl(TIP_UM);
    const share = refluxFraction(depthUm / 1000, bevelLengthMm(0.311, FLUID.bevelDeg.nominal));
    expect(ul / tissueUl / share).toBeGreaterThan(0.6);
    expect(ul / tissueUl / share).toBeLessThan(1);
  });

  it('is the same, within 3 %, whether the needle leaves at once or stops three times on its way through the dermis', () => {
    const once = refluxUl(600);
    const stops = refluxUl(600, [400, 200, 0]);
    expect(once.ul).toBeGreaterThan(0.3);
    expect(Math.abs(stops.ul / once.ul - 1)).toBeLessThan(0.03);
  });

  it('falls with depth: from more than a tenth of the dose at 1.2 mm beyond the ring to less than a fiftieth at 3.5 mm', () => {
    const near = refluxUl(600);
    const far = refluxUl(3500);
    expect(near.ul / near.tissueUl).toBeGreaterThan(0.1);
    expect(far.ul / far.tissueUl).toBeLessThan(0.02);
  });

  it('counts a depot that was left behind: a push on the way out adds its own reflux to that of the first', () => {
    const first = refluxUl(2000, [400]);
    const both = refluxUl(2000, [400], 5);
    expect(both.ul).toBeGreaterThan(first.ul + 0.2);
  });
});
