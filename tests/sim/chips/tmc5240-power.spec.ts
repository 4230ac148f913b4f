import { describe, expect, it } from 'vitest';
import * as R from '../../../hal/drivers/tmc5240-registers.ts';
import { Tmc5240Bench } from './tmc5240-bench.ts';

const TOFF_3 = R.RESET_CHOPCONF | 3;
const driven = (): Tmc5240Bench => {
  const bench = new Tmc5240Bench().needle();
  bench.write(R.REG_CHOPCONF, TOFF_3);
  bench.chip.setEnableN(bench.atUs, 0);
  return bench;
};

describe('tmc5240 power stage', () => {
  it('drives only with TOFF above 0 and DRV_ENN low', () => {
    const bench = new Tmc5240Bench();
    expect(bench.chip.driving).toBe(false);
    bench.chip.setEnableN(0, 0);
    expect(bench.chip.driving).toBe(false);
    bench.write(R.REG_CHOPCONF, TOFF_3);
    expect(bench.chip.driving).toBe(true);
    expect(bench.read(R.REG_IOIN) & R.IOIN_DRV_ENN).toBe(0);
    bench.chip.setEnableN(0, 1);
    expect(bench.chip.driving).toBe(false);
    expect(bench.read(R.REG_IOIN) & R.IOIN_DRV_ENN).toBe(R.IOIN_DRV_ENN);
  });

  it('counts XACTUAL to 800 although nothing drives the rotor', () => {
    const bench = new Tmc5240Bench().needle().moveTo(800);
    bench.settle();
    expect(bench.chip.driving).toBe(false);
    expect(bench.read(R.REG_XACTUAL)).toBe(800);
  });

  it.each([
    ['ot', R.DRV_OT],
    ['s2ga', R.DRV_S2GA],
    ['s2gb', R.DRV_S2GB],
  ] as const)('latches %s off until TOFF = 0 or DRV_ENN high, and drv_err until it is cleared after that', (name, bit) => {
    const bench = driven();
    bench.chip.setFault(name, true);
    expect(bench.chip.driving).toBe(false);
    expect(bench.read(R.REG_DRV_STATUS) & bit).toBe(bit);
    expect(bench.status() & R.SPI_DRIVER_ERROR).toBe(R.SPI_DRIVER_ERROR);
    bench.write(R.REG_GSTAT, R.GSTAT_DRV_ERR);
    expect(bench.read(R.REG_GSTAT)).toBe(R.GSTAT_DRV_ERR);
    bench.chip.setFault(name, false);
    bench.write(R.REG_CHOPCONF, TOFF_3 + 1);
    expect(bench.chip.driving).toBe(false);
    bench.write(R.REG_CHOPCONF, R.RESET_CHOPCONF);
    bench.write(R.REG_CHOPCONF, TOFF_3);
    expect(bench.chip.driving).toBe(true);
    bench.write(R.REG_GSTAT, R.GSTAT_DRV_ERR);
    expect(bench.read(R.REG_GSTAT)).toBe(0);
  });

  it('warns with otpw and open load without switching off', () => {
    const bench = driven();
    bench.chip.setFault('otpw', true);
    bench.chip.setFault('ola', true);
    expect(bench.chip.driving).toBe(true);
    expect(bench.read(R.REG_DRV_STATUS) & (R.DRV_OTPW | R.DRV_OLA)).toBe(R.DRV_OTPW | R.DRV_OLA);
    expect(bench.read(R.REG_GSTAT)).toBe(0);
  });

  it('keeps uv_cp in GSTAT after the dip is over', () => {
    const bench = driven();
    bench.chip.setFault('uv_cp', true);
    expect(bench.chip.driving).toBe(false);
    bench.chip.setFault('uv_cp', false);
    expect(bench.chip.driving).toBe(true);
    expect(bench.read(R.REG_GSTAT)).toBe(R.GSTAT_UV_CP);
  });

  it('switches off below 4.2 V and remembers vm_uvlo', () => {
    const bench = driven();
    bench.chip.setSupplyMv(4000);
    expect(bench.chip.driving).toBe(false);
    bench.chip.setSupplyMv(7400);
    expect(bench.read(R.REG_GSTAT)).toBe(R.GSTAT_VM_UVLO);
  });

  it('loses registers, XACTUAL and bridges in a brown-out at 120 mm/s, but not the rotor position', () => {
    const bench = driven().moveTo(8000).wait(40_000);
    bench.write(R.REG_SW_MODE, R.SW_EN_VIRTUAL_STOP_R);
    bench.chip.brownOut(bench.atUs);
    const rotor = bench.chip.positionAt(bench.atUs);
    expect(rotor).toBeGreaterThan(1000);
    expect(bench.chip.driving).toBe(false);
    expect(bench.status() & R.SPI_RESET_FLAG).toBe(R.SPI_RESET_FLAG);
    expect([R.REG_XACTUAL, R.REG_XTARGET, R.REG_VMAX, R.REG_SW_MODE].map((register) => bench.read(register))).toEqual([0, 0, 0, 0]);
    expect(bench.read(R.REG_GSTAT)).toBe(R.RESET_GSTAT);
    bench.wait(1e6);
    expect(bench.chip.positionAt(bench.atUs)).toBe(rotor);
  });

  it('shows IRUN 31 in motion and IHOLD 8 after standstill and TPOWERDOWN', () => {
    const bench = driven().moveTo(8000).wait(40_000);
    const current = (): number => (bench.read(R.REG_DRV_STATUS) >> R.DRV_CS_ACTUAL_SHIFT) & 31;
    expect(current()).toBe(31);
    bench.wait(1e6);
    expect(current()).toBe(8);
  });
});

