// What the equations foretell in figures, from syringe to hand, as far as no other spec has it: dwell by needle and syringe, what is lost
// from a cold start, layers by angle, hand and contact over many draws.
import { describe, expect, it } from 'vitest';
import { areaMm2, dwellForResidualS, lagS, lateUl, needleResistance } from '../../../protocols/fluid.ts';
import { SITES, layerAtMm, meanSkin, membraneNPerMm, punctureForceN, stiffnessNPerMm } from '../../../protocols/layers.ts';
import { Contact } from '../../../sim/contact.ts';
import { Hand } from '../../../sim/hand.ts';
import { casesOf, runCase } from '../../../sim/plant/case-format.ts';
import { FluidPath } from '../../../sim/plant/fluid.ts';
import type { FluidParams, TissuePath } from '../../../sim/plant/fluid.ts';
import { completeWorld } from '../../../sim/setup.ts';
import { Skill } from '../../../sim/skill.ts';
import reference from './fluid-cases.json' with { type: 'json' };

const DERMIS: TissuePath = { openingKpa: 20, resistanceKpaSPerUl: 0.3, complianceUlPerKpa: 5, dispersionKpaSPerUl: 6 };
const FAT: TissuePath = { openingKpa: 3, resistanceKpaSPerUl: 0.05, complianceUlPerKpa: 20, dispersionKpaSPerUl: 0.1 };
const COMPLIANCE = { '1 mL': 0.045, '3 mL': 0.21, '5 mL': 0.47, '10 mL': 0.95 };
type Syringe = keyof typeof COMPLIANCE;

describe('10 µL of saline in 0.5 s into no pressure', () => {
  it.each<[string, number, number, Syringe, number, number, number]>([
    ['27G × 13', 13, 0.21, '3 mL', 0.057, 0.2, 0.1],
    ['27G × 13', 13, 0.21, '5 mL', 0.13, 1.15, 0.32],
    ['27G × 13', 13, 0.21, '10 mL', 0.26, 3.0, 0.8],
    ['27G × 4', 4, 0.21, '10 mL', 0.08, 0.45, 0.17],
    ['30G × 13', 13, 0.159, '1 mL', 0.037, 0.05, 0.05],
    ['30G × 13', 13, 0.159, '3 mL', 0.17, 1.85, 0.49],
    ['30G × 13', 13, 0.159, '5 mL', 0.39, 4.4, 1.3],
    ['30G × 13', 13, 0.159, '10 mL', 0.79, 6.5, 2.8],
    ['30G × 4', 4, 0.159, '3 mL', 0.054, 0.17, 0.09],
    ['30G × 4', 4, 0.159, '5 mL', 0.12, 1.0, 0.3],
    ['30G × 4', 4, 0.159, '10 mL', 0.24, 2.8, 0.74],
    ['30G × 4, extra thin wall', 4, 0.19, '10 mL', 0.12, 1.0, 0.29],
    ['32G × 4', 4, 0.108, '1 mL', 0.054, 0.17, 0.09],
    ['32G × 4', 4, 0.108, '3 mL', 0.25, 2.9, 0.77],
    ['32G × 4', 4, 0.108, '5 mL', 0.56, 5.6, 2.0],
    ['32G × 4', 4, 0.108, '10 mL', 1.14, 7.4, 4.2],
    ['32G × 4, ultra thin wall', 4, 0.146, '5 mL', 0.17, 1.8, 0.47],
    ['32G × 4, ultra thin wall', 4, 0.146, '10 mL', 0.34, 3.9, 1.1],
  ])(
    '%s mm (%d mm of %d mm) on %s: lag %d s, %d µL owed after 0.1 s, %d s until 0.2 µL',
    (_needle, length, bore, syringe, lag, owed, dwell) => {
      const lagOf = lagS(needleResistance(1, length, bore), COMPLIANCE[syringe]);
      const stop = lateUl(lagOf, 20, 0.5);
      const near = (value: number, expected: number): void => {
        expect(Math.abs(value - expected)).toBeLessThanOrEqual(0.03 * expected + 0.01);
      };
      near(lagOf, lag);
      near(stop * Math.exp(-0.1 / lagOf), owed);
      near(dwellForResidualS(lagOf, stop, 0.2), dwell);
    },
  );
});

