// The sums behind the drawings: bins, thinned traces, colours, numbers as text.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeHtml, fixed, mmText, percentText, rounded, scriptJson } from '../../../tools/report/format.ts';
import { binsOf } from '../../../tools/report/histogram.ts';
import { nameAndUnit } from '../../../tools/report/programme.ts';
import { keptRows } from '../../../tools/report/traces.ts';
import { viridis } from '../../../tools/report/viridis.ts';

const SEED = 20260101;

describe('Bins of a histogram', () => {
  it(`hold every value exactly once, and the goal with its limits, seed ${SEED}`, () => {
    const values = fc.array(fc.double({ min: -50, max: 50, noNaN: true }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(values, fc.double({ min: -5, max: 5, noNaN: true }), (given, goal) => {
        const { start, width, counts } = binsOf(given, { goal, within: 0.1, binLeast: 0.01 });
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(given.length);
        expect(start).toBeLessThanOrEqual(Math.min(...given, goal - 0.1) + 1e-6);
        expect(start + width * counts.length).toBeGreaterThanOrEqual(Math.max(...given, goal + 0.1) - 1e-6);
        expect(counts.length).toBeLessThanOrEqual(42);
      }),
      { seed: SEED },
    );
  });
});

describe('Thinned trace', () => {
  it(`keeps ends and the extremes of tip and force in at most so many rows, seed ${SEED}`, () => {
    const column = fc.array(fc.double({ min: -5, max: 20, noNaN: true }), { minLength: 2, maxLength: 600 });
    fc.assert(
      fc.property(column, fc.integer({ min: 10, max: 100 }), (tipMm, most) => {
        const zeros = tipMm.map(() => 0);
        const forceN = tipMm.map((value, at) => Math.sin(at) * value);
        const trace = { atUs: zeros, depthMm: zeros, pusherMm: zeros, pressureKpa: zeros, ringN: zeros, tipMm, forceN };
        const rows = keptRows(trace, 0, tipMm.length, most);
        expect(rows.length).toBeLessThanOrEqual(Math.max(most, 2));
        expect([rows[0], rows.at(-1)]).toEqual([0, tipMm.length - 1]);
        for (const values of [tipMm, forceN]) {
          const kept = rows.map((row) => values[row] ?? NaN);
          expect([Math.min(...kept), Math.max(...kept)]).toEqual([Math.min(...values), Math.max(...values)]);
        }
      }),
      { seed: SEED },
    );
  });
});

describe('Colour scale', () => {
  it('grows lighter from one end to the other, so that it keeps its order in grey', () => {
    const light = Array.from({ length: 41 }, (_none, at) => {
      const color = viridis(at / 40);
      const channel = (from: number): number => parseInt(color.slice(from, from + 2), 16);
      return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
    });
    expect([...light].sort((a, b) => a - b)).toEqual(light);
    expect([viridis(-1), viridis(2)]).toEqual([viridis(0), viridis(1)]);
  });
});

describe('Numbers and texts', () => {
  it('show a true minus, no minus zero, and a dash for what is not known', () => {
    expect([fixed(-1.25, 1), fixed(-0.001, 2), fixed(null, 2), mmText(-42)]).toEqual(['−1.3', '0.00', '–', '−0.04']);
    expect([percentText(1, 4), percentText(1, 0)]).toEqual(['25 %', '–']);
    expect(Object.is(rounded(-0.0001, 2), 0)).toBe(true);
  });

  it('escape what could leave its place', () => {
    expect(escapeHtml(`<a b="c" d='e'>&`)).toBe('&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;');
    expect(scriptJson({ text: '</script>' })).not.toContain('</');
  });

  it.each([
    ['spacingUm', 'spacing', 'µm'],
    ['handUmPerS', 'hand', 'µm/s'],
    ['complianceNlPerMpa', 'compliance', 'nL/MPa'],
    ['nlPerMm', 'bore', 'nL/mm'],
    ['breakLooseMn', 'break loose', 'mN'],
    ['pricks', 'pricks', ''],
  ])('read the programme word %s as %s in %s', (field, name, unit) => {
    expect(nameAndUnit(field)).toEqual({ name, unit });
  });
});
