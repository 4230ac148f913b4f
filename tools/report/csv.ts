// The pricks of a session as a table for spreadsheets and programs: one line a prick, names with units.
// Not responsible for the journal's own export with its chain (tools/journal.ts). Runs at the desk.
import type { TruePrick } from '../../sim/truth.ts';
import type { Stroke } from './strokes.ts';
import { mainLayer, missedSkin, tissueNl } from './strokes.ts';

type Cell = number | string | null;
type Column = readonly [name: string, of: (stroke: Stroke) => Cell];

const truly =
  (of: (truth: TruePrick) => number | string): ((stroke: Stroke) => Cell) =>
  ({ truth }) => {
    const value = truth === null ? null : of(truth);
    return typeof value === 'number' ? Math.round(value) + 0 : value;
  };

/** Null: not known. The `true…` columns are known for a virtual gun only; `truePierced` is 0 for a prick that stayed on the skin. */
const COLUMNS: readonly Column[] = [
  ['prick', (stroke) => stroke.prick],
  ['ending', (stroke) => stroke.ending],
  ['result', (stroke) => stroke.result],
  ['plannedNl', (stroke) => stroke.plannedNl],
  ['commandedNl', (stroke) => stroke.commandedNl],
  ['estimatedNl', (stroke) => stroke.estimatedNl],
  ['countedNl', (stroke) => stroke.countedNl],
  ['compensationNl', (stroke) => stroke.compensationNl],
  ['depthPlannedUm', (stroke) => stroke.depthUm],
  ['tipPlannedUm', (stroke) => stroke.tipUm],
  ['tipRampUm', (stroke) => stroke.rampTipUm],
  ['tipEncoderUm', (stroke) => stroke.encoderTipUm],
  ['peakForceMn', (stroke) => stroke.peakForceMn],
  ['ringMinMn', (stroke) => stroke.ringMinMn],
  ['durationMs', (stroke) => stroke.durationMs],
  ['endedAtMs', (stroke) => stroke.endedAtMs],
  ['trueXUm', truly((truth) => truth.xUm)],
  ['trueYUm', truly((truth) => truth.yUm)],
  ['trueTipUm', truly((truth) => truth.tipMaxUm)],
  ['trueSkinUm', truly((truth) => truth.skinMaxUm)],
  ['trueTissueNl', truly(tissueNl)],
  ['trueLayer', truly(mainLayer)],
  ['truePierced', truly((truth) => (missedSkin(truth) ? 0 : 1))],
];

/** One prick by the names of the columns. */
export const prickRecord = (stroke: Stroke): Readonly<Record<string, Cell>> =>
  Object.fromEntries(COLUMNS.map(([name, of]) => [name, of(stroke)]));

const quoted = (cell: Cell): string => {
  const text = cell === null ? '' : String(cell);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** CSV with a head line, an empty cell for what is not known. */
export function pricksCsv(strokes: readonly Stroke[]): string {
  const head = COLUMNS.map(([name]) => name).join(',');
  const lines = strokes.map((stroke) => COLUMNS.map(([, of]) => quoted(of(stroke))).join(','));
  return `${[head, ...lines].join('\n')}\n`;
}
