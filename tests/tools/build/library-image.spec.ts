// Every protocol of the library on both images: what `run --image` runs writes the journal of the sources, byte for byte.
// Not responsible for faults (image.spec.ts) nor for what a protocol does to the skin (tests/protocols/library-walk.spec.ts).
import { beforeAll, describe, expect, it } from 'vitest';
import { idsOf } from '../../../protocols/library.ts';
import type { ImageFirmware } from '../../../tools/image-firmware.ts';
import { firmwareOf } from '../../../tools/image-firmware.ts';
import { builtImage } from './built-image.ts';
import { sessionJournal } from './session-journal.ts';

/** Fewer than 10 only warn. Chosen: every kind of step of a technique comes more than once. */
const PRICKS = 4;
const RUNTIMES = ['kaluma', 'espruino'] as const;

describe.each(RUNTIMES)('the image for %s', (runtime) => {
  let image: ImageFirmware;
  beforeAll(async () => {
    image = firmwareOf((await builtImage('pico', runtime)).text, { board: 'pico', runtime });
  }, 120_000);

  it.each(idsOf('protocol'))(
    'writes in 4 pricks of %s the journal and the store that the sources write, byte for byte; seed 7',
    async (protocol) => {
      const session = { protocol, pricks: PRICKS, faults: [] };
      const built = await sessionJournal({ ...session, image });
      expect(built.ending).toBe('complete 0');
      expect(built).toEqual(await sessionJournal({ ...session, image: undefined, runtime }));
    },
  );
});
