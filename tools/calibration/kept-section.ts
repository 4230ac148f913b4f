// What a kept record says the gun was given, checked again as it comes off the disk: a record is text that somebody may have written.
// Not responsible for the record's own hash (record-store.ts) nor for the gun's limits. Runs at the desk.
import { z } from 'zod';
import { EXIT_FILE, MesogunError } from '../errors.ts';
import type { CalibrationRecord } from './calibration-record.ts';
import type { DepthTrial } from './depth-procedure.ts';
import type { DoseTrial } from './dose-conclusion.ts';

const period = z.object({ amplitudeUm: z.number(), phaseRad: z.number() });

const depthSchema: z.ZodType<DepthTrial> = z.object({
  kind: z.literal('depth'),
  offsetUm: z.number(),
  gainPpm: z.number(),
  period,
  ringUm: z.number(),
});

const doseSchema: z.ZodType<DoseTrial> = z.object({
  kind: z.literal('dose'),
  kit: z.int(),
  doseRangeNl: z.tuple([z.number(), z.number()]).exactOptional(),
  nlPerMm: z.number().positive(),
  period,
  startUpNl: z.number(),
  complianceUlPerKpa: z.number(),
  breakLooseMn: z.number(),
  glideMn: z.number(),
  rodMnPerMm: z.number(),
  backlashUm: z.number(),
});

function kept<Trial>(schema: z.ZodType<Trial>, record: CalibrationRecord): Trial {
  const found = schema.safeParse(record.section);
  if (found.success) return found.data;
  const why = found.error.issues.map(({ path, message }) => `/section/${path.join('/')}: ${message}`).join('; ');
  const next = 'calibrate anew: this record cannot say what is in force';
  throw new MesogunError({ exit: EXIT_FILE, what: 'the kept calibration record is not one of this kind', why, next });
}

/** What was given to the gun for its needle axis. Throws MesogunError (exit 3) when the record does not say it. */
export const keptDepth = (record: CalibrationRecord): DepthTrial => kept(depthSchema, record);

/** What was given to the gun for a syringe and needle. Throws as above. */
export const keptDose = (record: CalibrationRecord): DoseTrial => kept(doseSchema, record);
