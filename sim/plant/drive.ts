// A motor with its lead screw: where the rotor, and so the carriage, really is while the chip counts. Pure closed form in time.
// Not responsible for the ramp (sim/chips) nor for contacts (the world). Losses, jams and end stops make the difference.
// Positions in mm from the place where the rotor was at zero commanded steps. Simulator only.
import { DRIVE, STEPS_PER_SLIP, lagRad, pullOutNm, torqueNm } from './drive-parameters.ts';

/** A motor and its screw. */
export interface Screw {
  /** Microsteps per mm of an ideal screw, and per full step. */
  readonly stepsPerMm: number;
  readonly microsteps: number;
  readonly leadMm: number;
  /** Of the encoder on the motor shaft; 0 without one. */
  readonly encoderCountsPerMm: number;
  /** End stops of the carriage; the rotor slips there. */
  readonly minMm: number;
  readonly maxMm: number;
  /** Speed at which a return spring brings a carriage without current to `springHomeMm`; 0: no spring, it stays. */
  readonly springMmPerS: number;
  readonly springHomeMm: number;
  /** Where the carriage is at power-on, when the chip has counted nothing. */
  readonly startMm: number;
  readonly holdNm: number;
  /** Per-build errors; 0 is an ideal screw. */
  readonly leadError: number;
  readonly periodicMm: number;
  readonly periodicPhaseRad: number;
}

/** What holds unless said otherwise: an ideal screw without encoder, end stops or spring, on a NEMA 11. */
const USUAL = {
  encoderCountsPerMm: 0,
  minMm: -Infinity,
  maxMm: Infinity,
  springMmPerS: 0,
  springHomeMm: 0,
  startMm: 0,
  holdNm: DRIVE.nema11HoldNm.nominal,
  leadError: 0,
  periodicMm: 0,
  periodicPhaseRad: 0,
};

/** Geometry always, the rest where it differs from the usual. */
export type RotorOptions = Pick<Screw, 'stepsPerMm' | 'microsteps' | 'leadMm'> & Partial<Screw>;

export class Rotor {
  /** Microsteps per mm of an ideal screw. */
  readonly stepsPerMm: number;
  private readonly screw: Screw;
  private readonly slipSteps: number;
  private readonly ideal: boolean;
  private readonly turnPerMm: number;
  /** Periodic error at the zero of the screw, mm. */
  private readonly periodicAtZeroMm: number;
  /** Commanded minus true, microsteps. */
  private lostSteps: number;
  private driving = false;
  private jammed = false;
  /** Where it was let go, in ideal screw mm, and when. */
  private freeFromMm: number;
  private freeSinceUs = 0;
  /** Load on the screw against the patient's direction, N: bends the rotor back by a fraction of a step. */
  contactLoadN = 0;

  constructor(options: RotorOptions) {
    const screw = { ...USUAL, ...options };
    this.screw = screw;
    this.stepsPerMm = screw.stepsPerMm;
    this.slipSteps = STEPS_PER_SLIP * screw.microsteps;
    this.ideal = screw.leadError === 0 && screw.periodicMm === 0;
    this.turnPerMm = (2 * Math.PI) / screw.leadMm;
    this.periodicAtZeroMm = screw.periodicMm * Math.sin(screw.periodicPhaseRad);
    this.freeFromMm = screw.startMm;
    this.lostSteps = -screw.startMm * screw.stepsPerMm;
  }

  /** Carriage position for the chip's commanded microsteps. Pure: may be asked for any moment. */
  positionMm(commandedSteps: number, atUs: number): number {
    const ideal = this.idealMm(commandedSteps, atUs);
    if (this.ideal) return ideal;
    const { leadError, periodicMm, periodicPhaseRad } = this.screw;
    return ideal * (1 + leadError) + periodicMm * Math.sin(ideal * this.turnPerMm + periodicPhaseRad) - this.periodicAtZeroMm;
  }

  /** Counts of an encoder on the motor shaft: whole counts, of the rotor and not of the command. */
  encoderCounts(commandedSteps: number, atUs: number): number {
    return Math.floor(this.idealMm(commandedSteps, atUs) * this.screw.encoderCountsPerMm + 1e-6);
  }

