// What `--plant` may change in skin, hand, drive and cells: factors on parameters of the laws, and what is set outright. One row a
// key: which rows of the tables it moves, and what it may be. Not responsible for syringe and needle (setup.ts). Simulator only.
import { z } from 'zod';
import { FLUID } from '../protocols/fluid.ts';
import type { Parameter } from '../protocols/fluid.ts';
import { SKIN } from '../protocols/layers.ts';
import type { Skin } from '../protocols/layers.ts';
import { BUILD, HAND } from './hand-parameters.ts';
import { DRIVE } from './plant/drive-parameters.ts';
import type { DepotFactors } from './plant/tissue.ts';

/** The widest factor. Chosen: far beyond any range of the tables. */
const MOST = 20;
const factor = z.number().positive().max(MOST).default(1);

export const skinKeys = z.strictObject({
  thickness: factor,
  stiffness: factor,
  puncture: factor,
  friction: factor,
  tension: factor,
  bulge: factor,
  opening: factor,
  resistance: factor,
  elasticity: factor,
  dispersion: factor,
  reflux: factor,
});

export const handKeys = z.strictObject({
  /** Force it aims at, N; the technique's when absent. */
  ringN: z.number().positive().max(20).optional(),
  force: factor,
  tremor: factor,
  aim: factor,
  glide: factor,
  reaction: factor,
});

export const driveKeys = z.strictObject({
  leadError: z.number().min(-0.01).max(0.01).optional(),
  periodicMm: z.number().min(0).max(0.05).optional(),
  torque: factor,
});

/** What a cell says of a newton: 1 is right. */
export const cellKeys = z.strictObject({ ring: factor, pusher: factor });

/** The parameters that each key moves: a factor moves all of them. */
export const MOVES: Readonly<Record<string, readonly Parameter[]>> = {
  'skin.stiffness': [],
  'skin.puncture': [SKIN.punctureN],
  'skin.friction': [SKIN.frictionNPerMm],
  'skin.tension': [SKIN.tensionRingNPerMm],
  'skin.bulge': [SKIN.bulgeMm],
  'skin.opening': [FLUID.dermisOpeningKpa, FLUID.fatOpeningKpa],
  'skin.resistance': [FLUID.dermisResistanceKpaSPerUl, FLUID.fatResistanceKpaSPerUl],
  'skin.elasticity': [FLUID.dermisComplianceUlPerKpa, FLUID.fatComplianceUlPerKpa],
  'skin.dispersion': [FLUID.dermisDispersionKpaSPerUl, FLUID.fatDispersionKpaSPerUl],
  'skin.reflux': [FLUID.refluxShallow, FLUID.refluxDeep],
  'needle.bevelDeg': [FLUID.bevelDeg],
  'hand.force': [HAND.forceSdN, HAND.forceMostOffN],
  'hand.tremor': [HAND.tremorMm, HAND.tremorN],
  'hand.aim': [HAND.aimSdUm],
  'hand.glide': [HAND.glideUmPerS],
  'hand.reaction': [HAND.reactionMs],
  'drive.leadError': [DRIVE.leadError],
  'drive.periodicMm': [DRIVE.periodicMm],
  'drive.torque': [DRIVE.nema11HoldNm],
  'needle.seatMm': [BUILD.needleSeatMm],
};

/** A drawn spot of skin as this world has it. */
export function keyedSkin(skin: Skin, keys: z.infer<typeof skinKeys>): Skin {
  return {
    ...skin,
    epidermisMm: skin.epidermisMm * keys.thickness,
    dermisMm: skin.dermisMm * keys.thickness,
    hypodermisMm: skin.hypodermisMm * keys.thickness,
    siteFatMm: skin.siteFatMm * keys.thickness,
    stiffnessNPerMm: skin.stiffnessNPerMm * keys.stiffness,
    punctureN: skin.punctureN * keys.puncture,
    frictionNPerMm: skin.frictionNPerMm * keys.friction,
    tensionFactor: skin.tensionFactor * keys.tension,
    bulgeFactor: skin.bulgeFactor * keys.bulge,
    openingFactor: skin.openingFactor * keys.opening,
  };
}

export const depotFactors = ({ resistance, elasticity, dispersion, reflux }: z.infer<typeof skinKeys>): DepotFactors => ({
  ...{ resistance, elasticity, dispersion, reflux },
});
