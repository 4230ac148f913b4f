// Enable chain, supply, watchdog, and faults of the plant: what they do to needle, liquid and truth.
import { describe, expect, it } from 'vitest';
import { parseFault } from '../../sim/faults.ts';
import { EXACT, prick, runPrick } from './one-prick.ts';
import { homed, moveNeedle, once, scriptedGun, ticks } from './scripted-gun.ts';
import type { ScriptedGun } from './scripted-gun.ts';

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
        flashImage: new Uint8Array(0),
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
    const sound = runPrick().gun.truth.last?.tipMaxUm ?? 0;
    const short = runPrick({ world: { ...EXACT.world, faults: ['needle.steps-lost=400@prick=1'] } }).gun.truth.last?.tipMaxUm ?? 0;
    expect(sound - short).toBeGreaterThan(450);
    expect(sound - short).toBeLessThan(600);
  });

  it('plunger.occluded stops the flow into tissue and raises the plunger force', () => {
    const { gun } = runPrick({ world: { ...EXACT.world, faults: ['plunger.occluded@prick=1'] } });
    expect(gun.truth.last?.tissueUl).toBeLessThan(0.01);
    expect(gun.world.plunger.forceN).toBeGreaterThan(3);
  });

  it('contact.lost in the dose takes the needle out of the skin and the rest of the dose into the air', () => {
    const { gun } = runPrick({ world: { ...EXACT.world, faults: ['contact.lost@prick=1'] } });
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
