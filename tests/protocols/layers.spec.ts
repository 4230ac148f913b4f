// Skin laws: the published or computed figures, the inverse of the depth law, and layers as probabilities.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  SITES,
  SKIN,
  addedSpreadMm,
  addedTipMm,
  bulgeMm,
  cutLeft,
  depthInSkinMm,
  layerProbabilities,
  meanSkin,
  membraneNPerMm,
  punctureForceN,
  stiffnessNPerMm,
  tensionNPerMm,
  tipForDepth,
} from '../../protocols/layers.ts';
import type { Skin, SiteId } from '../../protocols/layers.ts';

const CHEEK = meanSkin(SITES.cheek, 'f');
const FAT_RICH: Skin = { ...CHEEK, siteFatMm: 10 };
const ids = Object.keys(SITES) as SiteId[];

describe('skin under ring and needle', () => {
  it('gains 2π·0.12 / ln(6/0.155) = 0.2062 N/mm from a tensed ring of 12 mm', () => {
    expect(membraneNPerMm(0.12, 12, 0.31)).toBeCloseTo(0.2062, 4);
  });

  it('is 3.101 mm deep at 4 mm of travel with 0.3 N, 0.05 N/mm and 0.506 N/mm', () => {
    expect(depthInSkinMm(4, 0.3, 0.05, 0.506)).toBeCloseTo(3.101, 3);
  });

  it('bulges by more than 3 mm into a 15 mm ring at 10 N over 10 mm of fat, by 90 % of it at 8 N', () => {
    expect(bulgeMm(FAT_RICH, 10, 15)).toBeGreaterThan(3);
    expect(bulgeMm(FAT_RICH, 8, 15)).toBeGreaterThan(0.9 * SKIN.bulgeMm.nominal);
  });

  it('bulges by 2.0 mm and 1.0 mm at most into rings of 20 mm and 30 mm', () => {
    expect(bulgeMm(FAT_RICH, 1000, 20)).toBeCloseTo(2, 1);
    expect(bulgeMm(FAT_RICH, 1000, 30)).toBeCloseTo(1, 1);
  });

  it('tenses from 0.02 N/mm free to 0.12 N/mm under a firm ring', () => {
    expect(tensionNPerMm(CHEEK, 0)).toBe(0.02);
    expect(tensionNPerMm(CHEEK, 8)).toBeCloseTo(0.12, 4);
  });

  it('is indented a third less when tensed: k from 0.334 to 0.506 N/mm on 12 mm', () => {
    const slackNPerMm = 0.3 + membraneNPerMm(0.02, 12, 0.31);
    const tensedNPerMm = 0.3 + membraneNPerMm(0.12, 12, 0.31);
    expect(1 - slackNPerMm / tensedNPerMm).toBeCloseTo(0.34, 2);
  });

  it('is indented 25 % less at 50 mm/s than at 2 mm/s without a ring', () => {
    const travelMm = (speed: number): number => punctureForceN(CHEEK, 0.311, 10) / stiffnessNPerMm(CHEEK, speed, 0, 15, 0.311);
    expect(1 - travelMm(50) / travelMm(2)).toBeCloseTo(0.25, 1);
  });

  it('gives way at 0.80, 0.60 and 0.45 N to 27G, 30G and 32G', () => {
    expect([0.413, 0.311, 0.235].map((mm) => punctureForceN(CHEEK, mm, 10).toFixed(2))).toEqual(['0.80', '0.60', '0.45']);
  });

  it('keeps 40 % of its cutting force after a long rest', () => {
    expect(cutLeft(0)).toBe(1);
    expect(cutLeft(10)).toBeCloseTo(0.4, 6);
  });
});

