// `mesogun build`: what is built passes the gate, is the same every time, says what it is, and does in the simulator, byte for
// byte of the journal, what the sources do.
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { runCli } from '../../../tools/cli.ts';
import { IMAGE_BYTES_MAX, gate } from '../../../tools/build/gate.ts';
import type { Image } from '../../../tools/build/image.ts';
import { firmwareOf } from '../../../tools/image-firmware.ts';
import { recordingDesk } from '../recording-desk.ts';
import { builtImage } from './built-image.ts';
import { sessionJournal } from './session-journal.ts';

let folder = '';
let kaluma: Image;
let espruino: Image;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mesogun-build-'));
  kaluma = await builtImage('pico', 'kaluma');
  espruino = await builtImage('pico', 'espruino');
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/**
 * Both are within the budget of 48 KB; these ceilings keep them from growing. Kaluma's is longer since variables and functions
 * that ticks ask for are elements of arrays: no search through 500 names for each of them (tools/build/pack.ts).
 */
const CEILING = { kaluma: IMAGE_BYTES_MAX + 1, espruino: 45_300 };

describe('a built image', () => {
  it('passes the gate, its size too, for Kaluma and for Espruino', () => {
    expect(gate(kaluma.text)).toEqual([]);
    expect(gate(espruino.text)).toEqual([]);
  });

  it('has 49 152 bytes at most for Kaluma, and is below 45 300 for Espruino', () => {
    expect(IMAGE_BYTES_MAX).toBe(49_152);
    expect(kaluma.manifest.bytes).toBeLessThan(CEILING.kaluma);
    expect(espruino.manifest.bytes).toBeLessThan(CEILING.espruino);
  });

  it('R57: carries the first 16 digits of its own hash, of its limits 8, and its security counter', () => {
    for (const { text, manifest } of [kaluma, espruino]) {
      const said = `"build":"${manifest.imageId} ${manifest.limitsSha256.slice(0, 8)} ${manifest.securityCounter}"`;
      expect(text).toContain(said);
      const blank = text.replace(manifest.imageId, '0'.repeat(16));
      expect(createHash('sha256').update(blank).digest('hex').slice(0, 16)).toBe(manifest.imageId);
    }
  });

  it('carries no comment, no long name of ours and no register name', () => {
    for (const { text } of [kaluma, espruino]) {
      expect(text).not.toMatch(/\/\*|\n\/\/|needleArrivesAtMs|XTARGET|VMAX|supervisor/);
    }
  });

  it('R60: is made of the very files of firmware/ and hal/ that the simulator runs, and its manifest has the hash of those of the core', () => {
    const paths = Object.keys(kaluma.inputs);
    expect(paths.filter((path) => !/^(firmware|hal)\//.test(path))).toEqual([]);
    const core = paths.filter((path) => path.startsWith('firmware/core/')).sort();
    expect(core.length).toBeGreaterThan(5);
    const texts = core.map((path) => `${path}\n${readFileSync(path, 'utf8')}`).join('\n');
    expect(createHash('sha256').update(texts).digest('hex')).toBe(kaluma.manifest.coreSha256);
  });

  it('has a manifest with its bytes and hashes; both runtimes have the same core', () => {
    expect(kaluma.manifest).toMatchObject({ board: 'pico', runtime: 'kaluma', language: 'ES2015', version: '0.1.0', securityCounter: 1 });
    expect(kaluma.manifest.bytes).toBe(Buffer.byteLength(kaluma.text));
    expect(kaluma.manifest.coreSha256).toBe(espruino.manifest.coreSha256);
    expect(kaluma.manifest.limitsSha256).toMatch(/^[0-9a-f]{64}$/);
    expect(kaluma.manifest.sha256).not.toBe(espruino.manifest.sha256);
  });
});

/** A fault and how the session ends with it. */
const FAULTS: readonly (readonly [string, string])[] = [
  ['none', 'complete 0'],
  ['contact.lost@prick=5', 'complete 0'],
  ['needle.steps-lost@prick=5', 'fault 2'],
  ['needle.brown-out@prick=5', 'fault 9'],
  ['trigger.stuck', 'the gun stopped with fault 13'],
  ['host.silent@prick=5', 'complete 0'],
];
const faultsOf = (fault: string): string[] => (fault === 'none' ? [] : [fault]);

describe('a built image in the simulator', () => {
  it.each(FAULTS)(
    'writes on Kaluma the journal that the sources write, byte for byte; mesolift-face, seed 7, fault: %s',
    async (fault, ending) => {
      const faults = faultsOf(fault);
      const image = firmwareOf(kaluma.text, { board: 'pico', runtime: 'kaluma' });
      const built = await sessionJournal({ faults, image });
      const sources = await sessionJournal({ faults, image: undefined });
      expect(built.ending).toContain(ending);
      expect(built.entryBytes > 640).toBe(fault !== 'trigger.stuck');
      expect(built).toEqual(sources);
    },
  );

  it.each(FAULTS)('writes on Espruino the journal that the sources write there; fault: %s', async (fault, ending) => {
    const faults = faultsOf(fault);
    const image = firmwareOf(espruino.text, { board: 'pico', runtime: 'espruino' });
    const built = await sessionJournal({ faults, image });
    const sources = await sessionJournal({ faults, image: undefined, runtime: 'espruino' });
    expect(built.ending).toContain(ending);
    expect(built).toEqual(sources);
  });

  it.each([341, 1200, 20_000])('loses power at flash step %i and boots again, on Kaluma as from the sources', async (step) => {
    const faults = [`power.cut@flash-op=${String(step)}`];
    const image = firmwareOf(kaluma.text, { board: 'pico', runtime: 'kaluma' });
    const built = await sessionJournal({ faults, image });
    expect(built.boots).toBe(step === 20_000 ? 1 : 2);
    expect(built).toEqual(await sessionJournal({ faults, image: undefined }));
  });
});

describe('mesogun build and run --image', () => {
  const Summary = z.object({ done: z.number(), journalSha256: z.string() });
  const summaryOf = (stdout: string): z.infer<typeof Summary> => Summary.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));

  it('builds a second time the same image, byte for byte, writes it and its manifest, says the size, and run --image gives the sources’ journal', async () => {
    const desk = recordingDesk();
    expect(await runCli(['build', '--board', 'pico', '--runtime', 'kaluma', '--out', folder, '--json'], desk)).toBe(0);
    const path = join(folder, 'mesogun-pico-kaluma.js');
    expect(readFileSync(path, 'utf8')).toBe(kaluma.text);
    expect(JSON.parse(readFileSync(join(folder, 'mesogun-pico-kaluma.json'), 'utf8'))).toEqual(kaluma.manifest);
    expect(JSON.parse(desk.stdout)).toEqual(kaluma.manifest);
    expect(desk.stderr).toContain(`mesogun-pico-kaluma.js: ${kaluma.manifest.bytes} bytes, ES2015`);
    const run = async (argv: string[]): Promise<string> => {
      const own = recordingDesk();
      expect(await runCli(['run', 'mesolift-face', '--set', 'pricks=12', '--json', ...argv], own)).toBe(0);
      return own.stdout;
    };
    expect(summaryOf(await run(['--image', path]))).toEqual(summaryOf(await run([])));
  }, 120_000);

  it('refuses an image that is not the one of its manifest, exit 3, and --image with a port, exit 2', async () => {
    const path = join(folder, 'changed.js');
    writeFileSync(path, `${kaluma.text};`);
    writeFileSync(join(folder, 'changed.json'), JSON.stringify(kaluma.manifest));
    const desk = recordingDesk();
    expect(await runCli(['run', 'mesolift-face', '--image', path, '--json'], desk)).toBe(3);
    expect(desk.stderr).toContain('is not the image of its manifest');
    const other = recordingDesk();
    expect(await runCli(['run', 'mesolift-face', '--image', path, '--port', 'tcp://127.0.0.1:1', '--json'], other)).toBe(2);
  });
});
