// A built image as the firmware of the virtual gun: the very file that is flashed, in a context whose globals are those of its
// runtime. Not responsible for building (build/image.ts) nor for what a runtime does (sim/runtimes). Runs at the desk.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { compileFunction, createContext, runInContext } from 'node:vm';
import { z } from 'zod';
import { PICO2_KALUMA_STORE_SECTOR, PICO_KALUMA_STORE_SECTOR } from '../hal/boards/pico.ts';
import type { Board } from '../hal/io.ts';
import type { Firmware } from '../sim/board.ts';
import type { Costs } from '../sim/costs.ts';
import { espruinoModel } from '../sim/runtimes/espruino.ts';
import { kalumaModel } from '../sim/runtimes/kaluma.ts';
import type { RuntimeModel } from '../sim/runtimes/model.ts';
import { EXIT_FILE, MesogunError } from './errors.ts';

const manifestSchema = z.object({
  board: z.enum(['pico', 'pico2']),
  runtime: z.enum(['kaluma', 'espruino']),
  sha256: z.string(),
});
type Target = z.infer<typeof manifestSchema>;

/** What the virtual gun is given instead of the sources. */
export interface ImageFirmware {
  readonly runtime: 'kaluma' | 'espruino';
  readonly boot: (board: Board) => Firmware;
  /** What costs other than sim/costs.ts says of the runtime: a chip that is slower. */
  readonly costs?: Partial<Costs>;
}

function modelOf(target: Target, board: Board): RuntimeModel {
  if (target.runtime === 'espruino') return espruinoModel(board);
  return kalumaModel(board, target.board === 'pico2' ? PICO2_KALUMA_STORE_SECTOR : PICO_KALUMA_STORE_SECTOR);
}

/**
 * An image's text as firmware; it starts anew, in a context of its own, at each power-on. `extra` globals are for measuring an image
 * that was made to count; the runtime does not have them.
 */
export function firmwareOf(text: string, target: Omit<Target, 'sha256'>, extra: Readonly<Record<string, unknown>> = {}): ImageFirmware {
  const filename = `mesogun-${target.board}-${target.runtime}.js`;
  return {
    runtime: target.runtime,
    boot: (board) => {
      const model = modelOf({ ...target, sha256: '' }, board);
      const context = createContext({ ...model.globals, ...extra });
      for (const name of model.missing) runInContext(`delete ${name}`, context);
      // As the body of a function: a global of such a context is slow, and the image for Espruino is made of them.
      (compileFunction(text, [], { filename, parsingContext: context }) as () => void)();
      return { tick: () => model.pass() };
    },
  };
}

function fileText(path: string, what: string, next: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new MesogunError({
      exit: EXIT_FILE,
      what: `cannot read ${what} ${path}`,
      why: error instanceof Error ? error.message : String(error),
      next,
    });
  }
}

/** Null for what is no JSON. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

/** Reads an image and the manifest beside it; refuses (exit 3) a file that is not the one the manifest describes. */
export function loadImage(path: string): ImageFirmware {
  if (!path.endsWith('.js'))
    throw new MesogunError({ exit: EXIT_FILE, what: `${path} is not an image`, next: 'name the .js file; its manifest lies beside it' });
  const text = fileText(path, 'the image', 'mesogun build makes images');
  const manifestPath = path.replace(/\.js$/, '.json');
  const manifest = manifestSchema.safeParse(jsonOf(fileText(manifestPath, 'its manifest', 'mesogun build writes it beside the image')));
  if (!manifest.success) throw new MesogunError({ exit: EXIT_FILE, what: `${manifestPath} is not a manifest`, next: 'build again' });
  const hash = createHash('sha256').update(text).digest('hex');
  if (hash !== manifest.data.sha256) {
    const why = `its SHA-256 is ${hash.slice(0, 16)}…, the manifest says ${manifest.data.sha256.slice(0, 16)}…`;
    throw new MesogunError({ exit: EXIT_FILE, what: `${path} is not the image of its manifest`, why, next: 'build again' });
  }
  return firmwareOf(text, manifest.data);
}
