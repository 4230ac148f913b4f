// Power-on self-test: proves arithmetic, chips, cells, enable chain and trigger before anything is unlocked (R50, R32, R43).
// Nothing moves towards the patient (R47). Not responsible for what a failure leads to.
import { AXIS_AT_HOME_SWITCH, AXIS_DRIVER_ERROR, AXIS_ENABLED, AXIS_RESET, LOOK_HEALTH, LOOK_PINS } from '../../hal/devices.ts';
import * as F from './faults.ts';
import { AXIS_INIT, SET_UP_CELLS, type Orders } from './orders.ts';
import type { Readings } from './readings.ts';

export const TEST_RUNNING = 0;
export const TEST_DONE = 1;
/** `failed` and `detail` say what. */
export const TEST_FAILED = 2;

// Tests, in order. Their number is the detail of a failure.
export const TEST_ARITHMETIC = 1;
export const TEST_STORE = 2;
export const TEST_CHAIN_OPEN = 3;
export const TEST_CHIPS = 4;
export const TEST_CHAIN_CLOSES = 5;
export const TEST_CHAIN_DROPS = 6;
export const TEST_CELLS = 7;
export const TEST_TRIGGER = 8;
export const TEST_HOME_SWITCH = 9;

/** Longer than the monostable holds, ms; see hal/drivers. */
const CHAIN_DROP_FOR_MS = 300;
const CELLS_FOR_TICKS = 30;

/**
 * 1 when the engine counts as the core needs (R32, R46): integers exact beyond 2^52 (a 32-bit float engine loses the 1)
 * and `| 0` wrapping at 32 bits. The argument, 2^26, must not be a constant: the build would fold the sums away.
 */
export function arithmeticHolds(two26: number): number {
  const exact = two26 * two26 + 1 - two26 * two26 === 1;
  const wraps = ((two26 * 32 + 2147483647 - two26 * 32 + 1) | 0) === -2147483648;
  return exact && wraps ? 1 : 0;
}

export class SelfTest {
  test = TEST_ARITHMETIC;
  detail = 0;
  fault = F.FAULT_NONE;
  private ticks = 0;

  begin(): void {
    this.test = TEST_ARITHMETIC;
    this.ticks = 0;
    this.detail = 0;
    this.fault = F.FAULT_NONE;
  }

  private next(): number {
    this.test++;
    this.ticks = 0;
    return TEST_RUNNING;
  }

  private fail(fault: number, detail: number): number {
    this.fault = fault;
    this.detail = detail;
    return TEST_FAILED;
  }

  /** One tick. `storeCode` is what the journal's scan answered, `tickMs` the board's tick. */
  step(readings: Readings, orders: Orders, storeCode: number, tickMs: number): number {
    this.ticks++;
    orders.needleLook = LOOK_PINS;
    const enabled = readings.needleFlags & AXIS_ENABLED;
    switch (this.test) {
      case TEST_ARITHMETIC:
        return this.judge(0, arithmeticHolds(this.ticks * 67108864), F.FAULT_SELF_TEST);
      case TEST_STORE:
        return storeCode ? this.fail(F.FAULT_STORE, storeCode) : this.next();
      case TEST_CHAIN_OPEN:
        return this.judge(3 - this.ticks, enabled ? 0 : 1, F.FAULT_ENABLE);
      case TEST_CHIPS:
        return this.chips(readings, orders);
      case TEST_CHAIN_CLOSES:
        orders.power = 1;
        return this.judge(4 - this.ticks, enabled, F.FAULT_ENABLE);
      case TEST_CHAIN_DROPS:
        return this.judge(CHAIN_DROP_FOR_MS - this.ticks * tickMs, enabled ? 0 : 1, F.FAULT_ENABLE);
      case TEST_CELLS:
        orders.readRing = 1;
        orders.readPusher = 1;
        if (readings.ringValid && readings.pusherValid) return this.next();
        return this.judge(CELLS_FOR_TICKS + 1 - this.ticks, 0, F.FAULT_SENSOR);
      case TEST_TRIGGER:
        return this.judge(100 - this.ticks * tickMs, readings.triggerHeld ? 0 : 1, F.FAULT_TRIGGER_STUCK);
      default:
        // With the drivers off the spring has the needle home; a switch that is open now is a needle that is out, or a dead switch.
        orders.needleLook = LOOK_HEALTH;
        if (this.ticks > 2 && readings.needleFlags & AXIS_AT_HOME_SWITCH) return TEST_DONE;
        return this.judge(3 - this.ticks, 0, F.FAULT_NEEDLE_NOT_HOME);
    }
  }

  /** A test that is decided when nothing is left to wait for; its number is what a failure says. */
  private judge(left: number, right: number, fault: number): number {
    if (left > 0) return TEST_RUNNING;
    return right ? this.next() : this.fail(fault, this.test);
  }

  private chips(readings: Readings, orders: Orders): number {
    if (this.ticks === 1) {
      orders.needle = AXIS_INIT;
      orders.plunger = AXIS_INIT;
      orders.cells = SET_UP_CELLS;
      return TEST_RUNNING;
    }
    if (readings.needleCode) return this.fail(F.FAULT_SELF_TEST, readings.needleCode);
    if (readings.plungerCode) return this.fail(F.FAULT_SELF_TEST, 100 + readings.plungerCode);
    if (readings.cellsCode) return this.fail(F.FAULT_SENSOR, readings.cellsCode);
    const flags = readings.needleFlags | readings.plungerFlags;
    if (this.ticks < 3) return TEST_RUNNING;
    if (flags & AXIS_DRIVER_ERROR) return this.fail(F.FAULT_CHIP_ERROR, flags);
    return flags & AXIS_RESET ? this.fail(F.FAULT_CHIP_RESET, flags) : this.next();
  }
}
