// Every variable of a script with the function that declares it and all places that mean it. A `catch` is a function of one variable here.
// Not responsible for any change. Runs at the desk.
import type { AnyNode } from './syntax.ts';
import { childrenOf, isFunction, isName, listOf, nameOf, parsed } from './syntax.ts';

export interface Use {
  readonly node: AnyNode;
  /** `{x}`, which says the name of a property as well. */
  readonly isShort: boolean;
  /** The innermost function around it. */
  readonly by: Scope;
}

export interface Variable {
  readonly name: string;
  readonly scope: Scope;
  readonly isParameter: boolean;
  readonly uses: Use[];
}

export interface Scope {
  /** A function, a `catch`, or the script. */
  readonly node: AnyNode;
  readonly outer: Scope | null;
  readonly variables: Map<string, Variable>;
  /** Variables of outer scopes that are asked for in here or further in. */
  readonly foreign: Set<Variable>;
}

const isScope = (node: AnyNode): boolean => isFunction(node) || node.type === 'CatchClause' || node.type === 'Program';

export class Bindings {
  /** Outer ones first. */
  readonly scopes: Scope[] = [];
  /** Names that nobody declares: the runtime's. */
  readonly free = new Set<string>();

  constructor(text: string) {
    this.walk(parsed(text), null, null);
  }

  private open(node: AnyNode, outer: Scope | null): Scope {
    const scope: Scope = { node, outer, variables: new Map(), foreign: new Set() };
    const add = (id: unknown, isParameter: boolean): void => {
      const name = nameOf(id);
      if (name !== '' && !scope.variables.has(name)) scope.variables.set(name, { name, scope, isParameter, uses: [] });
    };
    for (const each of listOf(node, 'params')) add(each, true);
    add(node['param'], true);
    if (node.type === 'FunctionExpression') add(node['id'], false);
    const look = (each: AnyNode): void => {
      if (each.type === 'VariableDeclarator' || /^(Class|Function)Declaration$/.test(each.type)) add(each['id'], false);
      if (!isScope(each)) for (const child of childrenOf(each)) look(child);
      // What a `catch` declares with `var` is the function's.
      else if (each.type === 'CatchClause') look(each['body'] as AnyNode);
    };
    if (node.type !== 'CatchClause') for (const each of childrenOf(node)) look(each);
    this.scopes.push(scope);
    return scope;
  }

  private walk(node: AnyNode, parent: AnyNode | null, around: Scope | null): void {
    const name = nameOf(node);
    if (name !== '') {
      const isShort = parent?.['shorthand'] === true;
      if (around && (isShort || !isName(node, parent))) this.use(name, { node, isShort, by: around });
      return;
    }
    // A declared function's name is a variable of what it stands in.
    if (around && node.type === 'FunctionDeclaration')
      this.use(nameOf(node['id']), { node: node['id'] as AnyNode, isShort: false, by: around });
    const inside = isScope(node) ? this.open(node, around) : around;
    for (const each of node['shorthand'] === true ? [node['value'] as AnyNode] : childrenOf(node)) {
      if (node.type === 'FunctionDeclaration' && each === node['id']) continue;
      this.walk(each, node, inside);
    }
  }

  private use(name: string, use: Use): void {
    const passed: Scope[] = [];
    for (let at: Scope | null = use.by; at; at = at.outer) {
      const found = at.variables.get(name);
      if (found) {
        found.uses.push(use);
        for (const each of passed) each.foreign.add(found);
        return;
      }
      passed.push(at);
    }
    this.free.add(name);
  }
}
