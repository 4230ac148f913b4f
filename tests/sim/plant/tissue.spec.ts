// A spot of skin under ring and needle: the figures of the insertion model, and that the skin follows the needle both ways.
import { describe, expect, it } from 'vitest';
import { SITES, meanSkin, stiffnessNPerMm } from '../../../protocols/layers.ts';
import { SkinSpot } from '../../../sim/plant/tissue.ts';

const CHEEK = meanSkin(SITES.cheek, 'f');
const spotOf = (): SkinSpot => new SkinSpot(CHEEK, 0.311, 15);

describe('skin spot', () => {
  it('is indented by Fp/k before it gives way: 0.67 N and 0.68 N/mm at 100 mm/s, 2 N on a 15 mm ring', () => {
    const spot = spotOf();
    const fromSkinMm = spot.puncturesAtTipMm(2, 100) - spot.touchesAtTipMm(2);
    const stiffness = stiffnessNPerMm(CHEEK, 100, 2, 15, 0.311);
    expect(stiffness).toBeCloseTo(0.683, 3);
    expect(fromSkinMm * stiffness).toBeCloseTo(0.6 * 10 ** 0.05, 9);
  });

  it('bulges by 0.64 mm into a 15 mm ring at 2 N over 4 mm of fat, and the needle meets it there', () => {
    expect(spotOf().touchesAtTipMm(2)).toBeCloseTo(-0.6423, 4);
    expect(spotOf().touchesAtTipMm(0)).toBeCloseTo(0, 12);
  });

  it('creeps deeper by 0.2 mm to 0.3 mm while the needle rests', () => {
    const spot = spotOf();
    spot.puncturesAtTipMm(2, 100);
    const atOnceMm = spot.depthMm(1.5, 2, 0);
    const laterMm = spot.depthMm(1.5, 2, 5);
    expect(laterMm - atOnceMm).toBeGreaterThan(0.2);
    expect(laterMm - atOnceMm).toBeLessThan(0.3);
    expect(spot.depthMm(1.5, 2, 5)).toBe(laterMm);
  });

  it('keeps its depth while the skin springs out, then lets the needle slide, and ends at the bulge', () => {
    const spot = spotOf();
    spot.puncturesAtTipMm(2, 100);
    const deepMm = spot.depthMm(1.5, 2, 0.1);
    expect(spot.depthMm(1.4, 2, 0.11)).toBe(deepMm);
    expect(spot.forceN(1.4, 2, deepMm)).toBeLessThan(spot.forceN(1.5, 2, deepMm));
    const slidingMm = spot.depthMm(0, 2, 0.12);
    expect(slidingMm).toBeLessThan(deepMm);
    expect(spot.forceN(0, 2, slidingMm)).toBeCloseTo(-0.05 * slidingMm, 9);
    expect(spot.depthMm(spot.exitsAtTipMm(2) + 1e-6, 2, 0.13)).toBeLessThan(2e-6);
    expect(spot.depthMm(spot.exitsAtTipMm(2), 2, 0.14)).toBe(0);
  });

  it('pushes back with cutting and friction force while the needle goes in', () => {
    const spot = spotOf();
    spot.puncturesAtTipMm(2, 100);
    const depthMm = spot.depthMm(1.5, 2, 0);
    expect(spot.forceN(1.5, 2, depthMm)).toBeCloseTo(0.3 * 10 ** 0.05 + 0.05 * depthMm, 9);
  });

  it('needs 31.3 kPa to open cheek dermis under 2 N, 14.3 kPa below it', () => {
    expect(spotOf().openingKpa(0.8, 2)).toBeCloseTo(20 + 11.318, 2);
    expect(spotOf().openingKpa(2, 2)).toBeCloseTo(3 + 11.318, 2);
  });

  it('leaves 41 % of a 20° bevel of 0.854 mm bare at 0.5 mm depth, none at 0.9 mm', () => {
    expect(spotOf().lumenExposure(0.5)).toBeCloseTo(1 - 0.5 / 0.8545, 3);
    expect(spotOf().tissuePath(0.9, 2).exposedFraction).toBe(0);
  });

  it('lets 40 % of the depot follow from a bevel just covered, 1 % from 4 mm', () => {
    expect(spotOf().reflux(0.8)).toBeCloseTo(0.4, 12);
    expect(spotOf().reflux(4)).toBeCloseTo(0.01, 2);
  });

  it('names the layer: epidermis to 0.2 mm, dermis to 1.07 mm, fat to 5.07 mm on a cheek', () => {
    expect([0.1, 0.2, 0.21, 1.07, 1.08, 5.07, 5.08].map((mm) => spotOf().layerAt(mm))).toEqual([
      'epidermis',
      'epidermis',
      'dermis',
      'dermis',
      'hypodermis',
      'hypodermis',
      'deeper',
    ]);
  });
});
