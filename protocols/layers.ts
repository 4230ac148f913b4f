// Laws and parameters of skin under a ring and a needle: stiffness, puncture, depth in skin, bulge, and which layer that is.
// The plant (sim/plant/tissue.ts) applies them forwards to one drawn spot, the compiler backwards to a site's mean.
// Not responsible for flow (protocols/fluid.ts). Units: mm, N, s, mm/s; tip positions count from the ring plane, towards the patient.
import type { Layer } from './fluid.ts';
import { parameter } from './parameter.ts';
import type { Parameter } from './parameter.ts';
import { SITES } from './sites.ts';
import type { Sex, Site, SiteId } from './sites.ts';

export { SITES };
export type { Sex, Site, SiteId };

/** Every parameter of the skin laws, one row each. Thickness and stiffness by site: protocols/sites.ts. */
export const SKIN = {
  punctureN: parameter(
    0.6,
    0.3,
    1.2,
    'N',
    'estimate',
    'Chosen: lubricated 30G; rises with diameter (Præstmark 2016), dry needles 1.5 to 3 times more (Schneider 1978)',
  ),
  punctureOdMm: parameter(0.311, 0.305, 0.32, 'mm', 'source', 'Source: gauge chart, 30G outer diameter'),
  punctureSpeedExponent: parameter(0.05, 0, 0.1, '1', 'source', 'Source: Egekvist 1999 (rises) against Schneider 1978 (insensitive)'),
  punctureSpeedMmPerS: parameter(10, 2, 20, 'mm/s', 'estimate', 'Chosen: speed to which the puncture force refers'),
  cutShare: parameter(0.5, 0.3, 0.7, '1', 'estimate', 'Chosen: tearing is 61 % of the force in Barnett 2015'),
  frictionNPerMm: parameter(0.05, 0.02, 0.15, 'N/mm', 'estimate', 'Chosen: friction is 21 % of the force in Barnett 2015'),
  rateGain: parameter(0.35, 0.2, 0.5, '1', 'estimate', 'Chosen: fitted to Spartacus 2021, peak force 2 to 2.75 times the quasi-static'),
  rateSpeedMmPerS: parameter(1, 0.5, 2, 'mm/s', 'estimate', 'Chosen: with the gain'),
  tensionFreeNPerMm: parameter(0.02, 0.01, 0.04, 'N/mm', 'estimate', 'Chosen: skin at rest'),
  tensionRingNPerMm: parameter(0.12, 0.05, 0.25, 'N/mm', 'estimate', 'Chosen: skin under a fully pressed ring'),
  tensionForceN: parameter(1, 0.5, 2, 'N', 'estimate', 'Chosen: ring force over which the tension builds up'),
  bulgeMm: parameter(
    3.3,
    2.5,
    4,
    'mm',
    'source',
    'Source: J Diabetes Sci Technol 2024, PMC11571378: 15 mm shield, 10 N, depth 3 mm beyond the needle',
  ),
  bulgeDiameterMm: parameter(15, 10, 20, 'mm', 'source', 'Source: as bulgeMm'),
  bulgeExponent: parameter(1.72, 1.5, 2, '1', 'estimate', 'Chosen: 2.0 mm at 20 mm, 1.0 mm at 30 mm'),
  bulgeForceN: parameter(3, 2, 4, 'N', 'estimate', 'Chosen: plateau by about 8 N, as in PMC11571378'),
  bulgeFatMm: parameter(10, 8, 12, 'mm', 'estimate', 'Chosen: fat that gives the full bulge'),
  relaxedShare: parameter(0.4, 0.3, 0.6, '1', 'estimate', 'Chosen: share of the cutting force left after long rest'),
  relaxationS: parameter(0.5, 0.2, 2, 's', 'estimate', 'Chosen: time constant of that relaxation'),
  heldForS: parameter(0.25, 0, 1, 's', 'estimate', "Chosen: rest at which a technique's depth counts, the middle of a usual dose"),
  stiffnessSpread: parameter(0.15, 0.1, 0.3, '1', 'estimate', 'Chosen: relative standard deviation within a site, prick to prick'),
  punctureSpread: parameter(0.15, 0.1, 0.3, '1', 'estimate', 'Chosen: as stiffnessSpread'),
  tensionSpread: parameter(0.2, 0.1, 0.3, '1', 'estimate', 'Chosen: as stiffnessSpread'),
  bulgeSpread: parameter(0.15, 0.1, 0.3, '1', 'estimate', 'Chosen: as stiffnessSpread'),
} as const satisfies Record<string, Parameter>;

