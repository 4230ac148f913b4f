// The two ends of a tick: read() copies what the devices say into Readings, act() carries Orders out.
// Between them everything is pure. Not responsible for order of supervision (main.ts).
import { AXIS_ARRIVED, AXIS_HOMING, type Devices, LOOK_NOTHING, type SyringeGeometry } from '../../hal/devices.ts';
import { since } from '../../hal/units.ts';
import type { AtMs, Um } from '../../hal/units.ts';
import type { Calibration, Screw } from './calibration.ts';
import * as O from './orders.ts';
import type { Readings } from './readings.ts';

/** A standing axis is read every so many ticks: its status byte still shows a reset in time for the next prick. */
const STANDING_TICKS = 4;

export class Tick {
  private readonly devices: Devices;
  private readonly syringe: SyringeGeometry = { nlPerMm: 0 };
  private needleWait = 0;
  private plungerWait = 0;
  /** Between this and the devices, places of the motor become places of the axis, and back. */
  private readonly needleScrew: Screw;
  private readonly plungerScrew: Screw;

  constructor(devices: Devices, calibration: Calibration) {
    this.devices = devices;
    this.needleScrew = calibration.needle;
    this.plungerScrew = calibration.plunger;
  }

  /** Polls what must be seen and fills `readings`. `orders` are those of the tick before: what they asked to look at. */
  read(nowMs: AtMs, readings: Readings, orders: O.Orders): void {
    const devices = this.devices;
    readings.nowMs = nowMs;
    devices.trigger.poll(nowMs);
    devices.stamp.poll(nowMs);
    devices.panel.poll(nowMs);
    this.readNeedle(nowMs, readings, orders.needleLook);
    this.readPlunger(nowMs, readings, orders.plungerLook);
    const ring = devices.ring;
    const pusher = devices.pusher;
    if (orders.readRing) ring.poll(nowMs);
    if (orders.readPusher) pusher.poll(nowMs);
    readings.ringMn = ring.forceMn;
    readings.ringValid = ring.valid;
    readings.pusherMn = pusher.forceMn;
    readings.pusherValid = pusher.valid;
    readings.contact = devices.stamp.contact;
    readings.triggerHeld = devices.trigger.held;
    readings.pressCount = devices.trigger.pressCount;
    readings.okCount = devices.panel.okCount;
  }

  private readNeedle(nowMs: AtMs, readings: Readings, look: number): void {
    const needle = this.devices.needle;
    const moving = !(needle.flags & AXIS_ARRIVED) || needle.flags & AXIS_HOMING;
    this.needleWait--;
    if (!moving && look === LOOK_NOTHING && this.needleWait > 0) return;
    this.needleWait = STANDING_TICKS;
    readings.needleCode = needle.poll(nowMs, look);
    readings.needleUm = this.needleScrew.real(needle.positionUm);
    readings.encoderUm = this.needleScrew.real(needle.encoderUm);
    readings.needleFlags = needle.flags;
    readings.homeErrorUm = needle.homeErrorUm;
  }

  private readPlunger(nowMs: AtMs, readings: Readings, look: number): void {
    const plunger = this.devices.plunger;
    const moving = !(plunger.flags & AXIS_ARRIVED) || plunger.flags & AXIS_HOMING;
    this.plungerWait--;
    if (!moving && look === LOOK_NOTHING && this.plungerWait > 0) return;
    this.plungerWait = STANDING_TICKS;
    readings.plungerCode = plunger.poll(nowMs, look);
    readings.plungerSteps = this.plungerScrew.real(plunger.positionSteps);
    readings.plungerFlags = plunger.flags;
    readings.wheelUm = plunger.wheelUm;
    readings.wheelAtMs = plunger.wheelAtMs;
  }

  /** Carries `orders` out; codes of the drivers come back in `readings`. A plunger that stops does so before the needle leaves. */
  act(nowMs: AtMs, orders: O.Orders, readings: Readings): void {
    const devices = this.devices;
    if (orders.initCells) readings.cellsCode = devices.ring.init() || devices.pusher.init();
    if (orders.tareRing) devices.ring.tare();
    if (orders.tarePusher) devices.pusher.tare();
    if (orders.stamp === 1) devices.stamp.press(orders.stampMn, nowMs);
    if (orders.stamp === 2) devices.stamp.release();
    if (orders.syringeNlPerMm) {
      this.syringe.nlPerMm = orders.syringeNlPerMm;
      devices.plunger.load(this.syringe);
    }
    if (orders.plunger) readings.plungerCode = this.plunger(nowMs, orders);
    if (orders.needleLimitUm) readings.needleCode = devices.needle.limit(this.needleScrew.motor(orders.needleLimitUm) as Um);
    if (orders.needle) readings.needleCode = this.needle(nowMs, orders);
    this.show(nowMs, orders);
  }

  /** Lamp and tone only: all that is left to the session while the supervisor has the gun. */
  show(nowMs: AtMs, orders: O.Orders): void {
    const panel = this.devices.panel;
    panel.lamp(orders.lampRgb);
    if (orders.beepHz) panel.beep(orders.beepHz, orders.beepForMs, nowMs);
  }

  private needle(nowMs: AtMs, orders: O.Orders): number {
    const needle = this.devices.needle;
    this.needleWait = 0;
    if (orders.needle === O.AXIS_MOVE) return needle.moveTo(this.needleScrew.motor(orders.needleUm) as Um, orders.needleUmPerS, nowMs);
    if (orders.needle === O.AXIS_STOP) return needle.stop();
    if (orders.needle === O.AXIS_HOME) return needle.home(nowMs);
    return orders.needle === O.AXIS_INIT ? needle.init() : needle.off();
  }

  private plunger(nowMs: AtMs, orders: O.Orders): number {
    const plunger = this.devices.plunger;
    this.plungerWait = 0;
    if (orders.plunger === O.AXIS_MOVE) return plunger.moveTo(this.plungerScrew.motor(orders.plungerSteps), orders.plungerNlPerS, nowMs);
    if (orders.plunger === O.AXIS_STOP) return plunger.stop();
    if (orders.plunger === O.AXIS_HOME) return plunger.home(nowMs);
    return orders.plunger === O.AXIS_INIT ? plunger.init() : plunger.off();
  }

  /** Milliseconds until the next tick is wanted: the board's tick, or earlier when an arrival or a wait ends before it. */
  nextForMs(nowMs: AtMs, orders: O.Orders, tickMs: number): number {
    let forMs = tickMs;
    if (orders.wakeForMs > 0 && orders.wakeForMs < forMs) forMs = orders.wakeForMs;
    forMs = this.arrival(this.devices.needle.arrivesAtMs, this.devices.needle.flags, orders.needle, nowMs, forMs);
    return this.arrival(this.devices.plunger.arrivesAtMs, this.devices.plunger.flags, orders.plunger, nowMs, forMs);
  }

  private arrival(arrivesAtMs: AtMs, flags: number, order: number, nowMs: AtMs, forMs: number): number {
    if (order !== O.AXIS_MOVE && (flags & AXIS_ARRIVED || flags & AXIS_HOMING)) return forMs;
    const leftMs = since(arrivesAtMs, nowMs);
    return leftMs > 0 && leftMs < forMs ? leftMs : forMs;
  }
}
