// Functions of a minified script that stand at the head of its scope become arrows in one `var`: shorter, and Espruino
// need not look for a `return`. Not responsible for anything else of the text (image.ts). Runs at the desk.
import type { AnyNode } from './syntax.ts';
import { calledAtOnce, isNode, listOf } from './syntax.ts';

/** True when something in the function, but not in a function in it, is its own: `this`, `arguments`. */
function needsOwn(node: AnyNode): boolean {
  if (node.type === 'ThisExpression' || node.type === 'Super' || (node.type === 'Identifier' && node['name'] === 'arguments')) return true;
  return Object.values(node).some((value) => {
    const nodes = Array.isArray(value) ? value : [value];
    return nodes.some((each) => isNode(each) && !/^Function|^Class/.test(each.type) && needsOwn(each));
  });
}

function arrow(text: string, node: AnyNode): string {
  const of = (each: AnyNode): string => text.slice(each.start, each.end);
  const params = (node['params'] as AnyNode[]).map(of);
  const head = params.length === 1 ? (params[0] ?? '') : `(${params.join(',')})`;
  const body = node['body'] as AnyNode;
  const statements = body['body'] as AnyNode[];
  const value = statements.length === 1 && statements[0]?.type === 'ReturnStatement' ? statements[0]['argument'] : null;
  if (!isNode(value)) return `${head}=>${of(body)}`;
  return `${head}=>${value.type === 'SequenceExpression' || of(value).startsWith('{') ? `(${of(value)})` : of(value)}`;
}

/** The script, which is one function called at once, with arrows for the declared functions of that function. */
export function withArrows(text: string): string {
  const { body: scope } = calledAtOnce(text);
  const statements = listOf(scope, 'body');
  const functions = statements.filter((each) => each.type === 'FunctionDeclaration' && !needsOwn(each['body'] as AnyNode));
  const rest = statements.filter((each) => !functions.includes(each));
  const arrows = functions.map((each) => `${text.slice((each['id'] as AnyNode).start, (each['id'] as AnyNode).end)}=${arrow(text, each)}`);
  let tail = rest.map((each) => text.slice(each.start, each.end)).join('');
  const first = rest[0];
  if (first?.type === 'VariableDeclaration' && first['kind'] === 'var') tail = `,${tail.slice(4)}`;
  else tail = `;${tail}`;
  return `${text.slice(0, scope.start)}{var ${arrows.join(',')}${tail}}${text.slice(scope.end).trimEnd()}\n`;
}
