// `mesogun doctor`: what this machine offers, and what each missing piece would cost. Changes nothing.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import type { Command } from 'commander';
import type { Session } from '../cli.ts';
import { EXIT_UNEXPECTED } from '../errors.ts';
import { alignColumns } from '../table.ts';

interface Finding {
  readonly part: string;
  readonly ok: boolean;
  /** Without it `mesogun` still runs sessions on the virtual gun. */
  readonly optional: boolean;
  readonly says: string;
}

const run = promisify(execFile);

async function tool(name: string, args: readonly string[], purpose: string): Promise<Finding> {
  try {
    const { stdout, stderr } = await run(name, [...args], { timeout: 10_000 });
    const version = `${stdout}${stderr}`.split('\n').find((line) => /\d+\.\d+/.test(line)) ?? 'found';
    return { part: name, ok: true, optional: true, says: version.trim().slice(0, 60) };
  } catch {
    return { part: name, ok: false, optional: true, says: `not found: ${purpose}` };
  }
}

async function serialBinding(): Promise<Finding> {
  try {
    const { SerialPort } = await import('serialport');
    return { part: 'serialport', ok: typeof SerialPort === 'function', optional: true, says: 'binding loads' };
  } catch (thrown) {
    const why = thrown instanceof Error ? (thrown.message.split('\n')[0] ?? '') : String(thrown);
    return { part: 'serialport', ok: false, optional: true, says: `binding does not load (${why}): no serial: ports; sim: and tcp: work` };
  }
}

function node(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const ok = major > 20 || (major === 20 && minor >= 19);
  return {
    part: 'node',
    ok,
    optional: false,
    says: ok ? process.versions.node : `${process.versions.node} is too old: install 20.19 or newer`,
  };
}

function serialFiles(): Finding {
  const ok = existsSync('/dev/serial/by-id') || process.platform !== 'linux';
  return { part: 'ports', ok, optional: true, says: ok ? 'serial devices present' : 'no serial device plugged in' };
}

/** All findings, the ones that everything needs first. */
async function examine(): Promise<Finding[]> {
  const rest = await Promise.all([
    serialBinding(),
    tool('socat', ['-V'], 'the tests on pseudo-terminals need it'),
    tool('chromium', ['--version'], 'the tests that open the report in a browser need it'),
    tool('udevadm', ['--version'], 'ports are then found by name only'),
  ]);
  return [node(), ...rest, serialFiles()];
}

export function addDoctor(program: Command, session: Session): void {
  program
    .command('doctor')
    .description('what this machine offers, and what a missing piece would cost')
    .action(async (_options: unknown, command: Command) => {
      const findings = await examine();
      const { desk } = session;
      if (command.optsWithGlobals<{ json?: boolean }>().json === true) desk.out(`${JSON.stringify(findings)}\n`);
      else desk.out(alignColumns(findings.map((each) => [each.ok ? 'ok' : each.optional ? '--' : 'NO', each.part, each.says])));
      if (findings.some((each) => !each.ok && !each.optional)) session.exit = EXIT_UNEXPECTED;
    });
}
