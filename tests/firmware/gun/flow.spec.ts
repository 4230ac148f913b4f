// Doses that did not flow are found out by their force whatever the phase of ticks, and those that flowed never are.
// What other faults do is in faults.spec.ts. Some 200 short sessions: a phase is met or not, a few seeds say nothing.
import { describe, expect, it } from 'vitest';
import * as F from '../../../firmware/core/faults.ts';
import * as S from '../../../firmware/core/states.ts';
import { Rig, type RigOptions } from './rig.ts';

/** Cost of a tick, µs: each shifts all ticks of a session against what happens between them. None so long that the gun would refuse to arm. */
const PHASES = [1500, 2700, 4000, 7000];
const SEEDS = Array.from({ length: 12 }, (_, index) => index + 1);

interface Asked {
  readonly protocol: string;
  readonly seed: number;
  readonly pricks: number;
  readonly tickUs: number;
  readonly bubbleUl?: number;
  readonly faults?: readonly string[];
}

/** A session to its end or its first hold; a hand that glides on is not the dose's fault, and goes on after its hold. */
function run({ protocol, seed, pricks, tickUs, bubbleUl, faults }: Asked): Rig {
  const options: RigOptions = { protocol, seed, set: { pricks }, limitS: 900, gun: { costs: { tickUs } }, ...(faults ? { faults } : {}) };
  const syringe = bubbleUl === undefined ? {} : { world: { syringe: { ...new Rig(options).virtual.setup.syringe, bubbleUl } } };
  return new Rig({ ...options, ...syringe }).until(({ session, supervisor }) => {
    const held = session.state === S.PAUSED && session.treatment.stroke.result !== F.RESULT_MOVED;
    return session.state === S.COMPLETE || (session.state === S.FAULT && supervisor.safe === 1) || held;
  });
}

/** How the session stands, and the prick that is to blame. */
function foundIn(rig: Rig): string {
  const { session, supervisor } = rig.gun;
  if (session.state === S.COMPLETE) return 'complete';
  const last = rig.pass(100).of('RESULT').at(-1);
  return `${session.state === S.FAULT ? `fault ${supervisor.fault}` : `result ${last?.code ?? -1}`} in prick ${last?.prick ?? 0}`;
}

describe('a dose of 5 µL', () => {
  it.each(PHASES)('R09: finds 50 µL of air in the first prick: short, held, seeds 1 to 12, a tick of %i µs', (tickUs) => {
    const found = SEEDS.map((seed) => foundIn(run({ protocol: 'mesolift-face', seed, pricks: 2, tickUs, bubbleUl: 50 })));
    expect(found).toEqual(SEEDS.map(() => `result ${F.RESULT_SHORT} in prick 1`));
  });

  it.each(PHASES)('R14: finds a needle that clogs in prick 3 in prick 3, seeds 1 to 12, a tick of %i µs', (tickUs) => {
    const faults = ['plunger.occluded@prick=3'];
    const found = SEEDS.map((seed) => foundIn(run({ protocol: 'mesolift-face', seed, pricks: 4, tickUs, faults })));
    expect(found).toEqual(SEEDS.map(() => `fault ${F.FAULT_OCCLUSION} in prick 3`));
  });

  it.each(PHASES)('R09: holds no session whose doses flow, 12 pricks, seeds 1 to 12, a tick of %i µs', (tickUs) => {
    const found = SEEDS.map((seed) => foundIn(run({ protocol: 'mesolift-face', seed, pricks: 12, tickUs })));
    expect(found).toEqual(SEEDS.map(() => 'complete'));
  });
});

describe('a dose too small to judge by one prick', () => {
  // Each prick adds a measured force: of 96 sessions of meso-botox-face (6 phases) half are found by prick 2, 95 by prick 4, one by prick 5.
  const MOST = { 'meso-botox-face': 10, 'bio-facelift': 6, 'rejuvenation-neck': 6, 'rejuvenation-face': 20 };
  it.each(Object.entries(MOST))('R09: %s finds 50 µL of air by what its pricks say together, within %i, seeds 1 to 8', (protocol, most) => {
    for (const seed of SEEDS.slice(0, 8)) {
      const tickUs = PHASES[seed % PHASES.length] ?? 0;
      const found = foundIn(run({ protocol, seed, pricks: most, tickUs, bubbleUl: 50 }));
      expect(found).toMatch(new RegExp(`^result ${F.RESULT_SHORT} in prick`));
    }
  });

  it.each(['rejuvenation-face', 'pain-local'])('R09: %s, 20 pricks: holds no session whose doses flow, seeds 1 to 6', (protocol) => {
    const seeds = SEEDS.slice(0, 6);
    const found = seeds.map((seed) => foundIn(run({ protocol, seed, pricks: 20, tickUs: PHASES[seed % PHASES.length] ?? 0 })));
    expect(found).toEqual(seeds.map(() => 'complete'));
  });
});
