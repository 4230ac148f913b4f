// The register layer against a scripted bus: what goes out, byte by byte, and which answers are believed.
import { beforeEach, describe, expect, it } from 'vitest';
import { DEVICE_BUS, DEVICE_LIMIT, DEVICE_MISSING, OK } from '../../../hal/devices.ts';
import type { SpiDevice } from '../../../hal/io.ts';
import { TAP_READ_ERRORS, TAP_VMAX_WRITTEN, TAP_XACTUAL_READ, TAP_XTARGET_WRITTEN } from '../../../hal/drivers/tap.ts';
import * as R from '../../../hal/drivers/tmc5240-registers.ts';
import { Tmc5240 } from '../../../hal/drivers/tmc5240.ts';

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');

/** Records what is sent and answers from a list, then with the version. */
class Script implements SpiDevice {
  sent: string[] = [];
  replies: string[] = [];
  rest = '08 40 00 00 00';
  exchange(buffer: Uint8Array): Uint8Array {
    this.sent.push(hex(buffer));
    const reply = this.replies.shift() ?? this.rest;
    return Uint8Array.from(reply.split(' '), (byte) => Number.parseInt(byte, 16));
  }
  tell(buffer: Uint8Array): void {
    this.exchange(buffer);
  }
}

describe('Tmc5240', () => {
  let bus: Script;
  let chip: Tmc5240;
  beforeEach(() => {
    bus = new Script();
    chip = new Tmc5240(bus);
  });

  it.each([
    ['CHOPCONF', R.REG_CHOPCONF, 0x000100c3, 'ec 00 01 00 c3'],
    ['IHOLD_IRUN', R.REG_IHOLD_IRUN, 0x00061f0a, '90 00 06 1f 0a'],
    ['TPOWERDOWN', R.REG_TPOWERDOWN, 10, '91 00 00 00 0a'],
    ['GCONF', R.REG_GCONF, 4, '80 00 00 00 04'],
    ['A1', R.REG_A1, 1000, 'a4 00 00 03 e8'],
    ['V1', R.REG_V1, 50000, 'a5 00 00 c3 50'],
    ['AMAX', R.REG_AMAX, 500, 'a6 00 00 01 f4'],
    ['VMAX', R.REG_VMAX, 200000, 'a7 00 03 0d 40'],
    ['XTARGET', R.REG_XTARGET, -51200, 'ad ff ff 38 00'],
  ])('writes %s as the example frame of the datasheet', (_name, register, value, frame) => {
    chip.write(register, value);
    expect(bus.sent).toEqual([frame]);
  });

  it('reads XACTUAL by two datagrams and takes the data of the second', () => {
    bus.replies = ['20 00 00 00 00', '28 ff ff 38 00'];
    expect(chip.read(R.REG_XACTUAL, 0)).toBe(-51200);
    expect(bus.sent).toEqual(['21 00 00 00 00', '00 00 00 00 00']);
    expect(chip.status).toBe(0x28);
  });

  it('carries in a read what the register is believed to hold', () => {
    chip.read(R.REG_XACTUAL, 5600);
    expect(bus.sent[0]).toBe('21 00 00 15 e0');
  });

  it('R23: writes XTARGET up to 3 times until the read-back agrees', () => {
    bus.replies = ['08 00 00 00 00', '08 00 00 00 64', '08 00 00 00 65', '08 00 00 00 00', '08 00 00 00 64', '08 00 00 00 64'];
    expect(chip.writeVerified(R.REG_XTARGET, 100)).toBe(OK);
    expect(bus.sent.filter((frame) => frame.startsWith('ad'))).toHaveLength(2);
    expect(chip.tap[TAP_READ_ERRORS]).toBe(1);
  });

  it('R23: answers DEVICE_BUS after 3 read-backs that differ', () => {
    bus.rest = '08 00 00 00 63';
    expect(chip.writeVerified(R.REG_XTARGET, 100)).toBe(DEVICE_BUS);
    expect(bus.sent.filter((frame) => frame.startsWith('ad'))).toHaveLength(3);
  });

  it('R23: does not take a line stuck at 0 for a register that holds 0', () => {
    bus.rest = '00 00 00 00 00';
    expect(chip.writeVerified(R.REG_VMAX, 0)).toBe(DEVICE_BUS);
  });

  it('R23: does not take a line stuck at 1 for a position of -1', () => {
    bus.rest = 'ff ff ff ff ff';
    expect(chip.writeVerified(R.REG_XTARGET, -1)).toBe(DEVICE_BUS);
    chip.read(R.REG_XACTUAL, 0);
    expect(chip.tap[TAP_XACTUAL_READ]).toBe(0);
  });

  it('believes an all-zero reply when the version answers: position 0 in motion looks like that', () => {
    expect(chip.credible(0, 0)).toBe(1);
  });

  it.each([
    ['11 of the TMC5130', '08 11 00 00 00'],
    ['30 of the TMC5160', '08 30 00 00 00'],
    ['all zeros', '00 00 00 00 00'],
    ['all ones', 'ff ff ff ff ff'],
  ])('R23: refuses version %s', (_name, reply) => {
    bus.rest = reply;
    expect(chip.probe()).toBe(DEVICE_MISSING);
  });

  it('asks the version twice: one good answer is not enough', () => {
    bus.replies = ['08 40 00 00 00', '08 40 00 00 00', '08 40 00 00 00', '08 00 00 00 00'];
    expect(chip.probe()).toBe(DEVICE_MISSING);
  });

  it.each([R.RAMPMODE_VELOCITY_POSITIVE, R.RAMPMODE_VELOCITY_NEGATIVE, 7])('R01: never sends RAMPMODE %i', (mode) => {
    expect(chip.writeVerified(R.REG_RAMPMODE, mode)).toBe(DEVICE_LIMIT);
    expect(bus.sent).toEqual([]);
  });

  it('shows in its tap what went to the bus and came back', () => {
    chip.write(R.REG_XTARGET, -5);
    chip.write(R.REG_VMAX, 128849);
    bus.replies = ['08 00 00 00 00', '08 ff ff ff fe'];
    chip.read(R.REG_XACTUAL, 0);
    const shown = [TAP_XTARGET_WRITTEN, TAP_VMAX_WRITTEN, TAP_XACTUAL_READ].map((at) => chip.tap[at]);
    expect(shown).toEqual([-5, 128849, -2]);
  });
});
