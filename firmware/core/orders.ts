// What one tick wants moved, shown and read: filled by the session, carried out by tick.ts in a fixed order.
// Plain integers; cleared at each tick. Not responsible for whether it may be done: the supervisor watches the bus.

export const AXIS_NONE = 0;
export const AXIS_MOVE = 1;
export const AXIS_STOP = 2;
export const AXIS_HOME = 3;
export const AXIS_OFF = 4;
export const AXIS_INIT = 5;

export class Orders {
  needle = AXIS_NONE;
  needleUm = 0;
  needleUmPerS = 0;
  /** New virtual stop, µm from home; 0 = unchanged. */
  needleLimitUm = 0;
  plunger = AXIS_NONE;
  plungerSteps = 0;
  plungerNlPerS = 0;
  /** 1 = press with `stampMn`, 2 = release. */
  stamp = 0;
  stampMn = 0;
  tareRing = 0;
  tarePusher = 0;
  lampRgb = 0;
  beepHz = 0;
  beepForMs = 0;
  /** 1 = the enable chain shall be fed: drivers may have power. */
  power = 0;
  /** Bore of the syringe that the plunger shall reckon with, nL per mm; 0 = unchanged. */
  syringeNlPerMm = 0;
  /** Forces both load cells to be set up again: self-test only. */
  initCells = 0;
  /** What the axes shall look at in the next read: LOOK_… */
  needleLook = 0;
  plungerLook = 0;
  /** Ring and pusher cells to be read next tick. */
  readRing = 0;
  readPusher = 0;
  /** Fault found by the core: the supervisor brings the gun to its safe state and latches. FAULT_… */
  trip = 0;
  /** Wish for an earlier next tick, ms; 0 = none. */
  wakeForMs = 0;

  clear(): void {
    this.needle = AXIS_NONE;
    this.needleLimitUm = 0;
    this.plunger = AXIS_NONE;
    this.stamp = 0;
    this.tareRing = 0;
    this.tarePusher = 0;
    this.beepHz = 0;
    this.power = 0;
    this.initCells = 0;
    this.syringeNlPerMm = 0;
    this.needleLook = 0;
    this.plungerLook = 0;
    this.readRing = 0;
    this.readPusher = 0;
    this.trip = 0;
    this.wakeForMs = 0;
  }
}
