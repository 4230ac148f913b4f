// The load-cell driver on the converter's model: newtons, and when they are not to be believed.
import { beforeEach, describe, expect, it } from 'vitest';
import { DEVICE_BUS, DEVICE_MISSING, OK } from '../../../hal/devices.ts';
import type { I2cBus } from '../../../hal/io.ts';
import { Nau7802Cell, RING_CELL_COUNTS_PER_N } from '../../../hal/drivers/nau7802-cell.ts';
import { NAU7802_ADDRESS } from '../../../hal/drivers/nau7802-registers.ts';
import type { AtMs } from '../../../hal/units.ts';
import { Nau7802Chip } from '../../../sim/chips/nau7802.ts';

/** Chosen: one register read on the reference board. */
const TRANSFER_US = 300;

class CellBench implements I2cBus {
  newtons = 0;
  noise = 1;
  nowUs = 0;
  transfers = 0;
  private readonly count = (atUs: number): number => this.newtons * RING_CELL_COUNTS_PER_N + this.noise * (Math.floor(atUs / 3000) % 11);
  readonly chip = new Nau7802Chip({ countsAt: (atUs) => this.count(atUs) });
  readonly cell = new Nau7802Cell(this, RING_CELL_COUNTS_PER_N);

  writeBytes(address: number, buffer: Uint8Array): number {
    this.pass();
    return address === NAU7802_ADDRESS ? this.chip.write(this.nowUs, buffer, buffer.length) : 1;
  }
  readRegister(address: number, register: number, lengthBytes: number): Uint8Array | null {
    this.pass();
    const bytes = new Uint8Array(lengthBytes);
    return address === NAU7802_ADDRESS && this.chip.readRegister(this.nowUs, register, bytes, lengthBytes) === 0 ? bytes : null;
  }
  /** Polls once every 20 ms for so long; the last answer. */
  poll(forMs: number): number {
    let code = OK;
    for (let ms = 0; ms < forMs; ms += 20) {
      this.nowUs += 20_000;
      code = this.cell.poll(Math.floor(this.nowUs / 1000) as AtMs);
    }
    return code;
  }
  private pass(): void {
    this.nowUs += TRANSFER_US;
    this.transfers += 1;
  }
}

describe('Nau7802Cell', () => {
  let bench: CellBench;
  beforeEach(() => {
    bench = new CellBench();
    expect(bench.cell.init()).toBe(OK);
  });

  it('is not valid before the first conversion and valid within 40 ms', () => {
    expect(bench.cell.valid).toBe(0);
    bench.poll(40);
    expect(bench.cell.valid).toBe(1);
    expect(bench.chip.unmodelled).toEqual([]);
  });

  it.each([0, 0.2, 2, 19.5, -3])('reads %d N to 1 mN', (newtons) => {
    bench.newtons = newtons;
    bench.poll(40);
    expect(Math.abs(bench.cell.forceMn - newtons * 1000)).toBeLessThanOrEqual(1);
  });

  it('takes the present force for zero', () => {
    bench.newtons = 1.5;
    bench.poll(40);
    bench.cell.tare();
    expect(bench.cell.forceMn).toBe(0);
    bench.newtons = 2;
    bench.poll(20);
    expect(bench.cell.forceMn).toBe(500);
    expect(Math.abs(bench.cell.rawCounts - 2 * RING_CELL_COUNTS_PER_N)).toBeLessThanOrEqual(10);
  });

  it('needs 1 transfer a poll', () => {
    bench.poll(40);
    bench.transfers = 0;
    bench.poll(20);
    expect(bench.transfers).toBe(1);
  });

  it('takes the 0 of a converter that lost its registers for no sample: the force stays', () => {
    bench.newtons = 1.5;
    bench.poll(40);
    bench.chip.powerCycle();
    bench.poll(40);
    expect([bench.cell.forceMn, bench.cell.valid]).toEqual([1500, 1]);
  });

  it('R24: is not valid at once when nobody acknowledges, and valid again when somebody does', () => {
    bench.poll(40);
    bench.chip.setAnswer('missing');
    expect(bench.poll(20)).toBe(DEVICE_BUS);
    expect(bench.cell.valid).toBe(0);
    bench.chip.setAnswer('ok');
    expect(bench.poll(20)).toBe(OK);
    expect(bench.cell.valid).toBe(1);
  });

  it('R24: is not valid 100 ms after the value has stopped moving', () => {
    bench.poll(40);
    bench.chip.setAnswer('stuck');
    bench.poll(80);
    expect(bench.cell.valid).toBe(1);
    bench.poll(40);
    expect(bench.cell.valid).toBe(0);
  });

  it('R24: is not valid 100 ms after the converter has lost its registers', () => {
    bench.poll(40);
    bench.chip.powerCycle();
    bench.poll(80);
    expect(bench.cell.valid).toBe(1);
    bench.poll(40);
    expect(bench.cell.valid).toBe(0);
    expect(bench.cell.init()).toBe(OK);
    bench.poll(40);
    expect(bench.cell.valid).toBe(1);
  });

  it('answers DEVICE_MISSING at init when nobody acknowledges', () => {
    bench.chip.setAnswer('missing');
    expect(bench.cell.init()).toBe(DEVICE_MISSING);
  });

  it('judges the age of a sample across the wrap of the 32-bit clock (R32)', () => {
    bench.nowUs = (2 ** 32 - 50) * 1000;
    bench.cell.init();
    for (let i = 0; i < 10; i++) {
      bench.nowUs += 20_000;
      bench.cell.poll((Math.floor(bench.nowUs / 1000) >>> 0) as AtMs);
    }
    expect(bench.cell.valid).toBe(1);
  });
});
