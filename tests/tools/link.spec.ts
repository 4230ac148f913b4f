// The desk's end of the link against the gun's end on the bench: requests, retries, acks, stop, programme, journal, unlock.
import { describe, expect, it } from 'vitest';
import { REFUSED_AUTH, REFUSED_STATE } from '../../firmware/core/faults.ts';
import { IDLE, READY } from '../../firmware/core/states.ts';
import { LINE_MAX } from '../../firmware/link/messages.ts';
import { JournalReading, loadProgram, programParts, readStatus, unlock } from '../../tools/link-calls.ts';
import { decodeLine, encodeLine } from '../../tools/link-line.ts';
import { Link } from '../../tools/link.ts';
import type { Transport } from '../../tools/transports/transport.ts';
import { BenchWire, LinkBench } from '../firmware/link/bench.ts';
import { SERVICE_KEY } from '../firmware/link/keys.ts';

/** Lets the event loop turn so often. */
async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** A link to a bench, closed after. */
async function withLink<T>(
  work: (link: Link, bench: LinkBench, wire: BenchWire) => Promise<T>,
  bench = new LinkBench(),
  cut = Infinity,
): Promise<T> {
  const wire = new BenchWire(bench, cut);
  const link = new Link(wire);
  try {
    return await work(link, bench, wire);
  } finally {
    await link.close();
  }
}

/** A wire whose other end is a function of each line the desk sends. */
class ScriptedWire implements Transport {
  readonly sent: string[] = [];
  private listener: (text: string) => void = () => undefined;
  private gone: () => void = () => undefined;
  private seq = 0;
  private readonly answer: (message: Record<string, unknown>, wire: ScriptedWire) => void;
  constructor(answer: (message: Record<string, unknown>, wire: ScriptedWire) => void) {
    this.answer = answer;
  }
  write(text: string): void {
    this.sent.push(text);
    const line = decodeLine(text.trimEnd());
    if (line !== undefined) this.answer(JSON.parse(line.json) as Record<string, unknown>, this);
  }
  say(message: object): void {
    this.seq += 1;
    this.listener(encodeLine(this.seq, JSON.stringify(message)));
  }
  text(text: string): void {
    this.listener(text);
  }
  beats(count: number): void {
    for (let i = 0; i < count; i += 1) this.say({ ev: 'hb', state: 2, done: 0, lost: 0, bad: 0, at: i });
  }
  onText(listener: (text: string) => void): void {
    this.listener = listener;
  }
  onClose(listener: () => void): void {
    this.gone = listener;
  }
  close(): Promise<void> {
    this.gone();
    return Promise.resolve();
  }
}

