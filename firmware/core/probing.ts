// Where the needle tip is: finds the ring plane with the probe cap clipped on, once a session (R04).
// Two touches: a quick one to find the membrane, a slow one to measure. Not responsible for homing before it.
import { AXIS_ARRIVED } from '../../hal/devices.ts';
import { since } from '../../hal/units.ts';
import type { AtMs } from '../../hal/units.ts';
import { LAMP_BUSY, LAMP_CAP_OFF, LAMP_CAP_ON } from '../panel/lamps.ts';
import { FAULT_PROBE } from './faults.ts';
import { AXIS_STOP, type Orders } from './orders.ts';
import type { Readings } from './readings.ts';

/** Needle travel from home to the ring plane with a needle seated as drawn. Chosen: 3 mm, the spacer of each needle length makes it so. */
export const RING_NOMINAL_UM = 3000;
/** A needle seated further off than this is the wrong needle or a bent one (R04). */
export const RING_TOLERANCE_UM = 300;
/** Probe cap: its membrane rests at the ring plane and yields by this much a newton. Chosen: 2 N/mm, measured for each cap. */
export const CAP_UM_PER_N = 500;
const TOUCH_MN = 200;
const ABORT_MN = 500;
const QUICK_UM_PER_S = 2000;
const SLOW_UM_PER_S = 200;
const BACK_OFF_UM = 300;
const RETRACT_UM_PER_S = 20000;
/** The cap must sit still this long before it is trusted. */
const SETTLE_FOR_MS = 400;
/** Readings averaged at standstill. Chosen: 16 readings of 20 mN noise leave 5 mN, 2.5 µm. */
const MEAN_OF = 16;

const AWAIT_CAP = 0;
const SETTLE = 1;
const QUICK = 2;
/** Follows a touch, as SLOW_STOPPED does. */
const QUICK_STOPPED = 3;
const BACK = 4;
const SLOW = 5;
const SLOW_STOPPED = 6;
const RETRACT = 7;
const AWAIT_CAP_OFF = 8;

export const PROBE_RUNNING = 0;
export const PROBE_DONE = 1;

export class Probing {
  /** Needle position at which the tip stands in the ring plane, µm from home; valid after PROBE_DONE. */
  ringUm = RING_NOMINAL_UM;
  /** Ring force at the moment that was measured. */
  touchMn = 0;
  private phase = AWAIT_CAP;
  private sinceMs = 0 as AtMs;
  private restMn = 0;
  private sumMn = 0;
  private count = 0;

  begin(readings: Readings): void {
    this.to(AWAIT_CAP, readings);
  }

  private to(phase: number, readings: Readings): void {
    this.phase = phase;
    this.sinceMs = readings.nowMs;
    this.sumMn = 0;
    this.count = 0;
  }

  /** Takes one reading; 1 when enough are in `sumMn`. */
  private mean(forceMn: number): number {
    this.sumMn += forceMn;
    this.count++;
    return this.count >= MEAN_OF ? 1 : 0;
  }

  /** One tick. `homeUm` is where the needle rests at home. A failure is ordered to be tripped. Returns PROBE_… */
  step(readings: Readings, orders: Orders, homeUm: number): number {
    const nowMs = readings.nowMs;
    const arrived = readings.needleFlags & AXIS_ARRIVED;
    const pressMn = readings.ringMn - this.restMn;
    const reachUm = RING_NOMINAL_UM + RING_TOLERANCE_UM + (CAP_UM_PER_N * ABORT_MN) / 1000;
    orders.lampRgb = LAMP_BUSY;
    // The tick after a stop sends the needle off: it has no time for the ring, which has said what it had to.
    orders.readRing = this.phase === QUICK && pressMn >= TOUCH_MN ? 0 : 1;
    orders.needleLook = 1;
    if (!readings.ringValid && this.phase !== AWAIT_CAP && this.phase !== AWAIT_CAP_OFF) return this.fail(orders);
    if (this.phase >= QUICK && this.phase <= SLOW_STOPPED && (pressMn > ABORT_MN || !readings.contact)) return this.fail(orders);
    if (this.phase === AWAIT_CAP) {
      orders.lampRgb = LAMP_CAP_ON;
      if (readings.contact) this.to(SETTLE, readings);
    } else if (this.phase === SETTLE) {
      if (!readings.contact) this.to(AWAIT_CAP, readings);
      else if (since(nowMs, this.sinceMs) >= SETTLE_FOR_MS && readings.ringValid && this.mean(readings.ringMn)) {
        this.restMn = (this.sumMn / MEAN_OF) | 0;
        orders.moveNeedle(reachUm, QUICK_UM_PER_S);
        this.to(QUICK, readings);
      }
    } else if (this.phase === QUICK || this.phase === SLOW) {
      if (pressMn >= TOUCH_MN) {
        orders.needle = AXIS_STOP;
        this.to(this.phase + 1, readings);
      } else if (arrived) return this.fail(orders);
    } else if (this.phase === QUICK_STOPPED) {
      orders.moveNeedle(readings.needleUm - BACK_OFF_UM, RETRACT_UM_PER_S);
      this.to(BACK, readings);
    } else if (this.phase === BACK) {
      if (arrived) {
        orders.moveNeedle(reachUm, SLOW_UM_PER_S);
        this.to(SLOW, readings);
      }
    } else if (this.phase === SLOW_STOPPED) {
      if (this.mean(readings.ringMn)) {
        this.touchMn = ((this.sumMn / MEAN_OF) | 0) - this.restMn;
        this.ringUm = readings.encoderUm - (((CAP_UM_PER_N * this.touchMn) / 1000) | 0);
        orders.moveNeedle(homeUm, RETRACT_UM_PER_S);
        this.to(RETRACT, readings);
      }
    } else if (this.phase === RETRACT) {
      if (arrived) this.to(AWAIT_CAP_OFF, readings);
    } else {
      orders.lampRgb = LAMP_CAP_OFF;
      if (!readings.contact) return this.judge(orders);
    }
    return PROBE_RUNNING;
  }

  private judge(orders: Orders): number {
    const errorUm = this.ringUm - RING_NOMINAL_UM;
    return errorUm > RING_TOLERANCE_UM || errorUm < -RING_TOLERANCE_UM ? this.fail(orders) : PROBE_DONE;
  }

  private fail(orders: Orders): number {
    orders.trip = FAULT_PROBE;
    return PROBE_RUNNING;
  }
}
