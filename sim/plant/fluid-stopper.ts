// Stopper and rod of a syringe: sticks, breaks loose, slips, sticks again; or rigid. Quasi-static, no inertia.
// Holds no pressure and no volume beyond its own position (sim/plant/fluid.ts does). Units: mm, N, kPa, µL.
import type { FluidParams } from './fluid-syringe.ts';

export const RIGID = 0;
export const STICK = 1;
export const SLIP_UP = 2;
export const SLIP_DOWN = 3;

/** Chosen: slower than this a slipping stopper sticks again, mm/s. */
const RESTICK_MM_PER_S = 1e-3;
/** kPa·mm² in newtons. */
const N_PER_KPA_MM2 = 1e-3;
/** Chosen: break-loose lies at least this far above gliding, N; otherwise the two modes would alternate without end. */
const LEAST_STEP_N = 1e-3;

export class Stopper {
  /** Force per pressure, N/kPa. */
  readonly perKpaN: number;
  readonly rodNPerMm: number;
  readonly breakLooseN: number;
  readonly restickMmPerS: number;
  private readonly glideN: number;
  private readonly barrelUlPerKpa: number;
  private readonly rodUlPerKpa: number;
  private readonly areaMm2: number;
  mode: number;
  mm = 0;

  constructor(params: FluidParams) {
    this.areaMm2 = params.areaMm2;
    this.perKpaN = N_PER_KPA_MM2 * params.areaMm2;
    this.rodNPerMm = params.rodNPerMm ?? 0;
    this.glideN = params.glideN ?? 0;
    const breakLooseN = params.breakLooseN ?? this.glideN;
    this.breakLooseN = this.glideN > 0 || breakLooseN > 0 ? Math.max(breakLooseN, this.glideN + LEAST_STEP_N) : 0;
    this.restickMmPerS = params.restickMmPerS ?? RESTICK_MM_PER_S;
    this.barrelUlPerKpa = params.complianceUlPerKpa;
    this.rodUlPerKpa = this.rodNPerMm > 0 ? (this.perKpaN * params.areaMm2) / this.rodNPerMm : 0;
    this.mode = this.rodNPerMm > 0 && this.breakLooseN > 0 ? STICK : RIGID;
  }

  /** What a change of pressure stores while the pusher stands, µL/kPa: barrel, and the rod unless the stopper sticks. */
  get complianceUlPerKpa(): number {
    return this.barrelUlPerKpa + (this.mode === STICK ? 0 : this.rodUlPerKpa);
  }

  /** Follows the pusher; a sticking stopper stays. */
  follow(pusherMm: number, pKpa: number): void {
    if (this.mode === STICK) return;
    if (this.rodNPerMm === 0) {
      this.mm = pusherMm;
      return;
    }
    const frictionN = this.mode === RIGID ? 0 : this.mode === SLIP_UP ? this.glideN : -this.glideN;
    this.mm = pusherMm - (frictionN + this.perKpaN * pKpa) / this.rodNPerMm;
  }

  /** How far a stopper that stands is from breaking loose, N; Infinity for one without friction, negative for one that slips. */
  margin(pusherMm: number, pKpa: number): number {
    if (this.mode === RIGID) return Infinity;
    return this.mode === STICK ? this.breakLooseN - Math.abs(this.rodNPerMm * (pusherMm - this.mm) - this.perKpaN * pKpa) : -1;
  }

  /** The pressure at which it breaks loose while a pressure of this sign falls towards nothing; none (∓Infinity) without friction. */
  looseAtKpa(pusherMm: number, sign: number): number {
    if (this.mode === RIGID) return -sign * Infinity;
    return (this.rodNPerMm * (pusherMm - this.mm) - sign * this.breakLooseN) / this.perKpaN;
  }

  /** How far it jumps until the rod is relaxed to gliding friction, mm; `fluidUlPerKpa` gives way to it. Chooses no mode. */
  jumpMm(pusherMm: number, pKpa: number, fluidUlPerKpa: number): number {
    const netN = this.rodNPerMm * (pusherMm - this.mm) - this.perKpaN * pKpa;
    const kineticN = netN > 0 ? this.glideN : -this.glideN;
    return (netN - kineticN) / (this.rodNPerMm + (this.perKpaN * this.areaMm2) / fluidUlPerKpa);
  }

  /** It has jumped and slips on. */
  breakLoose(jumpMm: number): void {
    this.mode = jumpMm > 0 ? SLIP_UP : SLIP_DOWN;
    this.mm += jumpMm;
  }

  /** Force between pusher and rod. A rigid rod shows friction by the direction of the last move. */
  forceN(pusherMm: number, pKpa: number, lastSign: number): number {
    return this.rodNPerMm > 0 ? this.rodNPerMm * (pusherMm - this.mm) : this.perKpaN * pKpa + lastSign * this.glideN;
  }
}
