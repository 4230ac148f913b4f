// What the core may ask of hardware: one interface a device, implemented once by hal/drivers over hal/io.
// Rules for all: calls are non-blocking, allocate nothing and never throw; they answer 0 (OK) or a DEVICE_… code.
// Results are seen by poll(): it fills the public fields. stop(), off() and release() are legal always, twice too.
import type { AtMs, Um } from './units.ts';

export const OK = 0;
/** The bus is dead or a read-back still differs after the retries. */
export const DEVICE_BUS = 1;
/** The target lies outside the limits given to the device; nothing moved. */
export const DEVICE_LIMIT = 2;
/** Position is unknown: home first. */
export const DEVICE_NOT_HOMED = 3;
/** The chip lost its registers (reset, brown-out); init() and home() again, outside tissue. */
export const DEVICE_RESET = 4;
/** The chip reports a driver error, over-temperature or under-voltage. */
export const DEVICE_DRIVER = 5;
/** A sequence inside the device (homing) did not end in its time. */
export const DEVICE_TIMEOUT = 6;
/** The chip is absent or not the chip that was expected. */
export const DEVICE_MISSING = 7;
/** Measured position and commanded position differ by more than the allowed. */
export const DEVICE_DEVIATION = 8;

// Flags of an axis after poll(). A bit field: tests and traces print it as one integer.
/** The ramp stands at its target. */
export const AXIS_ARRIVED = 1;
/** The home switch is closed now. */
export const AXIS_AT_HOME_SWITCH = 2;
/** Homed since the last reset. */
export const AXIS_HOMED = 4;
/** A homing sequence is running. */
export const AXIS_HOMING = 8;
/** The chip came out of reset since init(): position unknown, drivers off. */
export const AXIS_RESET = 16;
/** GSTAT drv_err, uv_cp or DRV_STATUS over-temperature. */
export const AXIS_DRIVER_ERROR = 32;
/** Encoder and counter differ by more than the limit at the last look. */
export const AXIS_DEVIATION = 64;
/** DRV_ENN is low: the power stage is on (read from IOIN when last looked at). */
export const AXIS_ENABLED = 128;
/** No valid answer from the chip at the last poll. */
export const AXIS_SILENT = 256;

/** What poll() reads besides position and status; the driver decides the register. */
export const LOOK_NOTHING = 0;
/** X_ENC: the needle's motor encoder, or on the plunger's chip the travel wheel. */
export const LOOK_ENCODER = 1;
/** RAMP_STAT: latches, virtual stops. */
export const LOOK_RAMP = 2;
/** GSTAT and DRV_STATUS: reset, driver errors, temperature. */
export const LOOK_HEALTH = 3;
/** IOIN: pins and version, whether the enable chain is closed. */
export const LOOK_PINS = 4;

/** What both axes have in common. Positions are of the ramp generator: commanded, not necessarily true. */
export interface Axis {
  /** AXIS_… bits as of the last poll(). */
  readonly flags: number;
  /** Ramp position at the last poll() and the target last written and verified, in microsteps from home. */
  readonly positionSteps: number;
  readonly targetSteps: number;
  /** When the running move will have arrived by the driver's own sum; meaningless once AXIS_ARRIVED. */
  readonly arrivesAtMs: AtMs;
  /** Probes the chip, writes and reads back every register of its profile, power stage prepared but gated by the enable chain. */
  init(): number;
  /** Two datagrams (position, status), one more for a look. Advances homing. Call every tick while moving. */
  poll(nowMs: AtMs, look: number): number;
  /** Starts homing: off the switch, towards it, latch, zero. Refuses nothing but a dead chip. Runs by poll(). */
  home(nowMs: AtMs): number;
  /** VMAX = 0 in position mode: stops by AMAX, never comes back. The target is left. */
  stop(): number;
  /** Power stage off by TOFF = 0. */
  off(): number;
}

/**
 * The needle axis: micrometres from home, positive towards the patient.
 * Must: move in position mode only, refuse (DEVICE_LIMIT) beyond the limit, read every target back before it answers OK.
 * Must not: clamp silently, move while not homed.
 */
