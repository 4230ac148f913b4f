// The files of the project as git sees them (tracked, or new and not ignored), for the tests about the tree itself.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Absolute path of the project's root, with a slash at the end. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Paths relative to the root, sorted; those deleted but not committed are left out. */
export function files(): string[] {
  const text = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: ROOT, encoding: 'utf8' });
  return text
    .split('\n')
    .filter((path) => path !== '' && existsSync(ROOT + path))
    .sort();
}

/** Text of one file of the project. */
export const textOf = (path: string): string => readFileSync(ROOT + path, 'utf8');
