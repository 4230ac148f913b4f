// `a=0,b=0` becomes `a=b=0`: variables, one after the other, that are given the same number. Not responsible for fields and elements, which
// may hold another number than they are given. Runs at the desk.
import type { AnyNode, Edit } from './syntax.ts';
import { applied, childrenOf, isNode, listOf, nameOf, parsed } from './syntax.ts';

/** The text of the number that an assignment gives to a variable, '' of anything else. */
function givenBy(text: string, node: AnyNode): string {
  const value = node['right'];
  if (node.type !== 'AssignmentExpression' || node['operator'] !== '=' || nameOf(node['left']) === '' || !isNode(value)) return '';
  const plain = value.type === 'UnaryExpression' && value['operator'] === '-' ? value['argument'] : value;
  return isNode(plain) && typeof plain['value'] === 'number' ? text.slice(value.start, value.end) : '';
}

/** The same script with such assignments as one. */
export function withChains(text: string): string {
  const edits: Edit[] = [];
  const look = (node: AnyNode): void => {
    const listed = node.type === 'SequenceExpression' ? listOf(node, 'expressions') : [];
    for (const [index, each] of listed.entries()) {
      const next = listed[index + 1];
      const given = givenBy(text, each);
      // What follows is said first: the number, and the comma before it.
      if (next && given !== '' && given === givenBy(text, next)) edits.push([(each['right'] as AnyNode).start, next.start, '']);
    }
    for (const each of childrenOf(node)) look(each);
  };
  look(parsed(text));
  return applied(text, edits);
}