/** One spot of skin: drawn for one prick, or the mean of a site. */
export interface Skin {
  readonly epidermisMm: number;
  readonly dermisMm: number;
  readonly hypodermisMm: number;
  /** Fat that the bulge law sees: the site's mean. Its spread is inside `bulgeFactor`. */
  readonly siteFatMm: number;
  readonly stiffnessNPerMm: number;
  /** Puncture force of a 30G needle at the reference speed. */
  readonly punctureN: number;
  readonly frictionNPerMm: number;
  /** Multiplies the tension that the ring adds. */
  readonly tensionFactor: number;
  readonly bulgeFactor: number;
  /** Multiplies the layer's opening pressure. */
  readonly openingFactor: number;
}

/** The mean skin of a site. */
export function meanSkin(site: Site, sex: Sex): Skin {
  const layers = site.layersMm[sex];
  return {
    epidermisMm: layers.epidermis.mean,
    dermisMm: layers.dermis.mean,
    hypodermisMm: layers.hypodermis.mean,
    siteFatMm: layers.hypodermis.mean,
    stiffnessNPerMm: site.stiffnessNPerMm,
    punctureN: SKIN.punctureN.nominal,
    frictionNPerMm: SKIN.frictionNPerMm.nominal,
    tensionFactor: 1,
    bulgeFactor: 1,
    openingFactor: 1,
  };
}

/** Skin tension in N/mm under a ring pressed with `ringN`. */
export const tensionNPerMm = (skin: Skin, ringN: number): number => {
  const free = SKIN.tensionFreeNPerMm.nominal;
  const added = (SKIN.tensionRingNPerMm.nominal - free) * skin.tensionFactor;
  return free + added * (1 - Math.exp(-Math.max(0, ringN) / SKIN.tensionForceN.nominal));
};

/** What a membrane of tension T, clamped at the ring, adds to the stiffness under a needle: 2πT / ln(R/r), N/mm. */
export const membraneNPerMm = (tension: number, ringDiameterMm: number, needleOdMm: number): number =>
  (2 * Math.PI * tension) / Math.log(ringDiameterMm / needleOdMm);

/** Stiffness in N/mm that a needle arriving at `speedMmPerS` feels. */
export const stiffnessNPerMm = (skin: Skin, speedMmPerS: number, ringN: number, ringDiameterMm: number, needleOdMm: number): number =>
  skin.stiffnessNPerMm * (1 + SKIN.rateGain.nominal * Math.log10(1 + Math.abs(speedMmPerS) / SKIN.rateSpeedMmPerS.nominal)) +
  membraneNPerMm(tensionNPerMm(skin, ringN), ringDiameterMm, needleOdMm);

/** Force in N at which the needle goes through. */
export const punctureForceN = (skin: Skin, needleOdMm: number, speedMmPerS: number): number =>
  ((skin.punctureN * needleOdMm) / SKIN.punctureOdMm.nominal) *
  (Math.max(0.1, Math.abs(speedMmPerS)) / SKIN.punctureSpeedMmPerS.nominal) ** SKIN.punctureSpeedExponent.nominal;

/** Share of the cutting force that is left after a rest of `heldForS`. */
export const cutLeft = (heldForS: number): number => {
  const left = SKIN.relaxedShare.nominal;
  return left + (1 - left) * Math.exp(-Math.max(0, heldForS) / SKIN.relaxationS.nominal);
};

/** How far skin bulges into the ring, in mm. Below Ø 15 mm nothing is published: taken as at 15 mm. */
export function bulgeMm(skin: Skin, ringN: number, ringDiameterMm: number): number {
  const size = Math.min(1, SKIN.bulgeDiameterMm.nominal / ringDiameterMm) ** SKIN.bulgeExponent.nominal;
  const force = 1 - Math.exp(-Math.max(0, ringN) / SKIN.bulgeForceN.nominal);
  return skin.bulgeFactor * SKIN.bulgeMm.nominal * size * force * Math.min(1, skin.siteFatMm / SKIN.bulgeFatMm.nominal);
}

/** Depth in skin for a tip `travelMm` past the plane of the undisturbed skin, once through; the skin follows the needle. */
export const depthInSkinMm = (travelMm: number, cutN: number, frictionNPerMm: number, stiffness: number): number =>
  Math.max(0, (travelMm - cutN / stiffness) / (1 + frictionNPerMm / stiffness));

/** How an insertion is done: what the depth law needs besides the skin. */
export interface Insertion {
  readonly speedMmPerS: number;
  readonly ringN: number;
  readonly ringDiameterMm: number;
  readonly needleOdMm: number;
  /** Rest after which the depth is judged. */
  readonly heldForS: number;
}

/** The inverse of the depth law: tip from the ring plane minus depth in skin, mm. May be negative where skin bulges. */
export function addedTipMm(skin: Skin, depthMm: number, how: Insertion): number {
  const stiffness = stiffnessNPerMm(skin, how.speedMmPerS, how.ringN, how.ringDiameterMm, how.needleOdMm);
  const cutN = SKIN.cutShare.nominal * punctureForceN(skin, how.needleOdMm, how.speedMmPerS) * cutLeft(how.heldForS);
  return (depthMm * skin.frictionNPerMm + cutN) / stiffness - bulgeMm(skin, how.ringN, how.ringDiameterMm);
}

