// A calibration that somebody marks bad: at the desk it loads no more, no session begins on it, and it comes off the gun.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { P_KIT, PROGRAM_WORDS_MAX } from '../../firmware/core/program.ts';
import { DEMO_KEY } from '../../sim/demo-store.ts';
import { handed } from '../../tools/calibrate-run.ts';
import { unattended } from '../../tools/calibration/attendants.ts';
import { ForceProcedure } from '../../tools/calibration/force-procedure.ts';
import { kitOf } from '../../tools/calibration/kit.ts';
import { LinkBenchGun } from '../../tools/calibration/link-bench-gun.ts';
import { memoryLog } from '../../tools/calibration/reading-log.ts';
import { RecordStore } from '../../tools/calibration/record-store.ts';
import { sensorsOf } from '../../tools/calibration/sensor-section.ts';
import { keep, recordFor, walk } from '../../tools/calibration/session.ts';
import { markBad, oneRecord, refuseMarked, takeOff } from '../../tools/calibration-marks.ts';
import { runCli } from '../../tools/cli.ts';
import { EXIT_FILE, EXIT_OK, EXIT_USAGE } from '../../tools/errors.ts';
import { Link } from '../../tools/link.ts';
import { benchWorld } from '../../tools/open-bench.ts';
import { VirtualLine } from '../../tools/virtual-line.ts';
import { recordingDesk } from './recording-desk.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'marks-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function run(...words: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const desk = recordingDesk({ env: { MESOGUN_TECHNICIAN: 'Ada', MESOGUN_CALIBRATIONS: folder } });
  const code = await runCli(words, desk);
  return { code, stdout: desk.stdout, stderr: desk.stderr };
}

describe('mesogun calibrate list and mark-bad', () => {
  it('lists a calibration as in force, marks it bad with who and why, and marks it once only (seed 4, gun 4)', async () => {
    expect((await run('calibrate', 'clock', '--gun', '4', '--seed', '4', '--yes')).code).toBe(EXIT_OK);
    const [record] = new RecordStore(folder).recordsOf('4');
    const id = record?.sha256.slice(0, 8) ?? '';
    expect((await run('calibrate', 'list')).stdout).toMatch(new RegExp(`${id} +gun 4 +clock .*Ada +PASS +in force until`));
    const marked = await run('calibrate', 'mark-bad', id, '--why', 'the ring was not free', '--technician', 'Bo', '--json');
    expect(JSON.parse(marked.stdout)).toMatchObject({
      event: 'marked',
      state: 'bad',
      who: 'Bo',
      why: 'the ring was not free',
      offTheGun: null,
    });
    expect((await run('calibrate', 'list')).stdout).toMatch(/BAD: Bo said so on \d{4}-\d\d-\d\d: the ring was not free/);
    expect(() => new RecordStore(folder).inForce('4', 'clock', null, 0)).toThrow('is marked bad');
    const again = await run('calibrate', 'mark-bad', id, '--why', 'once more');
    expect(again).toMatchObject({ code: EXIT_FILE, stderr: expect.stringContaining('marked bad already') as string });
  });

  it('refuses what is no record, an unknown one, and a mark without a reason', async () => {
    expect((await run('calibrate', 'mark-bad', 'xyz', '--why', 'x')).code).toBe(EXIT_USAGE);
    expect((await run('calibrate', 'mark-bad', '00000000', '--why', 'x')).code).toBe(EXIT_FILE);
    expect((await run('calibrate', 'mark-bad', '00000000')).code).toBe(EXIT_USAGE);
  });
});

describe('a gun that keeps a calibration marked bad', () => {
  it('R33: begins no session from this desk, and keeps it no more when it was taken off (seed 7, gun 7)', async () => {
    const line = new VirtualLine({ world: {}, trace: false });
    const link = new Link(line.connect());
    const hello = await link.connect(benchWorld({ seed: 7, gun: 7, ...kitOf('1ml', '30g-13mm') }));
    const gun = new LinkBenchGun({ link, hello, key: DEMO_KEY, simulated: true });
    const procedure = new ForceProcedure({ gun, sensors: sensorsOf([]) });
    const now = (): Date => new Date('2026-03-01T09:30:00Z');
    const log = memoryLog({ log: 1, kind: 'force', gunId: gun.gunId, who: 'Ada', at: now().toISOString(), plan: {} });
    const attendant = handed({ instruments: line.instruments }, unattended(recordingDesk()));
    const walked = await walk({ procedure, gun, log, who: 'Ada', attendant, now });
    const record = recordFor({ procedure, gun, technician: 'Ada', kit: null, instruments: [], log, certifies: null, now }, walked);
    const store = new RecordStore(folder);
    const { sha256 } = await keep(store, gun, record, walked.conclusion, now);
    const desk = recordingDesk({ env: { MESOGUN_CALIBRATIONS: folder } });
    const program = new Int32Array(PROGRAM_WORDS_MAX);
    program[P_KIT] = 5;
    await refuseMarked(link, program, desk);
    const stored = oneRecord(store, sha256.slice(0, 8));
    markBad(store, { record: stored, who: 'Bo', at: now().toISOString(), why: 'wrong weights' });
    await expect(refuseMarked(link, program, desk)).rejects.toMatchObject({
      exit: EXIT_FILE,
      why: 'Bo said so on 2026-03-01: wrong weights',
    });
    expect(await takeOff(gun, stored)).toBe(true);
    expect(await gun.sections()).toEqual([]);
    await refuseMarked(link, program, desk);
    expect(await takeOff(gun, stored)).toBe(false);
    await link.close();
  });
});
