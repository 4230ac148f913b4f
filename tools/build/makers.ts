// `new Int32Array(5)` becomes `make(5)`: the text says it in dozens of places. What is made so is made when the image starts, where a call
// costs nobody anything. After the minifier, which knows that the one has no effects and of the other nothing. Runs at the desk.
import { OuterFunction } from './outer-function.ts';
import type { AnyNode, Edit } from './syntax.ts';
import { applied, listOf, nameOf } from './syntax.ts';

/** Places from which a function of its own pays. */
const PLACES = 4;

/** The same script, one function called at once, where typed arrays are made by one function a kind; `nameOfMaker` answers a free name, '' for none. */
export function withMakers(text: string, nameOfMaker: (array: string) => string): string {
  const script = new OuterFunction(text);
  const places = new Map<string, AnyNode[]>();
  script.outerNames((node, _, parent) => {
    const name = nameOf(node);
    const given = listOf(parent, 'arguments');
    if (!/^\w+\d+Array$/.test(name) || parent.type !== 'NewExpression' || parent['callee'] !== node) return;
    if (given.length === 1 && given[0]?.type !== 'SpreadElement') places.set(name, [...(places.get(name) ?? []), parent]);
  });
  const classes = listOf(script.body, 'body').map((each) => nameOf(each['id']));
  for (const name of [...script.declared(), ...classes]) places.delete(name);
  const edits: Edit[] = [];
  const makers: string[] = [];
  for (const [name, found] of places) {
    if (found.length < PLACES || nameOfMaker(name) === '') continue;
    makers.push(`${nameOfMaker(name)}=n=>new ${name}(n)`);
    for (const each of found) edits.push([each.start, (each['callee'] as AnyNode).end, nameOfMaker(name)]);
  }
  if (makers.length === 0) return text;
  // In the first declaration, if that is where the script begins.
  const first = listOf(script.body, 'body')[0];
  const isDeclared = first?.type === 'VariableDeclaration';
  const at = isDeclared ? first.start + 'var '.length : script.body.start + 1;
  return applied(text, [[at, at, isDeclared ? `${makers.join(',')},` : `var ${makers.join(',')};`], ...edits]);
}
