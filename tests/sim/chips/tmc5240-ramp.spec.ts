import { describe, expect, it } from 'vitest';
import * as R from '../../../hal/drivers/tmc5240-registers.ts';
import { aOf, stepsPerS, stepsPerS2, TICK_US, Tmc5240Bench, vOf } from './tmc5240-bench.ts';

const A = stepsPerS2(aOf(4_000_000));
const V = stepsPerS(vOf(96_000));
/** With VSTOP at its least the textbook formulas hold. */
const textbook = (): Tmc5240Bench => {
  const bench = new Tmc5240Bench().needle();
  bench.write(R.REG_VSTOP, 1);
  return bench;
};

describe('tmc5240 ramp timing', () => {
  it('moves 4 mm at 5 m/s² and 120 mm/s in d/v + v/a = 57.3 ms, to one 512-clock tick', () => {
    expect(Math.abs(textbook().moveTo(3200).settle() - (3200 / V + V / A) * 1e6)).toBeLessThan(TICK_US);
  });

  it('moves 2 mm as a triangle in 2·√(d/a) = 40 ms, to one 512-clock tick', () => {
    expect(Math.abs(textbook().moveTo(1600).settle() - 2 * Math.sqrt(1600 / A) * 1e6)).toBeLessThan(TICK_US);
  });

  it('needs V²/A/2^8 µsteps to reach V', () => {
    const bench = new Tmc5240Bench().needle();
    bench.write(R.REG_RAMPMODE, R.RAMPMODE_VELOCITY_POSITIVE);
    bench.atUs = bench.chip.segmentEndsAtUs(bench.atUs);
    expect(bench.ramp(R.RAMP_VELOCITY_REACHED)).toBe(true);
    expect(bench.read(R.REG_XACTUAL)).toBe(Math.floor(vOf(96_000) ** 2 / aOf(4_000_000) / 256));
  });

  it('starts at VSTART and ends at VSTOP, 8 mm/s each, without passing the target', () => {
    const bench = textbook();
    bench.write(R.REG_VSTART, vOf(6_400));
    bench.write(R.REG_VSTOP, vOf(6_400));
    bench.moveTo(3200);
    expect(bench.chip.velocityAt(bench.atUs)).toBeCloseTo(6_400, 0);
    const saved = (3200 / V + V / A) * 1e6 - bench.settle();
    expect(saved).toBeGreaterThan(0);
    expect(bench.read(R.REG_XACTUAL)).toBe(3200);
  });

  it('takes a single µstep with VSTART above VSTOP without overshoot', () => {
    const bench = textbook();
    bench.write(R.REG_VSTART, vOf(6_400));
    bench.moveTo(1).settle();
    expect(bench.read(R.REG_XACTUAL)).toBe(1);
    expect(bench.ramp(R.RAMP_SECOND_MOVE)).toBe(false);
  });

  it('uses A1 below V1, A2 up to V2 and AMAX above, D2 and D1 on the way down', () => {
    const bench = textbook();
    bench.write(R.REG_V1, vOf(20_000));
    bench.write(R.REG_V2, vOf(50_000));
    bench.write(R.REG_A1, aOf(1_000_000));
    bench.write(R.REG_A2, aOf(2_000_000));
    bench.write(R.REG_D1, aOf(1_500_000));
    bench.write(R.REG_D2, aOf(2_500_000));
    bench.moveTo(20_000);
    const seen: number[] = [];
    for (; bench.chip.segmentEndsAtUs(bench.atUs) !== Infinity; bench.atUs = bench.chip.segmentEndsAtUs(bench.atUs)) {
      seen.push(Math.round(bench.chip.accelerationAt(bench.atUs) / 1e5) * 1e5);
    }
    expect(seen).toEqual([1e6, 2e6, 4e6, 0, -4e6, -2.5e6, -1.5e6]);
    expect(bench.read(R.REG_XACTUAL)).toBe(20_000);
  });

  it('renews VACTUAL every 512 clocks = 40.96 µs and counts XACTUAL µstep by µstep in between', () => {
    const bench = new Tmc5240Bench().needle().moveTo(3200);
    const start = bench.atUs;
    const speeds = new Set<number>();
    const positions = new Set<number>();
    for (let us = 0; us < 10 * TICK_US; us += 1) {
      bench.atUs = start + 20_000 + us;
      speeds.add(bench.read(R.REG_VACTUAL));
      positions.add(bench.read(R.REG_XACTUAL));
    }
    expect(speeds.size).toBe(11);
    expect(positions.size).toBe(1 + Math.max(...positions) - Math.min(...positions));
  });
});

