// A technician's day as a transcript, on the virtual gun with its chips and its liquid and the simulated instruments beside it: a
// reading that the typist mistypes, a pressure mistyped, a draught over the balance, its cable pulled, and the desk's power lost in the
// middle. It ends in the right certificates, judged in the truth that no calibration sees.
import { appendFileSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { procedureMaker } from '../../../tools/calibrate-procedures.ts';
import { calibrate } from '../../../tools/calibrate-run.ts';
import type { CalibrateFlags } from '../../../tools/calibrate-run.ts';
import { RecordStore } from '../../../tools/calibration/record-store.ts';
import { EXIT_OK } from '../../../tools/errors.ts';
import type { RecordingDesk } from '../recording-desk.ts';
import { recordingDesk } from '../recording-desk.ts';
import { judgeDepth, judgeDose } from './judge.ts';

const GUN = 12;
const NOW = (): Date => new Date('2026-03-01T09:30:00Z');
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'technician-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

type Person = (question: string, complaint: string | undefined) => string;

/** One command of the technician. `person` answers what the terminal asks; what was asked and answered is the transcript. */
async function command(
  kind: 'depth' | 'dose',
  more: Partial<CalibrateFlags>,
  person: Person,
): Promise<{ code: number; transcript: string[]; desk: RecordingDesk }> {
  const desk = recordingDesk();
  const flags: CalibrateFlags = {
    ...{ syringe: '1ml', needle: '30g-13mm', records: folder, seed: GUN, gun: GUN, fault: [], json: false, technician: 'Ada' },
    ...more,
  };
  const transcript: string[] = [];
  const ask = (question: string, complaint?: string): Promise<string> => {
    const answer = person(question, complaint);
    transcript.push(`${complaint === undefined ? '' : `! ${complaint} `}${question} ${answer}`);
    return Promise.resolve(answer);
  };
  const code = await calibrate(procedureMaker(kind, flags, false), flags, desk, ask, NOW);
  return { code, transcript, desk };
}

describe('a technician’s day (seed and gun 12)', () => {
  it('depth by a typed gauge: two digits swapped once are found, read again, and told on a certificate that PASSes', async () => {
    const { code, transcript, desk } = await command('depth', { gauge: 'sim:typed', fault: ['gauge.mistyped@at=20000'] }, () => '');
    expect(code).toBe(EXIT_OK);
    expect(desk.stderr).toContain('a mistyped figure');
    expect(transcript.filter((line) => line.includes('Try again?'))).toHaveLength(1);
    expect((await judgeDepth(GUN, folder)).worstUm).toBeLessThan(50);
  });

  it('dose by a balance: mistyped pressure, draught, pulled cable and power cut; taken up again it PASSes, and so does the gun in truth', async () => {
    let retries = 0;
    const hurried: Person = (question, complaint) => {
      if (question.startsWith('Air pressure')) return complaint === undefined ? '10133' : '1013,3';
      if (question.startsWith('Try again?')) retries += 1;
      // The draught is the first trouble, the cable the second: while that question stands, the desk's own power fails.
      if (retries === 2) throw new Error('the lights went out');
      return '';
    };
    const faults = ['balance.unstable=90000@weighing=9', 'balance.unplugged@weighing=40'];
    const broken = command('dose', { balance: 'sim:mt-sics', fault: faults }, hurried);
    await expect(broken).rejects.toThrow('the lights went out');
    const log = readdirSync(join(folder, String(GUN))).find((name) => name.startsWith('dose-') && name.endsWith('.log.jsonl')) ?? '';
    const before = readFileSync(join(folder, String(GUN), log), 'utf8');
    expect(before).toContain('"event":"trouble"');
    // The line that was being written is torn.
    appendFileSync(join(folder, String(GUN), log), '{"event":"reading","step":"fit-2');

    const { code, transcript } = await command('dose', { balance: 'sim:mt-sics', resume: true }, () => '');
    expect(code).toBe(EXIT_OK);
    expect(transcript.some((line) => line.startsWith('Air pressure'))).toBe(false);
    const [dose] = new RecordStore(folder).recordsOf(String(GUN)).filter(({ record }) => record.kind === 'dose');
    expect(dose?.record).toMatchObject({ verdict: 'pass', scope: 'all', technician: 'Ada' });
    expect(dose?.record.readings.find(({ step }) => step === 'surroundings-pressureHpa')?.values).toEqual({ pressureHpa: 1013.3 });
    const page = readFileSync(dose?.path.replace(/\.json$/, '.html') ?? '', 'utf8');
    expect(page).toContain('PASS');
    expect(page).toContain('no stable weight within 60 s');
    expect(page).toContain('the balance at sim:mt-sics is gone');
    const { biasPercent, cvPercent } = await judgeDose(GUN, folder);
    expect(Math.abs(biasPercent)).toBeLessThan(0.5);
    expect(cvPercent).toBeLessThan(1.5);
  });
});
