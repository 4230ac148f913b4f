// `mesogun flash` and `mesogun ports` as a person types them: Kaluma over TCP, Espruino on a pseudo-terminal, with the real images.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { runCli } from '../../../tools/cli.ts';
import { describePorts, theBoard } from '../../../tools/flash/ports.ts';
import type { Serving } from '../../../tools/gun-server.ts';
import { openSerial } from '../../../tools/transports/serial.ts';
import { builtImageFile } from '../build/built-image.ts';
import { recordingDesk } from '../recording-desk.ts';
import { ServedBoard } from './serve-board.ts';

let folder = '';
const open: Serving[] = [];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mesogun-flash-'));
  await builtImageFile('pico', 'kaluma', folder);
  await builtImageFile('pico2', 'espruino', folder);
}, 300_000);
afterEach(async () => {
  for (const serving of open.splice(0)) await serving.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const imageFile = (runtime: string): string => join(folder, runtime === 'kaluma' ? 'mesogun-pico-kaluma.js' : 'mesogun-pico2-espruino.js');
async function served(runtime: 'kaluma' | 'espruino'): Promise<{ board: ServedBoard; port: string; link: string }> {
  const board = new ServedBoard(runtime);
  const [console, link] = [await board.console(), await board.link()];
  open.push(console, link);
  return { board, port: `tcp://127.0.0.1:${console.at}`, link: `tcp://127.0.0.1:${link.at}` };
}
const Summary = z.looseObject({
  event: z.literal('summary'),
  written: z.boolean(),
  running: z.boolean(),
  gun: z.looseObject({}).nullable(),
});
const lastOf = (stdout: string): z.infer<typeof Summary> => Summary.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));

describe('mesogun flash', () => {
  it('finds Kaluma over TCP, writes the real image, starts it, and meets the gun on its link, self-test passed', async () => {
    const { port, link } = await served('kaluma');
    const desk = recordingDesk();
    expect(await runCli(['flash', '--port', port, '--link', link, '--image', imageFile('kaluma'), '--json'], desk)).toBe(0);
    expect(lastOf(desk.stdout)).toMatchObject({
      runtime: 'kaluma',
      board: 'pico',
      written: true,
      running: true,
      gun: { selfTest: 'passed' },
    });
    expect(desk.stderr).toMatch(/verify {3}read back, SHA-256 [0-9a-f]{16}/);
    const again = recordingDesk();
    expect(await runCli(['flash', '--port', port, '--link', link, '--image', imageFile('kaluma')], again)).toBe(0);
    expect(again.stderr).toContain('the very image is on the board already');
    expect(again.stderr).toContain('passed its self-test');
  }, 60_000);

  it('says where the self-test can be read when no link is named', async () => {
    const { port } = await served('kaluma');
    const desk = recordingDesk();
    expect(await runCli(['flash', '--port', port, '--image', imageFile('kaluma')], desk)).toBe(0);
    expect(desk.stderr).toContain('mesogun device selftest --port PORT');
  }, 60_000);

  it('changes nothing in a dry run, and refuses with exit 3 an image for the other runtime', async () => {
    const { board, port } = await served('kaluma');
    const desk = recordingDesk();
    expect(await runCli(['flash', '--port', port, '--image', imageFile('kaluma'), '--dry-run'], desk)).toBe(0);
    expect(desk.stderr).toContain('dry run: nothing was changed');
    const wrong = recordingDesk();
    expect(await runCli(['flash', '--port', port, '--image', imageFile('espruino'), '--json'], wrong)).toBe(3);
    expect(wrong.stderr).toContain('the image is for espruino, the board runs kaluma');
    expect(board.board.isRunning).toBe(false);
  }, 60_000);

  it('ends with 130 on Ctrl-C in the middle of the write, says what is on the board, and flashes again', async () => {
    const { board, port, link } = await served('kaluma');
    const desk = recordingDesk();
    const flashing = runCli(['flash', '--port', port, '--image', imageFile('kaluma')], desk);
    await expect.poll(() => board.heardBytes, { timeout: 20_000, interval: 1 }).toBeGreaterThan(12_000);
    desk.interrupt();
    expect(await flashing).toBe(130);
    expect(desk.stderr).toContain("interrupted: the flash was cut short at 'write'");
    expect(desk.stderr).toContain('the drivers are off in hardware');
    expect(board.board.isRunning).toBe(false);
    const again = recordingDesk();
    expect(await runCli(['flash', '--port', port, '--link', link, '--image', imageFile('kaluma')], again)).toBe(0);
    expect(again.stderr).toContain('passed its self-test');
  }, 60_000);

  it('says exit 4 for a port where no console is, and exit 2 for the virtual gun', async () => {
    const desk = recordingDesk();
    expect(await runCli(['flash', '--port', 'tcp://127.0.0.1:1'], desk)).toBe(4);
    expect(await runCli(['flash', '--port', 'sim:'], desk)).toBe(2);
    expect(desk.stderr).toContain('the virtual gun has no console');
  });
});

