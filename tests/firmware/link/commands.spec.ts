// What the host asks: fields distrusted one by one, each id done once, answers kept, programmes whole or not at all.
import { describe, expect, it } from 'vitest';
import { REFUSED_AUTH, REFUSED_FIELD, REFUSED_NO_PROGRAM, REFUSED_PROGRAM, REFUSED_STATE } from '../../../firmware/core/faults.ts';
import { IDLE, PAUSED, READY, STATE_COUNT, TREATING } from '../../../firmware/core/states.ts';
import { R_BOUND, R_LIMIT, R_SET_BY, R_VALUE, S_RING_MN } from '../../../firmware/link/control.ts';
import { LINE_MAX, ROLE_TECHNICIAN, STATUS_DIGITS, STATUS_FIELDS } from '../../../firmware/link/messages.ts';
import { FIELD_HEX, FIELD_INT, MESSAGES, type Field } from '../../../tools/link-messages.ts';
import { FIRMWARE_VERSION, SECURITY_COUNTER } from '../../../firmware/version.ts';
import { crcOfWords } from '../../../tools/link-line.ts';
import { LinkBench } from './bench.ts';

/** A legal value for a field, its least for integers. */
const legal = (field: Field): unknown => {
  if (field.kind === FIELD_INT) return field.least;
  return field.kind === FIELD_HEX ? '0'.repeat(field.most) : [0];
};
const legalFields = (fields: readonly Field[]): Record<string, unknown> =>
  Object.fromEntries(fields.map((field) => [field.name, legal(field)]));

describe('hello', () => {
  it('says who the gun is and which id comes next', () => {
    const bench = new LinkBench();
    const gun = { board: 'bench', device: 4503599627370497, firmware: FIRMWARE_VERSION, tickMs: 20 };
    expect(bench.ask({ id: 1, do: 'hello' })).toEqual([{ re: 1, ok: 1, link: 1, ...gun, next: 36984442, journal: -1 }]);
  });

  it('comes before anything else: an arm without it is refused by name', () => {
    const bench = new LinkBench();
    expect(bench.ask({ id: 1, do: 'arm' })).toEqual([{ re: 1, no: REFUSED_STATE, what: 'hello' }]);
    expect(bench.control.calls).toEqual([]);
  });

  it('forgets a half-sent programme', () => {
    const bench = new LinkBench();
    const id = bench.hello();
    bench.ask({ id, do: 'load', count: 1, crc: crcOfWords([5]) });
    bench.ask({ id: id + 1, do: 'part', at: 0, ints: [5] });
    bench.hello();
    expect(bench.ask({ id: id + 2, do: 'commit' })).toEqual([{ re: id + 2, no: REFUSED_NO_PROGRAM, what: 'commit' }]);
  });
});

describe('info', () => {
  it('R57: says the hash of the image, of its limits and the security counter; sources say zeros', () => {
    const bench = new LinkBench();
    const id = bench.hello();
    expect(bench.ask({ id, do: 'info' })).toEqual([{ re: id, ok: 1, build: `0000000000000000 00000000 ${SECURITY_COUNTER}` }]);
  });
});

