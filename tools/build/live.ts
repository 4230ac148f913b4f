// Which variables of a function must not share a place: while one is set, the other holds what is asked for later. From the end to the begin,
// around loops until nothing more is found. An operand that is a variable counts as asked for when the operation is done, after the other
// operands: Espruino asks for it only then. Source: Espruino 2v29, src/jsparse.c, jsvMathsOpSkipNames. Runs at the desk.
import type { AnyNode } from './syntax.ts';
import { childrenOf, isFunction, isName, isNode, listOf, nameOf } from './syntax.ts';

type Names = Set<string>;

interface Exits {
  readonly broken: Names;
  readonly continued: Names;
}

const within = (into: Names, more: Iterable<string>): void => {
  for (const each of more) into.add(each);
};
const instead = (into: Names, others: Names): void => {
  const all = [...others];
  into.clear();
  within(into, all);
};

export class Live {
  /** Asked for before anything was given to them. */
  readonly first: Names = new Set();
  private readonly apart = new Map<string, Set<string>>();
  private readonly names: ReadonlySet<string>;
  /** What is asked for where an error would land. */
  private thrown: ReadonlySet<string> = new Set();

  constructor(node: AnyNode, names: ReadonlySet<string>, parameters: readonly string[]) {
    this.names = names;
    this.walk(node['body'] as AnyNode, this.first, { broken: new Set(), continued: new Set() });
    for (const each of parameters) {
      for (const other of [...parameters, ...this.first]) this.part(each, other);
    }
  }

  areApart(one: string, other: string): boolean {
    return this.apart.get(one)?.has(other) === true;
  }

  private part(one: string, other: string): void {
    if (one === other) return;
    for (const [a, b] of [
      [one, other],
      [other, one],
    ] as const) {
      const found = this.apart.get(a) ?? new Set<string>();
      this.apart.set(a, found.add(b));
    }
  }

  private local(node: unknown): string {
    const name = nameOf(node);
    return this.names.has(name) ? name : '';
  }

  /** It is given a value here; `from` is the variable whose value that is. */
  private given(node: unknown, live: Names, from = ''): void {
    const name = this.local(node);
    if (name === '') return;
    for (const each of live) if (each !== from) this.part(name, each);
    if (!this.thrown.has(name)) live.delete(name);
  }

  /** An error may come from anywhere in the block. */
  private try(node: AnyNode, live: Names, exits: Exits): void {
    const caught = new Set(live);
    if (isNode(node['handler'])) this.walk(node['handler']['body'] as AnyNode, caught, exits);
    const { thrown } = this;
    this.thrown = new Set([...thrown, ...caught]);
    within(live, this.thrown);
    this.walk(node['block'] as AnyNode, live, exits);
    within(live, this.thrown);
    this.thrown = thrown;
  }

  /** Each of the ways on its own, from the same end. */
  private ways(nodes: readonly unknown[], live: Names, exits: Exits): void {
    const ends = nodes.map((each) => {
      const own = new Set(live);
      if (isNode(each)) this.walk(each, own, exits);
      return own;
    });
    live.clear();
    for (const each of ends) within(live, each);
  }

  /** What is left of a loop: its head is reached from before it and from its end. */
  private loop(live: Names, isEndless: boolean, round: (head: Names, exits: Exits) => void): void {
    const after = new Set(live);
    const head = new Set<string>();
    let size = -1;
    while (size !== head.size) {
      size = head.size;
      const own = new Set([...head, ...(isEndless ? [] : after)]);
      round(own, { broken: after, continued: new Set(head) });
      within(head, own);
    }
    instead(live, head);
  }

