// The outermost function of a script, the names it declares, and who speaks of them. Not responsible for any change. Runs at the desk.
import type { AnyNode } from './syntax.ts';
import { calledAtOnce, childrenOf, isFunction, isName, isNode, listOf, nameOf } from './syntax.ts';

/** The function that a script is, called at once. */
export class OuterFunction {
  readonly body: AnyNode;
  private readonly localsOf = new Map<AnyNode, Set<string>>();
  private readonly outer: AnyNode;

  constructor(text: string) {
    const { outer, body } = calledAtOnce(text);
    this.outer = outer;
    this.body = body;
  }

  private locals(node: AnyNode): ReadonlySet<string> {
    const known = this.localsOf.get(node);
    if (known) return known;
    if (node.type === 'CatchClause') return new Set([nameOf(node['param'])]);
    const found = new Set(listOf(node, 'params').map(nameOf));
    if (node.type === 'FunctionExpression') found.add(nameOf(node['id']));
    const look = (each: AnyNode): void => {
      if (each.type === 'VariableDeclarator') found.add(nameOf(each['id']));
      if (each !== node && isFunction(each)) {
        if (each.type === 'FunctionDeclaration') found.add(nameOf(each['id']));
        return;
      }
      for (const child of childrenOf(each)) look(child);
    };
    look(node);
    this.localsOf.set(node, found);
    return found;
  }

  /** True where a name means a variable of one of the functions around. */
  isLocal(name: string, around: readonly AnyNode[]): boolean {
    return around.some((each) => this.locals(each).has(name));
  }

  /** Every identifier that means a variable of the outermost function, or none of the script's; with what it stands in. */
  outerNames(found: (node: AnyNode, isShort: boolean, parent: AnyNode, around: readonly AnyNode[]) => void): void {
    const look = (node: AnyNode, parent: AnyNode, around: readonly AnyNode[]): void => {
      const name = nameOf(node);
      if (name !== '') {
        const isShort = parent['shorthand'] === true;
        if (isShort ? parent['value'] !== node : isName(node, parent)) return;
        if (!this.isLocal(name, around)) found(node, isShort, parent, around);
        return;
      }
      const inside = isFunction(node) || node.type === 'CatchClause' ? [...around, node] : around;
      const children = isNode(node['key']) && node['shorthand'] === true ? [node['value'] as AnyNode] : childrenOf(node);
      for (const each of children) look(each, node, inside);
    };
    look(this.body, this.outer, []);
  }

  /** What it declares itself, in the order of the text. */
  declared(): string[] {
    const variables = this.declarations().flatMap(({ node }) => listOf(node, 'declarations').map((each) => each['id'] as AnyNode));
    const functions = listOf(this.body, 'body').flatMap((each) => (each.type === 'FunctionDeclaration' ? [each['id'] as AnyNode] : []));
    return [...new Set([...variables, ...functions].sort((a, b) => a.start - b.start).map(nameOf))];
  }

  /** Declarations whose variables are the outermost function's. */
  declarations(): { node: AnyNode; parent: AnyNode }[] {
    const found: { node: AnyNode; parent: AnyNode }[] = [];
    const look = (node: AnyNode, parent: AnyNode): void => {
      if (isFunction(node)) return;
      if (node.type === 'VariableDeclaration') found.push({ node, parent });
      for (const each of childrenOf(node)) look(each, node);
    };
    look(this.body, this.outer);
    return found;
  }
}
