// `mesogun device key`: a gun's first service key and another one after it, and the file that only its owner may read.
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WorldRequest } from '../../../sim/setup.ts';
import { meetDevice } from '../../../tools/device/open-device.ts';
import type { Device } from '../../../tools/device/open-device.ts';
import { setKey } from '../../../tools/device/set-key.ts';
import { unlock } from '../../../tools/link-calls.ts';
import { Link } from '../../../tools/link.ts';
import { keyFor, readKey } from '../../../tools/service-key.ts';
import { VirtualLine } from '../../../tools/virtual-line.ts';
import { recordingDesk } from '../recording-desk.ts';

let dir = '';
let device: Device;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'mesogun-key-'));
});
afterEach(async () => {
  await device.link.close();
  rmSync(dir, { recursive: true });
});

async function meet(world: WorldRequest): Promise<Device> {
  device = await meetDevice(new Link(new VirtualLine({ world: { seed: 9, technician: true, ...world }, trace: false }).connect()), 'sim:');
  return device;
}
const desk = (): ReturnType<typeof recordingDesk> => recordingDesk({ env: { HOME: dir } });

describe('service key', () => {
  it('R38: a gun without a key takes its first one with the service switch closed, and the file is for its owner only (0600)', async () => {
    const done = await setKey(await meet({ keyed: false }), desk(), false);
    expect(done).toEqual({ device: 9, file: join(dir, '.config', 'mesogun', '9.key'), replaced: false });
    expect(statSync(done.file).mode & 0o777).toBe(0o600);
    expect(readFileSync(done.file, 'utf8')).toMatch(/^[0-9a-f]{64}\n$/);
    expect(await unlock(device.link, readKey(done.file), 9)).toMatchObject({ ok: 1 });
  });

  it('R38: with the service switch open it takes none, but the file waits: closing the switch and asking again is enough', async () => {
    await expect(setKey(await meet({ keyed: false, technician: false }), desk(), false)).rejects.toMatchObject({ exit: 5 });
    const file = join(dir, '.config', 'mesogun', '9.key');
    const before = readFileSync(file, 'utf8');
    await device.link.close();
    await setKey(await meet({ keyed: false }), desk(), false);
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  it('R38: a gun that has a key gives it up to its holder only', async () => {
    await expect(setKey(await meet({}), desk(), false)).rejects.toMatchObject({ exit: 5, why: 'it has one already' });
    const done = await setKey(device, desk(), true);
    expect(done.replaced).toBe(true);
    expect(existsSync(`${done.file}.new`)).toBe(false);
    const stranger = recordingDesk({ env: { HOME: dir, MESOGUN_KEY: join(dir, 'other') } });
    await expect(setKey(device, stranger, true)).rejects.toMatchObject({ exit: 3 });
    expect(await unlock(device.link, readKey(done.file), 9)).toMatchObject({ ok: 1 });
  });

  it('refuses a key file that others may read, one that is no key, and none, with exit 3', async () => {
    const done = await setKey(await meet({ keyed: false }), desk(), false);
    chmodSync(done.file, 0o644);
    expect(() => readKey(done.file)).toThrow(expect.objectContaining({ exit: 3, why: 'others may read it' }) as Error);
    expect(() => keyFor(desk(), '8', false)).toThrow(expect.objectContaining({ exit: 3, why: 'there is no such file' }) as Error);
  });
});
