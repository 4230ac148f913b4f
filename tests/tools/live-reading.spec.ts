// What a technician sees while a prompt waits: sensors and balance of the virtual bench, live, above the question.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { procedureMaker } from '../../tools/calibrate-procedures.ts';
import { calibrate } from '../../tools/calibrate-run.ts';
import type { CalibrateFlags } from '../../tools/calibrate-run.ts';
import { EXIT_OK } from '../../tools/errors.ts';
import { liveAsk } from '../../tools/live-reading.ts';
import { recordingDesk } from './recording-desk.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'live-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('live reading at a prompt', () => {
  it('force: ring and plunger are shown on a terminal while a weight is asked for, and the calibration passes (seed 9, gun 9)', async () => {
    const desk = recordingDesk({ isTerminal: true });
    const flags: CalibrateFlags = {
      ...{ syringe: '1ml', needle: '30g-13mm', records: folder, seed: 9, gun: 9, fault: [], json: false, technician: 'Ada' },
    };
    const ask = (): Promise<string> => new Promise((resolve) => setImmediate(() => resolve('')));
    expect(await calibrate(procedureMaker('force', flags, false), flags, desk, ask, () => new Date('2026-03-01T09:30:00Z'))).toBe(EXIT_OK);
    expect(desk.stderr).toMatch(/ring -?\d\.\d\d N {2}plunger -?\d+\.\d\d N {2}[●○] (stands|moves)/);
  });

  it('shows each look until the answer is there, holds time between looks only, and answers with what was typed', async () => {
    const desk = recordingDesk({ isTerminal: true });
    let held = 0;
    let looks = 0;
    let answer: (text: string) => void = () => undefined;
    const ask = (): Promise<string> => new Promise((resolve) => (answer = resolve));
    const look = (): Promise<string> => {
      expect(held).toBe(0);
      looks += 1;
      if (looks === 3) answer('42');
      return Promise.resolve(`look ${looks}`);
    };
    const hold = (): (() => void) => {
      held += 1;
      return () => (held -= 1);
    };
    expect(await liveAsk(ask, desk, look, hold, 0)('how many?')).toBe('42');
    expect(desk.stderr).toContain('look 1');
    expect(desk.stderr).toContain('look 2');
    expect(held).toBe(0);
  });

  it('a gun that answers nothing while it waits does not disturb the question, nor does a question that fails leave time held', async () => {
    const desk = recordingDesk({ isTerminal: true });
    const gone = (): Promise<string> => Promise.reject(new Error('gone'));
    expect(
      await liveAsk(
        () => Promise.resolve('yes'),
        desk,
        gone,
        () => () => undefined,
        0,
      )('go on?'),
    ).toBe('yes');
    let held = 0;
    const hold = (): (() => void) => {
      held += 1;
      return () => (held -= 1);
    };
    const fails = (): Promise<string> => Promise.reject(new Error('the lights went out'));
    await expect(liveAsk(fails, desk, gone, hold, 0)('go on?')).rejects.toThrow('the lights went out');
    expect(held).toBe(0);
  });
});
