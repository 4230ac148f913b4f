// An image of the sources as they are, built once in a run of tests, whichever spec asks first; the others wait for it. The file's name
// carries the hash of all that makes an image, so that after a change it is built anew. Not for the spec that judges the build itself.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';
import type { BoardName, Image, RuntimeName } from '../../../tools/build/image.ts';
import { buildImage } from '../../../tools/build/image.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
/** All that a build reads; the lockfile stands for the tools. */
const SOURCES = ['firmware', 'hal', 'tools/build'];
const FILES = ['package-lock.json', 'tsconfig.json', 'tsconfig.device.json'];
const LOOK_EVERY_MS = 50;

function sourcesHash(): string {
  const hash = createHash('sha256');
  const add = (path: string): void => void hash.update(`${path}\n`).update(readFileSync(ROOT + path));
  for (const folder of SOURCES) {
    const entries = readdirSync(ROOT + folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name).slice(ROOT.length));
    for (const path of files.sort()) add(path);
  }
  for (const path of FILES) add(path);
  return hash.digest('hex').slice(0, 16);
}

/** The lock is a folder: only one of several processes makes it. */
function locked(path: string): boolean {
  try {
    mkdirSync(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** What `buildImage` gives. Takes seconds for the first that asks. */
export async function builtImage(board: BoardName, runtime: RuntimeName): Promise<Image> {
  const path = join(inject('imageFolder'), `${board}-${runtime}-${sourcesHash()}`);
  const lock = `${path}.lock`;
  while (!existsSync(path)) {
    if (!locked(lock)) {
      await setTimeout(LOOK_EVERY_MS);
      continue;
    }
    try {
      if (existsSync(path)) continue;
      writeFileSync(`${path}.part`, JSON.stringify(await buildImage(board, runtime)));
      renameSync(`${path}.part`, path);
    } finally {
      rmdirSync(lock);
    }
  }
  return JSON.parse(readFileSync(path, 'utf8')) as Image;
}

/** The same as the two files that `mesogun build` writes; answers the path of the image. */
export async function builtImageFile(board: BoardName, runtime: RuntimeName, folder: string): Promise<string> {
  const { text, manifest } = await builtImage(board, runtime);
  const path = join(folder, manifest.file);
  writeFileSync(path, text);
  writeFileSync(path.replace(/\.js$/, '.json'), JSON.stringify(manifest));
  return path;
}
