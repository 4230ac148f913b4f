// What a person sees while an image is written: bytes, share, rate, time left, on a terminal only.
import { describe, expect, it } from 'vitest';
import { FlashProgress } from '../../../tools/flash/progress.ts';
import { recordingDesk } from '../recording-desk.ts';

/** 12 000 of 48 000 bytes after one second. */
function shown(isTerminal: boolean, json: boolean): string {
  const desk = recordingDesk({ isTerminal });
  const progress = new FlashProgress(desk, json);
  progress.bytes('write', 0, 48_000);
  desk.wallNowMs = 1000;
  progress.bytes('write', 12_000, 48_000);
  desk.wallNowMs = 1050;
  progress.bytes('write', 12_500, 48_000);
  return desk.stderr;
}

describe('the progress of a flash', () => {
  it('says bytes, share, rate and time left, at most every 100 ms', () => {
    const drawn = shown(true, false).split('\r\x1b[2K').slice(1);
    expect(drawn).toEqual(['write    0 of 48000 bytes (0 %), 0.0 KB/s', 'write    12000 of 48000 bytes (25 %), 11.7 KB/s, 3 s left']);
  });

  it('draws nothing where nobody looks: no terminal, or --json', () => {
    expect([shown(false, false), shown(true, true)]).toEqual(['', '']);
  });
});
