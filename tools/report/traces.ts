// The data that the page's charts draw: what the plant did in each stroke and over the session, thinned to what a chart
// can show, and what the gun measured prick by prick. Not responsible for drawing (page.js). Runs at the desk.
import type { Trace } from '../../sim/truth.ts';
import { rounded } from './format.ts';
import type { SessionRecord } from './record.ts';
import type { Stroke } from './strokes.ts';
import { medianStroke, missedSkin, tissueNl, mainLayer } from './strokes.ts';

/** Columns of equal length. Times in ms or s, lengths mm, forces N. */
export interface ChartTrace {
  readonly time: readonly number[];
  readonly tip: readonly number[];
  readonly skin: readonly number[];
  readonly travel: readonly number[];
  readonly force: readonly number[];
  readonly ring: readonly number[];
}

/** Shown before the needle leaves home and after it is back. Chosen. */
const AROUND_US = 40_000;
/** Shown before the first and after the last stroke of a session. Chosen. */
const BESIDE_US = 1_000_000;
/** Rows kept of one stroke and of the session. Chosen: a chart's width in pixels, and what 200 pricks may weigh. */
const STROKE_ROWS = 160;
const SESSION_ROWS = 2400;

/** First row at or after a moment. */
function rowAt(atUs: readonly number[], moment: number): number {
  let low = 0;
  let high = atUs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((atUs[middle] ?? 0) < moment) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Rows to keep of [from, to): ends, and of each of equal parts the rows with the extremes of tip and force. */
export function keptRows(trace: Trace, from: number, to: number, most: number): number[] {
  if (to - from <= most) return Array.from({ length: Math.max(0, to - from) }, (_none, at) => from + at);
  const kept = new Set([from, to - 1]);
  const parts = Math.max(1, Math.floor((most - 2) / 4));
  for (let part = 0; part < parts; part++) {
    const start = from + Math.floor(((to - from) * part) / parts);
    const end = from + Math.floor(((to - from) * (part + 1)) / parts);
    for (const column of [trace.tipMm, trace.forceN]) {
      let least = start;
      let greatest = start;
      for (let row = start; row < end; row++) {
        if ((column[row] ?? 0) < (column[least] ?? 0)) least = row;
        if ((column[row] ?? 0) > (column[greatest] ?? 0)) greatest = row;
      }
      kept.add(least).add(greatest);
    }
  }
  return [...kept].sort((a, b) => a - b);
}

/** Travel counts from the first row. */
function cut(trace: Trace, fromUs: number, toUs: number, options: { zeroUs: number; perUnitUs: number; most: number }): ChartTrace {
  const rows = keptRows(trace, rowAt(trace.atUs, fromUs), rowAt(trace.atUs, toUs), options.most);
  const startMm = trace.pusherMm[rows[0] ?? 0] ?? 0;
  const column = (values: readonly number[], offset = 0): number[] => rows.map((row) => rounded((values[row] ?? 0) - offset, 3));
  return {
    time: rows.map((row) => rounded(((trace.atUs[row] ?? 0) - options.zeroUs) / options.perUnitUs, 2)),
    tip: column(trace.tipMm),
    skin: column(trace.depthMm),
    travel: column(trace.pusherMm, startMm),
    force: column(trace.forceN),
    ring: column(trace.ringN),
  };
}

/** One stroke as the page's script takes it. Moments in ms from the start of the stroke; −1 for what did not happen. */
function strokeData(stroke: Stroke, trace: Trace | null): object {
  const { truth } = stroke;
  const base = {
    n: stroke.prick,
    ending: stroke.ending,
    result: stroke.result,
    askedTip: stroke.tipUm,
    encoderTip: stroke.encoderTipUm,
    estimated: stroke.estimatedNl,
    compensation: stroke.compensationNl,
    force: stroke.peakForceMn,
    ring: stroke.ringMinMn,
    duration: stroke.durationMs,
  };
  if (truth === null) return base;
  const since = (atUs: number): number => (atUs > 0 ? rounded((atUs - truth.startsAtUs) / 1000, 1) : -1);
  const endUs = Math.max(truth.homeAtUs, truth.startsAtUs) + AROUND_US;
  return {
    ...base,
    truth: {
      ...{ tip: rounded(truth.tipMaxUm, 0), skin: rounded(truth.skinMaxUm, 0), dose: rounded(tissueNl(truth), 0), layer: mainLayer(truth) },
      ...{ exposed: rounded(truth.exposedUl * 1000, 0), reflux: rounded(truth.refluxUl * 1000, 0), missed: missedSkin(truth) ? 1 : 0 },
    },
    moments: [truth.inAtUs, truth.dosedFromUs, truth.dosedToUs, truth.outAtUs, truth.homeAtUs].map(since),
    trace: trace && cut(trace, truth.startsAtUs - AROUND_US, endUs, { zeroUs: truth.startsAtUs, perUnitUs: 1000, most: STROKE_ROWS }),
  };
}

/** Everything the page's script needs. */
export function chartData(record: SessionRecord): object {
  const trace = record.truth?.trace ?? null;
  const first = record.truth?.pricks[0];
  const fromUs = (first?.startsAtUs ?? 0) - BESIDE_US;
  const lastUs = record.truth?.pricks.at(-1)?.homeAtUs ?? 0;
  const toUs = lastUs > 0 ? lastUs + BESIDE_US : Infinity;
  return {
    median: medianStroke(record.strokes)?.prick ?? null,
    strokes: record.strokes.map((stroke) => strokeData(stroke, trace)),
    session: trace && first ? cut(trace, fromUs, toUs, { zeroUs: first.startsAtUs, perUnitUs: 1e6, most: SESSION_ROWS }) : null,
  };
}
