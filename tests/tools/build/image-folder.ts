// Before a run of tests: a folder of this run's own for images (built-image.ts puts them there); after it, the folder goes. Not
// responsible for building: a run that needs no image builds none.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    imageFolder: string;
  }
}

export default function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'mesogun-images-'));
  project.provide('imageFolder', folder);
  return () => rmSync(folder, { recursive: true, force: true });
}
