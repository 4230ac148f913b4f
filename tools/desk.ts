// What a command has of the outside: two streams, a terminal or not, an environment, an interrupt key. Handed to every
// command, so that tests run commands in process. Not responsible for what is said.
import pc from 'picocolors';
import { EXIT_UNEXPECTED } from './errors.ts';
import { terminalAsk } from './terminal-ask.ts';

export type Colors = ReturnType<typeof pc.createColors>;

export interface Desk {
  /** Data, to stdout, as it is. */
  out(text: string): void;
  /** A line for people, to stderr. */
  say(text: string): void;
  /** Text for people without a line end, to stderr: the progress line. */
  draw(text: string): void;
  /** stderr is a terminal: progress may redraw its line. */
  readonly isTerminal: boolean;
  readonly columns: number;
  readonly colors: Colors;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Wall clock, milliseconds, for progress and `wallMs` only. */
  wallMs(): number;
  /** Today, as it is to stand on a report. */
  date(): string;
  /** Shows a question and waits for a line; null when the input has ended. Absent where nobody sits at a terminal. */
  readonly ask?: (question: string) => Promise<string | null>;
  /** Calls back on Ctrl-C, on SIGTERM, and when terminal or reader is gone, until the answer is called. */
  onInterrupt(callback: () => void): () => void;
}

const INTERRUPTS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Nobody reads any more (`mesogun run … | head -1`): what runs hears it like Ctrl-C, so that a needle is retracted first, and the rest is
 * written to nobody. Any other trouble with a stream, such as a full disk, ends with exit 1.
 */
export function mindReaders(): void {
  let isTold = false;
  const trouble = (error: NodeJS.ErrnoException): void => {
    const isGone = error.code === 'EPIPE' || error.code === 'EIO';
    if (!isGone) process.exitCode = EXIT_UNEXPECTED;
    if (isTold) return;
    isTold = true;
    if (!isGone) process.stderr.write(`error: cannot write: ${error.message}\n`);
    process.emit('SIGTERM');
  };
  process.stdout.on('error', trouble);
  process.stderr.on('error', trouble);
}

/** One question at a time, so that between questions the keyboard belongs to the session. */
async function askHere(question: string): Promise<string | null> {
  const terminal = terminalAsk(process.stdin, (text) => process.stderr.write(text));
  try {
    return await terminal.ask(question);
  } finally {
    terminal.close();
    process.stdin.pause();
  }
}

/** The desk of this process. Colour follows NO_COLOR, FORCE_COLOR, --no-color and whether stderr is a terminal. */
export function processDesk(): Desk {
  return {
    out: (text) => {
      process.stdout.write(text);
    },
    say: (text) => {
      process.stderr.write(`${text}\n`);
    },
    draw: (text) => {
      process.stderr.write(text);
    },
    isTerminal: process.stderr.isTTY,
    // A terminal that does not say how wide it is says 0.
    columns: process.stderr.isTTY && process.stderr.columns > 0 ? process.stderr.columns : 80,
    colors: pc.createColors(pc.isColorSupported && process.stderr.isTTY),
    env: process.env,
    wallMs: () => performance.now(),
    date: () => new Date().toISOString().slice(0, 16).replace('T', ' ') + ' UTC',
    ...(process.stdin.isTTY && process.stderr.isTTY ? { ask: askHere } : {}),
    onInterrupt: (callback) => {
      for (const signal of INTERRUPTS) process.on(signal, callback);
      return () => {
        for (const signal of INTERRUPTS) process.off(signal, callback);
      };
    },
  };
}
