// Progress lines on a terminal and in a pipe.
import { describe, expect, it } from 'vitest';
import { Progress, spell } from '../../tools/progress.ts';
import { recordingDesk } from './recording-desk.ts';

const at = (done: number, state = 'TREATING') => ({ state, done, planned: 200, deliveredNl: done * 5000, simulatedMs: done * 1000 });

describe('progress', () => {
  it('prints one plain line per ten percent in a pipe: 10 lines for 200 pricks', () => {
    const desk = recordingDesk();
    const progress = new Progress(desk);
    for (let done = 1; done <= 200; done++) {
      desk.wallNowMs = done;
      progress.show(at(done));
    }
    progress.close();
    const lines = desk.stderr.split('\n').filter((line) => line.includes('%  '));
    expect(lines).toHaveLength(10);
    expect(lines[4]).toBe('50 %  100/200 pricks  500.0 µL  1 min 40 s  1000×');
    expect(desk.stderr).not.toContain('\r');
  });

  it('names the state before the first prick in a pipe', () => {
    const desk = recordingDesk();
    const progress = new Progress(desk);
    for (const state of ['HOMING', 'HOMING', 'PROBING']) progress.show(at(0, state));
    expect(desk.stderr).toBe('homing\nprobing\n');
  });

  it('redraws one line on a terminal, at most every 60 ms, and takes it away at the end', () => {
    const desk = recordingDesk({ isTerminal: true });
    const progress = new Progress(desk);
    for (let done = 1; done <= 100; done++) {
      desk.wallNowMs = done;
      progress.show(at(done));
    }
    const redraws = desk.stderr.split('\r').length - 1;
    expect(redraws).toBeLessThanOrEqual(3);
    progress.close();
    expect(desk.stderr.endsWith('\r')).toBe(true);
    expect(desk.stderr).not.toContain('\n');
  });

  it('spells 12 345 ms as 12.3 s and 125 000 ms as 2 min 5 s', () => {
    expect(spell(12_345)).toBe('12.3 s');
    expect(spell(125_000)).toBe('2 min 5 s');
  });
});
