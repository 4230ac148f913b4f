// The two ends of a tick: read() copies what the devices say into Readings, act() carries Orders out.
// Between them everything is pure. Not responsible for order of supervision (main.ts).
import {
  type Axis,
  AXIS_ARRIVED,
  AXIS_HOMING,
  type Devices,
  type ForceCell,
  LOOK_ENCODER,
  LOOK_RAMP,
  type Panel,
  type Plunger,
  type Stamp,
  type Stepper,
  type Trigger,
} from '../../hal/devices.ts';
import { umOfSteps } from '../../hal/drivers/needle-axis.ts';
import { since } from '../../hal/units.ts';
import type { AtMs, Um } from '../../hal/units.ts';
import type { Calibration, Screw } from './calibration.ts';
import * as O from './orders.ts';
import type { Readings } from './readings.ts';
import type { RawInputs } from './supervisor.ts';

/** A standing axis is read every so many ticks: its status byte still shows a reset in time for the next prick. */
const STANDING_TICKS = 4;
/** Nothing is to be waited for: it stands, or homing goes its own way. */
const AXIS_RESTS = AXIS_ARRIVED | AXIS_HOMING;

const sooner = (axis: Axis, nowMs: AtMs, forMs: number): number => {
  const leftMs = since(axis.arrivesAtMs, nowMs);
  return leftMs > 0 && leftMs < forMs ? leftMs : forMs;
};

export class Tick {
  private readonly needle: Stepper;
  private readonly plunger: Plunger;
  private readonly ring: ForceCell;
  private readonly pusher: ForceCell;
  private readonly stamp: Stamp;
  private readonly trigger: Trigger;
  private readonly panel: Panel;
  private needleWait = 0;
  private plungerWait = 0;
  /** Between this and the devices, places of the motor become places of the axis, and back. */
  private readonly needleScrew: Screw;
  private readonly plungerScrew: Screw;

  constructor(devices: Devices, calibration: Calibration) {
    this.ring = devices.ring;
    this.pusher = devices.pusher;
    this.stamp = devices.stamp;
    this.trigger = devices.trigger;
    this.panel = devices.panel;
    this.needle = devices.needle;
    this.plunger = devices.plunger;
    this.needleScrew = calibration.needle;
    this.plungerScrew = calibration.plunger;
  }

  /**
   * Polls what must be seen and fills `readings` with what may have changed. `orders` are those of the tick before: what they asked to
   * look at; `raw` the contacts as read in this tick; `keys` = 0 while the panel's buttons need less than a look a tick.
   */
  read(nowMs: AtMs, raw: RawInputs, readings: Readings, orders: O.Orders, keys: number): void {
    const trigger = this.trigger;
    readings.nowMs = nowMs;
    if (trigger.poll(raw.trigger, nowMs)) {
      readings.triggerHeld = trigger.held;
      readings.pressCount = trigger.pressCount;
    }
    this.stamp.poll(raw.contact, nowMs);
    readings.contact = this.stamp.contact;
    this.panel.poll(nowMs, keys);
    if (keys) readings.okCount = this.panel.okCount;
    this.readNeedle(nowMs, readings, orders.needleLook);
    this.readPlunger(nowMs, readings, orders.plungerLook);
    if (orders.readRing) {
      const ring = this.ring;
      ring.poll(nowMs);
      readings.ringMn = ring.forceMn;
      readings.ringValid = ring.valid;
    }
    if (!orders.readPusher) return;
    const pusher = this.pusher;
    pusher.poll(nowMs);
    readings.pusherMn = pusher.forceMn;
    readings.pusherValid = pusher.valid;
  }

  private readNeedle(nowMs: AtMs, readings: Readings, look: number): void {
    const needle = this.needle;
    if (!look && --this.needleWait > 0 && (needle.flags & AXIS_RESTS) === AXIS_ARRIVED) return;
    this.needleWait = STANDING_TICKS;
    readings.needleCode = needle.poll(nowMs, look);
    const screw = this.needleScrew;
    const at = needle.positionSteps;
    if (at !== screw.motorAt) {
      screw.motorAt = at;
      readings.needleUm = screw.real(needle.positionUm());
    }
    // What the encoder says beside the counter is so little that the screw's error is the same there.
    if (look === LOOK_ENCODER) readings.encoderUm = readings.needleUm + umOfSteps(needle.encoderSteps - at);
    else if (look === LOOK_RAMP || readings.needleFlags & AXIS_HOMING) readings.homeErrorUm = needle.homeErrorUm();
    readings.needleFlags = needle.flags;
  }