describe('tmc5240 encoder', () => {
  const turned = (counts: number): { bench: Tmc5240Bench; at: { counts: number } } => {
    const bench = new Tmc5240Bench().needle();
    const at = { counts };
    bench.chip.encoderCounts = () => at.counts;
    return { bench, at };
  };

  it.each([
    ['1.0', 0x10000, 1000, 1000],
    ['0.8 as 52429/65536', 52_429, 1000, 800],
    ['−0.5', -0x8000, 1000, -500],
  ])('scales counts by ENC_CONST %s', (_name, constant, counts, expected) => {
    const { bench, at } = turned(0);
    bench.write(R.REG_ENC_CONST, constant);
    at.counts = counts;
    expect(bench.read(R.REG_X_ENC)).toBe(expected);
  });

  it('scales by ten-thousandths in decimal mode: 0.8 is 8000', () => {
    const { bench, at } = turned(0);
    bench.write(R.REG_ENCMODE, R.ENCMODE_SEL_DECIMAL);
    bench.write(R.REG_ENC_CONST, 8000);
    at.counts = 1000;
    expect(bench.read(R.REG_X_ENC)).toBe(800);
  });

  it('does not jump when ENC_CONST changes at X_ENC = 1000', () => {
    const { bench, at } = turned(0);
    at.counts = 1000;
    bench.write(R.REG_ENC_CONST, 0x8000);
    expect(bench.read(R.REG_X_ENC)).toBe(1000);
    at.counts = 1100;
    expect(bench.read(R.REG_X_ENC)).toBe(1050);
  });

  it('counts on from what was written to X_ENC', () => {
    const { bench, at } = turned(123);
    bench.write(R.REG_X_ENC, -5);
    expect(bench.read(R.REG_X_ENC)).toBe(-5);
    at.counts += 30;
    expect(bench.read(R.REG_X_ENC)).toBe(25);
  });

  it('latches deviation_warn beyond ENC_DEVIATION = 80 µsteps at any access, write 1 to clear', () => {
    const { bench, at } = turned(0);
    bench.write(R.REG_ENC_DEVIATION, 80);
    at.counts = 80;
    expect(bench.read(R.REG_ENC_STATUS)).toBe(0);
    at.counts = 81;
    bench.status();
    at.counts = 0;
    expect(bench.read(R.REG_ENC_STATUS)).toBe(R.ENC_DEVIATION_WARN);
    bench.write(R.REG_ENC_STATUS, R.ENC_DEVIATION_WARN);
    expect(bench.read(R.REG_ENC_STATUS)).toBe(0);
  });
});
