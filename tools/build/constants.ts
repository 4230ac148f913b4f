// Puts numbers in the place of the variables that hold them and never change, and texts that are asked for in one place. The minifier leaves
// such a variable where its name is shorter than the number; to an engine a number is next to nothing and a variable a search. Runs at the desk.
import { OuterFunction } from './outer-function.ts';
import type { AnyNode, Edit } from './syntax.ts';
import { applied, isNode, listOf, nameOf } from './syntax.ts';

/** The text of a number as it may stand anywhere, '' of anything else. */
function numberText(text: string, node: unknown): string {
  if (!isNode(node)) return '';
  if (node.type === 'Literal' && typeof node['value'] === 'number') return text.slice(node.start, node.end);
  if (node.type !== 'UnaryExpression' || node['operator'] !== '-') return '';
  const positive = numberText(text, node['argument']);
  return positive === '' ? '' : `(-${positive})`;
}

/** The same script, one function called at once, without variables that are given one number where they are declared and never another. */
export function withNumbers(text: string): string {
  const script = new OuterFunction(text);
  const numbers = new Map<string, string>();
  const count = new Map<string, number>();
  const texts = new Set<string>();
  const all = script.declarations().flatMap(({ node, parent }) => (parent === script.body ? listOf(node, 'declarations') : []));
  for (const one of all) {
    const value = one['init'];
    const isText = isNode(value) && value.type === 'Literal' && typeof value['value'] === 'string';
    const found = isText ? text.slice(value.start, value.end) : numberText(text, value);
    if (isText) texts.add(nameOf(one['id']));
    if (found !== '') numbers.set(nameOf(one['id']), found);
  }
  for (const { node } of script.declarations())
    for (const one of listOf(node, 'declarations')) count.set(nameOf(one['id']), (count.get(nameOf(one['id'])) ?? 0) + 1);
  const uses: { node: AnyNode; isShort: boolean; isDeclared: boolean }[] = [];
  script.outerNames((node, isShort, parent) => {
    const isDeclared = parent.type === 'VariableDeclarator' && parent['id'] === node;
    const isSet = /^For(In|Of)/.test(parent.type) || (/^(Assignment|Update)/.test(parent.type) && parent['right'] !== node);
    if (isSet) numbers.delete(nameOf(node));
    uses.push({ node, isShort, isDeclared });
  });
  for (const [name, times] of count) if (times > 1) numbers.delete(name);
  for (const name of texts)
    if (uses.filter(({ node, isDeclared }) => !isDeclared && nameOf(node) === name).length > 1) numbers.delete(name);
  const edits: Edit[] = [];
  for (const { node, isShort, isDeclared } of uses) {
    const found = numbers.get(nameOf(node));
    if (found !== undefined && !isDeclared) edits.push([node.start, node.end, isShort ? `${nameOf(node)}:${found}` : found]);
  }
  // Of a declaration all of whose variables go, nothing stays.
  for (const { node, parent } of script.declarations()) {
    if (parent !== script.body) continue;
    const declared = listOf(node, 'declarations');
    const stay = declared.filter((one) => !numbers.has(nameOf(one['id'])));
    if (stay.length === declared.length) continue;
    const inside = stay.map((one) =>
      applied(
        text,
        edits.filter(([start, end]) => start >= one.start && end <= one.end),
        one.start,
        one.end,
      ),
    );
    for (let i = edits.length - 1; i >= 0; i--)
      if ((edits[i]?.[0] ?? 0) >= node.start && (edits[i]?.[1] ?? 0) <= node.end) edits.splice(i, 1);
    edits.push([node.start, node.end, inside.length > 0 ? `var ${inside.join(',')};` : '']);
  }
  return applied(text, edits);
}
