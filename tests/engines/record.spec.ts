// Sessions in a row on one power-on: what `npm run test:engines` replays on the user's engines, here on QuickJS.
import { newQuickJSWASMModule } from 'quickjs-emscripten';
import { expect, it } from 'vitest';
import { emptyTrace, replayScript, tapePieces } from '../../tools/build/trace.ts';
import { builtImage } from '../tools/build/built-image.ts';
import { recordSessions } from './record.ts';

it('records two sessions of 4 pricks of the image for Kaluma, seed 7, which QuickJS repeats tick by tick', async () => {
  const { text } = await builtImage('pico', 'kaluma');
  const trace = emptyTrace('kaluma');
  const ends = await recordSessions(text, trace, { sessions: 2, pricks: 4 });
  expect(ends).toHaveLength(2);
  expect(ends[1]).toBe(trace.ticks.length);
  const { boot, ticks } = tapePieces(trace);
  expect(Buffer.concat([boot, ...ticks]).toString('hex')).toBe(trace.tape);
  const quickjs = await newQuickJSWASMModule();
  const script = `var lines = []; function report(line) { lines.push(line); }\n${replayScript(text, trace)}\nlines.join('\\n')`;
  expect(String(quickjs.evalCode(script)).split('\n')).toEqual(trace.ticks);
}, 120_000);
