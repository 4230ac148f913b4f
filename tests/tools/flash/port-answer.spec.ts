// `mesogun ports` asks who is there: models of both runtimes and of a gun, over TCP and on a pseudo-terminal, in wall time.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { KalumaConsole } from '../../../sim/runtimes/kaluma-console.ts';
import { runCli } from '../../../tools/cli.ts';
import { askPorts } from '../../../tools/commands/ports.ts';
import { answerAt, answerSays } from '../../../tools/flash/port-answer.ts';
import type { FoundPort, PortKind } from '../../../tools/flash/ports.ts';
import { serveTcp } from '../../../tools/gun-server.ts';
import { openSerial } from '../../../tools/transports/serial.ts';
import { VirtualLine } from '../../../tools/virtual-line.ts';
import { recordingDesk } from '../recording-desk.ts';
import { ServedBoard } from './serve-board.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function consoleOf(runtime: 'kaluma' | 'espruino'): Promise<{ board: ServedBoard; port: string }> {
  const board = new ServedBoard(runtime);
  const serving = await board.console();
  closing.push(() => serving.close());
  return { board, port: `tcp://127.0.0.1:${serving.at}` };
}

const ESPRUINO = { who: 'console', runtime: 'espruino', board: 'pico2' };

describe('who is at a port', () => {
  it('is the console of Kaluma with version and board; nothing on it is changed', async () => {
    const { board, port } = await consoleOf('kaluma');
    const answer = await answerAt(port);
    expect(answer).toMatchObject({ who: 'console', runtime: 'kaluma', version: '1.2.1', board: 'pico' });
    expect(answerSays(answer)).toContain('console of kaluma 1.2.1 on pico');
    const { board: there } = board;
    expect(there instanceof KalumaConsole && !there.isRunning && there.program() === '').toBe(true);
  }, 30_000);

  it('is a gun on its link, with its number, board, firmware and state', async () => {
    const line = new VirtualLine({ world: { seed: 5 }, trace: false });
    const serving = await serveTcp(0, () => line.connect());
    closing.push(() => serving.close());
    const answer = await answerAt(`tcp://127.0.0.1:${serving.at}`);
    expect(answer).toEqual({ who: 'gun', board: 'virtual-kaluma', device: 5, firmware: '0.1.0', state: 'IDLE' });
    expect(answerSays(answer)).toBe('gun 5, virtual-kaluma, firmware 0.1.0, IDLE');
  }, 30_000);

  it('is nobody where no port opens, with the reason', async () => {
    expect(await answerAt('tcp://127.0.0.1:1')).toMatchObject({ who: 'nobody', why: expect.stringContaining('nothing listens') as string });
    expect(await answerAt('serial:/dev/ttyNobody')).toMatchObject({
      who: 'nobody',
      why: expect.stringContaining('there is no such port') as string,
    });
  });
});

describe('which ports are asked', () => {
  /** A port that counts who opens it. */
  async function counted(kind: PortKind): Promise<{ found: FoundPort; opened: () => number }> {
    let count = 0;
    const server = createServer((socket) => {
      count += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => new Promise((resolve) => server.close(resolve)));
    const port = `tcp://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    return { found: { port, kind, usb: null, serial: null, says: '' }, opened: () => count };
  }

  it('are those that are ours by their USB numbers; adapters and others only when named; none with --quiet', async () => {
    const all = await Promise.all((['board', 'adapter', 'other'] as const).map(counted));
    const ask = async (flags: { ask: string[]; quiet?: boolean }): Promise<(string | null)[]> =>
      (
        await askPorts(
          all.map(({ found }) => found),
          flags,
        )
      ).map(({ answer }) => answer?.who ?? null);
    expect(await ask({ ask: [] })).toEqual(['nobody', null, null]);
    expect(all.map(({ opened }) => opened())).toEqual([1, 0, 0]);
    expect(await ask({ ask: [all[1]?.found.port ?? ''], quiet: true })).toEqual([null, 'nobody', null]);
    expect(all.map(({ opened }) => opened())).toEqual([1, 1, 0]);
  });

  it('shows a port that is named with --ask and not listed, two at the same time', async () => {
    const [one, two] = [await consoleOf('kaluma'), await consoleOf('espruino')];
    const desk = recordingDesk();
    expect(await runCli(['ports', '--quiet', '--ask', one.port, '--ask', two.port, '--json'], desk)).toBe(0);
    const found = JSON.parse(desk.stdout) as { port: string; answer: object | null }[];
    const answers = [one, two].map(({ port }) => found.find((each) => each.port === port)?.answer);
    expect(answers).toMatchObject([{ who: 'console', runtime: 'kaluma' }, ESPRUINO]);
    expect(found.filter(({ port }) => port.startsWith('serial:')).every(({ answer }) => answer === null)).toBe(true);
  }, 30_000);
});

const hasSocat = spawnSync('socat', ['-V']).status === 0;
const mayBeAbsent = process.env['CI'] !== 'true';

describe('on a pseudo-terminal', () => {
  it.skipIf(!hasSocat && mayBeAbsent)(
    `${hasSocat || !mayBeAbsent ? 'is the console of Espruino' : 'skipped: socat is not installed'}, past half a line of an earlier user, twice`,
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'mesogun-ports-'));
      const [boardEnd, hostEnd] = [join(folder, 'board'), join(folder, 'host')];
      const socat = spawn('socat', [`pty,raw,echo=0,link=${boardEnd}`, `pty,raw,echo=0,link=${hostEnd}`]);
      try {
        while (!existsSync(boardEnd) || !existsSync(hostEnd)) await new Promise((resolve) => setTimeout(resolve, 5));
        const board = new ServedBoard('espruino');
        const wire = await openSerial(boardEnd, '');
        board.attach(wire);
        board.board.hear('function half(');
        for (let i = 0; i < 2; i++) expect(await answerAt(`serial:${hostEnd}`)).toMatchObject(ESPRUINO);
        await wire.close();
      } finally {
        socat.kill();
        rmSync(folder, { recursive: true, force: true });
      }
    },
    30_000,
  );
});
