// The certificate: one HTML page that holds all it needs, prints on A4 and says what was measured, with what, how sure it is and
// whether it holds. Drawn from the record alone: the same record, the same bytes. Runs at the desk.
import { escapeHtml, fixed } from '../report/format.ts';
import type { CalibrationRecord } from './calibration-record.ts';
import { intervalPlot, pointPlot } from './certificate-plot.ts';
import { readingTables } from './certificate-readings.ts';
import { CERTIFICATE_STYLE } from './certificate-style.ts';
import { METHODS, STANDARDS, figures, headline } from './certificate-words.ts';

const DAY_MS = 86_400_000;
const day = (number: number): string => new Date(number * DAY_MS).toISOString().slice(0, 10);
const row = (cells: readonly string[], head = false): string =>
  `<tr>${cells.map((cell) => (head ? `<th scope="col">${cell}</th>` : `<td>${cell}</td>`)).join('')}</tr>`;
const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
  `<table><thead>${row(heads.map(escapeHtml), true)}</thead><tbody>${rows.map((cells) => row(cells)).join('')}</tbody></table>`;
const pairs = (rows: readonly (readonly [string, string])[]): string =>
  `<table class="pairs"><tbody>${rows.map(([name, value]) => `<tr><th scope="row">${escapeHtml(name)}</th><td>${figures(value)}</td></tr>`).join('')}</tbody></table>`;
const ul = (nl: number | null, digits = 3): string => fixed(nl === null ? null : nl / 1000, digits);

const WORDS = { pass: 'PASS', fail: 'FAIL' } as const;

function verdict(record: CalibrationRecord): string {
  const failed = record.criteria.filter((each) => !each.holds).map((each) => each.name);
  const scope =
    record.scope === 'bias'
      ? ' Shots were weighed together: the mean dose is certified, neither how one dose differs from the next nor the rate.'
      : '';
  const says =
    record.verdict === 'pass'
      ? `Every requirement holds, with the doubt of the measurement counted against it.${scope}`
      : `Does not hold: ${failed.join('; ')}. The gun keeps what it had before.${scope}`;
  return `<section class="verdict ${record.verdict}"><p class="stamp">${WORDS[record.verdict]}</p><div><p class="headline">${escapeHtml(headline(record))}</p><p>${escapeHtml(says)}</p></div></section>`;
}

function head(record: CalibrationRecord): string {
  const what = record.certifies === null ? 'Calibration' : 'Verification';
  const simulated = record.gun.simulated
    ? '<p class="simulated">SIMULATED GUN AND INSTRUMENTS: this page shows how a certificate looks. It certifies no device.</p>'
    : '';
  const kit = record.kit === null ? [] : [['Syringe, needle', `${record.kit.syringe}, ${record.kit.needle}`] as const];
  const room = record.readings.filter((reading) => reading.step.startsWith('surroundings-'));
  const surroundings = room.flatMap((reading) => Object.entries(reading.values)).map(([name, value]) => surroundingText(name, value));
  return `<header><p class="brand">mesogun · ${what.toLowerCase()} certificate</p><h1>${escapeHtml(record.title)}</h1>${simulated}${verdict(record)}
<div class="columns">${pairs([
    ['Gun', `no. ${record.gun.id}, firmware ${record.gun.firmware}`],
    ...kit,
    ['Made', `${record.madeAt.slice(0, 16).replace('T', ' ')} UTC by ${record.technician}`],
    ['Holds until', record.verdict === 'pass' ? day(record.validUntilDay) : '–'],
  ])}${pairs([
    ['Instruments', [...record.instruments, ...STANDARDS[record.kind]].join('; ') || '–'],
    ['Surroundings', surroundings.join(', ') || 'not asked'],
    ...(record.certifies === null ? [] : [['Verifies record', record.certifies.slice(0, 16)] as const]),
  ])}</div></header>`;
}

function surroundingText(name: string, value: number): string {
  const known: Readonly<Record<string, string>> = {
    temperatureC: `${value} °C`,
    pressureHpa: `${value} hPa`,
    humidityPercent: `${value} % RH`,
    gravityMPerS2: `g ${value} m/s²`,
    relativeDensity: `liquid ${value} × water`,
  };
  return known[name] ?? `${name} ${value}`;
}

