import { describe, expect, it } from 'vitest';
import * as R from '../../../hal/drivers/tmc5240-registers.ts';
import { KIND, ABSENT, LIVE, MASK, RESET, SPECIAL } from '../../../sim/chips/tmc5240-map.ts';
import { Tmc5240Chip } from '../../../sim/chips/tmc5240.ts';
import { Tmc5240Bench } from './tmc5240-bench.ts';

/** "EC 00 01 00 C3" in, the reply in the same spelling out. */
const send = (chip: Tmc5240Chip, atUs: number, hex: string): string => {
  const frame = Uint8Array.from(hex.split(' '), (byte) => parseInt(byte, 16));
  chip.transfer(atUs, frame);
  return Array.from(frame, (byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(' ');
};

describe('tmc5240 datagrams', () => {
  it('takes the example frames of the datasheet, echoes each one datagram later and ends at XACTUAL −51200', () => {
    // Source: TMC5130A datasheet rev 1.21, initialisation example; the frames are the same for the whole family.
    const frames = [
      'EC 00 01 00 C3', // CHOPCONF: TOFF 3, HSTRT 4, HEND 1, TBL 2
      '90 00 06 1F 0A', // IHOLD_IRUN
      '91 00 00 00 0A', // TPOWERDOWN 10
      '80 00 00 00 04', // GCONF: en_pwm_mode
      'A4 00 00 03 E8', // A1 1000
      'A5 00 00 C3 50', // V1 50000
      'A6 00 00 01 F4', // AMAX 500
      'A7 00 03 0D 40', // VMAX 200000
      'A8 00 00 02 BC', // DMAX 700
      'AA 00 00 05 78', // D1 1400
      'AB 00 00 00 0A', // VSTOP 10
      'A0 00 00 00 00', // RAMPMODE position
      'AD FF FF 38 00', // XTARGET −51200
      '21 00 00 00 00', // read XACTUAL
    ];
    const chip = new Tmc5240Chip();
    const data = frames.map((frame) => send(chip, 0, frame).slice(3));
    expect(data.slice(1)).toEqual(frames.slice(0, -1).map((frame) => frame.slice(3)));
    expect(send(chip, 60e6, '21 00 00 00 00')).toBe('01 00 00 00 00');
    expect(send(chip, 60e6, '21 00 00 00 00')).toBe('29 FF FF 38 00');
    expect(chip.unmodelled).toEqual([]);
  });

  it('answers a read with the next datagram, as the register was when the read was accepted', () => {
    const bench = new Tmc5240Bench().needle().moveTo(8000);
    bench.wait(20_000);
    bench.exchange(R.REG_XACTUAL, 0);
    const then = bench.read(R.REG_XACTUAL);
    bench.exchange(R.REG_XACTUAL, 0);
    bench.wait(5_000);
    expect(bench.exchange(R.REG_VACTUAL, 0).word).toBe(then);
    expect(bench.read(R.REG_XACTUAL)).toBeGreaterThan(then + 100);
  });

  it('shows the status byte of the end of the access before', () => {
    const bench = new Tmc5240Bench().needle();
    bench.write(R.REG_XTARGET, 100);
    expect(bench.exchange(R.REG_GCONF, 0).status & R.SPI_POSITION_REACHED).toBe(0);
    bench.write(R.REG_XTARGET, 0);
    const late = bench.exchange(R.REG_XTARGET | R.WRITE, 100).status;
    expect(late & R.SPI_POSITION_REACHED).toBe(R.SPI_POSITION_REACHED);
    expect(bench.exchange(R.REG_GCONF, 0).status & R.SPI_POSITION_REACHED).toBe(0);
  });

  it('holds every reset value of the datasheet after power-on', () => {
    const bench = new Tmc5240Bench();
    const expected: [number, number][] = [
      [R.REG_GSTAT, 0x1d],
      [R.REG_X_COMPARE, -1],
      [R.REG_IHOLD_IRUN, 0x04011f08],
      [R.REG_TPOWERDOWN, 10],
      [R.REG_TSTEP, 0xfffff],
      [R.REG_D1, 10],
      [R.REG_VSTOP, 10],
      [R.REG_D2, 10],
      [R.REG_ENC_CONST, 0x10000],
      [R.REG_OTW_OV_VTH, 0x0b920f25],
      [R.REG_MSLUT0, 0xaaaab554 | 0],
      [R.REG_MSLUT7, 0x00404222],
      [R.REG_MSLUTSEL, 0xffff8056 | 0],
      [R.REG_MSLUTSTART, 0x00f70000],
      [R.REG_CHOPCONF, 0x10410150],
      [R.REG_XACTUAL, 0],
    ];
    for (const [register, value] of expected) expect([register, bench.read(register)]).toEqual([register, value]);
    const status = bench.read(R.REG_RAMP_STAT);
    expect(status).toBe(R.RAMP_EVENT_POS_REACHED | R.RAMP_POSITION_REACHED | R.RAMP_VZERO | R.RAMP_VELOCITY_REACHED);
    expect(bench.read(R.REG_DRV_STATUS) & R.DRV_STST).toBe(R.DRV_STST);
    expect(bench.read(R.REG_IOIN) >>> R.IOIN_VERSION_SHIFT).toBe(0x40);
    expect(bench.status() & R.SPI_RESET_FLAG).toBe(1);
  });

  it('reads every stored register back, cut to its width', () => {
    const bench = new Tmc5240Bench();
    bench.write(R.REG_RAMPMODE, R.RAMPMODE_HOLD);
    for (let register = 0; register < 128; register++) {
      const kind = KIND[register] as number;
      if (kind === ABSENT || kind === LIVE || kind === SPECIAL) continue;
      bench.write(register, -1);
      expect([register, bench.read(register)]).toEqual([register, MASK[register]]);
      bench.write(register, RESET[register] as number);
      expect(bench.read(register)).toBe(RESET[register]);
    }
  });

  it('reports a register that it does not model, once, and answers 0', () => {
    const bench = new Tmc5240Bench();
    expect(bench.read(R.REG_PWM_SCALE)).toBe(0);
    bench.read(R.REG_PWM_SCALE);
    bench.write(R.REG_TVMAX, 5);
    bench.write(0x7f, 1);
    expect(bench.chip.unmodelled).toEqual([R.REG_PWM_SCALE, R.REG_TVMAX, 0x7f]);
  });

  it('clears GSTAT only where a 1 is written', () => {
    const bench = new Tmc5240Bench();
    bench.write(R.REG_GSTAT, 0);
    expect(bench.read(R.REG_GSTAT)).toBe(0x1d);
    bench.write(R.REG_GSTAT, R.GSTAT_RESET);
    expect(bench.read(R.REG_GSTAT)).toBe(0x1c);
    bench.write(R.REG_GSTAT, R.GSTAT_ALL);
    expect(bench.read(R.REG_GSTAT)).toBe(0);
    expect(bench.status() & R.SPI_RESET_FLAG).toBe(0);
  });

  it('clears event_pos_reached by writing it, not by reading it, and not by rewriting the target', () => {
    const bench = new Tmc5240Bench().needle().moveTo(800);
    bench.settle();
    expect(bench.ramp(R.RAMP_EVENT_POS_REACHED)).toBe(true);
    expect(bench.ramp(R.RAMP_EVENT_POS_REACHED)).toBe(true);
    bench.write(R.REG_RAMP_STAT, R.RAMP_EVENT_POS_REACHED);
    expect(bench.ramp(R.RAMP_EVENT_POS_REACHED)).toBe(false);
    expect(bench.moveTo(800).ramp(R.RAMP_EVENT_POS_REACHED)).toBe(false);
    expect(bench.ramp(R.RAMP_POSITION_REACHED)).toBe(true);
  });

  it('shows VACTUAL as 24-bit two’s complement: −1 mm/s at 800 µsteps/mm is 0xFFFBCF', () => {
    const bench = new Tmc5240Bench().needle();
    bench.write(R.REG_VMAX, 1073);
    bench.moveTo(-4000).wait(100_000);
    expect(bench.read(R.REG_VACTUAL)).toBe(0x1000000 - 1073);
    expect(bench.ramp(R.RAMP_VELOCITY_REACHED)).toBe(true);
    expect(bench.read(R.REG_TSTEP)).toBe(Math.floor(2 ** 24 / 1073));
  });

  it('answers only zeros or ones on a stuck MISO line, but still obeys', () => {
    const bench = new Tmc5240Bench().needle();
    bench.chip.setAnswer('stuck-1');
    expect(bench.exchange(R.REG_X_COMPARE | R.WRITE, 123)).toEqual({ status: 0xff, word: -1 });
    bench.chip.setAnswer('stuck-0');
    expect(bench.exchange(R.REG_GCONF, 0)).toEqual({ status: 0, word: 0 });
    bench.chip.setAnswer('ok');
    expect(bench.read(R.REG_X_COMPARE)).toBe(123);
  });

  it('hears nothing while it is missing', () => {
    const bench = new Tmc5240Bench().needle();
    bench.chip.setAnswer('missing');
    expect(bench.exchange(R.REG_X_COMPARE | R.WRITE, 123)).toEqual({ status: 0, word: 0 });
    bench.chip.setAnswer('ok');
    expect(bench.read(R.REG_X_COMPARE)).toBe(-1);
  });

  it.each([0, 7, 8, 39])('inverts bit %i of one reply and no more', (bit) => {
    const bench = new Tmc5240Bench().needle();
    bench.status();
    const plain = bench.exchange(R.REG_GCONF, 0);
    bench.chip.flipNextBit(bit);
    const flipped = bench.exchange(R.REG_GCONF, 0);
    const changed = bit < 8 ? flipped.status ^ plain.status : flipped.word ^ plain.word;
    expect(changed >>> 0).toBe(bit < 8 ? 0x80 >> bit : 2 ** (39 - bit));
    expect(bench.exchange(R.REG_GCONF, 0)).toEqual(plain);
  });

  it('measures the supply in steps of 9.732 mV', () => {
    const bench = new Tmc5240Bench();
    bench.chip.setSupplyMv(8400);
    expect(bench.read(R.REG_ADC_VSUPPLY_AIN)).toBe(863);
  });
});
