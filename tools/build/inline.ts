// Puts the functions of a script that are called from one place into that place: no call, no object, no name. For a statement that starts
// with the call; else the function stays. Not responsible for shortening what comes out (image.ts). Runs at the desk.
import { BodyCopy, alwaysReturns } from './body-copy.ts';
import type { AnyNode, Edit } from './syntax.ts';
import { applied, calledAtOnce, childrenOf, isFunction, isName, isNode, listOf, nameOf, some } from './syntax.ts';

const LOOPS = /^(For|While|DoWhile)/;
/** A function of the outermost scope. */
interface Candidate {
  readonly name: string;
  readonly node: AnyNode;
  /** What goes when the function goes. */
  readonly start: number;
  readonly end: number;
  readonly locals: ReadonlySet<string>;
  readonly free: ReadonlySet<string>;
}

/** The one call of a candidate, with all around it from the outside in. */
interface Site {
  readonly call: AnyNode;
  readonly path: readonly AnyNode[];
}

class Round {
  readonly edits: Edit[] = [];
  private readonly text: string;
  private readonly scope: AnyNode;
  private readonly candidates = new Map<string, Candidate>();
  private readonly sites = new Map<string, Site>();
  private readonly uses = new Map<string, number>();
  private readonly localsOf = new Map<AnyNode, ReadonlySet<string>>();
  private readonly count: { value: number };

  constructor(text: string, count: { value: number }) {
    this.text = text;
    this.count = count;
    this.scope = calledAtOnce(text).body;
    for (const each of listOf(this.scope, 'body')) this.consider(each);
    this.look(this.scope, []);
    const taken = new Set<AnyNode>();
    for (const [name, candidate] of this.candidates) {
      const site = this.sites.get(name);
      if (this.uses.get(name) !== 1 || !site) continue;
      const inside = site.path.find((each) => isFunction(each) && each !== this.scope);
      const outer = site.path.find((each) => [...this.candidates.values()].some((other) => other.node === each));
      // One layer a round: neither is changed by another edit of the round.
      if (inside === undefined || taken.has(candidate.node) || (outer && taken.has(outer)) || outer === candidate.node) continue;
      if (this.put(candidate, site)) {
        taken.add(candidate.node);
        if (outer) taken.add(outer);
        else taken.add(inside);
      }
    }
  }

  private consider(statement: AnyNode): void {
    if (statement.type === 'FunctionDeclaration') this.add(nameOf(statement['id']), statement, statement.start, statement.end);
    if (statement.type !== 'VariableDeclaration') return;
    const declared = listOf(statement, 'declarations');
    const init = declared[0]?.['init'];
    if (declared.length === 1 && isNode(init) && isFunction(init))
      this.add(nameOf(declared[0]?.['id']), init, statement.start, statement.end);
  }

  private add(name: string, node: AnyNode, start: number, end: number): void {
    const own = (each: AnyNode): boolean =>
      each !== node &&
      (isFunction(each) ||
        each['shorthand'] === true ||
        /^Class|^This|^Super|^Try|^Yield|^Switch/.test(each.type) ||
        nameOf(each) === 'arguments');
    const isPlain = listOf(node, 'params').every((each) => each.type === 'Identifier');
    if (!isPlain || some(node, (each) => own(each) && each.type !== 'SwitchStatement' && each.type !== 'SwitchCase')) return;
    const locals = this.locals(node);
    const free = new Set<string>();
    this.names(node, (each) => {
      if (!locals.has(nameOf(each))) free.add(nameOf(each));
    });
    this.candidates.set(name, { name, node, start, end, locals, free });
  }

  /** Names that a function declares, not those of functions in it. */
  private locals(node: AnyNode): ReadonlySet<string> {
    const known = this.localsOf.get(node);
    if (known) return known;
    const found = new Set(listOf(node, 'params').map(nameOf));
    const look = (each: AnyNode): void => {
      if (each.type === 'VariableDeclarator') found.add(nameOf(each['id']));
      if (each.type === 'CatchClause') found.add(nameOf(each['param']));
      if (each.type === 'FunctionDeclaration' || each.type === 'ClassDeclaration') found.add(nameOf(each['id']));
      if (each === node || !isFunction(each)) for (const child of childrenOf(each)) look(child);
    };
    look(node);
    this.localsOf.set(node, found);
    return found;
  }

