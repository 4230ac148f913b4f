// `npm run test:emulate -- --uf2 FILE --bootrom FILE`: Kaluma's own firmware on the emulated chip takes the image through its console, and
// what it kept is read back. The image is not started. No part of `npm test`: neither file comes with mesogun. Runs at the desk.
import { parseArgs } from 'node:util';
import { processDesk } from '../desk.ts';
import { EXIT_USAGE, MesogunError, troubleOf } from '../errors.ts';
import { detectRuntime } from '../flash/detect.ts';
import { imageFor } from '../flash/flash-board.ts';
import { flash } from '../flash/flasher.ts';
import type { Flashed } from '../flash/flasher.ts';
import { Kaluma } from '../flash/kaluma.ts';
import { Talk } from '../flash/talk.ts';
import { Drive } from './drive.ts';
import { gunNumber } from './emulated-gun.ts';
import { openEmulator } from './open-emulator.ts';
import { EmulationProgress } from './progress.ts';

const SEED = 1;

async function flashIt(talk: Talk, image: { readonly image?: string }, progress: EmulationProgress): Promise<Flashed> {
  const runtime = await detectRuntime(talk);
  if (runtime !== 'kaluma')
    throw new MesogunError({ exit: EXIT_USAGE, what: `this firmware is ${runtime}`, next: 'give Kaluma for the Pico' });
  return flash(new Kaluma(talk), {
    imageFor: (identity) => imageFor(image, identity),
    number: gunNumber({ seed: SEED }),
    dryRun: false,
    noStart: true,
    onStep: (step, says) => progress.step(step, says),
    onBytes: (step, done, total) => progress.bytes(step, done, total),
  });
}

async function run(): Promise<void> {
  const { values } = parseArgs({ options: { uf2: { type: 'string' }, bootrom: { type: 'string' }, image: { type: 'string' } } });
  const { uf2, bootrom, image } = values;
  if (uf2 === undefined || bootrom === undefined)
    throw new MesogunError({ exit: EXIT_USAGE, what: 'two files are missing', next: 'npm run test:emulate -- --uf2 FILE --bootrom FILE' });
  const desk = processDesk();
  const progress = new EmulationProgress(desk);
  const { gun, loop, revision } = await openEmulator({ uf2, bootrom }, { seed: SEED }, false, (each) => progress.show(each));
  const drive = new Drive(gun);
  const { identity, image: flashed } = await drive.until(
    flashIt(new Talk(drive.console, drive.clock), image === undefined ? {} : { image }, progress),
  );
  progress.clear();
  desk.out(
    `${identity.runtime} ${identity.version} on an emulated RP2040 (${revision}) took ${flashed.manifest.bytes} bytes and gave the same back, ` +
      `${(gun.nowUs / 1e6).toFixed(1)} s emulated; a turn of its main loop takes ${(loop.idleNs / 1000).toFixed(2)} µs\n`,
  );
}

run().catch((error: unknown) => {
  const { exit, what, why, next } = troubleOf(error);
  process.stderr.write([what, why, next].filter((text) => text !== undefined).join('\n') + '\n');
  process.exitCode = exit;
});
