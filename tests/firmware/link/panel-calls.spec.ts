// Programmes kept for the panel and the screen, as a host asks for them.
import { describe, expect, it } from 'vitest';
import { REFUSED_NO_PROGRAM, REFUSED_STATE } from '../../../firmware/core/faults.ts';
import { READY } from '../../../firmware/core/states.ts';
import { crcOfWords } from '../../../tools/link-line.ts';
import { LinkBench } from './bench.ts';

describe('the panel from the host', () => {
  const words = Array.from({ length: 99 }, (_, i) => (i >= 28 && i < 35 ? -2147483648 + i : i));
  const load = (bench: LinkBench, id: number): number => {
    bench.ask({ id, do: 'load', count: words.length, crc: crcOfWords(words) });
    for (let at = 0; at < words.length; at += 11) bench.ask({ id: id + 1 + at / 11, do: 'part', at, ints: words.slice(at, at + 11) });
    bench.ask({ id: id + 10, do: 'commit' });
    return id + 11;
  };

  it('keeps the programme committed last in slot 3, tells it seven words at a time, and empties the slot', () => {
    const bench = new LinkBench();
    const id = load(bench, bench.hello());
    expect(bench.ask({ id, do: 'shelve', slot: 3, on: 1 })).toEqual([{ re: id, ok: 1 }]);
    expect(bench.ask({ id: id + 1, do: 'shelf', slot: 3, at: 28 })).toEqual([{ re: id + 1, ok: 1, count: 99, ints: words.slice(28, 35) }]);
    expect(bench.ask({ id: id + 2, do: 'shelf', slot: 3, at: 98 })).toEqual([{ re: id + 2, ok: 1, count: 99, ints: words.slice(98) }]);
    bench.ask({ id: id + 3, do: 'shelve', slot: 3, on: 0 });
    expect(bench.ask({ id: id + 4, do: 'shelf', slot: 3, at: 0 })).toEqual([{ re: id + 4, ok: 1, count: 0, ints: [] }]);
  });

  it('reads and keeps programmes at IDLE only, for a record that is read may be written', () => {
    const bench = new LinkBench();
    const id = load(bench, bench.hello());
    bench.control.state = READY;
    expect(bench.ask({ id, do: 'shelve', slot: 0, on: 1 })).toEqual([{ re: id, no: REFUSED_STATE, what: 'shelve' }]);
    expect(bench.ask({ id: id + 1, do: 'shelf', slot: 0, at: 0 })).toEqual([{ re: id + 1, no: REFUSED_STATE, what: 'shelf' }]);
    expect(bench.shelf.slots[0]).toEqual([]);
  });

  it('R45: neither starts nor keeps when the panel has chosen another programme since the commit', () => {
    const bench = new LinkBench();
    const id = load(bench, bench.hello());
    bench.control.offers += 1;
    expect(bench.ask({ id, do: 'start', session: 5 })).toEqual([{ re: id, no: REFUSED_NO_PROGRAM, what: 'start' }]);
    expect(bench.ask({ id: id + 1, do: 'shelve', slot: 0, on: 1 })).toEqual([{ re: id + 1, no: REFUSED_NO_PROGRAM, what: 'shelve' }]);
    expect(bench.control.calls).toEqual(['offer 99']);
  });

  it('tells the sixteen characters of a line of the screen', () => {
    const bench = new LinkBench();
    const id = bench.hello();
    expect(bench.ask({ id, do: 'screen', line: 7 })).toEqual([{ re: id, ok: 1, text: 'LINE 7          ' }]);
  });
});
