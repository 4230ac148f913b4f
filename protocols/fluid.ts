// Laws and parameters of the fluid path: needle resistance, tissue back pressure, lag and late volume, leakage.
// Not responsible for integrating them in time (sim/plant/fluid.ts) nor for a syringe's own data (protocols/library/syringes).
// Units: mm, s, N, µL (= mm³), kPa gauge, mPa·s; 1 kPa·mm² = 1e-3 N. Runs at the desk and in the simulator.
import { parameter } from './parameter.ts';
import type { Parameter } from './parameter.ts';

// The row of every parameter table, here for the plant's own (sim/plant/drive-parameters.ts).
export { parameter };
export type { Parameter };

/** Where the tip is. `deeper` is whatever lies below the fat: fascia, muscle, periosteum. */
export type Layer = 'epidermis' | 'dermis' | 'hypodermis' | 'deeper';
export const LAYERS: readonly Layer[] = ['epidermis', 'dermis', 'hypodermis', 'deeper'];

const GUPTA = 'Source: Gupta et al. 2011, PMC3143217, intradermal infusion pressures';
const THOMSEN = 'Source: Thomsen et al. 2014, subcutaneous bulk modulus and permeability; value fitted';

/** Every parameter of the fluid laws, one row each. */
export const FLUID = {
  dermisOpeningKpa: parameter(20, 10, 40, 'kPa', 'source', GUPTA),
  dermisResistanceKpaSPerUl: parameter(0.3, 0.1, 1, 'kPa·s/µL', 'estimate', 'Chosen: between the hypodermis and full occlusion'),
  dermisComplianceUlPerKpa: parameter(
    5,
    1.5,
    10,
    'µL/kPa',
    'estimate',
    'Chosen: 200 µL at 5 µL/s reaches a few hundred mmHg, as in Gupta 2011',
  ),
  dermisDispersionKpaSPerUl: parameter(6, 3, 12, 'kPa·s/µL', 'estimate', 'Chosen: fitted with the compliance'),
  fatOpeningKpa: parameter(3, 0, 8, 'kPa', 'source', 'Source: Shahriar et al. 2021, intradermal pressure far above other tissue'),
  fatResistanceKpaSPerUl: parameter(0.05, 0.02, 0.2, 'kPa·s/µL', 'estimate', THOMSEN),
  fatComplianceUlPerKpa: parameter(20, 10, 50, 'µL/kPa', 'estimate', THOMSEN),
  fatDispersionKpaSPerUl: parameter(
    0.1,
    0.05,
    0.2,
    'kPa·s/µL',
    'estimate',
    'Chosen: 100 µL/s rests at 18 kPa, inside the published 12 to 30 kPa',
  ),
  openingSpread: parameter(0.3, 0.1, 0.5, '1', 'estimate', 'Chosen: relative standard deviation of the opening pressure, prick to prick'),
  lossFactor: parameter(2.28, 2, 2.7, '1', 'recalled', 'Source: laminar kinetic energy 2 plus Hagenbach entry loss 0.28'),
  densityKgPerM3: parameter(1000, 990, 1050, 'kg/m³', 'source', 'Source: water; saline 1004.6'),
  surfaceTensionNPerM: parameter(0.072, 0.05, 0.073, 'N/m', 'recalled', 'Source: water against air at 20 °C'),
  refluxDeep: parameter(0.01, 0, 0.03, '1', 'estimate', 'Chosen: Wittmann 2010 finds less than 1 % of the dose for 4.5 to 12 mm needles'),
  refluxShallow: parameter(0.4, 0.2, 0.6, '1', 'estimate', 'Chosen: share of the elastic depot that comes back when the bevel just covers'),
  refluxLengthMm: parameter(0.5, 0.2, 1, 'mm', 'estimate', 'Chosen: depth over which the track learns to close'),
  bevelDeg: parameter(20, 12, 20, '°', 'recalled', 'Source: intradermal bevel; the common hypodermic bevel is 12°'),
} as const satisfies Record<string, Parameter>;

/** What a layer does to the flow; the nominal values of `FLUID`. */
export interface TissueLaw {
  readonly openingKpa: number;
  readonly resistanceKpaSPerUl: number;
  readonly complianceUlPerKpa: number;
  readonly dispersionKpaSPerUl: number;
}

const DERMIS: TissueLaw = {
  openingKpa: FLUID.dermisOpeningKpa.nominal,
  resistanceKpaSPerUl: FLUID.dermisResistanceKpaSPerUl.nominal,
  complianceUlPerKpa: FLUID.dermisComplianceUlPerKpa.nominal,
  dispersionKpaSPerUl: FLUID.dermisDispersionKpaSPerUl.nominal,
};
const FAT: TissueLaw = {
  openingKpa: FLUID.fatOpeningKpa.nominal,
  resistanceKpaSPerUl: FLUID.fatResistanceKpaSPerUl.nominal,
  complianceUlPerKpa: FLUID.fatComplianceUlPerKpa.nominal,
  dispersionKpaSPerUl: FLUID.fatDispersionKpaSPerUl.nominal,
};

/** The flow law of a layer. Epidermis counts as dermis, and what lies below the fat as fat, for want of data. */
export const tissueLaw = (layer: Layer): TissueLaw => (layer === 'epidermis' || layer === 'dermis' ? DERMIS : FAT);

/** Bore area in mm² (= µL of liquid per mm of stopper travel). */
export const areaMm2 = (diameterMm: number): number => (Math.PI * diameterMm * diameterMm) / 4;

