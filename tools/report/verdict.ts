// The top of the report: what ran on what, how it ended, the figures that matter, and what needs a second look.
// Not responsible for the figures themselves (tools/summary.ts, strokes.ts). Runs at the desk.
import { FAULT_TEXTS } from '../fault-texts.ts';
import { spell } from '../progress.ts';
import { spreadOf } from '../statistics.ts';
import type { Spread } from '../statistics.ts';
import { escapeHtml, fixed, mmText, percentText, ulText } from './format.ts';
import type { SessionRecord } from './record.ts';
import type { Stroke } from './strokes.ts';
import { missedSkin, tissueNl } from './strokes.ts';

/** The tip may miss its depth from the ring by so much. Source: what this project judges depth by, README. */
export const TIP_WITHIN_UM = 100;

interface Tile {
  readonly title: string;
  readonly value: string;
  readonly unit: string;
  /** Already escaped. */
  readonly lines: readonly string[];
  readonly tone?: 'bad' | 'warn';
}

const ENDING = {
  complete: ['good', '✓', 'Complete'],
  ended: ['warn', '!', 'Ended early'],
  fault: ['bad', '✕', 'Stopped by a fault'],
  open: ['bad', '?', 'The journal has no end: the session was cut off'],
} as const;

const spreadUm = (spread: Spread): string => `${mmText(spread.mean, 3)} ± ${mmText(spread.sd, 3)}`;
const spreadNl = (spread: Spread): string => `${ulText(spread.mean)} ± ${ulText(spread.sd)}`;

/** Done for the gun, yet the plant says that the needle stayed on the skin. */
const missedOf = ({ strokes }: SessionRecord): readonly Stroke[] =>
  strokes.filter(({ truth, ending }) => truth !== null && ending === 'done' && missedSkin(truth));

function pricksTile(record: SessionRecord): Tile {
  const { summary, strokes } = record;
  const missed = missedOf(record).length;
  const failed = strokes.filter((stroke) => stroke.ending === 'failed').length;
  const missing = summary.planned - summary.done - failed - summary.uncertain;
  return {
    ...{ title: 'Pricks done', value: `${summary.done}`, unit: `of ${summary.planned}` },
    lines: [
      `${failed} broken off, ${summary.uncertain} uncertain${missing > 0 ? `, ${missing} not begun` : ''}`,
      ...(missed > 0 ? [`${missed} did not pierce the skin`] : []),
    ],
    ...(summary.done < summary.planned || missed > 0 ? { tone: 'warn' as const } : {}),
  };
}

function volumeTile({ summary }: SessionRecord): Tile {
  const known = `${ulText(summary.commandedNl, 1)} µL commanded, ${ulText(summary.estimatedNl, 1)} µL estimated by the gun`;
  const { truth } = summary;
  if (truth === null) return { title: 'Volume, estimated', value: ulText(summary.estimatedNl, 1), unit: 'µL', lines: [known] };
  const share = percentText(truth.deliveredNl, summary.commandedNl);
  return {
    title: 'Volume that stayed in tissue',
    value: ulText(truth.deliveredNl, 1),
    unit: 'µL',
    lines: [`${share} of what was commanded`, known],
  };
}

function depthTiles({ summary, strokes }: SessionRecord): Tile[] {
  const asked = strokes[0]?.depthUm ?? null;
  const gun = `${spreadUm(summary.depthUm)} mm as the gun knows it; asked ${mmText(asked)} mm`;
  const errors = strokes.flatMap(({ truth, tipUm, encoderTipUm, ending }) => {
    const reached = truth === null ? encoderTipUm : truth.tipMaxUm;
    return ending !== 'done' || reached === null || tipUm === null ? [] : [reached - tipUm];
  });
  const within = errors.filter((um) => Math.abs(um) <= TIP_WITHIN_UM).length;
  const tip: Tile = {
    ...{ title: 'Tip within ±0.1 mm of its depth', value: `${within}`, unit: `of ${errors.length} done` },
    lines: [
      `tip from the ring, ${summary.truth === null ? 'by the encoder' : 'as it really was'}`,
      `mean error ${mmText(spreadOf(errors).mean, 3)} mm, sd ${mmText(spreadOf(errors).sd, 3)} mm`,
    ],
    ...(within < errors.length ? { tone: 'bad' as const } : {}),
  };
  if (summary.truth === null) return [{ title: 'Depth in skin, as the gun knows it', ...depthValue(summary.depthUm), lines: [gun] }, tip];
  return [{ title: 'Depth in skin', ...depthValue(summary.truth.skinDepthUm), lines: [gun] }, tip];
}

const depthValue = (spread: Spread): { value: string; unit: string } => ({
  value: mmText(spread.mean),
  unit: `± ${mmText(spread.sd)} mm`,
});

function doseTile({ summary, strokes }: SessionRecord): Tile {
  const gun = `${spreadNl(summary.doseNl)} µL estimated by the gun`;
  const real = strokes.flatMap(({ truth, ending }) => (truth === null || ending !== 'done' ? [] : [tissueNl(truth)]));
  if (summary.truth === null) return { title: 'Dose a prick, estimated', ...doseValue(summary.doseNl), lines: [gun] };
  const spread = spreadOf(real);
  return { title: 'Dose a prick, in tissue', ...doseValue(spread), lines: [`varies by ${percentText(spread.sd, spread.mean)}`, gun] };
}

const doseValue = (spread: Spread): { value: string; unit: string } => ({
  value: ulText(spread.mean),
  unit: `± ${ulText(spread.sd)} µL`,
});

