// A session as one JSON document: the summary of `run --json` and one record a prick, the same as in the CSV.
// Not responsible for the journal's own export (tools/journal.ts). Runs at the desk.
import type { SummaryInput } from '../summary.ts';
import { summarize } from '../summary.ts';
import { prickRecord } from './csv.ts';
import { strokesOf } from './strokes.ts';

/** Ends with a newline. */
export function sessionJson(input: SummaryInput): string {
  const pricks = strokesOf(input.journal, input.truth).map(prickRecord);
  return `${JSON.stringify({ summary: summarize(input), pricks }, null, 1)}\n`;
}
