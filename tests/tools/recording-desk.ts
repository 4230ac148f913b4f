// A desk that remembers: what a command printed, a wall clock that moves only when told, an interrupt key to press.
import pc from 'picocolors';
import type { Desk } from '../../tools/desk.ts';

export interface RecordingDesk extends Desk {
  readonly stdout: string;
  readonly stderr: string;
  wallNowMs: number;
  /** Presses Ctrl-C. */
  interrupt(): void;
  /** How many listen for Ctrl-C now. */
  readonly listenerCount: number;
}

export function recordingDesk(
  options: {
    isTerminal?: boolean;
    env?: Record<string, string>;
    onOut?: (text: string, desk: RecordingDesk) => void;
    /** What the person at the terminal types, line by line; then the input ends. Absent: nobody is there. */
    answers?: readonly string[];
  } = {},
): RecordingDesk {
  const listeners = new Set<() => void>();
  const answers = [...(options.answers ?? [])];
  let stdout = '';
  let stderr = '';
  return {
    out(text) {
      stdout += text;
      options.onOut?.(text, this);
    },
    say: (text) => {
      stderr += `${text}\n`;
    },
    draw: (text) => {
      stderr += text;
    },
    isTerminal: options.isTerminal ?? false,
    columns: 80,
    colors: pc.createColors(false),
    env: options.env ?? {},
    ...(options.answers === undefined
      ? {}
      : {
          ask: (question: string) => {
            stderr += question;
            return Promise.resolve(answers.shift() ?? null);
          },
        }),
    wallNowMs: 0,
    wallMs() {
      return this.wallNowMs;
    },
    date: () => '2026-01-01 00:00 UTC',
    onInterrupt(callback) {
      listeners.add(callback);
      return () => listeners.delete(callback);
    },
    interrupt() {
      for (const listener of [...listeners]) listener();
    },
    get stdout() {
      return stdout;
    },
    get stderr() {
      return stderr;
    },
    get listenerCount() {
      return listeners.size;
    },
  };
}
