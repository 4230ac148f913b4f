// The report of a campaign: a table for the terminal and one HTML page that holds all it needs. Same results, same bytes.
// Not responsible for the figures (figures.ts). Runs at the desk.
import { escapeHtml, fixed } from '../report/format.ts';
import { binsOf } from '../report/histogram.ts';
import { depthBudgetText } from '../depth-budget.ts';
import { lossRows } from '../losses.ts';
import { causeFigures } from '../report/causes.ts';
import { alignColumns } from '../table.ts';
import type { Figures, Quantity } from './figures.ts';
import { CONFIDENCE, SHARE } from './figures.ts';
import { commandOf } from './plan.ts';
import type { Result } from './result.ts';

const percent = (share: number, digits = 1): string => `${fixed(100 * share, digits)} %`;
const plusMinus = ({ moments, digits, unit }: Quantity): string => `${fixed(moments.mean, digits)} ± ${fixed(moments.sd, digits)} ${unit}`;
const interval = ({ low, high, digits, unit }: Quantity): string =>
  Number.isFinite(low) ? `${fixed(low, digits)} to ${fixed(high, digits)} ${unit}` : 'too few pricks';
const says = (holds: boolean | null): string => (holds === null ? 'not judged' : holds ? 'holds' : 'does not hold');
const INTERVAL = `${100 * SHARE} % of all pricks with ${100 * CONFIDENCE} % confidence`;
const CAUTION = 'Compares one design with another under the simulator’s parameters; says nothing about patients.';

const verdictOf = (quantity: Quantity): string =>
  quantity.limit === null
    ? 'not judged: sessions were asked for different doses'
    : `${says(quantity.holds)} ± ${quantity.limit} ${quantity.unit}`;

const endingsOf = (figures: Figures): string =>
  Object.entries(figures.endings)
    .map(([ending, count]) => `${count} ${ending}`)
    .join(', ');

/** For people at a terminal. */
export function campaignText(figures: Figures): string {
  const layers = Object.entries(figures.layerShare).filter(([, share]) => share >= 0.0005);
  const rows = [
    ['sessions', `${figures.sessions}: ${endingsOf(figures)}`],
    ['pricks', `${figures.pricks}, ${figures.missed} of them not through the skin`],
    ['dose', `bias ${fixed(figures.doseBiasPercent, 2)} %, CV ${fixed(figures.doseCvPercent, 2)} %`],
    [
      'tissue',
      `${layers.map(([layer, share]) => `${layer} ${percent(share)}`).join(', ')}; reflux ${percent(figures.refluxShare)}, bare bevel ${percent(figures.exposedShare)}`,
    ],
  ];
  for (const quantity of figures.quantities)
    rows.push(
      [quantity.title, plusMinus(quantity)],
      ['', `${INTERVAL}: ${interval(quantity)} (k ${quantity.factor.toFixed(3)}): ${verdictOf(quantity)}`],
    );
  if (figures.losses !== null) rows.push(...lossRows(figures.losses));
  if (figures.depthBudgetUm !== null) rows.push(['depth', depthBudgetText(figures.depthBudgetUm)]);
  const worst = figures.quantities[0]?.worst[0];
  if (worst) rows.push(['worst dose', commandOf(worst.result)]);
  const deepest = figures.quantities[1]?.worst[0];
  if (deepest) rows.push(['worst depth', commandOf(deepest.result)]);
  return alignColumns(rows);
}

const WIDTH = 560;
const HEIGHT = 200;
const PLOT = { left: 40, right: 10, top: 10, bottom: 40 } as const;

