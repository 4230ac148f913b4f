// What chance decides about one gun and one prick: per-build draws (screw, syringe) and per-prick draws (skin), from sim/random streams.
// Not responsible for the laws (protocols/fluid.ts, protocols/layers.ts) nor for the plant that applies them. Simulator only.
import { FLUID } from '../protocols/fluid.ts';
import { SKIN, meanSkin } from '../protocols/layers.ts';
import type { Sex, Site, Skin } from '../protocols/layers.ts';
import { BUILD } from './hand-parameters.ts';
import { DRIVE } from './plant/drive-parameters.ts';
import type { FluidParams } from './plant/fluid.ts';
import { draw, gauss } from './random.ts';

/** Positive factor with mean 1 and relative standard deviation `spread`: a log-normal, cut at ±3 σ. */
function factor(seed: number, channel: string, index: number, spread: number): number {
  const sigma = Math.sqrt(Math.log(1 + spread * spread));
  const z = Math.max(-3, Math.min(3, gauss(seed, channel, index)));
  return Math.round(Math.exp(sigma * z - (sigma * sigma) / 2) * 1e9) / 1e9;
}

/** Thickness from a population, never below a fifth of its mean. */
function thicknessMm(seed: number, channel: string, index: number, of: { mean: number; sd: number }): number {
  return Math.max(of.mean / 5, of.mean + of.sd * gauss(seed, channel, index));
}

/** The spot of skin that prick `prickIndex` of a session hits. */
export function skinDraw(site: Site, sex: Sex, seed: number, prickIndex: number): Skin {
  const mean = meanSkin(site, sex);
  const layers = site.layersMm[sex];
  return {
    epidermisMm: thicknessMm(seed, 'skin.epidermis', prickIndex, layers.epidermis),
    dermisMm: thicknessMm(seed, 'skin.dermis', prickIndex, layers.dermis),
    hypodermisMm: thicknessMm(seed, 'skin.hypodermis', prickIndex, layers.hypodermis),
    siteFatMm: mean.siteFatMm,
    stiffnessNPerMm: mean.stiffnessNPerMm * factor(seed, 'skin.stiffness', prickIndex, SKIN.stiffnessSpread.nominal),
    punctureN: mean.punctureN * factor(seed, 'skin.puncture', prickIndex, SKIN.punctureSpread.nominal),
    frictionNPerMm: mean.frictionNPerMm,
    tensionFactor: factor(seed, 'skin.tension', prickIndex, SKIN.tensionSpread.nominal),
    bulgeFactor: factor(seed, 'skin.bulge', prickIndex, SKIN.bulgeSpread.nominal),
    openingFactor: factor(seed, 'skin.opening', prickIndex, FLUID.openingSpread.nominal),
  };
}

/** What one build of a lead screw is: its linear and periodic error. All zero for an ideal gun. */
export interface ScrewDraw {
  readonly leadError: number;
  readonly periodicMm: number;
  readonly periodicPhaseRad: number;
}

/** The screw of the axis `axis` ('needle', 'plunger') of the gun with this seed. */
export const screwDraw = (seed: number, axis: string): ScrewDraw => ({
  leadError: (DRIVE.leadError.nominal / 2) * gauss(seed, `build.${axis}.lead`, 0),
  periodicMm: DRIVE.periodicMm.nominal,
  periodicPhaseRad: 2 * Math.PI * draw(seed, `build.${axis}.phase`, 0),
});

/** The syringe that the gun with this seed was loaded with the `loadIndex`-th time, from its type's data. */
export function syringeDraw(type: FluidParams, seed: number, loadIndex: number): FluidParams {
  const friction = factor(seed, 'syringe.friction', loadIndex, BUILD.friction.nominal);
  return {
    ...type,
    areaMm2: type.areaMm2 * factor(seed, 'syringe.area', loadIndex, BUILD.barrelArea.nominal),
    complianceUlPerKpa: type.complianceUlPerKpa * factor(seed, 'syringe.compliance', loadIndex, BUILD.compliance.nominal),
    ...(type.glideN === undefined ? {} : { glideN: type.glideN * friction }),
    ...(type.breakLooseN === undefined ? {} : { breakLooseN: type.breakLooseN * friction }),
  };
}
