// The monitor notes each broken invariant, and none that holds.
import { describe, expect, it } from 'vitest';
import { LAMP_ARMED, LAMP_FAULT } from '../../firmware/panel/lamps.ts';
import { KIND_INTENT } from '../../firmware/store/entry.ts';
import type { Um } from '../../hal/units.ts';
import { EXACT, PRIMED_STEPS, press, prick, runPrick } from './one-prick.ts';
import { homed, moveNeedle, movePlunger, once, scriptedGun, ticks } from './scripted-gun.ts';
import type { ScriptedGun } from './scripted-gun.ts';

describe('monitor', () => {
  it('I2: notes a prick without a durable INTENT, and none when the INTENT was programmed before', () => {
    expect(runPrick().gun.monitor.violations.map((v) => v.invariant)).toContain('I2');
    const page = new Uint8Array(256).fill(0xff);
    const words = new DataView(page.buffer);
    for (let at = 0; at < 64; at += 4) words.setInt32(at, 0, true);
    words.setInt32(8, KIND_INTENT | (1 << 16), true);
    words.setInt32(20, 11_000, true);
    const self: ScriptedGun = scriptedGun(
      [
        once((b) => {
          b.board.lamp(LAMP_ARMED);
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
    expect(runPrick().gun.monitor.violations.map((v) => v.invariant)).toContain('I7');
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
    expect(runPrick().gun.monitor.violations.map((v) => v.invariant)).toContain('I3');
  });

  it('I1: notes a tip 12.4 mm beyond the ring plane', () => {
    const self: ScriptedGun = scriptedGun(
      [
        homed,
        once((b) => {
          b.needle.limit(16_000 as Um);
        }),
        press(() => self, 2),
        ticks(5),
        moveNeedle(15_400, 100_000),
        moveNeedle(0, 100_000),
        ticks(5),
      ],
      EXACT,
    );
    self.finish();
    expect(self.gun.monitor.violations.map((v) => v.invariant)).toContain('I1');
  });

  it('I4: notes a needle that is still in 0.8 s after the lamp said fault', () => {
    const self: ScriptedGun = scriptedGun(
      [
        homed,
        press(() => self, 2),
        ticks(5),
        moveNeedle(5500, 100_000),
        once((b) => {
          b.board.lamp(LAMP_FAULT);
        }),
        ticks(60),
      ],
      EXACT,
    );
    self.finish();
    expect(self.gun.monitor.violations.map((v) => v.invariant)).toContain('I4');
  });

  it('I5: notes a second prick on one press of the trigger in trigger mode', () => {
    const stroke = [...moveNeedle(5500, 100_000), ...moveNeedle(0, 100_000)];
    const self: ScriptedGun = scriptedGun(
      [
        homed,
        press(() => self, 2),
        once(() => {
          self.gun.world.setTrigger(1);
        }),
        ticks(5),
        stroke,
        ticks(5),
        moveNeedle(5500, 100_000),
        moveNeedle(0, 100_000),
        ticks(5),
      ],
      EXACT,
    );
    self.finish();
    expect(self.gun.truth.pricks).toHaveLength(2);
    expect(self.gun.monitor.violations.filter((v) => v.invariant === 'I5')).toHaveLength(1);
  });

  it('R31: notes a sector erased with the drivers enabled', () => {
    const self: ScriptedGun = scriptedGun(
      [
        homed,
        once((b) => {
          b.board.flash.erase(3);
        }),
      ],
      EXACT,
    );
    self.finish();
    expect(self.gun.monitor.violations.map((v) => v.invariant)).toContain('R31');
  });
});
