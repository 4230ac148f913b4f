// Counts what a built image does: splits it into regions that always run as a whole, lets each count its runs, and knows how many
// operations of each kind a run of it holds. Not responsible for running the image nor for what an operation costs. Desk only.
import type { AnyNode, Function as FunctionNode, Node, Program } from 'acorn';
import { parse } from 'acorn';
import type { Operation } from './operations.ts';
import type { RuntimeName } from '../build/image.ts';
import { OuterFunction } from '../build/outer-function.ts';
import { ARRAY_NAMES } from '../build/pack.ts';
import { OPERATIONS } from './operations.ts';

/** An image that counts, in a global Uint32Array of the given name, how often each region ran. */
export interface Counted {
  readonly text: string;
  readonly regions: number;
  /** Operations of one run of region r: `work[r * OPERATIONS.length + kind]`. */
  readonly work: Float64Array;
  /** Names of the outermost function, and of the runtime, that a run of region r asks for: how often each. */
  readonly names: readonly ReadonlyMap<string, number>[];
}

/** Name of the counters in the image's context. */
export const COUNTERS = '$runs';

const KIND = Object.fromEntries(OPERATIONS.map((name, index) => [name, index])) as Record<Operation, number>;

class Splitter {
  readonly insertions: { at: number; text: string; order: number }[] = [];
  readonly work: number[][] = [];
  readonly names: Map<string, number>[] = [];
  /** Names passed over on the way to an outer one, by where it stands in the text: JerryScript looks at the last declared first. */
  private readonly passed = new Map<number, number>();

  constructor(text: string, runtime: RuntimeName) {
    const isFirstFirst = runtime === 'espruino';
    const head = isFirstFirst ? '(()=>{' : '';
    // A script for Kaluma that is no function called at once has names of its own kind, the global ones.
    if (!isFirstFirst && !text.startsWith('(')) return;
    const outer = new OuterFunction(isFirstFirst ? `${head}${text}})()` : text);
    const declared = outer.declared();
    const before = new Map(declared.map((name, index) => [name, isFirstFirst ? index : declared.length - 1 - index]));
    outer.outerNames((node) => this.passed.set(node.start - head.length, before.get(String(node['name'])) ?? declared.length));
  }

  region(): number {
    this.work.push(OPERATIONS.map(() => 0));
    this.names.push(new Map());
    return this.work.length - 1;
  }

  private insert(at: number, text: string): void {
    this.insertions.push({ at, text, order: this.insertions.length });
  }

  /** At equal places closings come first, then openings from the outside in: insertions are made in that order. */
  text(source: string): string {
    const sorted = [...this.insertions].sort((a, b) => a.at - b.at || a.order - b.order);
    let from = 0;
    let out = '';
    for (const { at, text } of sorted) {
      out += source.slice(from, at) + text;
      from = at;
    }
    return out + source.slice(from);
  }

  private charge(region: number, kind: Operation, count = 1): void {
    const row = this.work[region];
    if (row) row[KIND[kind]] = (row[KIND[kind]] ?? 0) + count;
  }

  private name(node: AnyNode & { name: string }, region: number): void {
    const passed = this.passed.get(node.start);
    if (passed === undefined) return;
    this.charge(region, 'outer name');
    this.charge(region, 'name passed over', passed);
    const names = this.names[region];
    names?.set(node.name, (names.get(node.name) ?? 0) + 1);
  }

  /** An expression that may not run: its own region, counted as it starts. */
  private optional(node: AnyNode): void {
    const region = this.region();
    this.insert(node.start, `(${COUNTERS}[${String(region)}]++,`);
    this.walk(node, region);
    this.insert(node.end, ')');
  }

  /** A statement that may not run, or not once. */
  private branch(node: AnyNode): void {
    const region = this.region();
    const count = `${COUNTERS}[${String(region)}]++;`;
    if (node.type === 'BlockStatement') {
      this.insert(node.start + 1, count);
      for (const each of node.body) this.walk(each, region);
      return;
    }
    this.insert(node.start, `{${count}`);
    this.walk(node, region);
    this.insert(node.end, '}');
  }

  private function(node: FunctionNode): void {
    if (node.body.type === 'BlockStatement') this.branch(node.body);
    else this.optional(node.body);
  }

  private target(node: AnyNode, region: number, reads: boolean): void {
    if (node.type !== 'MemberExpression') {
      this.charge(region, 'assign');
      this.walk(node, region);
      return;
    }
    this.walk(node.object, region);
    if (node.computed) this.walk(node.property, region);
    if (reads) this.charge(region, `read ${kindOf(node)}`);
    this.charge(region, `write ${kindOf(node)}`);
  }

  private loop(node: Extract<AnyNode, { type: 'ForStatement' | 'WhileStatement' | 'DoWhileStatement' }>, region: number): void {
    if (node.type === 'ForStatement' && node.init) this.walk(node.init, region);
    if (node.test) this.optional(node.test);
    if (node.type === 'ForStatement' && node.update) this.optional(node.update);
    const body = this.work.length;
    this.branch(node.body);
    this.charge(body, 'loop');
  }

