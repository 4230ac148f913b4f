// A plan as one HTML page to print and take along: points, stroke, fluid, limits, course with dates, checklist, care. Holds all it
// needs and runs no script. Not responsible for the figures (protocols/) nor for the look (paper-style.ts). Runs at the desk.
import { courseDays, courseText, dayAfter } from '../protocols/course.ts';
import { fluidRows, kitTable } from '../protocols/describe-fluid.ts';
import { planRows, seconds, stepText } from '../protocols/describe.ts';
import { fluidVerdicts } from '../protocols/fluid-verdict.ts';
import { limitsUsed } from '../protocols/limits-used.ts';
import type { UsedLimit } from '../protocols/limits-used.ts';
import type { Problem } from '../protocols/problems.ts';
import type { Course, Protocol } from '../protocols/schema.ts';
import { PAPER_STYLE } from './paper-style.ts';
import { pointsSvg } from './plan-drawing.ts';
import { escapeHtml } from './report/format.ts';
import type { Ready } from './source.ts';
import { strokeSvg } from './stroke-drawing.ts';

/** One line a session: number, day after the first, date when a start is given; `parts` of a split area follow each other from that day on. */
export function calendarLines(course: Course, start?: string, parts = 1): string[] {
  const split = parts === 1 ? '' : `, in ${parts} parts (--session 1 to ${parts})`;
  return courseDays(course).map(({ session, day, kind }) => {
    const date = start === undefined ? `day ${day}` : (dayAfter(start, day) ?? '');
    return `${kind === 'session' ? `session ${session}` : 'maintenance'}  ${date}${split}`;
  });
}

const items = (title: string, lines: readonly string[] | undefined, kind = ''): string =>
  lines === undefined
    ? ''
    : `<div><h3>${title}</h3><ul class="${kind}">${lines.map((line) => `<li>${escapeHtml(line)}</li>`).join('')}</ul></div>`;

const pairs = (rows: readonly (readonly [string, string])[]): string =>
  `<table class="pairs">${rows.map(([name, text]) => `<tr><th>${escapeHtml(name)}</th><td>${escapeHtml(text)}</td></tr>`).join('')}</table>`;

function keyFigures({ treatment, plan }: Ready): string {
  const { technique, site, protocol, syringe } = treatment;
  const intended = Math.round(100 * plan.depth.layers[technique.intendedLayer]);
  const figures: (readonly [string, string, string])[] = [
    ['site', site.name, protocol.sex === 'f' ? 'woman' : 'man'],
    ['pricks', String(plan.pricks), `${technique.spacingMm} mm apart`],
    ['depth in skin', `${technique.depthMm} mm`, `${intended} % in the ${technique.intendedLayer}`],
    ['a prick', plan.doseUl === 0 ? 'dry' : `${plan.doseUl} µL`, `${plan.cycle.totalMs} ms`],
    ['volume', `${(plan.sessionUl / 1000).toFixed(2)} mL`, plan.doseUl === 0 ? 'nothing is given' : treatment.product.name],
    ['fillings', String(plan.syringes), syringe.name],
    ['time', seconds(plan.totalMs), 'with homing, priming and hand'],
  ];
  return `<dl class="key">${figures
    .map(([name, value, note]) => `<div><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}<small>${escapeHtml(note)}</small></dd></div>`)
    .join('')}</dl>`;
}

const warningsIn = (warnings: readonly Problem[]): string =>
  warnings
    .map(
      ({ pointer, value, bound, why, nearest }) =>
        `<p class="say"><b>Mind:</b> ${escapeHtml(`${why}.`)} <small>${escapeHtml(
          `${pointer} is ${JSON.stringify(value)}, should be ${bound}${nearest === undefined ? '' : `; nearest: ${String(nearest)}`}`,
        )}</small></p>`,
    )
    .join('');

function fluidSection({ treatment, plan }: Ready): string {
  const verdicts = fluidVerdicts(treatment);
  const [own] = verdicts;
  if (own === undefined) return '';
  const { head, rows } = kitTable(verdicts);
  const body = rows.map((cells, index) => {
    const one = verdicts[index];
    const chip = `<span class="chip ${one?.refused === null ? 'good' : 'bad'}">${one?.refused === null ? 'does' : 'refused'}</span>`;
    const why = one?.refused === null || one === undefined ? (one?.own === true ? ' this one' : '') : ` ${one.refused.split(':')[0] ?? ''}`;
    const figures = cells.slice(0, -1).map((text) => `<td>${escapeHtml(text)}</td>`);
    return `<tr class="${one?.own === true ? 'own' : ''}">${figures.join('')}<td>${chip}${escapeHtml(why)}</td></tr>`;
  });
  const table = `<div class="wide"><table class="tight"><tr>${head.map((text) => `<th>${escapeHtml(text)}</th>`).join('')}</tr>${body.join('')}</table></div>`;
  const others =
    verdicts.length < 2 ? '' : `<h3>With another syringe or needle that ${escapeHtml(treatment.technique.id)} is for</h3>${table}`;
  return `<h2>Fluid</h2>${pairs(fluidRows(treatment, own, plan.cycle.dwellMs))}${others}`;
}