/** Standard deviation in mm of `addedTipMm` over a site's spread, first order. */
export function addedSpreadMm(site: Site, sex: Sex, depthMm: number, how: Insertion): number {
  const mean = meanSkin(site, sex);
  const half = (above: Partial<Skin>, below: Partial<Skin>): number =>
    (addedTipMm({ ...mean, ...above }, depthMm, how) - addedTipMm({ ...mean, ...below }, depthMm, how)) / 2;
  const around = (value: number, spread: number): [number, number] => [value * (1 + spread), value * (1 - spread)];
  const [stiff, soft] = around(mean.stiffnessNPerMm, SKIN.stiffnessSpread.nominal);
  const [tough, tender] = around(mean.punctureN, SKIN.punctureSpread.nominal);
  const [tight, loose] = around(1, SKIN.tensionSpread.nominal);
  const [high, flat] = around(1, SKIN.bulgeSpread.nominal);
  return Math.hypot(
    half({ stiffnessNPerMm: stiff }, { stiffnessNPerMm: soft }),
    half({ punctureN: tough }, { punctureN: tender }),
    half({ tensionFactor: tight }, { tensionFactor: loose }),
    half({ bulgeFactor: high }, { bulgeFactor: flat }),
  );
}

/** Standard normal distance of the quartiles. */
const QUARTILE_Z = 0.6745;

/** `addedUm` is what the compiler adds; `spreadUm` is one standard deviation of what the site would need. */
export interface TipForDepth {
  readonly tipUm: number;
  readonly addedUm: number;
  readonly addedLowerQuartileUm: number;
  readonly addedMeanUm: number;
  readonly spreadUm: number;
}

/**
 * Tip position from the ring plane for a depth in skin, whole µm. Stiffer skin than assumed means deeper,
 * so never more than the site's lower quartile is added. `heldForS`: rest at which the depth is to be right.
 */
export function tipForDepth(
  site: Site,
  sex: Sex,
  depthUm: number,
  speedUmPerS: number,
  ringMn: number,
  ringDiameterMm: number,
  needleOdUm: number,
  heldForS: number = SKIN.heldForS.nominal,
): TipForDepth {
  const how = { speedMmPerS: speedUmPerS / 1e3, ringN: ringMn / 1e3, ringDiameterMm, needleOdMm: needleOdUm / 1e3, heldForS };
  const meanUm = 1e3 * addedTipMm(meanSkin(site, sex), depthUm / 1e3, how);
  const spreadUm = 1e3 * addedSpreadMm(site, sex, depthUm / 1e3, how);
  const addedLowerQuartileUm = Math.floor(meanUm - QUARTILE_Z * spreadUm);
  const addedUm = Math.min(Math.round(meanUm), addedLowerQuartileUm);
  return { tipUm: depthUm + addedUm, addedUm, addedLowerQuartileUm, addedMeanUm: Math.round(meanUm), spreadUm: Math.round(spreadUm) };
}

/** Standard normal distribution. Source: Abramowitz & Stegun 7.1.26, absolute error below 1.5e-7. */
function normalCdf(z: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(z) * Math.SQRT1_2);
  const tail = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))) * Math.exp((-z * z) / 2);
  return z < 0 ? tail / 2 : 1 - tail / 2;
}

/** How probable each layer is at a depth, over the site's thickness spread and the depth's own (`depthSdUm`). Sums to 1. */
export function layerProbabilities(site: Site, sex: Sex, depthUm: number, depthSdUm = 0): Record<Layer, number> {
  const { epidermis, dermis, hypodermis } = site.layersMm[sex];
  const depthMm = depthUm / 1e3;
  const passed = (boundaryMm: number, ...sdMm: number[]): number => {
    return normalCdf((depthMm - boundaryMm) / Math.hypot(depthSdUm / 1e3, ...sdMm));
  };
  const beyondEpidermis = passed(epidermis.mean, epidermis.sd);
  const beyondDermis = Math.min(beyondEpidermis, passed(epidermis.mean + dermis.mean, epidermis.sd, dermis.sd));
  const beyondFat = Math.min(beyondDermis, passed(epidermis.mean + dermis.mean + hypodermis.mean, epidermis.sd, dermis.sd, hypodermis.sd));
  return {
    epidermis: 1 - beyondEpidermis,
    dermis: beyondEpidermis - beyondDermis,
    hypodermis: beyondDermis - beyondFat,
    deeper: beyondFat,
  };
}

/** The layer at a depth in one spot of skin. */
export function layerAtMm(skin: Skin, depthMm: number): Layer {
  if (depthMm <= skin.epidermisMm) return 'epidermis';
  if (depthMm <= skin.epidermisMm + skin.dermisMm) return 'dermis';
  return depthMm <= skin.epidermisMm + skin.dermisMm + skin.hypodermisMm ? 'hypodermis' : 'deeper';
}
