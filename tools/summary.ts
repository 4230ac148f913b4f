// What a session came to: from the journal alone, and beside it what really happened where the gun was virtual.
// The keys of `Summary` are a contract with programs (README, `run --json`). Not responsible for how it is drawn.
import type { Truth } from '../sim/truth.ts';
import type { GunSection } from './calibration/gun-record.ts';
import { calibrationText, calibrationUsed } from './calibration-used.ts';
import type { CalibrationUsed } from './calibration-used.ts';
import type { Journal, JournalEntry } from './journal.ts';
import { journalSha256 } from './journal.ts';
import type { DepthBudget } from './depth-budget.ts';
import { depthBudgetOf, depthBudgetText } from './depth-budget.ts';
import type { Losses } from './losses.ts';
import { lossesOf } from './losses.ts';
import type { Ready } from './source.ts';
import { spell } from './progress.ts';
import { spreadOf } from './statistics.ts';
import type { Spread } from './statistics.ts';
import { alignColumns } from './table.ts';

export interface TrueSummary {
  readonly deliveredNl: number;
  readonly layerNl: Readonly<Record<string, number>>;
  /** Deepest tip from the ring plane, and deepest depth in skin, over the pricks. */
  readonly tipDepthUm: Spread;
  readonly skinDepthUm: Spread;
  /** Where a prick's liquid went, mean µL; null for a dry session. */
  readonly losses: Losses | null;
  /** Why the depth is not what was asked for, by source; null when nothing went through the skin. */
  readonly depthBudgetUm: DepthBudget | null;
}

export interface Summary {
  readonly event: 'summary';
  readonly protocol: string;
  /** Null for a real gun. */
  readonly seed: number | null;
  readonly planned: number;
  readonly done: number;
  readonly uncertain: number;
  readonly commandedNl: number;
  readonly estimatedNl: number;
  /** Depth in skin as the gun knows it: encoder, less what the compiler added for the site. */
  readonly depthUm: Spread;
  /** Estimated dose of one prick. */
  readonly doseNl: Spread;
  /** Device time from the first to the last entry of the session. */
  readonly simulatedMs: number;
  readonly wallMs: number;
  readonly journalSha256: string;
  readonly faults: readonly number[];
  /** What the session rested on; null when none began. */
  readonly calibration: CalibrationUsed | null;
  readonly truth: TrueSummary | null;
}

export interface SummaryInput {
  readonly ready: Ready;
  readonly journal: Journal;
  readonly truth: Truth | null;
  readonly seed: number | null;
  readonly wallMs: number;
  /** What the gun keeps of its calibrations, where it was asked. */
  readonly sections?: readonly GunSection[];
}

const ofKind = (journal: Journal, kind: string): JournalEntry[] => journal.entries.filter((entry) => entry.kind === kind);
const field = (entry: JournalEntry | undefined, name: string): number => entry?.fields[name] ?? 0;
const sum = (entries: readonly JournalEntry[], name: string): number => entries.reduce((total, entry) => total + field(entry, name), 0);

/** INTENT without RESULT: counted in full, never repeated. */
function uncertainOf(intents: readonly JournalEntry[], results: readonly JournalEntry[]): JournalEntry[] {
  const ended = new Set(results.map((entry) => entry.prick));
  return intents.filter((entry) => !ended.has(entry.prick));
}

function depthsOf(intents: readonly JournalEntry[], results: readonly JournalEntry[]): number[] {
  const byPrick = new Map(intents.map((entry) => [entry.prick, entry]));
  return results.flatMap((result) => {
    const intent = byPrick.get(result.prick);
    const tipUm = field(result, 'encoderTipUm');
    return intent === undefined || tipUm === 0 ? [] : [tipUm - (field(intent, 'tipUm') - field(intent, 'depthUm'))];
  });
}

function trueSummary(truth: Truth, ready: Ready, commandedNl: number): TrueSummary {
  const nl = (ul: number): number => Math.round(ul * 1000);
  const layers = Object.entries(truth.layerUl).map(([layer, ul]) => [layer, nl(ul)] as const);
  return {
    deliveredNl: nl(truth.deliveredUl),
    layerNl: Object.fromEntries(layers),
    tipDepthUm: spreadOf(truth.pricks.map((prick) => prick.tipMaxUm)),
    skinDepthUm: spreadOf(truth.pricks.map((prick) => prick.skinMaxUm)),
    losses: lossesOf(truth, commandedNl),
    depthBudgetUm: depthBudgetOf(truth, ready.treatment),
  };
}

