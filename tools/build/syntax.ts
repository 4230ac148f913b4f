// What the passes over a script's syntax tree share: nodes, their children, names. Not responsible for any change. Runs at the desk.
import type { Node } from 'acorn';
import { parse } from 'acorn';

export type AnyNode = Node & Readonly<Record<string, unknown>>;
export type Edit = readonly [start: number, end: number, text: string];

export const isNode = (value: unknown): value is AnyNode => typeof value === 'object' && value !== null && 'type' in value;
/** The tree of a script. Throws SyntaxError with the place. */
export function parsed(text: string): AnyNode {
  const program: unknown = parse(text, { ecmaVersion: 2015, sourceType: 'script' });
  if (!isNode(program)) throw new Error('acorn answered no tree');
  return program;
}

/** The body of the function that a script is, called at once, with that function. */
export function calledAtOnce(text: string): { outer: AnyNode; body: AnyNode } {
  const call = listOf(parsed(text), 'body')[0]?.['expression'];
  const outer = isNode(call) ? call['callee'] : null;
  const body = isNode(outer) ? outer['body'] : null;
  if (!isNode(outer) || !isNode(body)) throw new Error('the script is not one function called at once');
  return { outer, body };
}

export const isFunction = (node: AnyNode): boolean => /Function/.test(node.type);
/** The name of an identifier, '' of anything else. */
export const nameOf = (node: unknown): string => (isNode(node) && node.type === 'Identifier' ? String(node['name']) : '');
export const listOf = (node: AnyNode, key: string): readonly AnyNode[] => (node[key] ?? []) as AnyNode[];

export function childrenOf(node: AnyNode): AnyNode[] {
  const found: AnyNode[] = [];
  for (const value of Object.values(node)) {
    for (const each of Array.isArray(value) ? (value as unknown[]) : [value]) if (isNode(each)) found.push(each);
  }
  return found;
}

/** True when the test holds for the node or something in it. */
export const some = (node: AnyNode, test: (node: AnyNode) => boolean): boolean =>
  test(node) || childrenOf(node).some((each) => some(each, test));

/** True where an identifier is the name of a property. */
export function isName(node: AnyNode, parent: AnyNode | null): boolean {
  if (parent === null) return false;
  if (parent.type === 'MemberExpression') return parent['property'] === node && parent['computed'] !== true;
  if (parent.type === 'MethodDefinition' || parent.type === 'Property') return parent['key'] === node && parent['computed'] !== true;
  return false;
}

/** A stretch of a text with the edits made in it; edits do not overlap. */
export function applied(text: string, edits: readonly Edit[], from = 0, to = text.length): string {
  let out = '';
  let at = from;
  for (const [start, end, by] of [...edits].sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
    out += text.slice(at, start) + by;
    at = end;
  }
  return out + text.slice(at, to);
}
