// A replay on Espruino for Linux: the image runs from its Storage, as on a chip, where function bodies stay in flash; the tape comes in by a
// serial port, which is a file there.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { replayingHarness } from '../../tools/build/harness.ts';
import { tapePieces } from '../../tools/build/trace.ts';
import type { Figures, Recording } from './engine.ts';
import { said } from './engine.ts';

/** Chosen: fits 5000 variables as a script. */
const STORED_AT_ONCE = 8192;

/**
 * Each tick of the tape stands behind its length, two bytes; 0 is the end of a session. Memory is looked at where most of it is in use; what
 * the tape takes of it is left out.
 */
const READER = `var most = 0, buffer = '';
sample = function () { var used = process.memory(false).usage - sizeOf(tape) - sizeOf(buffer); if (used > most) most = used; };
function look(what) { print(what + ' ' + process.memory().usage + ' ' + most + ' ' + process.memory().total); }
function take(text) {
  buffer += text;
  while (buffer.length > 1) {
    var n = buffer.charCodeAt(0) * 256 + buffer.charCodeAt(1);
    if (buffer.length < n + 2) return;
    tape = buffer.substr(2, n);
    buffer = buffer.substr(n + 2);
    place = 0;
    if (n) print('tick ' + pass());
    else {
      tape = '';
      look('session');
      if (!--sessions) quit();
    }
    sample();
  }
}
`;

/** Puts a text into the Storage of an Espruino for Linux, which keeps it in its folder. */
async function store(program: string, name: string, text: string, folder: string): Promise<void> {
  for (let at = 0; at < text.length; at += STORED_AT_ONCE) {
    const part = JSON.stringify(text.slice(at, at + STORED_AT_ONCE)).replace(
      /[\x7f-\xff]/g,
      (one) => `\\x${one.charCodeAt(0).toString(16).padStart(2, '0')}`,
    );
    writeFileSync(join(folder, 'store.js'), `require("Storage").write("${name}", ${part}, ${String(at)}, ${String(text.length)});`);
    await said(program, ['store.js'], folder);
  }
}

/** The tape as the serial port says it. */
function serialTape(pieces: readonly Buffer[], ends: readonly number[]): Buffer {
  return Buffer.concat(
    pieces.flatMap((piece, tick) => {
      const length = Buffer.from([piece.length >> 8, piece.length & 255]);
      return ends.includes(tick + 1) ? [length, piece, Buffer.alloc(2)] : [length, piece];
    }),
  );
}

export async function onEspruino(program: string, { image, trace, ends }: Recording, folder: string): Promise<Figures> {
  mkdirSync(folder, { recursive: true });
  const { boot, ticks } = tapePieces(trace);
  const harness = replayingHarness('espruino').replace('tape[place++]', 'tape.charCodeAt(place++)') + READER;
  await store(program, 'harness', harness, folder);
  await store(program, 'image', image, folder);
  await store(program, 'boot', boot.toString('latin1'), folder);
  writeFileSync(join(folder, 'tape'), serialTape(ticks, ends));
  writeFileSync(
    join(folder, 'run.js'),
    `var sessions = ${String(ends.length)}, sizeOf = E.getSizeOf;
eval(require("Storage").read("harness"));
tape = require("Storage").read("boot");
look("harness");
eval(require("Storage").read("image"));
sample();
look("boot");
setInterval(function () {}, 5);
Serial1.on("data", take);
Serial1.setup(9600, { path: ${JSON.stringify(join(folder, 'tape'))} });
`,
  );
  const startedMs = performance.now();
  const text = await said(program, ['run.js'], folder);
  const tookS = (performance.now() - startedMs) / 1000;
  const looks = [...text.matchAll(/(harness|boot|session) (\d+) (\d+) (\d+)/g)].map(([, what, used, most, total]) => ({
    what,
    used: Number(used),
    most: Number(most),
    total: Number(total),
  }));
  const sessions = looks.filter(({ what }) => what === 'session');
  const without = looks[0]?.used ?? Number.NaN;
  return {
    ticks: [...text.matchAll(/tick ([0-9a-f]+ \d+)/g)].map((match) => match[1] ?? ''),
    total: looks[0]?.total ?? Number.NaN,
    harness: without,
    live: looks.slice(1).map(({ used }) => used - without),
    peak: sessions.map(({ most }) => most - without),
    tookS,
  };
}
