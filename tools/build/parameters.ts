// Variables of a function that nobody calls with more than it takes become parameters that nobody gives: no `var`, and where nothing else is
// left but expressions, no braces and no `return`. To JerryScript both are registers; Espruino keeps a variable for each parameter all the
// time. Not responsible for which functions are in the arrays (pack.ts). Runs at the desk.
import { OuterFunction } from './outer-function.ts';
import type { AnyNode, Edit } from './syntax.ts';
import { applied, calledAtOnce, childrenOf, isFunction, isNode, listOf, nameOf } from './syntax.ts';

/** What an engine's instructions can count. Chosen: far below the 255 of JerryScript. */
const PARAMETERS = 60;

/** The edit that makes parameters of a function's variables, where that is shorter; `given`: the most arguments that a call gives. */
function changed(text: string, node: AnyNode, given: number): Edit[] {
  const params = listOf(node, 'params').map(nameOf);
  const body = node['body'];
  if (node.type !== 'ArrowFunctionExpression' || given > params.length || !isNode(body) || body.type !== 'BlockStatement') return [];
  const statements = listOf(body, 'body');
  const [first] = statements;
  const declared = first?.type === 'VariableDeclaration' ? listOf(first, 'declarations') : [];
  const names = declared.map((each) => nameOf(each['id']));
  // A name twice is a variable that is a parameter too.
  const all = [...new Set([...params, ...names])];
  if (names.includes('') || all.length > PARAMETERS) return [];
  const slice = (each: AnyNode): string => text.slice(each.start, each.end);
  const sets = declared.filter((each) => isNode(each['init'])).map(slice);
  const rest = declared.length > 0 ? statements.slice(1) : statements;
  const head = all.length === 1 ? (all[0] ?? '') : `(${all.join(',')})`;
  const tail = text.slice(rest[0]?.start ?? body.end - 1, body.end - 1);
  const answer = rest.length === 1 && rest[0]?.type === 'ReturnStatement' ? rest[0]['argument'] : null;
  const value = isNode(answer) ? [...sets, slice(answer)].join(',') : '';
  const isPlain = isNode(answer) && sets.length === 0 && answer.type !== 'SequenceExpression' && !value.startsWith('{');
  const block = `{${sets.join(',')}${sets.length > 0 && tail !== '' ? ';' : ''}${tail}}`;
  const after = `${head}=>${value === '' ? block : isPlain ? value : `(${value})`}`;
  return after.length < node.end - node.start ? [[node.start, node.end, after]] : [];
}

/** How many arguments a use of a function gives it; Infinity where it is no plain call. */
function givenBy(node: AnyNode, use: AnyNode): number {
  const given = listOf(node, 'arguments');
  const isCall = node.type === 'CallExpression' && node['callee'] === use && given.every(({ type }) => type !== 'SpreadElement');
  return isCall ? given.length : Infinity;
}

/** The same for the functions that have a name in the outermost function: declared once, never set, only called. */
function namedEdits(text: string): Edit[] {
  const script = new OuterFunction(text);
  const made = new Map<string, AnyNode>();
  const given = new Map<string, number>();
  script.outerNames((node, _, parent) => {
    const name = nameOf(node);
    const value = parent.type === 'VariableDeclarator' && parent['id'] === node ? parent['init'] : null;
    const isMade = isNode(value) && isFunction(value) && !made.has(name);
    if (isMade) made.set(name, value);
    given.set(name, Math.max(given.get(name) ?? 0, isMade ? 0 : givenBy(parent, node)));
  });
  return [...made].flatMap(([name, node]) => changed(text, node, given.get(name) ?? 0));
}

class Parameters {
  private readonly text: string;
  private readonly names: readonly string[];
  private functions: readonly AnyNode[] = [];
  /** Most arguments that any call gives, by place; Infinity where a use is no call. */
  private readonly given: number[] = [];

  constructor(text: string, names: readonly string[]) {
    this.text = text;
    this.names = names;
    const { body } = calledAtOnce(text);
    this.look(body, null);
  }

  edits(): Edit[] {
    const listed = this.functions.flatMap((each, place) => changed(this.text, each, this.given[place] ?? 0));
    return [...listed, ...namedEdits(this.text)];
  }

  /** Where the array is made, and every use of one of its elements. Throws where it is used as a whole. */
  private look(node: AnyNode, parent: AnyNode | null): void {
    if (this.names.includes(nameOf(node)) && parent !== null) {
      const isElement = parent.type === 'MemberExpression' && parent['object'] === node && parent['computed'] === true;
      const isMade = parent.type === 'VariableDeclarator' && (parent['id'] === node || this.names.includes(nameOf(parent['id'])));
      const isSet =
        parent.type === 'AssignmentExpression' && parent['left'] === node && (parent['right'] as AnyNode).type === 'ArrayExpression';
      const isKey = (parent.type === 'Property' || parent.type === 'MethodDefinition') && parent['key'] === node;
      const isName = parent.type === 'MemberExpression' && parent['property'] === node && parent['computed'] !== true;
      if (!isElement && !isMade && !isSet && !isKey && !isName) throw new Error(`${nameOf(node)}: the functions are handed on`);
    }
    const isVariable = node.type === 'VariableDeclarator' && this.names.includes(nameOf(node['id']));
    const isSetHere = node.type === 'AssignmentExpression' && this.names.includes(nameOf(node['left']));
    const value = isVariable ? node['init'] : isSetHere ? node['right'] : null;
    if (isNode(value) && value.type === 'ArrayExpression') this.functions = listOf(value, 'elements');
    for (const each of childrenOf(node)) {
      const place = this.placeOf(each);
      if (place >= 0) {
        this.given[place] = Math.max(this.given[place] ?? 0, givenBy(node, each));
      }
      this.look(each, node);
    }
  }

  /** The place of an element of the array, −1 for anything else. */
  private placeOf(node: AnyNode): number {
    if (node.type !== 'MemberExpression' || !this.names.includes(nameOf(node['object']))) return -1;
    const place = node['property'] as AnyNode;
    if (node['computed'] !== true || typeof place['value'] !== 'number') throw new Error('a function is chosen by a number');
    return place['value'];
  }
}

/** The script, one function called at once, with fewer declarations; `names` are those of an array of functions, none where it has no such. */
export function withParameters(text: string, names: readonly string[]): string {
  return applied(text, new Parameters(text, names).edits());
}
