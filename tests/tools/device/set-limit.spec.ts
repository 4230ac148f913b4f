// `mesogun device set`: a technician makes a limit smaller; nobody makes one larger.
import { afterEach, describe, expect, it } from 'vitest';
import { runCli } from '../../../tools/cli.ts';
import { LIMIT_NAMES } from '../../../tools/device/set-limit.ts';
import type { Serving } from '../../../tools/gun-server.ts';
import { serveTcp } from '../../../tools/gun-server.ts';
import { VirtualLine } from '../../../tools/virtual-line.ts';
import { recordingDesk } from '../recording-desk.ts';

const open: Serving[] = [];
afterEach(async () => {
  for (const serving of open.splice(0)) await serving.close();
});

describe('mesogun device set', () => {
  it('R55: lowers the depth to 4000 µm on the virtual gun, and refuses 40 000 µm with the bound and what to do', async () => {
    const desk = recordingDesk();
    expect(await runCli(['device', 'set', 'depthUm', '4000', '--json'], desk)).toBe(0);
    expect(JSON.parse(desk.stdout)).toEqual({ limit: 'depthUm', value: 4000 });
    const wrong = recordingDesk();
    expect(await runCli(['device', 'set', 'depthUm', '40000'], wrong)).toBe(5);
    expect(wrong.stderr).toContain('depthUm is 40000, allowed is 10000');
    expect(wrong.stderr).toContain('limits only ever shrink');
  });

  it('R38: is refused while the service switch is open, exit 5, and says so', async () => {
    const line = new VirtualLine({ world: { seed: 1 }, trace: false });
    const serving = await serveTcp(0, () => line.connect());
    open.push(serving);
    const desk = recordingDesk({ env: { MESOGUN_PORT: `tcp://127.0.0.1:${serving.at}` } });
    expect(await runCli(['device', 'set', 'pricks', '10'], desk)).toBe(5);
    expect(desk.stderr).toContain('its service switch is open');
  });

  it('names the nearest limit for one that is none, exit 2, before anything is opened', async () => {
    const desk = recordingDesk();
    expect(await runCli(['device', 'set', 'depthUn', '1', '--port', 'tcp://127.0.0.1:1'], desk)).toBe(2);
    expect(desk.stderr).toContain('did you mean depthUm?');
    expect(await runCli(['device', 'set', 'depthUm', 'deep'], recordingDesk())).toBe(2);
    expect(LIMIT_NAMES).not.toContain('sourceCrc');
  });
});
