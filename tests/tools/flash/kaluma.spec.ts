// Flashing Kaluma at its console, in virtual time: from any state, through any cut, over a bad wire; what must survive does.
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { PICO_KALUMA_STORE_SECTOR } from '../../../hal/boards/pico.ts';
import { KalumaConsole } from '../../../sim/runtimes/kaluma-console.ts';
import type { MesogunError } from '../../../tools/errors.ts';
import { HUSHED, numberOf } from '../../../tools/flash/runtime.ts';
import { ymodemPacket } from '../../../tools/flash/ymodem.ts';
import { FlashBench, imageOf } from './bench.ts';
import type { BenchOptions } from './bench.ts';

const IMAGE = imageOf('kaluma', 6000);
const OLD = imageOf('kaluma', 7000);

function benchOf(options: Omit<BenchOptions, 'runtime'> = {}): { bench: FlashBench; board: KalumaConsole } {
  const bench = new FlashBench({ runtime: 'kaluma', ...options });
  if (!(bench.board instanceof KalumaConsole)) throw new Error('not Kaluma');
  bench.board.powerOn(false);
  return { bench, board: bench.board };
}
const troubleIn = (promise: Promise<unknown>): Promise<MesogunError> => promise.then(() => { throw new Error('no error'); }, (error: unknown) => error as MesogunError); // prettier-ignore

describe('flashing Kaluma', () => {
  it('writes 49 152 bytes to an empty board, reads them back, starts them, and gives the gun a number out of its chip', async () => {
    const { bench, board } = benchOf();
    const image = imageOf('kaluma', 49_152);
    expect(await bench.flash(image)).toMatchObject({ written: true, before: { state: 'empty' }, started: { isRunning: true } });
    expect(bench.started).toEqual([image.text]);
    expect(board.storage.get('mesogun-id')).toBe(String(numberOf('E6605838')));
    expect(bench.steps.map((step) => step.split(':')[0])).toEqual(['identify', 'read', 'prepare', 'write', 'verify', 'start']);
  });

  it('flashes over a gun that runs: its watchdog of 2 s, which nothing stops, does not fire in the 1.2 s erase and the transfer', async () => {
    const { bench, board } = benchOf();
    await bench.flash(OLD);
    expect(board.isRunning).toBe(true);
    const flashed = await bench.flash(IMAGE);
    expect(flashed.before).toMatchObject({ state: 'image', imageId: OLD.manifest.imageId, securityCounter: 1 });
    expect(bench.started).toEqual([OLD.text, IMAGE.text]);
    expect(board.watchdogResets).toBe(0);
  });

  it('would have met the watchdog if the running gun were not stopped: the model has it', async () => {
    const { bench, board } = benchOf();
    await bench.flash(OLD);
    board.hear('.flash -w\r');
    await bench.time.run(new Promise<void>((resolve) => void bench.time.after(2500, resolve)));
    expect(board.watchdogResets).toBe(1);
  });

  it('waits for an image that takes 7 s to compile, and hears what one that throws then says', async () => {
    const { bench } = benchOf({ loadForMs: 7000 });
    expect(await bench.flash(IMAGE)).toMatchObject({ written: true, started: { isRunning: true } });
    const text = 'throw new Error("no bus")';
    const sha256 = createHash('sha256').update(text).digest('hex');
    const image = { text, manifest: { ...OLD.manifest, bytes: text.length, sha256 } };
    expect(await troubleIn(bench.flash(image))).toMatchObject({ message: 'the image stopped at its start', why: 'Error: no bus' });
  });

  it('does not write the very image again, and starts it', async () => {
    const { bench } = benchOf();
    await bench.flash(IMAGE);
    const before = bench.sentBytes;
    expect((await bench.flash(IMAGE)).written).toBe(false);
    expect(bench.started).toEqual([IMAGE.text, IMAGE.text]);
    expect(bench.sentBytes - before).toBeLessThan(IMAGE.text.length);
  });

  it('leaves everything as it is in a dry run', async () => {
    const { bench, board } = benchOf();
    await bench.flash(OLD);
    const flash = board.flash.slice();
    expect(await bench.flash(IMAGE, { dryRun: true })).toMatchObject({ written: false, started: null, before: { bytes: 7000 } });
    expect(Buffer.compare(board.flash, flash)).toBe(0);
    expect(board.isRunning).toBe(true);
  });

  it('keeps the number of a gun, takes another when told, and leaves store and calibration untouched, byte for byte', async () => {
    const { bench, board } = benchOf();
    board.storage.set('mesogun-id', '42');
    const store = board.flash.subarray(PICO_KALUMA_STORE_SECTOR * 4096, (PICO_KALUMA_STORE_SECTOR + 64) * 4096);
    for (let at = 0; at < store.length; at += 1) store[at] = (at * 31) & 0xff;
    const before = store.slice();
    await bench.flash(IMAGE);
    expect(board.storage.get('mesogun-id')).toBe('42');
    await bench.flash(OLD, { number: 7 });
    expect(board.storage.get('mesogun-id')).toBe('7');
    expect(Buffer.compare(store, before)).toBe(0);
  });
});

