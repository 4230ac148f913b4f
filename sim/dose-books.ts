// Puts what flowed since the last look into the books of the prick it belongs to: tissue by layer, air, skin level, stopper.
// Not responsible for the flow (plant/fluid.ts) nor for when to look (plunger-side.ts). Simulator only.
import type { Layer } from '../protocols/fluid.ts';
import type { FluidPath } from './plant/fluid.ts';
import type { Truth } from './truth.ts';

export class DoseBooks {
  private readonly truth: Truth;
  private tissueUl = 0;
  private airUl = 0;
  private stopperUl = 0;

  constructor(truth: Truth) {
    this.truth = truth;
  }

  /** A fluid path that has not flowed yet. */
  restart(): void {
    this.tissueUl = this.airUl = this.stopperUl = 0;
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
    if (!prick) {
      this.truth.primedUl += airUl;
      return;
    }
    prick.stopperUl += stopperUl;
    if (!tipIn) {
      prick.airUl += airUl;
      return;
    }
    prick.exposedUl += airUl;
    if (tissueUl === 0 || !layer) return;
    const before = prick.tissueUl;
    prick.tissueUl += tissueUl;
    prick.layerUl[layer] += tissueUl;
    if (prick.tissueUl > 0) prick.doseDepthUm = (prick.doseDepthUm * before + depthMm * 1000 * tissueUl) / prick.tissueUl;
  }
}
