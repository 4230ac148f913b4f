// The real process, its reader gone early as with `| head -1`, or its disk full: no stack, and a gun that runs is stopped first.
import { spawn } from 'node:child_process';
import { existsSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const BIN = fileURLToPath(new URL('../../tools/bin.js', import.meta.url));

/** Runs a command whose reader closes after `lines` lines of stdout; 0 closes before the first. */
function readUntil(lines: number, ...args: string[]): Promise<{ code: number | null; stderr: string }> {
  const child = spawn(process.execPath, [BIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [heard, stderr] = ['', ''];
  if (lines === 0) child.stdout.destroy();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    heard += text;
    if (heard.split('\n').length > lines) child.stdout.destroy();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, stderr })));
}

describe('a reader that goes early', () => {
  it.concurrent.each([['--help'], ['list', '--json'], ['plan', 'mesolift-face']])(
    'leaves no word behind and exit 0: %s %s',
    async (...args) => {
      expect(await readUntil(0, ...args)).toEqual({ code: 0, stderr: '' });
    },
  );

  it.concurrent('interrupts a run after its first event like Ctrl-C: needle home first, exit 130', async () => {
    const { code, stderr } = await readUntil(1, 'run', 'mesolift-face', '--json');
    expect(stderr).toContain('stopped: needle home');
    expect(stderr).not.toMatch(/EPIPE|at Socket|Error/);
    expect(code).toBe(130);
  });
});

describe('a full disk', () => {
  it.skipIf(!existsSync('/dev/full'))('is said in one line, exit 1', async () => {
    const child = spawn(process.execPath, [BIN, 'list'], { stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'] });
    let stderr = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect([code, stderr]).toEqual([1, 'error: cannot write: ENOSPC: no space left on device, write\n']);
  });
});
