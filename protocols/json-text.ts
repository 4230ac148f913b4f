// JSON text to a value, with what JSON.parse does not say: line and column of an error, and keys given twice
// (the last would win silently). Desk side.
import type { Problem } from './problems.ts';
import { pointerOf } from './problems.ts';

export interface JsonText {
  /** undefined when the text is not JSON. */
  readonly value: unknown;
  readonly problems: Problem[];
}

interface Scan {
  readonly text: string;
  at: number;
  readonly twice: (string | number)[][];
}

function skipSpace(scan: Scan): void {
  while (/\s/.test(scan.text[scan.at] ?? 'x')) scan.at++;
}

function scanString(scan: Scan): string {
  const from = scan.at++;
  while (scan.text[scan.at] !== '"') scan.at += scan.text[scan.at] === '\\' ? 2 : 1;
  return JSON.parse(scan.text.slice(from, ++scan.at)) as string;
}

/** Walks text that JSON.parse has accepted and notes every second use of a key. */
function scanValue(scan: Scan, path: (string | number)[]): void {
  skipSpace(scan);
  const open = scan.text[scan.at];
  if (open === '"') {
    scanString(scan);
    return;
  }
  if (open !== '{' && open !== '[') {
    while (/[^,\]}\s]/.test(scan.text[scan.at] ?? ',')) scan.at++;
    return;
  }
  scan.at++;
  const seen = new Set<string>();
  for (let index = 0; ; index++) {
    skipSpace(scan);
    if (scan.text[scan.at] === ',') scan.at++;
    skipSpace(scan);
    if (scan.text[scan.at] === '}' || scan.text[scan.at] === ']') break;
    let part: string | number = index;
    if (open === '{') {
      part = scanString(scan);
      if (seen.has(part)) scan.twice.push([...path, part]);
      seen.add(part);
      skipSpace(scan);
      scan.at++;
    }
    scanValue(scan, [...path, part]);
    skipSpace(scan);
  }
  scan.at++;
}

function syntaxProblem(text: string, message: string): Problem {
  const position = Number(/position (\d+)/.exec(message)?.[1] ?? text.length);
  const before = text.slice(0, position).split('\n');
  const where = `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
  return {
    pointer: '',
    value: text.slice(position, position + 20),
    bound: 'JSON',
    why: `it cannot be read from ${where} on`,
    severity: 'error',
  };
}

/** Parses; problems name the place. A key given twice is an error although JSON.parse would take the last. */
export function parseJsonText(text: string): JsonText {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    return { value: undefined, problems: [syntaxProblem(text, cause instanceof Error ? cause.message : '')] };
  }
  const scan: Scan = { text, at: 0, twice: [] };
  scanValue(scan, []);
  const problems = scan.twice.map((path): Problem => ({
    ...{ pointer: pointerOf(path), value: 'given twice', bound: 'given once', severity: 'error' as const },
    why: 'of two values one would be dropped without a word',
  }));
  return { value, problems };
}