  private for(node: AnyNode, live: Names, exits: Exits): void {
    const part = (key: string, at: Names): void => {
      if (isNode(node[key])) this.walk(node[key], at, exits);
    };
    if (node.type === 'ForInStatement' || node.type === 'ForOfStatement') {
      const left = node['left'] as AnyNode;
      const target = left.type === 'VariableDeclaration' ? listOf(left, 'declarations')[0]?.['id'] : left;
      this.loop(live, false, (head, own) => {
        within(own.continued, head);
        this.walk(node['body'] as AnyNode, head, own);
        this.given(target, head);
      });
      part('right', live);
      return;
    }
    const isDo = node.type === 'DoWhileStatement';
    this.loop(live, !isNode(node['test']), (head, own) => {
      if (isDo) {
        part('test', head);
        within(own.continued, head);
        this.walk(node['body'] as AnyNode, head, own);
        return;
      }
      // From the end of a round: what comes next is the test.
      const next = new Set(head);
      part('test', next);
      part('update', next);
      instead(own.continued, next);
      this.walk(node['body'] as AnyNode, next, own);
      within(head, next);
      part('test', head);
    });
    part('init', live);
  }

  private switch(node: AnyNode, live: Names, exits: Exits): void {
    const after = new Set(live);
    const cases = listOf(node, 'cases');
    const starts = new Set(cases.some((each) => each['test'] === null) ? [] : after);
    for (const each of cases.slice().reverse()) {
      for (const one of listOf(each, 'consequent').slice().reverse()) this.walk(one, live, { ...exits, broken: after });
      within(starts, live);
    }
    instead(live, starts);
    for (const each of cases.slice().reverse()) if (isNode(each['test'])) this.walk(each['test'], live, exits);
    within(live, starts);
    this.walk(node['discriminant'] as AnyNode, live, exits);
  }

  private assigned(node: AnyNode, live: Names, exits: Exits): void {
    const [left, right] = [node['left'] as AnyNode, node['right'] as AnyNode];
    const isPlain = node['operator'] === '=';
    if (nameOf(left) === '') {
      // The object and the place are asked for first, and used last.
      this.operands(left, live);
      this.walk(right, live, exits);
      this.walk(left, live, exits);
      return;
    }
    this.given(left, live, isPlain ? nameOf(right) : '');
    if (!isPlain) this.walk(left, live, exits);
    this.walk(right, live, exits);
    if (!isPlain) this.walk(left, live, exits);
  }

  private operands(node: AnyNode, live: Names): void {
    for (const each of childrenOf(node)) if (this.local(each) !== '' && !isName(each, node)) live.add(nameOf(each));
  }

  private walk(node: AnyNode, live: Names, exits: Exits): void {
    const value = node['argument'];
    switch (node.type) {
      case 'Identifier':
        if (this.local(node) !== '') live.add(nameOf(node));
        return;
      case 'AssignmentExpression':
        this.assigned(node, live, exits);
        return;
      case 'UpdateExpression':
        this.given(value, live);
        this.walk(value as AnyNode, live, exits);
        return;
      case 'VariableDeclarator':
        if (!isNode(node['init'])) return;
        this.given(node['id'], live, nameOf(node['init']));
        this.walk(node['init'], live, exits);
        return;
      case 'LogicalExpression':
        this.ways([node['right'], null], live, exits);
        this.walk(node['left'] as AnyNode, live, exits);
        return;
      case 'ConditionalExpression':
      case 'IfStatement':
        this.ways([node['consequent'], node['alternate']], live, exits);
        this.walk(node['test'] as AnyNode, live, exits);
        return;
      case 'ReturnStatement':
      case 'ThrowStatement':
        instead(live, new Set(this.thrown));
        if (isNode(value)) this.walk(value, live, exits);
        return;
      case 'BreakStatement':
        instead(live, new Set([...exits.broken, ...this.thrown]));
        return;
      case 'ContinueStatement':
        instead(live, new Set([...exits.continued, ...this.thrown]));
        return;
      case 'TryStatement':
        this.try(node, live, exits);
        return;
      case 'SwitchStatement':
        this.switch(node, live, exits);
        return;
      case 'ForStatement':
      case 'ForInStatement':
      case 'ForOfStatement':
      case 'WhileStatement':
      case 'DoWhileStatement':
        this.for(node, live, exits);
        return;
      default:
        if (/^Class/.test(node.type) && isNode(node['superClass'])) this.walk(node['superClass'], live, exits);
        if (isFunction(node) || /^Class/.test(node.type)) return;
        this.operands(node, live);
        for (const each of childrenOf(node).sort((a, b) => b.start - a.start)) if (!isName(each, node)) this.walk(each, live, exits);
    }
  }
}
