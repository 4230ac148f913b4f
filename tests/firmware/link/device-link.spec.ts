// The gun's end of the link as the core sees it: stop, events, heartbeat, the silent host, floods and garbage.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ARMED, IDLE, TREATING } from '../../../firmware/core/states.ts';
import { LINE_MAX } from '../../../firmware/link/messages.ts';
import { encodeLine } from '../../../tools/link-line.ts';
import { LinkBench } from './bench.ts';

describe('stop', () => {
  it('R35: a lone ! stops within the tick that reads it, without hello, and is answered', () => {
    const bench = new LinkBench();
    bench.serial.heard = '!';
    bench.tick(2);
    expect(bench.control.calls).toEqual(['stop']);
    expect(bench.link.stopSeen).toBe(1);
    expect(bench.lines()).toEqual([{ ev: 'stop', n: 1, at: 20 }]);
  });

  it('R35: a ! behind a flood of 1 MB/s stops within the tick that reads it', () => {
    const bench = new LinkBench();
    bench.control.state = TREATING;
    const flood = encodeLine(1, '{"ack":1}').repeat(1000).slice(0, 20_000);
    for (let tick = 0; tick < 50; tick += 1) {
      bench.serial.heard = flood;
      bench.tick();
    }
    expect(bench.control.calls).toEqual([]);
    bench.serial.heard = `${flood}!`;
    bench.tick();
    expect(bench.control.calls).toEqual(['stop']);
  });
});

describe('events', () => {
  it('leave as lines of at most 160 characters with the greatest numbers', () => {
    const bench = new LinkBench({ startMs: 4294967295 - 40 });
    bench.control.status.fill(2147483647);
    bench.tick();
    for (const word of [2147483647, -2147483648]) {
      bench.link.boot(word, word, word);
      bench.link.state(word, word);
      bench.link.fault(word, word, word);
      bench.link.hold(word, word, word);
      bench.link.prick(word, word, word, word);
      bench.tick(26);
    }
    for (const line of bench.serial.said.split('\n')) expect(line.length + 1 + '134217727'.length - 1).toBeLessThanOrEqual(LINE_MAX);
    expect(bench.lines().map((line) => line['ev'])).toEqual([
      'boot',
      'state',
      'fault',
      'hold',
      'prick',
      'boot',
      'state',
      'fault',
      'hold',
      'prick',
    ]);
  });

  it('carry what the core gave and the device time in ms', () => {
    const bench = new LinkBench({ startMs: 1000 });
    bench.tick();
    bench.link.prick(17, 0, 9980, 4012);
    bench.link.hold(2, 300, 1000);
    bench.tick(6);
    expect(bench.lines()).toEqual([
      { ev: 'hold', why: 2, value: 300, limit: 1000, at: 1020 },
      { ev: 'prick', n: 17, result: 0, nl: 9980, tipUm: 4012, at: 1020 },
    ]);
  });

  it('keep the newest of 200 pricks that the wire does not take, and count the rest in the heartbeat', () => {
    const bench = new LinkBench();
    bench.serial.room = 0;
    bench.tick(30);
    for (let n = 1; n <= 200; n += 1) bench.link.prick(n, 0, 0, 0);
    bench.serial.room = Infinity;
    bench.tick(60);
    expect(bench.lines()).toMatchObject([{ ev: 'prick', n: 200 }]);
    expect(bench.link.dropped).toBe(199);
  });
});

describe('heartbeat', () => {
  it('comes every 500 ms of device time, across the wrap of the 32-bit clock (R32)', () => {
    const bench = new LinkBench({ startMs: 4294967296 - 1500 });
    bench.tick(250);
    const beats = bench.serial.said.split('\n').filter((line) => line.includes('"hb"'));
    expect(beats.length).toBeGreaterThanOrEqual(9);
    expect(beats.length).toBeLessThanOrEqual(11);
  });

  it('comes every 1000 ms while what the host has said waits to be read: each asks for an ack, which a slow gun has to read as well', () => {
    const bench = new LinkBench();
    for (let i = 0; i < 250; i += 1) {
      if (i % 14 === 0) for (let line = 0; line < 8; line += 1) bench.say({ ack: 1 });
      bench.tick();
    }
    const beats = bench.serial.said.split('\n').filter((line) => line.includes('"hb"'));
    expect(beats.length).toBeGreaterThanOrEqual(4);
    expect(beats.length).toBeLessThanOrEqual(5);
  });
});