describe('ids', () => {
  it('R36: answers a repeated id with the same answer and does nothing, for the last 4 ids', () => {
    const bench = new LinkBench();
    const id = bench.hello();
    const first = [
      bench.ask({ id, do: 'start', session: 3 }),
      bench.ask({ id: id + 1, do: 'arm' }),
      bench.ask({ id: id + 2, do: 'status' }),
    ];
    bench.control.state = PAUSED;
    bench.ask({ id: id + 3, do: 'prime' });
    const calls = [...bench.control.calls];
    expect([0, 1, 2].map((i) => bench.ask({ id: id + i, do: 'resume', session: 3 }))).toEqual(first);
    expect(bench.control.calls).toEqual(calls);
  });

  it('R11: refuses an older id, by name, without doing it', () => {
    const bench = new LinkBench();
    const id = bench.hello();
    for (let i = 0; i < 6; i += 1) bench.ask({ id: id + i, do: 'status' });
    expect(bench.ask({ id, do: 'start', session: 1 })).toEqual([{ re: id, no: REFUSED_FIELD, what: 'id' }]);
    expect(bench.control.calls).toEqual([]);
  });

  it('R11: a session recorded after one power-on does nothing after another, sent line by line', () => {
    const before = new LinkBench({ entropy: 77_000 });
    const id = before.hello();
    const recorded = [
      { id: 1, do: 'hello' },
      { id, do: 'start', session: 1 },
      { id: id + 1, do: 'arm' },
      { id: id + 2, do: 'resume', session: 1 },
    ];
    for (const message of recorded) before.ask(message);
    expect(before.control.calls).toEqual(['start 1', 'arm', 'resume 1']);
    for (const entropy of [9_000_000, 5]) {
      const after = new LinkBench({ entropy });
      for (const message of recorded) after.ask(message);
      expect(after.control.calls).toEqual([]);
    }
  });

  it.each([0, -1, 1.5, 134217728, '7', null, [7], undefined])('refuses the id %j by name', (id) => {
    const bench = new LinkBench();
    bench.hello();
    expect(bench.ask({ id, do: 'status' })).toEqual([{ re: 0, no: REFUSED_FIELD, what: 'id' }]);
  });
});

/** Each ends Espruino 2v29 when a field is looked up that is not there: by an assertion or, with RELEASE=1, by reading astray. */
const ASTRAY = ['__proto__":1', '__proto__":"37Xzqb6k2@znHe"', '\\u005f_proto__":1'].map((field) => `{"id":9,"do":"arm","${field}}`);

describe('fields', () => {
  const cases = MESSAGES.flatMap((message) => message.fields.map((field) => ({ message, field, name: `${message.name}.${field.name}` })));

  it.each(cases)('R35: refuses $name by name when it is missing, of another kind, or outside its range', ({ message, field }) => {
    const bench = new LinkBench();
    let id = bench.hello();
    const outside =
      field.kind === FIELD_INT
        ? [field.least - 1, field.most + 1]
        : field.kind === FIELD_HEX
          ? ['0', 'G'.repeat(field.most), 'A'.repeat(field.most)]
          : [[], Array(13).fill(0), [0.5], [2147483648], ['1']];
    for (const value of [undefined, null, true, {}, '', 'x', 1e99, 0.5, ...outside]) {
      expect(bench.ask({ id, do: message.name, ...legalFields(message.fields), [field.name]: value })).toEqual([
        { re: id, no: REFUSED_FIELD, what: field.name },
      ]);
      id += 1;
    }
    expect(bench.control.calls).toEqual([]);
  });

  it.each(MESSAGES)('R35: refuses an unknown field of $name by name, one without a name too', (message) => {
    const bench = new LinkBench();
    const next = bench.hello();
    expect(bench.ask({ id: next, do: message.name, ...legalFields(message.fields), volumeNL: 1 })).toEqual([
      { re: next, no: REFUSED_FIELD, what: 'volumeNL' },
    ]);
    expect(bench.ask({ id: next + 1, do: message.name, ...legalFields(message.fields), '': 1 })).toEqual([
      { re: next + 1, no: REFUSED_FIELD, what: '' },
    ]);
    expect(bench.control.calls).toEqual([]);
  });

  it.each(['fire', 'ARM', '', 'constructor', 7, null])('R35: refuses to do %j', (name) => {
    const bench = new LinkBench();
    const id = bench.hello();
    expect(bench.ask({ id, do: name })).toMatchObject([{ re: id, no: REFUSED_FIELD }]);
    expect(bench.control.calls).toEqual([]);
  });

  it.each(['null', '[]', '777', '"x"', '{{', '{"id":1,"do":"hello"}}', '{"ack":1,"x":2}', '{"ack":"1"}', '{"ack":0}', ...ASTRAY])(
    'R35: the JSON %s is no message',
    (json) => {
      const bench = new LinkBench();
      expect(bench.askText(json)).toMatchObject([{ re: 0, no: REFUSED_FIELD }]);
      expect(bench.control.calls).toEqual([]);
    },
  );

  it('names a field of other letters without repeating them', () => {
    const bench = new LinkBench();
    const id = bench.hello();
    const [answer] = bench.ask({ id, do: 'arm', [':,;}é' + 'x'.repeat(20)]: 1 });
    expect(answer).toEqual({ re: id, no: REFUSED_FIELD, what: '?????xxxxxxxxxxx' });
  });
});

