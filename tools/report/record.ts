// What every part of the report is drawn from, worked out once: journal, pricks, summary and what the journal says of
// the ending. Not responsible for drawing. Runs at the desk.
import type { JournalEntry } from '../journal.ts';
import type { Summary, SummaryInput } from '../summary.ts';
import { summarize } from '../summary.ts';
import type { Stroke } from './strokes.ts';
import { strokesOf } from './strokes.ts';

export interface ReportInput extends SummaryInput {
  /** As it is to stand on the page; the report reads no clock. */
  readonly date: string;
  /** What the session ran on, as `--port` takes it. */
  readonly port: string;
  /** As the gun said hello: 100 times major plus minor; null when it was not asked. */
  readonly firmwareVersion: number | null;
}

export interface SessionRecord extends ReportInput {
  readonly summary: Summary;
  readonly strokes: readonly Stroke[];
  /** The SESSION entry, which the gun wrote from the programme it had taken. */
  readonly begun: JournalEntry | undefined;
  /** `open`: the journal has no END. */
  readonly ending: 'complete' | 'ended' | 'fault' | 'open';
  readonly faults: readonly JournalEntry[];
}

export function recordOf(input: ReportInput): SessionRecord {
  const { entries } = input.journal;
  const faults = entries.filter((entry) => entry.kind === 'FAULT');
  const end = entries.findLast((entry) => entry.kind === 'END');
  const ended = end === undefined ? 'open' : end.code === 0 ? 'complete' : 'ended';
  return {
    ...input,
    summary: summarize(input),
    strokes: strokesOf(input.journal, input.truth),
    begun: entries.find((entry) => entry.kind === 'SESSION'),
    ending: faults.length > 0 ? 'fault' : ended,
    faults,
  };
}
