// What a campaign is made of, and what its results come to: orders by seed, pooled moments, verdicts.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { figuresOf } from '../../../tools/campaign/figures.ts';
import { campaignPage, campaignText } from '../../../tools/campaign/page.ts';
import { commandOf, orderOf, parseShard, parseSweep, seedsOf } from '../../../tools/campaign/plan.ts';
import type { Result } from '../../../tools/campaign/result.ts';
import { momentsOf, pooled } from '../../../tools/campaign/result.ts';

const CAMPAIGN = { protocol: 'mesolift-face', set: ['pricks=20'], fault: [], plant: [], sweeps: [parseSweep('doseUl=2.0..8')] };

function resultOf(seed: number, dosesNl: readonly number[], more: Partial<Result> = {}): Result {
  return {
    ...{ protocol: 'x', seed, set: [], fault: [], plant: [], ending: 'complete', faultCode: 0, why: '' },
    ...{ planned: dosesNl.length, done: dosesNl.length, missed: 0, doseNl: 10_000, depthUm: 2000 },
    doseErrorNl: momentsOf(dosesNl.map((dose) => dose - 10_000)),
    depthErrorUm: momentsOf(dosesNl.map((_dose, index) => 10 * index)),
    tipErrorUm: momentsOf(dosesNl.map(() => 2)),
    bulgeErrorUm: momentsOf(dosesNl.map((_dose, index) => 15 * index)),
    indentationErrorUm: momentsOf(dosesNl.map((_dose, index) => 3 - 5 * index)),
    marginUm: -5,
    ...{ layerNl: { dermis: 9000, hypodermis: 1000 }, refluxNl: 100, exposedNl: 0, airNl: 300, lagNl: 100, stopperNl: 10_500 },
    simulatedMs: 1000,
    ...more,
  };
}

describe('orders of a campaign', () => {
  it('gives a seed the same settings whatever the shard, and shards share all seeds out once', () => {
    const all = seedsOf(5, 10, parseShard('1/1'));
    const parts = ['1/3', '2/3', '3/3'].flatMap((text) => seedsOf(5, 10, parseShard(text)));
    expect([...parts].sort((a, b) => a - b)).toEqual(all);
    expect(orderOf(CAMPAIGN, 9)).toEqual(orderOf(CAMPAIGN, 9));
    expect(orderOf(CAMPAIGN, 9).set).not.toEqual(orderOf(CAMPAIGN, 10).set);
  });

  it('draws a sweep evenly between its ends, whole where both ends are: mean of 2000 within 2 %', () => {
    const values = Array.from({ length: 2000 }, (_each, seed) => Number(orderOf(CAMPAIGN, seed).set[1]?.split('=')[1]));
    expect(Math.min(...values)).toBeGreaterThanOrEqual(2);
    expect(Math.max(...values)).toBeLessThanOrEqual(8);
    expect(Math.abs(values.reduce((sum, value) => sum + value, 0) / 2000 - 5)).toBeLessThan(0.1);
    const whole = { ...CAMPAIGN, sweeps: [parseSweep('pricks=3..5')] };
    const kinds = new Set(Array.from({ length: 100 }, (_each, seed) => orderOf(whole, seed).set[1]));
    expect([...kinds].sort()).toEqual(['pricks=3', 'pricks=4', 'pricks=5']);
  });

  it('sweeps a parameter of the plant beside the settings, the same for the same seed', () => {
    const swept = { ...CAMPAIGN, sweeps: [...CAMPAIGN.sweeps, parseSweep('skin.opening=0.5..2.0')] };
    const order = orderOf(swept, 5);
    expect(order.set).toEqual(orderOf(CAMPAIGN, 5).set);
    expect(order.plant).toHaveLength(1);
    expect(order.plant).toEqual(orderOf(swept, 5).plant);
    expect(Number(order.plant[0]?.split('=')[1])).toBeGreaterThanOrEqual(0.5);
  });

  it('says the command that runs a seed again', () => {
    const order = { protocol: 'papule', seed: 7, set: ['pricks=5'], fault: ['needle.steps-lost@prick=2'], plant: ['skin.stiffness=2'] };
    expect(commandOf(order)).toBe(
      "mesogun run papule --seed 7 --set pricks=5 --fault 'needle.steps-lost@prick=2' --plant skin.stiffness=2",
    );
  });

  it.each(['doseUl', 'doseUl=5', 'doseUl=8..2', 'speed=1..2'])('refuses the sweep %s', (text) => {
    expect(() => parseSweep(text)).toThrow(`--sweep ${text}`);
  });

  it.each(['0/2', '3/2', '1', 'a/b'])('refuses the shard %s', (text) => {
    expect(() => parseShard(text)).toThrow(`--shard ${text}`);
  });
});

