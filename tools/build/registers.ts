// A function that asks for the image's arrays more than a few times takes them into variables of its own first: those are registers of
// the engine, an outer variable is searched for at each use. Not responsible for what is in the arrays (pack.ts). Runs at the desk.
import type { AnyNode, Edit } from './syntax.ts';
import { applied, calledAtOnce, childrenOf, isFunction, isName, isNode, listOf, nameOf } from './syntax.ts';

/**
 * Uses from which a variable of its own pays. Measured on an emulated RP2040: an outer name costs 1.6 µs, putting it into a register 1.9;
 * Chosen: one more, because not every use is reached.
 */
const USES = 4;

/** Letters for arrays. */
const OUTER = 'ABCDEFMN';
/** The name of an array as variable of the outermost function. `arrays` are all that the script has, by the names they have in it. */
export const outerArray = (arrays: readonly string[], name: string): string => OUTER[arrays.indexOf(name)] ?? name + name;

/** Renames the arrays, which are outer variables of the script, and puts them into variables of the functions that use them often. */
export function withRegisters(text: string, arrays: readonly string[], kept: readonly string[] = arrays): string {
  const edits: Edit[] = [];
  const { body } = calledAtOnce(text);
  const rename = (uses: readonly AnyNode[]): void => {
    for (const use of uses) edits.push([use.start, use.end, outerArray(arrays, nameOf(use))]);
  };
  const within = (scope: AnyNode, owner: AnyNode | null): void => {
    const uses: AnyNode[] = [];
    const look = (node: AnyNode, parent: AnyNode): void => {
      if (arrays.includes(nameOf(node)) && !isName(node, parent)) uses.push(node);
      if (isFunction(node)) within(node, node);
      else for (const each of childrenOf(node)) look(each, node);
    };
    for (const each of childrenOf(scope)) look(each, scope);
    const taken = kept.filter((name) => owner !== null && uses.filter((use) => nameOf(use) === name).length >= USES);
    rename(uses.filter((use) => !taken.includes(nameOf(use))));
    if (owner === null || taken.length === 0) return;
    const inside = owner['body'];
    if (!isNode(inside)) return;
    const head = `var ${taken.map((name) => `${name}=${outerArray(arrays, name)}`).join(',')}`;
    if (inside.type === 'BlockStatement') {
      // One declaration with what the function declares first itself.
      const [first] = listOf(inside, 'body');
      if (first?.type === 'VariableDeclaration' && first['kind'] === 'var') edits.push([first.start, first.start + 4, `${head},`]);
      else edits.push([inside.start + 1, inside.start + 1, `${head};`]);
    } else {
      const from = text.indexOf('=>', listOf(owner, 'params').at(-1)?.end ?? owner.start) + 2;
      edits.push([from, from, `{${head};return `], [owner.end, owner.end, '}']);
    }
  };
  within(body, null);
  return applied(text, edits);
}