describe('silent host', () => {
  /** Ticks until the host counts as lost, at most 300. */
  const lostAfterMs = (bench: LinkBench): number => {
    const from = bench.nowMs;
    for (let i = 0; i < 300 && bench.link.hostLost === 0; i += 1) bench.tick();
    return (bench.nowMs - from + 4294967296) % 4294967296;
  };

  it.each([0, 4294967296 - 1000])('R37: is lost after 2 s in a session it started, with the clock at %i ms', (startMs) => {
    const bench = new LinkBench({ startMs });
    const id = bench.hello();
    bench.ask({ id, do: 'start', session: 1 }, 3);
    expect(lostAfterMs(bench)).toBeGreaterThan(1940);
    const again = bench.link.hostLost;
    bench.say({ ack: 1 });
    bench.tick(10);
    expect([again, bench.link.hostLost]).toEqual([1, 0]);
  });

  it('R37: is not lost while any good line comes within 2 s; garbage is no line', () => {
    const bench = new LinkBench();
    bench.ask({ id: bench.hello(), do: 'start', session: 1 });
    for (let i = 0; i < 10; i += 1) {
      bench.say({ ack: 1 });
      bench.tick(95);
      expect(bench.link.hostLost).toBe(0);
    }
    for (let i = 0; i < 25; i += 1) {
      bench.serial.heard += '1 {"ack":1} 00000000\n';
      bench.tick(5);
    }
    expect(bench.link.hostLost).toBe(1);
  });

  it('R37: does not matter to a session that was started at the gun, nor after the session', () => {
    const bench = new LinkBench();
    bench.hello();
    bench.control.state = ARMED;
    expect(lostAfterMs(bench)).toBe(6000);
    bench.control.state = IDLE;
    const other = new LinkBench();
    const id = other.hello();
    other.ask({ id, do: 'start', session: 1 });
    other.control.state = IDLE;
    expect(lostAfterMs(other)).toBe(6000);
  });
});

describe('garbage', () => {
  const recorded = [
    ...[
      '{"id":1,"do":"hello"}',
      '{"id":36984442,"do":"start","session":5}',
      '{"id":36984443,"do":"arm"}',
      '{"id":36984444,"do":"resume","session":5}',
    ],
    ...['{"id":36984445,"do":"part","at":0,"ints":[1,2,3]}', '{"id":36984446,"do":"limit","index":1,"value":2}', '{"ack":12}'],
  ].map((json, i) => encodeLine(i + 1, json));

  const mutated = fc
    .tuple(fc.constantFrom(...recorded), fc.nat(159), fc.integer({ min: 1, max: 255 }), fc.constantFrom('flip', 'cut', 'insert', 'double'))
    .map(([line, place, byte, how]) => {
      const at = place % (line.length - 1);
      if (how === 'flip') return line.slice(0, at) + String.fromCharCode(line.charCodeAt(at) ^ byte) + line.slice(at + 1);
      if (how === 'cut') return `${line.slice(0, at)}\n`;
      const extra = how === 'insert' ? String.fromCharCode(byte) : line.charAt(at);
      return line.slice(0, at) + extra + line.slice(at);
    });
  const noise = fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)), maxLength: 200 });
  const json = fc.json().map((text) => encodeLine1(text));
  // A mutation may leave the line whole, as a line feed in front of it does: that one is no garbage.
  const chunk = fc
    .oneof(mutated, noise, json)
    .map((text) => text.replaceAll('!', ''))
    .filter((text) => !recorded.some((line) => text.includes(line)));

  /** A good check around any JSON that fits a line. */
  function encodeLine1(text: string): string {
    const short = text.slice(0, 120).replace(/[^ -~]/g, '?');
    return encodeLine(1, short);
  }

  it('R35: 25 000 chunks of noise, mutated lines and foreign JSON cause no call and leave the link working, seed 42', () => {
    const bench = new LinkBench();
    const id = bench.hello();
    let chunks = 0;
    fc.assert(
      fc.property(chunk, fc.nat(3), (text, ticks) => {
        chunks += 1;
        bench.serial.heard += text;
        bench.tick(ticks);
        bench.serial.said = '';
        return bench.control.calls.length === 0 && bench.link.stopSeen === 0;
      }),
      { seed: 42, numRuns: 25_000, endOnFailure: true },
    );
    expect(chunks).toBe(25_000);
    expect(bench.link.badLines).toBeGreaterThan(1000);
    bench.serial.heard = '\n';
    bench.tick(40);
    bench.lines();
    expect(bench.ask({ id, do: 'start', session: 1 })).toEqual([{ re: id, ok: 1 }]);
  });

  it('R35: text in pieces of any size gives the same calls and answers, seed 7', () => {
    const run = (sizes: readonly number[]): string => {
      const bench = new LinkBench();
      bench.hello();
      let text = recorded.join('');
      for (let i = 0; text.length > 0; i += 1) {
        const size = sizes[i % sizes.length] ?? 1;
        bench.serial.heard = text.slice(0, size);
        text = text.slice(size);
        bench.tick(8);
      }
      bench.tick(80);
      return (
        bench.control.calls.join(' ') +
        bench
          .lines()
          .map((line) => `${String(line['re'])}${String(line['no'])}`)
          .join(' ')
      );
    };
    const whole = run([160]);
    expect(whole).toContain('start 5 arm');
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 160 }), { minLength: 1, maxLength: 6 }), (sizes) => run(sizes) === whole),
      { seed: 7, numRuns: 60 },
    );
  });
});
