// Variables of a function that are never needed at the same time become one: fewer declarations, and hardly a function needs names of two
// letters. Espruino keeps fewer variables, JerryScript fewer registers. Not responsible for who is needed when (live.ts), nor for
// variables of the outermost function. Runs at the desk.
import type { Scope, Variable } from './bindings.ts';
import { Bindings } from './bindings.ts';
import { Live } from './live.ts';
import type { AnyNode, Edit } from './syntax.ts';
import { applied, childrenOf, isFunction, isNode, listOf, nameOf, some } from './syntax.ts';

/** For each variable that goes the one that stands for it. `kept` are names that stay what they are. */
function joined(scope: Scope, kept: readonly string[]): Map<string, string> {
  const all = [...scope.variables.values()];
  // Whoever is asked for by a function within may be asked for at any time.
  const isOwn = ({ name, uses }: Variable): boolean => !kept.includes(name) && uses.every(({ by }) => by === scope);
  const own = all.filter(isOwn);
  const names = new Set(own.map(({ name }) => name));
  const live = new Live(
    scope.node,
    names,
    own.flatMap(({ name, isParameter }) => (isParameter ? [name] : [])),
  );
  const members = new Map<string, string[]>();
  const into = new Map<string, string>();
  for (const { name, isParameter } of own) {
    const fits = (others: readonly string[]): boolean => others.every((other) => !live.areApart(name, other));
    const found = isParameter ? undefined : [...members].find(([, others]) => fits(others));
    if (found) {
      found[1].push(name);
      into.set(name, found[0]);
    } else members.set(name, [name]);
  }
  return into;
}

/** Leaves out of declarations what is a parameter, is declared with a value elsewhere in the function, or was declared before. */
function withoutTwice(text: string): string {
  const edits: Edit[] = [];
  for (const { node, outer, variables } of new Bindings(text).scopes) {
    if (outer === null || !isFunction(node)) continue;
    const found: { declaration: AnyNode; parent: AnyNode }[] = [];
    const look = (each: AnyNode, parent: AnyNode): void => {
      if (each.type === 'VariableDeclaration') found.push({ declaration: each, parent });
      if (!isFunction(each)) for (const child of childrenOf(each)) look(child, each);
    };
    look(node['body'] as AnyNode, node);
    const isGiven = (one: AnyNode, parent: AnyNode): boolean => isNode(one['init']) || /^For(In|Of)/.test(parent.type);
    const done = new Set([...variables.values()].flatMap(({ name, isParameter }) => (isParameter ? [name] : [])));
    for (const { declaration, parent } of found)
      for (const one of listOf(declaration, 'declarations')) if (isGiven(one, parent)) done.add(nameOf(one['id']));
    for (const { declaration, parent } of found) {
      const all = listOf(declaration, 'declarations');
      const stay = all.filter((one) => {
        const stays = isGiven(one, parent) || !done.has(nameOf(one['id']));
        done.add(nameOf(one['id']));
        return stays;
      });
      const [first, last] = [stay[0], stay.at(-1)];
      if (!first || !last) {
        const isListed = /^(BlockStatement|SwitchCase|For.*)$/.test(parent.type) && declaration !== parent['body'];
        edits.push([declaration.start, declaration.end, isListed ? '' : ';']);
        continue;
      }
      const end = all.at(-1)?.end ?? last.end;
      edits.push([(all[0] ?? first).start, first.start, ''], [last.end, end, '']);
      for (const [index, one] of stay.slice(1).entries()) edits.push([(stay[index] ?? first).end, one.start, ',']);
    }
  }
  return applied(text, edits);
}

/** The same script, one function called at once, with fewer variables in its functions; `kept` are names that stay as they are. */
export function coalesced(text: string, kept: readonly string[] = []): string {
  const edits: Edit[] = [];
  for (const scope of new Bindings(text).scopes) {
    const { node, outer, variables } = scope;
    const isOutermost = outer?.node.type === 'Program';
    if (outer === null || isOutermost || !isFunction(node)) continue;
    if (some(node, (each) => isNode(each['finalizer']) || nameOf(each) === 'arguments')) continue;
    for (const [name, by] of joined(scope, kept))
      for (const use of variables.get(name)?.uses ?? [])
        edits.push([use.node.start, use.node.end, `${use.isShort ? `${name}:` : ''}${by}`]);
  }
  return withoutTwice(applied(text, edits));
}