describe('tip for depth', () => {
  it('adds −0.26 mm on a cheek for 1.2 mm at 100 mm/s under 2 N: the bulge outweighs the indentation', () => {
    const tip = tipForDepth(SITES.cheek, 'f', 1200, 100_000, 2000, 15, 311);
    expect(tip).toEqual({ tipUm: 937, addedUm: -263, addedLowerQuartileUm: -263, addedMeanUm: -178, spreadUm: 125 });
  });

  it('adds more without a ring: 0.36 mm on a cheek', () => {
    expect(tipForDepth(SITES.cheek, 'f', 1200, 100_000, 0, 15, 311).addedUm).toBeGreaterThan(300);
  });

  it('inverts the depth law exactly before the quartile is taken off', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ids),
        fc.integer({ min: 1000, max: 10_000 }),
        fc.integer({ min: 2, max: 120 }),
        fc.integer({ min: 0, max: 4 }),
        (id, depthUm, speedMmPerS, ringN) => {
          const skin = meanSkin(SITES[id], 'm');
          const how = { speedMmPerS, ringN, ringDiameterMm: 15, needleOdMm: 0.311, heldForS: 0.25 };
          const travelMm = depthUm / 1e3 + addedTipMm(skin, depthUm / 1e3, how) + bulgeMm(skin, ringN, 15);
          const cutN = 0.5 * punctureForceN(skin, 0.311, speedMmPerS) * cutLeft(0.25);
          const stiffness = stiffnessNPerMm(skin, speedMmPerS, ringN, 15, 0.311);
          expect(depthInSkinMm(travelMm, cutN, skin.frictionNPerMm, stiffness)).toBeCloseTo(depthUm / 1e3, 9);
        },
      ),
      { seed: 2 },
    );
  });

  it('never adds more than the lower quartile, on any site, at any depth', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ids),
        fc.integer({ min: 1000, max: 10_000 }),
        fc.integer({ min: 0, max: 4000 }),
        (id, depthUm, ringMn) => {
          const tip = tipForDepth(SITES[id], 'f', depthUm, 80_000, ringMn, 15, 311);
          expect(tip.addedUm).toBeLessThanOrEqual(tip.addedLowerQuartileUm);
          expect(tip.addedLowerQuartileUm).toBeLessThan(tip.addedMeanUm);
          expect(Number.isInteger(tip.tipUm)).toBe(true);
        },
      ),
      { seed: 2 },
    );
  });

  it('lies shallow by less than 0.1 mm on a face at 2 N, spread below 0.2 mm', () => {
    for (const id of ['forehead', 'cheek', 'temple', 'chin', 'neck'] as const) {
      const tip = tipForDepth(SITES[id], 'f', 1500, 100_000, 2000, 15, 311);
      expect(tip.spreadUm, id).toBeLessThan(200);
      expect(tip.addedMeanUm - tip.addedUm, id).toBeLessThan(120);
    }
  });

  it('spreads more where the skin bulges more: cheek against forehead at 2 N', () => {
    const how = { speedMmPerS: 100, ringN: 2, ringDiameterMm: 15, needleOdMm: 0.311, heldForS: 0.25 };
    expect(addedSpreadMm(SITES.cheek, 'f', 1.5, how)).toBeGreaterThan(addedSpreadMm(SITES.forehead, 'f', 1.5, how));
  });
});

describe('layers', () => {
  it('sum to 1 at any depth on any site', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ids), fc.integer({ min: 0, max: 12_000 }), fc.integer({ min: 0, max: 500 }), (id, depthUm, sdUm) => {
        const chances = Object.values(layerProbabilities(SITES[id], 'f', depthUm, sdUm));
        expect(chances.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 9);
        for (const one of chances) expect(one).toBeGreaterThanOrEqual(0);
      }),
      { seed: 2 },
    );
  });

  it('are fat at 4 mm on thigh and abdomen, always', () => {
    expect(layerProbabilities(SITES.thigh, 'f', 4000).hypodermis).toBeGreaterThan(0.99);
    expect(layerProbabilities(SITES.abdomen, 'f', 4000).hypodermis).toBeGreaterThan(0.99);
  });

  it('are past the fat, at the bone, at 4 mm on a forehead (skin and fat end at 3.1 mm)', () => {
    expect(layerProbabilities(SITES.forehead, 'f', 4000).deeper).toBeGreaterThan(0.95);
  });

  it('are an even chance at the mean end of the dermis: 1.07 mm on a cheek', () => {
    const chances = layerProbabilities(SITES.cheek, 'f', 1070);
    expect(chances.epidermis + chances.dermis).toBeCloseTo(0.5, 3);
  });

  it('are blurred by the depth spread: 0.3 mm makes fat three times as likely at 1 mm in a thigh dermis that ends at 1.9 mm', () => {
    expect(layerProbabilities(SITES.thigh, 'f', 1000, 300).hypodermis).toBeGreaterThan(
      3 * layerProbabilities(SITES.thigh, 'f', 1000).hypodermis,
    );
  });

  it('know twelve sites, each with layers of both sexes and a source', () => {
    expect(ids).toHaveLength(12);
    for (const id of ids) {
      expect(SITES[id].id).toBe(id);
      expect(SITES[id].source).toMatch(/^(Source|Chosen): ./);
      for (const layers of [SITES[id].layersMm.f, SITES[id].layersMm.m]) {
        for (const one of [layers.epidermis, layers.dermis, layers.hypodermis]) expect(Math.min(one.mean, one.sd)).toBeGreaterThan(0);
      }
    }
  });
});

describe('skin parameters', () => {
  it.each(Object.entries(SKIN))('%s lies in its range and says where it comes from', (_name, row) => {
    expect(row.nominal).toBeGreaterThanOrEqual(row.low);
    expect(row.nominal).toBeLessThanOrEqual(row.high);
    expect(row.source).toMatch(/^(Source|Measured|Chosen): ./);
  });
});
