// The chain of the records: whatever is changed, lost or torn is found and said; two writers do not meet.
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { chainPath } from '../../../tools/records/chain.ts';
import { closeSession, openRecords } from '../../../tools/records/store.ts';
import { mesogun, newFolder, past } from './clinic.ts';

async function threeSessions(): Promise<string> {
  const folder = newFolder();
  await past(
    folder,
    ['2026-01-01', '2026-01-08', '2026-01-15'].map((day) => ({ at: `${day}T08:00Z` })),
  );
  return folder;
}
const faultsOf = (folder: string): readonly string[] => openRecords(folder).faults;
const linesOf = (folder: string): string[] => readFileSync(chainPath(folder), 'utf8').split('\n').slice(0, -1);
const writeLines = (folder: string, lines: readonly string[]): void => writeFileSync(chainPath(folder), `${lines.join('\n')}\n`);

describe('records that nobody touched', () => {
  it('verify: 3 sessions, 6 lines, exit 0, and a head that verify --head knows again later', async () => {
    const folder = await threeSessions();
    const { code, desk } = await mesogun(['records', 'verify', '--records', folder]);
    expect([code, desk.stdout.includes('3 sessions, 6 lines: all as it was written')]).toEqual([0, true]);
    const head = /head ([0-9a-f]{64})/.exec(desk.stdout)?.[1] ?? '';
    await past(folder, [{ at: '2026-01-22T08:00Z' }]);
    expect((await mesogun(['records', 'verify', '--records', folder, '--head', head])).code).toBe(0);
    writeLines(folder, linesOf(folder).slice(0, 4));
    for (const name of ['000003.json', '000004.json']) rmSync(join(folder, 'sessions', name));
    expect(faultsOf(folder)).toEqual([]);
    expect((await mesogun(['records', 'verify', '--records', folder, '--head', head])).code).toBe(6);
  });
});

describe('records that somebody touched', () => {
  it('names the file in which one byte was changed, exit 6', async () => {
    const folder = await threeSessions();
    const path = join(folder, 'sessions', '000002.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"lot": "A123"', '"lot": "A124"'));
    expect(faultsOf(folder)).toEqual(['sessions/000002.json is not what was kept: a byte of it was changed']);
    const { code, desk } = await mesogun(['records', 'list', '--records', folder]);
    expect([code, desk.stderr.includes('sessions/000002.json')]).toEqual([6, true]);
  });

  it('finds any one byte changed anywhere in the chain (every 7th byte)', async () => {
    const folder = await threeSessions();
    const text = readFileSync(chainPath(folder), 'latin1');
    for (let at = 0; at < text.length - 1; at += 7) {
      const changed = text[at] === '7' ? '8' : '7';
      writeFileSync(chainPath(folder), text.slice(0, at) + changed + text.slice(at + 1), 'latin1');
      expect(faultsOf(folder).length, `byte ${at}`).toBeGreaterThan(0);
    }
  });

  it('names a deleted record, a deleted line, and a file that the chain does not know', async () => {
    const folder = await threeSessions();
    rmSync(join(folder, 'sessions', '000001.json'));
    expect(faultsOf(folder)).toEqual(['sessions/000001.json is missing: deleted after it was kept']);
    const other = await threeSessions();
    writeLines(
      other,
      linesOf(other).filter((_line, index) => index !== 2),
    );
    expect(faultsOf(other)[0]).toBe('line 3 of chain.jsonl: a line before it is missing');
    const third = await threeSessions();
    writeFileSync(join(third, 'sessions', '000009.json'), '{}');
    expect(faultsOf(third)[0]).toContain('sessions/000009.json is not in the chain');
  });

  it('finds a line written anew with a hash of its own: the one after it does not fit', async () => {
    const folder = await threeSessions();
    const lines = linesOf(folder);
    writeLines(folder, [lines[0] ?? '', lines[1] ?? '', (lines[2] ?? '').replace('P17', 'P18'), ...lines.slice(3)]);
    expect(faultsOf(folder)[0]).toContain('line 3 of chain.jsonl: it or a line before it was changed');
  });

  it('writes nothing more into a chain that was changed, exit 6', async () => {
    const folder = await threeSessions();
    writeLines(folder, linesOf(folder).slice(1));
    await expect(past(folder, [{ at: '2026-02-01T08:00Z' }])).rejects.toThrow('the records were changed');
    expect(linesOf(folder)).toHaveLength(5);
  });
});

