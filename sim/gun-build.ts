// How one gun and its syringe are built: screws, springs, needle seat, liquid path, each with its draw for the seed.
// Not responsible for how they move (plant/) nor for skin (draws.ts). Simulator only.
import { CrossNeedle, hyaluronic } from '../protocols/fluid-shear.ts';
import { needleResistance } from '../protocols/fluid.ts';
import { screwDraw, syringeDraw } from './draws.ts';
import { BUILD } from './hand-parameters.ts';
import { hiddenTolerances } from './hidden-tolerances.ts';
import type { HiddenTolerances } from './hidden-tolerances.ts';
import { DRIVE } from './plant/drive-parameters.ts';
import { Rotor } from './plant/drive.ts';
import type { Screw } from './plant/drive.ts';
import type { FluidParams } from './plant/fluid-syringe.ts';
import { PLUNGER_MICROSTEPS_PER_MM } from './plunger-side.ts';
import { gauss } from './random.ts';
import type { WorldSetup } from './setup.ts';

/** NEMA 11 on a 4 mm lead with an encoder of 800 lines, return spring, end stops. Chosen: as the driver's profile is built for. */
const NEEDLE_DRIVE = {
  stepsPerMm: 800,
  microsteps: 16,
  leadMm: 4,
  encoderCountsPerMm: 800,
  minMm: -0.8,
  maxMm: 17,
  springMmPerS: DRIVE.springMmPerS.nominal,
  springHomeMm: -0.3,
  startMm: -0.3,
};
/** NEMA 11 on a 1 mm lead, friction holds it without current. */
const PLUNGER_DRIVE = { stepsPerMm: PLUNGER_MICROSTEPS_PER_MM, microsteps: 256, leadMm: 1, minMm: -0.8, maxMm: 62, startMm: -0.2 };

/** What `--plant drive.…` sets of both screws and motors. */
const driveOf = ({ drive }: WorldSetup): Partial<Screw> => ({
  ...(drive.leadError === undefined ? {} : { leadError: drive.leadError }),
  ...(drive.periodicMm === undefined ? {} : { periodicMm: drive.periodicMm }),
  ...(drive.torque === 1 ? {} : { holdNm: DRIVE.nema11HoldNm.nominal * drive.torque }),
});

/** How far off a needle sits in its hub at most. Chosen: ±0.25 mm. */
const SEAT_MOST_MM = 0.25;
/** Counts of the travel wheel a millimetre. Chosen. */
const WHEEL_COUNTS_PER_MM = 100;
/** Least share of a syringe's compliance that is the barrel's, however soft its rod is said to be. Chosen. */
const BARREL_LEAST = 0.2;

/** What this gun hides, null for the usual one. */
export const hiddenIn = (setup: WorldSetup): HiddenTolerances | null => (setup.gun === undefined ? null : hiddenTolerances(setup.gun));

export function makeRotor(setup: WorldSetup, axis: 'needle' | 'plunger'): Rotor {
  const hidden = hiddenIn(setup);
  const screw = hidden === null ? screwDraw(setup.seed, axis) : axis === 'needle' ? hidden.needleScrew : hidden.plungerScrew;
  return new Rotor({ ...(axis === 'needle' ? NEEDLE_DRIVE : PLUNGER_DRIVE), ...(setup.exact ? {} : screw), ...driveOf(setup) });
}

/** How much further out than drawn this needle's tip is, mm. */
export function needleSeatMm(setup: WorldSetup): number {
  if (setup.exact) return 0;
  if (setup.needle.seatMm !== undefined) return setup.needle.seatMm;
  if (setup.gun !== undefined) return hiddenTolerances(setup.gun).seatMm;
  return Math.max(-SEAT_MOST_MM, Math.min(SEAT_MOST_MM, BUILD.needleSeatMm.nominal * gauss(setup.seed, 'build.seat', 0)));
}

/** Counts a millimetre of this gun's travel wheel. */
export function wheelCountsPerMm(setup: WorldSetup): number {
  const hidden = hiddenIn(setup);
  if (hidden !== null) return WHEEL_COUNTS_PER_MM * hidden.wheel;
  return WHEEL_COUNTS_PER_MM * (setup.exact ? 1 : 1 + BUILD.wheel.nominal * gauss(setup.seed, 'build.wheel', 0));
}

/** The `loadIndex`-th syringe of a session, with its needle and liquid. */
export function makeSyringe(setup: WorldSetup, loadIndex: number): FluidParams {
  const { syringe, needle, viscosityMpas, hyaluronicMgPerMl, exact, seed } = setup;
  const gel = hyaluronicMgPerMl > 0 ? new CrossNeedle(hyaluronic(hyaluronicMgPerMl), needle.lengthMm, needle.innerMm) : null;
  const areaMm2 = (Math.PI * syringe.boreMm ** 2) / 4;
  // The rod's share of the total compliance is what its stiffness makes of it; the rest is the barrel's.
  const rodUlPerKpa = (1e-3 * areaMm2 * areaMm2) / syringe.rodNPerMm;
  const type: FluidParams = {
    areaMm2,
    complianceUlPerKpa: Math.max(syringe.complianceUlPerKpa * BARREL_LEAST, syringe.complianceUlPerKpa - rodUlPerKpa),
    needleKpaSPerUl: gel ? 0 : needleResistance(viscosityMpas, needle.lengthMm, needle.innerMm),
    ...(gel ? { flowCurve: gel } : {}),
    bubbleUl: syringe.bubbleUl,
    rodNPerMm: syringe.rodNPerMm,
    glideN: syringe.glideN,
    breakLooseN: syringe.breakLooseN,
    playMm: syringe.backlashMm,
    // The pusher comes from behind: the play is taken up when it meets the rod.
    playOffsetMm: syringe.backlashMm / 2,
  };
  const hidden = hiddenIn(setup);
  if (hidden === null) return exact ? type : syringeDraw(type, seed, loadIndex);
  return {
    ...type,
    areaMm2: type.areaMm2 * hidden.area,
    complianceUlPerKpa: type.complianceUlPerKpa * hidden.compliance,
    glideN: syringe.glideN * hidden.friction,
    breakLooseN: syringe.breakLooseN * hidden.friction,
    playMm: hidden.backlashMm,
    playOffsetMm: hidden.backlashMm / 2,
  };
}
