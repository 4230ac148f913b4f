// Parameters of motors and lead screws, one row each, and the laws that are only sums of them. Simulator only.
// Not responsible for what the gun assumes of its own geometry (hal/drivers, protocols/gun.ts).
import { parameter } from '../../protocols/fluid.ts';
import type { Parameter } from '../../protocols/fluid.ts';

export const DRIVE = {
  leadError: parameter(6e-4, 2e-4, 3e-3, '1', 'recalled', 'Source: lead-screw accuracy 0.0006 in/in; taken as two standard deviations'),
  periodicMm: parameter(0.005, 0.002, 0.015, 'mm', 'estimate', 'Chosen: once-a-turn error of a rolled screw'),
  efficiency: parameter(0.35, 0.2, 0.5, '1', 'source', 'Source: acme screws 20 to 70 %, lower end for plastic nuts'),
  nema8HoldNm: parameter(0.016, 0.01, 0.03, 'N·m', 'recalled', 'Source: NEMA 8 catalogue values'),
  nema8InertiaKgM2: parameter(2e-7, 1.5e-7, 4e-7, 'kg·m²', 'recalled', 'Source: NEMA 8 catalogue values, 2 g·cm²'),
  nema11HoldNm: parameter(0.06, 0.04, 0.12, 'N·m', 'recalled', 'Source: NEMA 11 catalogue values'),
  nema11InertiaKgM2: parameter(9e-7, 8e-7, 18e-7, 'kg·m²', 'recalled', 'Source: NEMA 11 catalogue values, 9 g·cm²'),
  pullOutMargin: parameter(0.7, 0.5, 0.9, '1', 'estimate', 'Chosen: share of the pull-out torque that holds without slip'),
  supplyV: parameter(24, 12, 36, 'V', 'estimate', 'Chosen: bench supply'),
  coilA: parameter(0.67, 0.5, 1, 'A', 'recalled', 'Source: NEMA 11 catalogue values'),
  coilOhm: parameter(5.6, 2, 9, 'Ω', 'recalled', 'Source: NEMA 11 catalogue values'),
  coilH: parameter(4.2e-3, 2e-3, 6e-3, 'H', 'recalled', 'Source: NEMA 11 catalogue values'),
  springMmPerS: parameter(100, 50, 200, 'mm/s', 'estimate', 'Chosen: return spring against a motor without current, bounded by its drag'),
} as const satisfies Record<string, Parameter>;

/** Poles of a 1.8° motor: 50 electrical turns a revolution, 4 full steps each. A rotor slips whole electrical turns. */
export const ELECTRICAL_TURNS = 50;
export const STEPS_PER_SLIP = 4;

/** Thrust in N of a torque on a screw: F = 2π η T / lead. */
export const thrustN = (torqueNm: number, leadMm: number): number => (2 * Math.PI * DRIVE.efficiency.nominal * torqueNm * 1e3) / leadMm;

/** Torque in N·m that a thrust needs. */
export const torqueNm = (forceN: number, leadMm: number): number => (forceN * leadMm) / (2e3 * Math.PI * DRIVE.efficiency.nominal);

/** Small-signal resonance of the held rotor, Hz. */
export const naturalHz = (holdNm: number, inertiaKgM2: number): number =>
  Math.sqrt((ELECTRICAL_TURNS * holdNm) / inertiaKgM2) / (2 * Math.PI);

/** Shaft lag in rad of a loaded rotor: asin(T / T_hold) / 50. Above the hold torque it slips: NaN. */
export const lagRad = (loadNm: number, holdNm: number): number => Math.asin(loadNm / holdNm) / ELECTRICAL_TURNS;

/** Pull-out torque in N·m at a shaft speed: the winding no longer takes its current once speed eats the supply voltage. */
export function pullOutNm(holdNm: number, radPerS: number): number {
  const coilA = DRIVE.coilA.nominal;
  const backEmfV = (holdNm / (Math.SQRT2 * coilA)) * Math.abs(radPerS);
  const impedanceOhm = Math.hypot(DRIVE.coilOhm.nominal, ELECTRICAL_TURNS * radPerS * DRIVE.coilH.nominal);
  return holdNm * Math.min(1, Math.max(0, (DRIVE.supplyV.nominal - backEmfV) / (coilA * impedanceOhm)));
}
