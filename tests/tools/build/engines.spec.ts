// The built image on an engine that is not Node's: a session is recorded on the virtual gun and replayed there, tick by tick.
import { newQuickJSWASMModule } from 'quickjs-emscripten';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Trace } from '../../../tools/build/trace.ts';
import { emptyTrace, recordingFirmware, replayScript } from '../../../tools/build/trace.ts';
import { builtImage } from './built-image.ts';
import { sessionJournal } from './session-journal.ts';

let text = '';
beforeAll(async () => {
  text = (await builtImage('pico', 'kaluma')).text;
}, 120_000);

async function recorded(faults: readonly string[]): Promise<Trace> {
  const trace = emptyTrace('kaluma');
  const told = await sessionJournal({ faults, image: recordingFirmware(text, trace) });
  expect(told).toEqual(await sessionJournal({ faults, image: undefined }));
  return trace;
}

/** What the image did on QuickJS with that tape: one line a tick. */
async function replayed(trace: Trace): Promise<string[]> {
  const quickjs = await newQuickJSWASMModule();
  const script = `var lines = []; function report(line) { lines.push(line); }\n${replayScript(text, trace)}\nlines.join('\\n')`;
  return String(quickjs.evalCode(script)).split('\n');
}

describe('the image on QuickJS', () => {
  it.each(['none', 'needle.steps-lost@prick=5', 'contact.lost@prick=5'])(
    'does in each tick what it did on the virtual gun; mesolift-face, 12 pricks, seed 7, fault: %s',
    async (fault) => {
      const trace = await recorded(fault === 'none' ? [] : [fault]);
      expect(trace.ticks.length).toBeGreaterThan(400);
      expect(await replayed(trace)).toEqual(trace.ticks);
    },
    120_000,
  );

  it('notices an answer that is different: one digit of the tape, among 8 in its middle of which some mean nothing', async () => {
    const trace = await recorded([]);
    const middle = trace.tape.length >> 1;
    let noticed = 0;
    for (let at = middle; at < middle + 8 && !noticed; at += 1) {
      const changed = trace.tape[at] === '0' ? '1' : '0';
      const bent: Trace = { ...trace, tape: trace.tape.slice(0, at) + changed + trace.tape.slice(at + 1) };
      noticed = (await replayed(bent)).join() === trace.ticks.join() ? 0 : 1;
    }
    expect(noticed).toBe(1);
  }, 120_000);
});
