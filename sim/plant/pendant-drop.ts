// What hangs at the needle's tip: how much of what leaves the lumen falls, and when. Three ways to hold a tip over a vessel: hanging
// free, touched off on its wall, under the liquid. Not responsible for the flow (fluid.ts) nor for the balance. Simulator only.
import { gauss } from '../random.ts';
import { PAN } from './pan-parameters.ts';

export type Tip = 'hanging' | 'touching' | 'submerged';
export const TIPS: readonly Tip[] = ['hanging', 'touching', 'submerged'];

/** A pause in the flow of at least this long is followed by another touch. Chosen. */
const PAUSE_US = 300_000;

export class PendantDrop {
  /** At the tip, µL; below zero air has been drawn in, which has to come out first. */
  heldUl = 0;
  private readonly seed: number;
  private readonly tip: Tip;
  private readonly usualUl: number;
  private readonly exact: boolean;
  private drops = 0;
  private touches = 0;
  private flowedAtUs = -Infinity;
  private filmUl: number;

  /** `usualUl`: the drop that falls from this tip on average. `exact`: every drop and film like the other. */
  constructor(options: { readonly seed: number; readonly tip: Tip; readonly usualUl: number; readonly exact: boolean }) {
    this.seed = options.seed;
    this.tip = options.tip;
    this.usualUl = options.usualUl;
    this.exact = options.exact;
    this.filmUl = this.nextFilmUl();
  }

  /** So much has left the lumen until now (less than zero: was drawn back). Answers what falls off the tip, µL. */
  take(ul: number, atUs: number): number {
    if (ul === 0) return 0;
    if (atUs - this.flowedAtUs > PAUSE_US) this.filmUl = this.nextFilmUl();
    this.flowedAtUs = atUs;
    this.heldUl += ul;
    if (this.tip === 'hanging') return this.fall();
    const stays = this.tip === 'submerged' ? 0 : this.filmUl;
    const falls = Math.max(0, this.heldUl - stays);
    this.heldUl -= falls;
    return falls;
  }

  private fall(): number {
    let falls = 0;
    for (let dropUl = this.dropUl(); this.heldUl >= dropUl; dropUl = this.dropUl()) {
      this.drops += 1;
      this.heldUl -= dropUl;
      falls += dropUl;
    }
    return falls;
  }

  private dropUl(): number {
    return this.usualUl * (this.exact ? 1 : 1 + PAN.dropSpread.nominal * gauss(this.seed, 'pan.drop', this.drops));
  }

  private nextFilmUl(): number {
    this.touches += 1;
    if (this.exact) return PAN.filmUl.nominal;
    return Math.max(0, PAN.filmUl.nominal + PAN.filmSdUl.nominal * gauss(this.seed, 'pan.film', this.touches));
  }
}
