// The report of a session: one HTML page that holds all it needs and works without a network. Drawn from the journal and,
// for a virtual gun, from the truth beside it; the plan gives only outlines and the programme's words.
// Not responsible for what stands in a section (verdict, skin-map, traces, balance, causes, histogram, ledger, programme).
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { balance } from './balance.ts';
import { causes } from './causes.ts';
import { pricksCsv } from './csv.ts';
import { escapeHtml, scriptJson } from './format.ts';
import { histograms } from './histogram.ts';
import { ledger } from './ledger.ts';
import { programme } from './programme.ts';
import type { ReportInput, SessionRecord } from './record.ts';
import { recordOf } from './record.ts';
import { skinMap } from './skin-map.ts';
import { chartData } from './traces.ts';
import { verdict } from './verdict.ts';

export type { ReportInput } from './record.ts';

const uplotFolder = dirname(dirname(createRequire(import.meta.url).resolve('uplot')));
const ofUplot = (path: string): string => readFileSync(join(uplotFolder, path), 'utf8');
const ofPage = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');
/** Script text that cannot end its element early. */
const script = (text: string): string => `<script>${text.replaceAll('</script', '<\\/script')}</script>`;

const STROKE_CHARTS = `<section id="stroke"><h2>One prick</h2><div class="chooser"><button type="button" id="earlier" aria-label="Earlier prick">◀</button>
<label>Prick <select id="prick"></select></label><button type="button" id="later" aria-label="Later prick">▶</button><p id="prick-says" aria-live="polite"></p></div>
<div id="stroke-charts" class="charts"></div>
<p class="note trace-note">Dotted: the tip depth asked for. Home lies above the depth chart, which begins 1 mm above the ring plane.</p></section>`;
const SESSION_CHARTS = `<section id="session"><h2>The session</h2><div id="session-charts" class="charts"></div><div id="gun-charts" class="charts"></div></section>`;

function foot(record: SessionRecord): string {
  const csv = Buffer.from(pricksCsv(record.strokes), 'utf8').toString('base64');
  const name = escapeHtml(`${record.summary.protocol}-pricks.csv`);
  return `</main><footer><p><a download="${name}" href="data:text/csv;base64,${csv}">Pricks as CSV</a></p>
<p>SHA-256 of the journal <code>${record.summary.journalSha256}</code></p>
<p>A development platform, not a cleared medical device. Drawn from the journal${record.truth === null ? '; this gun has no truth beside it, so nothing here is more than the gun could know' : ' and the simulator’s truth'}.</p></footer>`;
}

/** The page as text. Uses nothing but its input: the same session gives the same bytes. */
export function writeReport(input: ReportInput): string {
  const record = recordOf(input);
  const title = escapeHtml(`${record.ready.treatment.protocol.name}, session ${record.begun?.session ?? ''}: mesogun report`);
  const policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}"><meta name="color-scheme" content="light dark"><title>${title}</title>
<style>${ofUplot('dist/uPlot.min.css')}
${ofPage('page.css')}</style></head><body>
${verdict(record)}
${skinMap(record)}
${STROKE_CHARTS}
${balance(record)}
${causes(record)}
${histograms(record)}
${SESSION_CHARTS}
${ledger(record)}
${programme(record)}
${foot(record)}
<script type="application/json" id="session-data">${scriptJson(chartData(record))}</script>
<!-- uPlot: ${escapeHtml(ofUplot('LICENSE')).replaceAll('--', '- -')} -->
${script(ofUplot('dist/uPlot.iife.min.js'))}
${script(ofPage('page-charts.js') + ofPage('page.js'))}
</body></html>
`;
}