  /** The rotor falls behind by so many full steps, rounded up to whole pole slips of 4; negative: it is pushed ahead. */
  lose(fullSteps: number): void {
    const slips = Math.ceil(Math.abs(fullSteps) / STEPS_PER_SLIP);
    this.lostSteps += Math.sign(fullSteps) * slips * this.slipSteps;
  }

  /** Current on or off. Off: the spring takes over, or friction. On: the rotor falls into the nearest pole. */
  setDriving(on: boolean, commandedSteps: number, atUs: number): void {
    if (on === this.driving) return;
    const ideal = this.idealMm(commandedSteps, atUs);
    this.driving = on;
    if (on) this.catchPole(commandedSteps, ideal);
    else this.release(ideal, atUs);
  }

  /** Something blocks the carriage where it is; the counter runs on. */
  jam(commandedSteps: number, atUs: number): void {
    if (this.jammed) return;
    this.release(this.idealMm(commandedSteps, atUs), atUs);
    this.jammed = true;
  }

  /** The block is gone: with current the rotor catches the nearest pole, without it the spring pulls. */
  free(commandedSteps: number, atUs: number): void {
    if (!this.jammed) return;
    const ideal = this.idealMm(commandedSteps, atUs);
    this.jammed = false;
    if (this.driving) this.catchPole(commandedSteps, ideal);
    else this.release(ideal, atUs);
  }

  /** Slips at an end stop become lost steps. Call when a motion has ended, so that the way back starts there. */
  settle(commandedSteps: number): void {
    if (!this.driving || this.jammed) return;
    const ideal = (commandedSteps - this.lostSteps) / this.stepsPerMm;
    if (ideal < this.screw.minMm) this.catchPole(commandedSteps, this.screw.minMm);
    else if (ideal > this.screw.maxMm) this.catchPole(commandedSteps, this.screw.maxMm);
  }

  /** Whether the motor carries a thrust at a carriage speed without slipping. */
  carries(loadN: number, speedMmPerS: number): boolean {
    const available = pullOutNm(this.screw.holdNm, speedMmPerS * this.turnPerMm) * DRIVE.pullOutMargin.nominal;
    return torqueNm(Math.abs(loadN), this.screw.leadMm) <= available;
  }

  /** When a carriage without current will be at `mm` on its way home; Infinity if it will not. */
  reachesAtUs(mm: number): number {
    if (this.driving || this.jammed || this.screw.springMmPerS === 0) return Infinity;
    if ((this.freeFromMm - mm) * (mm - this.screw.springHomeMm) < 0) return Infinity;
    return this.freeSinceUs + (Math.abs(this.freeFromMm - mm) / this.screw.springMmPerS) * 1e6;
  }

  private release(idealMm: number, atUs: number): void {
    this.freeFromMm = idealMm;
    this.freeSinceUs = atUs;
  }

  private catchPole(commandedSteps: number, idealMm: number): void {
    const behind = commandedSteps - idealMm * this.stepsPerMm;
    this.lostSteps = this.lostSteps + Math.round((behind - this.lostSteps) / this.slipSteps) * this.slipSteps;
  }

  /** Rotor position as mm of an ideal screw. */
  private idealMm(commandedSteps: number, atUs: number): number {
    if (this.driving && !this.jammed) {
      let mm = (commandedSteps - this.lostSteps) / this.stepsPerMm;
      if (this.contactLoadN !== 0) mm -= this.lagMm();
      return Math.max(this.screw.minMm, Math.min(this.screw.maxMm, mm));
    }
    if (this.jammed || this.screw.springMmPerS === 0) return this.freeFromMm;
    const wayMm = Math.max(0, (this.screw.springMmPerS * (atUs - this.freeSinceUs)) / 1e6);
    const overMm = this.freeFromMm - this.screw.springHomeMm;
    return wayMm >= Math.abs(overMm) ? this.screw.springHomeMm : this.freeFromMm - Math.sign(overMm) * wayMm;
  }

  private lagMm(): number {
    const share = Math.max(-1, Math.min(1, torqueNm(this.contactLoadN, this.screw.leadMm) / this.screw.holdNm));
    return lagRad(share, 1) / this.turnPerMm;
  }
}
