// The measuring place beside a whole virtual gun: what leaves the needle falls on the pan, and measuring changes nothing of the session.
import { describe, expect, it } from 'vitest';
import { USUAL_BALANCE } from '../../sim/bench.ts';
import type { Tip } from '../../sim/plant/pendant-drop.ts';
import { Rig } from '../firmware/gun/rig.ts';

const FEW = { set: { pricks: 4 } };

/** What compliance holds comes for so long after the last move, below 1e-6 µL in the 50 ms between two samples of the balance. */
const RUNS_DOWN_MS = 2000;

/** A short session over a pan; all that came out of the needle outside the skin, by the truth, µL. */
function overPan(tip: Tip): { rig: Rig; airUl: number } {
  const rig = new Rig({ protocol: 'mesolift-face', seed: 5, ...FEW });
  rig.virtual.bench.connectBalance({ ...USUAL_BALANCE, tip, mouthMm: 0 });
  rig.finish().pass(RUNS_DOWN_MS);
  const { truth } = rig.virtual;
  const airUl = truth.pricks.reduce((sum, prick) => sum + prick.airUl + prick.exposedUl, truth.primedUl);
  return { rig, airUl };
}

describe('bench', () => {
  it.each(['hanging', 'touching', 'submerged'] as const)(
    'has on the pan and at the %s tip all that left the needle outside the skin, to 1e-6 µL',
    (tip) => {
      const { rig, airUl } = overPan(tip);
      const { pan } = rig.virtual.bench;
      expect(airUl).toBeGreaterThan(10);
      expect(Math.abs((pan?.fallenUl ?? 0) + (pan?.drop.heldUl ?? 0) - airUl)).toBeLessThan(1e-6);
    },
  );

  it('leaves every entry of the journal as it is without a balance and a gauge, seed 5', () => {
    const { rig } = overPan('touching');
    const alone = new Rig({ protocol: 'mesolift-face', seed: 5, ...FEW }).finish();
    const gauged = new Rig({ protocol: 'mesolift-face', seed: 5, ...FEW });
    gauged.virtual.bench.connectGauge();
    gauged.finish();
    const words = (of: Rig): unknown => of.journal().entries;
    expect(words(rig)).toEqual(words(alone));
    expect(words(gauged)).toEqual(words(alone));
  });

  it('fills the same syringe again: full, the pan keeps what it has', () => {
    const { rig } = overPan('submerged');
    const { bench, world } = rig.virtual;
    const { fallenUl, heldUl } = { fallenUl: bench.pan?.fallenUl ?? 0, heldUl: bench.pan?.drop.heldUl ?? 0 };
    bench.hands.refill();
    rig.pass(1000);
    expect(world.plunger.leftUl).toBe(world.setup.syringe.fillUl);
    expect(bench.pan?.fallenUl).toBeCloseTo(fallenUl, 6);
    expect(bench.pan?.drop.heldUl).toBeCloseTo(heldUl, 6);
  });

  it('has the gauge read the very tip: within 0.02 mm of the truth at home', () => {
    const rig = new Rig({ protocol: 'mesolift-face', seed: 5, ...FEW });
    const line = rig.virtual.bench.connectGauge();
    let text = '';
    line.onText = (more) => {
      text += more;
    };
    rig.pass(10_000);
    rig.virtual.bench.flush();
    const last = Number(text.trim().split('\r').at(-1)?.slice(3));
    expect(Math.abs(last - rig.virtual.world.needle.tipMm(rig.virtual.nowUs))).toBeLessThan(0.02);
  });
});
