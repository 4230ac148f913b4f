// A plan as one HTML page to print and take along: points, stroke, sums, course with dates, checklist, care. Holds all it
// needs and runs no script. Not responsible for what stands in it (protocols/describe*.ts). Runs at the desk.
import { courseDays, courseText, dayAfter } from '../protocols/course.ts';
import { describePlan, stepText } from '../protocols/describe.ts';
import { formatProblems } from '../protocols/problems.ts';
import type { Course, Technique } from '../protocols/schema.ts';
import { pointsSvg, strokeSvg } from './plan-drawing.ts';
import { escapeHtml } from './report/format.ts';
import type { Ready } from './source.ts';

const STYLE = `body{font:15px/1.45 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;color:#1d2430;background:#fff}
pre{background:#f4f6f8;padding:1rem;overflow-x:auto}svg{max-width:100%;height:auto}table{border-collapse:collapse}td,th{padding:.2rem 1rem .2rem 0;text-align:left}
.box li{list-style:"☐ "}@media print{body{margin:0}}`;

/** One line a session: number, day after the first, date when a start is given; `parts` of a split area follow each other from that day on. */
export function calendarLines(course: Course, start?: string, parts = 1): string[] {
  const split = parts === 1 ? '' : `, in ${parts} parts (--session 1 to ${parts})`;
  return courseDays(course).map(({ session, day, kind }) => {
    const date = start === undefined ? `day ${day}` : (dayAfter(start, day) ?? '');
    return `${kind === 'session' ? `session ${session}` : 'maintenance'}  ${date}${split}`;
  });
}

const items = (title: string, lines: readonly string[] | undefined, kind = ''): string =>
  lines === undefined ? '' : `<h2>${title}</h2><ul class="${kind}">${lines.map((line) => `<li>${escapeHtml(line)}</li>`).join('')}</ul>`;

const stepItems = (technique: Technique): string[] => technique.steps.map((step) => stepText(step, technique));

/** The page as text: the same plan gives the same bytes. */
export function planPage(ready: Ready, start?: string): string {
  const { treatment, plan, warnings } = ready;
  const { protocol, technique } = treatment;
  const { course } = protocol;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(protocol.name)}: mesogun plan</title><style>${STYLE}</style></head><body>
<h1>${escapeHtml(protocol.name)}</h1><p>${escapeHtml(protocol.summary)}</p>
${warnings.length === 0 ? '' : `<pre>${escapeHtml(formatProblems(warnings))}</pre>`}
<pre>${escapeHtml(describePlan(treatment, plan))}</pre>
<h2>Points</h2>${pointsSvg(ready)}
<h2>One prick</h2>${strokeSvg(ready)}<ol>${stepItems(technique)
    .map((line) => `<li>${escapeHtml(line)}</li>`)
    .join('')}</ol>
${course === undefined ? '' : items(`Course: ${courseText(course)}`, calendarLines(course, start, plan.parts.length), 'box')}
${items('Requires', protocol.requires, 'box')}${items('Ask and check before', protocol.before, 'box')}${items('The two days after', protocol.after)}
${items('Notes', protocol.notes)}
<p>A development platform, not a cleared medical device.</p></body></html>
`;
}