/** The summary of one session. Volumes nL, lengths µm, times ms. */
export function summarize({ ready, journal, truth, seed, wallMs, sections }: SummaryInput): Summary {
  const intents = ofKind(journal, 'INTENT');
  const results = ofKind(journal, 'RESULT');
  const done = results.filter((entry) => entry.code === 0);
  const uncertain = uncertainOf(intents, results);
  const first = journal.entries[0];
  const last = journal.entries.at(-1);
  return {
    event: 'summary',
    protocol: ready.treatment.protocol.id,
    seed,
    planned: field(ofKind(journal, 'SESSION')[0], 'pricks'),
    done: done.length,
    uncertain: uncertain.length,
    commandedNl: sum(intents, 'doseNl'),
    estimatedNl: sum(results, 'estimatedNl'),
    depthUm: spreadOf(depthsOf(intents, results)),
    doseNl: spreadOf(done.map((entry) => field(entry, 'estimatedNl'))),
    simulatedMs: first === undefined || last === undefined ? 0 : (last.atMs - first.atMs) >>> 0,
    wallMs,
    journalSha256: journalSha256(journal),
    faults: ofKind(journal, 'FAULT').map((entry) => entry.code),
    calibration: calibrationUsed(journal, ready.plan.program, sections ?? []),
    truth: truth === null ? null : trueSummary(truth, ready, sum(intents, 'doseNl')),
  };
}

const ul = (nl: number): string => `${(nl / 1000).toFixed(1)} µL`;
const mm = (spread: Spread): string => `${(spread.mean / 1000).toFixed(3)} ± ${(spread.sd / 1000).toFixed(3)} mm`;

/** What each layer took, and what of it left again with the needle: together what stayed. */
function layersText({ layerNl, deliveredNl }: TrueSummary): string {
  const layers = Object.entries(layerNl).filter(([, nl]) => nl > 0);
  if (layers.length === 0) return '';
  const backNl = layers.reduce((sum, [, nl]) => sum + nl, 0) - deliveredNl;
  const back = ul(backNl) === ul(0) ? '' : `, less ${ul(backNl)} that came back out with the needle`;
  return `: ${layers.map(([layer, nl]) => `${layer} ${ul(nl)}`).join(', ')}${back}`;
}

/** A table for people. */
export function summaryText(summary: Summary): string {
  const { truth } = summary;
  const wallMs = Math.max(1, summary.wallMs);
  const rows = [
    ['pricks', `${summary.done} of ${summary.planned}${summary.uncertain > 0 ? `, ${summary.uncertain} uncertain (counted in full)` : ''}`],
    [
      'dose',
      `${ul(summary.commandedNl)} commanded, ${ul(summary.estimatedNl)} estimated; ${(summary.doseNl.mean / 1000).toFixed(2)} ± ${(summary.doseNl.sd / 1000).toFixed(2)} µL a prick`,
    ],
    ['depth', `${mm(summary.depthUm)} in skin as the gun knows it`],
    ['time', `${spell(summary.simulatedMs)} on the gun, ${spell(wallMs)} here`],
    ['faults', summary.faults.length === 0 ? 'none' : summary.faults.join(', ')],
    ...(summary.calibration === null ? [] : [['calibration', calibrationText(summary.calibration)]]),
    ['journal', `SHA-256 ${summary.journalSha256.slice(0, 16)}…`],
  ];
  if (truth !== null) {
    rows.push(
      ['truly', `${ul(truth.deliveredNl)} stayed in tissue${layersText(truth)}`],
      ['', `tip ${mm(truth.tipDepthUm)} from the ring, ${mm(truth.skinDepthUm)} in skin`],
    );
    if (truth.depthBudgetUm !== null) rows.push(['', depthBudgetText(truth.depthBudgetUm)]);
  }
  return alignColumns(rows);
}
