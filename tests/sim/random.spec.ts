// Counter-based streams: pure, independent of order, and shaped as they say.
import { describe, expect, it } from 'vitest';
import { draw, gauss, logNormal } from '../../sim/random.ts';

const many = (count: number, one: (index: number) => number): number[] => Array.from({ length: count }, (_, index) => one(index));
const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const sd = (values: number[]): number => {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
};

describe('random streams', () => {
  it('are the same numbers for ever: seed 1, channel skin.dermis, indices 0 to 2', () => {
    expect([0, 1, 2].map((index) => draw(1, 'skin.dermis', index))).toMatchInlineSnapshot(`
      [
        0.18726278193640877,
        0.25548280883267094,
        0.8026926899148848,
      ]
    `);
    expect(gauss(1, 'skin.dermis', 0)).toMatchInlineSnapshot(`-0.022179993`);
  });

  it('do not depend on the order of asking', () => {
    const forth = many(50, (index) => draw(7, 'a', index));
    const back = many(50, (index) => draw(7, 'a', 49 - index)).reverse();
    expect(back).toEqual(forth);
  });

  it('differ by seed, by channel and by index, and take numbers for channels', () => {
    const all = [draw(1, 'a', 0), draw(2, 'a', 0), draw(1, 'b', 0), draw(1, 'a', 1), draw(1, 3, 0), draw(1, 4, 0), draw(1, 'a', -1)];
    expect(new Set(all).size).toBe(all.length);
  });

  it('are uniform: 100 000 draws fill 100 bins within 5 σ, neighbours uncorrelated below 0.01 (seed 3)', () => {
    const values = many(100_000, (index) => draw(3, 'uniform', index));
    const bins = new Array<number>(100).fill(0);
    for (const value of values) bins[Math.floor(value * 100)] = (bins[Math.floor(value * 100)] ?? 0) + 1;
    for (const bin of bins) expect(Math.abs(bin - 1000)).toBeLessThan(5 * Math.sqrt(1000));
    const lagged = values.slice(1).map((value, index) => (value - 0.5) * ((values[index] ?? 0) - 0.5) * 12);
    expect(Math.abs(mean(lagged))).toBeLessThan(0.01);
  });

  it('are uncorrelated between neighbouring seeds and channels: below 0.01 over 100 000 (seeds 3, 4)', () => {
    const pairs = many(100_000, (index) => 12 * (draw(3, 'x', index) - 0.5) * (draw(4, 'x', index) - 0.5));
    const channels = many(100_000, (index) => 12 * (draw(3, 'x', index) - 0.5) * (draw(3, 'y', index) - 0.5));
    expect(Math.abs(mean(pairs))).toBeLessThan(0.01);
    expect(Math.abs(mean(channels))).toBeLessThan(0.01);
  });

  it('give normals of mean 0 ± 0.01 and deviation 1 ± 0.01 (seed 5, 100 000)', () => {
    const values = many(100_000, (index) => gauss(5, 'normal', index));
    expect(Math.abs(mean(values))).toBeLessThan(0.01);
    expect(Math.abs(sd(values) - 1)).toBeLessThan(0.01);
  });

  it('give log-normals with their median: 20 ± 0.2 and a geometric deviation of 1.6 ± 0.02 (seed 5, 100 000)', () => {
    const values = many(100_000, (index) => logNormal(5, 'speed', index, 20, 1.6)).sort((a, b) => a - b);
    expect(Math.abs((values[50_000] ?? 0) - 20)).toBeLessThan(0.2);
    expect(Math.abs(Math.exp(sd(values.map((value) => Math.log(value)))) - 1.6)).toBeLessThan(0.02);
  });
});
