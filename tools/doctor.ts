// What this machine offers to a desk, what each missing piece costs and how to get it. Changes nothing. Runs at the desk.
import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { promisify } from 'node:util';
import type { FoundPort } from './flash/ports.ts';

export interface Finding {
  readonly part: string;
  readonly ok: boolean;
  /** Without it `mesogun` still runs sessions on the virtual gun. */
  readonly optional: boolean;
  /** What was found; or what does not work without it. */
  readonly says: string;
  /** How to get it. */
  readonly next?: string;
}

/** What the machine is asked; handed in, so that a test can be any machine. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly nodeVersion: string;
  /** First line with a version of what a program says; null when there is no such program. */
  version(program: string, args: readonly string[]): Promise<string | null>;
  /** Loads a package; answers why it does not, null when it does. */
  load(packageName: string): Promise<string | null>;
  ports(): Promise<FoundPort[]>;
  /** May this user read and write the file? */
  mayUse(path: string): boolean;
}

const found = (part: string, optional: boolean, says: string): Finding => ({ part, ok: true, optional, says });
const missing = (part: string, optional: boolean, says: string, next: string): Finding => ({ part, ok: false, optional, says, next });

const HOW: Readonly<Partial<Record<NodeJS.Platform, (debian: string, other: string) => string>>> = {
  linux: (debian) => `sudo apt-get install ${debian}`,
  darwin: (_debian, other) => `brew install ${other}`,
};

async function program(machine: Machine, name: string, args: readonly string[], costs: string, debian = name): Promise<Finding> {
  const version = await machine.version(name, args);
  if (version !== null) return found(name, true, version);
  const next = HOW[machine.platform]?.(debian, name) ?? `install ${name}`;
  return missing(name, true, `not found: ${costs}`, next);
}

function node(machine: Machine): Finding {
  const [major = 0, minor = 0] = machine.nodeVersion.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return found('node', false, machine.nodeVersion);
  return missing('node', false, `${machine.nodeVersion} is too old`, 'install 20.19 or newer (nodejs.org)');
}

async function buildTools(machine: Machine): Promise<Finding> {
  for (const name of ['esbuild', 'terser', 'typescript']) {
    const why = await machine.load(name);
    if (why !== null)
      return missing(
        'build',
        true,
        `${name} does not load (${why}): mesogun build and flash need it`,
        'npm ci, with its development packages',
      );
  }
  return found('build', true, 'images can be built');
}

/** The serial binding, the ports, and whether this user may open them. */
async function serial(machine: Machine): Promise<Finding[]> {
  const why = await machine.load('serialport');
  if (why !== null)
    return [
      missing(
        'serialport',
        true,
        `does not load (${why}): no serial: ports; sim: and tcp: work`,
        'npm ci on this machine: it has a binary of its own',
      ),
    ];
  const ports = (await machine.ports()).filter((each) => each.usb !== null);
  const findings = [found('serialport', true, 'loads')];
  if (ports.length === 0)
    return [
      ...findings,
      missing('ports', true, 'no USB serial port: no gun, no adapter', 'plug the board in with a cable that has data lines'),
    ];
  findings.push(found('ports', true, ports.map((each) => `${each.port} (${each.says})`).join(', ')));
  const closed = ports.map((each) => each.port.replace(/^serial:/, '')).filter((path) => !machine.mayUse(path));
  if (closed.length > 0)
    findings.push(
      missing('rights', true, `this user may not open ${closed.join(', ')}`, 'sudo usermod -aG dialout $USER, then log in again'),
    );
  else findings.push(found('rights', true, 'this user may open them'));
  return findings;
}

/** All findings, what everything needs first. */
export async function examine(machine: Machine): Promise<Finding[]> {
  const [built, serials, ...programs] = await Promise.all([
    buildTools(machine),
    serial(machine),
    program(machine, 'socat', ['-V'], 'the tests on pseudo-terminals and npm run test:flash need it'),
    program(machine, 'chromium', ['--version'], 'the tests that open pages in a browser need it'),
  ]);
  return [node(machine), built, ...serials, ...programs];
}

const run = promisify(execFile);

async function versionOf(name: string, args: readonly string[]): Promise<string | null> {
  try {
    const { stdout, stderr } = await run(name, [...args], { timeout: 10_000 });
    return (`${stdout}${stderr}`.split('\n').find((line) => /\d+\.\d+/.test(line)) ?? 'found').trim().slice(0, 60);
  } catch {
    return null;
  }
}

const LOADERS: Readonly<Record<string, () => Promise<unknown>>> = {
  esbuild: () => import('esbuild'),
  terser: () => import('terser'),
  typescript: () => import('typescript'),
  serialport: () => import('serialport'),
};

async function loads(name: string): Promise<string | null> {
  try {
    await LOADERS[name]?.();
    return null;
  } catch (error) {
    return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  }
}

function mayUse(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** This machine. */
export const thisMachine: Machine = {
  platform: process.platform,
  nodeVersion: process.versions.node,
  version: versionOf,
  load: loads,
  ports: async () => (await import('./flash/ports.ts')).listPorts(),
  mayUse,
};
