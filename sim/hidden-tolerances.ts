// The tolerances of one gun as it leaves assembly, wide, before anybody has calibrated it: each drawn for the number of the gun
// from its own stream. Only worlds that name a `gun` have them; the others have the mild ones of draws.ts. Simulator only.
// Not responsible for applying them (gun-build.ts, world.ts), and never seen by firmware or calibration.
import type { ScrewDraw } from './draws.ts';
import { draw, gauss } from './random.ts';

/**
 * One standard deviation, or least and most of a uniform draw. Sources: barrel of a disposable syringe 1 %; lead screw 0.06 % typical,
 * to 0.3 %; once-a-turn error 2 to 15 µm (rolled screws; the calibrated gun takes back 15); backlash 20 to 80 µm; needle hub ±0.25 mm (taken so that
 * with the cap it stays within the ±0.3 mm that probing allows);
 * internal oscillator of a ramp chip ±2 % (TMC5240 datasheet, fCLKOSC). Chosen: the rest.
 */
const SPREAD = {
  area: 0.01,
  compliance: 0.15,
  friction: 0.2,
  leadError: 0.001,
  leadErrorMost: 0.003,
  periodicMm: [0.002, 0.012],
  backlashMm: [0.02, 0.08],
  seatMm: [-0.18, 0.18],
  capMm: [-0.08, 0.08],
  capStiffness: 0.1,
  cellGain: 0.02,
  wheel: 0.01,
  clock: 0.01,
} as const;
const MOST_SD = 2.5;

export interface HiddenTolerances {
  /** Factors on the type's data. */
  readonly area: number;
  readonly compliance: number;
  readonly friction: number;
  readonly backlashMm: number;
  readonly needleScrew: ScrewDraw;
  readonly plungerScrew: ScrewDraw;
  readonly seatMm: number;
  /** The cap's membrane against the ring plane, positive further out; factor on its stiffness. */
  readonly capMm: number;
  readonly capStiffness: number;
  readonly ringGain: number;
  readonly pusherGain: number;
  readonly wheel: number;
  readonly needleClock: number;
  readonly plungerClock: number;
}

/** What gun number `gun` hides. */
export function hiddenTolerances(gun: number): HiddenTolerances {
  const normal = (channel: string, sd: number, most = MOST_SD * sd): number =>
    Math.max(-most, Math.min(most, sd * gauss(gun, `hidden.${channel}`, 0)));
  const factor = (channel: string, sd: number): number => 1 + normal(channel, sd);
  const between = (channel: string, [least, most]: readonly [number, number]): number =>
    least + (most - least) * draw(gun, `hidden.${channel}`, 0);
  const screw = (axis: string): ScrewDraw => ({
    leadError: normal(`${axis}.lead`, SPREAD.leadError, SPREAD.leadErrorMost),
    periodicMm: between(`${axis}.period`, SPREAD.periodicMm),
    periodicPhaseRad: 2 * Math.PI * draw(gun, `hidden.${axis}.phase`, 0),
  });
  return {
    area: factor('area', SPREAD.area),
    compliance: factor('compliance', SPREAD.compliance),
    friction: factor('friction', SPREAD.friction),
    backlashMm: between('backlash', SPREAD.backlashMm),
    needleScrew: screw('needle'),
    plungerScrew: screw('plunger'),
    seatMm: between('seat', SPREAD.seatMm),
    capMm: between('cap', SPREAD.capMm),
    capStiffness: factor('cap.stiffness', SPREAD.capStiffness),
    ringGain: factor('ring.gain', SPREAD.cellGain),
    pusherGain: factor('pusher.gain', SPREAD.cellGain),
    wheel: factor('wheel', SPREAD.wheel),
    needleClock: factor('needle.clock', SPREAD.clock),
    plungerClock: factor('plunger.clock', SPREAD.clock),
  };
}
