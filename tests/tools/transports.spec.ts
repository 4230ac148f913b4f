// Ports: what `--port` may say, the link over TCP and over a pseudo-terminal, and what a person reads when a port does not open.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadProgram } from '../../tools/link-calls.ts';
import { Link } from '../../tools/link.ts';
import { openPort, parsePort } from '../../tools/transports/port.ts';
import { nearestPorts, openSerial, serialTrouble } from '../../tools/transports/serial.ts';
import { openTcp } from '../../tools/transports/tcp.ts';
import type { Transport } from '../../tools/transports/transport.ts';
import { BenchWire, LinkBench } from '../firmware/link/bench.ts';

describe('port', () => {
  it.each([
    ['sim:', { kind: 'sim' }],
    ['tcp://127.0.0.1:7001', { kind: 'tcp', host: '127.0.0.1', port: 7001 }],
    ['tcp://[::1]:65535', { kind: 'tcp', host: '::1', port: 65535 }],
    ['serial:/dev/ttyACM0', { kind: 'serial', path: '/dev/ttyACM0' }],
    ['serial:COM3', { kind: 'serial', path: 'COM3' }],
  ])('reads %s', (text, port) => {
    expect(parsePort(text)).toEqual(port);
  });

  it.each([
    '',
    'sim',
    'serial:',
    'tcp:127.0.0.1:7001',
    'tcp://127.0.0.1',
    'tcp://:7001',
    'tcp://h:0',
    'tcp://h:65536',
    '/dev/ttyACM0',
    'COM3',
  ])('refuses %j with exit 2 and shows the three forms', (text) => {
    expect(() => parsePort(text)).toThrow(
      expect.objectContaining({ exit: 2, next: expect.stringContaining('tcp://127.0.0.1:7001') as string }) as Error,
    );
  });

  it('opens sim: by the function it is given', async () => {
    const wire = new BenchWire(new LinkBench());
    expect(await openPort({ kind: 'sim' }, () => wire)).toBe(wire);
    await wire.close();
  });
});

/** hello, a programme, a start over any wire; what Control was told. */
async function session(transport: Transport, bench: LinkBench): Promise<string[]> {
  const link = new Link(transport, { silentForMs: 10_000 });
  await link.connect();
  await loadProgram(
    link,
    Array.from({ length: 40 }, (_, i) => i - 20),
  );
  await link.request('start', { session: 3 });
  await link.close();
  return bench.control.calls;
}

describe('tcp', () => {
  it('carries a session to a gun behind a socket', async () => {
    const bench = new LinkBench();
    const server = createServer((socket) => {
      const wire = new BenchWire(bench);
      socket.setEncoding('latin1');
      wire.onText((text) => socket.write(text, 'latin1'));
      socket.on('data', (text) => wire.write(String(text)));
      socket.on('error', () => undefined);
      socket.on('close', () => void wire.close());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const calls = await session(await openTcp('127.0.0.1', (server.address() as AddressInfo).port), bench);
    expect(calls).toEqual(['offer 40', 'start 3']);
    await new Promise((resolve) => server.close(resolve));
  });

  it('says that nothing listens, and how to start a gun', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    await expect(openTcp('127.0.0.1', port)).rejects.toMatchObject({
      exit: 4,
      why: 'nothing listens there',
      next: `start one with \`mesogun sim-device --tcp ${port}\`, or check host and port`,
    });
  });

  it('tells the link when the other end hangs up', async () => {
    const server = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const link = new Link(await openTcp('127.0.0.1', (server.address() as AddressInfo).port));
    await expect(link.connect()).rejects.toMatchObject({ exit: 4 });
    await link.close();
    await new Promise((resolve) => server.close(resolve));
  });
});

describe('serial errors', () => {
  const ports = ['/dev/ttyACM1', '/dev/ttyS0', '/dev/ttyUSB0'];
  it.each([
    [
      'Error: No such file or directory, cannot open /dev/ttyACM0',
      'there is no such port',
      'ports here: /dev/ttyACM1, /dev/ttyS0, /dev/ttyUSB0',
    ],
    ['Error Resource temporarily unavailable Cannot lock port', 'another program holds the port', /close the other program/],
    ['Error: Permission denied, cannot open /dev/ttyACM0', 'this user may not open it', /dialout/],
    ['Error: Inappropriate ioctl for device', 'Error: Inappropriate ioctl for device', /ports here/],
  ])('%s', (message, why, next) => {
    const trouble = serialTrouble('/dev/ttyACM0', message, ports);
    expect(trouble).toMatchObject({ exit: 4, message: 'cannot open serial:/dev/ttyACM0', why });
    expect(trouble.next).toMatch(next);
  });

  it('names the nearest ports first, and asks for the plug when there is none', () => {
    expect(nearestPorts('/dev/ttyUSB1', ['/dev/ttyS0', '/dev/ttyACM0', '/dev/ttyUSB0'], 2)).toEqual(['/dev/ttyUSB0', '/dev/ttyS0']);
    expect(serialTrouble('COM9', 'ENOENT', []).next).toMatch(/plugged in/);
  });

  it('a path that is not there says so', async () => {
    await expect(openSerial('/dev/ttyNOT-THERE')).rejects.toMatchObject({ exit: 4, why: 'there is no such port' });
  });
});

const hasSocat = spawnSync('socat', ['-V']).status === 0;
const mayBeAbsent = process.env['CI'] !== 'true';

describe('pseudo-terminal', () => {
  const title = hasSocat || !mayBeAbsent ? 'carries a session over serialport' : 'skipped: socat is not installed (apt-get install socat)';

  it.skipIf(!hasSocat && mayBeAbsent)(`${title}, past what the one before left unread`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mesogun-pty-'));
    const [gunEnd, hostEnd] = [join(folder, 'gun'), join(folder, 'host')];
    const socat = spawn('socat', [`pty,raw,echo=0,link=${gunEnd}`, `pty,raw,echo=0,link=${hostEnd}`]);
    try {
      while (!existsSync(gunEnd) || !existsSync(hostEnd)) await new Promise((resolve) => setTimeout(resolve, 5));
      const gun = await openSerial(gunEnd);
      gun.write('44 {"re":1,"ok":1,"half a li');
      const bench = new LinkBench();
      const wire = new BenchWire(bench, Infinity, 4);
      const host = await openSerial(hostEnd);
      wire.onText((text) => gun.write(text));
      gun.onText((text) => wire.write(text));
      expect(await session(host, bench)).toEqual(['offer 40', 'start 3']);
      await wire.close();
      await gun.close();
    } finally {
      socat.kill();
      rmSync(folder, { recursive: true });
    }
  });

  it.skipIf(!hasSocat && mayBeAbsent)(`${title}: a port that is held by another says so`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mesogun-pty-'));
    const path = join(folder, 'gun');
    const socat = spawn('socat', [`pty,raw,echo=0,link=${path}`, 'pty,raw,echo=0']);
    try {
      while (!existsSync(path)) await new Promise((resolve) => setTimeout(resolve, 5));
      const first = await openSerial(path);
      await expect(openSerial(path)).rejects.toMatchObject({ exit: 4, why: 'another program holds the port' });
      await first.close();
    } finally {
      socat.kill();
      rmSync(folder, { recursive: true });
    }
  });
});
