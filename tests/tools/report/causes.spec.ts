// The plots of why: steps that end where the dose did, sources that sum to the error, and nothing of it for a real gun.
import { describe, expect, it } from 'vitest';
import { causeFigures, depthFigure, doseFigure, ticksOf } from '../../../tools/report/causes.ts';
import { writeReport } from '../../../tools/report/html.ts';
import { lossesOf } from '../../../tools/losses.ts';
import { asRealGun, sessionOf } from './session.ts';

const LOSSES = {
  ...{ askedUl: 10, beyondUl: 2, refluxUl: 0.5, bevelUl: 0, dripUl: 3, lagUl: 2, complianceUl: 1 },
  ...{ stayedUl: 8, heldUl: 0.5 },
};
const NONE = { mean: 0, sd: 0 };

interface Bar {
  readonly className: string;
  readonly left: number;
  readonly right: number;
}
const barsOf = (svg: string): Bar[] =>
  [...svg.matchAll(/<rect class="(\w+)" x="([\d.]+)" y="\d+" width="([\d.]+)"/g)].map(([, className = '', x, width]) => ({
    className,
    left: Number(x),
    right: Number(x) + Number(width),
  }));

describe('the dose from asked to stayed', () => {
  it('steps from 10 µL asked by +2, −1, −2, −0.5 and −0.5 to 8 µL: each bar begins where the last one ended', () => {
    const bars = barsOf(doseFigure(LOSSES));
    expect(bars.map(({ className }) => className)).toEqual(['asked', 'gain', 'loss', 'loss', 'loss', 'loss', 'stayed']);
    const [asked, gain, compliance, lag, , held, stayed] = bars as [Bar, Bar, Bar, Bar, Bar, Bar, Bar];
    expect(Math.abs(gain.left - asked.right)).toBeLessThan(0.2);
    expect(Math.abs(compliance.right - gain.right)).toBeLessThan(0.2);
    expect(Math.abs(lag.right - compliance.left)).toBeLessThan(0.2);
    expect(Math.abs(held.left - stayed.right)).toBeLessThan(0.2);
    expect((lag.right - lag.left) / (compliance.right - compliance.left)).toBeCloseTo(2, 1);
  });

  it('names what takes most: lag of 2 µL before compliance of 1 µL', () => {
    expect(doseFigure(LOSSES)).toContain('most is lost to lag');
    expect(doseFigure({ ...LOSSES, complianceUl: 2.1, lagUl: 0.9 })).toContain('most is lost to compliance');
  });

  it('leaves out rows of less than 1 nL', () => {
    expect(doseFigure(LOSSES)).not.toContain('bare bevel');
  });
});

describe('the depth by source', () => {
  it('puts +100 µm of bulge right of zero, −50 µm of margin left of it, and shows each with its sign', () => {
    const bulgeUm = { mean: 100, sd: 20 };
    const figure = depthFigure({ errorUm: { mean: 50, sd: 20 }, tipUm: NONE, bulgeUm, indentationUm: NONE, marginUm: -50 });
    const [tip = 0, bulge = 0, , margin = 0, sum = 0] = [...figure.matchAll(/cx="([\d.]+)"/g)].map(([, x]) => Number(x));
    expect(bulge - tip).toBeCloseTo(2 * (tip - margin), 0);
    expect(sum - tip).toBeCloseTo(tip - margin, 0);
    for (const text of ['+0.100 ± 0.020', '−0.050', '+0.050']) expect(figure).toContain(text);
  });

  it.each([
    [-0.1, 0.1, 0.05],
    [0, 10, 2],
    [0, 7.3, 2],
  ])('has round ticks from %d to %d, %d apart, none outside', (low, high, step) => {
    const ticks = ticksOf(low, high);
    expect((ticks[1] ?? 0) - (ticks[0] ?? 0)).toBeCloseTo(step, 12);
    expect(Math.min(...ticks)).toBeGreaterThanOrEqual(low - 1e-12);
    expect(Math.max(...ticks)).toBeLessThanOrEqual(high + 1e-12);
  });
});

describe('the section', () => {
  it('stands in the report of a simulated session of 6 pricks with its own figures, and not in that of a real gun', async () => {
    const input = await sessionOf(6);
    const losses = lossesOf(input.truth ?? { pricks: [] }, 30_000);
    expect(losses).not.toBeNull();
    if (losses === null) return;
    expect(writeReport(input)).toContain(doseFigure(losses));
    expect(writeReport(asRealGun(input))).not.toContain('id="causes"');
    expect(causeFigures(null, null)).toBe('');
  }, 60_000);
});