describe('link', () => {
  it('says hello, asks with the ids that the gun takes, and gives a refusal as an answer', async () => {
    await withLink(async (link, bench) => {
      expect(await link.connect()).toMatchObject({ board: 'bench', tickMs: 20, journal: -1 });
      expect(await link.request('start', { session: 4 })).toMatchObject({ ok: 1 });
      expect(await link.request('resume', { session: 4 })).toMatchObject({ no: REFUSED_STATE, what: 'resume' });
      expect(bench.control.calls).toEqual(['start 4', 'resume 4']);
      expect((await readStatus(link))['sessionId']).toBe(4);
    });
  });

  it('keeps the order of requests made at once, one under way at a time', async () => {
    await withLink(async (link, bench) => {
      await link.connect();
      bench.control.state = READY;
      await Promise.all([link.request('prime'), link.request('arm'), link.request('reload', { fillNl: 5 }), link.request('end')]);
      expect(bench.control.calls).toEqual(['prime', 'arm', 'reload 5', 'end']);
    });
  });

  it('refuses a request that the table does not have, before it is sent; unchecked, the gun refuses it', async () => {
    await withLink(async (link) => {
      await link.connect();
      await expect(link.request('fire')).rejects.toThrow(/no request 'fire'/);
      await expect(link.request('start', { session: 0 })).rejects.toMatchObject({ exit: 1 });
      expect(await link.requestUnchecked('start', { session: 0 })).toMatchObject({ no: 3, what: 'session' });
    });
  });

  it('R36: sends the very same line again after 3 heartbeats without an answer', async () => {
    const wire = new ScriptedWire((message, w) => {
      if (w.sent.length === 1) w.beats(3);
      else if (message['do'] === 'hello')
        w.say({ re: message['id'], ok: 1, link: 1, board: 'b', device: 1, firmware: 1, next: 5, journal: -1, tickMs: 20 });
    });
    const link = new Link(wire);
    await link.connect();
    const asked = wire.sent.filter((text) => text.includes('hello'));
    expect(asked).toHaveLength(2);
    expect(asked[0]).toBe(asked[1]);
    await link.close();
  });

  it('gives up after 15 heartbeats, and asks the next then', async () => {
    const wire = new ScriptedWire((message, w) => {
      if (message['do'] === 'status' && w.sent.length === 1) w.beats(16);
      if (message['do'] === 'arm') w.say({ re: message['id'], ok: 1 });
    });
    const link = new Link(wire);
    const lost = expect(link.request('status')).rejects.toMatchObject({ exit: 4, message: 'the gun does not answer' });
    expect(await link.request('arm')).toMatchObject({ ok: 1 });
    await lost;
    await link.close();
  });

  it('says the fault instead that the gun has told of itself, 21 here, until it has started anew', async () => {
    const wire = new ScriptedWire((message, w) => {
      if (w.sent.filter((text) => text.includes(`"do":"${String(message['do'])}"`)).length !== 1 || message['ack'] !== undefined) return;
      const boot = { ev: 'boot', reset: 0, uncertain: -1, uncertainNl: 0, at: 1 };
      w.say(message['do'] === 'status' ? { ev: 'fault', code: 21, value: 0, limit: 0, at: 1 } : boot);
      w.beats(16);
    });
    const link = new Link(wire);
    await expect(link.request('status')).rejects.toMatchObject({ exit: 5, message: /^the gun stopped with fault 21: / });
    await expect(link.request('prime')).rejects.toMatchObject({ exit: 4, message: 'the gun does not answer' });
    await link.close();
  });

  it('fails what waits when the wire closes, and what is asked after', async () => {
    const link = new Link(new ScriptedWire(() => undefined));
    const waiting = [link.request('status'), link.request('arm')].map((asked) => expect(asked).rejects.toMatchObject({ exit: 4 }));
    await link.close();
    await Promise.all(waiting);
    await expect(link.request('status')).rejects.toMatchObject({ exit: 4 });
    await expect(link.stop()).rejects.toMatchObject({ exit: 4 });
  });

  it('fails a request over a dead wire after the silence it was given, 20 ms here', async () => {
    const link = new Link(new ScriptedWire(() => undefined), { silentForMs: 20 });
    await expect(link.connect()).rejects.toThrow('the gun does not answer');
    await link.close();
  });

  it('fails the request under way when the gun restarts', async () => {
    const wire = new ScriptedWire((message, w) => {
      if (message['do'] === 'hello') w.say({ re: 1, ok: 1, link: 1, board: 'b', device: 1, firmware: 1, next: 5, journal: -1, tickMs: 20 });
      if (message['do'] === 'arm') w.say({ ev: 'boot', reset: 1, uncertain: -1, uncertainNl: 0, at: 0 });
    });
    const link = new Link(wire);
    await link.connect();
    await expect(link.request('arm')).rejects.toMatchObject({ why: 'it has restarted' });
    await link.close();
  });

  it('counts damaged and missing lines and acknowledges neither', async () => {
    const wire = new ScriptedWire(() => undefined);
    const link = new Link(wire);
    wire.text('5 {"ev":"hb"} 00000000\n');
    wire.beats(1);
    wire.text(encodeLine(7, '{"ev":"stop","n":1,"at":3}'));
    await turns(10);
    expect([link.badLines, link.missedLines]).toEqual([1, 5]);
    expect(wire.sent.map((text) => decodeLine(text.trimEnd())?.json)).toEqual(['{"ack":1}', '{"ack":7}']);
    await link.close();
  });

  it('sends what a listener asks before the ack of the line, and the ack before the next line is heard', async () => {
    const order: string[] = [];
    const wire = new ScriptedWire((message) => order.push(`sent ${String(message['do'] ?? message['ack'])}`));
    const link = new Link(wire);
    link.onEvent((event) => {
      order.push(`heard ${event.ev}`);
      if (event.ev === 'state') void Promise.resolve().then(() => link.request('arm').catch(() => undefined));
    });
    wire.say({ ev: 'state', from: 1, to: 2, at: 1 });
    wire.say({ ev: 'hold', why: 1, value: 0, limit: 0, at: 2 });
    await turns(10);
    expect(order).toEqual(['heard state', 'sent arm', 'sent 1', 'heard hold', 'sent 2']);
    await link.close();
  });

  it.each([1, 7, 33])('the gun receives the same bytes whether its text comes whole or in pieces of %i characters', async (cut) => {
    const run = (size: number): Promise<string> =>
      withLink(
        async (link, bench, wire) => {
          await link.connect();
          bench.link.state(2, 3);
          bench.link.hold(1, 2, 3);
          await link.request('status');
          await link.request('journal', { from: 0, count: 1 });
          return wire.heard;
        },
        new LinkBench(),
        size,
      );
    expect(await run(cut)).toBe(await run(Infinity));
  });

  it('repeats ! until the gun has answered', async () => {
    let stops = 0;
    const wire = new ScriptedWire(() => undefined);
    const write = wire.write.bind(wire);
    wire.write = (text: string): void => {
      write(text);
      if (text !== '!') return;
      stops += 1;
      if (stops === 3) wire.say({ ev: 'stop', n: 3, at: 1 });
    };
    const link = new Link(wire);
    await link.stop();
    expect(stops).toBe(3);
    await link.close();
  });

  it('stops a gun that runs, past a request that waits', async () => {
    await withLink(async (link, bench) => {
      await link.connect();
      await link.request('start', { session: 1 });
      link.request('status').catch(() => undefined);
      await link.stop();
      expect(bench.control.state).toBe(IDLE);
    });
  });
});