function limitRow({ what, unit, value, bounds }: UsedLimit): string {
  const [first, ...wider] = bounds;
  if (first === undefined) return '';
  const range = first.least === undefined ? `at most ${first.most}` : `${first.least} to ${first.most}`;
  const percent = first.most > 0 ? Math.min(100, Math.max(0, (100 * value) / first.most)) : 0;
  const behind = wider.map((bound) => `${bound.setBy} ${bound.most}`).join(', ');
  const cells = [
    what,
    `${value} ${unit}`,
    `${range} ${unit}`,
    first.setBy,
    `${first.why}${behind === '' ? '' : ` (behind it: ${behind})`}`,
  ];
  const [name = '', now = '', ...rest] = cells.map((text) => escapeHtml(text.trim()));
  const bar = `<span class="bar"><i style="width:${percent.toFixed(0)}%"></i></span>`;
  return `<tr><th>${name}</th><td>${now}</td><td>${bar}</td>${rest.map((text) => `<td>${text}</td>`).join('')}</tr>`;
}

function courseSection(course: Course, start: string | undefined, parts: number): string {
  const days = courseDays(course).map(({ session, day, kind }) => {
    const date = start === undefined ? `day ${day}` : (dayAfter(start, day) ?? '');
    return `<li class="${kind === 'session' ? '' : 'later'}">☐ ${kind === 'session' ? `session ${session}` : 'maintenance'}<b>${escapeHtml(date)}</b></li>`;
  });
  const split = parts === 1 ? '' : `<p class="soft">Each session takes ${parts} parts: --session 1 to ${parts}.</p>`;
  return `<h2>Course</h2><p>${escapeHtml(courseText(course))}</p><ul class="days">${days.join('')}</ul>${split}`;
}

function personSection({ requires, before, after, notes }: Protocol): string {
  if (requires === undefined && before === undefined && after === undefined && notes === undefined) return '';
  return `<h2>For the person</h2><div class="columns">${items('Requires', requires, 'box')}${items('Ask and check before', before, 'box')}${items('The two days after', after)}${items('Notes', notes)}</div>
<div class="sign"><span>operator, date</span><span>patient id</span></div>`;
}

/** The page as text: the same plan gives the same bytes. */
export function planPage(ready: Ready, start?: string): string {
  const { treatment, plan, warnings } = ready;
  const { protocol, technique } = treatment;
  const steps = technique.steps.map((step) => `<li>${escapeHtml(stepText(step, technique))}</li>`).join('');
  const part = plan.parts.length === 1 ? '' : `, session ${plan.part} of ${plan.parts.length}`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(protocol.name)}: mesogun plan</title><style>${PAPER_STYLE}</style></head><body>
<p class="brand">mesogun plan · ${escapeHtml(protocol.id)}${part} · nothing has run</p>
<h1>${escapeHtml(protocol.name)}</h1><p class="lead">${escapeHtml(protocol.summary)}</p>
${keyFigures(ready)}
${warningsIn(warnings)}
<div class="columns"><figure><h2>Points</h2>${pointsSvg(ready)}<figcaption>In the order of the hand, to scale; ${plan.pathMm.toFixed(0)} mm of way.</figcaption></figure>
<figure><h2>One prick</h2>${strokeSvg(ready)}<figcaption>Needle against the mean skin of the site. Green: where the dose is laid. Blue: where tips end, with their spread.</figcaption><ol>${steps}</ol></figure></div>
<h2>Plan</h2>${pairs(planRows(treatment, plan))}
${fluidSection(ready)}
<h2>Limits</h2><div class="wide"><table><tr><th>what</th><th>here</th><th></th><th>allowed</th><th>set by</th><th>why</th></tr>${limitsUsed(
    treatment,
    plan,
  )
    .map(limitRow)
    .join('')}</table></div>
${protocol.course === undefined ? '' : courseSection(protocol.course, start, plan.parts.length)}
${personSection(protocol)}
<footer>A development platform, not a cleared medical device.</footer></body></html>
`;
}