  /** Every identifier in a node that is a variable. */
  private names(node: AnyNode, found: (node: AnyNode) => void): void {
    const look = (each: AnyNode, parent: AnyNode): void => {
      if (each.type === 'Identifier') {
        if (!isName(each, parent)) found(each);
        return;
      }
      for (const child of childrenOf(each)) look(child, each);
    };
    for (const child of childrenOf(node)) look(child, node);
  }

  private look(node: AnyNode, path: readonly AnyNode[]): void {
    const parent = path.at(-1);
    const name = nameOf(node);
    if (name !== '' && parent && !isName(node, parent)) {
      const isLocal = path.some((each) => isFunction(each) && this.locals(each).has(name));
      const isDeclared = (parent.type === 'VariableDeclarator' || parent.type === 'FunctionDeclaration') && parent['id'] === node;
      if (isLocal || isDeclared || !this.candidates.has(name)) return;
      this.uses.set(name, (this.uses.get(name) ?? 0) + 1);
      if (parent.type === 'CallExpression' && parent['callee'] === node) this.sites.set(name, { call: parent, path: path.slice(0, -1) });
      else this.uses.set(name, 2);
      return;
    }
    for (const each of childrenOf(node)) this.look(each, [...path, node]);
  }

  /** True for what a call before it cannot change: numbers and the caller's own variables. */
  private isStable(node: AnyNode, locals: ReadonlySet<string>): boolean {
    if (node.type === 'Literal' || node.type === 'ThisExpression') return true;
    if (node.type === 'Identifier') return locals.has(nameOf(node)) || this.candidates.has(nameOf(node));
    if (node.type === 'BinaryExpression' || node.type === 'UnaryExpression')
      return childrenOf(node).every((each) => this.isStable(each, locals));
    return false;
  }

  /** True when the call is the first thing the statement does, whatever else it does. */
  private isFirst(node: AnyNode, child: AnyNode, locals: ReadonlySet<string>): boolean {
    switch (node.type) {
      case 'ExpressionStatement':
      case 'ReturnStatement':
      case 'UnaryExpression':
      case 'VariableDeclarator':
      case 'VariableDeclaration':
        return true;
      case 'IfStatement':
      case 'ConditionalExpression':
        return node['test'] === child;
      case 'SwitchStatement':
        return node['discriminant'] === child;
      case 'LogicalExpression':
        return node['left'] === child;
      case 'AssignmentExpression': {
        const left = node['left'] as AnyNode;
        const isVariable = left.type === 'Identifier' && (node['operator'] === '=' || locals.has(nameOf(left)));
        const isField = left.type === 'MemberExpression' && left['computed'] !== true && this.isStable(left['object'] as AnyNode, locals);
        return node['right'] === child && (isVariable || (isField && node['operator'] === '='));
      }
      case 'BinaryExpression':
      case 'CallExpression':
      case 'NewExpression':
      case 'MemberExpression': {
        const parts = childrenOf(node).sort((a, b) => a.start - b.start);
        return parts.slice(0, parts.indexOf(child)).every((each) => this.isStable(each, locals));
      }
      default:
        return false;
    }
  }