describe('tmc5240 ramp on the move', () => {
  it('slows to a lower VMAX by AMAX and still arrives', () => {
    const bench = new Tmc5240Bench().needle().moveTo(8000).wait(30_000);
    bench.write(R.REG_VMAX, vOf(8_000));
    expect(bench.chip.accelerationAt(bench.atUs)).toBeCloseTo(-A, 0);
    bench.wait(25_000);
    expect(bench.chip.velocityAt(bench.atUs)).toBeCloseTo(8_000, 0);
    bench.settle();
    expect(bench.read(R.REG_XACTUAL)).toBe(8000);
  });

  it('stops for good with VMAX = 0 and VSTART = 0: by AMAX, ahead of the target, never back', () => {
    const bench = new Tmc5240Bench().needle().moveTo(8000).wait(30_000);
    const from = bench.chip.positionAt(bench.atUs);
    const speed = bench.chip.velocityAt(bench.atUs);
    bench.write(R.REG_VMAX, 0);
    expect(bench.settle()).toBeCloseTo((speed / A) * 1e6, 0);
    const stood = bench.read(R.REG_XACTUAL);
    expect(Math.abs(stood - (from + speed ** 2 / (2 * A)))).toBeLessThanOrEqual(1);
    bench.wait(10e6);
    expect(bench.read(R.REG_XACTUAL)).toBe(stood);
    expect(bench.ramp(R.RAMP_VZERO)).toBe(true);
    expect(bench.ramp(R.RAMP_SECOND_MOVE)).toBe(false);
    bench.write(R.REG_VMAX, vOf(96_000));
    bench.settle();
    expect(bench.read(R.REG_XACTUAL)).toBe(8000);
  });

  it('keeps creeping at VSTART when only VMAX is 0', () => {
    const bench = new Tmc5240Bench().needle();
    bench.write(R.REG_VSTART, vOf(800));
    bench.moveTo(8000).wait(30_000);
    bench.write(R.REG_VMAX, 0);
    bench.wait(100_000);
    expect(bench.chip.velocityAt(bench.atUs)).toBeCloseTo(800, 0);
  });

  it('never passes the target when VMAX = 0 comes during the final braking, even with AMAX a tenth of DMAX', () => {
    const bench = new Tmc5240Bench().needle().moveTo(3200).wait(48_000);
    bench.write(R.REG_AMAX, aOf(400_000));
    bench.write(R.REG_VMAX, 0);
    bench.settle();
    expect(bench.read(R.REG_XACTUAL)).toBe(3200);
  });

  it('overshoots and comes back with second_move when XTARGET := XACTUAL at 120 mm/s', () => {
    const bench = new Tmc5240Bench().needle().moveTo(8000).wait(40_000);
    const here = bench.read(R.REG_XACTUAL);
    bench.moveTo(here);
    let furthest = 0;
    for (let us = 0; us < 100_000; us += 100) furthest = Math.max(furthest, bench.chip.positionAt(bench.atUs + us));
    expect(furthest - here).toBeGreaterThan(V ** 2 / (2 * A) - 5);
    expect(bench.ramp(R.RAMP_SECOND_MOVE)).toBe(false);
    bench.settle();
    expect(bench.read(R.REG_XACTUAL)).toBe(here);
    expect(bench.ramp(R.RAMP_SECOND_MOVE | R.RAMP_POSITION_REACHED)).toBe(true);
    bench.write(R.REG_RAMP_STAT, R.RAMP_SECOND_MOVE);
    expect(bench.ramp(R.RAMP_SECOND_MOVE)).toBe(false);
  });

  it('never arrives with D1 = 0 or VSTOP = 0: one µstep is missing after a minute', () => {
    for (const register of [R.REG_D1, R.REG_VSTOP]) {
      const bench = new Tmc5240Bench().needle();
      bench.write(register, 0);
      bench.write(R.REG_RAMP_STAT, R.RAMP_EVENT_POS_REACHED);
      bench.moveTo(3200).wait(60e6);
      expect(bench.read(R.REG_XACTUAL)).toBe(3199);
      expect(bench.ramp(R.RAMP_EVENT_POS_REACHED)).toBe(false);
      expect(bench.ramp(R.RAMP_POSITION_REACHED)).toBe(false);
    }
  });

  it('does not move while AMAX is 0', () => {
    const bench = new Tmc5240Bench();
    bench.write(R.REG_VMAX, vOf(96_000));
    bench.moveTo(3200).wait(1e6);
    expect(bench.read(R.REG_XACTUAL)).toBe(0);
  });

  it('waits TZEROWAIT = 1000 · 512 clocks = 40.96 ms after standstill before it moves again', () => {
    const bench = new Tmc5240Bench().needle();
    bench.write(R.REG_TZEROWAIT, 1000);
    bench.moveTo(800);
    for (
      let end = bench.chip.segmentEndsAtUs(bench.atUs);
      bench.chip.velocityAt(bench.atUs) !== 0 || bench.chip.positionAt(bench.atUs) !== 800;
    ) {
      bench.atUs = end;
      end = bench.chip.segmentEndsAtUs(bench.atUs);
    }
    expect(bench.ramp(R.RAMP_T_ZEROWAIT_ACTIVE | R.RAMP_POSITION_REACHED)).toBe(true);
    bench.wait(10_000).moveTo(0);
    bench.wait(30_900);
    expect(bench.read(R.REG_XACTUAL)).toBe(800);
    expect(bench.ramp(R.RAMP_T_ZEROWAIT_ACTIVE)).toBe(true);
    bench.wait(5_000);
    expect(bench.ramp(R.RAMP_T_ZEROWAIT_ACTIVE)).toBe(false);
    expect(bench.read(R.REG_XACTUAL)).toBeLessThan(800);
  });

  it('runs both velocity modes by AMAX, reverses through zero and stops at VMAX = 0', () => {
    const bench = new Tmc5240Bench().needle();
    bench.write(R.REG_RAMPMODE, R.RAMPMODE_VELOCITY_NEGATIVE);
    bench.wait(50_000);
    expect(bench.chip.velocityAt(bench.atUs)).toBeCloseTo(-96_000, 0);
    bench.write(R.REG_RAMPMODE, R.RAMPMODE_VELOCITY_POSITIVE);
    bench.wait(24_000);
    expect(Math.abs(bench.chip.velocityAt(bench.atUs))).toBeLessThan(100);
    bench.wait(30_000);
    expect(bench.chip.velocityAt(bench.atUs)).toBeCloseTo(96_000, 0);
    bench.write(R.REG_VMAX, 0);
    bench.settle();
    expect(bench.ramp(R.RAMP_VZERO | R.RAMP_VELOCITY_REACHED)).toBe(true);
  });

  it('freezes the velocity in hold mode', () => {
    const bench = new Tmc5240Bench().needle().moveTo(80_000).wait(10_000);
    const speed = bench.chip.velocityAt(bench.atUs);
    bench.write(R.REG_RAMPMODE, R.RAMPMODE_HOLD);
    bench.wait(500_000);
    expect(bench.chip.velocityAt(bench.atUs)).toBe(speed);
  });

  it('starts a motion when XACTUAL is written in position mode, and none in hold mode', () => {
    const bench = new Tmc5240Bench().needle();
    bench.write(R.REG_RAMPMODE, R.RAMPMODE_HOLD);
    bench.write(R.REG_XACTUAL, 500);
    bench.wait(100_000);
    expect(bench.read(R.REG_XACTUAL)).toBe(500);
    bench.write(R.REG_RAMPMODE, R.RAMPMODE_POSITION);
    bench.wait(100_000);
    expect(bench.read(R.REG_XACTUAL)).toBe(0);
    expect(bench.chip.positionAt(bench.atUs)).toBe(-500);
  });

  it('latches event_pos_reached when the target is passed at speed', () => {
    const bench = new Tmc5240Bench().needle();
    bench.write(R.REG_RAMPMODE, R.RAMPMODE_HOLD);
    bench.moveTo(1000);
    bench.write(R.REG_RAMPMODE, R.RAMPMODE_VELOCITY_POSITIVE);
    bench.write(R.REG_RAMP_STAT, R.RAMP_EVENT_POS_REACHED);
    bench.wait(10_000);
    expect(bench.ramp(R.RAMP_EVENT_POS_REACHED)).toBe(false);
    bench.wait(50_000);
    expect(bench.ramp(R.RAMP_EVENT_POS_REACHED)).toBe(true);
    expect(bench.ramp(R.RAMP_POSITION_REACHED)).toBe(false);
  });

  it('reports standstill 2^20 clocks = 83.9 ms after the last step, 2^18 with fast_standstill', () => {
    const bench = new Tmc5240Bench().needle().moveTo(800);
    bench.settle();
    bench.wait(83_000);
    expect(bench.status() & R.SPI_STANDSTILL).toBe(0);
    bench.wait(1_000);
    expect(bench.status() & R.SPI_STANDSTILL).toBe(R.SPI_STANDSTILL);
    bench.write(R.REG_GCONF, R.GCONF_FAST_STANDSTILL);
    bench.moveTo(0).settle();
    bench.wait(21_000);
    expect(bench.read(R.REG_DRV_STATUS) & R.DRV_STST).toBe(R.DRV_STST);
  });

  it('turns the motor the other way with shaft, the counter as before', () => {
    const bench = new Tmc5240Bench().needle().moveTo(800);
    bench.settle();
    bench.write(R.REG_GCONF, R.GCONF_SHAFT);
    expect(bench.chip.positionAt(bench.atUs)).toBe(800);
    bench.moveTo(1000).settle();
    expect(bench.read(R.REG_XACTUAL)).toBe(1000);
    expect(bench.chip.positionAt(bench.atUs)).toBe(600);
  });
});

