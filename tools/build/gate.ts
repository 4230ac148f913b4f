// What an image may not contain, looked for in the built file itself: what its engine lacks, gets wrong or pays for, and what
// belongs to tests. Not responsible for building (image.ts). Runs at the desk.
import type { Node } from 'acorn';
import { parse } from 'acorn';

export interface Finding {
  readonly rule: 'language' | 'ascii' | 'label' | 'regex' | 'hoisting' | 'error-subclass' | 'strict' | 'banned' | 'test-hook' | 'size';
  /** What and where: an excerpt of the image. */
  readonly says: string;
}

/** What an image is meant to stay below, bytes. Source: 2 B of JerryScript heap a byte of code, and 128 KB of heap for a session. */
export const IMAGE_BYTES_MAX = 48 * 1024;

/** Globals that an engine lacks, or that a gun has no business with. Ports know their runtime by name, never by these. */
const BANNED_GLOBALS = [
  ...['eval', 'Function', 'Map', 'Set', 'WeakMap', 'WeakSet', 'Symbol', 'Promise', 'Proxy', 'Reflect', 'BigInt', 'RegExp', 'Date'],
  ...['console', 'process', 'print', 'load', 'save', 'reset', 'attachInterrupt', 'setWatch', 'globalThis', 'Atomics'],
];
/** Members that at least one of the engines lacks or gets wrong. */
const BANNED_MEMBERS: Readonly<Record<string, readonly string[]>> = {
  Math: ['imul', 'trunc', 'hypot', 'clz32', 'log2', 'log10', 'cbrt', 'fround', 'random', 'sign', 'expm1', 'log1p', 'sinh', 'cosh', 'tanh'],
  Object: ['freeze', 'assign', 'entries', 'values', 'fromEntries', 'seal', 'getOwnPropertyNames'],
  Number: ['isInteger', 'isFinite', 'isNaN', 'isSafeInteger', 'MAX_SAFE_INTEGER', 'EPSILON'],
  Array: ['from', 'of'],
};
/** Marks of tests and of the simulator. */
const TEST_HOOKS = ['vitest', '__test', 'mesogun-sim', '% world', 'VirtualBoard'];

/** A node of any kind: its fields by name. */
type AnyNode = Node & Readonly<Record<string, unknown>>;
const isNode = (value: unknown): value is AnyNode => typeof value === 'object' && value !== null && 'type' in value;

/** The names of a node's fields that hold nodes, each node in them; parents first. */
function walk(node: AnyNode, visit: (node: AnyNode, parent: AnyNode | null) => void, parent: AnyNode | null = null): void {
  visit(node, parent);
  for (const value of Object.values(node)) {
    if (Array.isArray(value)) {
      for (const each of value) if (isNode(each)) walk(each, visit, node);
    } else if (isNode(value)) walk(value, visit, node);
  }
}

const nameOf = (value: unknown): string => (isNode(value) && value.type === 'Identifier' ? String(value['name']) : '');

/** True where an identifier names a variable, not a property or a key. */
function isReference(node: AnyNode, parent: AnyNode | null): boolean {
  if (parent === null) return true;
  if (parent.type === 'MemberExpression') return parent['object'] === node || parent['computed'] === true;
  if (parent.type === 'Property' || parent.type === 'MethodDefinition') return parent['value'] === node || parent['computed'] === true;
  return true;
}

/** Function declarations that stand behind other statements, or in a block: without hoisting they are not there when called. */
function lateFunctions(body: readonly AnyNode[], inBlock: boolean): AnyNode[] {
  const late: AnyNode[] = [];
  let others = inBlock;
  for (const statement of body) {
    if (statement.type === 'FunctionDeclaration') {
      if (others) late.push(statement);
    } else if (typeof statement['directive'] !== 'string') others = true;
  }
  return late;
}

/** What of ES2015 at least one engine lacks. Source: Espruino 2v29 on Linux, each tried; `let` loses its block in places there. */
const NOT_EVERYWHERE = [
  ...['ObjectPattern', 'ArrayPattern', 'SpreadElement', 'RestElement', 'AssignmentPattern', 'TaggedTemplateExpression'],
  ...['YieldExpression', 'MetaProperty', 'ImportDeclaration'],
];
const isBeyond = (node: AnyNode): boolean =>
  NOT_EVERYWHERE.includes(node.type) ||
  node['generator'] === true ||
  (node.type === 'VariableDeclaration' && node['kind'] !== 'var') ||
  (node.type === 'Identifier' && node['name'] === 'of') ||
  ((node.type === 'Property' || node.type === 'MethodDefinition') && node['computed'] === true);

function judge(node: AnyNode, parent: AnyNode | null, say: (rule: Finding['rule'], node: AnyNode) => void): void {
  const { type } = node;
  if (isBeyond(node)) say('language', node);
  if (type === 'LabeledStatement') say('label', node);
  if (type === 'Literal' && 'regex' in node) say('regex', node);
  if (type === 'DebuggerStatement') say('test-hook', node);
  if (node['directive'] === 'use strict') say('strict', node);
  if (type === 'ClassDeclaration' || type === 'ClassExpression') {
    if (/Error$/.test(nameOf(node['superClass']))) say('error-subclass', node);
  }
  if (type === 'CallExpression' && nameOf(node['callee']) === '__extends') {
    if ((node['arguments'] as AnyNode[]).some((each) => /Error$/.test(nameOf(each)))) say('error-subclass', node);
  }
  if (type === 'Program' || type === 'BlockStatement') {
    const isBody = parent === null || /Function/.test(parent.type);
    for (const late of lateFunctions(node['body'] as AnyNode[], !isBody)) say('hoisting', late);
  }
  if (type === 'Identifier' && BANNED_GLOBALS.includes(String(node['name'])) && isReference(node, parent)) say('banned', parent ?? node);
  if (type === 'MemberExpression' && nameOf(node['object']) in BANNED_MEMBERS) {
    if (BANNED_MEMBERS[nameOf(node['object'])]?.includes(nameOf(node['property'])) === true) say('banned', node);
  }
}

/** Place of the first character beyond printable ASCII, −1 for none. */
function firstForeign(text: string): number {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 126) return at;
  return -1;
}

/** Everything that must not be in an image, its bytes above the budget among it; empty for a good one. */
export function gate(text: string): Finding[] {
  const found: Finding[] = [];
  const foreign = firstForeign(text);
  if (foreign >= 0) found.push({ rule: 'ascii', says: `character ${String(foreign)} is not ASCII` });
  for (const hook of TEST_HOOKS) if (text.includes(hook)) found.push({ rule: 'test-hook', says: hook });
  const above = text.length - IMAGE_BYTES_MAX;
  if (above > 0) found.push({ rule: 'size', says: `${above} bytes above the budget of ${IMAGE_BYTES_MAX}` });
  let program: unknown;
  try {
    program = parse(text, { ecmaVersion: 2015, sourceType: 'script' });
  } catch (error) {
    found.push({ rule: 'language', says: `${error instanceof Error ? error.message : String(error)}: not ES2015` });
    return found;
  }
  if (!isNode(program)) throw new Error('the parser answers no tree');
  walk(program, (node, parent) => {
    judge(node, parent, (rule, at) => found.push({ rule, says: text.slice(at.start, Math.min(at.end, at.start + 60)) }));
  });
  return found;
}
