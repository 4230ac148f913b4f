// The depots that one needle lays in the skin on its way: which layer takes the liquid now, what was left in others, and what of
// all of them follows the needle out. Not responsible for the flow (plant/fluid.ts) nor for when to look (plunger-side.ts). Simulator only.
import type { Layer } from '../protocols/fluid.ts';
import type { NeedleSide } from './needle-side.ts';
import type { FluidPath } from './plant/fluid.ts';

/** A loaded depot that the tip has left: it goes on dispersing by itself. */
interface Left {
  readonly elasticUl: number;
  readonly perS: number;
  readonly sinceUs: number;
  readonly depthMm: number;
}

export class Depots {
  /** Of the depot that the tip is in; null outside. */
  layer: Layer | null = null;
  /** Of the tip when it was last looked at, mm. */
  depthMm = 0;
  private readonly left: Left[] = [];
  private tissueUl = 0;
  private laidUl = 0;
  private laidMm = 0;

  /** The tip went in. */
  begin(): void {
    this.layer = null;
    this.left.length = 0;
  }

  /** Where the tip is now. A loaded depot stays what it is while the needle only leaves: another begins where liquid is pushed. */
  look(fluid: FluidPath, needle: NeedleSide, atUs: number, pushes: boolean): void {
    const { spot } = needle;
    if (!spot) return;
    const depthMm = needle.depthMm(atUs);
    this.depthMm = depthMm;
    const layer = spot.layerAt(depthMm);
    const loaded = this.layer !== null && fluid.tissueKpa > 0;
    if (layer === this.layer || (loaded && !pushes)) {
      fluid.adjust(spot.openingKpa(depthMm, needle.spotRingN), spot.lumenExposure(depthMm));
      return;
    }
    if (loaded) this.left.push({ ...fluid.depot, sinceUs: atUs, depthMm: this.laidMm });
    this.layer = layer;
    this.laidUl = this.laidMm = 0;
    fluid.enter(spot.tissuePath(depthMm, needle.spotRingN));
  }

  /** What flowed since the last call was laid at the depth last looked at. */
  laid(fluid: FluidPath): void {
    const ul = fluid.tissueUl - this.tissueUl;
    this.tissueUl = fluid.tissueUl;
    if (ul <= 0) return;
    this.laidUl += ul;
    this.laidMm += ((this.depthMm - this.laidMm) * ul) / this.laidUl;
  }

  /** The tip leaves: of each depot the share that its depth lets out follows it. Answers how much, µL. */
  leave(fluid: FluidPath, needle: NeedleSide, atUs: number): number {
    const { spot } = needle;
    const before = fluid.refluxUl;
    let behindUl = 0;
    if (spot) {
      for (const { elasticUl, perS, sinceUs, depthMm } of this.left)
        behindUl += spot.reflux(depthMm) * elasticUl * Math.exp(-(atUs - sinceUs) * 1e-6 * perS);
      fluid.exit(spot.reflux(this.laidMm), behindUl);
    }
    this.begin();
    return fluid.refluxUl - before;
  }

  /** Another syringe: its books begin at nothing. */
  restart(): void {
    this.tissueUl = 0;
  }
}
