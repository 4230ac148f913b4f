// A gun on the technician's bench, as the procedures of a calibration use it. Every call is a few exchanges over the link, with
// the gun in SERVICE. Nothing here knows whether the gun is real. Positions are the gun's own belief, never a truth.
// Implemented by link-bench-gun.ts. Runs at the desk.
import type { GunSection, TrialSection } from './gun-record.ts';

/** What the gun sees at one moment. */
export interface BenchReading {
  /** Motor position of the needle from home, ramp counter and encoder, as corrected by the depth section in force. */
  readonly needleUm: number;
  readonly encoderUm: number;
  /** Plunger from fully retracted, as commanded, before the screw's period is taken out. */
  readonly plungerUm: number;
  readonly ringMn: number;
  readonly pusherMn: number;
  /** Path of the travel wheel since the gun was switched on. */
  readonly wheelUm: number;
  /** By how much the home edge had moved when it was last found. */
  readonly homeErrorUm: number;
  /** Ring plane from home as last probed; 0 = not probed since SERVICE was entered. */
  readonly ringUm: number;
  /** The gun's clock. */
  readonly atMs: number;
}

export interface NeedlePlace {
  /** Tip from the ring plane as asked, and as the encoder says. */
  readonly commandedUm: number;
  readonly encoderUm: number;
  /** Motor position from home, as commanded: where the screw stands. */
  readonly axisUm: number;
}

export interface ShotResult {
  /** Plunger before the first and after the last shot, from fully retracted, as commanded. */
  readonly fromUm: number;
  readonly toUm: number;
  /** Highest plunger force, and what is left of it once the liquid has flowed. */
  readonly peakForceMn: number;
  readonly steadyForceMn: number;
  /** Motion of the last shot alone, from order to arrival. */
  readonly tookMs: number;
}

export interface PushPointRead {
  readonly plungerUm: number;
  readonly forceMn: number;
  readonly atMs: number;
}

/** Every call may be rejected with a MesogunError: 4 when the gun is gone, 5 when it refuses or faults. One call at a time. */
export interface BenchGun {
  /** Serial number of the gun as decimal text, and its firmware version. */
  readonly gunId: string;
  readonly firmware: string;
  /** True when the gun said so: what is certified here is a simulation. */
  readonly simulated: boolean;
  /** Unlocks with the key, the service switch closed at the gun, and enters SERVICE. */
  enter(): Promise<void>;
  /** Everything off, back to IDLE. */
  leave(): Promise<void>;
  /** Homes needle and plunger and takes the zero of both cells: ring free, plunger off its rod afterwards. */
  home(): Promise<{ readonly latchUm: number }>;
  /** Finds the ring plane with the probe cap, clipped on when the lamp asks and taken off when it asks again. */
  probe(): Promise<{ readonly ringUm: number; readonly touchMn: number }>;
  /** Tip to −ringUm…12 000 µm from the ring plane, 500…20 000 µm/s; the ring must be free. Needs home() and probe(). */
  needleTo(tipUm: number, speedUmPerS: number): Promise<NeedlePlace>;
  needleHome(): Promise<void>;
  /** As needleTo(), answering what was seen on the way, about every 40 ms: place from the ring plane, and the gun's clock. */
  needleRun(tipUm: number, speedUmPerS: number): Promise<readonly { readonly um: number; readonly atMs: number }[]>;
  /** Pushes to the rod and expels so much, the trigger held when the lamp asks; the needle home, the ring free. */
  prime(volumeNl: number, rateNlPerS?: number): Promise<void>;
  /**
   * So many shots into a vessel along the very path that doses a prick, needle home, ring free; `gapMs` after each for the drop
   * to fall. 1…100 shots of 100…200 000 nL. Needs prime().
   */
  shoot(shot: {
    readonly doseNl: number;
    readonly rateNlPerS: number;
    readonly count: number;
    readonly gapMs?: number;
  }): Promise<ShotResult>;
  /**
   * Moves the plunger by `travelUm` at most (negative: back), and stops where the force reaches `forceMn` (to 60 000).
   * Yields what is seen on the way, about every 40 ms. Needs home().
   */
  push(to: { readonly forceMn: number; readonly speedUmPerS: number; readonly travelUm: number }): AsyncIterable<PushPointRead>;
  /** Takes the present force of the cells for zero. */
  tare(): Promise<void>;
  read(): Promise<BenchReading>;
  /** Applies a section until SERVICE is left: the calibration that is to be judged. Nothing is written. */
  trial(section: TrialSection): Promise<void>;
  /** What is stored on the gun; empty when nothing is, or nothing whole of this gun. */
  sections(): Promise<GunSection[]>;
  /** Stores a section in the place of the one of its kind (and kit), durably, and applies it. Switches the drivers off: home() again. */
  store(section: GunSection): Promise<void>;
  /** Takes the section of a record off the gun, durably; false when it keeps none. Switches the drivers off, as above. */
  remove(sha256: string): Promise<boolean>;
  /** Lets time pass on the gun's clock. */
  wait(forMs: number): Promise<void>;
  close(): Promise<void>;
}
