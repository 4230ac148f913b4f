// What a fluid path is made of and what can be read of it: data only, used by sim/plant/fluid*.ts. Units: mm, s, N, µL, kPa gauge.
import type { FlowCurve } from './fluid-needle.ts';

/** A loaded syringe with its needle. Without `rodNPerMm` the rod is rigid and `complianceUlPerKpa` is the total. */
export interface FluidParams {
  readonly areaMm2: number;
  /** Of barrel and liquid; with a rod, without the rod's share. */
  readonly complianceUlPerKpa: number;
  /** Poiseuille resistance; Infinity is a blocked needle. */
  readonly needleKpaSPerUl: number;
  /** Kinetic and entry loss beside it, K in Δp = R·q + K·q². */
  readonly lossKpaS2PerUl2?: number;
  /** A liquid that is not Newtonian: this law instead of Poiseuille's, `needleKpaSPerUl` in series with it (0: none). */
  readonly flowCurve?: FlowCurve;
  /** Air in the barrel, its volume at atmospheric pressure. */
  readonly bubbleUl?: number;
  readonly rodNPerMm?: number;
  readonly glideN?: number;
  /** At least `glideN` + 1 mN is taken. */
  readonly breakLooseN?: number;
  /** A slipping stopper slower than this sticks again; 1e-3 mm/s if not given. */
  readonly restickMmPerS?: number;
  /** Total play between motor and pusher, and where in it the pusher starts, ± playMm / 2. */
  readonly playMm?: number;
  readonly playOffsetMm?: number;
  /** No drop forms in air below this. */
  readonly capillaryKpa?: number;
}

/** Everything that changes, as plain numbers. */
export interface FluidSnapshot {
  readonly pKpa: number;
  readonly tissueKpa: number;
  readonly motorMm: number;
  readonly pusherMm: number;
  readonly stopperMm: number;
  readonly forceN: number;
  readonly stopperUl: number;
  readonly needleUl: number;
  readonly tissueUl: number;
  readonly airUl: number;
  readonly sealUl: number;
  readonly refluxUl: number;
  readonly dispersedUl: number;
}
