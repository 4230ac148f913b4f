// Why a dose or a depth is not what was asked: what took the liquid, as steps from asked to stayed, and how far each source moved
// the depth. Inline SVG, so that it prints; for one session's page and a campaign's. Not responsible for the sums
// (tools/losses.ts, tools/depth-budget.ts). Runs at the desk.
import type { DepthBudget } from '../depth-budget.ts';
import { depthBudgetOf } from '../depth-budget.ts';
import type { Losses } from '../losses.ts';
import { lossesOf } from '../losses.ts';
import { fixed } from './format.ts';
import type { SessionRecord } from './record.ts';

const WIDTH = 575;
const ROW = 30;
/** Names stand left of the plot, figures right of it. */
const PLOT = { left: 190, right: 125, top: 8, bottom: 40 } as const;
const INNER = WIDTH - PLOT.left - PLOT.right;
/** A share below this is not worth a row, µL: a thousandth of the smallest dose. */
const LEAST_UL = 0.001;

const at = (value: number): string => value.toFixed(1);
const signed = (value: number, digits: number): string => `${value > 0 ? '+' : ''}${fixed(value, digits)}`;
const rowText = (row: number, name: string, value: string): string => {
  const y = PLOT.top + row * ROW + ROW / 2 + 4;
  return `<text x="${PLOT.left - 10}" y="${y}" text-anchor="end">${name}</text><text x="${WIDTH - PLOT.right + 10}" y="${y}">${value}</text>`;
};

/** Ticks at 1, 2 or 5 times a power of ten, at most about six. */
export function ticksOf(low: number, high: number): number[] {
  const raw = (high - low) / 6;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 5].find((each) => each * power >= raw) ?? 10) * power;
  const ticks: number[] = [];
  for (let n = Math.ceil(low / step - 1e-9); n * step <= high + 1e-9 * step; n++) ticks.push(n * step);
  return ticks;
}

function axis(rows: number, low: number, high: number, words: string): string {
  const [top, bottom] = [PLOT.top, PLOT.top + rows * ROW];
  const x = (value: number): number => PLOT.left + ((value - low) / (high - low)) * INNER;
  const ticks = ticksOf(low, high);
  const digits = Math.max(0, -Math.floor(Math.log10(Math.abs((ticks[1] ?? 1) - (ticks[0] ?? 0))) + 1e-9));
  const marks = ticks.map(
    (value) =>
      `<path class="grid" d="M${at(x(value))} ${top}v${bottom - top}"/><text x="${at(x(value))}" y="${bottom + 16}" text-anchor="middle">${fixed(value, digits)}</text>`,
  );
  return `${marks.join('')}<text x="${PLOT.left + INNER / 2}" y="${bottom + 34}" text-anchor="middle">${words}</text>`;
}

const svg = (rows: number, label: string, inner: string): string =>
  `<svg class="causes" viewBox="0 0 ${WIDTH} ${PLOT.top + rows * ROW + PLOT.bottom}" role="img" aria-label="${label}">${inner}</svg>`;

