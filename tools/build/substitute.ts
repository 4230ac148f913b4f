// Puts what a small function answers into the place of its calls, however many: no call, and mostly less text. For functions that are one
// expression. Not responsible for larger ones, which go where they are called once (inline.ts). Runs at the desk.
import { OuterFunction } from './outer-function.ts';
import type { AnyNode, Edit } from './syntax.ts';
import { applied, childrenOf, isFunction, isName, isNode, listOf, nameOf, some } from './syntax.ts';

/** Nodes that an expression may have. Chosen: with more the image's text grows. */
const NODES = 9;

/** A function of the outermost scope that is one expression. */
interface Small {
  readonly params: readonly string[];
  readonly body: AnyNode;
  /** It calls and sets nothing. */
  readonly isPure: boolean;
  /** How often the expression asks for each parameter, and whether always. */
  readonly uses: ReadonlyMap<string, readonly { readonly node: AnyNode; readonly isSure: boolean }[]>;
  readonly free: ReadonlySet<string>;
}

const CHANGES = /^(Assignment|Update|Call|New|Yield)/;
const isPure = (node: AnyNode): boolean => !some(node, (each) => CHANGES.test(each.type));
const size = (node: AnyNode): number => childrenOf(node).reduce((sum, each) => sum + size(each), 1);

/** The one expression that a function answers, null of any other function. */
function expressionOf(node: AnyNode): AnyNode | null {
  const body = node['body'];
  if (!isNode(body)) return null;
  if (body.type !== 'BlockStatement') return body;
  const [first, second] = listOf(body, 'body');
  const value = first?.type === 'ReturnStatement' && second === undefined ? first['argument'] : null;
  return isNode(value) ? value : null;
}

function smallOf(node: AnyNode): Small | null {
  const body = expressionOf(node);
  const params = listOf(node, 'params').map(nameOf);
  if (!body || params.includes('') || size(body) > NODES) return null;
  if (some(body, (each) => isFunction(each) || /^(This|Super|Class|Template|Object|Array)/.test(each.type) || nameOf(each) === 'arguments'))
    return null;
  const uses = new Map<string, { node: AnyNode; isSure: boolean }[]>(params.map((each) => [each, []]));
  const free = new Set<string>();
  const set = new Set<string>();
  const look = (each: AnyNode, parent: AnyNode, isSure: boolean): void => {
    const name = nameOf(each);
    if (name !== '') {
      if (isName(each, parent)) return;
      const own = uses.get(name);
      if (own) own.push({ node: each, isSure });
      else free.add(name);
      if (own && (parent['left'] === each || parent.type === 'UpdateExpression') && /^(Assignment|Update)/.test(parent.type)) set.add(name);
    }
    for (const child of childrenOf(each)) {
      const isOptional =
        each.type === 'ConditionalExpression' ? each['test'] !== child : each.type === 'LogicalExpression' && each['right'] === child;
      look(child, each, isSure && !isOptional);
    }
  };
  look(body, node, true);
  return set.size > 0 ? null : { params, body, isPure: isPure(body), uses, free };
}

class Round {
  readonly edits: Edit[] = [];
  private readonly text: string;
  private readonly script: OuterFunction;
  private readonly small = new Map<string, Small>();

  constructor(text: string) {
    this.text = text;
    this.script = new OuterFunction(text);
    for (const each of listOf(this.script.body, 'body')) this.consider(each);
    let from = 0;
    const sites: { call: AnyNode; small: Small; around: readonly AnyNode[] }[] = [];
    this.script.outerNames((node, _, parent, around) => {
      const small = this.small.get(nameOf(node));
      if (small && parent.type === 'CallExpression' && parent['callee'] === node) sites.push({ call: parent, small, around });
    });
    // A call in the arguments of another waits for the next round.
    for (const { call, small, around } of sites.sort((a, b) => a.call.start - b.call.start)) {
      if (call.start < from || !this.put(call, small, around)) continue;
      from = call.end;
    }
  }

  private consider(statement: AnyNode): void {
    const declared = statement.type === 'VariableDeclaration' ? listOf(statement, 'declarations') : [];
    const candidates = statement.type === 'FunctionDeclaration' ? [{ id: statement['id'], node: statement }] : [];
    for (const each of declared) {
      const init = each['init'];
      if (isNode(init) && isFunction(init)) candidates.push({ id: each['id'], node: init });
    }
    for (const { id, node } of candidates) {
      const small = smallOf(node);
      if (small && !small.free.has(nameOf(id))) this.small.set(nameOf(id), small);
    }
  }

  /** True for a value that nothing in between can change and that costs nothing to ask for twice. */
  private isSimple(node: AnyNode, around: readonly AnyNode[]): boolean {
    if (node.type === 'Literal') return true;
    if (node.type === 'UnaryExpression') return (node['argument'] as AnyNode).type === 'Literal';
    return nameOf(node) !== '' && this.script.isLocal(nameOf(node), around);
  }

  private put(call: AnyNode, { params, body, isPure: isBodyPure, uses, free }: Small, around: readonly AnyNode[]): boolean {
    const given = listOf(call, 'arguments');
    if (given.length !== params.length || around.length === 0) return false;
    for (const each of free) if (this.script.isLocal(each, around)) return false;
    const hard = given.filter((each) => !this.isSimple(each, around));
    const changing = given.filter((each) => !isPure(each));
    // A function in the caller might set the variable meanwhile.
    if (!isBodyPure && around.some((one) => some(one, (each) => each !== one && isFunction(each)))) return false;
    // One that changes something must be asked for exactly once, and nothing else may be there that it could change.
    if (hard.length > 0 && (!isBodyPure || (changing.length > 0 && (hard.length > 1 || !isBodyConstant(body, params))))) return false;
    for (const [index, param] of params.entries()) {
      const value = given[index] as AnyNode;
      const asked = uses.get(param) ?? [];
      if (!hard.includes(value)) continue;
      if (asked.length > 1 || (changing.includes(value) && asked[0]?.isSure !== true)) return false;
    }
    const slice = (node: AnyNode): string => this.text.slice(node.start, node.end);
    const inside: Edit[] = [];
    for (const [index, param] of params.entries())
      for (const { node } of uses.get(param) ?? []) inside.push([node.start, node.end, `(${slice(given[index] as AnyNode)})`]);
    this.edits.push([call.start, call.end, `(${applied(this.text, inside, body.start, body.end)})`]);
    return true;
  }
}

/** True when an expression asks for nothing but its parameters and numbers. */
function isBodyConstant(body: AnyNode, params: readonly string[]): boolean {
  return !some(body, (each) => each.type === 'MemberExpression' || (nameOf(each) !== '' && !params.includes(nameOf(each))));
}

/** The same script, one function called at once, with what small functions answer in the place of their calls. */
export function substituted(script: string): string {
  let text = script;
  for (;;) {
    const { edits } = new Round(text);
    if (edits.length === 0) return text;
    text = applied(text, edits);
  }
}
