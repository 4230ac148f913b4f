// Variables of a function that nobody calls with more than it takes become parameters that nobody gives: no `var`, and where nothing else is
// left but expressions, no braces and no `return`. For JerryScript, to which both are registers; Espruino keeps a variable for each parameter
// all the time. Not responsible for which functions are in the array (pack.ts). Runs at the desk.
import type { AnyNode, Edit } from './syntax.ts';
import { applied, calledAtOnce, childrenOf, isNode, listOf, nameOf } from './syntax.ts';

/** What an engine's instructions can count. Chosen: far below the 255 of JerryScript. */
const PARAMETERS = 60;

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
    return this.functions.flatMap((each, place) => this.changed(each, this.given[place] ?? 0));
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
        const isCall = node.type === 'CallExpression' && node['callee'] === each;
        const count =
          isCall && listOf(node, 'arguments').every(({ type }) => type !== 'SpreadElement') ? listOf(node, 'arguments').length : Infinity;
        this.given[place] = Math.max(this.given[place] ?? 0, count);
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

  private changed(node: AnyNode, given: number): Edit[] {
    const params = listOf(node, 'params').map(nameOf);
    const body = node['body'];
    if (node.type !== 'ArrowFunctionExpression' || given > params.length || !isNode(body) || body.type !== 'BlockStatement') return [];
    const statements = listOf(body, 'body');
    const [first] = statements;
    const declared = first?.type === 'VariableDeclaration' ? listOf(first, 'declarations') : [];
    const names = declared.map((each) => nameOf(each['id']));
    // A name twice is a variable that is a parameter too.
    if (names.some((name) => name === '' || params.includes(name)) || params.length + names.length > PARAMETERS) return [];
    const slice = (each: AnyNode): string => this.text.slice(each.start, each.end);
    const sets = declared.filter((each) => isNode(each['init'])).map(slice);
    const rest = declared.length > 0 ? statements.slice(1) : statements;
    const all = [...params, ...new Set(names)];
    const head = all.length === 1 ? (all[0] ?? '') : `(${all.join(',')})`;
    const tail = this.text.slice(rest[0]?.start ?? body.end - 1, body.end - 1);
    const answer = rest.length === 1 && rest[0]?.type === 'ReturnStatement' ? rest[0]['argument'] : null;
    const value = isNode(answer) ? [...sets, slice(answer)].join(',') : '';
    const isPlain = isNode(answer) && sets.length === 0 && answer.type !== 'SequenceExpression' && !value.startsWith('{');
    const block = `{${sets.join(',')}${sets.length > 0 && tail !== '' ? ';' : ''}${tail}}`;
    const changed = `${head}=>${value === '' ? block : isPlain ? value : `(${value})`}`;
    return changed.length < node.end - node.start ? [[node.start, node.end, changed]] : [];
  }
}

/** The packed script with fewer declarations; `names` are those of its array of functions. */
export function withParameters(text: string, names: readonly string[]): string {
  return applied(text, new Parameters(text, names).edits());
}