  private put(candidate: Candidate, { call, path }: Site): boolean {
    const at = path.findLastIndex((each) => /Statement$|^VariableDeclaration$/.test(each.type));
    const statement = path[at];
    const around = path[at - 1];
    const caller = path.findLast((each) => isFunction(each));
    if (
      !statement ||
      !around ||
      !caller ||
      caller === this.scope ||
      LOOPS.test(statement.type) ||
      (LOOPS.test(around.type) && statement !== around['body'])
    )
      return false;
    const locals = this.locals(caller);
    for (const each of candidate.free) if (path.some((one) => isFunction(one) && this.locals(one).has(each))) return false;
    const chain = [...path.slice(at), call];
    for (let i = 0; i + 1 < chain.length; i++) if (!this.isFirst(chain[i] as AnyNode, chain[i + 1] as AnyNode, locals)) return false;
    const given = listOf(call, 'arguments');
    const params = listOf(candidate.node, 'params').map(nameOf);
    if (given.some((each) => each.type === 'SpreadElement')) return false;
    const body = (candidate.node['body'] as AnyNode).type === 'BlockStatement' ? listOf(candidate.node['body'] as AnyNode, 'body') : null;
    const suffix = `$${String(++this.count.value)}i`;
    // A function in the caller might set the variable meanwhile.
    const isOwn = (value: AnyNode): boolean => locals.has(nameOf(value)) && !some(caller, (each) => each !== caller && isFunction(each));
    const inLoop = path.slice(path.indexOf(caller)).some((each) => LOOPS.test(each.type));
    const copy = new BodyCopy(this.text, candidate.locals, suffix, inLoop);
    const kept = params.map((each, index) => {
      const value = given[index];
      return value && isOwn(value) && copy.takes(each, value, candidate.node['body'] as AnyNode);
    });
    const result = `result${suffix}`;
    const isReturned = statement.type === 'ReturnStatement' && statement['argument'] === call;
    const isAlone = statement.type === 'ExpressionStatement' && statement['expression'] === call;
    let text: string | null;
    if (body === null) {
      const value = copy.render(candidate.node['body'] as AnyNode);
      text = isReturned ? `return ${value};` : isAlone ? `${value};` : `var ${result}=${value};`;
    } else if (isReturned) text = `${copy.all(body)}${alwaysReturns(body) ? '' : 'return;'}`;
    else {
      text = copy.structured(body, isAlone ? '' : result);
      if (text !== null && !isAlone) text = `var ${result}${alwaysReturns(body) ? '' : '=void 0'};${text}`;
    }
    if (text === null) return false;
    const slice = (node: AnyNode): string => this.text.slice(node.start, node.end);
    const values = params.map((each, index) => {
      const value = given[index];
      return kept[index] ? '' : `var ${each}${suffix}=${value ? slice(value) : 'void 0'};`;
    });
    const more = given.slice(params.length).map((each) => `${slice(each)};`);
    const whole = values.join('') + more.join('') + text;
    this.edits.push([candidate.start, candidate.end, '']);
    if (isReturned || isAlone) this.edits.push([statement.start, statement.end, `{${whole}}`]);
    else this.spread(statement, call, whole, result, around);
    return true;
  }

  /** Before the statement what the function does, in the place of the call what came out. */
  private spread(statement: AnyNode, call: AnyNode, before: string, result: string, around: AnyNode): void {
    const { text } = this;
    let start = statement.start;
    let head = '';
    if (statement.type === 'VariableDeclaration') {
      const declared = listOf(statement, 'declarations');
      const index = declared.findIndex((each) => each.start <= call.start && call.end <= each.end);
      const first = declared[0] as AnyNode;
      const own = declared[index] as AnyNode;
      if (index > 0) head = `var ${text.slice(first.start, (declared[index - 1] as AnyNode).end)};`;
      start = own.start;
      before += 'var ';
    }
    const inner = `${head}${before}${text.slice(start, call.start)}${result}${text.slice(call.end, statement.end)}`;
    const isListed = around.type === 'BlockStatement' || around.type === 'SwitchCase' || around.type === 'Program';
    this.edits.push([statement.start, statement.end, isListed ? inner : `{${inner}}`]);
  }
}

/** The same script, one function called at once and without block scopes, with every function that is called once in the place of the call. */
export function inlined(script: string): string {
  const count = { value: 0 };
  let text = script;
  for (;;) {
    const { edits } = new Round(text, count);
    if (edits.length === 0) return text;
    text = applied(text, edits);
  }
}
