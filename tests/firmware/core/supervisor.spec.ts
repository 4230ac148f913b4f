import { beforeEach, describe, expect, it } from 'vitest';
import * as F from '../../../firmware/core/faults.ts';
import { RawInputs, Supervisor } from '../../../firmware/core/supervisor.ts';
import {
  TAP_RAMPMODE_WRITTEN,
  TAP_READ_ERRORS,
  TAP_STATUS,
  TAP_X_ENC_READ,
  TAP_XACTUAL_READ,
  TAP_XTARGET_WRITTEN,
} from '../../../hal/drivers/tap.ts';
import { IOIN_REFL, REG_IOIN, REG_VMAX, REG_VSTART, REG_XACTUAL, REG_XTARGET, REG_X_ENC } from '../../../hal/drivers/tmc5240-registers.ts';
import type { AtMs } from '../../../hal/units.ts';
import { nappage } from './programs.ts';
import { WatchedAxis } from './watched-axis.ts';

// Ring plane at 3 mm: 2 400 microsteps; tip depth 1.3 mm: 3 440; plunger stands on its rod at 2 mm: 102 400.
const TIP = 3440;
const ROD = 102400;
// 5 µL + 1.8 µL + 2 % + 0.2 µL on 17 945 nL/mm
const BOUND = Math.floor((7100 * 51200) / 17945);

let needle = new WatchedAxis();
let plunger = new WatchedAxis();
let releases = 0;
let supervisor = new Supervisor(needle, plunger, () => releases++, 20);
let nowMs = 0;
const raw = new RawInputs();

const tick = (forMs = 20): number => {
  nowMs += forMs;
  return supervisor.step(nowMs as AtMs, raw, 1);
};
const needleAt = (steps: number, target = steps): void => {
  needle.tap[TAP_XACTUAL_READ] = steps;
  needle.tap[TAP_X_ENC_READ] = steps;
  needle.tap[TAP_XTARGET_WRITTEN] = target;
};
const plungerAt = (steps: number, target = steps): void => {
  plunger.tap[TAP_XACTUAL_READ] = steps;
  plunger.tap[TAP_XTARGET_WRITTEN] = target;
  plunger.registers[REG_XACTUAL] = steps;
};

beforeEach(() => {
  needle = new WatchedAxis();
  plunger = new WatchedAxis();
  releases = 0;
  supervisor = new Supervisor(needle, plunger, () => releases++, 20);
  nowMs = 1000;
  raw.contact = 0;
  raw.trigger = 0;
  raw.service = 0;
  raw.intentOpen = 0;
  supervisor.load(nappage(), 3000, 0);
  needleAt(0);
  plungerAt(ROD - 5120);
  tick();
  // Primed: pushed 0.1 mm with trigger held and ring free.
  raw.trigger = 1;
  plungerAt(ROD);
  tick();
  tick();
  raw.contact = 1;
  raw.intentOpen = 1;
  tick();
  expect(supervisor.fault).toBe(F.FAULT_NONE);
});

/** Needle in at 1.3 mm, one good tick. */
const insert = (): void => {
  needleAt(TIP);
  tick();
};