  private readPlunger(nowMs: AtMs, readings: Readings, look: number): void {
    const plunger = this.plunger;
    if (!look && --this.plungerWait > 0 && (plunger.flags & AXIS_RESTS) === AXIS_ARRIVED) return;
    this.plungerWait = STANDING_TICKS;
    readings.plungerCode = plunger.poll(nowMs, look);
    readings.plungerFlags = plunger.flags;
    const screw = this.plungerScrew;
    const at = plunger.positionSteps;
    if (at !== screw.motorAt) {
      screw.motorAt = at;
      readings.plungerSteps = screw.real(at);
    }
    if (look !== LOOK_ENCODER) return;
    readings.wheelUm = plunger.wheelUm();
    readings.wheelAtMs = nowMs;
  }

  /** Carries `orders` out; codes of the drivers come back in `readings`. A plunger that stops does so before the needle leaves. */
  act(nowMs: AtMs, orders: O.Orders, readings: Readings): void {
    if (orders.cells) {
      readings.cellsCode = this.setCells(orders.cells, readings.cellsCode);
      orders.cells = 0;
    }
    if (orders.stamp) {
      const stamp = this.stamp;
      if (orders.stamp === 1) stamp.press(orders.stampMn, nowMs);
      else stamp.release();
      orders.stamp = 0;
    }
    if (orders.syringeNlPerMm) {
      this.plunger.load(orders.syringeNlPerMm);
      orders.syringeNlPerMm = 0;
    }
    if (orders.plunger) {
      this.plungerWait = 0;
      readings.plungerCode = this.movePlunger(nowMs, orders);
      orders.plunger = O.AXIS_NONE;
    }
    if (orders.needleLimitUm) {
      readings.needleCode = this.needle.limit(this.needleScrew.motor(orders.needleLimitUm) as Um);
      orders.needleLimitUm = 0;
    }
    if (orders.needle) {
      this.needleWait = 0;
      readings.needleCode = this.moveNeedle(nowMs, orders);
      orders.needle = O.AXIS_NONE;
    }
    this.show(nowMs, orders);
  }

  private setCells(what: number, code: number): number {
    if (what & O.TARE_RING) this.ring.tare();
    if (what & O.TARE_PUSHER) this.pusher.tare();
    return what & O.SET_UP_CELLS ? this.ring.init() || this.pusher.init() : code;
  }

  /** Lamp and tone only: all that is left to the session while the supervisor has the gun. */
  show(nowMs: AtMs, orders: O.Orders): void {
    const panel = this.panel;
    panel.lamp(orders.lampRgb);
    if (!orders.beepHz) return;
    panel.beep(orders.beepHz, orders.beepForMs, nowMs);
    orders.beepHz = 0;
  }

  private moveNeedle(nowMs: AtMs, orders: O.Orders): number {
    const needle = this.needle;
    if (orders.needle === O.AXIS_MOVE) return needle.moveTo(this.needleScrew.motor(orders.needleUm) as Um, orders.needleUmPerS, nowMs);
    if (orders.needle === O.AXIS_STOP) return needle.stop();
    if (orders.needle === O.AXIS_HOME) return needle.home(nowMs);
    return orders.needle === O.AXIS_INIT ? needle.init() : needle.off();
  }

  private movePlunger(nowMs: AtMs, orders: O.Orders): number {
    const plunger = this.plunger;
    if (orders.plunger === O.AXIS_MOVE) return plunger.moveTo(this.plungerScrew.motor(orders.plungerSteps), orders.plungerNlPerS, nowMs);
    if (orders.plunger === O.AXIS_STOP) return plunger.stop();
    if (orders.plunger === O.AXIS_HOME) return plunger.home(nowMs);
    return orders.plunger === O.AXIS_INIT ? plunger.init() : plunger.off();
  }

  /** Milliseconds until the next tick is wanted: the board's tick, or earlier when an arrival or a wait ends before it. */
  nextForMs(nowMs: AtMs, wakeForMs: number, tickMs: number): number {
    let forMs = wakeForMs > 0 && wakeForMs < tickMs ? wakeForMs : tickMs;
    if (!(this.needle.flags & AXIS_RESTS)) forMs = sooner(this.needle, nowMs, forMs);
    if (!(this.plunger.flags & AXIS_RESTS)) forMs = sooner(this.plunger, nowMs, forMs);
    return forMs;
  }
}
