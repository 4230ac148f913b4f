// Hyaluronic acid: viscosities at three shears, the flow of a tube in its two closed limits, and what it does to a dose.
import { describe, expect, it } from 'vitest';
import { CrossNeedle, crossViscosityPaS, hyaluronic } from '../../protocols/fluid-shear.ts';
import type { CrossLaw } from '../../protocols/fluid-shear.ts';
import { needleResistance } from '../../protocols/fluid.ts';
import { FluidPath } from '../../sim/plant/fluid.ts';

describe('hyaluronic acid', () => {
  it.each([
    [10, 254, 48, 10],
    [15, 662, 122, 23],
    [20, 1303, 238, 43],
    [25, 2203, 400, 72],
  ])('%d mg/mL of 1.5 MDa has %d, %d and %d mPa·s at 10³, 10⁴ and 10⁵ 1/s', (mgPerMl, ...expected) => {
    const mine = [1e3, 1e4, 1e5].map((shear) => 1000 * crossViscosityPaS(hyaluronic(mgPerMl), shear));
    mine.forEach((value, index) => {
      expect(Math.abs(value - (expected[index] ?? 0))).toBeLessThan(0.5);
    });
  });
});

describe('flow of a Cross liquid through a needle', () => {
  const [lengthMm, boreMm] = [4, 0.159];

  it('is Poiseuille for a law that does not thin, over six decades, within 1e-6', () => {
    const flat: CrossLaw = { zeroPaS: 0.0016, infinitePaS: 0.0016, relaxationS: 1, power: 0.75 };
    const needle = new CrossNeedle(flat, lengthMm, boreMm);
    for (const kpa of [1e-3, 1, 1000]) expect((needle.flowUlPerS(kpa) * needleResistance(1.6, lengthMm, boreMm)) / kpa).toBeCloseTo(1, 6);
  });

  it('is q = π r³ n/(3n+1) (rΔp/2KL)^(1/n) where it thins as a power law, within 1e-4', () => {
    const n = 0.25;
    const law: CrossLaw = { zeroPaS: 1e5, infinitePaS: 0, relaxationS: 1e4, power: 1 - n };
    const consistency = 1e5 * 1e4 ** (n - 1);
    const r = boreMm / 2;
    const kpa = 100;
    const q = Math.PI * r ** 3 * (n / (3 * n + 1)) * ((r * kpa * 1000) / (2 * consistency * lengthMm)) ** (1 / n);
    expect(new CrossNeedle(law, lengthMm, boreMm).flowUlPerS(kpa) / q).toBeCloseTo(1, 4);
  });

  it('is inverted by its pressure, and its slope is that of the pressure, at 1e-6 to 200 µL/s', () => {
    const needle = new CrossNeedle(hyaluronic(15), lengthMm, boreMm);
    for (const flow of [1e-6, 1e-3, 1, 20, 200]) {
      expect(needle.flowUlPerS(needle.dropKpa(flow)) / flow).toBeCloseTo(1, 9);
      const rise = (needle.dropKpa(flow * 1.0001) - needle.dropKpa(flow * 0.9999)) / (flow * 2e-4);
      expect(needle.slopeKpaSPerUl(flow) / rise).toBeCloseTo(1, 3);
    }
  });

  it('holds the dose back: 15 mg/mL, 30G × 4 mm, 1 mL, 10 µL in 0.5 s gives 1.6 µL at the stop at 187 kPa, 4.3 µL 0.5 s later', () => {
    const areaMm2 = 17.945;
    const flowCurve = new CrossNeedle(hyaluronic(15), lengthMm, boreMm);
    const path = new FluidPath({ areaMm2, complianceUlPerKpa: 0.045, needleKpaSPerUl: 0, flowCurve });
    path.advance(0.5, 20 / areaMm2, 0);
    expect(path.airUl).toBeCloseTo(1.6, 1);
    expect(path.pKpa).toBeCloseTo(187, -0.5);
    path.advance(0.5, 0, 0);
    expect(Math.abs(path.airUl - 4.3)).toBeLessThan(0.1);
  });
});
