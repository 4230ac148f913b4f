// What the desk says when it cannot go on: what happened, why, what to do next, and the exit code that scripts read.
// Not responsible for device faults' texts (fault-texts.ts). Runs at the desk.

/** Exit codes of `mesogun`, in the order of the README's table. Never renumber. */
export const EXIT_OK = 0;
export const EXIT_UNEXPECTED = 1;
export const EXIT_USAGE = 2;
export const EXIT_FILE = 3;
export const EXIT_NO_DEVICE = 4;
export const EXIT_DEVICE = 5;
export const EXIT_TOLERANCE = 6;
export const EXIT_TIMEOUT = 42;
export const EXIT_INTERRUPTED = 130;

export const EXIT_MEANINGS: readonly (readonly [number, string])[] = [
  [EXIT_OK, 'done'],
  [EXIT_UNEXPECTED, 'unexpected: our mistake; `--debug` shows where'],
  [EXIT_USAGE, 'usage: unknown command, option or value'],
  [EXIT_FILE, 'the desk refuses the file or the plan; nothing ran'],
  [EXIT_NO_DEVICE, 'no device or port'],
  [EXIT_DEVICE, 'the device refuses or faults'],
  [EXIT_TOLERANCE, 'out of tolerance, or verify mismatch'],
  [EXIT_TIMEOUT, 'simulated time-out'],
  [EXIT_INTERRUPTED, 'interrupted; the needle was retracted first'],
];

export interface Trouble {
  /** One of EXIT_…. */
  readonly exit: number;
  /** What happened, one line. */
  readonly what: string;
  /** Why, as far as we know. */
  readonly why?: string;
  /** What to do next. */
  readonly next?: string;
}

/** An expected end of a command other than success. Desk only: the gun never throws. */
export class MesogunError extends Error {
  readonly exit: number;
  readonly why: string | undefined;
  readonly next: string | undefined;
  constructor(trouble: Trouble) {
    super(trouble.what);
    this.name = 'MesogunError';
    this.exit = trouble.exit;
    this.why = trouble.why;
    this.next = trouble.next;
  }
}

/** Any thrown value as trouble; what we did not foresee is exit 1 with its message and the way to learn more. */
export function troubleOf(thrown: unknown): Trouble {
  if (thrown instanceof MesogunError) {
    return {
      exit: thrown.exit,
      what: thrown.message,
      ...(thrown.why === undefined ? {} : { why: thrown.why }),
      ...(thrown.next === undefined ? {} : { next: thrown.next }),
    };
  }
  const what = thrown instanceof Error ? thrown.message : String(thrown);
  return { exit: EXIT_UNEXPECTED, what, why: 'this was not foreseen', next: 'run again with --debug and report what it prints' };
}
