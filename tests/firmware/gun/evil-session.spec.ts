// The supervisor without a sane session: in the middle of a dose the session is replaced by one that does harm, through the
// drivers or straight to the registers. Supervisor and chip limits alone must hold; without the supervisor they must not.
import { describe, expect, it } from 'vitest';
import * as P from '../../../firmware/core/program.ts';
import type { Gun } from '../../../firmware/main.ts';
import { REG_RAMPMODE, REG_VMAX, REG_XTARGET } from '../../../hal/drivers/tmc5240-registers.ts';
import type { AtMs } from '../../../hal/units.ts';
import { draw } from '../../../sim/random.ts';
import { Rig } from './rig.ts';

type Attack = (gun: Gun, nowMs: AtMs) => void;

/** Runs to the middle of the dose of prick 4, then lets `attack` act in place of the session for 400 ms. */
function attacked(attack: Attack, seed: number): { rig: Rig; afterMs: number } {
  const rig = new Rig({ set: { pricks: 12 }, seed, limitS: 120 });
  rig.until(
    (gun) =>
      gun.session.treatment.prick === 4 && gun.session.treatment.stroke.running === 1 && gun.session.treatment.stroke.stepIndex === 2,
  );
  const { gun } = rig;
  const sane = gun.session.step.bind(gun.session);
  const fromUs = rig.virtual.nowUs;
  let seenUs = -1;
  gun.session.step = () => {
    if (gun.supervisor.fault) {
      if (seenUs < 0) seenUs = rig.virtual.nowUs;
      sane();
      return;
    }
    gun.session.orders.clear();
    gun.session.orders.power = 1;
    attack(gun, gun.session.readings.nowMs);
  };
  rig.pass(400).pass(1500);
  return { rig, afterMs: seenUs < 0 ? Infinity : (seenUs - fromUs) / 1000 };
}

const tipMm = (rig: Rig): number => rig.virtual.world.needle.tipMm(rig.virtual.nowUs);
const deepest = (rig: Rig): number => Math.max(...rig.virtual.truth.pricks.map((prick) => prick.tipMaxUm));

const ATTACKS: readonly (readonly [string, Attack])[] = [
  ['I1: a target 5 mm too deep, straight into XTARGET', (gun) => gun.needle.set(REG_XTARGET, gun.needle.positionSteps + 4000)],
  ['R01: velocity mode towards the patient', (gun) => gun.needle.set(REG_RAMPMODE, 1)],
  ['I6 R48: the plunger called back', (gun, nowMs) => gun.plunger.moveTo(gun.plunger.positionSteps - 20000, 20000, nowMs)],
  ['I3 R08: the plunger sent 20 µL further', (gun, nowMs) => gun.plunger.moveTo(gun.plunger.positionSteps + 57000, 90000, nowMs)],
  [
    'I3 R08: a plunger target ten times the dose, straight into XTARGET',
    (gun) => gun.plunger.set(REG_XTARGET, gun.plunger.positionSteps + 142650),
  ],
  ['I9: nothing at all: the needle left in', () => undefined],
];

describe('a session that does harm', () => {
  it.each(ATTACKS)('%s: the gun is in its safe state, needle home, never 0.15 mm beyond the tip depth', (_, attack) => {
    const { rig } = attacked(attack, 4);
    rig.pass(4000);
    expect(rig.gun.supervisor.safe).toBe(1);
    expect(tipMm(rig)).toBeLessThan(0);
    expect(deepest(rig)).toBeLessThanOrEqual((rig.program[P.P_TIP_UM] as number) + 150);
  });

  it.each(ATTACKS.filter(([name]) => /I1:|I6|I3/.test(name)))('T2: %s: seen within 60 ms', (_, attack) => {
    expect(attacked(attack, 4).afterMs).toBeLessThanOrEqual(60);
  });

  it('I3: over 12 seeds of random orders, nothing reaches tissue beyond the prick’s bound and one tick of flow (seed 1…12)', () => {
    for (let seed = 1; seed <= 12; seed++) {
      let n = 0;
      const random = (): number => draw(seed, 'evil', n++);
      const { rig } = attacked((gun, nowMs) => {
        const kind = Math.floor(random() * 5);
        if (kind === 0) gun.needle.moveTo(Math.floor(random() * 14000) as never, 500 + random() * 100000, nowMs);
        else if (kind === 1)
          gun.plunger.moveTo(gun.plunger.positionSteps + Math.floor((random() - 0.3) * 60000), 1000 + random() * 90000, nowMs);
        else if (kind === 2) gun.needle.stop();
        else if (kind === 3) gun.plunger.set(REG_VMAX, Math.floor(random() * 400000));
      }, seed);
      rig.pass(4000);
      expect(tipMm(rig)).toBeLessThan(0);
      expect(deepest(rig)).toBeLessThanOrEqual((rig.program[P.P_TIP_UM] as number) + 150);
      const last = rig.virtual.truth.pricks.at(-1);
      expect(last?.tissueUl ?? 0).toBeLessThanOrEqual(5 + 1.8 + 0.1 + 0.2 + 100 * 0.06);
    }
  });

  it('is caught by the supervisor and by nothing else: with the supervisor silenced the over-dose goes through', () => {
    const rig = new Rig({ set: { pricks: 12 }, seed: 4, limitS: 120 });
    rig.until((gun) => gun.session.treatment.prick === 4 && gun.session.treatment.stroke.stepIndex === 2);
    const { gun } = rig;
    gun.supervisor.step = () => 1;
    gun.session.step = () => {
      gun.session.orders.clear();
      gun.session.orders.power = 1;
      gun.plunger.moveTo(gun.plunger.positionSteps + 57000, 90000, gun.session.readings.nowMs);
    };
    rig.pass(1000);
    expect(rig.virtual.truth.pricks.at(-1)?.tissueUl).toBeGreaterThan(13.1);
    expect(tipMm(rig)).toBeGreaterThan(0);
  });
});
