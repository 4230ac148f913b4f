// Questions to a person at the terminal: one line an answer, from a keyboard, a cable that types, or a pipe.
// Not responsible for what is asked. Runs at the desk.
import { createInterface } from 'node:readline';

export interface TerminalAsk {
  /** Shows the question and waits for a line; null when the input has ended. */
  ask(question: string): Promise<string | null>;
  close(): void;
}

/** Lines that come before they are asked for wait: a cable may type ahead. */
export function terminalAsk(input: NodeJS.ReadableStream, show: (text: string) => void): TerminalAsk {
  const lines: string[] = [];
  let ended = false;
  let wake: (() => void) | null = null;
  const reader = createInterface({ input, terminal: false });
  reader.on('line', (line) => {
    lines.push(line);
    wake?.();
  });
  reader.on('close', () => {
    ended = true;
    wake?.();
  });
  return {
    ask: async (question) => {
      show(question);
      while (lines.length === 0 && !ended) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      wake = null;
      return lines.shift() ?? null;
    },
    close: () => reader.close(),
  };
}
