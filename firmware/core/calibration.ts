// What was measured of this gun, as the core applies it: sections of one stored record, by kind. Nothing doses without the
// section of its syringe and needle, and of the needle axis; there are no defaults (R18, R33). Runs on the gun.
// Not responsible for measuring (desk) nor for the store's copies (store/record.ts).
import { DEVICE_LIMIT } from '../../hal/devices.ts';
import type { ForceCell, Plunger } from '../../hal/devices.ts';
import { KEY_WORDS, RECORD_CALIBRATION, type Records } from '../store/record.ts';
import * as P from './program.ts';

// Words of a section.
export const C_KIND = 0;
/** 1 to 9: what was measured. Dose: nL per mm, nL per MPa, glide mN, break-loose mN, rod mN per mm, backlash µm, … */
export const C_NL_PER_MM = 1;
export const C_GLIDE_MN = 3;
/** … the screw's once-a-turn error and its phase (Screw.set) in microsteps, what the first dose after priming lacks in nL. */
export const C_AMPLITUDE = 7;
export const C_PHASE = 8;
export const C_START_UP_NL = 9;
/** Depth: gain in ppm of the way beyond the ring plane, tip deeper than commanded in µm; amplitude and phase as above, in µm. */
export const C_GAIN_PPM = 1;
export const C_OFFSET_UM = 2;
/** Sensors: counts a newton of ring and pusher cell, nm of skin a count of the wheel. */
export const C_RING_COUNTS_PER_N = 1;
export const C_PUSHER_COUNTS_PER_N = 2;
export const C_WHEEL_NM = 3;
/** Which syringe and needle (dose), 1 = nobody measured it, days since 1970 from and until, first 32 bits of the desk record's hash. */
export const C_KIT = 10;
export const C_DEMO = 11;
export const C_MADE_DAY = 12;
export const C_UNTIL_DAY = 13;
export const C_HASH = 14;
/** Doses it was proved for: least in units of 10 nL, most << 16; 0 = any. */
export const C_RANGE = 15;
export const SECTION_WORDS = 16;
export const SECTIONS = 6;
export const CALIBRATION_WORDS = 96; // SECTIONS * SECTION_WORDS

export const SECTION_DOSE = 1;
export const SECTION_DEPTH = 2;
export const SECTION_SENSORS = 3;

/** Largest that a section may ask for: 15 µm of either screw, 4000 ppm, 300 µm, 200 nL. Chosen: what a sound gun needs, twice. */
const AMPLITUDE_MOST = 768;
const GAIN_MOST_PPM = 4000;
const OFFSET_MOST_UM = 300;
const START_UP_MOST_NL = 200;

/** The lead screw of one axis: where it is against where its motor stands. Lengths in microsteps or µm, as the axis counts. */
const NOWHERE = -67108864;

export class Screw {
  amplitude = 0;
  /** Where the motor stood when its place was last reckoned (tick.ts); nowhere after set(). */
  motorAt = NOWHERE;
  private gainPpm = 0;
  private phase = 0;
  private readonly half: number;
  private readonly fromSteps: number;

  /** Length of a turn; where the gain counts from. Nearer to home than half of that nothing is corrected. */
  constructor(lead: number, from: number) {
    this.half = lead / 2;
    this.fromSteps = from;
  }

  /** `phase`: so far before home, 0 to a turn, the once-a-turn error goes up through nought. */
  set(gainPpm: number, amplitude: number, phase: number): void {
    this.motorAt = NOWHERE;
    this.gainPpm = gainPpm;
    this.amplitude = amplitude;
    this.phase = phase;
  }

  /** Where the axis is when its motor stands there. Source of the sine: Bhaskara I, within 0.2 % of the amplitude. */
  real(at: number): number {
    if ((!this.amplitude && !this.gainPpm) || at * 2 < this.fromSteps) return at;
    const half = this.half;
    const turned = (at + this.phase) % (2 * half);
    const up = turned < half;
    const way = up ? turned : turned - half;
    const bow = way * (half - way);
    const turnErrs = (this.amplitude * 4 * bow) / (1.25 * half * half - bow);
    const gainPpm = this.gainPpm;
    const there = at + (up ? turnErrs : -turnErrs) + 0.5;
    // Rounded: it is beyond home here.
    return (gainPpm ? there + ((at - this.fromSteps) * gainPpm) / 1000000 : there) | 0;
  }

  /** Where the motor must stand for the axis to be there. */
  motor(at: number): number {
    const near = at * 2 - this.real(at);
    return near + at - this.real(near);
  }
}

export class Calibration {
  /** The stored sections; all zero when there are none of this gun. */
  readonly words = new Int32Array(CALIBRATION_WORDS);
  readonly needle = new Screw(4000, 3000);
  readonly plunger = new Screw(51200, 0);
  // Of the sections in use.
  offsetUm = 0;
  startUpNl = 0;
  doseHash = 0;
  depthHash = 0;
  /** 1 when nobody measured one of them. */
  demo = 0;
  private readonly records: Records;
  private readonly ring: ForceCell;
  private readonly pusher: ForceCell;
  private readonly wheel: Plunger;
  private readonly usual = new Int32Array(SECTION_WORDS);