describe('commands', () => {
  it('reach Control, each by its own call', () => {
    const bench = new LinkBench();
    const id = bench.hello();
    const messages = [
      { do: 'start', session: 9 },
      { do: 'prime' },
      { do: 'arm' },
      { do: 'resume', session: 9 },
      { do: 'reload', fillNl: 1000000 },
      { do: 'end' },
      { do: 'clear' },
    ];
    messages.forEach((message, i) => bench.ask({ id: id + i, ...message }));
    expect(bench.control.calls).toEqual(['start 9', 'prime', 'arm', 'resume 9', 'reload 1000000', 'end', 'clear']);
  });

  it('gives the limit, the value, the bound and who set it when Control refuses', () => {
    const bench = new LinkBench();
    const id = bench.hello();
    bench.control.offerCode = REFUSED_PROGRAM;
    bench.control.refusal[R_LIMIT] = 7;
    bench.control.refusal[R_VALUE] = 10100;
    bench.control.refusal[R_BOUND] = 10000;
    bench.control.refusal[R_SET_BY] = 1;
    bench.ask({ id, do: 'load', count: 1, crc: crcOfWords([1]) });
    bench.ask({ id: id + 1, do: 'part', at: 0, ints: [1] });
    expect(bench.ask({ id: id + 2, do: 'commit' })).toEqual([
      { re: id + 2, no: REFUSED_PROGRAM, limit: 7, value: 10100, bound: 10000, by: 1, what: 'commit' },
    ]);
  });

  it('answer the status in one line of at most 160 characters, whatever the words are', () => {
    const bench = new LinkBench();
    bench.hello();
    const most = Array.from(STATUS_DIGITS, (digits) => 10 ** Number(digits) - 1);
    for (const extreme of [2147483647, -2147483648]) {
      const id = bench.hello();
      bench.control.status.fill(extreme);
      bench.say({ id, do: 'status' });
      bench.tick(24);
      const line = bench.serial.said.split('\n').find((text) => text.includes('status')) ?? '';
      expect(line.length + 1 + '134217727'.length - String(id).length + '134217727'.length - 1).toBeLessThanOrEqual(LINE_MAX);
      expect(bench.lines()[0]?.['status']).toEqual(most.map((each, i) => (extreme > 0 ? each : i < S_RING_MN ? -1 : -each)));
    }
    expect(STATUS_FIELDS).toHaveLength(STATUS_DIGITS.length);
  });

  it('R38: the technician may, nobody else: every message in every state, locked', () => {
    for (const message of MESSAGES.filter((m) => m.role === ROLE_TECHNICIAN)) {
      for (let state = 0; state < STATE_COUNT; state += 1) {
        const bench = new LinkBench();
        const id = bench.hello();
        bench.control.state = state;
        bench.serviceSwitch = 1;
        expect(bench.ask({ id, do: message.name, ...legalFields(message.fields) })).toEqual([
          { re: id, no: REFUSED_AUTH, what: message.name },
        ]);
        expect(bench.control.calls).toEqual([]);
      }
    }
  });
});