describe('a desk that died', () => {
  it('in the middle of a session leaves it open: said, counted, and closed only by a person who says why', async () => {
    const folder = newFolder();
    await past(folder, [{ at: '2026-01-01T08:00Z', lost: true }]);
    const { faults, notes } = openRecords(folder);
    expect([faults, notes[0]]).toEqual([
      [],
      expect.stringContaining('session 1, begun 2026-01-01T08:00Z, has no record: it counts in full'),
    ]);
    const { code } = await mesogun(['records', 'close', '1', '--why', 'mains failed at prick 12', '--records', folder]);
    expect(code).toBe(0);
    expect(openRecords(folder)).toMatchObject({ notes: [], entries: [{ state: 'closed', why: 'mains failed at prick 12' }] });
    expect(() => {
      closeSession(folder, 1, '2026-01-02T08:00Z', 'again');
    }).toThrow('session 1 is closed already');
  });

  it('in the middle of a line leaves it torn: said, and named by the next line, after which all is right again', async () => {
    const folder = await threeSessions();
    appendFileSync(chainPath(folder), '{"n":7,"at":"2026-01-22T08:0');
    expect(openRecords(folder)).toMatchObject({ faults: [], notes: [expect.stringContaining('the last line of the chain is torn')] });
    await past(folder, [{ at: '2026-01-22T09:00Z' }]);
    const { faults, notes, entries } = openRecords(folder);
    expect([faults, entries.length, notes[0]]).toEqual([[], 4, expect.stringContaining('1 line(s) of the chain torn')]);
    expect(linesOf(folder).filter((line) => line.includes('"event":"torn"'))).toHaveLength(1);
  });

  it('at every byte of a line: what it had written before stays right (every 5th byte)', async () => {
    const folder = await threeSessions();
    const text = readFileSync(chainPath(folder), 'utf8');
    const before = text.lastIndexOf('\n', text.length - 2) + 1;
    for (let at = before; at < text.length; at += 5) {
      writeFileSync(chainPath(folder), text.slice(0, at));
      const { faults, entries } = openRecords(folder);
      expect([faults.filter((fault) => !fault.includes('not in the chain')), entries.length]).toEqual([[], 3]);
    }
  });

  it('leaves a lock, which the next desk takes away', async () => {
    const folder = newFolder();
    await past(folder, [{ at: '2026-01-01T08:00Z' }]);
    const dead = spawn(process.execPath, ['-e', '']);
    await new Promise((resolve) => dead.on('exit', resolve));
    const { hostname } = await import('node:os');
    writeFileSync(join(folder, 'chain.lock'), `${dead.pid ?? 0} ${hostname()}`);
    await past(folder, [{ at: '2026-01-08T08:00Z' }]);
    expect([faultsOf(folder), existsSync(join(folder, 'chain.lock'))]).toEqual([[], false]);
  });
});

describe('two desks', () => {
  it('that write 25 sessions each at the same time write 100 lines in one whole chain', async () => {
    const folder = newFolder();
    await past(folder, []);
    const script = fileURLToPath(new URL('writer.ts', import.meta.url));
    const ends = [1, 2].map(
      (desk) =>
        new Promise<number | null>((resolve) => {
          const writer = spawn(process.execPath, ['--import', 'tsx', script, folder, `P${desk}`, '25']);
          writer.on('exit', resolve);
        }),
    );
    expect(await Promise.all(ends)).toEqual([0, 0]);
    const { faults, entries } = openRecords(folder);
    expect([faults, entries.length, linesOf(folder).length]).toEqual([[], 50, 100]);
    expect(new Set(entries.map(({ begun }) => begun.session)).size).toBe(50);
    expect(readdirSync(folder).sort()).toEqual(['chain.jsonl']);
  });
});
