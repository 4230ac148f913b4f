// The converter model against its data sheet: power-up, conversion rate, data register, what is not modelled.
import { beforeEach, describe, expect, it } from 'vitest';
import { Nau7802Chip } from '../../../sim/chips/nau7802.ts';

const ON = 0x96;

describe('Nau7802Chip', () => {
  let chip: Nau7802Chip;
  let counts: (atUs: number) => number;
  const set = (atUs: number, register: number, value: number): number => chip.write(atUs, Uint8Array.of(register, value), 2);
  const get = (atUs: number, register: number, length = 1): number[] => {
    const into = new Uint8Array(length);
    expect(chip.readRegister(atUs, register, into, length)).toBe(0);
    return Array.from(into);
  };
  const ready = (atUs: number): boolean => ((get(atUs, 0)[0] ?? 0) & 0x20) !== 0;
  beforeEach(() => {
    counts = () => 0x123456;
    chip = new Nau7802Chip({ countsAt: (atUs) => counts(atUs) });
    set(0, 1, 0x2f);
    set(0, 2, 0x70);
  });

  it('reports power-up ready 200 µs after the digital part is switched on', () => {
    set(1000, 0, 0x02);
    expect((get(1199, 0)[0] ?? 0) & 8).toBe(0);
    expect((get(1200, 0)[0] ?? 0) & 8).toBe(8);
  });

  it('converts nothing until cycle start, digital and analog power are all on', () => {
    set(0, 0, 0x12);
    expect(ready(1e6)).toBe(false);
    set(1e6, 0, ON);
    expect(ready(1.1e6)).toBe(true);
  });

  it.each([
    [0x00, 10],
    [0x10, 20],
    [0x20, 40],
    [0x30, 80],
    [0x70, 320],
  ])('with CTRL2 %i has the first settled sample after 4 conversions at %i samples a second, then one each', (rate, hz) => {
    set(0, 2, rate);
    set(0, 0, ON);
    const firstUs = 200 + 4e6 / hz;
    expect(ready(firstUs - 1)).toBe(false);
    expect(ready(firstUs + 1)).toBe(true);
    get(firstUs + 1, 0x12, 3);
    expect(ready(firstUs + 1e6 / hz - 1)).toBe(false);
    expect(ready(firstUs + 1e6 / hz + 1)).toBe(true);
  });

  it.each([
    [0x123456, [0x12, 0x34, 0x56]],
    [-1, [0xff, 0xff, 0xff]],
    [-8_388_608, [0x80, 0, 0]],
    [9_000_000, [0x7f, 0xff, 0xff]],
  ])('answers %i counts as three bytes, sign first, clamped to 24 bits', (value, bytes) => {
    counts = () => value;
    set(0, 0, ON);
    expect(get(20_000, 0x12, 3)).toEqual(bytes);
  });

  it('asks the world for the moment the conversion ended, not for now', () => {
    counts = (atUs) => atUs;
    set(0, 0, ON);
    expect(get(14_000, 0x12, 3)).toEqual([0, 12_700 >> 8, 12_700 & 0xff]);
  });

  it('clears cycle ready by reading the data, and keeps the data until the next conversion', () => {
    set(0, 0, ON);
    get(13_000, 0x12, 3);
    expect(ready(13_001)).toBe(false);
    expect(get(13_002, 0x12, 3)).toEqual([0x12, 0x34, 0x56]);
  });

  it('gives an eighth of the counts at gain 16', () => {
    set(0, 1, 0x2c);
    counts = () => 8000;
    set(0, 0, ON);
    expect(get(20_000, 0x12, 3)).toEqual([0, 1000 >> 8, 1000 & 0xff]);
  });

  it('goes back to its reset values and stops converting on register reset', () => {
    set(0, 0, ON);
    set(20_000, 0, 0x01);
    expect(get(20_001, 2)).toEqual([0]);
    set(20_002, 0, 0x02);
    expect(ready(1e6)).toBe(false);
  });

  it('acknowledges nothing when it is missing', () => {
    chip.setAnswer('missing');
    expect(set(0, 0, ON)).toBe(1);
    expect(chip.readRegister(0, 0, new Uint8Array(1), 1)).toBe(1);
  });

  it('goes on converting the same value when it is stuck', () => {
    set(0, 0, ON);
    get(20_000, 0x12, 3);
    chip.setAnswer('stuck');
    counts = () => 7;
    expect(ready(40_000)).toBe(true);
    expect(get(40_000, 0x12, 3)).toEqual([0x12, 0x34, 0x56]);
  });

  it('reports what it does not model, each register once', () => {
    set(0, 0x18, 1);
    get(0, 0x1e);
    get(0, 0x1e);
    set(0, 2, 0x74);
    expect(chip.unmodelled).toEqual([0x18, 0x1e, 2]);
  });
});
