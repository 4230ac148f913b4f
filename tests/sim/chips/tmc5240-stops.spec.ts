import { describe, expect, it } from 'vitest';
import * as R from '../../../hal/drivers/tmc5240-registers.ts';
import { aOf, stepsPerS2, Tmc5240Bench, vOf } from './tmc5240-bench.ts';

const A = stepsPerS2(aOf(4_000_000));
const withMode = (mode: number): Tmc5240Bench => {
  const bench = new Tmc5240Bench().needle();
  bench.write(R.REG_SW_MODE, mode);
  return bench;
};

describe('tmc5240 virtual stops', () => {
  it('stops dead at VIRTUAL_STOP_R = 3240 at full speed, whatever the target, and allows only the way back', () => {
    const bench = new Tmc5240Bench().needle();
    bench.write(R.REG_VIRTUAL_STOP_R, 3240);
    bench.write(R.REG_SW_MODE, R.SW_EN_VIRTUAL_STOP_R);
    bench.moveTo(80_000).settle();
    expect(bench.chip.positionAt(bench.atUs)).toBe(3240);
    expect(bench.ramp(R.RAMP_STATUS_VIRTUAL_STOP_R | R.RAMP_EVENT_STOP_R | R.RAMP_VZERO)).toBe(true);
    bench.moveTo(90_000).wait(1e6);
    expect(bench.read(R.REG_XACTUAL)).toBe(3240);
    bench.moveTo(0).settle();
    expect(bench.read(R.REG_XACTUAL)).toBe(0);
    expect(bench.ramp(R.RAMP_STATUS_VIRTUAL_STOP_R)).toBe(false);
    expect(bench.ramp(R.RAMP_EVENT_STOP_R)).toBe(false);
  });

  it('stops at VIRTUAL_STOP_L = −160 going down and lets the needle leave upwards', () => {
    const bench = new Tmc5240Bench().needle();
    bench.write(R.REG_VIRTUAL_STOP_L, -160);
    bench.write(R.REG_SW_MODE, R.SW_EN_VIRTUAL_STOP_L);
    bench.moveTo(-4000).settle();
    expect(bench.read(R.REG_XACTUAL)).toBe(-160);
    expect(bench.ramp(R.RAMP_STATUS_VIRTUAL_STOP_L | R.RAMP_EVENT_STOP_L)).toBe(true);
    bench.moveTo(100).settle();
    expect(bench.read(R.REG_XACTUAL)).toBe(100);
  });

  it.each([
    ['velocity', R.RAMPMODE_VELOCITY_POSITIVE],
    ['hold', R.RAMPMODE_HOLD],
  ])('holds in %s mode too', (_name, mode) => {
    const bench = new Tmc5240Bench().needle();
    bench.write(R.REG_VIRTUAL_STOP_R, 3000);
    bench.write(R.REG_SW_MODE, R.SW_EN_VIRTUAL_STOP_R);
    bench.moveTo(80_000).wait(5_000);
    bench.write(R.REG_RAMPMODE, mode);
    bench.settle();
    expect(bench.chip.positionAt(bench.atUs)).toBe(3000);
  });

  it('brakes by DMAX beyond the stop with en_softstop, v²/2D further', () => {
    const bench = new Tmc5240Bench().needle();
    bench.write(R.REG_VIRTUAL_STOP_R, 8000);
    bench.write(R.REG_SW_MODE, R.SW_EN_VIRTUAL_STOP_R | R.SW_EN_SOFTSTOP);
    bench.moveTo(80_000).settle();
    expect(Math.abs(bench.read(R.REG_XACTUAL) - (8000 + 96_000 ** 2 / (2 * A)))).toBeLessThan(2);
    bench.wait(1e6);
    expect(bench.chip.velocityAt(bench.atUs)).toBe(0);
  });

  it('does not hinder a move that ends on the stop: position_reached is set', () => {
    const bench = new Tmc5240Bench().needle();
    bench.write(R.REG_VIRTUAL_STOP_R, 3200);
    bench.write(R.REG_SW_MODE, R.SW_EN_VIRTUAL_STOP_R);
    bench.moveTo(3200).settle();
    expect(bench.ramp(R.RAMP_POSITION_REACHED | R.RAMP_EVENT_POS_REACHED)).toBe(true);
  });

  it('stops at once when the stop is pulled behind a moving needle', () => {
    const bench = new Tmc5240Bench().needle().moveTo(8000).wait(40_000);
    bench.write(R.REG_VIRTUAL_STOP_R, 100);
    bench.write(R.REG_SW_MODE, R.SW_EN_VIRTUAL_STOP_R);
    const here = bench.read(R.REG_XACTUAL);
    bench.wait(1e6);
    expect(bench.read(R.REG_XACTUAL)).toBe(here);
  });

  it('is cut short by the stop when it overshoots, and still returns to its target', () => {
    const bench = new Tmc5240Bench().needle().moveTo(8000).wait(40_000);
    const here = bench.read(R.REG_XACTUAL);
    bench.write(R.REG_VIRTUAL_STOP_R, here + 100);
    bench.write(R.REG_SW_MODE, R.SW_EN_VIRTUAL_STOP_R);
    bench.moveTo(here);
    expect(bench.chip.crossesAtUs(here + 101, bench.atUs, Infinity)).toBe(Infinity);
    bench.settle();
    expect(bench.read(R.REG_XACTUAL)).toBe(here);
  });

  it('reports virtual_stop_enc, which is not modelled', () => {
    expect(withMode(R.SW_VIRTUAL_STOP_ENC).chip.unmodelled).toEqual([R.REG_SW_MODE]);
  });
});

