// Text into a file or a folder that a person named; what the system refuses is said as what, why and next. Runs at the desk.
import { accessSync, constants, mkdirSync, writeFileSync } from 'node:fs';
import { EXIT_FILE, MesogunError } from './errors.ts';

function unlessRefused(path: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new MesogunError({ exit: EXIT_FILE, what: `cannot write ${path}`, why, next: 'check the folder and its permissions' });
  }
}

/** Throws MesogunError 3 where it cannot be written. */
export const writeText = (path: string, text: string): void => unlessRefused(path, () => writeFileSync(path, text));

/** A folder that is there and may be written to, with those above it. Throws MesogunError 3 where that cannot be. */
export const makeFolder = (path: string): void =>
  unlessRefused(path, () => {
    mkdirSync(path, { recursive: true });
    accessSync(path, constants.W_OK);
  });
