// What the gun has to say, in order of weight, bounded, with the budget kept.
import { describe, expect, it } from 'vitest';
import { Outbox } from '../../../firmware/link/outbox.ts';
import { decodeLine } from '../../../tools/link-line.ts';
import { MemorySerial } from './bench.ts';

const said = (serial: MemorySerial): string[] =>
  serial.said
    .split('\n')
    .slice(0, -1)
    .map((line) => decodeLine(line)?.json ?? 'damaged');

describe('outbox', () => {
  it('sends answers first, then events, the prick, the entry, the heartbeat', () => {
    const serial = new MemorySerial();
    const outbox = new Outbox(serial);
    outbox.beat('{"ev":"hb"}');
    outbox.entry('{"ev":"entry"}');
    outbox.prick('{"ev":"prick"}');
    outbox.event('{"ev":"state"}');
    outbox.answer('{"re":1}');
    outbox.work(1000);
    expect(said(serial)).toEqual(['{"re":1}', '{"ev":"state"}', '{"ev":"prick"}', '{"ev":"entry"}', '{"ev":"hb"}']);
    expect(
      serial.said
        .split('\n')
        .map((line) => Number.parseInt(line, 10))
        .slice(0, -1),
    ).toEqual([1, 2, 3, 4, 5]);
  });

  it('keeps the newest prick and counts the one it overtook', () => {
    const serial = new MemorySerial();
    const outbox = new Outbox(serial);
    outbox.prick('{"n":1}');
    outbox.prick('{"n":2}');
    outbox.work(1000);
    expect(said(serial)).toEqual(['{"n":2}']);
    expect(outbox.dropped).toBe(1);
  });

  it('keeps 4 answers and 8 events, drops and counts what is more', () => {
    const serial = new MemorySerial();
    const outbox = new Outbox(serial);
    for (let i = 0; i < 6; i += 1) outbox.answer(`{"re":${i}}`);
    for (let i = 0; i < 11; i += 1) outbox.event(`{"n":${i}}`);
    outbox.work(10_000);
    expect(said(serial)).toHaveLength(12);
    expect(outbox.dropped).toBe(5);
  });

  it('sums 64 bytes a tick: a text of 150 characters leaves in the third', () => {
    const serial = new MemorySerial();
    const outbox = new Outbox(serial);
    outbox.answer(`{"x":"${'y'.repeat(142)}"}`);
    expect([outbox.work(64), outbox.work(64), serial.said.length, outbox.work(64)]).toEqual([64, 64, 0, 24]);
    expect(said(serial)).toHaveLength(1);
  });

  it('tries a line again, once and whole, that the wire had no room for', () => {
    const serial = new MemorySerial();
    const outbox = new Outbox(serial);
    serial.room = 0;
    outbox.answer('{"re":1}');
    outbox.work(64);
    outbox.work(64);
    serial.room = Infinity;
    outbox.work(64);
    outbox.work(64);
    expect(said(serial)).toEqual(['{"re":1}']);
  });
});