describe('tmc5240 reference switches', () => {
  it('stops dead on REFL going down, not going up, and restarts by itself when the switch opens', () => {
    const bench = withMode(R.SW_STOP_L_ENABLE).moveTo(4000);
    bench.wait(10_000);
    bench.chip.setReferenceLeft(bench.atUs, 1);
    bench.settle();
    expect(bench.read(R.REG_XACTUAL)).toBe(4000);
    expect(bench.status() & R.SPI_STOP_L).toBe(R.SPI_STOP_L);
    bench.chip.setReferenceLeft(bench.atUs, 0);
    bench.moveTo(0).wait(20_000);
    bench.chip.setReferenceLeft(bench.atUs, 1);
    const here = bench.read(R.REG_XACTUAL);
    bench.wait(1e6);
    expect(bench.read(R.REG_XACTUAL)).toBe(here);
    expect(bench.ramp(R.RAMP_STATUS_STOP_L | R.RAMP_EVENT_STOP_L)).toBe(true);
    bench.chip.setReferenceLeft(bench.atUs, 0);
    expect(bench.ramp(R.RAMP_EVENT_STOP_L)).toBe(false);
    bench.settle();
    expect(bench.read(R.REG_XACTUAL)).toBe(0);
  });

  it('drops event_stop_l in hold mode and when the other direction is ordered', () => {
    const bench = withMode(R.SW_STOP_L_ENABLE).moveTo(-4000).wait(20_000);
    bench.chip.setReferenceLeft(bench.atUs, 1);
    expect(bench.ramp(R.RAMP_EVENT_STOP_L)).toBe(true);
    bench.write(R.REG_RAMP_STAT, R.RAMP_EVENT_STOP_L);
    expect(bench.ramp(R.RAMP_EVENT_STOP_L)).toBe(true);
    bench.write(R.REG_RAMPMODE, R.RAMPMODE_HOLD);
    expect(bench.ramp(R.RAMP_EVENT_STOP_L)).toBe(false);
    bench.write(R.REG_RAMPMODE, R.RAMPMODE_POSITION);
    expect(bench.ramp(R.RAMP_EVENT_STOP_L)).toBe(true);
    bench.moveTo(1000);
    expect(bench.ramp(R.RAMP_EVENT_STOP_L)).toBe(false);
  });

  it('does nothing at a switch that is not enabled, but shows it', () => {
    const bench = new Tmc5240Bench().needle().moveTo(-4000).wait(10_000);
    bench.chip.setReferenceLeft(bench.atUs, 1);
    bench.settle();
    expect(bench.read(R.REG_XACTUAL)).toBe(-4000);
    expect(bench.ramp(R.RAMP_STATUS_STOP_L)).toBe(true);
  });

  it('brakes by DMAX at a switch with en_softstop', () => {
    const bench = withMode(R.SW_STOP_R_ENABLE | R.SW_EN_SOFTSTOP)
      .moveTo(80_000)
      .wait(50_000);
    bench.chip.setReferenceRight(bench.atUs, 1);
    const from = bench.chip.positionAt(bench.atUs);
    expect(bench.chip.velocityAt(bench.atUs)).toBeCloseTo(96_000, 0);
    bench.settle();
    expect(Math.abs(bench.read(R.REG_XACTUAL) - from - 96_000 ** 2 / (2 * A))).toBeLessThan(2);
  });

  it('waits TZEROWAIT after a hard stop before the switch may release the motor', () => {
    const bench = withMode(R.SW_STOP_R_ENABLE);
    bench.write(R.REG_TZEROWAIT, 1000);
    bench.moveTo(8000).wait(30_000);
    bench.chip.setReferenceRight(bench.atUs, 1);
    bench.chip.setReferenceRight(bench.atUs + 1_000, 0);
    const here = bench.chip.positionAt(bench.atUs + 1_000);
    expect(bench.chip.positionAt(bench.atUs + 40_900)).toBe(here);
    expect(bench.chip.velocityAt(bench.atUs + 42_000)).toBeGreaterThan(0);
  });

  it('stops by pol_stop_l alone: toggling the polarity of an open input acts as a switch', () => {
    const bench = withMode(R.SW_STOP_L_ENABLE).moveTo(-8000).wait(20_000);
    bench.write(R.REG_SW_MODE, R.SW_STOP_L_ENABLE | R.SW_POL_STOP_L);
    expect(bench.chip.velocityAt(bench.atUs)).toBe(0);
    bench.write(R.REG_SW_MODE, R.SW_STOP_L_ENABLE);
    bench.settle();
    expect(bench.read(R.REG_XACTUAL)).toBe(-8000);
  });

  it('takes REFR for the left switch with swap_lr', () => {
    const bench = withMode(R.SW_STOP_L_ENABLE | R.SW_SWAP_LR)
      .moveTo(-8000)
      .wait(20_000);
    bench.chip.setReferenceLeft(bench.atUs, 1);
    expect(bench.chip.velocityAt(bench.atUs)).toBeLessThan(0);
    bench.chip.setReferenceRight(bench.atUs, 1);
    expect(bench.chip.velocityAt(bench.atUs)).toBe(0);
  });

  it('copies XACTUAL to XLATCH on the closing edge only, and X_ENC with it', () => {
    const bench = withMode(R.SW_LATCH_L_ACTIVE | R.SW_EN_LATCH_ENCODER);
    bench.chip.encoderCounts = (atUs) => Math.round(bench.chip.positionAt(atUs)) + 7;
    bench.write(R.REG_X_ENC, 7);
    bench.moveTo(-8000).wait(20_000);
    bench.chip.setReferenceLeft(bench.atUs, 1);
    const here = bench.read(R.REG_XACTUAL);
    const encoder = bench.read(R.REG_X_ENC);
    bench.wait(10_000);
    bench.chip.setReferenceLeft(bench.atUs, 0);
    expect(bench.read(R.REG_XLATCH)).toBe(here);
    expect(bench.read(R.REG_ENC_LATCH)).toBe(encoder);
    expect(bench.ramp(R.RAMP_STATUS_LATCH_L)).toBe(true);
    bench.write(R.REG_RAMP_STAT, R.RAMP_STATUS_LATCH_L);
    expect(bench.ramp(R.RAMP_STATUS_LATCH_L)).toBe(false);
  });

  it('homes as the datasheet says: latch, hold, XACTUAL −= XLATCH; the rotor does not jump', () => {
    const bench = withMode(R.SW_STOP_L_ENABLE | R.SW_LATCH_L_ACTIVE);
    bench.write(R.REG_VMAX, vOf(16_000));
    bench.moveTo(-100_000);
    const touches = bench.chip.crossesAtUs(-2345, bench.atUs, Infinity);
    bench.chip.setReferenceLeft(touches, 1);
    bench.atUs = touches + 1_000;
    expect(bench.ramp(R.RAMP_VZERO | R.RAMP_STATUS_LATCH_L)).toBe(true);
    bench.write(R.REG_RAMPMODE, R.RAMPMODE_HOLD);
    const rotor = bench.chip.positionAt(bench.atUs);
    bench.write(R.REG_XACTUAL, bench.read(R.REG_XACTUAL) - bench.read(R.REG_XLATCH));
    bench.write(R.REG_XTARGET, bench.read(R.REG_XACTUAL));
    bench.write(R.REG_RAMPMODE, R.RAMPMODE_POSITION);
    expect(bench.chip.positionAt(bench.atUs)).toBe(rotor);
    expect(Math.abs(rotor + 2345)).toBeLessThanOrEqual(1);
    bench.moveTo(800).settle();
    expect(bench.chip.positionAt(bench.atUs) - rotor).toBe(800);
  });
});

