// Before a run of tests: a folder of its own, which every spec and all that it starts has for temporary files; images are kept there too
// (tools/build/built-image.ts). After it: the folder goes, and whatever a spec left in it fails the run. Not responsible for what is made there.
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    imageFolder: string;
  }
}

export default function setup(project: TestProject): () => void {
  const before = process.env['TMPDIR'];
  const folder = mkdtempSync(join(tmpdir(), 'mesogun-tests-'));
  const [images, temporary] = [join(folder, 'images'), join(folder, 'tmp')];
  for (const each of [images, temporary]) mkdirSync(each);
  project.provide('imageFolder', images);
  process.env['TMPDIR'] = temporary;
  return () => {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
    // The loader of child processes keeps what it compiled.
    const left = readdirSync(temporary).filter((name) => !name.startsWith('tsx-'));
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    if (left.length === 0) return;
    console.error(`left in the folder for temporary files; the spec that made a thing removes it: ${left.join(', ')}`);
    process.exitCode = 1;
  };
}
