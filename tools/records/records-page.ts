// Sessions as one HTML page to print or keep: figures, a map of the pricks by lot, fillings, substances, checklist, hashes, ledger.
// Runs no script and needs nothing from outside. Draws nothing that the record does not hold. Runs at the desk.
import { PAPER_STYLE } from '../paper-style.ts';
import { escapeHtml } from '../report/format.ts';
import { CHECKED_HOW, recordRows } from './record-text.ts';
import type { SessionRecord } from './session-record.ts';

type Prick = SessionRecord['pricks'][number];

/** Fillings by colour, told apart also without red and green. Source: Okabe and Ito, colour universal design. */
const COLOURS = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00'];
const colourOf = (filling: number): string => COLOURS[(filling - 1) % COLOURS.length] ?? '#0072b2';
const MARGIN_MM = 6;

const table = (head: readonly string[], rows: readonly (readonly string[])[], kind = ''): string => {
  const row = (cells: readonly string[], tag: string): string => `<tr>${cells.map((text) => `<${tag}>${text}</${tag}>`).join('')}</tr>`;
  const top = head.length === 0 ? '' : row(head.map(escapeHtml), 'th');
  return `<div class="wide"><table class="${kind}">${top}${rows.map((cells) => row(cells, 'td')).join('')}</table></div>`;
};
const ul = (nl: number): string => `${(nl / 1000).toFixed(1)} µL`;
const chip = (text: string, kind: string): string => `<span class="chip ${kind}">${escapeHtml(text)}</span>`;
const endingChip = (ending: SessionRecord['ending']): string =>
  chip(ending, ending === 'complete' ? 'good' : ending === 'fault' ? 'bad' : 'warn');

/** A dot for a prick that was done, a ring for one that failed, a cross for one that nobody knows of. */
function mark({ prick, xMm, yMm, ending, filling, place, estimatedNl }: Prick): string {
  if (xMm === null || yMm === null) return '';
  const [x, y, colour] = [xMm.toFixed(2), yMm.toFixed(2), colourOf(filling)];
  const said = `prick ${prick}${place === undefined ? '' : `, ${place}`}: ${ending}, filling ${filling}${estimatedNl === null ? '' : `, ${ul(estimatedNl)}`}`;
  const title = `<title>${escapeHtml(said)}</title>`;
  if (ending === 'done') return `<circle cx="${x}" cy="${y}" r="1.5" fill="${colour}">${title}</circle>`;
  if (ending === 'failed') return `<circle cx="${x}" cy="${y}" r="1.5" fill="#fff" stroke="#a11212" stroke-width="0.5">${title}</circle>`;
  return `<path d="M${x} ${y}m-1.5 -1.5l3 3m0 -3l-3 3" stroke="#a11212" stroke-width="0.7">${title}</path>`;
}

function prickMap({ pricks, fillings }: SessionRecord): string {
  const placed = pricks.filter(({ xMm, yMm }) => xMm !== null && yMm !== null);
  if (placed.length === 0) return '';
  const [xs, ys] = [placed.map(({ xMm }) => xMm ?? 0), placed.map(({ yMm }) => yMm ?? 0)];
  const [left, top] = [Math.min(...xs) - MARGIN_MM, Math.min(...ys) - MARGIN_MM];
  const [width, height] = [Math.max(...xs) + MARGIN_MM - left, Math.max(...ys) + MARGIN_MM + 3 - top];
  const box = [left, top, width, height].map((value) => value.toFixed(2)).join(' ');
  const [barX, barY] = [left + 2, top + height - 1.5];
  const legend = fillings.map(
    ({ filling, lots }) =>
      `<span style="color:${colourOf(filling)}">●</span> filling ${filling}, ${escapeHtml(lots.length === 0 ? 'lot not known' : lots.map(({ lot }) => lot).join(' + '))}`,
  );
  const other = pricks.some(({ ending }) => ending !== 'done') ? ['<span style="color:#a11212">○ failed, ✕ uncertain</span>'] : [];
  return `<figure><svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="${box}" width="${width.toFixed(2)}mm" height="${height.toFixed(2)}mm" font-family="sans-serif" font-size="2.6">
<title>Pricks at their planned places</title><rect x="${left.toFixed(2)}" y="${top.toFixed(2)}" width="${width.toFixed(2)}" height="${height.toFixed(2)}" fill="#f4f6f8" rx="2"/>
${placed.map(mark).join('')}
<path d="M${barX.toFixed(2)} ${(barY - 1).toFixed(2)}v1h10v-1" stroke="#4a5766" stroke-width="0.3" fill="none"/><text x="${(barX + 5).toFixed(2)}" y="${(barY - 1).toFixed(2)}" text-anchor="middle" fill="#4a5766">10 mm</text></svg>
<figcaption>${[...legend, ...other].join(' &nbsp; ')}</figcaption></figure>`;
}