export interface Stepper extends Axis {
  positionUm(): number;
  /** Motor encoder, same zero and unit as `positionSteps`; as of the last LOOK_ENCODER. */
  readonly encoderSteps: number;
  /** Distance by which the switch latch of the last homing differed from zero (R20): lost steps since then. */
  homeErrorUm(): number;
  /** Sets the chip's virtual stop: the ramp cannot pass it whatever is written later. */
  limit(maxUm: Um): number;
  moveTo(targetUm: Um, speedUmPerS: number, nowMs: AtMs): number;
}

/**
 * The plunger axis: microsteps, positive pushes. Volumes are the core's business (core/dose.ts).
 * The chip's encoder input counts the travel wheel.
 */
export interface Plunger extends Axis {
  /** Travel wheel path since the last init, micrometres over the skin, as of the last LOOK_ENCODER. */
  wheelUm(): number;
  readonly stepsPerMm: number;
  /** Skin a count of the travel wheel, nm; calibration sets it. */
  wheelNm: number;
  /** The syringe's bore as volume per length: nanolitres per millimetre of stopper travel, > 0. */
  load(nlPerMm: number): void;
  /** Moves to an absolute position at a volume rate. The direction is the caller's promise (R48); the supervisor watches it. */
  moveTo(targetSteps: number, rateNlPerS: number, nowMs: AtMs): number;
}

/** A load cell. `valid` = 0 when its reading has not changed for 100 ms (noise changes it all the time) or nobody answered. */
export interface ForceCell {
  readonly forceMn: number;
  readonly valid: number;
  /** Converter counts a newton; calibration sets it. */
  countsPerN: number;
  /** Raw counts of the last sample, for the supervisor. */
  readonly rawCounts: number;
  init(): number;
  poll(nowMs: AtMs): number;
  /** Takes the present force for zero. */
  tare(): void;
}

export const STAMP_PASSIVE = 0;
export const STAMP_DRIVEN = 1;
export const STAMP_MANUAL = 2;
/** The ring that tenses the skin. In passive and manual mode press() only states what force is awaited. */
export interface Stamp {
  /** 1 while the ring switch says pushed in, debounced: lost after 20 ms, regained after 100 ms (R25). */
  readonly contact: number;
  /** 1 while a driven ring is being pressed. */
  readonly pressing: number;
  configure(mode: number): void;
  /** Driven: pull-in at full duty for 30 ms, then hold in proportion to the force. */
  press(forceMn: number, nowMs: AtMs): void;
  release(): void;
  /** `raw` is the ring switch as read in this tick. */
  poll(raw: number, nowMs: AtMs): void;
}

/** The trigger finger. Debounced 30 ms both ways (R27). */
export interface Trigger {
  readonly held: number;
  /** Fresh release→press edges since the last reset of the gun; the core takes each once. */
  readonly pressCount: number;
  /** `raw` is the contact as read in this tick. 0 when nothing can have changed. */
  poll(raw: number, nowMs: AtMs): number;
}

/** What the operator sees and hears without a host. */
export interface Panel {
  /** Presses of the OK button since boot, debounced 30 ms: the operator's explicit confirmation (R25, R45). */
  readonly okCount: number;
  /** The same of the two other buttons. */
  readonly upCount: number;
  readonly downCount: number;
  /** Steady lamp colour 0xRRGGBB; written only when it changes. */
  lamp(rgb: number): void;
  /** A tone for a while; a newer one replaces it. */
  beep(frequencyHz: number, forMs: number, nowMs: AtMs): void;
  /** `all` = 0 while OK means nothing and up and down the same: one of the two is looked at, in turn. */
  poll(nowMs: AtMs, all: number): void;
}

/** The runtime watchdog and the monostable of the enable chain. The supervisor alone calls it. */
export interface Watchdog {
  kick(): void;
}

/** All devices of one gun: what the core is given. */
export interface Devices {
  readonly needle: Stepper;
  readonly plunger: Plunger;
  readonly ring: ForceCell;
  readonly pusher: ForceCell;
  readonly stamp: Stamp;
  readonly trigger: Trigger;
  readonly panel: Panel;
}
