// `mesogun device selftest` and `log`: on the virtual gun, whole and broken, and on entries as a gun writes them.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import * as F from '../../../firmware/core/faults.ts';
import { FAULT, IDLE, SELF_TEST, TREATING } from '../../../firmware/core/states.ts';
import { runCli } from '../../../tools/cli.ts';
import { brokenAtBoot, logRows } from '../../../tools/device/log.ts';
import { checksOf } from '../../../tools/device/selftest.ts';
import type { Serving } from '../../../tools/gun-server.ts';
import { serveTcp } from '../../../tools/gun-server.ts';
import { verifyExport } from '../../../tools/journal.ts';
import type { JournalEntry } from '../../../tools/journal.ts';
import { VirtualLine } from '../../../tools/virtual-line.ts';
import { recordingDesk } from '../recording-desk.ts';

const open: Serving[] = [];
afterEach(async () => {
  for (const serving of open.splice(0)) await serving.close();
});

const entry = (kind: string, code: number, fields: Record<string, number>): JournalEntry => ({
  ...{ seq: 1, kind, atMs: 20, session: 0, prick: 0, code, meaning: '', fields, bytes: new Uint8Array(64) },
});
const boot = entry('BOOT', 0, {});

describe('mesogun device selftest', () => {
  it('shows nine checks passed by the virtual gun, exit 0', async () => {
    const desk = recordingDesk();
    expect(await runCli(['device', 'selftest', '--json'], desk)).toBe(0);
    expect(JSON.parse(desk.stdout)).toMatchObject({ passed: true, fault: 0, checks: Array(9).fill({ result: 'passed' }) });
  });

  it('names the driver of the needle that does not answer at power-on, exit 5, and leaves what came after as not run', async () => {
    const line = new VirtualLine({ world: { seed: 1, faults: ['spi.missing@at=0'] }, trace: false });
    const serving = await serveTcp(0, () => line.connect());
    open.push(serving);
    const desk = recordingDesk();
    expect(await runCli(['device', 'selftest', '--port', `tcp://127.0.0.1:${serving.at}`], desk)).toBe(5);
    expect(desk.stdout).toMatch(/3 {2}passed/);
    expect(desk.stdout).toMatch(/4 {2}failed {3}motor drivers and load cells answer/);
    expect(desk.stdout).toMatch(/5 {2}not run/);
    expect(desk.stderr).toContain('why:   the driver of the needle');
  });

  it.each([
    ['a chain that does not close', F.FAULT_ENABLE, 5, 5],
    ['a stuck trigger', F.FAULT_TRIGGER_STUCK, 8, 8],
    ['a needle that is not home', F.FAULT_NEEDLE_NOT_HOME, 9, 9],
    ['load cells without readings', F.FAULT_SENSOR, 7, 7],
    ['a load cell that refuses its settings', F.FAULT_SENSOR, 2, 4],
    ['the driver of the plunger', F.FAULT_SELF_TEST, 101, 4],
    ['a store that cannot be read', F.FAULT_STORE, 1, 2],
  ])('%s: fault %i with detail %i is check %i', (_name, code, detail, test) => {
    const checks = checksOf([boot, entry('FAULT', code, { state: SELF_TEST, value: detail })], FAULT, code);
    expect(checks.filter((check) => check.result === 'failed').map((check) => check.test)).toEqual([test]);
    expect(checks.filter((check) => check.test < test).every((check) => check.result === 'passed')).toBe(true);
    expect(checks.filter((check) => check.test > test).every((check) => check.result === 'not run')).toBe(true);
  });

  it('does not take a fault of a session, or of an earlier power-on, for one of the self-test', () => {
    const entries = [
      boot,
      entry('FAULT', F.FAULT_ENABLE, { state: SELF_TEST, value: 5 }),
      boot,
      entry('FAULT', F.FAULT_BUS, { state: TREATING }),
    ];
    expect(checksOf(entries, FAULT, F.FAULT_BUS).every((check) => check.result === 'passed')).toBe(true);
    expect(checksOf([boot], IDLE, 0).every((check) => check.result === 'passed')).toBe(true);
    expect(checksOf([boot], SELF_TEST, 0).every((check) => check.result === 'unknown')).toBe(true);
  });
});

describe('mesogun device log', () => {
  it('knows of a broken journal by what the gun found at its newest power-on: BOOT of an older firmware tells of none', () => {
    const [held, broken, older] = [entry('BOOT', 0, { brokenAt: -1 }), entry('BOOT', 0, { brokenAt: 68 }), entry('BOOT', 0, {})];
    expect([[held], [broken], [older], [broken, held], [held, broken], []].map((entries) => brokenAtBoot(entries))).toEqual([
      ...[null, 68, null, null, 68, null],
    ]);
    expect(logRows([held])[1]?.at(-1)).toBe('');
  });

  it('shows the newest entries with what they mean, and writes them with their chain', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mesogun-log-'));
    try {
      const desk = recordingDesk();
      const path = join(folder, 'log.jsonl');
      expect(await runCli(['device', 'log', '--last', '5', '--out', path], desk)).toBe(0);
      expect(desk.stdout).toMatch(/^seq +at s +session +prick +kind +what\n/);
      expect(desk.stdout).toMatch(/BOOT +firmwareVersion=100/);
      expect(verifyExport(readFileSync(path, 'utf8'))).toBe(0);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('names the state of a fault and leaves zeros out', () => {
    expect(logRows([entry('FAULT', 1, { state: SELF_TEST, step: 0, value: 5 })])[1]).toEqual([
      '1',
      '0.02',
      '-',
      '-',
      'FAULT',
      'state=SELF_TEST value=5',
    ]);
  });
});