function keyFigures({ form, totals, plan, product, begunAt, fillings }: SessionRecord): string {
  const figures: (readonly [string, string, string])[] = [
    ['patient', form.patient ?? '', `operator ${form.operator ?? ''}`],
    ['day', begunAt.slice(0, 10), `${begunAt.slice(11, 16)} UTC`],
    ['pricks', `${totals.done} of ${plan.pricks}`, totals.uncertain === 0 ? `${totals.failed} failed` : `${totals.uncertain} uncertain`],
    ['given', ul(totals.givenNl), `${(plan.depthUm / 1000).toFixed(1)} mm deep`],
    [
      'product',
      product.name,
      product.lots.length === 0 ? 'lot not known' : `lot ${[...new Set(product.lots.map(({ lot }) => lot))].join(', ')}`,
    ],
    ['fillings', String(Math.max(1, fillings.length)), `needle ${form.needleId ?? ''}`],
  ];
  return `<dl class="key">${figures
    .map(([name, value, note]) => `<div><dt>${name}</dt><dd>${escapeHtml(value)}<small>${escapeHtml(note)}</small></dd></div>`)
    .join('')}</dl>`;
}

/** Amounts of a substance lot by lot: what a reaction is traced by. */
function substanceRows({ cocktail, fillings, product }: SessionRecord): string[][] {
  return cocktail.map(({ name, unit, perMl, given, planned }) => {
    const byLot = new Map<string, number>();
    for (const { givenNl, lots } of fillings) {
      const own = lots.filter((lot) => lot.of === name || lot.of === product.id).map(({ lot }) => lot);
      const lot = own.length === 0 ? 'lot not known' : own.join(' + ');
      byLot.set(lot, (byLot.get(lot) ?? 0) + (perMl * givenNl) / 1e6);
    }
    const lots = [...byLot].map(([lot, amount]) => `${lot}: ${amount.toPrecision(3)} ${unit}`).join('; ');
    return [name, `${given.toPrecision(3)} ${unit}`, `${planned.toPrecision(3)} ${unit}`, lots].map(escapeHtml);
  });
}

const thousandth = (value: number | null): string => (value === null ? '' : (value / 1000).toFixed(3));

const ledgerRow = ({ prick, filling, place, xMm, yMm, ending, result, estimatedNl, tipUm }: Prick): string[] => [
  ...[String(prick), String(filling), place ?? '', String(xMm ?? ''), String(yMm ?? '')].map(escapeHtml),
  ...[ending === 'done' ? 'done' : chip(ending, 'bad'), escapeHtml(result), thousandth(estimatedNl), thousandth(tipUm)],
];

function sessionSection(record: SessionRecord): string {
  const { form, cocktail } = record;
  const checklist = form.checklist.map(({ ask, answer, note, by, how }) => [
    ...[
      chip(answer ?? 'not asked', answer === 'yes' ? 'good' : 'bad'),
      `${escapeHtml(ask)}${note === undefined ? '' : ` <i>${escapeHtml(note)}</i>`}`,
    ],
    `<small>${escapeHtml(`${by ?? ''}${how === undefined ? '' : `, ${CHECKED_HOW[how]}`}`)}</small>`,
  ]);
  const simulated = record.simulated ? `<p class="sim">Simulated with seed ${record.seed ?? ''}: nobody was treated.</p>` : '';
  const ledger = table(
    ['prick', 'filling', 'place', 'x mm', 'y mm', 'ending', 'result', 'estimated µL', 'tip mm'],
    record.pricks.map(ledgerRow),
  );
  return `<section><h2 id="s${record.session}">Session ${record.session}: ${escapeHtml(form.protocol)} ${endingChip(record.ending)}</h2>${simulated}
${keyFigures(record)}
<div class="columns">${prickMap(record)}<div>${table(
    [],
    recordRows(record).map(([name, text]) => [`<small>${escapeHtml(name)}</small>`, escapeHtml(text)]),
  )}</div></div>
${cocktail.length === 0 ? '' : `<h3>Substances</h3>${table(['substance', 'given', 'planned', 'by lot'], substanceRows(record))}`}
<h3>Checklist</h3>${table([], checklist)}
<h3>Pricks, as the gun journalled them, at their planned places</h3>${ledger}</section>`;
}

/** Several sessions: which, and where on the page. */
function contents(records: readonly SessionRecord[]): string {
  if (records.length < 2) return '';
  const rows = records.map((record) => [
    ...[`<a href="#s${record.session}">${record.session}</a>`, escapeHtml(record.begunAt), escapeHtml(record.form.patient ?? '')],
    ...[
      escapeHtml(record.form.protocol),
      endingChip(record.ending),
      `${record.totals.done} of ${record.plan.pricks}`,
      ul(record.totals.givenNl),
    ],
  ]);
  return table(['session', 'begun', 'patient', 'protocol', 'ending', 'pricks', 'given'], rows);
}

/** The page as text: the same records give the same bytes. */
export const recordsPage = (records: readonly SessionRecord[]): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><title>mesogun records</title><style>${PAPER_STYLE}
section+section{break-before:page}</style></head><body>
<p class="brand">mesogun records</p><h1>${records.length === 1 ? 'Record of a session' : `Records of ${records.length} sessions`}</h1>
${contents(records)}
${records.map(sessionSection).join('\n')}
<footer>A development platform, not a cleared medical device. Verify the folder with mesogun records verify.</footer></body></html>
`;