describe('refusals', () => {
  it.each([
    ['an image for Espruino', imageOf('espruino', 5000), 'the image is for espruino, the board runs kaluma'],
    ['an image for a Pico 2', imageOf('kaluma', 5000, 1, 'pico2'), 'the image is for pico2, this is pico'],
  ])('%s is refused with exit 3 and what to build', async (_name, image, why) => {
    const { bench } = benchOf();
    const trouble = await troubleIn(bench.flash(image));
    expect([trouble.exit, trouble.why]).toEqual([3, why]);
    expect(trouble.next).toContain('mesogun build');
    expect(bench.started).toEqual([]);
  });

  it('R39: an older security counter is refused, exit 3; also after an interrupted flash took the newer image away', async () => {
    const { bench, board } = benchOf();
    await bench.flash(imageOf('kaluma', 5000, 3));
    expect((await troubleIn(bench.flash(imageOf('kaluma', 5000, 2)))).why).toContain('security counter 2, the board has had 3');
    bench.powerCutAt = bench.sentBytes + 6000;
    await troubleIn(bench.flash(imageOf('kaluma', 9000, 3)));
    bench.powerCutAt = Infinity;
    board.powerOn(false);
    const trouble = await troubleIn(bench.flash(imageOf('kaluma', 5000, 2)));
    expect([trouble.exit, trouble.message]).toEqual([3, 'this image is too old for the board']);
    expect((await bench.flash(imageOf('kaluma', 5000, 3))).started?.isRunning).toBe(true);
  });

  it('a bit that flipped in the flash is exit 6, and nothing is started', async () => {
    const { bench, board } = benchOf();
    bench.afterStep = (step) => {
      if (step === 'write') board.flash.set([(board.flash[4 * 4096 + 3000] ?? 0) ^ 1], 4 * 4096 + 3000);
    };
    const trouble = await troubleIn(bench.flash(IMAGE));
    expect([trouble.exit, trouble.message]).toEqual([6, 'what was read back is not what was written']);
    expect(bench.started).toEqual([]);
  });
});

describe('what an earlier user of the port left', () => {
  const packet = ymodemPacket(1, new Uint8Array(1024).fill(65));
  it.each([
    ['half a line', 'var x = [1, 2'],
    ['half a command that would erase', '.flash -e'],
    ['a line feed', '\n\n'],
    ['half an escape sequence', '\x1b['],
    ['a line of 1023 characters', 'x'.repeat(1023)],
    ['a transfer that was asked for', '.flash -w\r'],
    ['a transfer stopped in a packet', `.flash -w\r${packet.slice(0, 500)}`],
    [
      'a transfer after its header',
      `.flash -w\r${ymodemPacket(
        0,
        Uint8Array.from({ length: 128 }, (_, i) => 'x\x005000 '.charCodeAt(i) || 0),
      )}`,
    ],
    ['echo off', '.echo off\r'],
    ['a program that prints a number every 100 ms', "setInterval(function(){print('123\\r\\n')},100)\r"],
  ])('%s does not hinder a flash', async (_name, left) => {
    const { bench, board } = benchOf();
    board.hear(left);
    expect((await bench.flash(IMAGE)).started?.isRunning).toBe(true);
    expect(bench.started).toEqual([IMAGE.text]);
    expect(bench.steps.includes(`identify: ${HUSHED}`)).toBe(left.startsWith('setInterval'));
  });
});

/** Bytes that the host sends in a flash of IMAGE onto an empty board. */
async function bytesOfAFlash(): Promise<number> {
  const { bench } = benchOf();
  await bench.flash(IMAGE);
  return bench.sentBytes;
}