/** Histogram of the sessions' mean errors with the allowed limits. */
function histogram(quantity: Quantity): string {
  const { means, title, unit, digits, limit } = quantity;
  const spread = Math.max(...means.map(Math.abs), 1e-3);
  const { start, width, counts } = binsOf(means, { goal: 0, within: 0, binLeast: 10 ** Math.floor(Math.log10(spread / 4)) / 2 });
  const [innerWidth, innerHeight] = [WIDTH - PLOT.left - PLOT.right, HEIGHT - PLOT.top - PLOT.bottom];
  const tallest = Math.max(...counts);
  const end = start + width * counts.length;
  const x = (value: number): number => PLOT.left + ((value - start) / (end - start)) * innerWidth;
  const at = (value: number): string => value.toFixed(1);
  const bars = counts.map((count, bin) => {
    if (count === 0) return '';
    const tall = (innerHeight * count) / tallest;
    const [from, to] = [start + bin * width, start + (bin + 1) * width];
    return `<rect x="${at(x(from) + 1)}" y="${at(PLOT.top + innerHeight - tall)}" width="${at(Math.max(1, x(to) - x(from) - 2))}" height="${at(tall)}"><title>${fixed(from, digits)} to ${fixed(to, digits)} ${unit}: ${count}</title></rect>`;
  });
  const ticks = Array.from({ length: 5 }, (_each, index) => start + ((end - start) * index) / 4).map(
    (value) => `<text x="${at(x(value))}" y="${HEIGHT - 22}" text-anchor="middle">${fixed(value, digits)}</text>`,
  );
  const marks = [[0, 'goal'] as const, ...(limit === null ? [] : [[-limit, 'limit'] as const, [limit, 'limit'] as const])]
    .filter(([value]) => value >= start && value <= end)
    .map(([value, name]) => `<path class="${name}" d="M${at(x(value))} ${PLOT.top}v${innerHeight}"/>`);
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Means of ${means.length} sessions: ${title}">
<path class="base" d="M${PLOT.left} ${PLOT.top + innerHeight}h${innerWidth}"/>${bars.join('')}${marks.join('')}${ticks.join('')}
<text x="${PLOT.left - 6}" y="${PLOT.top + 9}" text-anchor="end">${tallest}</text>
<text x="${PLOT.left + innerWidth / 2}" y="${HEIGHT - 4}" text-anchor="middle">mean error of a session, ${unit}</text></svg>`;
}

function worstTable(quantity: Quantity): string {
  const rows = quantity.worst.map(
    ({ result, by }) =>
      `<tr><td>${result.seed}</td><td>${fixed(by, quantity.digits)} ${quantity.unit}</td><td>${escapeHtml(result.ending)}</td><td><code>${escapeHtml(commandOf(result))}</code></td></tr>`,
  );
  return `<table><thead><tr><th>seed</th><th>worst prick</th><th>ending</th><th>see it again</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

function section(quantity: Quantity): string {
  const { moments, sessionSd, factor, digits, unit, title } = quantity;
  if (moments.n === 0) return `<section><h2>${title}</h2><p>No prick has this value.</p></section>`;
  const rows = [
    ['pricks', String(moments.n)],
    ['mean ± sd', plusMinus(quantity)],
    ['sd between sessions', `${fixed(sessionSd, digits)} ${unit}`],
    ['least and most', `${fixed(moments.min, digits)} and ${fixed(moments.max, digits)} ${unit}`],
    [INTERVAL, `${interval(quantity)} (k = ${factor.toFixed(4)})`],
    ['verdict', verdictOf(quantity)],
  ];
  return `<section><h2>${title}</h2><div class="pair"><figure>${histogram(quantity)}</figure><table>${rows.map(([name = '', value = '']) => `<tr><th>${name}</th><td>${value}</td></tr>`).join('')}</table></div>
<h3>Worst sessions</h3>${worstTable(quantity)}</section>`;
}

function failures(failed: readonly Result[]): string {
  if (failed.length === 0) return '';
  const rows = failed.map(
    (result) =>
      `<tr><td>${result.seed}</td><td>${escapeHtml(result.ending)}</td><td>${escapeHtml(result.why === '' ? `fault ${result.faultCode}` : result.why)}</td><td><code>${escapeHtml(commandOf(result))}</code></td></tr>`,
  );
  return `<section><h2>Not completed</h2><table><thead><tr><th>seed</th><th>ending</th><th>why</th><th>see it again</th></tr></thead><tbody>${rows.join('')}</tbody></table></section>`;
}

function why({ losses, depthBudgetUm }: Figures): string {
  const drawn = causeFigures(losses, depthBudgetUm);
  return drawn === '' ? '' : `<section><h2>Why</h2><div class="pair">${drawn}</div></section>\n`;
}

const STYLE = `:root{color-scheme:light dark;--ink:#1b1f24;--paper:#fff;--soft:#6b7280;--bar:#2a78a0;--limit:#b45309;--good:#0b7a5b;--line:#d5dce3}
@media(prefers-color-scheme:dark){:root{--ink:#e6e8eb;--paper:#14171a;--soft:#9aa3ad;--bar:#5db0d8;--limit:#f0a04b;--good:#4fd1a8;--line:#34404c}}
body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:1100px;margin:0 auto;padding:1.5rem}
h1{margin:0}table{border-collapse:collapse;margin:.5rem 0}td,th{padding:.25rem .75rem .25rem 0;text-align:left;vertical-align:top}th{font-weight:600}
.pair{display:flex;flex-wrap:wrap;gap:1.5rem;align-items:flex-start}figure{margin:0;flex:1 1 420px}svg{width:100%;height:auto}svg text{font-size:12px;fill:var(--soft)}
rect{fill:var(--bar)}figcaption{font-weight:600}figcaption small{display:block;font-weight:400;color:var(--soft)}.causes text{fill:var(--ink)}.causes .asked{fill:#8a96a3}.causes .loss{fill:var(--limit)}.causes .stayed,.causes circle.sum{fill:var(--good)}.causes circle{fill:var(--bar)}path{stroke:var(--soft);fill:none}.goal{stroke:var(--ink)}.limit{stroke:var(--limit);stroke-dasharray:5 4}code{font-size:.85em;overflow-wrap:anywhere}.causes .grid{stroke:var(--line)}.causes .whisker{stroke:var(--bar);stroke-width:2}.causes .whisker.sum{stroke:var(--good)}.note{color:var(--soft)}`;

/** The page as text. */
export function campaignPage(figures: Figures, results: readonly Result[]): string {
  const protocols = [...new Set(results.map((result) => result.protocol))].sort().join(', ');
  const title = escapeHtml(`${protocols}: campaign of ${figures.sessions} sessions`);
  const layers = Object.entries(figures.layerShare).map(([layer, share]) => `${escapeHtml(layer)} ${percent(share)}`);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><title>${title}</title><style>${STYLE}</style></head><body>
<header><p class="note">mesogun · campaign report · simulated</p><h1>${title}</h1>
<p>${escapeHtml(endingsOf(figures))}; ${figures.pricks} pricks, ${figures.missed} not through the skin. Dose: bias ${fixed(figures.doseBiasPercent, 2)} %, CV ${fixed(figures.doseCvPercent, 2)} %.
Tissue took it in ${layers.join(', ')}; ${percent(figures.refluxShare)} came back through the track, ${percent(figures.exposedShare)} ran out at a bare bevel.</p></header>
<main>${why(figures)}${figures.quantities.map(section).join('\n')}${failures(figures.failed)}</main>
<footer class="note"><p>A development platform, not a cleared medical device. ${CAUTION}</p></footer></body></html>
`;
}
