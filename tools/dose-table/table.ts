// The dose table as Markdown: bias and spread of what stayed in the skin and of the depth it went to, a row a cell; or the reason why
// there is none. From the results of the sessions. Not responsible for running them (cells.ts).
import { pooled } from '../campaign/result.ts';
import type { CellResult, DoseCase } from './cells.ts';
import { PLACES } from './cells.ts';

export const TABLE_HEAD =
  '| layer | liquid | syringe | dose µL | pricks | bias % | CV % | depth bias mm | depth sd mm |\n|---|---|---|---|---|---|---|---|---|\n';

const signed = (value: number, digits: number): string => `${value > 0 ? '+' : ''}${value.toFixed(digits)}`;
const headOf = ({ layer, product, syringe, doseUl }: DoseCase): string => `| ${layer} | ${product} | ${syringe} | ${doseUl} |`;

/** A case that is refused, with the reason and what would do. */
export const refusedRow = (of: DoseCase, why: string): string => `${headOf(of)} 0 | refused: ${why} | | | |\n`;

/** A case that ran. Bias and spread over all pricks; guns that refuse and sessions that were broken off are told. */
export function doseRow(of: DoseCase, results: readonly CellResult[]): string {
  const dose = pooled(results.map((result) => result.doseNl));
  const depth = pooled(results.map((result) => result.depthUm));
  const count = (of: (ending: string) => boolean): number => results.filter(({ ending }) => of(ending)).length;
  const notes = [
    [count((ending) => ending === 'refused'), `of ${results.length} calibrated guns refuse`] as const,
    [count((ending) => ending !== 'refused' && ending !== 'complete'), `of ${results.length} sessions broken off`] as const,
  ].flatMap(([many, says]) => (many === 0 ? [] : [`${many} ${says}`]));
  const note = notes.length === 0 ? '' : ` (${notes.join(', ')})`;
  const place = of.layer === 'hypodermis' ? PLACES.hypodermis : PLACES.dermis;
  if (dose.n === 0) return `${headOf(of)} 0 | not run yet | | | |\n`;
  const figures = [
    String(dose.n),
    `${signed(100 * (dose.mean / 1000 / of.doseUl - 1), 1)}${note}`,
    ((100 * dose.sd) / dose.mean).toFixed(1),
    signed(depth.mean / 1000 - place.depthMm, 2),
    (depth.sd / 1000).toFixed(2),
  ];
  return `${headOf(of)} ${figures.join(' | ')} |\n`;
}

/** All rows under their head. */
export const doseTable = (cases: readonly DoseCase[], rowOf: (of: DoseCase) => string): string => TABLE_HEAD + cases.map(rowOf).join('');
