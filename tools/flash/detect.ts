// Which runtime answers on a port, asked in words that both consoles take. Not responsible for more than its name. Runs at the desk.
import type { RuntimeName } from '../build/image.ts';
import { EXIT_DEVICE, EXIT_NO_DEVICE, MesogunError } from '../errors.ts';
import { Kaluma } from './kaluma.ts';
import { NoAnswer } from './talk.ts';
import type { Talk } from './talk.ts';

/** A gun speaks every 500 ms. */
const LISTEN_FOR_MS = 700;
const ANSWER_FOR_MS = 1500;
const ATTEMPTS = 3;
/** Lines of a running gun, and how a virtual one greets. */
const GUN_LINE = /\d+ \{"(?:ev|re)":|^% mesogun-sim/m;

/** Listens without a word of ours: does a gun speak here? What came is taken. */
export async function hearsGun(talk: Talk): Promise<boolean> {
  await talk.pause(LISTEN_FOR_MS);
  return GUN_LINE.test(talk.clear());
}

/** Listens, then asks. Throws MesogunError: 5 for a gun that runs here, 4 when no console answers. */
export async function detectRuntime(talk: Talk): Promise<RuntimeName> {
  if (await hearsGun(talk)) throw gunRuns();
  return askRuntime(talk);
}

/** Asks at once. Throws MesogunError as above. */
export async function askRuntime(talk: Talk): Promise<RuntimeName> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    await new Kaluma(talk).clean();
    talk.write("print('<'+'R '+(process.env?'espruino':'kaluma')+' R>')\r");
    try {
      const found = await talk.match('answer', ANSWER_FOR_MS, /<R (espruino|kaluma) R>/);
      return found[1] === 'kaluma' ? 'kaluma' : 'espruino';
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      if (GUN_LINE.test(error.heard)) throw gunRuns();
    }
  }
  throw new MesogunError({
    exit: EXIT_NO_DEVICE,
    what: 'neither Kaluma nor Espruino answers on this port',
    why: 'three times it was asked',
    next: 'is the runtime on the board? see firmware/README.md; power it off and on with the jumper on GP22, then try again',
  });
}

const gunRuns = (): MesogunError =>
  new MesogunError({
    exit: EXIT_DEVICE,
    what: 'a gun speaks on this port: it is a link, not a console',
    why: "Kaluma's console is the board's USB port; Espruino's is closed while the image runs",
    next: 'Kaluma: name its USB port. Espruino: power it off, put the jumper on GP22, power it on; then flash again',
  });
