// The desk's record of one calibration: everything that was read, what came of it, who, with what, how long it holds. Written
// once, never changed; what became of it later stands in the store's status lines (record-store.ts). Runs at the desk.
import { z } from 'zod';
import { canonicalJson } from '../../protocols/canonical.ts';
import { EXIT_FILE, MesogunError } from '../errors.ts';
import { sha256Of } from '../sha-chain.ts';
import { CALIBRATION_KINDS } from './conclusion.ts';

const text = z.string().max(400);
/** JSON has no infinity: a bound that is none is null. */
const figure = z.number().nullable();
const finding = z.strictObject({ level: z.enum(['stop', 'note']), code: text, what: text, why: text, next: text, step: text.optional() });
const reading = z.strictObject({ step: text, values: z.record(text, z.number()), instrument: text, who: text, at: text });
const criterion = z.strictObject({ name: text, value: text, limit: text, holds: z.boolean() });
const tolerance = z.strictObject({
  ...{ doseNl: z.number(), count: z.int(), meanNl: z.number(), sdNl: z.number(), biasPercent: z.number(), cvPercent: figure },
  ...{ factor: figure, lowNl: figure, highNl: figure, limitNl: z.number(), holds: z.boolean() },
});
const contribution = z.strictObject({ name: text, u: z.number(), freedom: figure, from: text });
const budget = z.strictObject({
  ...{ unit: text, contributions: z.array(contribution), u: z.number(), freedom: figure, k: figure, expanded: figure },
});
const plot = z.strictObject({
  ...{ title: text, xTitle: text, yTitle: text, limit: figure },
  points: z.array(z.strictObject({ x: z.number(), y: z.number(), series: text })),
});

export const calibrationRecordSchema = z.strictObject({
  mesogunCalibration: z.literal(1),
  kind: z.enum(CALIBRATION_KINDS),
  /** A verification of a calibration that was made before (`mesogun certify`): its SHA-256; null for a calibration. */
  certifies: text.nullable(),
  title: text,
  madeAt: text,
  /** Days since 1970-01-01. */
  madeDay: z.int(),
  validUntilDay: z.int(),
  gun: z.strictObject({ id: text, firmware: text, simulated: z.boolean() }),
  technician: text,
  kit: z.strictObject({ syringe: text, needle: text }).nullable(),
  instruments: z.array(text),
  plan: z.record(text, z.unknown()),
  readings: z.array(reading),
  /** Readings that were taken again, refusals, breaks: in the order in which they happened. */
  incidents: z.array(z.strictObject({ event: text, step: text, who: text, at: text, says: text.optional() })),
  notes: z.array(finding),
  verdict: z.enum(['pass', 'fail']),
  /** `bias`: shots were weighed together; nothing is said of one against the next. */
  scope: z.enum(['all', 'bias']),
  criteria: z.array(criterion),
  fit: z.array(z.tuple([text, text])),
  numbers: z.record(text, z.number()),
  doses: z.array(tolerance),
  budget: budget.nullable(),
  plots: z.array(plot),
  /** What the gun was given to keep; null when nothing was. */
  section: z.record(text, z.unknown()).nullable(),
});

export type CalibrationRecord = z.infer<typeof calibrationRecordSchema>;

/** The bytes that are kept and hashed. */
export function recordText(record: CalibrationRecord): { readonly text: string; readonly sha256: string } {
  const body = `${canonicalJson(record)}\n`;
  return { text: body, sha256: sha256Of(body) };
}

/** Infinity and NaN as null, so that a record says what JSON can. */
export function finite(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (Array.isArray(value)) return value.map(finite);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).flatMap(([key, each]) => (each === undefined ? [] : [[key, finite(each)]])));
}

/** Reads a record back. Throws MesogunError (file) for what is none. */
export function readRecordText(path: string, body: string): CalibrationRecord {
  const damaged = (why: string): MesogunError =>
    new MesogunError({ exit: EXIT_FILE, what: `${path} is no calibration record`, why, next: 'calibrate again' });
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw damaged('it is no JSON');
  }
  const parsed = calibrationRecordSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw damaged(`${issue?.path.join('/') ?? ''}: ${issue?.message ?? 'unknown form'}`);
}
