// The body of a function as it stands in another: its variables under names of their own, its returns as assignments.
// Not responsible for where it may stand (inline.ts). Runs at the desk.
import type { AnyNode, Edit } from './syntax.ts';
import { applied, childrenOf, isName, isNode, listOf, nameOf, some } from './syntax.ts';

const returns = (node: AnyNode): boolean => some(node, (each) => each.type === 'ReturnStatement');
const bodyOf = (node: AnyNode | undefined): readonly AnyNode[] =>
  node === undefined ? [] : node.type === 'BlockStatement' ? listOf(node, 'body') : [node];

/** True when no path leads past the end of the statements. */
export function alwaysReturns(statements: readonly AnyNode[]): boolean {
  const last = statements.at(-1);
  if (last?.type === 'ReturnStatement' || last?.type === 'ThrowStatement') return true;
  if (last?.type === 'BlockStatement') return alwaysReturns(bodyOf(last));
  if (last?.type !== 'IfStatement' || !isNode(last['alternate'])) return false;
  return alwaysReturns(bodyOf(last['consequent'] as AnyNode)) && alwaysReturns(bodyOf(last['alternate']));
}

/** A candidate's body with names of its own. */
export class BodyCopy {
  private readonly text: string;
  private readonly locals: ReadonlySet<string>;
  private readonly suffix: string;
  private readonly inLoop: boolean;
  /** Parameters for which the caller's own variable stands. */
  private readonly given = new Map<string, string>();

  constructor(text: string, locals: ReadonlySet<string>, suffix: string, inLoop: boolean) {
    this.text = text;
    this.locals = locals;
    this.suffix = suffix;
    this.inLoop = inLoop;
  }

  /** A parameter that is never set, for a variable of the caller: that variable. False when it needs one of its own. */
  takes(param: string, value: AnyNode | undefined, body: AnyNode): boolean {
    const isSet = (each: AnyNode): boolean =>
      nameOf(each[each.type === 'UpdateExpression' ? 'argument' : each.type === 'VariableDeclarator' ? 'id' : 'left']) === param &&
      /^(Assignment|Update|VariableDeclarator|For)/.test(each.type);
    if (!value || nameOf(value) === '' || some(body, isSet)) return false;
    this.given.set(param, nameOf(value));
    return true;
  }

  render(node: AnyNode): string {
    const edits: Edit[] = [];
    const look = (each: AnyNode, parent: AnyNode | null): void => {
      if (each.type === 'Identifier') {
        const name = nameOf(each);
        if ((parent === null || !isName(each, parent)) && this.locals.has(name))
          edits.push([each.start, each.end, this.given.get(name) ?? name + this.suffix]);
        return;
      }
      // In a loop a variable without a first value would keep that of the round before.
      if (this.inLoop && each.type === 'VariableDeclarator' && !isNode(each['init']))
        edits.push([each.start, each.end, `${nameOf(each['id'])}${this.suffix}=void 0`]);
      else for (const child of childrenOf(each)) look(child, each);
    };
    look(node, null);
    return applied(this.text, edits, node.start, node.end);
  }

  all(statements: readonly AnyNode[]): string {
    return statements.map((each) => this.render(each)).join('');
  }

  /** The statements without `return`: what is returned lands in a variable, or nowhere for ''. Null when a loop or a switch returns. */
  structured(statements: readonly AnyNode[], result: string): string | null {
    const at = statements.findIndex(returns);
    const first = statements[at];
    if (!first) return this.all(statements);
    const before = this.all(statements.slice(0, at));
    const rest = statements.slice(at + 1);
    if (first.type === 'ReturnStatement') {
      const value = first['argument'];
      return (
        before + (isNode(value) ? `${result === '' ? '' : `${result}=`}${this.render(value)};` : result === '' ? '' : `${result}=void 0;`)
      );
    }
    if (first.type === 'BlockStatement') {
      const inner = this.structured([...bodyOf(first), ...rest], result);
      return inner === null ? null : before + inner;
    }
    if (first.type !== 'IfStatement') return null;
    const yes = bodyOf(first['consequent'] as AnyNode);
    const no = isNode(first['alternate']) ? bodyOf(first['alternate']) : [];
    const yesEnds = alwaysReturns(yes);
    const noEnds = no.length > 0 && alwaysReturns(no);
    if (rest.length > 0 && !yesEnds && !noEnds) return null;
    const yesText = this.structured(yesEnds ? yes : [...yes, ...rest], result);
    const noText = this.structured(noEnds ? no : [...no, ...rest], result);
    if (yesText === null || noText === null) return null;
    const test = this.render(first['test'] as AnyNode);
    return `${before}if(${test}){${yesText}}${noText === '' ? '' : `else{${noText}}`}`;
  }
}
