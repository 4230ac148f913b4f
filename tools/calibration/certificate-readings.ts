// The last part of a certificate: every reading as it was taken, in tables of like readings. Curves are told by their length; all
// their points stand in the CSV beside the page. Runs at the desk.
import { escapeHtml } from '../report/format.ts';
import type { CalibrationRecord } from './calibration-record.ts';

type Reading = CalibrationRecord['readings'][number];

/** More values than these are a curve. */
const COLUMNS_MOST = 12;
/** `doseNl` as people read it: dose, nL. */
const UNITS: readonly (readonly [RegExp, string])[] = [
  [/UlPerKpa$/, 'µL/kPa'],
  [/MPerS2$/, 'm/s²'],
  [/NlPerS$/, 'nL/s'],
  [/UmPerS$/, 'µm/s'],
  [/umPerS$/, 'µm/s'],
  [/ForMs$/, 'ms'],
  [/Percent$/, '%'],
  [/Nl$/, 'nL'],
  [/Um$/, 'µm'],
  [/Mm$/, 'mm'],
  [/Mn$/, 'mN'],
  [/Mg$/, 'mg'],
  [/Ms$/, 'ms'],
  [/G$/, 'g'],
];

function heading(name: string): string {
  const unit = UNITS.find(([ending]) => ending.test(name));
  const stem = unit === undefined ? name : name.replace(unit[0], '');
  const words = stem.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`).trim();
  return [words === '' ? 'speed' : words, ...(unit === undefined ? [] : [unit[1]])].join(', ');
}

const cell = (value: number | undefined): string =>
  value === undefined ? '' : String(Number(value.toFixed(Math.abs(value) >= 1000 ? 1 : 3))).replace('-', '−');

/** Columns of a group: what its first reading has, or nothing for a curve. */
const namesOf = ({ values }: Reading): string[] => {
  const names = Object.keys(values);
  return names.length > COLUMNS_MOST + 1 ? [] : names;
};

function tableOf(group: readonly Reading[]): string {
  const [first] = group;
  const names = first === undefined ? [] : namesOf(first);
  const heads = ['time', 'reading', ...(names.length === 0 ? ['values'] : names.map(heading))];
  const rows = group.map((reading) => {
    const told =
      names.length === 0
        ? [`a curve of ${Object.keys(reading.values).length} values, in the CSV`]
        : names.map((name) => cell(reading.values[name]));
    return `<tr>${[reading.at.slice(11, 19), reading.step, ...told].map((text) => `<td>${escapeHtml(text)}</td>`).join('')}</tr>`;
  });
  return `<table><thead><tr>${heads.map((text) => `<th scope="col">${escapeHtml(text)}</th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

/** All but the surroundings, which stand on the first page. */
export function readingTables(record: CalibrationRecord): string {
  const measured = record.readings.filter((reading) => !reading.step.startsWith('surroundings-'));
  const groups = new Map<string, Reading[]>();
  for (const reading of measured) {
    const key = namesOf(reading).join();
    groups.set(key, [...(groups.get(key) ?? []), reading]);
  }
  return `<section class="raw"><h2>Readings</h2>${[...groups.values()].map(tableOf).join('')}</section>`;
}
