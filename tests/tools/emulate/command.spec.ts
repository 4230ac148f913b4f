// The command `mesogun emulate` as far as it goes without a firmware file: what it asks for, and what it refuses.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runCli } from '../../../tools/cli.ts';
import { recordingDesk } from '../recording-desk.ts';
import { FLASH_BASE } from '../../../tools/emulate/uf2.ts';
import { blankRom, uf2Of } from './machine.ts';

const folder = mkdtempSync(join(tmpdir(), 'mesogun-emulate-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function fileOf(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

async function emulate(...argv: string[]): Promise<{ code: number; said: string; out: string }> {
  const desk = recordingDesk();
  const code = await runCli(['emulate', ...argv], desk);
  return { code, said: desk.stderr, out: desk.stdout };
}

describe('mesogun emulate', () => {
  const uf2 = fileOf('kaluma.uf2', uf2Of());
  const bootrom = fileOf('b1.bin', blankRom());

  it('asks for the firmware and the boot ROM: without them exit 2', async () => {
    expect((await emulate('--uf2', uf2)).code).toBe(2);
    expect((await emulate('--bootrom', bootrom)).code).toBe(2);
  });

  it('refuses with exit 3 a file that is not there, and one that is no boot ROM', async () => {
    const none = await emulate('--uf2', join(folder, 'none.uf2'), '--bootrom', bootrom);
    expect([none.code, none.said]).toEqual([3, expect.stringContaining('cannot read the firmware')]);
    const swapped = await emulate('--uf2', bootrom, '--bootrom', uf2);
    expect([swapped.code, swapped.said]).toEqual([3, expect.stringContaining('is not the boot ROM of an RP2040')]);
  });

  it('refuses with exit 2 or 3 what no session can have: a wait of \u22121 cycle, 0 pricks', async () => {
    expect((await emulate('--uf2', uf2, '--bootrom', bootrom, '--flash-wait', '-1')).code).toBe(2);
    expect((await emulate('mesolift-face', '--uf2', uf2, '--bootrom', bootrom, '--set', 'pricks=0')).code).toBe(3);
  });

  it('says with exit 4, and as an object, that a firmware opens no console within 5 s', async () => {
    // WFI, and again: nothing ever wakes it.
    const sleeps = uf2Of({ address: FLASH_BASE });
    sleeps.set([0x30, 0xbf, 0xfd, 0xe7], 32);
    const { code, said, out } = await emulate('--uf2', fileOf('sleeps.uf2', sleeps), '--bootrom', bootrom, '--json');
    expect([code, said]).toEqual([4, expect.stringContaining('opens no USB console')]);
    expect(JSON.parse(out.trim().split('\n').at(-1) ?? '')).toMatchObject({ event: 'error', exit: 4 });
  });
});
