// Flashes a real Espruino: a Linux build of it, its console on a pseudo-terminal, its flash a file. What the model promises is measured
// here on the runtime itself, past a program that keeps printing there: identify, make the store, write, read back, the same again, refuse an
// older one, and another one whose write is cut in its middle and done again. The image is not started: a desk has no gun. Usage: npm run test:flash -- --espruino PATH. Needs socat. Runs at the desk; no part of `npm test`.
import { createHash } from 'node:crypto';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { FlashImage } from './flasher.ts';
import { flash } from './flasher.ts';
import { buildImage } from '../build/image.ts';
import { EXIT_INTERRUPTED, EXIT_NO_DEVICE, EXIT_UNEXPECTED, EXIT_USAGE, MesogunError } from '../errors.ts';
import { openSerial } from '../transports/serial.ts';
import { wallClock } from './clock.ts';
import { Espruino } from './espruino.ts';
import { Talk } from './talk.ts';

const WAIT_MS = 20;
const sha256 = (text: string): string => createHash('sha256').update(text, 'latin1').digest('hex');
/** A desk build ends at the second Ctrl-C within 5 s; each flash begins with one. Source: src/jsinteractive.c, jsiTimeSinceCtrlC. */
const BETWEEN_MS = 5500;
const pause = (forMs: number): Promise<void> => new Promise((done) => setTimeout(done, forMs));
const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Without its console it spins for ever and heeds no gentler signal. */
function endEspruino(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}

/** The process and its console; `close` ends it. Its flash file lies in a folder of its own. */
async function startEspruino(path: string): Promise<{ port: string; close: () => void }> {
  const folder = mkdtempSync(join(tmpdir(), 'mesogun-espruino-'));
  const port = join(folder, 'console');
  const script = join(folder, 'start.sh');
  const pidFile = join(folder, 'pid');
  writeFileSync(script, `#!/bin/sh\necho $$ > '${pidFile}'\nexec '${resolve(path)}'\n`, { mode: 0o755 });
  const socat = spawn('socat', [`pty,raw,echo=0,link=${port}`, `EXEC:${script},pty,raw,echo=0,setsid`], { cwd: folder });
  const failed = new Promise<never>((_resolve, reject) =>
    socat.once('error', (error) => {
      reject(new MesogunError({ exit: EXIT_NO_DEVICE, what: 'cannot start socat', why: error.message, next: 'apt-get install socat' }));
    }),
  );
  const there = (async () => {
    while (!existsSync(port)) await pause(WAIT_MS);
  })();
  await Promise.race([there, failed]);
  return {
    port,
    close: () => {
      socat.kill();
      if (existsSync(pidFile)) endEspruino(Number(readFileSync(pidFile, 'utf8')));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What an earlier user of the port left: it prints whatever is asked. */
async function leaveTalker(port: string): Promise<void> {
  const transport = await openSerial(port, '');
  transport.write('setInterval(function(){print(123)},100)\n');
  await pause(BETWEEN_MS);
  await transport.close();
}

/** One flash; says what it took. The port closes once so many bytes are written. */
async function flashOnce(port: string, image: FlashImage, title: string, cutAtBytes = Infinity): Promise<void> {
  const talk = new Talk(await openSerial(port, ''), wallClock);
  const beganAtMs = performance.now();
  const mark = { step: '', atMs: beganAtMs };
  const took: string[] = [];
  try {
    const flashed = await flash(new Espruino(talk, { boards: { LINUX: image.manifest.board } }), {
      imageFor: () => Promise.resolve(image),
      number: null,
      dryRun: false,
      noStart: true,
      onStep: (step, says) => {
        const nowMs = performance.now();
        took.push(`${step} ${Math.round(nowMs - mark.atMs)} ms`);
        mark.atMs = nowMs;
        say(`  ${step.padEnd(9)}${says}`);
      },
      onBytes: (step, doneBytes) => {
        if (step === 'write' && doneBytes >= cutAtBytes) void talk.close();
      },
    });
    const forMs = performance.now() - beganAtMs;
    const { version } = flashed.identity;
    say(
      `${title}: Espruino ${version}, ${image.text.length} bytes, ${flashed.written ? 'written' : 'there already'}; ${took.join(', ')}; ${(forMs / 1000).toFixed(1)} s in all`,
    );
  } finally {
    await talk.close();
  }
}

async function mustFail(flashing: Promise<void>, title: string): Promise<void> {
  const why = await flashing.then(
    () => null,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  if (why === null) throw new MesogunError({ exit: EXIT_UNEXPECTED, what: `${title}: this went through, and should not` });
  say(`${title}: ${why}`);
}

/** The same with a line feed behind it, its hashes made good: to the board another image. */
function otherThan({ text, manifest }: FlashImage): FlashImage {
  const blank = `${text.replace(manifest.imageId, '0'.repeat(16))}\n`;
  const imageId = sha256(blank).slice(0, 16);
  const other = blank.replace('0'.repeat(16), imageId);
  return { text: other, manifest: { ...manifest, imageId, bytes: other.length, sha256: sha256(other) } };
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { espruino: { type: 'string' } } });
  if (values.espruino === undefined)
    throw new MesogunError({ exit: EXIT_USAGE, what: 'which Espruino?', next: 'npm run test:flash -- --espruino PATH' });
  const image = await buildImage('pico', 'espruino');
  const espruino = await startEspruino(values.espruino);
  const leave = (): void => {
    espruino.close();
    process.exit(EXIT_INTERRUPTED);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, leave);
  try {
    await leaveTalker(espruino.port);
    await flashOnce(espruino.port, image, 'first flash');
    await pause(BETWEEN_MS);
    await flashOnce(espruino.port, image, 'the same again');
    await pause(BETWEEN_MS);
    const older: FlashImage = { text: image.text, manifest: { ...image.manifest, securityCounter: image.manifest.securityCounter - 1 } };
    await mustFail(flashOnce(espruino.port, older, 'an older one'), 'an older security counter');
    await pause(BETWEEN_MS);
    const other = otherThan(image);
    await mustFail(flashOnce(espruino.port, other, 'cut short', other.text.length / 2), 'another image, the port closed in the middle');
    await pause(BETWEEN_MS);
    await flashOnce(espruino.port, other, 'the same after that');
  } finally {
    espruino.close();
  }
}

await main().catch((error: unknown) => {
  const trouble = error instanceof MesogunError ? error : null;
  say(`error: ${error instanceof Error ? error.message : String(error)}${trouble?.why === undefined ? '' : `; ${trouble.why}`}`);
  process.exitCode = trouble?.exit ?? 1;
});
