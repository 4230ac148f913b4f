// Every `let` and `const` of a bundled script becomes a `var` with a name of its own: shorter, and no engine has to keep block scopes,
// which Espruino gets wrong in places. Not responsible for shortening (image.ts). Runs at the desk.
import type { AnyNode, Edit } from './syntax.ts';
import { applied, childrenOf, isName, isNode, parsed } from './syntax.ts';

/** What a block declares: names in the source → names in the result. */
interface Scope {
  readonly names: Map<string, string>;
  /** Nested functions in which this stands, and whether a loop goes round it. */
  readonly depth: number;
  readonly inLoop: boolean;
}

const LOOPS = ['ForStatement', 'ForOfStatement', 'WhileStatement', 'DoWhileStatement'];
const SCOPES = [...LOOPS, 'BlockStatement', 'SwitchStatement', 'CatchClause', 'Program'];

class Renamer {
  private readonly edits: Edit[] = [];
  private readonly text: string;
  private count = 0;

  constructor(text: string) {
    this.text = text;
    this.walk(parsed(text), null, [], 0);
  }

  result(): string {
    return applied(this.text, this.edits);
  }

  /** Names that a block's own `let` and `const` declare, each with a new name, and its functions and classes with theirs. */
  private declaredIn(node: AnyNode, depth: number, inLoop: boolean, isBody: boolean): Scope {
    const names = new Map<string, string>();
    const caught = node['param'];
    if (isNode(caught)) names.set(String(caught['name']), String(caught['name']));
    const { body } = node;
    const cases = (node['cases'] ?? []) as AnyNode[];
    const own = Array.isArray(body) ? (body as unknown[]) : cases.flatMap((each) => each['consequent'] as AnyNode[]);
    const statements = [...own, node['init'], node['left']].filter(isNode);
    for (const each of statements) {
      if (each.type === 'FunctionDeclaration' || each.type === 'ClassDeclaration') {
        const name = String((each['id'] as AnyNode)['name']);
        names.set(name, name);
      }
      if (each.type !== 'VariableDeclaration') continue;
      for (const one of each['declarations'] as AnyNode[]) {
        const name = String((one['id'] as AnyNode)['name']);
        names.set(name, each['kind'] === 'var' || isBody ? name : `${name}$${String(++this.count)}`);
      }
    }
    return { names, depth, inLoop };
  }

  private reference(node: AnyNode, scopes: readonly Scope[], depth: number, isShort: boolean): void {
    const name = String(node['name']);
    for (let at = scopes.length - 1; at >= 0; at--) {
      const scope = scopes[at] as Scope;
      const renamed = scope.names.get(name);
      if (renamed === undefined) continue;
      if (scope.inLoop && scope.depth < depth) throw new Error(`${name}: a function keeps a variable of a loop`);
      if (renamed !== name && isShort) throw new Error(`${name}: name the field that holds it`);
      if (renamed !== name) this.edits.push([node.start, node.end, renamed]);
      return;
    }
  }

  private walk(node: AnyNode, parent: AnyNode | null, scopes: readonly Scope[], depth: number, inLoop = false): void {
    if (node.type === 'Identifier') {
      const isShort = parent?.['shorthand'] === true;
      if (isShort || !isName(node, parent)) this.reference(node, scopes, depth, isShort);
      return;
    }
    if (node.type === 'VariableDeclaration' && node['kind'] !== 'var')
      this.edits.push([node.start, node.start + String(node['kind']).length, 'var']);
    if (/Function/.test(node.type)) {
      const names = new Map((node['params'] as AnyNode[]).map((each) => [String(each['name']), String(each['name'])]));
      if (node.type === 'FunctionExpression' && isNode(node['id'])) names.set(String(node['id']['name']), String(node['id']['name']));
      const inside = [...scopes, { names, depth: depth + 1, inLoop: false }];
      for (const each of childrenOf(node)) this.walk(each, node, inside, depth + 1);
      return;
    }
    const isBody = node.type === 'Program' || (node.type === 'BlockStatement' && parent !== null && /Function/.test(parent.type));
    const looping = (inLoop && !isBody) || LOOPS.includes(node.type);
    const inside = SCOPES.includes(node.type) ? [...scopes, this.declaredIn(node, depth, looping, isBody)] : scopes;
    for (const each of childrenOf(node)) this.walk(each, node, each === node['discriminant'] ? scopes : inside, depth, looping);
  }
}

/** The same script without `let` and `const`. Throws when a function keeps a variable that a loop makes anew each time. */
export const onlyVars = (text: string): string => new Renamer(text).result();
