// Instruments beside a virtual gun as another program meets them: in this process, over TCP and over a pseudo-terminal.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from '../../../tools/cli.ts';
import type { Balance } from '../../../tools/instruments/balance.ts';
import { openBalance } from '../../../tools/instruments/open-balance.ts';
import { openGauge } from '../../../tools/instruments/open-gauge.ts';
import { WALL_CLOCK } from '../../../tools/instruments/place.ts';
import { Link } from '../../../tools/link.ts';
import { openTcp } from '../../../tools/transports/tcp.ts';
import { VirtualLine } from '../../../tools/virtual-line.ts';
import { recordingDesk } from '../recording-desk.ts';

const world = (faults: string[] = []): object => ({ seed: 4, operator: { present: false }, faults });

/** A gun in this process that has said hello, and the balance beside it. */
async function beside(faults: string[] = [], spec = 'sim:mt-sics'): Promise<{ virtual: VirtualLine; link: Link; balance: Balance }> {
  const virtual = new VirtualLine({ world: { seed: 1 }, trace: false });
  const link = new Link(virtual.connect());
  await link.connect(world(faults));
  return { virtual, link, balance: await openBalance(spec, { virtual: virtual.instruments, clock: WALL_CLOCK }) };
}

describe('instruments in process', () => {
  it('weigh in the time of the gun: two runs with seed 4 give the same weights at the same virtual moments', async () => {
    const run = async (): Promise<unknown[]> => {
      const { link, balance } = await beside();
      await balance.tare();
      const all: unknown[] = [];
      for (let n = 0; n < 4; n += 1) {
        await link.request('status');
        all.push(await balance.stable());
        await balance.wait(20_000);
      }
      await link.close();
      return all;
    };
    const first = await run();
    expect(first).toEqual(await run());
    expect(first).toHaveLength(4);
  });

  it('lose 1 to 1.6 mg of water in 10 virtual minutes through a mouth of 2.5 mm, within 5 s of wall time', async () => {
    const { link, balance } = await beside();
    await balance.tare();
    await balance.wait(600_000);
    const { mg } = await balance.stable();
    // 2.3 µg/s of evaporation, and up to 0.05 mg/min of drift either way.
    expect(-mg).toBeGreaterThan(1.38 - 0.6);
    expect(-mg).toBeLessThan(1.38 + 0.6);
    await link.close();
  }, 20_000);

  it('weigh on when the gun is no longer asked', async () => {
    const { link, balance } = await beside();
    await link.close();
    expect(Math.abs((await balance.stable()).mg)).toBeLessThan(0.2);
  });

  it('stand still in time while somebody thinks', async () => {
    const { virtual, link, balance } = await beside();
    await balance.stable();
    const release = virtual.hold();
    await new Promise((resolve) => setTimeout(resolve, 20));
    const beforeMs = balance.nowMs();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(balance.nowMs()).toBe(beforeMs);
    release();
    await balance.wait(1000);
    expect(balance.nowMs()).toBeGreaterThanOrEqual(beforeMs + 1000);
    await link.close();
  });

  it.each([
    ['balance.unplugged@weighing=3', 'unplugged'],
    ['balance.restart@weighing=3', 'restarted'],
    ['balance.overload@weighing=3', 'overload'],
  ])('have %s happen in the third weighing', async (fault, trouble) => {
    const { link, balance } = await beside([fault]);
    await balance.stable();
    await balance.stable();
    await expect(balance.stable()).rejects.toMatchObject({ trouble });
    await link.close();
  });

  it('drift by 1 mg a minute from the start when a fault without a moment says so', async () => {
    const { link, balance } = await beside(['balance.drifting'], 'sim:mt-sics?mouthMm=0');
    await balance.tare();
    await balance.wait(60_000);
    const { mg } = await balance.now();
    expect(Math.abs(mg - 1)).toBeLessThan(0.2);
    await link.close();
  });
});

/** `sim-device` with these options, a host of its gun, and where its instruments are. */
async function served(options: string[], use: (said: string) => Promise<void>): Promise<void> {
  const device = recordingDesk();
  const serving = runCli(['sim-device', '--tcp', '0', '--speed', 'max', ...options], device);
  try {
    await expect.poll(() => device.stderr, { timeout: 10_000 }).toContain('gun on tcp');
    const link = new Link(await openTcp('127.0.0.1', Number(/gun on tcp:\/\/127\.0\.0\.1:(\d+)/.exec(device.stderr)?.[1])));
    await link.connect(world());
    await use(device.stderr);
    await link.close();
  } finally {
    device.interrupt();
    await serving;
  }
}

describe('instruments over TCP', () => {
  it('are a balance and a gauge of the same gun', async () => {
    await served(['--balance-port', '0', '--gauge-port', '0'], async (said) => {
      const at = (which: string): string => new RegExp(`${which} on (tcp://\\S+)`).exec(said)?.[1] ?? '';
      const balance = await openBalance(at('balance'), { virtual: null, clock: WALL_CLOCK });
      expect(balance.identity).toMatchObject({ serial: 'S000000004', readabilityMg: 0.01 });
      await balance.tare();
      expect(Math.abs((await balance.stable()).mg)).toBeLessThan(0.2);
      const gauge = await openGauge(at('gauge'), { virtual: null, clock: WALL_CLOCK });
      // At rest the tip is some 3.3 mm inside the ring.
      expect(Math.abs((await gauge.read()).mm + 3.3)).toBeLessThan(0.4);
      await balance.close();
      await gauge.close();
    });
  }, 30_000);
});

const hasSocat = spawnSync('socat', ['-V']).status === 0;
const mayBeAbsent = process.env['CI'] !== 'true';

describe('a balance over a pseudo-terminal', () => {
  const title =
    hasSocat || !mayBeAbsent
      ? 'is found without being told its baud rate, and weighs'
      : 'skipped: socat is not installed (apt-get install socat)';

  it.skipIf(!hasSocat && mayBeAbsent)(
    title,
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'mesogun-balance-'));
      const [here, there] = [join(folder, 'here'), join(folder, 'there')];
      const socat = spawn('socat', [`pty,raw,echo=0,link=${here}`, `pty,raw,echo=0,link=${there}`]);
      try {
        await expect.poll(() => existsSync(here) && existsSync(there), { timeout: 5000 }).toBe(true);
        await served(['--balance-port', here], async () => {
          const balance = await openBalance(`serial:${there}`, { virtual: null, clock: WALL_CLOCK });
          expect(balance.identity.model).toBe('SIM220');
          await balance.tare();
          expect(Math.abs((await balance.stable()).mg)).toBeLessThan(0.2);
          await balance.close();
        });
      } finally {
        socat.kill();
        rmSync(folder, { recursive: true });
      }
    },
    30_000,
  );
});
