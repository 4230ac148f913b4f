// One spot of skin under the ring while one needle goes in and out: indentation, puncture, depth in skin, force, layer, leakage.
// Not responsible for where the tip is (the world) nor for flow (sim/plant/fluid.ts); the laws are protocols/layers.ts and fluid.ts.
// Tip positions in mm from the ring plane, positive towards the patient. Simulator only.
import { FLUID, bevelLengthMm, lumenExposure, refluxFraction, ringPressureKpa, tissueLaw } from '../../protocols/fluid.ts';
import type { Layer } from '../../protocols/fluid.ts';
import { SKIN, bulgeMm, cutLeft, depthInSkinMm, layerAtMm, punctureForceN, stiffnessNPerMm } from '../../protocols/layers.ts';
import type { Skin } from '../../protocols/layers.ts';
import type { TissuePath } from './fluid-outlet.ts';

/** Factors on what a layer does to the flow: one world's deviation from the law. */
export interface DepotFactors {
  readonly resistance: number;
  readonly elasticity: number;
  readonly dispersion: number;
  readonly reflux: number;
}
const AS_THE_LAW: DepotFactors = { resistance: 1, elasticity: 1, dispersion: 1, reflux: 1 };

export class SkinSpot {
  readonly skin: Skin;
  private readonly needleOdMm: number;
  private readonly ringDiameterMm: number;
  private readonly bevelMm: number;
  private readonly depot: DepotFactors;
  private speedMmPerS = 0;
  private stiffnessForN = -1;
  private stiffness = 1;
  private bulge = 0;
  private cutN = 0;
  private lastDepthMm = 0;

  constructor(
    skin: Skin,
    needleOdMm: number,
    ringDiameterMm: number,
    bevelDeg: number = FLUID.bevelDeg.nominal,
    depot: DepotFactors = AS_THE_LAW,
  ) {
    this.depot = depot;
    this.skin = skin;
    this.needleOdMm = needleOdMm;
    this.ringDiameterMm = ringDiameterMm;
    this.bevelMm = bevelLengthMm(needleOdMm, bevelDeg);
  }

  /** Tip position at which the needle goes through. The speed last asked about is the one with which it does. */
  puncturesAtTipMm(ringN: number, speedMmPerS: number): number {
    this.speedMmPerS = speedMmPerS;
    this.stiffnessForN = -1;
    this.settle(ringN);
    return this.cutN / SKIN.cutShare.nominal / this.stiffness - this.bulge;
  }

  /** Tip position at which the needle, drawn back, is out. */
  exitsAtTipMm(ringN: number): number {
    this.settle(ringN);
    return -this.bulge;
  }

  /** Plane of the skin before the needle touches it: it bulges towards the needle. */
  touchesAtTipMm(ringN: number): number {
    return this.exitsAtTipMm(ringN);
  }

  /**
   * Depth in skin with the tip at `tipMm`, `sinceInS` after the puncture. The skin follows the needle both ways: going in it is
   * pushed ahead, drawn back it first springs out and is then pulled along. Ask in the order of time.
   */
  depthMm(tipMm: number, ringN: number, sinceInS: number): number {
    this.settle(ringN);
    const travelMm = tipMm + this.bulge;
    const friction = this.skin.frictionNPerMm;
    const pushedIn = depthInSkinMm(travelMm, this.cutN * cutLeft(sinceInS), friction, this.stiffness);
    const pulledOut = Math.max(0, travelMm / (1 - friction / this.stiffness));
    this.lastDepthMm = Math.min(Math.max(this.lastDepthMm, pushedIn), pulledOut);
    return this.lastDepthMm;
  }

  /** Force of the skin on the needle in N, positive against insertion; `depthMm` 0 is before the puncture. */
  forceN(tipMm: number, ringN: number, depthMm: number): number {
    this.settle(ringN);
    const pressedMm = tipMm + this.bulge - depthMm;
    return depthMm > 0 ? this.stiffness * pressedMm : this.stiffness * Math.max(0, pressedMm);
  }

  /** How far the skin bulges into the ring, mm. */
  bulgeMm(ringN: number): number {
    this.settle(ringN);
    return this.bulge;
  }

  layerAt(depthMm: number): Layer {
    return layerAtMm(this.skin, depthMm);
  }

  /** Share of the flow that misses the skin because the bevel is not covered. */
  lumenExposure(depthMm: number): number {
    return lumenExposure(depthMm, this.bevelMm);
  }

  /** Share of the elastic depot that follows the needle out, from the depth at which it was laid. */
  reflux(depthMm: number): number {
    return Math.min(1, this.depot.reflux * refluxFraction(depthMm, this.bevelMm));
  }

  /** Pressure that opens the tissue at this depth, the ring's included, kPa. */
  openingKpa(depthMm: number, ringN: number): number {
    return tissueLaw(this.layerAt(depthMm)).openingKpa * this.skin.openingFactor + ringPressureKpa(ringN, this.ringDiameterMm);
  }

  /** What the fluid path opens into at this depth. */
  tissuePath(depthMm: number, ringN: number): TissuePath {
    const law = tissueLaw(this.layerAt(depthMm));
    return {
      openingKpa: this.openingKpa(depthMm, ringN),
      resistanceKpaSPerUl: law.resistanceKpaSPerUl * this.depot.resistance,
      complianceUlPerKpa: law.complianceUlPerKpa * this.depot.elasticity,
      dispersionKpaSPerUl: law.dispersionKpaSPerUl * this.depot.dispersion,
      exposedFraction: this.lumenExposure(depthMm),
    };
  }

  /** Stiffness, bulge and cutting force for a ring force, remembered until it changes. */
  private settle(ringN: number): void {
    if (ringN === this.stiffnessForN) return;
    this.stiffnessForN = ringN;
    this.stiffness = stiffnessNPerMm(this.skin, this.speedMmPerS, ringN, this.ringDiameterMm, this.needleOdMm);
    this.bulge = bulgeMm(this.skin, ringN, this.ringDiameterMm);
    this.cutN = SKIN.cutShare.nominal * punctureForceN(this.skin, this.needleOdMm, this.speedMmPerS);
  }
}
