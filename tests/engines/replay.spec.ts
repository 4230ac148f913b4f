// The built image on engines that are not Node's: what it did in each tick of a recorded session, it does there too.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newQuickJSWASMModule } from 'quickjs-emscripten';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Trace } from '../../tools/build/trace.ts';
import { replayScript } from '../../tools/build/trace.ts';
import { builtImage } from '../tools/build/built-image.ts';
import { inEs5 } from './es5.ts';
import { readTrace, recordTrace, writeTrace } from './trace-file.ts';

let image = '';
let trace: Trace;

/** True where the program is there; in CI its absence is a failure, so the test is not left out there. */
function present(program: string): boolean {
  if (process.env['CI'] === 'true') return true;
  try {
    execFileSync('sh', ['-c', `command -v ${program}`]);
    return true;
  } catch {
    return false;
  }
}

describe.each(['kaluma', 'espruino'] as const)('the committed trace of the image for %s', (runtime) => {
  beforeAll(async () => {
    image = (await builtImage('pico', runtime)).text;
    if (process.env['UPDATE'] === '1') writeTrace(await recordTrace(runtime, image));
    trace = readTrace(runtime);
  }, 120_000);

  it('is what the image does today; if this fails on purpose: UPDATE=1 npx vitest run tests/engines', async () => {
    const fresh = await recordTrace(runtime, image);
    expect(fresh.ticks.length).toBe(trace.ticks.length);
    expect(fresh.ticks.findIndex((line, tick) => line !== trace.ticks[tick])).toBe(-1);
    expect(fresh.tape === trace.tape).toBe(true);
  }, 120_000);

  it('replays on QuickJS with the same hash and the same wait in each tick', async () => {
    const quickjs = await newQuickJSWASMModule();
    const script = `var lines = []; function report(line) { lines.push(line); }\n${replayScript(image, trace)}\nlines.join('\\n')`;
    expect(String(quickjs.evalCode(script)).split('\n')).toEqual(trace.ticks);
  }, 120_000);

  it.skipIf(!present('duk'))(
    'replays on Duktape, lowered to ES5, with the same hash and the same wait in each tick',
    () => {
      const folder = mkdtempSync(join(tmpdir(), 'mesogun-'));
      try {
        const path = join(folder, 'replay.js');
        writeFileSync(path, `function report(line) { print(line); }\n${inEs5(replayScript(image, trace))}`);
        const said = execFileSync('duk', [path], { encoding: 'utf8', maxBuffer: 2 ** 26 });
        expect(said.trimEnd().split('\n')).toEqual(trace.ticks);
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
    120_000,
  );
});
