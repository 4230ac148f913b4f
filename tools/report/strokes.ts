// The pricks of a session, one row each: what the journal says of it and, for a virtual gun, what really happened.
// The plan has no part in it. Not responsible for drawing. Runs at the desk.
import type { TruePrick, Truth } from '../../sim/truth.ts';
import type { Journal, JournalEntry } from '../journal.ts';

/** `uncertain`: INTENT without RESULT, counted in full. */
export type StrokeEnding = 'done' | 'failed' | 'uncertain';

/** Null where the journal does not say. Volumes nL, lengths µm, forces mN, times ms of the device clock. */
export interface Stroke {
  readonly prick: number;
  readonly ending: StrokeEnding;
  /** How it ended, in words. */
  readonly result: string;
  readonly plannedNl: number | null;
  readonly commandedNl: number | null;
  readonly estimatedNl: number | null;
  readonly countedNl: number | null;
  readonly compensationNl: number | null;
  /** Asked for: tip from the ring plane, depth in skin. */
  readonly tipUm: number | null;
  readonly depthUm: number | null;
  /** Reached: by the ramp counter, by the encoder. */
  readonly rampTipUm: number | null;
  readonly encoderTipUm: number | null;
  readonly peakForceMn: number | null;
  readonly ringMinMn: number | null;
  readonly durationMs: number | null;
  readonly endedAtMs: number | null;
  /** What really happened; null for a real gun and for a prick whose needle never left home. */
  readonly truth: TruePrick | null;
}

const valueOf = (entry: JournalEntry | undefined, name: string): number | null => entry?.fields[name] ?? null;
/** 0 stands in the journal for a depth that was never measured. */
const measured = (entry: JournalEntry | undefined, name: string): number | null => valueOf(entry, name) || null;

function strokeOf(prick: number, plannedNl: number | null, intent?: JournalEntry, result?: JournalEntry): Stroke {
  const ending = result === undefined ? 'uncertain' : result.code === 0 ? 'done' : 'failed';
  return {
    prick,
    ending,
    result: result === undefined ? 'no RESULT: counted in full' : result.meaning,
    plannedNl,
    commandedNl: valueOf(intent, 'doseNl'),
    estimatedNl: valueOf(result, 'estimatedNl'),
    countedNl: valueOf(result, 'countedNl'),
    compensationNl: valueOf(result ?? intent, 'compensationNl'),
    tipUm: valueOf(intent, 'tipUm'),
    depthUm: valueOf(intent, 'depthUm'),
    rampTipUm: measured(result, 'rampTipUm'),
    encoderTipUm: measured(result, 'encoderTipUm'),
    peakForceMn: valueOf(result, 'peakForceMn'),
    ringMinMn: valueOf(result, 'ringMinMn'),
    durationMs: valueOf(result, 'durationMs'),
    endedAtMs: result?.atMs ?? null,
    truth: null,
  };
}

/** A stroke that the journal ended before the needle left home has no counterpart in the truth. */
const needleMoved = (stroke: Stroke): boolean => stroke.ending === 'uncertain' || stroke.rampTipUm !== null || stroke.encoderTipUm !== null;

/** In the order of their numbers. The n-th stroke of the plant is the n-th of the journal whose needle moved. */
export function strokesOf(journal: Journal, truth: Truth | null): Stroke[] {
  const intents = new Map<number, JournalEntry>();
  const results = new Map<number, JournalEntry>();
  for (const entry of journal.entries) {
    if (entry.kind === 'INTENT') intents.set(entry.prick, entry);
    if (entry.kind === 'RESULT') results.set(entry.prick, entry);
  }
  const plannedNl = valueOf(
    journal.entries.find((entry) => entry.kind === 'SESSION'),
    'doseNl',
  );
  const pricks = [...new Set([...intents.keys(), ...results.keys()])].sort((a, b) => a - b);
  let moved = 0;
  return pricks.map((prick) => {
    const stroke = strokeOf(prick, plannedNl, intents.get(prick), results.get(prick));
    return needleMoved(stroke) ? { ...stroke, truth: truth?.pricks[moved++] ?? null } : stroke;
  });
}

/** Given into tissue and stayed there, nL. */
export const tissueNl = (prick: TruePrick): number => (prick.tissueUl - prick.refluxUl) * 1000;

/** The needle went out and came home without going through the skin. */
export const missedSkin = (prick: TruePrick): boolean => prick.homeAtUs > 0 && prick.inAtUs === 0;

/** The layer that took most of the dose, '' for a prick that gave nothing. */
export function mainLayer(prick: TruePrick): string {
  let most = '';
  let mostUl = 0;
  for (const [layer, ul] of Object.entries(prick.layerUl)) {
    if (ul <= mostUl) continue;
    most = layer;
    mostUl = ul;
  }
  return most;
}

/** The done stroke of middle dose: as it really was where that is known, else as estimated. Null without strokes. */
export function medianStroke(strokes: readonly Stroke[]): Stroke | null {
  const dose = (stroke: Stroke): number => (stroke.truth ? tissueNl(stroke.truth) : (stroke.estimatedNl ?? 0));
  const done = strokes.filter((stroke) => stroke.ending === 'done');
  const from = done.length > 0 ? done : [...strokes];
  from.sort((a, b) => dose(a) - dose(b) || a.prick - b.prick);
  return from[Math.floor((from.length - 1) / 2)] ?? null;
}