/** Poiseuille resistance in kPa·s/µL. Source: Hagen–Poiseuille, R = 128 µ L / (π d⁴). */
export const needleResistance = (viscosityMpas: number, lengthMm: number, innerDiameterMm: number): number =>
  (128e-6 * viscosityMpas * lengthMm) / (Math.PI * innerDiameterMm ** 4);

/** Coefficient K of the kinetic and entry loss Δp = K q², in kPa·s²/µL². Below 1 % of R·q at the flows of this device. */
export const needleKineticLoss = (innerDiameterMm: number): number =>
  FLUID.lossFactor.nominal * 0.5e-9 * FLUID.densityKgPerM3.nominal * (1 / areaMm2(innerDiameterMm)) ** 2;

/** Viscosity of water in mPa·s at a temperature in °C. Source: Vogel-type fit, 2.414e-5 · 10^(247.8 / (T − 140 K)) Pa·s. */
export const waterViscosityMpas = (temperatureC: number): number => 2.414e-2 * 10 ** (247.8 / (temperatureC + 273.15 - 140));

/** A watery liquid's viscosity moves with temperature as water's does; `at20Mpas` is its value at 20 °C. */
export const viscosityAt = (at20Mpas: number, temperatureC: number): number =>
  (at20Mpas * waterViscosityMpas(temperatureC)) / waterViscosityMpas(20);

/** Threshold in kPa below which no drop forms at a wetted outlet: 4γ/d. */
export const capillaryThresholdKpa = (innerDiameterMm: number): number => (4 * FLUID.surfaceTensionNPerM.nominal) / innerDiameterMm;

/** Lag of the path in s: what is pushed leaves the needle by a first-order law with this time constant. */
export const lagS = (needleKpaSPerUl: number, complianceUlPerKpa: number): number => needleKpaSPerUl * complianceUlPerKpa;

/** Volume in µL still stored in the compliance when a stroke of `forS` at `rateUlPerS` ends. */
export const lateUl = (lag: number, rateUlPerS: number, forS: number): number => lag * rateUlPerS * (1 - Math.exp(-forS / lag));

/** Dwell in s until no more than `residualUl` of a stored volume is still to come; 0 when it already is. */
export const dwellForResidualS = (lag: number, storedUl: number, residualUl: number): number =>
  storedUl <= residualUl ? 0 : lag * Math.log(storedUl / residualUl);

/**
 * What a syringe holds per kPa of back pressure, and lets drip once the needle is out, µL/kPa. The rod's share A²/k of the total compliance
 * stays where it is unless the pressure's end breaks the stopper loose. `slackN`: break-loose less glide.
 */
export function heldUlPerKpa(totalUlPerKpa: number, boreAreaMm2: number, rodNPerMm: number, slackN: number, backKpa: number): number {
  const sticks = 1e-3 * boreAreaMm2 * backKpa < slackN;
  return Math.max(0, totalUlPerKpa - (sticks ? (1e-3 * boreAreaMm2 ** 2) / rodNPerMm : 0));
}

/** Pressure in kPa that the ring puts on the tissue beneath it. 5 N on Ø 15 mm: 28 kPa. */
export const ringPressureKpa = (ringN: number, ringDiameterMm: number): number => (1e3 * ringN) / areaMm2(ringDiameterMm);

/** Pressure in kPa that must be exceeded before the layer takes any liquid: its opening pressure and the ring's. */
export const backPressureKpa = (layer: Layer, ringN: number, ringDiameterMm: number): number =>
  tissueLaw(layer).openingKpa + ringPressureKpa(ringN, ringDiameterMm);

/** Share of a dose, given evenly in `forS`, that the depot still holds by its pressure `restS` later: the rest has dispersed. */
export function depotShareLeft(layer: Layer, forS: number, restS: number): number {
  const law = tissueLaw(layer);
  const timeConstantS = law.dispersionKpaSPerUl * law.complianceUlPerKpa;
  const atStop = forS > 0 ? (timeConstantS / forS) * (1 - Math.exp(-forS / timeConstantS)) : 1;
  return atStop * Math.exp(-restS / timeConstantS);
}

/** Elastic pressure in kPa of a fresh depot after a dose at constant rate and a dwell; adds to `backPressureKpa`. */
export const depotPressureKpa = (layer: Layer, doseUl: number, rateUlPerS: number, dwellS: number): number =>
  doseUl > 0 && rateUlPerS > 0 ? (doseUl * depotShareLeft(layer, doseUl / rateUlPerS, dwellS)) / tissueLaw(layer).complianceUlPerKpa : 0;

/** Length in mm of the bevel opening along the needle: shallower than this, the lumen is partly outside. */
export const bevelLengthMm = (outerDiameterMm: number, bevelDeg: number): number => outerDiameterMm / Math.tan((bevelDeg * Math.PI) / 180);

/** Share of the flow, 0 to 1, that runs out over the skin because the bevel is not covered. */
export const lumenExposure = (depthMm: number, bevelMm: number): number => Math.min(1, Math.max(0, 1 - depthMm / bevelMm));

/** Share φ of the elastic depot that follows the needle out through the track. */
export function refluxFraction(depthMm: number, bevelMm: number): number {
  const deep = FLUID.refluxDeep.nominal;
  const covered = Math.max(0, depthMm - bevelMm);
  return deep + (FLUID.refluxShallow.nominal - deep) * Math.exp(-covered / FLUID.refluxLengthMm.nominal);
}