function layerTile({ summary }: SessionRecord): Tile[] {
  if (summary.truth === null) return [];
  const layers = Object.entries(summary.truth.layerNl).filter(([, nl]) => nl >= 50);
  const sum = layers.reduce((total, [, nl]) => total + nl, 0);
  const [most] = [...layers].sort((a, b) => b[1] - a[1]);
  const lines = layers.map(([layer, nl]) => `${escapeHtml(layer)} ${ulText(nl, 1)} µL`).join(', ');
  return [
    { title: 'Layer that took most', value: most ? percentText(most[1], sum) : '–', unit: escapeHtml(most?.[0] ?? ''), lines: [lines] },
  ];
}

function faultTile({ summary }: SessionRecord): Tile {
  const count = summary.faults.length;
  return { title: 'Faults', value: count === 0 ? 'none' : `${count}`, unit: '', lines: [], ...(count > 0 ? { tone: 'bad' as const } : {}) };
}

function timeTile({ summary }: SessionRecord): Tile {
  const each = summary.done > 0 ? `${fixed(summary.simulatedMs / summary.done / 1000, 2)} s a prick, all in` : '';
  return { title: summary.seed === null ? 'Time' : 'Time, simulated', value: spell(summary.simulatedMs), unit: '', lines: [each] };
}

function drawTile({ title, value, unit, lines, tone }: Tile): string {
  const unitText = unit === '' ? '' : ` <small>${unit}</small>`;
  const rest = lines.filter((line) => line !== '').map((line) => `<p>${line}</p>`);
  return `<div class="tile ${tone ?? ''}"><h3>${title}</h3><p class="value">${value}${unitText}</p>${rest.join('')}</div>`;
}

/** What a reader must not overlook, worst first; already escaped. */
function noticesOf(record: SessionRecord): string[] {
  const { faults, strokes, journal, summary, begun } = record;
  const notices = faults.map((fault) => {
    const next = FAULT_TEXTS[fault.code]?.next;
    return `<strong>Fault ${fault.code}</strong> at prick ${fault.prick}: ${escapeHtml(fault.meaning)}.${next === undefined ? '' : ` <em>Next:</em> ${escapeHtml(next)}.`}`;
  });
  if (journal.firstBreak !== null)
    notices.push(`<strong>The journal is broken</strong> at entry ${journal.firstBreak.seq}: ${escapeHtml(journal.firstBreak.why)}.`);
  if (summary.uncertain > 0)
    notices.push(`<strong>${summary.uncertain} uncertain</strong>: begun, but the journal has no result. Counted in full, never repeated.`);
  for (const stroke of strokes)
    if (stroke.ending === 'failed')
      notices.push(
        `<strong>Prick ${stroke.prick}</strong> broke off: ${escapeHtml(stroke.result)}; ${ulText(stroke.countedNl)} µL counted.`,
      );
  const missed = missedOf(record);
  if (missed.length > 0)
    notices.push(
      `<strong>${missed.length} of ${summary.done} pricks did not pierce the skin</strong>, though the gun took them as done: prick ${missed.map(({ prick }) => prick).join(', ')}. Only the simulator can know this.`,
    );
  if (begun?.code === 1) notices.push('Doses and depths rest on a demo calibration: nobody has measured this gun and syringe.');
  return notices;
}

function head(record: SessionRecord): string {
  const { ready, date, port, summary, firmwareVersion } = record;
  const { protocol, technique, site, syringe, needle, product } = ready.treatment;
  const version =
    firmwareVersion === null ? 'firmware not asked' : `firmware ${Math.floor(firmwareVersion / 100)}.${firmwareVersion % 100}`;
  const seed = summary.seed === null ? '' : ` · seed ${summary.seed}`;
  const kind = summary.seed === null ? '<span class="kind real">gun</span>' : '<span class="kind simulated">simulated gun</span>';
  const facts = [technique.name, site.name, needle.name, syringe.name, product.name].map(escapeHtml).join(' · ');
  return `<header><div><p class="brand">mesogun · session report ${kind}</p><h1>${escapeHtml(protocol.name)}</h1><p>${facts}</p>
<p class="facts">${escapeHtml(date)} · session ${record.begun?.session ?? '–'} · port ${escapeHtml(port)}${seed} · ${version}</p></div>
<button id="theme" type="button" aria-label="Switch between light and dark">◐</button></header>
<p class="disclaimer">A development platform, not a cleared medical device.</p>`;
}

/** Header, banner, tiles and notices. */
export function verdict(record: SessionRecord): string {
  const missed = missedOf(record).length;
  const [endTone, sign, says] = ENDING[record.ending];
  const tone = endTone === 'good' && missed > 0 ? 'warn' : endTone;
  const but = missed > 0 ? `, but ${missed} did not pierce the skin` : '';
  const { done, planned } = record.summary;
  const tiles = [
    pricksTile(record),
    volumeTile(record),
    doseTile(record),
    ...depthTiles(record),
    ...layerTile(record),
    timeTile(record),
    faultTile(record),
  ];
  const notices = noticesOf(record);
  const list = notices.length === 0 ? '' : `<ul class="notices">${notices.map((notice) => `<li>${notice}</li>`).join('')}</ul>`;
  return `${head(record)}<main><section id="verdict" aria-label="Verdict">
<p class="banner ${tone}"><span aria-hidden="true">${sign}</span> ${says}: ${done} of ${planned} pricks done${but}</p>
${list}<div class="tiles">${tiles.map(drawTile).join('')}</div></section>`;
}
