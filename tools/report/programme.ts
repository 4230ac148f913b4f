// The programme: the limits and words that were sent, beside what the gun wrote into its journal when it began with it.
// Not responsible for what they mean to the gun (firmware/core/program.ts). Runs at the desk.
import { P_KIT, P_NAME, P_PERMIT, P_SOURCE_CRC, P_STEP_COUNT, P_VERSION, PROGRAM_FIELDS } from '../../firmware/core/program.ts';
import { stepText } from '../../protocols/describe.ts';
import { escapeHtml } from './format.ts';
import type { SessionRecord } from './record.ts';

/** Field names carry their units at the end. */
const UNITS: readonly (readonly [ending: string, unit: string])[] = [
  ['UmPerS', 'µm/s'],
  ['NlPerMpa', 'nL/MPa'],
  ['PaMsPerNl', 'Pa·ms/nL'],
  ['MnPerMm', 'mN/mm'],
  ['NlPerMm', 'nL/mm'],
  ['NlPerS', 'nL/s'],
  ['nlPerMm', 'nL/mm'],
  ['Um', 'µm'],
  ['Ms', 'ms'],
  ['Nl', 'nL'],
  ['Mn', 'mN'],
  ['Pa', 'Pa'],
];

/** `sessionNl` as `session` and `nL`. */
export function nameAndUnit(field: string): { name: string; unit: string } {
  const [ending, unit] = UNITS.find(([end]) => field.endsWith(end)) ?? ['', ''];
  const bare = ending === 'nlPerMm' ? 'bore' : field.slice(0, field.length - ending.length);
  return { name: bare.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`), unit };
}

/** Words that are not limits: layout, name, count of steps. */
const LEFT_OUT: readonly number[] = [P_VERSION, P_NAME, P_NAME + 1, P_NAME + 2, P_NAME + 3, P_STEP_COUNT];

/** Words whose numbers stand for something. */
const MEANINGS: Readonly<Partial<Record<number, readonly string[]>>> = {
  [P_PERMIT]: ['one a travelled spacing', 'one a period', 'one a trigger press'],
};

const wordText = (index: number, value: number): string => {
  if (index === P_SOURCE_CRC || index === P_KIT) return (value >>> 0).toString(16).padStart(8, '0');
  return MEANINGS[index]?.[value] ?? `${value}`;
};

function rows({ ready, begun }: SessionRecord): string[] {
  return PROGRAM_FIELDS.flatMap((field, index) => {
    if (LEFT_OUT.includes(index)) return [];
    const sent = ready.plan.program[index] ?? 0;
    const { name, unit } = nameAndUnit(field);
    const written = begun?.fields[field];
    const text = written === undefined ? '' : wordText(index, written);
    const same = written === sent ? text : `<strong class="bad">${text}</strong>`;
    return [`<tr><th scope="row">${name}</th><td>${wordText(index, sent)}</td><td>${same}</td><td>${unit}</td></tr>`];
  });
}

/** Section of the page. */
export function programme(record: SessionRecord): string {
  const { technique } = record.ready.treatment;
  const steps = technique.steps.map((step) => `<li>${escapeHtml(stepText(step, technique))}</li>`);
  return `<section id="programme"><h2>Programme</h2><div class="pair"><div><h3>One prick, ${escapeHtml(technique.name)}</h3><ol>${steps.join('')}</ol></div>
<details open><summary>Limits and words in force</summary><table><thead><tr><th scope="col">word</th><th scope="col">sent</th><th scope="col">in the journal</th><th scope="col">unit</th></tr></thead>
<tbody>${rows(record).join('')}</tbody></table></details></div></section>`;
}