/** From what was asked to what stayed, step by step; mean of the pricks. */
export function doseFigure(losses: Losses): string {
  const { askedUl, beyondUl, complianceUl, lagUl, refluxUl, bevelUl, heldUl, stayedUl } = losses;
  const steps: readonly (readonly [name: string, ul: number])[] = [
    ['pushed beyond it', beyondUl],
    ['dripped: compliance held it', -complianceUl],
    ['dripped: came late, by lag', -lagUl],
    ['back out of the track', -refluxUl],
    ['over a bare bevel', -bevelUl],
    ['still in the syringe', -heldUl],
  ];
  const bars = [{ name: 'asked', from: 0, to: askedUl, className: 'asked', says: `${fixed(askedUl, 2)} µL` }];
  let level = askedUl;
  for (const [name, ul] of steps) {
    if (Math.abs(ul) >= LEAST_UL)
      bars.push({ name, from: level, to: level + ul, className: ul > 0 ? 'gain' : 'loss', says: `${signed(ul, 3)} µL` });
    level += ul;
  }
  const share = `${fixed(stayedUl, 2)} µL, ${fixed((100 * stayedUl) / askedUl, 1)} %`;
  bars.push({ name: 'stayed in tissue', from: 0, to: stayedUl, className: 'stayed', says: share });
  const ends = bars.flatMap(({ from, to }) => [from, to]);
  const [low, high] = [Math.min(0, ...ends), Math.max(...ends)];
  const x = (ul: number): number => PLOT.left + ((ul - low) / (high - low)) * INNER;
  const drawn = bars.map(({ name, from, to, className, says }, row) => {
    const [left, right] = [x(Math.min(from, to)), x(Math.max(from, to))];
    const y = PLOT.top + row * ROW + 5;
    const lead = row > 0 && row < bars.length - 1 ? `<path class="lead" d="M${at(x(from))} ${y - 10}v10"/>` : '';
    return `${lead}<rect class="${className}" x="${at(left)}" y="${y}" width="${at(Math.max(1.5, right - left))}" height="${ROW - 10}"/>${rowText(row, name, says)}`;
  });
  const lost = Object.entries({ compliance: complianceUl, lag: lagUl, reflux: refluxUl, bevel: bevelUl }).sort((a, b) => b[1] - a[1])[0];
  const most = lost !== undefined && lost[1] >= LEAST_UL ? `; most is lost to ${lost[0]}` : '';
  return `<figure><figcaption>Where a prick’s dose went <small>mean of the pricks${most}</small></figcaption>${svg(bars.length, 'Dose from asked to stayed', axis(bars.length, low, high, 'µL a prick') + drawn.join(''))}</figure>`;
}

/** Each source's mean and standard deviation, and their sum. */
export function depthFigure({ errorUm, tipUm, bulgeUm, indentationUm, marginUm }: DepthBudget): string {
  const rows = [
    { name: 'tip off its place', ...tipUm, className: 'source' },
    { name: 'skin bulges into the ring', ...bulgeUm, className: 'source' },
    { name: 'skin pushed in less', ...indentationUm, className: 'source' },
    { name: 'margin, left out on purpose', mean: marginUm, sd: 0, className: 'source' },
    { name: 'depth in skin, less asked', ...errorUm, className: 'sum' },
  ].map(({ name, mean, sd, className }) => ({ name, mean: mean / 1000, sd: sd / 1000, className }));
  const reach = 1.08 * Math.max(0.05, ...rows.flatMap(({ mean, sd }) => [mean + sd, sd - mean]));
  const x = (mm: number): number => PLOT.left + ((mm + reach) / (2 * reach)) * INNER;
  const drawn = rows.map(({ name, mean, sd, className }, row) => {
    const y = PLOT.top + row * ROW + ROW / 2;
    return `<path class="whisker ${className}" d="M${at(x(mean - sd))} ${y}H${at(x(mean + sd))}M${at(x(mean - sd))} ${y - 5}v10M${at(x(mean + sd))} ${y - 5}v10"/><circle class="${className}" cx="${at(x(mean))}" cy="${y}" r="5"/>${rowText(row, name, `${signed(mean, 3)} ± ${fixed(sd, 3)}`)}`;
  });
  const zero = `<path class="zero" d="M${at(x(0))} ${PLOT.top}v${rows.length * ROW}"/>`;
  return `<figure><figcaption>What moved the depth <small>mean ± standard deviation of the pricks, mm; the sources sum to the last line</small></figcaption>${svg(rows.length, 'Depth error by source', axis(rows.length, -reach, reach, '← shallower, mm, deeper →') + zero + drawn.join(''))}</figure>`;
}

/** Both, '' for what there is nothing to say of. */
export const causeFigures = (losses: Losses | null, budget: DepthBudget | null): string =>
  `${losses === null ? '' : doseFigure(losses)}${budget === null ? '' : depthFigure(budget)}`;

/** Section of the page; '' for a real gun, which cannot know. */
export function causes(record: SessionRecord): string {
  const { truth, summary, ready } = record;
  if (truth === null) return '';
  const figures = causeFigures(lossesOf(truth, summary.commandedNl), depthBudgetOf(truth, ready.treatment));
  if (figures === '') return '';
  return `<section id="causes"><h2>Why</h2><div class="pair">${figures}</div>
<p class="note">Known only because the gun is simulated. Drip: what left the needle outside, between two pricks. Compliance: held by back pressure and let go when the needle left; the plunger pushes that much beyond the dose to make up for it. Lag: on its way when the needle left, which only a longer wait or a slower dose mends.</p></section>`;
}