describe('pooled moments (seed 4)', () => {
  it('are those of all values together, to a thousandth', () => {
    const values = fc.array(fc.double({ min: -1000, max: 1000, noNaN: true }), { maxLength: 20 });
    fc.assert(
      fc.property(fc.array(values, { minLength: 1, maxLength: 6 }), (parts) => {
        const whole = momentsOf(parts.flat());
        const sum = pooled(parts.map(momentsOf));
        expect(sum.n).toBe(whole.n);
        for (const key of ['mean', 'sd', 'min', 'max'] as const) expect(Math.abs(sum[key] - whole[key])).toBeLessThan(5e-3);
      }),
      { seed: 4 },
    );
  });
});

describe('figures of a campaign', () => {
  const results = [
    resultOf(2, [9900, 10_100, 9800]),
    resultOf(1, [10_000, 10_050, 12_000]),
    resultOf(3, [10_000], { ending: 'fault', faultCode: 12 }),
  ];

  it('pools the pricks, names the worst seed first and counts endings', () => {
    const figures = figuresOf(results);
    const [dose] = figures.quantities;
    expect(figures.pricks).toBe(7);
    expect(figures.endings).toEqual({ complete: 2, fault: 1 });
    expect(dose?.moments.mean).toBeCloseTo(1.85 / 7, 3);
    expect(dose?.worst.map(({ result, by }) => [result.seed, by])).toEqual([
      [1, 2],
      [2, 0.2],
      [3, 0],
    ]);
    expect(figures.doseBiasPercent).toBeCloseTo(100 * (1.85 / 7 / 10), 2);
    expect(figures.layerShare).toEqual({ dermis: 0.9, hypodermis: 0.1 });
    expect(figures.refluxShare).toBeCloseTo(0.01, 12);
  });

  it('holds ± 1 µL at 10 µL or does not, and does not judge sessions of different doses', () => {
    expect(figuresOf(results).quantities[0]?.holds).toBe(false);
    expect(figuresOf([resultOf(1, [10_000, 10_010, 9990, 10_000])]).quantities[0]?.holds).toBe(true);
    expect(figuresOf([resultOf(1, [10_000, 10_010]), resultOf(2, [5000, 5010], { doseNl: 5000 })]).quantities[0]?.holds).toBeNull();
  });

  it('says where a prick of 7 went and what moved its depth: both sum to the whole', () => {
    const { losses, depthBudgetUm } = figuresOf(results);
    if (losses === null || depthBudgetUm === null) throw new Error('nothing to say');
    const { askedUl, beyondUl, stayedUl, refluxUl, bevelUl, complianceUl, lagUl, heldUl } = losses;
    expect(stayedUl + refluxUl + bevelUl + complianceUl + lagUl + heldUl).toBeCloseTo(askedUl + beyondUl, 12);
    expect([askedUl, lagUl, complianceUl].map((ul) => Math.round(ul * 7000))).toEqual([70_000, 300, 600]);
    const { errorUm, tipUm, bulgeUm, indentationUm, marginUm } = depthBudgetUm;
    expect(tipUm.mean + bulgeUm.mean + indentationUm.mean + marginUm).toBeCloseTo(errorUm.mean, 9);
    expect(bulgeUm.mean).toBeCloseTo((2 * (15 + 30)) / 7, 9);
    expect(figuresOf([resultOf(1, [], { doseNl: 0 })]).losses).toBeNull();
  });

  it('is the same text and page in any order, with the command of each worst seed and why a session failed', () => {
    const [one, other] = [figuresOf(results), figuresOf([...results].reverse())];
    expect(campaignText(one)).toBe(campaignText(other));
    const page = campaignPage(one, results);
    expect(page).toBe(campaignPage(other, results));
    expect(page).toContain('mesogun run x --seed 1');
    expect(page).toContain('fault 12');
    expect(page).not.toMatch(/NaN|undefined|Infinity|https?:/);
  });
});