describe('programme transfer', () => {
  const words = Array.from({ length: 99 }, (_, i) => (i % 2 === 0 ? i * 1000 : -i));

  function transfer(bench: LinkBench, id: number, parts: { at: number; ints: number[] }[], crc = crcOfWords(words)): unknown {
    bench.ask({ id, do: 'load', count: words.length, crc });
    parts.forEach((part, i) => bench.ask({ id: id + 1 + i, do: 'part', ...part }));
    return bench.ask({ id: id + 1 + parts.length, do: 'commit' }).at(-1);
  }
  const parts = Array.from({ length: 9 }, (_, i) => ({ at: i * 11, ints: words.slice(i * 11, i * 11 + 11) }));

  it('offers 99 words to Control when every part came and the check is right', () => {
    const bench = new LinkBench();
    expect(transfer(bench, bench.hello(), parts)).toMatchObject({ ok: 1 });
    expect(bench.control.words).toEqual(words);
  });

  it.each([
    ['a part is missing', parts.filter((_, i) => i !== 4)],
    ['the last part is missing', parts.slice(0, -1)],
    ['two parts come in the wrong order', [1, 0, 2, 3, 4, 5, 6, 7, 8].flatMap((i) => parts.slice(i, i + 1))],
    ['one word differs', parts.map((part, i) => (i === 3 ? { ...part, ints: part.ints.map((word) => word ^ 1) } : part))],
    ['a part goes past the end', [...parts.slice(0, -1), { at: 88, ints: [...words.slice(88), 0] }]],
  ])('offers nothing when %s', (_, damaged) => {
    const bench = new LinkBench();
    expect(transfer(bench, bench.hello(), damaged)).toMatchObject({ no: REFUSED_NO_PROGRAM });
    expect(bench.control.calls).toEqual([]);
  });

  it('offers nothing when a part leaves a gap, although count and check are those of what came', () => {
    const bench = new LinkBench();
    const id = bench.hello();
    bench.ask({ id, do: 'load', count: 2, crc: crcOfWords([5]) });
    expect(bench.ask({ id: id + 1, do: 'part', at: 1, ints: [5] })).toEqual([{ re: id + 1, no: REFUSED_NO_PROGRAM, what: 'part' }]);
    expect(bench.ask({ id: id + 2, do: 'commit' })).toEqual([{ re: id + 2, no: REFUSED_NO_PROGRAM, what: 'commit' }]);
    expect(bench.control.calls).toEqual([]);
  });
});

describe('journal', () => {
  it('streams entries as base64 of 64 little-endian bytes, one a line of at most 160 characters', () => {
    const bench = new LinkBench();
    const id = bench.hello();
    for (let seq = 0; seq < 5; seq += 1)
      bench.journal.entries.push(Int32Array.from({ length: 16 }, (_, i) => (i === 3 ? -1 : seq * 1000003 + i)));
    bench.say({ id, do: 'journal', from: 1, count: 8 });
    bench.tick(60);
    expect(Math.max(...bench.serial.said.split('\n').map((line) => line.length + 1))).toBeLessThanOrEqual(LINE_MAX - '134217727'.length);
    const lines = bench.lines();
    expect(lines[0]).toEqual({ re: id, ok: 1, last: 4 });
    for (let seq = 1; seq <= 4; seq += 1) {
      const bytes = Buffer.from(String(lines[seq]?.['data']), 'base64');
      expect(lines[seq]?.['seq']).toBe(seq);
      expect(Array.from({ length: 16 }, (_, i) => bytes.readInt32LE(4 * i))).toEqual([...(bench.journal.entries[seq] ?? [])]);
    }
    expect(lines[5]).toEqual({ ev: 'entry', seq: 5, no: 1 });
  });

  it('is refused while treating, and waits when treating begins', () => {
    const bench = new LinkBench();
    const id = bench.hello();
    bench.journal.entries.push(new Int32Array(16), new Int32Array(16));
    bench.control.state = TREATING;
    expect(bench.ask({ id, do: 'journal', from: 0, count: 2 })).toEqual([{ re: id, no: REFUSED_STATE, what: 'journal' }]);
    bench.control.state = READY;
    bench.ask({ id: id + 1, do: 'journal', from: 0, count: 2 }, 16);
    bench.control.state = TREATING;
    bench.tick(50);
    expect(bench.lines().filter((line) => line['ev'] === 'entry')).toEqual([]);
    bench.control.state = IDLE;
    bench.tick(50);
    expect(bench.lines().filter((line) => line['ev'] === 'entry')).toHaveLength(2);
  });
});