describe('10 µL at 20 µL/s', () => {
  it('into dermis of 20 kPa from 5 mL: 0.40 µL delivered, 9.6 µL leaked after the exit, where 1 mL gives 9.01 µL and leaks 0.99', () => {
    const f05 = reference.cases.find(({ id }) => id === 'F05');
    const [first, ...later] = f05?.profile ?? [];
    const doseAt = (area: number, compliance: number): { stayed: number; leaked: number } => {
      const profile = [{ ...first, v_mm_s: 20 / area }, ...later];
      const [one] = casesOf({ cases: [{ id: 'X', params: { ...f05?.params, A: area, Cf: compliance }, profile }] });
      if (one === undefined) throw new Error('no case');
      const { final } = runCase(one).marks;
      return { stayed: final?.['V_tissue_uL'] ?? NaN, leaked: final?.['V_air_uL'] ?? NaN };
    };
    const [small, large] = [doseAt(areaMm2(4.78), 0.0454), doseAt(areaMm2(12.06), 0.47)];
    expect(small.stayed).toBeCloseTo(9.01, 2);
    expect(small.leaked).toBeCloseTo(0.99, 2);
    expect(large.stayed).toBeCloseTo(0.4, 1);
    expect(large.leaked).toBeCloseTo(9.6, 1);
  });

  const LARGE: FluidParams = {
    ...{ areaMm2: areaMm2(14.5), complianceUlPerKpa: 0.5, needleKpaSPerUl: needleResistance(1, 4, 0.159) },
    ...{ rodNPerMm: 60, glideN: 6, breakLooseN: 9, playMm: 0.05, playOffsetMm: -0.025 },
  };

  it.each([
    ['dermis', DERMIS],
    ['fat', FAT],
  ] as const)('into %s from a cold 10 mL syringe: the first three pricks give 0 µL', (_name, tissue) => {
    const path = new FluidPath(LARGE);
    for (let prick = 1; prick <= 3; prick++) {
      path.enter(tissue);
      path.advance(0.5, 20 / LARGE.areaMm2, 0);
      path.advance(0.2, 0, 0);
      path.exit(0.05);
      path.advance(2, 0, 0);
    }
    expect(path.tissueUl).toBe(0);
  });

  it('loses 0.20 mm of travel to play and break-loose before anything moves, 33 µL of 10 mL; 0.10 mm and 1.8 µL of 1 mL', () => {
    const lostMm = (params: FluidParams): number => {
      const path = new FluidPath(params);
      while (path.stopperUl === 0) path.advance(1e-4, 1, 0);
      return path.motorMm + 0.025;
    };
    const small: FluidParams = { ...LARGE, areaMm2: areaMm2(4.78), complianceUlPerKpa: 0.04, glideN: 1.5, breakLooseN: 3 };
    expect(lostMm(LARGE)).toBeCloseTo(0.05 + 9 / 60, 3);
    expect(lostMm(LARGE) * LARGE.areaMm2).toBeCloseTo(33, 0);
    expect(lostMm(small)).toBeCloseTo(0.05 + 3 / 60, 3);
    expect(lostMm(small) * small.areaMm2).toBeCloseTo(1.8, 1);
  });
});

describe('mass without friction', () => {
  it('balances to 1e-12 µL: the stopper moved what passed the needle and what C·p holds, over 400 pieces of a stroke', () => {
    const path = new FluidPath({ areaMm2: areaMm2(4.78), complianceUlPerKpa: 0.045, needleKpaSPerUl: 0.255 });
    for (let piece = 0; piece < 400; piece++) {
      path.advance(0.001 + 0.001 * (piece % 7), (piece % 5) * 0.3, (piece % 3) - 1);
      expect(Math.abs(path.stopperUl - path.needleUl - 0.045 * path.pKpa)).toBeLessThan(1e-12);
    }
  });
});

describe('skin', () => {
  const CHEEK = meanSkin(SITES.cheek, 'f');

  it('is indented 48 % less when a ring tenses it to 0.20 N/mm', () => {
    const tensed = (tension: number): number => 0.3 + membraneNPerMm(tension, 12, 0.31);
    expect(1 - tensed(0.02) / tensed(0.2)).toBeCloseTo(0.48, 2);
  });

  it('gives way to 30G after 1.6 mm, slow and without a ring, and after 0.9 mm at 50 mm/s in a ring', () => {
    const travelMm = (speed: number, ringN: number): number =>
      punctureForceN(CHEEK, 0.311, speed) / stiffnessNPerMm(CHEEK, speed, ringN, 12, 0.311);
    expect(Math.abs(travelMm(2, 0) - 1.6) / 1.6).toBeLessThan(0.25);
    expect(Math.abs(travelMm(50, 8) - 0.9) / 0.9).toBeLessThan(0.2);
  });

  it('of a cheek: 2 mm straight ends just below the dermis, 2 mm at 30° within it', () => {
    expect(layerAtMm(CHEEK, 2)).toBe('hypodermis');
    expect(layerAtMm(CHEEK, 2 * Math.sin(Math.PI / 6))).toBe('dermis');
  });
});

describe('hand and contact', () => {
  it('a ring on skin trembles 0.10 mm rms sideways, ±3 %, over 60 s, seed 2', () => {
    const hand = new Hand(2, false);
    hand.press(0, 2, 1);
    let squares = 0;
    const count = 60_000;
    for (let ms = 1; ms <= count; ms++) squares += (hand.xUm(ms * 1000) ** 2 + hand.yUm(ms * 1000) ** 2) / 1e6;
    expect(Math.abs(Math.sqrt(squares / count) / 0.1 - 1)).toBeLessThan(0.03);
  });

  it('aims with a mean error of 0 ± 0.01 mm and a deviation of 0.40 ± 0.01 mm over 10 000 marks, seed 3', () => {
    const skill = new Skill(completeWorld({ seed: 3 }));
    const errors = Array.from({ length: 10_000 }, (_each, mark) => skill.aimUm(0, 'aim-x', mark) / 1000);
    const mean = errors.reduce((sum, each) => sum + each, 0) / errors.length;
    const deviation = Math.sqrt(errors.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (errors.length - 1));
    expect(Math.abs(mean)).toBeLessThan(0.01);
    expect(Math.abs(deviation - 0.4)).toBeLessThan(0.01);
  });

  it('a contact bounces for 1.3 ± 0.25 ms in the median and never for more than 6.2 ms, over 1000 changes, seed 1', () => {
    const contact = new Contact(1, 'foretold', true);
    const bounces: number[] = [];
    for (let press = 1; press <= 1000; press++) {
      const atUs = press * 20_000;
      contact.set(atUs, press % 2 === 1 ? 1 : 0);
      let last = 0;
      for (let us = 0; us < 8000; us += 25) if (contact.read(atUs + us) !== contact.settled) last = us;
      bounces.push(last / 1000);
    }
    bounces.sort((a, b) => a - b);
    expect(Math.abs((bounces[500] ?? 0) - 1.3)).toBeLessThan(0.25);
    expect(bounces[999]).toBeLessThanOrEqual(6.2);
  });
});
