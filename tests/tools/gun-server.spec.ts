// A line served on TCP: bytes pass both ways, one host at a time, a taken port is named.
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { MesogunError } from '../../tools/errors.ts';
import { serveLines, serveTcp } from '../../tools/gun-server.ts';
import type { LineEnd, Serving } from '../../tools/gun-server.ts';

/** A gun's end that answers every text in capitals and counts hang-ups. */
class EchoLine implements LineEnd {
  closedCount = 0;
  private toHost: (text: string) => void = () => undefined;
  write(text: string): void {
    this.toHost(text.toUpperCase());
  }
  onText(fn: (text: string) => void): void {
    this.toHost = fn;
  }
  onClose(): void {}
  close(): Promise<void> {
    this.closedCount += 1;
    return Promise.resolve();
  }
}

const open: { close(): Promise<void> }[] = [];
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const serving of open.splice(0)) await serving.close();
});

async function serve(line: LineEnd): Promise<Serving> {
  const serving = await serveTcp(0, () => line);
  open.push(serving);
  return serving;
}
function host(port: number | string): Socket {
  const socket = connect(Number(port), '127.0.0.1');
  socket.setEncoding('latin1');
  sockets.push(socket);
  return socket;
}
const nextText = (socket: Socket): Promise<string> =>
  new Promise((resolve) => {
    socket.once('data', (text) => {
      resolve(String(text));
    });
  });

describe('gun server', () => {
  it('passes text both ways on a free port and hangs up the line when the host goes', async () => {
    const line = new EchoLine();
    const socket = host((await serve(line)).at);
    socket.write('1 {"id":1}\n');
    expect(await nextText(socket)).toBe('1 {"ID":1}\n');
    const gone = new Promise((resolve) => socket.once('close', resolve));
    socket.end();
    await gone;
    await expect.poll(() => line.closedCount).toBe(1);
  });

  it('tells a second host that the line is busy and lets it go', async () => {
    const { at } = await serve(new EchoLine());
    const first = host(at);
    first.write('x');
    await nextText(first);
    expect(await nextText(host(at))).toBe('% busy: another host holds the line\n');
  });

  it('names a taken port and what to do, exit 4', async () => {
    const { at } = await serve(new EchoLine());
    const error: unknown = await serveTcp(Number(at), () => new EchoLine()).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(MesogunError);
    expect(error).toMatchObject({ exit: 4, next: 'end the other program, or take another port (0 picks a free one)' });
  });

  it('sends the same truth line to every reader', async () => {
    const truth = await serveLines(0);
    open.push(truth);
    const readers = [host(truth.at), host(truth.at)];
    await Promise.all(readers.map((reader) => new Promise((resolve) => reader.once('ready', resolve))));
    const texts = Promise.all(readers.map(nextText));
    await expect.poll(() => truth.readerCount).toBe(2);
    truth.send('{"prick":1}');
    expect(await texts).toEqual(['{"prick":1}\n', '{"prick":1}\n']);
  });
});
