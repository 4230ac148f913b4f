// The needle's home on the ramp chip's model: finding it, losing it, telling lost steps by it.
import { beforeEach, describe, expect, it } from 'vitest';
import * as D from '../../../hal/devices.ts';
import { NeedleAxis } from '../../../hal/drivers/needle-axis.ts';
import * as R from '../../../hal/drivers/tmc5240-registers.ts';
import type { Um } from '../../../hal/units.ts';
import { AxisBench } from '../bench.ts';

const um = (value: number): Um => value as Um;
const RETRACT = 120_000;

describe('NeedleAxis homing', () => {
  let bench: AxisBench;
  let needle: NeedleAxis;
  const homed = (): boolean => (needle.flags & D.AXIS_HOMING) === 0;
  const arrived = (): boolean => (needle.flags & D.AXIS_ARRIVED) !== 0;
  const home = (): number => {
    needle.home(bench.nowMs);
    const tookMs = bench.pollUntil(needle, homed, 6000);
    expect(needle.flags & D.AXIS_HOMED).not.toBe(0);
    return tookMs;
  };
  const go = (targetUm: number, speedUmPerS = RETRACT): void => {
    expect(needle.moveTo(um(targetUm), speedUmPerS, bench.nowMs)).toBe(D.OK);
    expect(bench.pollUntil(needle, arrived, 2000, D.LOOK_NOTHING, 1)).toBeGreaterThan(0);
  };
  beforeEach(() => {
    bench = new AxisBench(-2400, 'motor');
    needle = new NeedleAxis(bench);
    expect(needle.init()).toBe(D.OK);
  });

  it('homes from 3 mm in less than 0.6 s, 50 µm behind the switch edge', () => {
    expect(home()).toBeLessThan(600);
    expect(needle.flags & D.AXIS_HOMED).not.toBe(0);
    expect(bench.fromEdge).toBe(-40);
    expect(needle.positionUm()).toBe(0);
    expect(needle.flags & D.AXIS_AT_HOME_SWITCH).not.toBe(0);
  });

  it('homes to the same place when it starts on the switch', () => {
    home();
    expect(home()).toBeGreaterThan(0);
    expect(bench.fromEdge).toBe(-40);
    expect(needle.homeErrorUm()).toBe(0);
  });

  it('spends at most 45 datagrams in any one poll of homing: 8 ms at 178 µs', () => {
    needle.home(bench.nowMs);
    let worst = 0;
    while (!homed()) {
      const before = bench.sent.length;
      needle.poll(bench.nowMs, D.LOOK_NOTHING);
      worst = Math.max(worst, bench.sent.length - before);
      bench.advanceTo(bench.nowUs + 20_000);
    }
    expect(worst).toBeLessThanOrEqual(45);
  });

  it('answers DEVICE_TIMEOUT and stops when the switch never closes', () => {
    const open = new AxisBench(-1e9, 'motor');
    const lost = new NeedleAxis(open);
    lost.init();
    lost.home(open.nowMs);
    let code = D.OK;
    while (code === D.OK && open.nowUs < 6e6) {
      open.advanceTo(open.nowUs + 20_000);
      code = lost.poll(open.nowMs, D.LOOK_NOTHING);
    }
    expect(code).toBe(D.DEVICE_TIMEOUT);
    expect(lost.flags & (D.AXIS_HOMED | D.AXIS_HOMING)).toBe(0);
    expect(open.chip.velocityAt(open.nowUs + 100_000)).toBe(0);
  });

  it('R24: answers DEVICE_TIMEOUT when the home switch stays closed after 1 mm away from it', () => {
    const closed = new AxisBench(1e9, 'motor');
    const stuck = new NeedleAxis(closed);
    stuck.init();
    stuck.home(closed.nowMs);
    let code = D.OK;
    while (code === D.OK && closed.nowUs < 6e6) {
      closed.advanceTo(closed.nowUs + 20_000);
      code = stuck.poll(closed.nowMs, D.LOOK_NOTHING);
    }
    expect(code).toBe(D.DEVICE_TIMEOUT);
    expect(closed.rotorAt(closed.nowUs)).toBeLessThanOrEqual(800);
  });

  it('stops and goes home again when it is stopped in the middle of homing', () => {
    needle.home(bench.nowMs);
    bench.advanceTo(bench.nowUs + 30_000);
    needle.stop();
    bench.advanceTo(bench.nowUs + 100_000);
    needle.poll(bench.nowMs, D.LOOK_NOTHING);
    expect(needle.flags & (D.AXIS_HOMING | D.AXIS_HOMED)).toBe(0);
    expect(home()).toBeGreaterThan(0);
    expect(bench.fromEdge).toBe(-40);
  });

  it.each([64, -30, 400])('R20: tells %i lost steps from the switch latch of the next return', (steps) => {
    home();
    go(6000);
    bench.loseSteps(steps);
    go(0, 20_000);
    needle.poll(bench.nowMs, D.LOOK_RAMP);
    expect(needle.homeErrorUm()).toBe(Math.sign(steps) * Math.round(Math.abs(steps) * 1.25));
  });

  it('R20: tells lost steps from homing again', () => {
    home();
    go(6000);
    bench.loseSteps(160);
    home();
    expect(needle.homeErrorUm()).toBe(200);
    expect(bench.fromEdge).toBe(-40);
  });

  it('R22: a brown-out shows at the next poll, forgets home and refuses moves until init and home', () => {
    home();
    go(5000);
    bench.chip.brownOut(bench.nowUs);
    bench.chip.setEnableN(bench.nowUs, 0);
    expect(needle.poll(bench.nowMs, D.LOOK_NOTHING)).toBe(D.DEVICE_RESET);
    expect(needle.flags & (D.AXIS_RESET | D.AXIS_HOMED)).toBe(D.AXIS_RESET);
    expect(needle.moveTo(um(0), RETRACT, bench.nowMs)).toBe(D.DEVICE_RESET);
    expect(needle.home(bench.nowMs)).toBe(D.DEVICE_RESET);
    expect(needle.init()).toBe(D.OK);
    expect(home()).toBeGreaterThan(0);
    expect(bench.fromEdge).toBe(-40);
  });

  it('switches the power stage off and must home again: the spring has moved it', () => {
    home();
    expect(bench.chip.driving).toBe(true);
    expect(needle.off()).toBe(D.OK);
    expect(bench.chip.driving).toBe(false);
    expect(needle.moveTo(um(100), RETRACT, bench.nowMs)).toBe(D.DEVICE_NOT_HOMED);
    expect(home()).toBeGreaterThan(0);
    expect(bench.chip.driving).toBe(true);
  });

  it('R20: has no error to tell right after homing: the edge of homing itself is not a return', () => {
    home();
    needle.poll(bench.nowMs, D.LOOK_RAMP);
    expect(needle.homeErrorUm()).toBe(0);
  });

  it('homes from hold mode, as a homing that failed half-way leaves it', () => {
    needle.set(R.REG_RAMPMODE, R.RAMPMODE_HOLD);
    expect(home()).toBeGreaterThan(0);
  });

  it('answers DEVICE_BUS rather than take a stale latch, 5000 steps away, for the edge', () => {
    const onSwitch = new AxisBench(0, 'motor');
    const axis = new NeedleAxis(onSwitch);
    axis.init();
    axis.chip.write(R.REG_XTARGET, 5000);
    axis.chip.write(R.REG_XACTUAL, 5000);
    axis.home(onSwitch.nowMs);
    axis.chip.write(R.REG_SW_MODE, R.SW_STOP_L_ENABLE);
    let code = D.OK;
    while (code === D.OK && onSwitch.nowUs < 6e6) {
      onSwitch.advanceTo(onSwitch.nowUs + 20_000);
      code = axis.poll(onSwitch.nowMs, D.LOOK_NOTHING);
    }
    expect(code).toBe(D.DEVICE_BUS);
    expect(axis.flags & D.AXIS_HOMED).toBe(0);
  });
});
