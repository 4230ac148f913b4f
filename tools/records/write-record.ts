// Makes the record of a session from what was agreed, planned and journalled. Pure: the same session gives the same bytes.
// Not responsible for its form (session-record.ts) nor for keeping it (store.ts). Runs at the desk.
import { canonicalJson } from '../../protocols/canonical.ts';
import { faultSays } from '../refusal.ts';
import { strokesOf } from '../report/strokes.ts';
import { sha256Of } from '../sha-chain.ts';
import type { Summary, SummaryInput } from '../summary.ts';
import { fillingOfPricks, fillingsOf } from './fillings.ts';
import type { SessionForm } from './form.ts';
import type { Lot } from './lots.ts';
import { RECORD_VERSION } from './session-record.ts';
import type { RecordedGun, SessionRecord, Substance } from './session-record.ts';

export interface RecordInput extends SummaryInput {
  readonly session: number;
  readonly form: SessionForm;
  readonly summary: Summary;
  readonly ending: SessionRecord['ending'];
  readonly begunAt: string;
  readonly endedAt: string;
  readonly gun: RecordedGun;
  /** Session that this one goes on with; null for one that began anew. */
  readonly resumes: number | null;
}

const rounded = (value: number): number => Math.round(value * 1e6) / 1e6;
const of = (lots: readonly Lot[], ...names: readonly string[]): Lot[] => lots.filter((lot) => names.includes(lot.of));

/** Estimated dose of each prick, or in full what may have been given without a word of it, nL. */
const givenNlOf = ({ journal }: SummaryInput): Map<number, number> =>
  new Map(strokesOf(journal, null).map((stroke) => [stroke.prick, stroke.estimatedNl ?? stroke.commandedNl ?? 0]));

function cocktailOf({ ready, form }: RecordInput, plannedUl: number, givenNl: number): Substance[] {
  const { product } = ready.treatment;
  return (product.components ?? []).map(({ name, unit, perMl }) => ({
    ...{ name, unit, perMl },
    planned: rounded((perMl * plannedUl) / 1000),
    given: rounded((perMl * givenNl) / 1e6),
    lots: of(form.lots, product.id, name),
  }));
}

function pricksOf({ ready, journal }: RecordInput): SessionRecord['pricks'] {
  const fillings = fillingOfPricks(journal);
  return strokesOf(journal, null).map((stroke) => {
    const point = ready.plan.points[stroke.prick - 1];
    const { prick, ending, result, estimatedNl, depthUm } = stroke;
    const place = point?.name === undefined ? {} : { place: point.name };
    const where = { xMm: point === undefined ? null : point.xUm / 1000, yMm: point === undefined ? null : point.yUm / 1000 };
    return {
      prick,
      ...place,
      ...where,
      ending,
      result,
      estimatedNl,
      depthUm,
      tipUm: stroke.encoderTipUm,
      filling: fillings.get(prick) ?? 1,
    };
  });
}

/** The record of one session. */
export function writeRecord(input: RecordInput): SessionRecord {
  const { ready, journal, summary, form } = input;
  const { treatment, plan } = ready;
  const { syringe, product } = treatment;
  const given = givenNlOf(input);
  const givenNl = [...given.values()].reduce((sum, nl) => sum + nl, 0);
  const primes = journal.entries.filter((entry) => entry.kind === 'PRIME');
  const words = [...plan.program];
  const pricks = pricksOf(input);
  return {
    ...{ mesogun: RECORD_VERSION, kind: 'session-record', session: input.session },
    ...{ simulated: input.seed !== null, seed: input.seed, begunAt: input.begunAt, endedAt: input.endedAt, ending: input.ending },
    ...{ form, part: { number: plan.part, of: plan.parts.length } },
    resumes: input.resumes === null ? null : { session: input.resumes, from: plan.from },
    treatment: { ...treatment },
    plan: {
      ...{ pricks: plan.pricks, doseUl: plan.doseUl, sessionUl: plan.sessionUl, depthUm: plan.depth.depthUm, tipUm: plan.depth.tipUm },
      ...{ totalMs: plan.totalMs, layers: plan.depth.layers },
    },
    programme: { words, sha256: sha256Of(JSON.stringify(words)) },
    totals: {
      ...{ done: summary.done, uncertain: summary.uncertain, failed: pricks.filter((one) => one.ending === 'failed').length },
      ...{ commandedNl: summary.commandedNl, estimatedNl: summary.estimatedNl, givenNl },
      primedNl: primes.reduce((sum, entry) => sum + (entry.fields['movedNl'] ?? 0), 0),
    },
    product: { id: product.id, name: product.name, lots: form.lots },
    cocktail: cocktailOf(input, plan.sessionUl, givenNl),
    pricks,
    fillings: fillingsOf(journal, form, product.id, given),
    gun: input.gun,
    calibration: {
      syringe: syringe.id,
      calibrated: syringe.calibrated,
      sha256: sha256Of(canonicalJson(syringe)),
      used: summary.calibration,
    },
    faults: summary.faults.map((code) => ({ code, says: faultSays(code) })),
    journal: {
      entries: journal.entries.map((entry) => Buffer.from(entry.bytes).toString('hex')),
      sha256: summary.journalSha256,
      firstBreak: journal.firstBreak === null ? null : `entry ${journal.firstBreak.seq}: ${journal.firstBreak.why}`,
    },
  };
}
