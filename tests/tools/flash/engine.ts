// A JavaScript engine for the consoles' models: Node's own, in a context of its own.
import { createContext, runInContext } from 'node:vm';
import type { Engine } from '../../../sim/runtimes/console.ts';

export function nodeEngine(globals: Readonly<Record<string, unknown>>): Engine {
  const context = createContext({ ...globals });
  return { run: (code) => runInContext(code, context) as unknown };
}
