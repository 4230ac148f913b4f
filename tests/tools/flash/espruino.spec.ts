// Flashing Espruino at its console, in virtual time: from any state, through any cut, over a bad wire; what must survive does.
import { describe, expect, it } from 'vitest';
import { STORE_FILE_SECTORS } from '../../../hal/ports/espruino.ts';
import { EspruinoConsole } from '../../../sim/runtimes/espruino-console.ts';
import type { MesogunError } from '../../../tools/errors.ts';
import { HUSHED } from '../../../tools/flash/runtime.ts';
import { FlashBench, imageOf } from './bench.ts';
import type { BenchOptions } from './bench.ts';

const IMAGE = imageOf('espruino', 6000);
const OLD = imageOf('espruino', 7000);

function benchOf(options: Omit<BenchOptions, 'runtime'> = {}): { bench: FlashBench; board: EspruinoConsole } {
  const bench = new FlashBench({ runtime: 'espruino', ...options });
  if (!(bench.board instanceof EspruinoConsole)) throw new Error('not Espruino');
  bench.board.powerOn(false);
  return { bench, board: bench.board };
}
/** Power off and on with the jumper on GP22. */
function withJumper(board: EspruinoConsole): void {
  board.powerOff();
  board.powerOn(true);
}
const troubleIn = (promise: Promise<unknown>): Promise<MesogunError> => promise.then(() => { throw new Error('no error'); }, (error: unknown) => error as MesogunError); // prettier-ignore

describe('flashing Espruino', () => {
  it('writes 49 152 bytes to an empty board behind the store, reads them back, starts them, and hands the port on as the link', async () => {
    const { bench, board } = benchOf();
    const image = imageOf('espruino', 49_152);
    const flashed = await bench.flash(image);
    expect(flashed).toMatchObject({ written: true, before: { state: 'empty' }, started: { isRunning: true } });
    expect(flashed.started?.link).not.toBeNull();
    expect(bench.started).toEqual([image.text]);
    expect(board.storage.list()).toEqual(['mesogun', 'mesogun.counter', '.bootcde']);
    expect(board.storage.read('.bootcde')).toBe(image.text);
    expect(board.lostCount).toBe(0);
  });

  it('R58: says exit 5 and to fit the jumper when a gun runs and its console is closed; with it the board is flashed and not started', async () => {
    const { bench, board } = benchOf();
    await bench.flash(OLD);
    expect(board.isRunning).toBe(true);
    const trouble = await troubleIn(bench.flash(IMAGE));
    expect([trouble.exit, trouble.message]).toEqual([5, 'a gun runs on this port, and its console is closed']);
    expect(trouble.next).toContain('GP22');
    withJumper(board);
    const flashed = await bench.flash(IMAGE);
    expect(flashed.before).toMatchObject({ state: 'image', imageId: OLD.manifest.imageId });
    expect(flashed.started).toMatchObject({ isRunning: false, says: 'not started: take the jumper off GP22, then power off and on' });
    board.powerOff();
    board.powerOn(false);
    expect(bench.started).toEqual([OLD.text, IMAGE.text]);
  });

  it('leaves the raw store where it is, byte for byte, through 6 flashes that make the Storage compact', async () => {
    const { bench, board } = benchOf();
    await bench.flash(imageOf('espruino', 60_000));
    const journal = 'an entry of the journal';
    board.storage.write('mesogun', journal, 5000);
    const address = board.storage.addressOf(board.storage.read('mesogun') ?? '');
    const before = board.storage.read('mesogun');
    for (let n = 0; n < 6; n += 1) {
      withJumper(board);
      await bench.flash(imageOf('espruino', 60_000 + 500 * n));
    }
    expect(board.storage.read('mesogun')).toBe(before);
    expect(board.storage.addressOf(board.storage.read('mesogun') ?? '')).toBe(address);
    expect(address % 4096).toBe(32);
  });

  it("refuses a board with other people's files, exit 5, by name; a store that does not begin a sector likewise", async () => {
    const { bench, board } = benchOf();
    board.storage.write('photos', 'x'.repeat(100));
    const trouble = await troubleIn(bench.flash(IMAGE));
    expect([trouble.exit, trouble.why]).toEqual([5, 'photos: the store of the gun must be the first file of an erased Storage']);
    expect(board.storage.list()).toEqual(['photos']);
    board.storage.write('mesogun', 'x', 0, STORE_FILE_SECTORS * 4096 - 32);
    expect((await troubleIn(bench.flash(IMAGE))).message).toBe("the file 'mesogun' does not begin a sector");
  });
});

