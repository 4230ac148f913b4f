// The world below the drivers: what a prick does to skin, liquid and truth, with a firmware that is a list of moves.
import { describe, expect, it } from 'vitest';
import { LAMP_ARMED } from '../../firmware/panel/lamps.ts';
import { KIND_INTENT } from '../../firmware/store/entry.ts';
import { parseFault } from '../../sim/faults.ts';
import { homed, moveNeedle, movePlunger, once, scriptedGun, ticks } from './scripted-gun.ts';
import type { ScriptedGun, Step } from './scripted-gun.ts';

const EXACT = { world: { exact: true, operator: { present: false } } };
const TIP_UM = 2500;
/** Steps that bring the pusher to the rod (2 mm) and prime 30 µL. */
const PRIMED_STEPS = Math.round((2 + 30 / 17.945) * 51200);
const DOSE_STEPS = Math.round((10 / 17.945) * 51200);
const press = (self: () => ScriptedGun, newtons: number): Step =>
  once(() => {
    self().gun.world.press(newtons, 50_000);
  });

/** Homed, primed, ring on the skin, one prick of 10 µL at 2.5 mm beyond the ring plane. */
const prick = (self: () => ScriptedGun): (Step | Step[])[] => [
  homed,
  movePlunger(PRIMED_STEPS, 50_000),
  ticks(50),
  press(self, 2),
  ticks(10),
  moveNeedle(3000 + TIP_UM, 100_000),
  movePlunger(PRIMED_STEPS + DOSE_STEPS, 20_000),
  ticks(20),
  moveNeedle(0, 100_000),
  ticks(50),
];

function run(options: Parameters<typeof scriptedGun>[1] = EXACT): ScriptedGun {
  const self: ScriptedGun = scriptedGun(
    prick(() => self),
    options,
  );
  self.finish();
  return self;
}

