// The committed traces: a session of the image for a Pico on each runtime, recorded on the virtual gun. Engines replay them without the
// simulator. The tape is deflated.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { z } from 'zod';
import type { RuntimeName } from '../../tools/build/image.ts';
import { emptyTrace } from '../../tools/build/trace.ts';
import type { Trace } from '../../tools/build/trace.ts';
import { recordSessions } from './record.ts';

/** Chosen: a boot, homing, probing, priming, six pricks with their journal, the end. */
const PRICKS = 6;
const pathOf = (runtime: RuntimeName): string => fileURLToPath(new URL(`trace-${runtime}.json`, import.meta.url));

const traceSchema = z.object({ what: z.string(), tape: z.base64(), ticks: z.array(z.string()) });

/** Records the session anew from an image. */
export async function recordTrace(runtime: RuntimeName, image: string): Promise<Trace> {
  const trace = emptyTrace(runtime);
  await recordSessions(image, trace, { sessions: 1, pricks: PRICKS });
  return trace;
}

/** Without the places where its ticks begin. */
export function readTrace(runtime: RuntimeName): Trace {
  const { tape, ticks } = traceSchema.parse(JSON.parse(readFileSync(pathOf(runtime), 'utf8')));
  return { runtime, tape: inflateRawSync(Buffer.from(tape, 'base64')).toString('hex'), ticks, starts: [] };
}

export function writeTrace({ runtime, tape, ticks }: Trace): void {
  const what = `mesolift-face, ${String(PRICKS)} pricks, seed 7; UPDATE=1 npx vitest run tests/engines records it anew`;
  const packed = deflateRawSync(Buffer.from(tape, 'hex'), { level: 9 }).toString('base64');
  writeFileSync(pathOf(runtime), `${JSON.stringify({ what, tape: packed, ticks })}\n`);
}
