// Puts what flowed since the last look into the books of the prick it belongs to: tissue by layer, air, skin level, stopper.
// What a plunger that goes back draws in at the tip is air: it is no drip undone, and comes out before liquid does. A syringe that
// was put in is primed until its first prick. Not responsible for the flow (plant/fluid.ts) nor for when to look (plunger-side.ts). Simulator only.
import type { Layer } from '../protocols/fluid.ts';
import type { FluidPath } from './plant/fluid.ts';
import type { TruePrick, Truth } from './truth.ts';

export class DoseBooks {
  private readonly truth: Truth;
  private tissueUl = 0;
  private airUl = 0;
  private stopperUl = 0;
  /** Air in needle and syringe, drawn in at the tip, µL. */
  private drawnInUl = 0;
  /** The prick before which nothing of this syringe was given. */
  private primedAfter: TruePrick | null = null;

  constructor(truth: Truth) {
    this.truth = truth;
  }

  /** A fluid path that has not flowed yet. */
  restart(): void {
    this.tissueUl = this.airUl = this.stopperUl = this.drawnInUl = 0;
    this.primedAfter = this.truth.last;
  }

  /** `layer` and `depthMm` of the tip while it flowed; both count only with the tip in. */
  enter(fluid: FluidPath, tipIn: boolean, layer: Layer | null, depthMm: number): void {
    const tissueUl = fluid.tissueUl - this.tissueUl;
    const airUl = fluid.airUl - this.airUl;
    const stopperUl = fluid.stopperUl - this.stopperUl;
    this.tissueUl = fluid.tissueUl;
    this.airUl = fluid.airUl;
    this.stopperUl = fluid.stopperUl;
    const prick = this.truth.last;
    if (!tipIn) {
      const liquidUl = this.liquidOf(airUl);
      if (prick === this.primedAfter) this.truth.primedUl += liquidUl;
      if (!prick || prick === this.primedAfter) return;
      prick.airUl += liquidUl;
      prick.stopperUl += stopperUl - (airUl - liquidUl);
      return;
    }
    this.liquidOf(Math.max(0, tissueUl + airUl));
    if (!prick) return;
    prick.stopperUl += stopperUl;
    prick.exposedUl += airUl;
    if (tissueUl === 0 || !layer) return;
    const before = prick.tissueUl;
    prick.tissueUl += tissueUl;
    prick.layerUl[layer] += tissueUl;
    if (prick.tissueUl > 0) prick.doseDepthUm = (prick.doseDepthUm * before + depthMm * 1000 * tissueUl) / prick.tissueUl;
  }

  /** Of what passed the tip outwards: the liquid. Inwards it is air, and that leaves first. */
  private liquidOf(outUl: number): number {
    const airUl = outUl < 0 ? outUl : Math.min(this.drawnInUl, outUl);
    this.drawnInUl -= airUl;
    return outUl - airUl;
  }
}
