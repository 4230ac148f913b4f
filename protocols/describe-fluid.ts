// What syringe, needle, liquid, dose and layer come to, in words: rows of the treatment's own kit, and a table of the others.
// Plain text. Not responsible for the figures (fluid-verdict.ts). Desk side.
import type { FluidVerdict } from './fluid-verdict.ts';
import type { Treatment } from './treatment.ts';

const ul = (value: number): string => `${value.toFixed(2)} µL`;
const time = (ms: number): string => (ms < 10_000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`);

function rateText({ rateUlPerS, bestRateUlPerS, fastestUlPerS, prickMs, bestPrickMs }: FluidVerdict): string {
  if (bestRateUlPerS === null || fastestUlPerS === null || bestPrickMs === null) return `${rateUlPerS} µL/s, as the withdrawal sets it`;
  const most = `${rateUlPerS} µL/s; ${fastestUlPerS} µL/s is the most that works`;
  if (bestPrickMs > prickMs * 0.98) return `${most}, and this is as quick: one prick in ${time(prickMs)}`;
  return `${most}, ${bestRateUlPerS} µL/s the most worth having: one prick in ${time(bestPrickMs)} instead of ${time(prickMs)}`;
}

/** Label and text of what the treatment's own kit is like; one row for a dry session. */
export function fluidRows({ syringe, protocol }: Treatment, own: FluidVerdict, dwellMs: number): (readonly [string, string])[] {
  if (own.doseUl === 0) return [['lost', 'nothing: a dry prick gives no liquid']];
  const lostUl = own.heldUl + own.refluxUl;
  const share = Math.round((100 * lostUl) / own.doseUl);
  const margin = own.complianceMargin === null ? '' : own.complianceMargin.toFixed(1);
  const trust = syringe.calibrated ? 'measured' : 'a library value, good to a factor of three: mesogun calibrate compliance measures it';
  return [
    [
      'lost',
      `${ul(lostUl)} a prick, ${share} % of the dose: ${ul(own.heldUl)} held back against ${own.backKpa.toFixed(0)} kPa, ${ul(own.refluxUl)} back along the needle; the gun pushes it on top`,
    ],
    ['compliance', `${syringe.complianceUlPerKpa} µL/kPa, ${trust}; up to ${margin} times as much would do`],
    [
      'lag',
      `${time(own.lagMs)}; needs ${time(own.waitMs)} after the dose until ${protocol.residualUl} µL are still to come, stays ${time(dwellMs)}`,
    ],
    [
      'pressure',
      `${own.peakKpa.toFixed(0)} kPa in the syringe at most, ${own.thrustN.toFixed(1)} N on the plunger of at most ${own.thrustMostN} N`,
    ],
    ['rate', rateText(own)],
    ['least dose', own.leastDoseUl === null ? 'none' : `${own.leastDoseUl} µL: less this syringe and needle cannot hold here`],
  ];
}

/** Head and cells of all kits, the treatment's own marked; '' where a figure means nothing. */
export function kitTable(verdicts: readonly FluidVerdict[]): { head: string[]; rows: string[][] } {
  const head = ['syringe', 'needle', 'lost', 'wait', 'thrust', 'one prick', 'fastest', 'least dose', 'a filling', 'verdict'];
  const rows = verdicts.map((one) => [
    ...[one.syringe, one.needle, ul(one.heldUl + one.refluxUl), time(one.waitMs), `${one.thrustN.toFixed(1)} N`, time(one.prickMs)],
    one.refused === null && one.fastestUlPerS !== null ? `${one.fastestUlPerS} µL/s` : '',
    one.leastDoseUl === null ? '' : `${one.leastDoseUl} µL`,
    one.pricksPerFilling === null ? '' : `${one.pricksPerFilling} pricks`,
    `${one.own ? 'this one; ' : ''}${one.refused === null ? 'does' : `refused: ${one.refused.split(':')[0] ?? ''}`}`,
  ]);
  return { head, rows };
}

/** The table as lines for people. */
export function kitLines(verdicts: readonly FluidVerdict[]): string[] {
  const { head, rows } = kitTable(verdicts);
  const all = [head, ...rows];
  const widths = head.map((_none, column) => Math.max(...all.map((cells) => (cells[column] ?? '').length)));
  return all.map((cells) => `  ${cells.map((text, column) => text.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd());
}
