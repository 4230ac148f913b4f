// `mesogun doctor` on machines of any kind: each missing piece with what it costs and how to get it.
import { describe, expect, it } from 'vitest';
import { runCli } from '../../tools/cli.ts';
import { examine } from '../../tools/doctor.ts';
import type { Machine } from '../../tools/doctor.ts';
import { describePorts } from '../../tools/flash/ports.ts';
import { recordingDesk } from './recording-desk.ts';

const pico = { path: '/dev/ttyACM0', vendorId: '2e8a', productId: '000a' };
const whole: Machine = {
  platform: 'linux',
  nodeVersion: '20.19.0',
  version: (program) => Promise.resolve(`${program} 1.0`),
  load: () => Promise.resolve(null),
  ports: () => Promise.resolve(describePorts([pico])),
  mayUse: () => true,
};
const badOf = async (change: Partial<Machine>): Promise<string[]> =>
  (await examine({ ...whole, ...change })).filter((each) => !each.ok).map((each) => `${each.part}: ${each.says} → ${each.next ?? ''}`);

describe('mesogun doctor', () => {
  it('finds nothing wrong with a whole machine', async () => {
    expect(await badOf({})).toEqual([]);
  });

  it.each<[string, Partial<Machine>, string]>([
    ['an old node', { nodeVersion: '20.18.9' }, 'node: 20.18.9 is too old → install 20.19 or newer'],
    ['no socat', { version: (name) => Promise.resolve(name === 'socat' ? null : '1.0') }, 'sudo apt-get install socat'],
    [
      'no chromium on a Mac',
      { platform: 'darwin', version: (name) => Promise.resolve(name === 'chromium' ? null : '1.0') },
      'brew install chromium',
    ],
    ['no terser', { load: (name) => Promise.resolve(name === 'terser' ? 'not found' : null) }, 'mesogun build and flash need it → npm ci'],
    ['no serial binding', { load: (name) => Promise.resolve(name === 'serialport' ? 'no binding' : null) }, 'sim: and tcp: work'],
    [
      'no port but the one of the board',
      { ports: () => Promise.resolve(describePorts([{ path: '/dev/ttyS0' }])) },
      'ports: no USB serial port',
    ],
    ['a port that belongs to dialout', { mayUse: () => false }, 'rights: this user may not open /dev/ttyACM0 → sudo usermod -aG dialout'],
  ])('names %s, and what to do', async (_name, change, says) => {
    const bad = await badOf(change);
    expect(bad).toHaveLength(1);
    expect(bad[0]).toContain(says);
  });

  it('runs on this machine, as text and as JSON', async () => {
    const desk = recordingDesk();
    expect(await runCli(['doctor'], desk)).toBe(0);
    expect(desk.stdout).toMatch(/^ok +node +\d+/m);
    const json = recordingDesk();
    await runCli(['doctor', '--json'], json);
    expect(JSON.parse(json.stdout)).toEqual(expect.arrayContaining([expect.objectContaining({ part: 'build' })]));
  });
});
