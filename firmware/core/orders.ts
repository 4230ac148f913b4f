// What one tick wants moved, shown and read: filled by the session, carried out by tick.ts in a fixed order.
// Plain integers. What is done once is cleared by who did it, the rest at each tick. Not responsible for whether it may be done: the supervisor watches the bus.

export const AXIS_NONE = 0;
export const AXIS_MOVE = 1;
export const AXIS_STOP = 2;
export const AXIS_HOME = 3;
export const AXIS_OFF = 4;
export const AXIS_INIT = 5;

/** These take a load cell's zero. */
export const TARE_RING = 1;
export const TARE_PUSHER = 2;
/** Both are set up again: self-test only. */
export const SET_UP_CELLS = 4;

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
  /** Of the load cells: TARE_… and SET_UP_CELLS. */
  cells = 0;
  lampRgb = 0;
  beepHz = 0;
  beepForMs = 0;
  /** 1 = the enable chain shall be fed: drivers may have power. */
  power = 0;
  /** Bore of the syringe that the plunger shall reckon with, nL per mm; 0 = unchanged. */
  syringeNlPerMm = 0;
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

  moveNeedle(targetUm: number, speedUmPerS: number): void {
    this.needle = AXIS_MOVE;
    this.needleUm = targetUm;
    this.needleUmPerS = speedUmPerS;
  }

  movePlunger(targetSteps: number, rateNlPerS: number): void {
    this.plunger = AXIS_MOVE;
    this.plungerSteps = targetSteps;
    this.plungerNlPerS = rateNlPerS;
  }

  /** What a tick wants anew or not at all. */
  clear(): void {
    this.power = 0;
    this.needleLook = 0;
    this.plungerLook = 0;
    this.readRing = 0;
    this.readPusher = 0;
    this.trip = 0;
    this.wakeForMs = 0;
  }

  /** What nobody will do: the supervisor has the gun. */
  drop(): void {
    this.needle = AXIS_NONE;
    this.needleLimitUm = 0;
    this.plunger = AXIS_NONE;
    this.stamp = 0;
    this.cells = 0;
    this.syringeNlPerMm = 0;
  }
}
