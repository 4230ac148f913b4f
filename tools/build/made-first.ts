// What is made once, as the script starts, and nowhere else given, is made where it is declared: `var x;…x=make(8)` says it twice. For typed
// arrays and lists of numbers and texts, which nobody asks for before. Not responsible for what else runs then. Runs at the desk.
import { OuterFunction } from './outer-function.ts';
import type { AnyNode, Edit } from './syntax.ts';
import { applied, childrenOf, isFunction, isNode, listOf, nameOf } from './syntax.ts';

const isPlain = (node: AnyNode): boolean =>
  (node.type === 'Literal' && !('regex' in node)) ||
  (node.type === 'UnaryExpression' && node['operator'] === '-' && isPlain(node['argument'] as AnyNode));

/** True for what needs nothing but one of the functions that make typed arrays, and that function. */
function isMade(node: AnyNode, makers: readonly string[]): boolean {
  if (node.type === 'ArrayExpression') return listOf(node, 'elements').every((each) => isNode(each) && isPlain(each));
  const given = listOf(node, 'arguments');
  return node.type === 'CallExpression' && makers.includes(nameOf(node['callee'])) && given.every(isPlain);
}

/** True for a statement in which its function may end. */
const mayEnd = (node: AnyNode): boolean =>
  /^(Return|Throw)Statement$/.test(node.type) || childrenOf(node).some((each) => !isFunction(each) && mayEnd(each));

/** Assignments that run exactly once as the script starts and whose value nobody takes, with what they stand in. */
function onceIn(body: AnyNode): { node: AnyNode; parent: AnyNode }[] {
  const found: { node: AnyNode; parent: AnyNode }[] = [];
  const look = (node: AnyNode, parent: AnyNode, isTaken: boolean): void => {
    if (node.type === 'AssignmentExpression' && !isTaken) found.push({ node, parent });
    else if (node.type === 'SequenceExpression') {
      const all = listOf(node, 'expressions');
      for (const each of all) look(each, node, isTaken && each === all.at(-1));
    } else if (node.type === 'ExpressionStatement') look(node['expression'] as AnyNode, node, false);
    else if (node.type === 'ForStatement' && isNode(node['init'])) look(node['init'], node, false);
    else if (node.type === 'UnaryExpression') look(node['argument'] as AnyNode, node, true);
    else if (node.type === 'CallExpression' && isFunction(node['callee'] as AnyNode)) {
      const inside = (node['callee'] as AnyNode)['body'] as AnyNode;
      for (const each of inside.type === 'BlockStatement' ? listOf(inside, 'body') : []) {
        // What comes after it may not run.
        if (mayEnd(each)) break;
        look(each, inside, false);
      }
    }
  };
  for (const each of listOf(body, 'body')) look(each, body, false);
  return found;
}

/** The same script, one function called at once, with such variables made where it declares them first; `makers` are named functions. */
export function withMadeFirst(text: string, makers: readonly string[]): string {
  const script = new OuterFunction(text);
  const [first] = listOf(script.body, 'body');
  const declared = new Map(
    (first?.type === 'VariableDeclaration' ? listOf(first, 'declarations') : [])
      .filter((one) => !isNode(one['init']))
      .map((one) => [nameOf(one['id']), one]),
  );
  const given = new Map<string, number>();
  script.outerNames((node, _, parent) => {
    const isSet =
      /^For(In|Of)/.test(parent.type) ||
      parent.type === 'UpdateExpression' ||
      ((parent.type === 'AssignmentExpression' || parent.type === 'VariableDeclarator') && childrenOf(parent)[0] === node);
    if (isSet) given.set(nameOf(node), (given.get(nameOf(node)) ?? 0) + 1);
  });
  const edits: Edit[] = [];
  const gone = new Set<AnyNode>();
  const found = onceIn(script.body).filter(({ node }) => {
    const one = declared.get(nameOf(node['left']));
    // Declared once, given once.
    return one && node['operator'] === '=' && given.get(nameOf(node['left'])) === 2 && isMade(node['right'] as AnyNode, makers);
  });
  for (const { node } of found) gone.add(node);
  for (const { node, parent } of found) {
    const one = declared.get(nameOf(node['left'])) as AnyNode;
    const value = node['right'] as AnyNode;
    const all = parent.type === 'SequenceExpression' ? listOf(parent, 'expressions') : [node];
    const stay = all.filter((each) => !gone.has(each));
    // Something has to stay where it stood.
    if (stay.length === 0 && parent.type !== 'ExpressionStatement') continue;
    edits.push([one.end, one.end, `=${text.slice(value.start, value.end)}`]);
    const at = all.indexOf(node);
    const next = all[at + 1];
    const isLast = !stay.some((each) => each.start > node.start);
    edits.push(isLast ? [all[at - 1]?.end ?? node.start, node.end, ''] : [node.start, next?.start ?? node.end, '']);
  }
  return applied(text, edits);
}
