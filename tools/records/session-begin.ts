// The beginning of a session, written before anything moves: form with lots, treatment, plan with places, programme, gun and what it
// runs. If the desk dies, this and the gun's journal make the record (recover.ts). Not responsible for keeping it (store.ts). Desk side.
import { z } from 'zod';
import type { Ready } from '../source.ts';
import { sha256Of } from '../sha-chain.ts';
import { formSchema } from './form.ts';
import type { SessionForm } from './form.ts';
import { RECORD_VERSION, gunSchema } from './session-record.ts';
import type { RecordedGun } from './session-record.ts';

export const sessionBeginSchema = z.strictObject({
  mesogun: z.literal(RECORD_VERSION),
  kind: z.literal('session-begin'),
  session: z.int().min(1),
  begunAt: z.string(),
  simulated: z.boolean(),
  seed: z.number().nullable(),
  form: formSchema,
  part: z.strictObject({ number: z.int().min(1), of: z.int().min(1) }),
  /** First prick of its part, and the session that it goes on with; null for one that began anew. */
  from: z.int().min(1),
  resumes: z.int().min(1).nullable(),
  treatment: z.record(z.string(), z.unknown()),
  plan: z.strictObject({
    ...{ pricks: z.int(), syringes: z.int(), sessionUl: z.number(), totalMs: z.number() },
    points: z.array(z.strictObject({ xUm: z.number(), yUm: z.number(), name: z.string().optional() })),
  }),
  programme: z.strictObject({ words: z.array(z.int()), sha256: z.string() }),
  gun: gunSchema,
  /** Newest entry of the gun's journal before the session; −1 for none. */
  lastSeq: z.int().min(-1),
});
export type SessionBegin = z.infer<typeof sessionBeginSchema>;

export interface BeginInput {
  readonly session: number;
  readonly begunAt: string;
  readonly seed: number | null;
  readonly form: SessionForm;
  readonly ready: Ready;
  readonly resumes: number | null;
  readonly gun: RecordedGun;
  readonly lastSeq: number;
}

export function sessionBegin({ ready, seed, ...input }: BeginInput): SessionBegin {
  const { treatment, plan } = ready;
  const words = [...plan.program];
  return {
    ...{ mesogun: RECORD_VERSION, kind: 'session-begin', session: input.session, begunAt: input.begunAt, simulated: seed !== null, seed },
    ...{ form: input.form, part: { number: plan.part, of: plan.parts.length }, from: plan.from, resumes: input.resumes },
    treatment: { ...treatment },
    plan: {
      ...{ pricks: plan.pricks, syringes: plan.syringes, sessionUl: plan.sessionUl, totalMs: plan.totalMs },
      points: plan.points.map(({ xUm, yUm, name }) => (name === undefined ? { xUm, yUm } : { xUm, yUm, name })),
    },
    programme: { words, sha256: sha256Of(JSON.stringify(words)) },
    ...{ gun: input.gun, lastSeq: input.lastSeq },
  };
}
