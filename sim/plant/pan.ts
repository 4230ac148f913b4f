// The pan of a balance under the needle: vessel, liquid that fell off the tip, what of it evaporates, what air carries of it.
// Not responsible for what leaves the lumen (fluid.ts) nor for what the balance makes of the load (weighing-cell.ts). Simulator only.
import { FLUID } from '../../protocols/fluid.ts';
import { dropUl, evaporationUgPerS, PAN, shownMgPerUl, waterKgPerM3 } from './pan-parameters.ts';
import type { Climate } from './pan-parameters.ts';
import { PendantDrop } from './pendant-drop.ts';
import type { Tip } from './pendant-drop.ts';

export interface PanOptions {
  readonly seed: number;
  readonly exact: boolean;
  readonly tip: Tip;
  /** Outer diameter of the needle. */
  readonly outerMm: number;
  readonly climate: Climate;
  /** Density of the liquid against water's at the same temperature: 1 for water, 1.0046 for saline. */
  readonly relativeDensity: number;
  /** Radius of the vessel's opening; 0: nothing evaporates. */
  readonly mouthMm: number;
}

export class Pan {
  readonly drop: PendantDrop;
  /** Anything else put on it, or lifted off it, mg as shown. */
  extraMg = 0;
  /** Fallen into the vessel since the beginning, µL; gone into the air, mg. */
  fallenUl = 0;
  evaporatedMg = 0;
  private readonly mgPerUl: number;
  private readonly mgPerUs: number;
  private atUs: number;

  constructor(options: PanOptions, nowUs: number) {
    const { seed, exact, tip, outerMm, climate, relativeDensity, mouthMm } = options;
    const kgPerM3 = waterKgPerM3(climate.temperatureC) * relativeDensity;
    this.drop = new PendantDrop({ seed, tip, exact, usualUl: dropUl(outerMm, FLUID.surfaceTensionNPerM.nominal, kgPerM3) });
    this.mgPerUl = shownMgPerUl(climate, relativeDensity);
    this.mgPerUs = evaporationUgPerS(climate, mouthMm) * 1e-9;
    this.atUs = nowUs;
  }

  /** Brings the pan to `atUs`; meanwhile `ul` left the lumen. */
  advance(atUs: number, ul: number): void {
    this.evaporatedMg += (atUs - this.atUs) * this.mgPerUs;
    this.atUs = atUs;
    this.fallenUl += this.drop.take(ul, atUs);
  }

  /** What a perfect balance would show, mg. */
  get loadMg(): number {
    return PAN.vesselMg.nominal + this.extraMg + this.fallenUl * this.mgPerUl - this.evaporatedMg;
  }
}