  private switch(node: Extract<AnyNode, { type: 'SwitchStatement' }>, region: number): void {
    this.walk(node.discriminant, region);
    node.cases.forEach((each, index) => {
      const own = this.region();
      this.charge(own, 'branch', index + 1);
      const first = each.consequent[0];
      if (!first) return;
      this.insert(first.start, `${COUNTERS}[${String(own)}]++;`);
      for (const statement of each.consequent) this.walk(statement, own);
    });
  }

  private call(node: Extract<AnyNode, { type: 'CallExpression' | 'NewExpression' }>, region: number): void {
    this.charge(region, 'argument', node.arguments.length);
    if (node.type === 'NewExpression') this.charge(region, 'create');
    this.charge(region, 'call');
    if (node.callee.type !== 'Super') this.walk(node.callee, region);
    for (const each of node.arguments) this.walk(each, region);
  }

  /** Charges what a node does each time its region runs, and opens regions for what only sometimes runs. */
  walk(node: AnyNode, region: number): void {
    switch (node.type) {
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
        this.charge(region, 'create');
        this.function(node);
        return;
      case 'IfStatement':
        this.charge(region, 'branch');
        this.walk(node.test, region);
        this.branch(node.consequent);
        if (node.alternate) this.branch(node.alternate);
        return;
      case 'ConditionalExpression':
        this.charge(region, 'branch');
        this.walk(node.test, region);
        this.optional(node.consequent);
        this.optional(node.alternate);
        return;
      case 'LogicalExpression':
        this.charge(region, 'branch');
        this.walk(node.left, region);
        this.optional(node.right);
        return;
      case 'ForStatement':
      case 'WhileStatement':
      case 'DoWhileStatement':
        this.loop(node, region);
        return;
      case 'ForOfStatement':
      case 'ForInStatement': {
        this.walk(node.right, region);
        const body = this.work.length;
        this.branch(node.body);
        this.charge(body, 'loop');
        this.charge(body, 'read typed element');
        return;
      }
      case 'SwitchStatement':
        this.switch(node, region);
        return;
      case 'TryStatement':
        this.walk(node.block, region);
        if (node.handler) this.branch(node.handler.body);
        if (node.finalizer) this.walk(node.finalizer, region);
        return;
      case 'AssignmentExpression':
        this.target(node.left, region, node.operator !== '=');
        if (node.operator !== '=') this.charge(region, 'operator');
        this.walk(node.right, region);
        return;
      case 'UpdateExpression':
        this.target(node.argument, region, true);
        return;
      case 'CallExpression':
      case 'NewExpression':
        this.call(node, region);
        return;
      case 'Identifier':
        this.name(node, region);
        return;
      case 'MemberExpression':
        this.charge(region, `read ${kindOf(node)}`);
        this.walk(node.object, region);
        if (node.computed) this.walk(node.property, region);
        return;
      default:
        this.simple(node, region);
    }
  }

  private simple(node: AnyNode, region: number): void {
    if (node.type === 'BinaryExpression' && (node.operator === '/' || node.operator === '%')) this.charge(region, 'division');
    else if (node.type === 'BinaryExpression' || node.type === 'UnaryExpression') this.charge(region, 'operator');
    else if (node.type === 'VariableDeclarator' && node.init) this.charge(region, 'assign');
    else if (node.type === 'ObjectExpression' || node.type === 'ArrayExpression') this.charge(region, 'create');
    else if (node.type === 'TemplateLiteral') this.charge(region, 'operator', 2 * node.expressions.length);
    for (const child of children(node)) this.walk(child, region);
  }
}

/**
 * What a member is of: the packed image's own arrays are plain ones, and so are its objects, whose fields are numbers written out; other
 * elements are nearly all of typed arrays.
 */
function kindOf(node: Extract<AnyNode, { type: 'MemberExpression' }>): 'property' | 'element' | 'typed element' {
  if (!node.computed) return 'property';
  const isOwn = node.object.type === 'Identifier' && ARRAY_NAMES.includes(node.object.name);
  return isOwn || node.property.type === 'Literal' ? 'element' : 'typed element';
}

const isNode = (value: unknown): value is AnyNode => typeof value === 'object' && value !== null && 'type' in value && 'start' in value;

/** Children in the order of the text; keys and names of things declared are none. */
function children(node: Node): AnyNode[] {
  const found: AnyNode[] = [];
  for (const [key, value] of Object.entries(node) as [string, unknown][]) {
    if (key === 'key' || key === 'id' || key === 'label') continue;
    for (const each of Array.isArray(value) ? (value as unknown[]) : [value]) if (isNode(each)) found.push(each);
  }
  return found.sort((a, b) => a.start - b.start);
}

/** Makes an image count. The text must be a script of ES2015 or older. */
export function countedImage(image: string, runtime: RuntimeName): Counted {
  const program: Program = parse(image, { ecmaVersion: 2015 });
  const splitter = new Splitter(image, runtime);
  const whole = splitter.region();
  for (const each of program.body) splitter.walk(each, whole);
  return {
    text: splitter.text(image),
    regions: splitter.work.length,
    work: Float64Array.from(splitter.work.flat()),
    names: splitter.names,
  };
}