describe('refusals on Espruino', () => {
  it('an image larger than the room beside the store is refused, exit 5, with both figures, and the one on the board stays', async () => {
    const { bench, board } = benchOf();
    await bench.flash(OLD);
    withJumper(board);
    const trouble = await troubleIn(bench.flash(imageOf('espruino', 90_000)));
    expect(trouble.exit).toBe(5);
    expect(trouble.message).toMatch(/^the image has 90000 bytes, the board has room for \d+ beside the store of the gun$/);
    expect(board.storage.read('.bootcde')).toBe(OLD.text);
  });

  it('R39: an older security counter is refused, exit 3, also after the newer image was half overwritten', async () => {
    const { bench, board } = benchOf();
    await bench.flash(imageOf('espruino', 5000, 3));
    withJumper(board);
    bench.powerCutAt = bench.sentBytes + 6000;
    await troubleIn(bench.flash(imageOf('espruino', 9000, 3)));
    bench.powerCutAt = Infinity;
    board.powerOn(true);
    expect(board.storage.read('.bootcde')?.includes('})();')).toBe(false);
    expect((await troubleIn(bench.flash(imageOf('espruino', 5000, 2)))).message).toBe('this image is too old for the board');
  });

  it('an image for Kaluma is refused with exit 3', async () => {
    const { bench } = benchOf();
    expect((await troubleIn(bench.flash(imageOf('kaluma', 5000)))).exit).toBe(3);
  });

  it('a number for the gun is refused: it follows from the chip', async () => {
    const { bench } = benchOf();
    expect((await troubleIn(bench.flash(IMAGE, { number: 7 }))).message).toContain('follows from its chip');
  });
});

describe('what an earlier user of the port left on Espruino', () => {
  it.each([
    ['half a line', 'print("abc'],
    ['open brackets', 'function f() {\nif (1) {\n'],
    ['a line without echo', '\x10require("Storage").erase("mesogun'],
    ['echo of 2000 characters', 'x'.repeat(2000)],
    ['a program that prints a number every 100 ms', 'setInterval(function(){print(123)},100)\n'],
  ])('%s does not hinder a flash', async (_name, left) => {
    const { bench, board } = benchOf();
    board.hear(left);
    const { before, started } = await bench.flash(IMAGE);
    expect([before.state, started?.isRunning]).toEqual(['empty', true]);
    expect(bench.steps.includes(`identify: ${HUSHED}`)).toBe(left.startsWith('setInterval'));
  });
});

/** Bytes that the host sends in a flash of IMAGE onto an empty board. */
async function bytesOfAFlash(): Promise<number> {
  const { bench } = benchOf();
  await bench.flash(IMAGE);
  return bench.sentBytes;
}

describe('a wire to Espruino that loses, doubles or damages', () => {
  const spoil: Readonly<Record<string, (byte: string) => string>> = {
    lost: () => '',
    doubled: (byte) => byte + byte,
    damaged: (byte) => String.fromCharCode(byte.charCodeAt(0) ^ 0x04),
  };
  it.each(Object.keys(spoil))('one byte %s at any of 30 places: the image is there all the same, or the flash says so', async (kind) => {
    const total = await bytesOfAFlash();
    for (let n = 0; n < 30; n += 1) {
      const place = Math.floor((n * total) / 30) + n;
      const { bench, board } = benchOf({ mangle: (byte, index) => (index === place ? (spoil[kind]?.(byte) ?? byte) : byte) });
      const outcome = await bench.flash(IMAGE).then(
        () => null,
        (error: unknown) => error as MesogunError,
      );
      if (outcome === null) expect(board.storage.read('.bootcde'), `byte ${place}`).toBe(IMAGE.text);
      else expect([4, 5, 6], `byte ${place}: ${outcome.message}`).toContain(outcome.exit);
      for (const started of bench.started) expect(started).toBe(IMAGE.text);
      if (outcome !== null) {
        withJumper(board);
        await bench.flash(IMAGE);
        expect(board.storage.read('.bootcde'), `byte ${place}, second`).toBe(IMAGE.text);
      }
    }
  });

  it.each([300, 1500, 4000])(
    'everything late by %i ms from any of 24 bytes on: the image is there all the same, or the flash says so',
    async (forMs) => {
      const total = await bytesOfAFlash();
      for (let n = 0; n < 24; n += 1) {
        const at = Math.floor((n * total) / 24) + n;
        const { bench, board } = benchOf({ stall: { at, forMs } });
        const outcome = await bench.flash(IMAGE).then(
          () => null,
          (error: unknown) => error as MesogunError,
        );
        if (outcome === null) expect(board.storage.read('.bootcde'), `byte ${at}`).toBe(IMAGE.text);
        else expect([4, 5, 6], `byte ${at}: ${outcome.message}`).toContain(outcome.exit);
        for (const started of bench.started) expect(started).toBe(IMAGE.text);
      }
    },
  );
});

describe('R40: a flash of Espruino cut short', () => {
  it.each(['power', 'host'] as const)('by %s at any of 30 bytes: no part of an image ever runs, and flashing again works', async (kind) => {
    const total = await bytesOfAFlash();
    for (let n = 0; n < 30; n += 1) {
      const place = Math.floor((n * total) / 30);
      const { bench, board } = benchOf(kind === 'power' ? { powerCutAt: place } : { hostCutAt: place });
      const trouble = await troubleIn(bench.flash(IMAGE));
      expect(trouble.exit, `byte ${place}`).toBe(4);
      bench.powerCutAt = Infinity;
      bench.hostCutAt = Infinity;
      if (kind === 'power') board.powerOn(false);
      for (const started of bench.started) expect(started).toBe(IMAGE.text);
      if (board.isRunning) withJumper(board);
      await bench.flash(IMAGE);
      expect(board.storage.read('.bootcde'), `byte ${place}`).toBe(IMAGE.text);
    }
  });
});
