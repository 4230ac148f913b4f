// Lines out of whatever the wire brings: checks, bounds, budget, stops.
import { describe, expect, it } from 'vitest';
import { LineReader, WAITING_MAX } from '../../../firmware/link/frame.ts';
import { crcOfText, encodeLine } from '../../../tools/link-line.ts';

/** Reads everything with `budget` bytes a tick; the bodies that passed. */
function bodies(reader: LineReader, budget: number, ticks = 60): string[] {
  const found: string[] = [];
  for (let tick = 0; tick < ticks; tick += 1) {
    expect(reader.work(budget)).toBeLessThanOrEqual(budget);
    if (reader.ready === 1) found.push(reader.body);
  }
  return found;
}

describe('line reader', () => {
  it('reads the captured line 7 {"ack":3} with the check that zlib gives', () => {
    const reader = new LineReader();
    // Source: python3 -c "import zlib; print('%08x' % zlib.crc32(b'7 {\"ack\":3}'))"
    reader.take('7 {"ack":3} 5875c73b\n');
    expect(bodies(reader, 64)).toEqual(['{"ack":3}']);
  });

  it.each([1, 7, 64, 160])('reads two lines in pieces of one character with %i bytes of check a tick', (budget) => {
    const reader = new LineReader();
    for (const character of encodeLine(1, '{"id":1,"do":"hello"}') + encodeLine(2, '{"ack":9}')) reader.take(character);
    expect(bodies(reader, budget, 100)).toEqual(['{"id":1,"do":"hello"}', '{"ack":9}']);
    expect(reader.badLines).toBe(0);
    expect(reader.idle).toBe(true);
  });

  it('gives at most one good line a tick', () => {
    const reader = new LineReader();
    reader.take(encodeLine(1, '{"ack":1}') + encodeLine(2, '{"ack":2}'));
    reader.work(160);
    expect(reader.body).toBe('{"ack":1}');
    reader.work(160);
    expect(reader.body).toBe('{"ack":2}');
  });

  it('R35: drops a line in which any single bit is flipped, and reads the next', () => {
    const line = encodeLine(12, '{"id":5,"do":"arm"}');
    for (let at = 0; at < line.length - 1; at += 1) {
      for (let bit = 0; bit < 8; bit += 1) {
        const reader = new LineReader();
        reader.take(
          line.slice(0, at) + String.fromCharCode(line.charCodeAt(at) ^ (1 << bit)) + line.slice(at + 1) + encodeLine(13, '{"ack":1}'),
        );
        expect(bodies(reader, 160, 6)).toEqual(['{"ack":1}']);
      }
    }
  });

  it.each(['', '\r', ' ', 'x', '0 {} 01234567', '1 {}', '-1 {"ack":1} 00000000', '01 {"ack":1} 00000000', 'A'.repeat(159)])(
    'R35: finds no line in %j',
    (text) => {
      const reader = new LineReader();
      reader.take(`${text}\n`);
      expect(bodies(reader, 160)).toEqual([]);
      reader.take(encodeLine(1, '{"ack":1}'));
      expect(bodies(reader, 160)).toEqual(['{"ack":1}']);
    },
  );

  it('R35: drops a line of 161 characters up to its line feed and reads the next; 160 pass', () => {
    const reader = new LineReader();
    const longest = encodeLine(1, JSON.stringify({ x: 'y'.repeat(160 - encodeLine(1, '{"x":""}').length) }));
    expect(longest.length).toBe(160);
    const text = longest.slice(0, -10).replace('y', 'yy');
    reader.take(`${text} ${crcOfText(text)}\n`);
    reader.take(longest);
    expect(bodies(reader, 64)).toHaveLength(1);
    expect(reader.badLines).toBe(1);
  });

  it('R35: drops endless text without a line feed and keeps no more than 640 characters of it', () => {
    const reader = new LineReader();
    for (let i = 0; i < 100; i += 1) {
      reader.take('q'.repeat(500));
      expect(JSON.stringify(reader).length).toBeLessThan(WAITING_MAX + 400);
      reader.work(64);
    }
    reader.take(`\n${encodeLine(1, '{"ack":1}')}`);
    expect(bodies(reader, 64)).toEqual(['{"ack":1}']);
  });

  it('R35: reads on behind a burst of 100 lines that came in one tick', () => {
    const reader = new LineReader();
    reader.take(Array.from({ length: 100 }, (_, i) => encodeLine(i + 1, '{"ack":1}')).join(''));
    expect(reader.overflows).toBe(1);
    reader.take(encodeLine(101, '{"ack":2}'));
    expect(bodies(reader, 64)).toEqual(['{"ack":2}']);
  });

  it('hears each of 3 stops in a chunk at once, also inside a line, and reads the line without them', () => {
    const reader = new LineReader();
    reader.take(`!${encodeLine(1, '{"ack":1}').replace('a', '!!a')}`);
    expect(reader.stops).toBe(3);
    expect(bodies(reader, 160)).toEqual(['{"ack":1}']);
  });

  it('hears a stop in 100 000 characters that find no room', () => {
    const reader = new LineReader();
    reader.take(`${'x'.repeat(50_000)}!${'x'.repeat(50_000)}`);
    expect(reader.stops).toBe(1);
  });

  it('cuts at most 8 lines a tick out of a flood of line feeds', () => {
    const reader = new LineReader();
    reader.take('\n'.repeat(20) + encodeLine(1, '{"ack":1}'));
    expect(bodies(reader, 64, 2)).toEqual([]);
    expect(bodies(reader, 64, 1)).toEqual(['{"ack":1}']);
  });
});
