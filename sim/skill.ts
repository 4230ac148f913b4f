// How well a person does it: reaction, aim, force and speed of a hand, each from its own seeded stream.
// Not responsible for what the person decides (operator.ts). Simulator only.
import { HAND } from './hand-parameters.ts';
import { draw, gauss } from './random.ts';
import type { WorldSetup } from './setup.ts';

/** Reaction to what is felt. Source: simple reaction to touch, 150 to 180 ms for adults. */
const FELT_MEDIAN_MS = 160;
/** A gliding hand comes to rest within this. Chosen. */
export const HALT_FOR_US = 30_000;
/** A hand keeps this far below the limit it was taught. Chosen. */
const BELOW_LIMIT = 0.96;
/** In a known rhythm the hand is there before the beat. Source: negative mean asynchrony of tapping, 20 to 80 ms. */
const BEFORE_BEAT_US = 40_000;

export class Skill {
  private readonly setup: WorldSetup;
  private drawIndex = 0;

  constructor(setup: WorldSetup) {
    this.setup = setup;
  }

  /** Time to react to a lamp. */
  reactionMs(): number {
    return HAND.reactionMs.nominal * this.setup.hand.reaction * this.spread('reaction', HAND.reactionLnSd.nominal);
  }

  /** Time to react to a touch that was waited for. */
  feltMs(): number {
    return FELT_MEDIAN_MS * this.spread('felt', HAND.reactionLnSd.nominal);
  }

  /** Time for something that usually takes `medianMs`. */
  paceMs(medianMs: number): number {
    return medianMs * this.spread('pace', HAND.reactionLnSd.nominal);
  }

  /** Lognormal factor of median 1, rounded so that it is the same on every engine. */
  private spread(channel: string, lnSd: number): number {
    if (this.setup.exact) return 1;
    this.drawIndex += 1;
    return Math.round(1e9 * Math.exp(lnSd * gauss(this.setup.seed, channel, this.drawIndex))) / 1e9;
  }

  /** Where a hand that aims at this coordinate comes to rest, µm. */
  aimUm(um: number, channel: string, pointIndex: number): number {
    return this.setup.exact ? um : um + HAND.aimSdUm.nominal * this.setup.hand.aim * gauss(this.setup.seed, channel, pointIndex);
  }

  /** Ring force it aims at for this mark, N. */
  ringN(pointIndex: number): number {
    const { technique, hand } = this.setup;
    const wanted = hand.ringN ?? technique.ringN;
    if (this.setup.exact) return wanted;
    const mostOffN = HAND.forceMostOffN.nominal * hand.force;
    const off = HAND.forceSdN.nominal * hand.force * gauss(this.setup.seed, 'ring-force', pointIndex);
    return wanted + Math.max(-mostOffN, Math.min(mostOffN, off));
  }

  /** Speed over the skin to the next mark. A relaxed hand has its own speed; one that follows a beat goes as fast as it must, below the limit it was taught. */
  glideUmPerS(distanceUm: number, nowUs: number, wentInAtUs: number): number {
    const { hand } = this.setup;
    const { permit, handUmPerS, periodMs } = this.setup.technique;
    const mostUmPerS = BELOW_LIMIT * handUmPerS;
    let wishUmPerS =
      HAND.glideUmPerS.nominal *
      hand.glide *
      this.spread('glide', HAND.reactionLnSd.nominal) *
      (0.9 + 0.2 * draw(this.setup.seed, 'glide-mood', this.drawIndex));
    if (permit === 'cadence') {
      const leftUs = wentInAtUs + periodMs * 1000 - BEFORE_BEAT_US - nowUs;
      if (leftUs <= 0) return mostUmPerS;
      wishUmPerS = Math.max(wishUmPerS, (distanceUm / leftUs) * 1e6);
    }
    return Math.min(mostUmPerS, wishUmPerS);
  }
}