describe('supervisor', () => {
  it('lets a whole prick pass: in, 5 µL with compensation, out', () => {
    insert();
    for (const steps of [4000, 9000, 14266, 18118]) {
      plungerAt(ROD + steps, ROD + 18118);
      tick();
    }
    needleAt(0);
    raw.intentOpen = 0;
    tick();
    expect(supervisor.fault).toBe(F.FAULT_NONE);
    expect(supervisor.entryCount).toBe(1);
  });

  it('lets a dose be cut short between two looks: 0.1 mm more plunger and the needle out at the second; 0.1 mm more after it is air', () => {
    insert();
    plungerAt(ROD + 4000, ROD + 18118);
    tick();
    needleAt(0);
    plungerAt(ROD + 9000, ROD + 18118);
    tick();
    expect(supervisor.fault).toBe(F.FAULT_NONE);
    plungerAt(ROD + 14000, ROD + 18118);
    tick();
    expect(supervisor.fault).toBe(F.FAULT_PLUNGER_IN_AIR);
  });

  it.each([
    ['R01: a target 0.11 mm beyond the tip depth', () => needleAt(TIP, TIP + 88), F.FAULT_NEEDLE_DEEP],
    ['R01: a ramp counter beyond the tip depth', () => needleAt(TIP + 88), F.FAULT_NEEDLE_DEEP],
    [
      'I1: an encoder 0.21 mm beyond the tip depth',
      () => ((needle.tap[TAP_X_ENC_READ] = TIP + 168), (needle.tap[TAP_XACTUAL_READ] = TIP)),
      F.FAULT_NEEDLE_DEEP,
    ],
    ['R01: velocity mode towards the patient', () => (needle.tap[TAP_RAMPMODE_WRITTEN] = 1), F.FAULT_NEEDLE_DEEP],
    ['R10 I2: the needle in without a durable INTENT', () => ((raw.intentOpen = 0), needleAt(TIP)), F.FAULT_NO_PERMIT],
    ['R22: a ramp chip that came out of reset', () => (needle.tap[TAP_STATUS] = 1), F.FAULT_CHIP_RESET],
    ['R43: a plunger chip with a driver error', () => (plunger.tap[TAP_STATUS] = 2), F.FAULT_CHIP_ERROR],
    ['R23: three doubted replies in one tick', () => (needle.tap[TAP_READ_ERRORS] = 3), F.FAULT_BUS],
    [
      'R13: the plunger pushed in the air without the trigger',
      () => ((raw.trigger = 0), (raw.contact = 0), plungerAt(ROD + 600, ROD + 6000)),
      F.FAULT_PLUNGER_IN_AIR,
    ],
  ])('trips on %s', (_, breach, fault) => {
    breach();
    tick();
    expect(supervisor.fault).toBe(fault);
  });

  it.each([
    [
      'R08: a plunger target one step beyond dose, compensation, 2 % and 0.2 µL',
      () => plungerAt(ROD + 100, ROD + BOUND + 5),
      F.FAULT_PLUNGER_TRAVEL,
    ],
    ['R08: plunger travel beyond that bound', () => plungerAt(ROD + BOUND + 5, ROD), F.FAULT_PLUNGER_TRAVEL],
    ['R48 I6: a plunger target behind where it stood', () => plungerAt(ROD, ROD - 5), F.FAULT_PLUNGER_REVERSE],
    ['R48 I6: a plunger that runs back', () => plungerAt(ROD - 5, ROD), F.FAULT_PLUNGER_REVERSE],
  ])('trips, with the needle in, on %s', (_, breach, fault) => {
    insert();
    breach();
    tick();
    expect(supervisor.fault).toBe(fault);
  });

  it('R03: trips when the encoder is 0.11 mm off for two ticks while the plunger moves, not while it stands', () => {
    insert();
    needle.tap[TAP_X_ENC_READ] = TIP - 88;
    tick();
    expect(supervisor.fault).toBe(F.FAULT_NONE);
    plungerAt(ROD + 1000, ROD + 18000);
    tick();
    plungerAt(ROD + 2000, ROD + 18000);
    tick();
    expect(supervisor.fault).toBe(F.FAULT_NEEDLE_STEPS);
  });

  it('R07: trips when contact is lost for more than 60 ms and the needle was not called home', () => {
    insert();
    raw.contact = 0;
    for (let i = 0; i < 3; i++) tick();
    expect(supervisor.fault).toBe(F.FAULT_NONE);
    tick();
    expect(supervisor.fault).toBe(F.FAULT_CONTACT);
  });

  it('R31: trips on a tick 61 ms late with the needle in, not with it out', () => {
    tick(61);
    expect(supervisor.fault).toBe(F.FAULT_NONE);
    insert();
    tick(61);
    expect(supervisor.fault).toBe(F.FAULT_LATE_TICK);
  });

  it('R27: trips on a second entry 140 ms after the first', () => {
    insert();
    needleAt(0);
    tick(60);
    needleAt(TIP);
    tick(60);
    expect(supervisor.fault).toBe(F.FAULT_NO_PERMIT);
  });

  it('I9: trips when the needle stays in beyond the stroke’s own time and 2 s', () => {
    insert();
    for (let i = 0; i < 130 && !supervisor.fault; i++) tick();
    expect(supervisor.fault).toBe(F.FAULT_NEEDLE_IN_LONG);
  });

  describe('on a trip with the needle in', () => {
    beforeEach(() => {
      insert();
      plungerAt(ROD + 3000, ROD + 18000);
      supervisor.trip(F.FAULT_OCCLUSION, nowMs as AtMs);
    });

    it('R48: stops the plunger by VMAX = 0 and VSTART = 0 and never by a new target, then calls the needle home', () => {
      expect(plunger.writes).toEqual([
        [REG_VMAX, 0],
        [REG_VSTART, 0],
      ]);
      expect(needle.writes[0]).toEqual([REG_XTARGET, 0]);
    });

    it('keeps ring and power until the home switch closes, relieves outside, then releases and goes off', () => {
      expect(tick()).toBe(1);
      expect(releases).toBe(0);
      needle.registers[REG_IOIN] = 0x40000000 | IOIN_REFL;
      expect(tick()).toBe(1);
      expect(plunger.writes[2]).toEqual([REG_XTARGET, ROD + 3000 - 2560]);
      for (let i = 0; i < 6; i++) tick();
      expect(releases).toBe(1);
      expect(plunger.isOff).toBe(1);
      expect(supervisor.safe).toBe(1);
      expect(tick()).toBe(0);
    });

    it('R06: tries once more, slower, after 400 ms without the switch, and gives up the power after 800 ms', () => {
      for (let i = 0; i < 21; i++) tick();
      expect(needle.writes.filter(([register]) => register === REG_VMAX).map(([, value]) => value)).toEqual([107374, 42950]);
      for (let i = 0; i < 20; i++) tick();
      expect(supervisor.safe).toBe(1);
      expect(tick()).toBe(0);
    });

    it('I1: never takes home for a target when the counter has run behind it: 0 would lie towards the patient', () => {
      supervisor.clear();
      needle.writes.length = 0;
      tick();
      tick();
      needle.registers[REG_XACTUAL] = -16000;
      supervisor.trip(F.FAULT_NEEDLE_NOT_HOME, nowMs as AtMs);
      expect(needle.writes).toEqual([[REG_VMAX, 0]]);
    });

    it('I1: takes the power off at once when the encoder runs 0.51 mm towards the patient instead of home', () => {
      tick();
      needle.tap[TAP_X_ENC_READ] = TIP - 2000;
      tick();
      needle.tap[TAP_X_ENC_READ] = TIP - 2000 + 408;
      expect(tick()).toBe(0);
      expect(supervisor.safe).toBe(1);
      expect(needle.isOff).toBe(1);
    });

    it('R06 R24: does not believe a home switch while the encoder says 4 mm', () => {
      needle.registers[REG_IOIN] = 0x40000000 | IOIN_REFL;
      needle.registers[REG_X_ENC] = 3200;
      tick();
      expect(releases).toBe(0);
      needle.registers[REG_X_ENC] = 8;
      tick();
      for (let i = 0; i < 6; i++) tick();
      expect(releases).toBe(1);
    });

    it('keeps the first fault when a second one follows', () => {
      supervisor.trip(F.FAULT_BUS, nowMs as AtMs);
      expect(supervisor.fault).toBe(F.FAULT_OCCLUSION);
    });
  });
});
