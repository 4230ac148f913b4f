// `mesogun device info` on the virtual gun, in process and over TCP, and what it makes of what a gun says.
import { afterEach, describe, expect, it } from 'vitest';
import { runCli } from '../../../tools/cli.ts';
import { consoleOf, infoRows, parseBuild } from '../../../tools/device/info.ts';
import type { DeviceInfo } from '../../../tools/device/info.ts';
import type { Serving } from '../../../tools/gun-server.ts';
import { serveTcp } from '../../../tools/gun-server.ts';
import { firmwareOf } from '../../../tools/image-firmware.ts';
import { VirtualLine } from '../../../tools/virtual-line.ts';
import { builtImage } from '../build/built-image.ts';
import { recordingDesk } from '../recording-desk.ts';

const open: Serving[] = [];
afterEach(async () => {
  for (const serving of open.splice(0)) await serving.close();
});

describe('mesogun device info', () => {
  it('says what the virtual gun is: its sources run unbuilt, IDLE, nothing given yet', async () => {
    const desk = recordingDesk();
    expect(await runCli(['device', 'info', '--json'], desk)).toBe(0);
    expect(JSON.parse(desk.stdout)).toEqual({
      port: 'sim:',
      board: 'virtual-kaluma',
      device: 1,
      firmware: '0.1.0',
      image: null,
      limits: null,
      securityCounter: 1,
      tickMs: 20,
      console: 'open',
      state: 'IDLE',
      fault: 0,
      journalEntries: 2,
      journalBrokenAt: null,
      totals: { pricks: 0, doseUl: 0, compensationUl: 0, uncertain: 0, sessions: 0 },
    });
  });

  it('R57, R58: shows the hash of the very image that runs over TCP, and that Kaluma leaves the console open', async () => {
    const { text, manifest } = await builtImage('pico', 'kaluma');
    const line = new VirtualLine({ world: { seed: 3 }, trace: false, image: firmwareOf(text, { board: 'pico', runtime: 'kaluma' }) });
    const serving = await serveTcp(0, () => line.connect());
    open.push(serving);
    const desk = recordingDesk({ env: { MESOGUN_PORT: `tcp://127.0.0.1:${serving.at}` } });
    expect(await runCli(['device', 'info'], desk)).toBe(0);
    expect(desk.stdout).toContain(`image     ${manifest.imageId}\n`);
    expect(desk.stdout).toContain(`limits    ${manifest.limitsSha256.slice(0, 8)}\n`);
    expect(desk.stdout).toContain('board     pico-kaluma\n');
    expect(desk.stdout).toContain('console   open');
  }, 300_000);

  it('tells of 30 pricks after a session of them, what the plunger gave beyond their 150 µL counted too: the journal is read back to a checkpoint and to the power-on; seed 3', async () => {
    const line = new VirtualLine({ world: { seed: 3 }, trace: false });
    const serving = await serveTcp(0, () => line.connect());
    open.push(serving);
    const port = ['--port', `tcp://127.0.0.1:${serving.at}`, '--json'];
    expect(await runCli(['run', 'mesolift-face', '--set', 'pricks=30', ...port], recordingDesk())).toBe(0);
    // The line is free once the other end has seen the host go.
    let said = '';
    const asked = async (): Promise<number> => {
      const desk = recordingDesk();
      const exit = await runCli(['device', 'info', ...port], desk);
      said = desk.stdout;
      return exit;
    };
    await expect.poll(asked, { timeout: 10_000 }).toBe(0);
    const info = JSON.parse(said) as DeviceInfo;
    expect(info).toMatchObject({ journalBrokenAt: null, totals: { pricks: 30, uncertain: 0, sessions: 1 } });
    expect(info.totals?.doseUl).toBeGreaterThan(150);
    expect(info.journalEntries).toBeGreaterThan(64);
  });

  it('says exit 4 and where to look when nobody answers at a TCP port', async () => {
    const desk = recordingDesk();
    expect(await runCli(['device', 'info', '--port', 'tcp://127.0.0.1:1'], desk)).toBe(4);
    expect(desk.stderr).toContain('nothing listens there');
  });

  it('shows its subcommands and exits 2 when none is named', async () => {
    const desk = recordingDesk();
    expect(await runCli(['device'], desk)).toBe(2);
    expect(desk.stderr).toContain('info');
  });
});

describe('what a gun says of itself', () => {
  it('is hash, limits and counter, or exit 5 for firmware that does not say', () => {
    expect(parseBuild('0123456789abcdef 89abcdef 12')).toEqual({ image: '0123456789abcdef', limits: '89abcdef', securityCounter: 12 });
    expect(() => parseBuild(undefined)).toThrow('does not say what it runs');
  });

  it('R58: has an open console on Kaluma and a closed one on Espruino', () => {
    expect(['pico-kaluma', 'pico2-espruino', 'bench'].map(consoleOf)).toEqual(['open', 'closed', 'unknown']);
  });

  it('names a fault, a gun without a number, and a journal found broken', () => {
    const info: DeviceInfo = {
      ...{ port: 'serial:x', board: 'pico-kaluma', device: 0, firmware: '0.1.0', image: null, limits: null, securityCounter: 1 },
      ...{ tickMs: 20, console: 'open', state: 'FAULT', fault: 1, journalEntries: 0, journalBrokenAt: 68, totals: null },
    };
    const text = infoRows(info)
      .map((row) => row.join(' '))
      .join('\n');
    expect(text).toContain('fault 1: the needle went past its depth limit');
    expect(text).toContain('nobody gave this gun a number');
    expect(text).toContain('found its journal broken at entry 68');
  });
});
