// A desk that dies in the middle of a session: what it had written down and the gun's journal make the record, and the rest is made.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { serveTcp } from '../../../tools/gun-server.ts';
import type { Serving } from '../../../tools/gun-server.ts';
import { sessionRecordSchema } from '../../../tools/records/session-record.ts';
import { openRecords } from '../../../tools/records/store.ts';
import { VirtualLine } from '../../../tools/virtual-line.ts';
import { recordingDesk } from '../recording-desk.ts';
import { RUN, mesogun, newFolder, recordArgs } from './clinic.ts';

const DESK = fileURLToPath(new URL('desk.ts', import.meta.url));
const open: Serving[] = [];
afterEach(async () => {
  for (const serving of open.splice(0)) await serving.close();
});

/** A gun of its own on a free TCP port. */
async function gunPort(): Promise<string> {
  const line = new VirtualLine({ world: { seed: 1 }, trace: false });
  const serving = await serveTcp(0, () => line.connect());
  open.push(serving);
  return `tcp://127.0.0.1:${serving.at}`;
}

/** A desk of its own process, killed as soon as it says `when`. Answers what it had said. */
function deskKilledAt(argv: readonly string[], when: string): Promise<string> {
  return new Promise((resolve) => {
    const desk = spawn(process.execPath, ['--import', 'tsx', DESK, ...argv], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    desk.stdout.on('data', (text: Buffer) => {
      said += text.toString();
      if (said.includes(when)) desk.kill('SIGKILL');
    });
    desk.on('close', () => {
      resolve(said);
    });
  });
}

describe('run --resume after the desk died', () => {
  it('R10: killed after prick 4 of 10, it makes the record from its beginning and the gun’s journal, then the pricks that are left, none twice', async () => {
    const records = newFolder();
    const port = await gunPort();
    const said = await deskKilledAt([...RUN, ...recordArgs(records), '--port', port], '"event":"prick","prick":4');
    expect(said).not.toContain('"event":"summary"');
    const left = openRecords(records);
    expect(left.entries.map(({ state, begin }) => [state, begin?.plan.pricks, begin?.form.lots[0]?.lot])).toEqual([['open', 10, 'A123']]);
    expect(left.faults).toEqual([]);
    const shown = await mesogun(['records', 'show', '1', '--records', records]);
    expect(shown.desk.stdout).toContain('NO RECORD, it counts in full');

    // The line is taken until the gun, left alone, has come to rest.
    const resume = () => mesogun([...RUN, '--resume', '1', '--records', records, '--port', port]);
    let rest = await resume();
    while (rest.code === 4) rest = await resume();
    expect(rest.desk.stderr).toContain("session 1: its record was made from the gun's journal");
    expect(rest.code).toBe(0);
    const [first, second] = openRecords(records).entries.map(({ record }) => sessionRecordSchema.parse(record));
    expect(first).toMatchObject({ ending: 'desk-lost', form: { patient: 'P17' }, journal: { firstBreak: null }, gun: { port } });
    const made = (first?.pricks.length ?? 0) + (second?.pricks.length ?? 0);
    expect(first?.pricks.length).toBeGreaterThanOrEqual(4);
    expect([made, second?.ending, second?.resumes]).toEqual([10, 'complete', { session: 1, from: (first?.pricks.length ?? 0) + 1 }]);
    const places = [...(first?.pricks ?? []), ...(second?.pricks ?? [])].map(({ xMm, yMm }) => `${xMm ?? ''} ${yMm ?? ''}`);
    expect(new Set(places).size).toBe(10);
    expect(openRecords(records).faults).toEqual([]);
  });

  it('says, exit 3, that another gun knows nothing of it, and leaves it open', async () => {
    const records = newFolder();
    const port = await gunPort();
    await deskKilledAt([...RUN, ...recordArgs(records), '--port', port], '"event":"prick","prick":2');
    const { code, desk } = await mesogun([...RUN, '--resume', '1', '--records', records]);
    expect([code, desk.stderr.includes('the gun knows nothing of session 1'), desk.stderr.includes('records close 1')]).toEqual([
      3,
      true,
      true,
    ]);
    const dry = await mesogun([...RUN, '--resume', '1', '--records', records, '--dry-run']);
    expect([dry.code, dry.desk.stderr.includes('session 1 has no record yet')]).toEqual([3, true]);
    const other = await mesogun(['run', 'mesolift-face', '--json', '--resume', '1', '--records', records], recordingDesk());
    expect([other.code, other.desk.stderr.includes('this is not what session 1 was doing')]).toEqual([3, true]);
    expect(openRecords(records).entries.map(({ state }) => state)).toEqual(['open']);
  });
});