describe('tmc5240 StallGuard stop', () => {
  it('stands on a stall with sg_stop and restarts when event_stop_sg is cleared', () => {
    const bench = withMode(R.SW_SG_STOP).moveTo(8000).wait(40_000);
    bench.chip.stall(bench.atUs);
    const here = bench.read(R.REG_XACTUAL);
    bench.wait(1e6);
    expect(bench.read(R.REG_XACTUAL)).toBe(here);
    expect(bench.ramp(R.RAMP_EVENT_STOP_SG | R.RAMP_STATUS_SG)).toBe(true);
    bench.write(R.REG_RAMP_STAT, R.RAMP_EVENT_STOP_SG);
    bench.settle();
    expect(bench.read(R.REG_XACTUAL)).toBe(8000);
  });

  it('runs on through a stall without sg_stop', () => {
    const bench = new Tmc5240Bench().needle().moveTo(8000).wait(40_000);
    bench.chip.stall(bench.atUs);
    expect(bench.chip.velocityAt(bench.atUs)).toBeGreaterThan(0);
  });

  it('shows the load in DRV_STATUS, 0 to 1023', () => {
    const bench = new Tmc5240Bench();
    bench.chip.setLoad(() => 321);
    expect(bench.read(R.REG_DRV_STATUS) & R.DRV_SG_RESULT_MASK).toBe(321);
  });
});
