// A programme's words read back into names: for dry runs, reports and the proof that the compiler wrote what it meant.
// Not responsible for judging (firmware/core/limits.ts does). Desk side.
import * as P from '../firmware/core/program.ts';

export interface ProgramStep {
  readonly op: 'press' | 'insert' | 'dose' | 'dwell' | 'withdraw' | 'decompress' | 'release' | 'unknown';
  /** As firmware/core/program.ts says for the op. */
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

export interface ReadProgram {
  readonly name: string;
  /** Head words by the names in PROGRAM_FIELDS. */
  readonly head: Readonly<Record<string, number>>;
  readonly steps: readonly ProgramStep[];
}

const OPS = ['unknown', 'press', 'insert', 'dose', 'dwell', 'withdraw', 'decompress', 'release'] as const;

/** Reads a programme; missing words read as 0. */
export function readProgram(words: Int32Array): ReadProgram {
  const word = (index: number): number => words[index] ?? 0;
  let name = '';
  for (let i = 0; i < P.PROGRAM_NAME_WORDS * 4; i++) {
    const code = (word(P.P_NAME + (i >> 2)) >> (24 - 8 * (i & 3))) & 0xff;
    if (code !== 0) name += String.fromCharCode(code);
  }
  const steps: ProgramStep[] = [];
  for (let i = 0; i < word(P.P_STEP_COUNT); i++) {
    const at = P.P_STEPS + i * P.STEP_WORDS;
    steps.push({ op: OPS[word(at)] ?? 'unknown', a: word(at + 1), b: word(at + 2), c: word(at + 3) });
  }
  return { name, head: Object.fromEntries(P.PROGRAM_FIELDS.map((field, index) => [field, word(index)])), steps };
}