describe('a wire that loses, doubles or damages', () => {
  const spoil: Readonly<Record<string, (byte: string) => string>> = {
    lost: () => '',
    doubled: (byte) => byte + byte,
    damaged: (byte) => String.fromCharCode(byte.charCodeAt(0) ^ 0x24),
  };
  it.each(Object.keys(spoil))('one byte %s at any of 24 places: the image is there all the same, or the flash says so', async (kind) => {
    const total = await bytesOfAFlash();
    for (let n = 0; n < 24; n += 1) {
      const place = Math.floor((n * total) / 24) + n;
      const { bench, board } = benchOf({ mangle: (byte, index) => (index === place ? (spoil[kind]?.(byte) ?? byte) : byte) });
      const outcome = await bench.flash(IMAGE).then(
        () => null,
        (error: unknown) => error as MesogunError,
      );
      if (outcome === null) expect(board.program(), `byte ${place}`).toBe(IMAGE.text);
      else expect([4, 5, 6], `byte ${place}: ${outcome.message}`).toContain(outcome.exit);
      if (outcome === null) continue;
      expect(bench.started).toEqual([]);
      await bench.flash(IMAGE);
      expect(board.program(), `byte ${place}, second`).toBe(IMAGE.text);
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
        if (outcome === null) expect(board.program(), `byte ${at}`).toBe(IMAGE.text);
        else expect([4, 5, 6], `byte ${at}: ${outcome.message}`).toContain(outcome.exit);
        for (const started of bench.started) expect(started).toBe(IMAGE.text);
      }
    },
  );

  it('one byte of the board lost at any of 60 places, an acknowledgement among them: the image is there all the same, or the flash says so', async () => {
    const clean = benchOf();
    await clean.bench.flash(IMAGE);
    const total = clean.bench.saidBytes;
    for (let n = 0; n < 60; n += 1) {
      // The first three quarters are the banner, answers and acknowledgements, the rest is the image read back.
      const place = n < 45 ? n * 8 : Math.floor(((n - 44) * total) / 16) - 1;
      const { bench, board } = benchOf();
      bench.mangleBack = (byte, index) => (index === place ? '' : byte);
      const outcome = await bench.flash(IMAGE).then(
        () => null,
        (error: unknown) => error as MesogunError,
      );
      if (outcome === null) expect(board.program(), `byte ${place}`).toBe(IMAGE.text);
      else expect([4, 5, 6], `byte ${place}: ${outcome.message}`).toContain(outcome.exit);
    }
  });

  it('a lost acknowledgement of a packet is no reason to begin again: the packet sent twice is refused by number, and counts', async () => {
    const { bench, board } = benchOf();
    let lostCount = 0;
    bench.mangleBack = (byte) => (byte === '\x06' && lostCount++ === 3 ? '' : byte);
    let transfers = 0;
    const hear = board.hear.bind(board);
    board.hear = (text) => {
      if (text.includes('.flash -w')) transfers += 1;
      hear(text);
    };
    await bench.flash(IMAGE);
    expect(board.program()).toBe(IMAGE.text);
    expect([transfers, lostCount > 4]).toEqual([1, true]);
  });

  it('the packets of a transfer survive all of it within the same flash', async () => {
    const total = await bytesOfAFlash();
    for (const place of [total - 5600, total - 4100, total - 3000, total - 2000]) {
      for (const change of Object.values(spoil)) {
        const { bench, board } = benchOf({ mangle: (byte, index) => (index === place ? change(byte) : byte) });
        await bench.flash(IMAGE);
        expect(board.program()).toBe(IMAGE.text);
      }
    }
  });
});

describe('R40: a flash cut short', () => {
  it.each(['power', 'host'] as const)(
    'by %s at any of 40 bytes: no part of an image ever runs, and flashing again works',
    async (kind) => {
      const total = await bytesOfAFlash();
      for (let n = 0; n < 40; n += 1) {
        const place = Math.floor((n * total) / 40);
        const { bench, board } = benchOf(kind === 'power' ? { powerCutAt: place } : { hostCutAt: place });
        const trouble = await troubleIn(bench.flash(IMAGE));
        expect(trouble.exit, `byte ${place}`).toBe(4);
        bench.powerCutAt = Infinity;
        bench.hostCutAt = Infinity;
        if (kind === 'power') board.powerOn(false);
        // Cut after the last byte of the program the image is whole, and runs at power-on.
        for (const started of bench.started) expect(started).toBe(IMAGE.text);
        await bench.flash(IMAGE);
        expect(board.program(), `byte ${place}`).toBe(IMAGE.text);
        expect(board.isRunning).toBe(true);
      }
    },
    60_000,
  );

  it('says what is on the board and what to do: drivers off in hardware, flash again', async () => {
    const total = await bytesOfAFlash();
    const { bench } = benchOf({ powerCutAt: total - 3000 });
    const trouble = await troubleIn(bench.flash(IMAGE));
    expect(trouble.message).toBe("the flash was cut short at 'write': the port is gone (the cable was pulled, or the board restarted)");
    expect(trouble.why).toContain('no image, or a part of one that cannot run; the drivers are off in hardware');
    expect(trouble.next).toContain('flash again');
  });
});
