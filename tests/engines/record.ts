// Sessions in a row on one power-on, recorded on the virtual gun: the desk guides each to its end, and a person brings a new syringe and
// goes to skin that is still untouched. Not responsible for what engines make of it.
import { recordingFirmware } from '../../tools/build/trace.ts';
import type { Trace } from '../../tools/build/trace.ts';
import { Guide } from '../../tools/guide.ts';
import { Link } from '../../tools/link.ts';
import { readyToRun } from '../../tools/source.ts';
import { VirtualLine } from '../../tools/virtual-line.ts';
import { worldFor } from '../../tools/world.ts';

const SEED = 7;
/** Chosen: 200 pricks with a change of syringe take some 6 min. */
const TIMEOUT_MS = 1_800_000;
/** From one session's patch of skin to the next. Chosen: wider than any area. */
const PATCH_UM = 300_000;

export interface RecordOptions {
  readonly sessions: number;
  readonly pricks: number;
}

/** Into `trace`; answers how many ticks there were at the end of each session. Throws when a session does not complete. */
export async function recordSessions(image: string, trace: Trace, { sessions, pricks }: RecordOptions): Promise<number[]> {
  const ready = readyToRun('mesolift-face', [`pricks=${String(pricks)}`]);
  const line = new VirtualLine({ world: { seed: SEED }, trace: false, image: recordingFirmware(image, trace) });
  const link = new Link(line.connect());
  const ends: number[] = [];
  try {
    await link.connect(worldFor(ready, SEED, []));
    for (let session = 1; session <= sessions; session++) {
      const { journal } = session === 1 ? { journal: link.hello?.journal ?? -1 } : await link.connect();
      const guide = new Guide(link, { words: ready.plan.program, lastSeq: journal, timeoutMs: TIMEOUT_MS, onEvent: () => {} });
      const { ending, faultCode } = await guide.run();
      if (ending !== 'complete') throw new Error(`session ${String(session)} ended by ${ending} ${String(faultCode)}`);
      ends.push(trace.ticks.length);
      moveOn(line);
    }
  } finally {
    await link.close();
  }
  // What the gun did while the link was closed is no session's.
  const last = ends.at(-1) ?? 0;
  trace.tape = trace.tape.slice(0, trace.starts[last] ?? trace.tape.length);
  trace.ticks.length = last;
  trace.starts.length = last;
  return ends;
}

/** Between two sessions: a fresh syringe, and the marks on another patch. */
function moveOn(line: VirtualLine): void {
  const gun = line.device;
  if (!gun) throw new Error('no gun');
  gun.world.changeSyringe();
  for (const point of gun.setup.points) point[1] += PATCH_UM;
  // The person stands at the last mark, which is done: the next is the first of the new patch.
  gun.world.operator.pointIndex = -1;
}
