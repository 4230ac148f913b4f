// The transcript player, and every transcript of tests/transcripts against the gun's end of the link on the bench.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { matches, parseTranscript, playTranscript } from '../../tools/transcript.ts';
import { BenchWire, LinkBench } from '../firmware/link/bench.ts';

const FOLDER = new URL('../transcripts/', import.meta.url);

async function play(text: string, bench = new LinkBench()): Promise<LinkBench> {
  const wire = new BenchWire(bench);
  try {
    await playTranscript(text, wire);
  } finally {
    await wire.close();
  }
  return bench;
}

describe('transcripts', () => {
  it.each(readdirSync(FOLDER).filter((name) => name.endsWith('.txt')))('%s is kept by the link', async (name) => {
    const bench = await play(readFileSync(new URL(name, FOLDER), 'utf8'));
    expect(bench.control.calls.filter((call) => call !== 'stop')).toEqual([]);
  });

  it('lets at least 250 ms of device time pass at @250ms', async () => {
    const bench = await play('> {"id":1,"do":"hello"}\n< {"re":1,"ok":1}\n@250ms\n');
    expect(bench.nowMs).toBeGreaterThanOrEqual(250);
  });
});

describe('transcript player', () => {
  it('counts small ids from the first that the gun takes, in requests and answers', async () => {
    const bench = await play('> {"id":1,"do":"hello"}\n< {"next":"*"}\n> {"id":3,"do":"start","session":7}\n< {"re":3,"ok":1}\n');
    expect(bench.control.calls).toEqual(['start 7']);
  });

  it.each([
    [
      'an answer with another value',
      '> {"id":1,"do":"hello"}\n< {"re":1,"ok":1,"tickMs":50}',
      /^line 2: the gun said .*"tickMs":20.* instead of/,
    ],
    [
      'a line that nobody expected',
      '> {"id":1,"do":"hello"}\n< {"re":1}\n>raw !\n@700ms',
      /^line 4: the gun said .*"stop".* while 700 ms passed/,
    ],
    ['an answer without the field asked for', '> {"id":1,"do":"hello"}\n< {"re":1,"colour":"*"}', /^line 2: the gun said/],
  ])('fails with the line of the transcript at %s', async (_, text, message) => {
    await expect(play(text)).rejects.toThrow(message);
  });

  it('allows at ~ what may come, from there on', async () => {
    await play('~ {"ev":"stop","n":"*"}\n> {"id":1,"do":"hello"}\n< {"re":1}\n>raw !\n@700ms\n>raw !\n@700ms\n');
  });

  it('fails when the wire closes before the gun has spoken', async () => {
    const wire = new BenchWire(new LinkBench());
    const playing = playTranscript('< {"ev":"fault"}', wire);
    await wire.close();
    await expect(playing).rejects.toThrow(/^line 1: the gun did not say .*: the wire was closed$/);
  });

  it.each([
    ['> 7', /^line 1: not a JSON object: 7$/],
    ['# fine\n\n< {"re":', /^line 3: not a JSON object/],
    ['@250', /^line 1: starts with none of/],
    ['hello', /^line 1: starts with none of/],
  ])('cannot read %j and says which line', (text, message) => {
    expect(() => parseTranscript(text)).toThrow(message);
  });

  it('matches a line with at least the fields of the pattern', () => {
    expect(matches({ a: 1, b: '*' }, { a: 1, b: [2], c: 3 })).toBe(true);
    expect(matches({ a: 1 }, { a: 2 })).toBe(false);
    expect(matches({ b: '*' }, { a: 1 })).toBe(false);
    expect(matches({ status: [1, 2] }, { status: [1, 2] })).toBe(true);
  });
});
