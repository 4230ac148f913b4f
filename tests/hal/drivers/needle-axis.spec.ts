// The needle driver on the ramp chip's model: set-up, moves, limits, encoder, health.
import { readFileSync, readdirSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import * as D from '../../../hal/devices.ts';
import { NeedleAxis } from '../../../hal/drivers/needle-axis.ts';
import { TAP_VMAX_WRITTEN, TAP_XTARGET_WRITTEN } from '../../../hal/drivers/tap.ts';
import * as R from '../../../hal/drivers/tmc5240-registers.ts';
import type { Um } from '../../../hal/units.ts';
import { AxisBench, DATAGRAM_US } from '../bench.ts';

const um = (value: number): Um => value as Um;
const RETRACT = 120_000;

describe('NeedleAxis', () => {
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

  it('sets the chip up in at most 80 datagrams and touches no unmodelled register', () => {
    expect(bench.sent.length).toBeLessThanOrEqual(80);
    home();
    go(7000);
    expect(bench.chip.unmodelled).toEqual([]);
  });

  it('refuses to move before it is homed', () => {
    expect(needle.moveTo(um(1000), RETRACT, bench.nowMs)).toBe(D.DEVICE_NOT_HOMED);
    expect(bench.chip.velocityAt(bench.nowUs + 10_000)).toBe(0);
  });

  it.each([
    [100, 120_000],
    [4000, 120_000],
    [7000, 120_000],
    [7000, 2000],
    [300, 200],
  ])('predicts the arrival of %i µm at %i µm/s to −1…+4 ms', (distanceUm, speed) => {
    home();
    const fromUs = bench.nowUs;
    needle.moveTo(um(distanceUm), speed, bench.nowMs);
    const predictedMs = needle.arrivesAtMs - Math.floor(fromUs / 1000);
    let untilUs = fromUs;
    while (bench.chip.velocityAt(untilUs) !== 0 || untilUs < bench.nowUs) untilUs += 50;
    const trueMs = (untilUs - fromUs) / 1000;
    expect(predictedMs - trueMs).toBeGreaterThan(-1);
    expect(predictedMs - trueMs).toBeLessThan(4);
  });

  it('brings the needle 4 mm down in less than 60 ms', () => {
    home();
    const fromMs = bench.nowMs;
    needle.moveTo(um(4000), RETRACT, fromMs);
    expect(needle.arrivesAtMs - fromMs).toBeLessThan(60);
  });

  it.each([1, 7, 999, 1000, 1001, 4321, 7999])('stands within 0.7 µm of %i µm', (targetUm) => {
    home();
    go(targetUm);
    expect(Math.abs((bench.fromEdge + 40) * 1.25 - targetUm)).toBeLessThanOrEqual(0.7);
  });

  it('R01: refuses a target 2 µm beyond the limit and clamps nothing', () => {
    home();
    expect(needle.limit(um(8050))).toBe(D.OK);
    const before = needle.tap[TAP_XTARGET_WRITTEN];
    expect(needle.moveTo(um(8052), RETRACT, bench.nowMs)).toBe(D.DEVICE_LIMIT);
    expect(needle.tap[TAP_XTARGET_WRITTEN]).toBe(before);
    expect(needle.limit(um(16_002))).toBe(D.DEVICE_LIMIT);
  });

  it.each([0, -5, 120_001, NaN])('refuses a speed of %d µm/s', (speed) => {
    home();
    expect(needle.moveTo(um(100), speed, bench.nowMs)).toBe(D.DEVICE_LIMIT);
  });

  it('R01: holds at the virtual stop when a target 10 mm beyond it is forced into the chip', () => {
    home();
    needle.limit(um(8050));
    go(8000);
    needle.set(R.REG_XTARGET, 14_440);
    bench.advanceTo(bench.nowUs + 500_000);
    expect((bench.fromEdge + 40) * 1.25).toBeLessThanOrEqual(8055);
  });

  it('R01: no line of hal or firmware names a velocity mode', () => {
    const sources = readdirSync('hal/drivers', { recursive: true, encoding: 'utf8' }).filter((name) => name !== 'tmc5240-registers.ts');
    for (const name of sources) expect(readFileSync(`hal/drivers/${name}`, 'utf8')).not.toContain('RAMPMODE_VELOCITY');
  });

  it('R02: keeps both virtual stops enabled from the first zero on, 0.2 mm behind home and at the limit', () => {
    needle.limit(um(9000));
    home();
    expect(needle.readRaw(R.REG_SW_MODE) & (R.SW_EN_VIRTUAL_STOP_L | R.SW_EN_VIRTUAL_STOP_R)).toBe(0x3000);
    expect([needle.readRaw(R.REG_VIRTUAL_STOP_L), needle.readRaw(R.REG_VIRTUAL_STOP_R)]).toEqual([-160, 7200]);
  });

  it('stops by VMAX 0 within 2 mm from 120 mm/s and never comes back', () => {
    home();
    needle.moveTo(um(9000), RETRACT, bench.nowMs);
    bench.advanceTo(bench.nowUs + 40_000);
    const atUm = bench.fromEdge * 1.25;
    expect(needle.stop()).toBe(D.OK);
    let furthest = bench.fromEdge;
    for (let i = 0; i < 200; i++) {
      bench.advanceTo(bench.nowUs + 1000);
      expect(bench.fromEdge).toBeGreaterThanOrEqual(furthest);
      furthest = bench.fromEdge;
    }
    expect(furthest * 1.25 - atUm).toBeLessThan(2000);
    expect(needle.tap[TAP_VMAX_WRITTEN]).toBe(0);
  });

  it('never resumes the old target after a stop: the new one is verified before a speed is given', () => {
    home();
    needle.moveTo(um(9000), RETRACT, bench.nowMs);
    bench.advanceTo(bench.nowUs + 40_000);
    needle.stop();
    bench.advanceTo(bench.nowUs + 100_000);
    const highest = bench.fromEdge;
    bench.sent = [];
    needle.moveTo(um(0), RETRACT, bench.nowMs);
    const writes = bench.sent.filter((frame) => frame >= '80').map((frame) => frame.slice(0, 2));
    expect(writes).toEqual(['ad', 'a7']);
    for (let i = 0; i < 200; i++) {
      bench.advanceTo(bench.nowUs + 1000);
      expect(bench.fromEdge).toBeLessThanOrEqual(highest);
    }
  });

  it('R03: flags a deviation from 0.1 mm on and not before', () => {
    home();
    go(7000);
    bench.loseSteps(80);
    needle.poll(bench.nowMs, D.LOOK_ENCODER);
    expect(needle.flags & D.AXIS_DEVIATION).toBe(0);
    expect((needle.encoderSteps * 5) / 4).toBe(6900);
    bench.loseSteps(1);
    needle.poll(bench.nowMs, D.LOOK_ENCODER);
    expect(needle.flags & D.AXIS_DEVIATION).not.toBe(0);
  });

  it('R03: raises no deviation while it moves 10 mm at 120 mm/s with every tick looking', () => {
    home();
    needle.moveTo(um(10_000), RETRACT, bench.nowMs);
    const seen = bench.pollUntil(needle, () => (needle.flags & D.AXIS_DEVIATION) !== 0 || arrived(), 300, D.LOOK_ENCODER, 3);
    expect(seen).toBeGreaterThan(0);
    expect(needle.flags & D.AXIS_DEVIATION).toBe(0);
  });

  it('R22: finds a register that lost its value within 24 looks at health', () => {
    home();
    needle.chip.write(R.REG_AMAX, 5);
    let looks = 0;
    while (needle.poll(bench.nowMs, D.LOOK_HEALTH) === D.OK && looks < 100) looks += 1;
    expect(looks).toBeLessThan(24);
    expect(needle.flags & D.AXIS_RESET).not.toBe(0);
  });

  it('finds nothing amiss in 100 looks at health of a healthy chip at its limit', () => {
    home();
    needle.limit(um(8050));
    go(8050);
    for (let i = 0; i < 100; i++) expect(needle.poll(bench.nowMs, D.LOOK_HEALTH)).toBe(D.OK);
  });

  it.each(['ot', 'otpw', 's2ga', 's2gb', 'uv_cp'] as const)('flags the driver fault %s at a look at health', (fault) => {
    home();
    bench.chip.setFault(fault, true);
    bench.advanceTo(bench.nowUs + 20_000);
    needle.poll(bench.nowMs, D.LOOK_HEALTH);
    expect(needle.flags & D.AXIS_DRIVER_ERROR).not.toBe(0);
    expect(needle.poll(bench.nowMs, D.LOOK_NOTHING)).toBe(D.DEVICE_DRIVER);
  });

  it('sees the enable chain at a look at the pins', () => {
    needle.poll(bench.nowMs, D.LOOK_PINS);
    expect(needle.flags & D.AXIS_ENABLED).not.toBe(0);
    bench.chip.setEnableN(bench.nowUs, 1);
    needle.poll(bench.nowMs, D.LOOK_PINS);
    expect(needle.flags & D.AXIS_ENABLED).toBe(0);
  });

  it('polls with 2 datagrams, with 3 when it looks at the encoder in motion, with 2 when it stands', () => {
    home();
    go(1000);
    bench.sent = [];
    needle.poll(bench.nowMs, D.LOOK_NOTHING);
    expect(bench.sent).toHaveLength(2);
    needle.poll(bench.nowMs, D.LOOK_ENCODER);
    expect(bench.sent).toHaveLength(4);
    needle.moveTo(8000 as Um, 120_000, bench.nowMs);
    bench.advanceTo(bench.nowUs + 20_000);
    bench.sent = [];
    needle.poll(bench.nowMs, D.LOOK_ENCODER);
    expect(bench.sent).toHaveLength(3);
  });

  it('R22, R23: a look at a standing needle finds in the same poll that its counter was moved 0.1 mm, or that the chip was reset', () => {
    home();
    go(1000);
    bench.chip.transfer(bench.nowUs, Uint8Array.of(R.REG_VMAX | R.WRITE, 0, 0, 0, 0));
    bench.chip.transfer(bench.nowUs, Uint8Array.of(R.REG_XACTUAL | R.WRITE, 0, 0, 880 >> 8, 880 & 255));
    needle.poll(bench.nowMs, D.LOOK_ENCODER);
    expect([needle.positionSteps, needle.flags & D.AXIS_ARRIVED]).toEqual([880, 0]);
    bench.chip.brownOut(bench.nowUs);
    needle.poll(bench.nowMs, D.LOOK_ENCODER);
    needle.poll(bench.nowMs, D.LOOK_ENCODER);
    expect(needle.flags & D.AXIS_RESET).not.toBe(0);
  });

  it('starts a move with at most 6 datagrams: 1.1 ms', () => {
    home();
    bench.sent = [];
    needle.moveTo(um(5000), RETRACT, bench.nowMs);
    expect(bench.sent.length * DATAGRAM_US).toBeLessThan(1100);
  });

  it('R48: stops by VMAX 0 and VSTART 0 and leaves target and counter alone', () => {
    home();
    needle.moveTo(um(9000), RETRACT, bench.nowMs);
    bench.sent = [];
    needle.stop();
    expect(bench.sent.filter((frame) => frame >= '80')).toEqual(['a7 00 00 00 00', 'a3 00 00 00 00']);
  });

  it('R23: asks again before it believes a place outside the fence', () => {
    home();
    bench.sent = [];
    bench.before = (sent) => {
      if (sent === 1) bench.chip.flipNextBit(12);
    };
    needle.poll(bench.nowMs, D.LOOK_NOTHING);
    expect(needle.positionUm()).toBe(0);
    expect(bench.sent).toHaveLength(4);
  });

  it('R03: takes a needle 88 µm ahead for no deviation while it moves at 120 mm/s, though the encoder is read after the counter', () => {
    home();
    bench.loseSteps(-70);
    needle.moveTo(um(10_000), RETRACT, bench.nowMs);
    bench.advanceTo(bench.nowUs + 50_000);
    needle.poll(bench.nowMs, D.LOOK_ENCODER);
    expect(needle.flags & D.AXIS_DEVIATION).toBe(0);
  });
});
