// The image where a runtime does what the sources' comparison leaves out: memory that is gone in the middle of a session.
// Not the same journal as the sources, so judged by how it ends.
import { createContext, runInContext } from 'node:vm';
import { beforeAll, describe, expect, it } from 'vitest';
import { PICO_KALUMA_STORE_SECTOR } from '../../../hal/boards/pico.ts';
import type { ImageFirmware } from '../../../tools/image-firmware.ts';
import { espruinoModel } from '../../../sim/runtimes/espruino.ts';
import { kalumaModel } from '../../../sim/runtimes/kaluma.ts';
import { builtImage } from './built-image.ts';
import { sessionJournal } from './session-journal.ts';

type Runtime = 'kaluma' | 'espruino';
const images = { kaluma: '', espruino: '' };
beforeAll(async () => {
  for (const runtime of ['kaluma', 'espruino'] as const) images[runtime] = (await builtImage('pico', runtime)).text;
}, 300_000);

/** The image over the model as it is built here; `memoryFor` passes of its loop find memory, once. */
function firmware(runtime: Runtime, options: { memoryFor?: number }): ImageFirmware {
  let left = options.memoryFor ?? Infinity;
  return {
    runtime,
    boot: (board) => {
      const model = runtime === 'kaluma' ? kalumaModel(board, PICO_KALUMA_STORE_SECTOR) : espruinoModel(board);
      const context = createContext({ ...model.globals });
      for (const name of model.missing) runInContext(`delete ${name}`, context);
      runInContext(images[runtime], context);
      return {
        tick: () => {
          left -= 1;
          if (left === 0) model.outOfMemory();
          return model.pass();
        },
      };
    },
  };
}

describe('the image', () => {
  it.each(['kaluma', 'espruino'] as const)(
    'is started again by the watchdog when memory is gone in the middle of a session on %s',
    async (runtime) => {
      const whole = await sessionJournal({ faults: [], image: firmware(runtime, {}) });
      const told = await sessionJournal({ faults: [], image: firmware(runtime, { memoryFor: Math.round(whole.ticks * 0.7) }) });
      expect([whole.boots, told.boots]).toEqual([1, 2]);
      expect(told.ending).not.toBe('complete 0');
    },
    60_000,
  );
});