describe('world line', () => {
  it('configures a simulated gun before anything else is said', async () => {
    const wire = new ScriptedWire((message, w) => {
      if (message['do'] === 'hello') w.say({ re: 1, ok: 1, link: 1, board: 'b', device: 1, firmware: 1, next: 5, journal: -1, tickMs: 20 });
    });
    const link = new Link(wire);
    setImmediate(() => wire.text('% mesogun-sim {"seed":1}\n'));
    await link.connect({ seed: 7 });
    expect(wire.sent[0]).toBe('% world {"seed":7}\n');
    expect(link.greeting).toBe('{"seed":1}');
    await link.close();
  });

  it('fails with the words of a simulator that cannot be configured', async () => {
    const wire = new ScriptedWire(() => undefined);
    const link = new Link(wire);
    const failing = expect(link.connect({ faults: ['x'] })).rejects.toMatchObject({ why: "error unknown fault 'x'" });
    wire.text("% error unknown fault 'x'\n");
    await failing;
  });
});

describe('calls', () => {
  it('cuts a programme of 99 words into parts that fit a line of 160 characters, whatever the words are', () => {
    for (const words of [
      Array<number>(99).fill(0),
      Array<number>(99).fill(-2147483648),
      Array.from({ length: 99 }, (_, i) => (i * 7919) ** 2 % 1e9),
    ]) {
      const parts = programParts(words);
      expect(parts.flatMap((part) => part.ints)).toEqual(words);
      for (const part of parts)
        expect(encodeLine(134217727, JSON.stringify({ id: 134217727, do: 'part', ...part })).length).toBeLessThanOrEqual(LINE_MAX);
    }
  });

  it('sends a programme of 99 words of 11 characters', async () => {
    const words = Array.from({ length: 99 }, (_, i) => -2147483648 + i);
    await withLink(async (link, bench) => {
      await link.connect();
      expect(await loadProgram(link, words)).toMatchObject({ ok: 1 });
      expect(bench.control.words).toEqual(words);
    });
  });

  it('reads 21 journal entries from 3 on, in order', async () => {
    const bench = new LinkBench();
    for (let seq = 0; seq <= 23; seq += 1) bench.journal.entries.push(new Int32Array(16).fill(seq));
    const entries = await withLink(async (link) => {
      await link.connect();
      return new JournalReading(link).readFrom(3);
    }, bench);
    expect(entries.map((bytes) => bytes[0])).toEqual(Array.from({ length: 21 }, (_, i) => i + 3));
    expect(entries.every((bytes) => bytes.length === 64)).toBe(true);
  });

  it('R38: unlocks with the key and the switch, not without the switch', async () => {
    await withLink(async (link, bench) => {
      const { device } = await link.connect();
      expect(await unlock(link, SERVICE_KEY, device)).toMatchObject({ no: REFUSED_AUTH });
      bench.serviceSwitch = 1;
      expect(await unlock(link, SERVICE_KEY, device)).toMatchObject({ ok: 1 });
      expect(bench.control.calls).toEqual(['service 1']);
    });
  });
});