const hasSocat = spawnSync('socat', ['-V']).status === 0;
const mayBeAbsent = process.env['CI'] !== 'true';

describe('on a pseudo-terminal', () => {
  const title = hasSocat || !mayBeAbsent ? 'flashes Espruino, whose port is then the link of the gun' : 'skipped: socat is not installed';

  it.skipIf(!hasSocat && mayBeAbsent)(
    `${title}, past what an earlier user left`,
    async () => {
      const [boardEnd, hostEnd] = [join(folder, 'board'), join(folder, 'host')];
      const socat = spawn('socat', [`pty,raw,echo=0,link=${boardEnd}`, `pty,raw,echo=0,link=${hostEnd}`]);
      try {
        while (!existsSync(boardEnd) || !existsSync(hostEnd)) await new Promise((resolve) => setTimeout(resolve, 5));
        const board = new ServedBoard('espruino');
        const wire = await openSerial(boardEnd, '');
        board.attach(wire);
        board.board.hear('function half(');
        const desk = recordingDesk();
        expect(await runCli(['flash', '--port', `serial:${hostEnd}`, '--image', imageFile('espruino'), '--json'], desk), desk.stderr).toBe(
          0,
        );
        expect(lastOf(desk.stdout)).toMatchObject({ runtime: 'espruino', written: true, running: true, gun: { selfTest: 'passed' } });
        await wire.close();
      } finally {
        socat.kill();
      }
    },
    90_000,
  );
});

describe('ports', () => {
  const pico = { path: '/dev/ttyACM0', vendorId: '2E8A', productId: '000a', serialNumber: 'E660' };
  const adapter = { path: '/dev/ttyUSB0', vendorId: '10c4', productId: 'EA60' };

  it('shows boards first, then adapters, then the rest', () => {
    const found = describePorts([{ path: '/dev/ttyS0' }, adapter, pico]);
    expect(found.map((each) => [each.port, each.kind])).toEqual([
      ['serial:/dev/ttyACM0', 'board'],
      ['serial:/dev/ttyUSB0', 'adapter'],
      ['serial:/dev/ttyS0', 'other'],
    ]);
    expect(theBoard(found)).toMatchObject({ port: 'serial:/dev/ttyACM0', usb: '2e8a:000a', serial: 'E660' });
  });

  it('never guesses: two boards are exit 2 by name and serial number, none is exit 4 and what is there instead', () => {
    const two = describePorts([pico, { ...pico, path: '/dev/ttyACM1', serialNumber: 'E661' }]);
    expect(() => theBoard(two)).toThrow(
      expect.objectContaining({ exit: 2, why: expect.stringContaining('ttyACM1 (serial number E661)') as string }),
    );
    expect(() => theBoard(describePorts([adapter]))).toThrow(
      expect.objectContaining({ exit: 4, why: expect.stringContaining('CP210x') as string }),
    );
    expect(() => theBoard([])).toThrow(expect.objectContaining({ exit: 4, why: 'this machine has no serial port' }));
  });

  it('prints the ports of this machine as JSON', async () => {
    const desk = recordingDesk();
    expect(await runCli(['ports', '--json'], desk)).toBe(0);
    expect(Array.isArray(JSON.parse(desk.stdout))).toBe(true);
  });
});
