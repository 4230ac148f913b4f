// The shortest names to the variables most spoken of: one letter, where nothing else in sight has it. The minifier gives names in the order
// of declarations. Not responsible for properties, nor for the order in which names are declared. Runs at the desk.
import type { Scope, Variable } from './bindings.ts';
import { Bindings } from './bindings.ts';
import type { Edit } from './syntax.ts';
import { applied } from './syntax.ts';

const FIRST = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ$_';
const NEXT = `${FIRST}0123456789`;
/** Words of the language that have two letters, and one of Espruino. Source: ECMA-262 §12.7.2; Espruino 2v29, src/jslex.c. */
const WORDS = ['do', 'if', 'in', 'of'];
const LETTERS = FIRST.split('');
const NAMES: readonly string[] = [...LETTERS, ...LETTERS.flatMap((first) => NEXT.split('').map((next) => first + next))];

/** The same script under the shortest names. Throws when a scope has more variables than there are names of two letters. */
export function withShortNames(text: string): string {
  const { scopes, free } = new Bindings(text);
  const names = new Map<Variable, string>();
  const edits: Edit[] = [];
  const name = (scope: Scope): void => {
    const taken = new Set([...free, ...WORDS, ...[...scope.foreign].map((each) => names.get(each))]);
    const left = NAMES.filter((each) => !taken.has(each))[Symbol.iterator]();
    for (const each of [...scope.variables.values()].sort((a, b) => b.uses.length - a.uses.length)) {
      const { done, value } = left.next();
      if (done === true) throw new Error(`${each.name}: no name is left`);
      names.set(each, value);
      for (const { node, isShort } of each.uses) edits.push([node.start, node.end, `${isShort ? `${each.name}:` : ''}${value}`]);
    }
  };
  for (const each of scopes) name(each);
  return applied(text, edits);
}
