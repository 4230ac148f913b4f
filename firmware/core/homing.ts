// From a powered-down gun to known axes: erase the journal's sectors with the drivers off, close the enable chain,
// home the needle, rest it behind its switch, retract the plunger, take the cells' zero. Not responsible for the ring plane (probing.ts).
import { AXIS_ARRIVED, AXIS_AT_HOME_SWITCH, AXIS_ENABLED, AXIS_HOMED, AXIS_HOMING, LOOK_PINS } from '../../hal/devices.ts';
import * as F from './faults.ts';
import type { SessionLog } from './session-log.ts';
import { AXIS_HOME, TARE_PUSHER, TARE_RING, type Orders } from './orders.ts';
import { CAP_UM_PER_N, RING_NOMINAL_UM, RING_TOLERANCE_UM } from './probing.ts';
import type { Readings } from './readings.ts';
import { HOME_REST_UM } from './stroke-watch.ts';

const ERASE = 0;
const CLOSE_CHAIN = 1;
const NEEDLE = 2;
const NEEDLE_REST = 3;
const PLUNGER = 4;
const TARE = 5;
/** Ticks for which the enable chain may take to follow. */
const CHAIN_TICKS = 10;
const BAD_SECTORS_MAX = 3;
const REST_UM_PER_S = 5000;

export const HOMING_RUNNING = 0;
export const HOMING_DONE = 1;

export class Homing {
  private phase = ERASE;
  private ticks = 0;
  private badSectors = 0;
  private fresh = 1;
  private withPlunger = 1;

  /**
   * `fresh` = 1 begins a session: the journal first, and the ring's zero last. 0 homes again within one, where the ring may
   * already stand on the skin. `withPlunger` = 0 leaves the plunger where it is.
   */
  begin(fresh: number, withPlunger: number): void {
    this.fresh = fresh;
    this.badSectors = 0;
    this.withPlunger = withPlunger;
    this.to(fresh ? ERASE : CLOSE_CHAIN);
  }

  private to(phase: number): void {
    this.phase = phase;
    this.ticks = 0;
  }

  private fail(fault: number, orders: Orders): number {
    orders.trip = fault;
    return HOMING_RUNNING;
  }

  /** One tick. A fault found is ordered to be tripped. Returns HOMING_… */
  step(readings: Readings, orders: Orders, log: SessionLog): number {
    this.ticks++;
    if (this.phase === ERASE) {
      const left = log.eraseNext();
      // A sector that does not erase is left out and the next one tried.
      if (left < 0 && ++this.badSectors > BAD_SECTORS_MAX) return this.fail(F.FAULT_STORE, orders);
      if (!left) this.to(CLOSE_CHAIN);
      return HOMING_RUNNING;
    }
    orders.power = 1;
    if (readings.needleCode || readings.plungerCode) return this.fail(F.FAULT_BUS, orders);
    if (this.phase === CLOSE_CHAIN) {
      orders.needleLook = LOOK_PINS;
      if (readings.needleFlags & AXIS_ENABLED && this.ticks > 2) {
        orders.needle = AXIS_HOME;
        this.to(NEEDLE);
      } else if (this.ticks > CHAIN_TICKS) return this.fail(F.FAULT_ENABLE, orders);
    } else if (this.phase === NEEDLE) {
      if (this.ticks > 1 && readings.needleFlags & AXIS_HOMED && !(readings.needleFlags & AXIS_HOMING)) {
        orders.needleLimitUm = RING_NOMINAL_UM + RING_TOLERANCE_UM + CAP_UM_PER_N;
        orders.moveNeedle(HOME_REST_UM, REST_UM_PER_S);
        this.to(NEEDLE_REST);
      }
    } else if (this.phase === NEEDLE_REST) {
      if (this.ticks > 1 && readings.needleFlags & AXIS_ARRIVED) {
        if (!(readings.needleFlags & AXIS_AT_HOME_SWITCH)) return this.fail(F.FAULT_NEEDLE_NOT_HOME, orders);
        if (this.withPlunger) orders.plunger = AXIS_HOME;
        this.to(this.withPlunger ? PLUNGER : TARE);
      }
    } else if (this.phase === PLUNGER) {
      if (this.ticks > 1 && readings.plungerFlags & AXIS_HOMED && !(readings.plungerFlags & AXIS_HOMING)) this.to(TARE);
    } else {
      orders.readRing = 1;
      orders.readPusher = 1;
      // Zero is only taken while nothing presses: ring free, plunger off its rod.
      if (this.ticks > 3 && readings.ringValid && readings.pusherValid && !(this.fresh && readings.contact)) {
        orders.cells = (this.fresh ? TARE_RING : 0) | (this.withPlunger ? TARE_PUSHER : 0);
        return HOMING_DONE;
      }
    }
    return HOMING_RUNNING;
  }
}