describe('world of one prick', () => {
  it('homes both axes to within 10 µm of their switches and reads the needle position back from the rotor encoder', () => {
    const self = scriptedGun([homed, moveNeedle(1000, 50_000)], EXACT);
    self.finish();
    expect(self.gun.world.needle.carriageMm(self.gun.nowUs)).toBeCloseTo(1, 2);
    expect(self.bench.needle.encoderUm).toBeGreaterThan(985);
    expect(self.bench.needle.encoderUm).toBeLessThan(1015);
  });

  it('brings the tip to 2.5 mm beyond the ring plane, within 20 µm', () => {
    const { gun } = run();
    expect(gun.truth.pricks).toHaveLength(1);
    expect(Math.abs((gun.truth.last?.tipMaxUm ?? 0) - TIP_UM)).toBeLessThan(20);
  });

  it('conserves volume: 10 µL pushed = tissue + exposed + air + what the compliance still holds, to 0.05 µL', () => {
    const { gun } = run();
    const last = gun.truth.last;
    const { fluid } = gun.world.plunger;
    expect(last?.stopperUl).toBeCloseTo(10, 0);
    const stored = gun.setup.syringe.complianceUlPerKpa * fluid.pKpa;
    expect((last?.tissueUl ?? 0) + (last?.exposedUl ?? 0) + (last?.airUl ?? 0) + stored).toBeCloseTo(last?.stopperUl ?? 0, 1);
  });

  it('delivers less than the plunger pushed: compliance and opening pressure hold back 5 to 30 % and drip later', () => {
    const last = run().gun.truth.last;
    expect(last?.tissueUl).toBeGreaterThan(7);
    expect(last?.tissueUl).toBeLessThan(9.5);
    expect(last?.airUl).toBeGreaterThan(0.3);
  });

  it('puts everything into the hypodermis at 2.5 mm in a cheek whose dermis ends at 1.07 mm', () => {
    const last = run().gun.truth.last;
    expect(last?.layerUl.hypodermis).toBeCloseTo(last?.tissueUl ?? 0, 6);
    expect(last?.doseDepthUm).toBeGreaterThan(1800);
  });

  it('keeps the moments of a prick in order: leaves home, in, dose begins, dose ends, out, home', () => {
    const last = run().gun.truth.last;
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
    expect(self.bench.board.ringSwitch.read()).toBe(1);
  });

  it('counts 1000 µm of ring travel as 100 wheel counts, and none in the air', () => {
    const self: ScriptedGun = scriptedGun([homed, ticks(5)], EXACT);
    self.finish();
    const { world } = self.gun;
    world.moveTo(5000, 0, self.gun.nowUs + 1e5);
    self.gun.runUntil(self.gun.nowUs + 3e5);
    expect(self.bench.plunger.wheelUm).toBe(0);
    world.press(2, 1000);
    world.moveTo(6000, 0, self.gun.nowUs + 1e5);
    self.gun.runUntil(self.gun.nowUs + 3e5);
    expect(self.bench.plunger.wheelUm).toBe(1000);
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
      return digest(self);
    };
    const whole = play(12e6 - 1);
    expect(JSON.parse(whole)[0]).toHaveLength(1);
    expect(play(300)).toBe(whole);
    expect(play(7000)).toBe(whole);
  });

  it('is another one with seed 6 than with seed 5', () => {
    const play = (seed: number): string => digest(run({ world: { seed, operator: { present: false } } }));
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

describe('supply and enable chain', () => {
  it('R05: a silent kick pin drops the drivers after 150 ms and the spring brings the needle home', () => {
    const self: ScriptedGun = scriptedGun(
      [
        homed,
        once(() => {
          self.gun.world.press(2, 1000);
        }),
        ticks(5),
        moveNeedle(5500, 100_000),
        once((b) => {
          b.fed = false;
        }),
        ticks(20),
      ],
      EXACT,
    );
    self.finish();
    expect(self.gun.world.enabled).toBe(false);
    expect(self.gun.chips.needle.driving).toBe(false);
    expect(self.gun.world.needle.atHome).toBe(true);
    expect(self.gun.truth.last?.homeAtUs).toBeGreaterThan(0);
  });

  it('R05: a power cut with the needle in brings it home by the spring and boots again after 2 s', () => {
    const self: ScriptedGun = scriptedGun(
      [
        homed,
        once(() => {
          self.gun.world.press(2, 1000);
        }),
        ticks(5),
        moveNeedle(5500, 100_000),
        once(() => {
          if (self.gun.bootCount === 1) self.gun.faults.arm(parseFault('power.cut'));
        }),
        ticks(5),
      ],
      EXACT,
    );
    const cutAfterUs = 60e6;
    while (self.gun.bootCount < 2 && self.gun.nowUs < cutAfterUs) self.gun.step();
    expect(self.gun.bootCount).toBe(2);
    expect(self.gun.world.needle.atHome).toBe(true);
    expect((self.gun.truth.last?.homeAtUs ?? 0) - (self.gun.truth.last?.inAtUs ?? 0)).toBeLessThan(400_000);
  });

  it('R41: a power cut at flash step 40 unwinds the tick that programs, and the flash keeps what was done', () => {
    const page = new Uint8Array(256).fill(0);
    const self: ScriptedGun = scriptedGun(
      [
        once((b) => {
          b.board.flash.program(0, page);
        }),
        ticks(1),
      ],
      {
        world: { ...EXACT.world, faults: ['power.cut@flash-op=40'] },
      },
    );
    self.gun.step();
    self.gun.step();
    expect(self.gun.board).toBeNull();
    expect(Array.from(self.gun.flash.bytes.subarray(0, 160)).every((byte) => byte === 0)).toBe(true);
    expect(self.gun.flash.bytes[200]).toBe(0xff);
    self.gun.runUntil(self.gun.nowUs + 3e6);
    expect(self.gun.bootCount).toBe(2);
  });

  it('R28: a firmware that hangs for 3 s is reset by its watchdog', () => {
    const self = scriptedGun([ticks(5)], EXACT);
    self.finish();
    self.gun.faults.arm(parseFault('tick.late=3000'));
    self.gun.runUntil(self.gun.nowUs + 5e6);
    expect(self.gun.resetCount).toBe(1);
  });
});

describe('faults of the plant', () => {
  it('needle.steps-lost=400 leaves the tip about 0.5 mm short, by whole pole slips of 64 microsteps', () => {
    const sound = run().gun.truth.last?.tipMaxUm ?? 0;
    const short = run({ world: { ...EXACT.world, faults: ['needle.steps-lost=400@prick=1'] } }).gun.truth.last?.tipMaxUm ?? 0;
    expect(sound - short).toBeGreaterThan(450);
    expect(sound - short).toBeLessThan(600);
  });

  it('plunger.occluded stops the flow into tissue and raises the plunger force', () => {
    const { gun } = run({ world: { ...EXACT.world, faults: ['plunger.occluded@prick=1'] } });
    expect(gun.truth.last?.tissueUl).toBeLessThan(0.01);
    expect(gun.world.plunger.forceN).toBeGreaterThan(3);
  });

  it('contact.lost in the dose takes the needle out of the skin and the rest of the dose into the air', () => {
    const { gun } = run({ world: { ...EXACT.world, faults: ['contact.lost@prick=1'] } });
    const last = gun.truth.last;
    expect(last?.outAtUs).toBeLessThan(last?.dosedToUs === -1 ? Infinity : (last?.homeAtUs ?? 0));
    expect(last?.airUl).toBeGreaterThan(3);
    expect(gun.monitor.violations.map((v) => v.invariant)).toContain('I2');
  });

  it('needle.brown-out frees the carriage: the spring takes it home within 100 ms and the chip has lost its registers', () => {
    const self: ScriptedGun = scriptedGun(
      prick(() => self),
      { world: { ...EXACT.world, faults: ['needle.brown-out@prick=1'] } },
    );
    self.gun.runUntil(20e6);
    const { gun } = self;
    expect(gun.chips.needle.driving).toBe(false);
    expect((gun.truth.last?.homeAtUs ?? 0) - (gun.truth.last?.inAtUs ?? 0)).toBeLessThan(100_000);
  });
});

describe('monitor', () => {
  it('I2: notes a prick without a durable INTENT, and none when the INTENT was programmed before', () => {
    expect(run().gun.monitor.violations.map((v) => v.invariant)).toContain('I2');
    const page = new Uint8Array(256).fill(0xff);
    const words = new DataView(page.buffer);
    for (let at = 0; at < 64; at += 4) words.setInt32(at, 0, true);
    words.setInt32(8, KIND_INTENT | (1 << 16), true);
    words.setInt32(20, 11_000, true);
    const self: ScriptedGun = scriptedGun(
      [
        once((b) => {
          b.board.lamp.write(LAMP_ARMED);
          b.board.flash.program(0, page);
        }),
        ...prick(() => self),
      ],
      { world: { ...EXACT.world, technique: { permit: 'cadence' } } },
    );
    self.finish();
    expect(self.gun.monitor.violations).toEqual([]);
  });

  it('I7: notes a needle that moves while the lamp is still dark after power-on', () => {
    expect(run().gun.monitor.violations.map((v) => v.invariant)).toContain('I7');
  });

  it('I6: notes a plunger that goes back with the needle in', () => {
    const self: ScriptedGun = scriptedGun(
      [
        homed,
        movePlunger(PRIMED_STEPS, 50_000),
        press(() => self, 2),
        ticks(5),
        moveNeedle(5500, 100_000),
        movePlunger(PRIMED_STEPS - 5000, 20_000),
        moveNeedle(0, 100_000),
      ],
      EXACT,
    );
    self.finish();
    expect(self.gun.monitor.violations.map((v) => v.invariant)).toContain('I6');
  });

  it('I3: notes more in the tissue than the journal counts', () => {
    expect(run().gun.monitor.violations.map((v) => v.invariant)).toContain('I3');
  });
});