function results(record: CalibrationRecord): string {
  const rows = record.criteria.map((each) => [
    escapeHtml(each.name),
    figures(each.value),
    figures(each.limit),
    each.holds ? '<span class="yes">✓ holds</span>' : '<span class="no">✗ does not</span>',
  ]);
  const doses = record.doses.map((dose) => [
    `${dose.doseNl / 1000}`,
    `${dose.count}`,
    ul(dose.meanNl),
    ul(dose.sdNl),
    fixed(dose.biasPercent, 2),
    fixed(dose.cvPercent, 2),
    fixed(dose.factor, 3),
    `${ul(dose.lowNl)} to ${ul(dose.highNl)}`,
    `${ul(dose.doseNl - dose.limitNl, 2)} to ${ul(dose.doseNl + dose.limitNl, 2)}`,
  ]);
  const doseTable =
    doses.length === 0
      ? ''
      : `<h2>Fresh doses</h2>${table(['dose, µL', 'n', 'mean', 's', 'bias, %', 'CV, %', 'k', 'mean ∓ k·s, µL', 'allowed, µL'], doses)}
<p class="note">Two-sided tolerance interval for 97.5 % of doses with 95 % confidence, in the manner of ISO 11608-1; allowed is one step of 1 µL or 5 %, whichever is more.</p>`;
  return `<section><h2>Requirements</h2>${table(['requirement', 'found', 'allowed', ''], rows)}</section><section>${doseTable}<div class="figures">${intervalPlot(record.doses)}${record.plots.map(pointPlot).join('')}</div></section>`;
}

function budget(record: CalibrationRecord): string {
  const { budget: found } = record;
  if (found === null) return '';
  const rows = found.contributions.map((each) => [
    escapeHtml(each.name),
    each.u.toPrecision(2),
    each.freedom === null ? '∞' : fixed(each.freedom, 0),
    escapeHtml(each.from),
  ]);
  return `<section><h2>Uncertainty</h2>${table(['contribution', `u, ${found.unit}`, 'ν', 'from'], rows)}
<p>Combined u = ${found.u.toPrecision(2)} ${escapeHtml(found.unit)}; expanded U = ${(found.expanded ?? 0).toPrecision(2)} ${escapeHtml(found.unit)} with k = ${(found.k ?? 0).toFixed(2)} for 95 % (JCGM 100).</p></section>`;
}

function trail(record: CalibrationRecord, sha256: string): string {
  const incidents = record.incidents.filter((each) => each.event !== 'complete');
  const rows = incidents.map((each) => [
    escapeHtml(each.at.slice(11, 19)),
    escapeHtml(each.event),
    escapeHtml(each.step),
    escapeHtml(each.says ?? ''),
  ]);
  const told =
    rows.length === 0
      ? '<p>Incidents: none; no reading was withdrawn, nothing was interrupted.</p>'
      : `<h3>Incidents</h3>${table(['time', 'what', 'step', 'says'], rows)}`;
  return `<section><h2>Traceability</h2><p>${METHODS[record.kind]} The certificates of instruments and standards are not part of this page.</p>
<p>Record <code>${sha256}</code></p>${told}</section>
<section class="sign"><p>Technician: ${escapeHtml(record.technician)}</p><p class="line">Date, signature</p></section>`;
}

/** The page as text. `sha256` is the record's. */
export function certificatePage(record: CalibrationRecord, sha256: string): string {
  const title = escapeHtml(`${WORDS[record.verdict]}: ${record.title}, gun ${record.gun.id}`);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><title>${title}</title><style>${CERTIFICATE_STYLE}</style></head><body>
${head(record)}<main>${results(record)}<div class="columns"><section><h2>What was found</h2>${pairs(record.fit)}</section>${budget(record)}</div>${trail(record, sha256)}${readingTables(record)}</main>
<footer><p>A development platform, not a cleared medical device. Limits for 2 to 200 µL are this project’s own: no standard sets any for such a gun.</p></footer></body></html>
`;
}

/** Every reading as a line: step, time, who, instrument, name, value. */
export function readingsCsv(record: CalibrationRecord): string {
  const quote = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const lines = record.readings.flatMap((reading) =>
    Object.entries(reading.values).map(([name, value]) =>
      [reading.step, reading.at, quote(reading.who), quote(reading.instrument), name, String(value)].join(','),
    ),
  );
  return `step,at,who,instrument,name,value\n${lines.join('\n')}\n`;
}
