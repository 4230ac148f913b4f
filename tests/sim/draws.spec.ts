// What chance decides: one prick's skin and one build's screw and syringe, over thousands of draws.
import { describe, expect, it } from 'vitest';
import { tissueLaw } from '../../protocols/fluid.ts';
import { SITES, tipForDepth } from '../../protocols/layers.ts';
import { screwDraw, skinDraw, syringeDraw } from '../../sim/draws.ts';
import { SkinSpot } from '../../sim/plant/tissue.ts';

const COUNT = 4000;
const over = (one: (index: number) => number): { mean: number; sd: number } => {
  const values = Array.from({ length: COUNT }, (_, index) => one(index));
  const mean = values.reduce((sum, value) => sum + value, 0) / COUNT;
  return { mean, sd: Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / COUNT) };
};

describe('skin draw', () => {
  it('is the same for the same seed and prick, another for the next prick', () => {
    expect(skinDraw(SITES.cheek, 'f', 9, 3)).toEqual(skinDraw(SITES.cheek, 'f', 9, 3));
    expect(skinDraw(SITES.cheek, 'f', 9, 3)).not.toEqual(skinDraw(SITES.cheek, 'f', 9, 4));
    expect(skinDraw(SITES.cheek, 'f', 9, 3)).not.toEqual(skinDraw(SITES.cheek, 'f', 10, 3));
  });

  it("has the site's mean: forehead dermis 0.86 ± 0.01 mm, opening factor 1 ± 0.02, spread 0.30 ± 0.02 (seed 1, 4000 pricks)", () => {
    const dermis = over((index) => skinDraw(SITES.forehead, 'f', 1, index).dermisMm);
    const opening = over((index) => skinDraw(SITES.forehead, 'f', 1, index).openingFactor);
    expect(Math.abs(dermis.mean - 0.86)).toBeLessThan(0.01);
    expect(Math.abs(opening.mean - 1)).toBeLessThan(0.02);
    expect(Math.abs(opening.sd - 0.3)).toBeLessThan(0.02);
    expect(tissueLaw('dermis').openingKpa * opening.mean).toBeCloseTo(20, 0);
  });

  it('never has a layer thinner than a fifth of its mean (seed 1, cheek)', () => {
    for (let index = 0; index < COUNT; index += 1) expect(skinDraw(SITES.cheek, 'f', 1, index).dermisMm).toBeGreaterThanOrEqual(0.87 / 5);
  });

  it("meets a technique's 1.2 mm on a cheek with a bias below 0.1 mm and a spread below 0.3 mm, 0.25 s after the puncture (seed 1)", () => {
    const { tipUm } = tipForDepth(SITES.cheek, 'f', 1200, 100_000, 2000, 15, 311);
    const depthMm = over((index) => {
      const spot = new SkinSpot(skinDraw(SITES.cheek, 'f', 1, index), 0.311, 15);
      spot.puncturesAtTipMm(2, 100);
      return spot.depthMm(tipUm / 1e3, 2, 0.25);
    });
    expect(Math.abs(depthMm.mean - 1.2)).toBeLessThan(0.1);
    expect(depthMm.sd).toBeLessThan(0.3);
  });
});

describe('build draw', () => {
  it('gives each axis and each gun its own screw, 0.03 % rms off', () => {
    expect(screwDraw(1, 'needle')).not.toEqual(screwDraw(1, 'plunger'));
    expect(over((seed) => screwDraw(seed, 'needle').leadError).sd).toBeCloseTo(3e-4, 5);
  });

  it("keeps a syringe's type and varies area by 0.3 %, compliance by 10 %", () => {
    const type = { areaMm2: 17.945, complianceUlPerKpa: 0.04, needleKpaSPerUl: 0.255, rodNPerMm: 60, glideN: 1.5, breakLooseN: 3 };
    const area = over((seed) => syringeDraw(type, seed, 0).areaMm2 / 17.945);
    expect(Math.abs(area.mean - 1)).toBeLessThan(2e-4);
    expect(area.sd).toBeCloseTo(0.003, 3);
    expect(over((seed) => syringeDraw(type, seed, 0).complianceUlPerKpa / 0.04).sd).toBeCloseTo(0.1, 1);
    const one = syringeDraw(type, 4, 0);
    expect((one.breakLooseN ?? 0) / (one.glideN ?? 1)).toBeCloseTo(2, 9);
    expect(one.rodNPerMm).toBe(60);
  });
});