  constructor(records: Records, ring: ForceCell, pusher: ForceCell, wheel: Plunger) {
    this.records = records;
    this.ring = ring;
    this.pusher = pusher;
    this.wheel = wheel;
    // C_KIND, C_RING_COUNTS_PER_N, C_PUSHER_COUNTS_PER_N, C_WHEEL_NM
    this.usual.set([SECTION_SENSORS, ring.countsPerN, pusher.countsPerN, wheel.wheelNm]);
    this.load();
  }

  /** Reads the sections anew. Nothing whole, or of another gun: none. */
  load(): void {
    if (this.records.load(RECORD_CALIBRATION, this.words) !== CALIBRATION_WORDS) this.words.fill(0);
    this.restore();
  }

  /** Writes a record of the gun: calibration, or its key. Answers 0 when it stands in the flash. */
  keep(type: number, words: Int32Array, count: number): number {
    if (count !== (type === RECORD_CALIBRATION ? CALIBRATION_WORDS : KEY_WORDS)) return DEVICE_LIMIT;
    const code = this.records.save(type, words, count);
    if (type === RECORD_CALIBRATION) this.load();
    return code;
  }

  /** What was tried in SERVICE is forgotten: of the stored sections only the sensors' is in use. */
  restore(): void {
    this.needle.set(0, 0, 0);
    this.plunger.set(0, 0, 0);
    this.offsetUm = 0;
    this.startUpNl = 0;
    this.doseHash = 0;
    this.depthHash = 0;
    this.demo = 0;
    this.apply(this.usual, 0, this.usual);
    for (let at = 0; at < CALIBRATION_WORDS; at += SECTION_WORDS) {
      if (this.words[at] === SECTION_SENSORS) this.apply(this.words, at, this.words);
    }
  }

  /**
   * Before a session: puts the stored sections that hold on this day (0 = not known) into use, the dose's into the fluid words of
   * `program`. Returns 0, or which are missing: SECTION_DOSE + SECTION_DEPTH.
   */
  use(program: Int32Array, day: number): number {
    const words = this.words;
    let missing = program[P.P_DOSE_NL] ? SECTION_DOSE | SECTION_DEPTH : SECTION_DEPTH;
    this.restore();
    for (let at = 0; at < CALIBRATION_WORDS; at += SECTION_WORDS) {
      const kind = words[at] as number;
      const range = words[at + C_RANGE] as number;
      const tens = (program[P.P_DOSE_NL] as number) / 10;
      const proved = !range || (tens >= (range & 65535) && tens <= range >>> 16);
      const meant = kind === SECTION_DEPTH || (kind === SECTION_DOSE && proved && words[at + C_KIT] === program[P.P_KIT]);
      if (meant && day <= (words[at + C_UNTIL_DAY] as number) && this.apply(words, at, program)) missing &= ~kind;
    }
    return missing;
  }

  /** Applies the section at `at`; a dose section goes into the fluid words of `program`. 0 when a word is out of bounds. */
  apply(words: Int32Array, at: number, program: Int32Array): number {
    const kind = words[at] as number;
    const amplitude = words[at + C_AMPLITUDE] as number;
    const phase = words[at + C_PHASE] as number;
    const a = words[at + 1] as number;
    const b = words[at + 2] as number;
    if (amplitude < 0 || amplitude > AMPLITUDE_MOST || phase < 0) return 0;
    if (kind === SECTION_DOSE) {
      const startUpNl = words[at + C_START_UP_NL] as number;
      if (startUpNl < 0 || startUpNl > START_UP_MOST_NL) return 0;
      for (let i = 0; i < 2; i++) program[P.P_NL_PER_MM + i] = words[at + C_NL_PER_MM + i] as number;
      for (let i = 0; i < 4; i++) program[P.P_GLIDE_MN + i] = words[at + C_GLIDE_MN + i] as number;
      this.plunger.set(0, amplitude, phase);
      this.startUpNl = startUpNl;
      this.doseHash = words[at + C_HASH] as number;
    } else if (kind === SECTION_DEPTH) {
      if (a < -GAIN_MOST_PPM || a > GAIN_MOST_PPM || b < -OFFSET_MOST_UM || b > OFFSET_MOST_UM) return 0;
      this.needle.set(a, amplitude, phase);
      this.offsetUm = b;
      this.depthHash = words[at + C_HASH] as number;
    } else if (kind === SECTION_SENSORS) {
      const wheelNm = words[at + C_WHEEL_NM] as number;
      if (a < 1 || b < 1 || wheelNm < 1) return 0;
      this.ring.countsPerN = a;
      this.pusher.countsPerN = b;
      this.wheel.wheelNm = wheelNm;
    }
    this.demo |= words[at + C_DEMO] as number;
    return 1;
  }
}