describe('tmc5240 crossings', () => {
  it('finds the moment a position is met on the way out and on the way back', () => {
    const bench = new Tmc5240Bench().needle().moveTo(8000).wait(40_000);
    bench.moveTo(0);
    const out = bench.chip.crossesAtUs(3000, bench.atUs, bench.atUs + 1e6);
    expect(bench.chip.positionAt(out)).toBeCloseTo(3000, 3);
    expect(bench.chip.velocityAt(out)).toBeGreaterThan(0);
    const back = bench.chip.crossesAtUs(3000, out, out + 1e6);
    expect(back).toBeGreaterThan(out + 1_000);
    expect(bench.chip.positionAt(back)).toBeCloseTo(3000, 3);
    expect(bench.chip.velocityAt(back)).toBeLessThan(0);
    expect(bench.chip.crossesAtUs(3000, back, Infinity)).toBe(Infinity);
  });

  it('finds the landing itself, and nothing beyond the target or the window', () => {
    const bench = new Tmc5240Bench().needle().moveTo(3200);
    const { atUs } = bench;
    const landing = atUs + new Tmc5240Bench().needle().moveTo(3200).settle();
    expect(bench.chip.crossesAtUs(3200, atUs, Infinity)).toBeCloseTo(landing, 2);
    expect(bench.chip.crossesAtUs(3201, atUs, Infinity)).toBe(Infinity);
    expect(bench.chip.crossesAtUs(3200, atUs, landing - 10)).toBe(Infinity);
    expect(bench.chip.crossesAtUs(0, atUs, Infinity)).toBe(Infinity);
  });
});
