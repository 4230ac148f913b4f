// What an engine given by the user says: its process, and the figures of a replay. Not responsible for any one engine.
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import type { Trace } from '../../tools/build/trace.ts';
import { EXIT_INTERRUPTED } from '../../tools/errors.ts';

/** Sessions in a row: where each ends, in ticks. */
export interface Recording {
  readonly image: string;
  readonly trace: Trace;
  readonly ends: readonly number[];
}

/** In bytes or variables. */
export interface Figures {
  /** One line a tick, as in the trace. */
  readonly ticks: readonly string[];
  readonly total: number;
  /** What engine and harness take without an image. It is not in what follows. */
  readonly harness: number;
  /** After garbage was collected: once booted, and after each session. */
  readonly live: readonly number[];
  /** The most until the end of each session. */
  readonly peak: readonly number[];
  /** Of the replay that `peak` comes from. */
  readonly tookS: number;
}

/** What is to go when a run is broken off: an Espruino without its console spins for ever and heeds no gentler signal. */
const mine: { child: ChildProcess | null; folder: string | null } = { child: null, folder: null };
function leave(): void {
  mine.child?.kill('SIGKILL');
  if (mine.folder !== null) rmSync(mine.folder, { recursive: true, force: true });
  process.exit(EXIT_INTERRUPTED);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, leave);

/** JerryScript ends so when its heap is full. Source: jerryscript-port.h, JERRY_FATAL_OUT_OF_MEMORY. */
const OUT_OF_MEMORY = 10;

/** Runs a program in a folder to its end; answers all it said. Without `input` its standard input stays open: Espruino reads an end of it for ever. */
export function said(program: string, args: readonly string[], folder: string, input?: string): Promise<string> {
  const child = spawn(program, args, { cwd: folder, stdio: ['pipe', 'pipe', 'pipe'] });
  mine.child = child;
  mine.folder = folder;
  let [out, wrong] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (wrong += text));
  // A program that ends before it has read everything says so by its status.
  child.stdin.on('error', () => undefined);
  if (input !== undefined) child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => {
      mine.child = null;
      if (status === OUT_OF_MEMORY) process.stderr.write(`${program}: out of memory\n`);
      else if (status !== 0) process.stderr.write(`${program} ended with ${String(status)}\n${wrong}${out.slice(-1500)}\n`);
      resolve(out + wrong);
    });
  });
}
