// The committed trace: a session of the Kaluma image for a Pico, recorded on the virtual gun. Engines replay it without the simulator.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { recordingFirmware } from '../../tools/build/trace.ts';
import type { Trace } from '../../tools/build/trace.ts';
import { sessionJournal } from '../tools/build/session-journal.ts';

/** Chosen: a boot, homing, probing, priming, six pricks with their journal, the end. */
const PRICKS = 6;
const PATH = fileURLToPath(new URL('trace.json', import.meta.url));

const traceSchema = z.object({
  what: z.string(),
  tape: z.string().regex(/^[0-9a-f]*$/),
  ticks: z.array(z.string()),
  starts: z.array(z.int().min(0)),
});

/** Records the session anew from an image. */
export async function recordTrace(image: string): Promise<Trace> {
  const trace: Trace = { tape: '', ticks: [], starts: [] };
  await sessionJournal({ faults: [], image: recordingFirmware(image, trace), pricks: PRICKS });
  return trace;
}

export const readTrace = (): Trace => traceSchema.parse(JSON.parse(readFileSync(PATH, 'utf8')));

export function writeTrace({ tape, ticks, starts }: Trace): void {
  const what = `mesolift-face, ${String(PRICKS)} pricks, seed 7; UPDATE=1 npx vitest run tests/engines records it anew`;
  writeFileSync(PATH, `${JSON.stringify({ what, tape, ticks, starts })}\n`);
}
