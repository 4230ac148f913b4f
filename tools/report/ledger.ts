// The ledger: every entry of the journal as the gun wrote it, decoded, in order, with what its chain says.
// Not responsible for decoding (tools/journal.ts). Runs at the desk.
import type { JournalEntry } from '../journal.ts';
import { escapeHtml, fixed, mmText, newtonText, ulText } from './format.ts';
import type { SessionRecord } from './record.ts';

type Cell = (entry: JournalEntry) => string;
interface Column {
  readonly title: string;
  readonly unit: string;
  /** Payload fields that this column shows, so that they are not shown again under «more». */
  readonly fields: readonly string[];
  readonly of: Cell;
}

const shown =
  (name: string, kinds: readonly string[], format: (value: number) => string): Cell =>
  (entry) => {
    const value = kinds.includes(entry.kind) ? entry.fields[name] : undefined;
    return value === undefined ? '' : format(value);
  };
const either =
  (...cells: readonly Cell[]): Cell =>
  (entry) =>
    cells.map((cell) => cell(entry)).find((text) => text !== '') ?? '';

const ul = (value: number): string => ulText(value);
const mm = (value: number): string => mmText(value, 3);

const COLUMNS: readonly Column[] = [
  { title: 'commanded', unit: 'µL', fields: ['doseNl'], of: either(shown('doseNl', ['INTENT'], ul), shown('commandedNl', ['END'], ul)) },
  { title: 'estimated', unit: 'µL', fields: ['estimatedNl'], of: shown('estimatedNl', ['RESULT', 'END'], ul) },
  { title: 'counted', unit: 'µL', fields: ['countedNl'], of: shown('countedNl', ['RESULT'], ul) },
  { title: 'compen&shy;sation', unit: 'µL', fields: ['compensationNl'], of: shown('compensationNl', ['INTENT', 'RESULT', 'END'], ul) },
  { title: 'tip asked', unit: 'mm', fields: ['tipUm'], of: shown('tipUm', ['INTENT'], mm) },
  { title: 'tip encoder', unit: 'mm', fields: ['encoderTipUm'], of: shown('encoderTipUm', ['RESULT'], mm) },
  {
    title: 'peak force',
    unit: 'N',
    fields: ['peakForceMn'],
    of: shown('peakForceMn', ['RESULT', 'PRIME'], (value) => newtonText(value)),
  },
  { title: 'took', unit: 'ms', fields: ['durationMs'], of: shown('durationMs', ['RESULT'], String) },
];

function more(entry: JournalEntry): string {
  const shownFields = new Set(COLUMNS.filter((column) => column.of(entry) !== '').flatMap((column) => column.fields));
  const rest = Object.entries(entry.fields).filter(([name]) => !shownFields.has(name));
  return rest.map(([name, value]) => `${name} ${value}`).join(', ');
}

function row(entry: JournalEntry, firstMs: number, broken: boolean): string {
  const since = fixed(((entry.atMs - firstMs) >>> 0) / 1000, 2);
  const tone = broken || entry.kind === 'FAULT' || (entry.kind === 'RESULT' && entry.code !== 0) ? ' class="bad"' : '';
  const numbers = COLUMNS.map((column) => `<td>${column.of(entry)}</td>`).join('');
  return (
    `<tr${tone}><td>${entry.seq}</td><td>${since}</td><th scope="row">${escapeHtml(entry.kind)}</th><td>${entry.prick > 0 ? entry.prick : ''}</td>` +
    `<td class="words">${broken ? 'chain breaks here ' : ''}${escapeHtml(entry.meaning)}</td>${numbers}<td class="more">${escapeHtml(more(entry))}</td></tr>`
  );
}

/** Section of the page. */
export function ledger({ journal }: SessionRecord): string {
  const { entries, firstBreak } = journal;
  const firstMs = entries[0]?.atMs ?? 0;
  const chain =
    firstBreak === null
      ? `<span class="good">✓ chain verified: all ${entries.length} entries are whole and in their place</span>`
      : `<span class="bad">✕ chain broken at entry ${firstBreak.seq}: ${escapeHtml(firstBreak.why)}</span>`;
  const kinds = [...new Set(entries.map((entry) => entry.kind))].map((kind) => `<option>${escapeHtml(kind)}</option>`);
  const heads = COLUMNS.map((column) => `<th scope="col">${column.title}<br><small>${column.unit}</small></th>`).join('');
  const rows = entries.map((entry, index) => row(entry, firstMs, firstBreak?.index === index));
  return `<section id="ledger"><h2>Ledger</h2><p class="chain">${chain}</p>
<div class="filter"><label>Filter <input id="ledger-filter" type="search" placeholder="prick, word or number" autocomplete="off"></label>
<label>Kind <select id="ledger-kind"><option value="">all</option>${kinds.join('')}</select></label><output id="ledger-count" aria-live="polite">${entries.length} entries</output></div>
<div class="scroll" tabindex="0" role="region" aria-label="Ledger table"><table><thead><tr><th scope="col">seq</th><th scope="col">since start<br><small>s</small></th><th scope="col" class="words">kind</th><th scope="col">prick</th>
<th scope="col" class="words">result</th>${heads}<th scope="col" class="more">more<br><small>nL, µm, mN, ms</small></th></tr></thead><tbody>${rows.join('')}</tbody></table></div></section>`;
}
