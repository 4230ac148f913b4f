// The file of one session, version 1: what was planned, agreed, injected, where, of which lot, by which firmware, and the
// gun's own journal. Drawn from the journal; the plan gives places and names. Not responsible for keeping it (store.ts).
import { z } from 'zod';
import { fillingSchema } from './fillings.ts';
import { formSchema } from './form.ts';
import { lotSchema } from './lots.ts';

export const RECORD_VERSION = 1;

const hash = z.string().regex(/^[0-9a-f]{64}$/);
/** Minutes are enough: the journal has the milliseconds. */
const moment = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}Z$/);
const count = z.int().min(0);
const nl = z.number();

/** Amounts in `unit`. `given` counts an uncertain prick in full, as the gun does. */
export const substanceSchema = z.strictObject({
  name: z.string(),
  unit: z.enum(['mg', 'µg', 'U']),
  perMl: z.number(),
  planned: z.number(),
  given: z.number(),
  lots: z.array(lotSchema),
});
export type Substance = z.infer<typeof substanceSchema>;

/** Where a prick was meant to be, from the middle of the area, and what the journal says of it. */
const prickSchema = z.strictObject({
  prick: count,
  place: z.string().optional(),
  xMm: z.number().nullable(),
  yMm: z.number().nullable(),
  ending: z.enum(['done', 'failed', 'uncertain']),
  result: z.string(),
  estimatedNl: nl.nullable(),
  depthUm: z.number().nullable(),
  tipUm: z.number().nullable(),
  /** Which filling of the syringe it came from. */
  filling: z.int().min(1).default(1),
});

/** What the gun said that it runs; null where it did not say, hashes null for sources that run unbuilt. */
export const gunSchema = z.strictObject({
  port: z.string(),
  firmwareVersion: z.number().nullable(),
  imageSha256: hash.nullable(),
  board: z.string().nullable().default(null),
  device: z.number().nullable().default(null),
  build: z
    .strictObject({ image: z.string().nullable(), limits: z.string().nullable(), securityCounter: z.number() })
    .nullable()
    .default(null),
});
export type RecordedGun = z.infer<typeof gunSchema>;

/** What the gun itself kept of its calibrations and says that it rested on. */
const usedSchema = z.strictObject({
  doseSha256: z.string().nullable(),
  depthSha256: z.string().nullable(),
  demo: z.boolean(),
  validUntil: z.string().nullable(),
  recalibrate: z.array(z.string()).readonly(),
});

export const sessionRecordSchema = z.strictObject({
  mesogun: z.literal(RECORD_VERSION),
  kind: z.literal('session-record'),
  session: z.int().min(1),
  /** Nobody was treated. */
  simulated: z.boolean(),
  seed: z.number().nullable(),
  begunAt: moment,
  endedAt: moment,
  /** `desk-lost`: the desk died; the record was made later from what it had written down and from the gun's journal. */
  ending: z.enum(['complete', 'ended', 'fault', 'interrupted', 'timeout', 'restarted', 'desk-lost']),
  form: formSchema,
  /** Which of how many sessions a large area was split into. */
  part: z.strictObject({ number: z.int().min(1), of: z.int().min(1) }),
  /** The session whose pricks this one went on with, and the first prick it made of them; null for one that began anew. */
  resumes: z.strictObject({ session: z.int().min(1), from: z.int().min(1) }).nullable(),
  /** The protocol with all that it names, as it ran. */
  treatment: z.record(z.string(), z.unknown()),
  plan: z.strictObject({
    ...{ pricks: count, doseUl: z.number(), sessionUl: z.number(), depthUm: z.number(), tipUm: z.number(), totalMs: z.number() },
    layers: z.record(z.string(), z.number()),
  }),
  programme: z.strictObject({ words: z.array(z.int()), sha256: hash }),
  totals: z.strictObject({
    ...{ done: count, uncertain: count, failed: count, commandedNl: nl, estimatedNl: nl, primedNl: nl },
    /** Doses as estimated and uncertain ones in full: what limits count. */
    givenNl: nl,
  }),
  product: z.strictObject({ id: z.string(), name: z.string(), lots: z.array(lotSchema) }),
  cocktail: z.array(substanceSchema),
  pricks: z.array(prickSchema),
  fillings: z.array(fillingSchema).default([]),
  gun: gunSchema,
  calibration: z.strictObject({
    ...{ syringe: z.string(), calibrated: z.boolean(), sha256: hash },
    used: usedSchema.nullable().default(null),
  }),
  faults: z.array(z.strictObject({ code: z.int(), says: z.string() })),
  journal: z.strictObject({ entries: z.array(z.string().regex(/^[0-9a-f]{128}$/)), sha256: hash, firstBreak: z.string().nullable() }),
});
export type SessionRecord = z.infer<typeof sessionRecordSchema>;
