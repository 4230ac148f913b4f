// For JerryScript as Kaluma builds it: a variable of an outer function is searched for name by name, the last declared first. So what ticks
// ask for becomes elements of arrays of variables and of functions, and only what they ask for most keeps a name, right before these. What
// they hardly ever ask for keeps one too, far before, where it is in nobody's way: a name is shorter than an element.
// Source: JerryScript, ecma-helpers.c, ecma_find_named_property; Measured: 3 µs and 0.335 µs a name passed over, on an emulated RP2040.
// Not responsible for Espruino, whose arrays are lists: its image keeps names (image.ts). Runs at the desk.
import { grouped } from './groups.ts';
import { HOT, TEPID, WARM } from './hot.ts';
import { OuterFunction } from './outer-function.ts';
import { outerArray } from './registers.ts';
import type { AnyNode, Edit } from './syntax.ts';
import { applied, isFunction, isNode, listOf, nameOf, some } from './syntax.ts';

/** The arrays of variables and of functions, as few as may be; no function may have a variable of these names. */
export const VARIABLES: readonly string[] = ['$', 'G'];
export const FUNCTIONS: readonly string[] = ['_'];
export const ARRAYS: readonly string[] = [...FUNCTIONS, ...VARIABLES];
/** Elements whose number has one digit, and two. */
const SHORTEST = 10;
const SHORT = 100;
/** Names of the packed script that the minifier may give to nothing else. */
export const ARRAY_NAMES: readonly string[] = [...ARRAYS, ...ARRAYS.map((name) => outerArray(ARRAYS, name))];
/** What keeps a name, in the order in which it is declared: an engine looks from the end. */
export const NAMED: readonly string[] = [...TEPID, ...HOT];
/** Their names through the minifier. */
export const NAMED_AS: readonly string[] = NAMED.map((_, index) => `$n${String(index)}`);
const MAKERS_AS: readonly string[] = NAMED_AS.filter((_, index) => NAMED[index]?.startsWith('make$'));
/** The name of what makes a typed array, '' for one that has none. */
export const keptMaker = (array: string): string => NAMED_AS[NAMED.indexOf(`make$${array}`)] ?? '';

/** Names through the minifier of what shares the arrays. */
export const WARM_AS: readonly string[] = WARM.map((_, index) => `$w${String(index)}`);

/** Gives what ticks ask for most, the runtime's own too, the names of NAMED_AS, and what goes into arrays those of WARM_AS. */
export function withNames(text: string, runtimesToo = true): string {
  const script = new OuterFunction(text);
  const nameFor = new Map(NAMED.map((name, index) => [name, NAMED_AS[index] ?? '']));
  const declared = new Set(script.declared());
  for (const [index, name] of WARM.entries()) if (declared.has(name) && !nameFor.has(name)) nameFor.set(name, WARM_AS[index] ?? '');
  const edits: Edit[] = [];
  const globals = new Map<string, string>();
  script.outerNames((node, isShort) => {
    const name = nameOf(node);
    const named = nameFor.get(name);
    if (named === undefined || !(runtimesToo || declared.has(name))) return;
    if (!declared.has(name)) globals.set(name, named);
    edits.push([node.start, node.end, isShort ? `${name}:${named}` : named]);
  });
  // The runtime's own, once more under a name of the script.
  const own = [...globals].map(([name, as]) => `${as}=${name}`);
  const at = script.body.start + 1;
  if (own.length > 0) edits.push([at, at, `var ${own.join(',')};`]);
  return applied(text, edits);
}

const rank = (name: string): number => NAMED_AS.indexOf(name);

/** True for a variable that is a function. A class that extends another needs it made before: it stays among the statements. */
const isCode = (one: AnyNode): boolean =>
  isNode(one['init']) && /Function|Class/.test(one['init'].type) && !isNode(one['init']['superClass']);

/**
 * What the script gives to variables before it does anything else: they hold that from the start. Lists and typed arrays among them, and
 * whatever else needs nothing but numbers, texts and the functions that make such arrays.
 */
function firstValues(text: string, body: AnyNode): Map<AnyNode, string> {
  const found = new Map<AnyNode, string>();
  const first = listOf(body, 'body').find((each) => each.type !== 'FunctionDeclaration');
  const given = new Set<string>();
  for (const one of first?.type === 'VariableDeclaration' ? listOf(first, 'declarations') : []) {
    const value = one['init'];
    if (!isNode(value) || isCode(one)) continue;
    const isFirst = !some(value, (each) => nameOf(each) !== '' && !MAKERS_AS.includes(nameOf(each))) && !some(value, isFunction);
    if (!isFirst && value.type !== 'Identifier') break;
    if (isFirst && !given.has(nameOf(one['id']))) found.set(one, text.slice(value.start, value.end));
    given.add(nameOf(one['id']));
  }
  return found;
}

/** The elements that are not 0 from the start: those most spoken of have the shortest numbers, then all of these, then the others. */
function ordered(group: readonly string[], firsts: ReadonlyMap<string, string>): string[] {
  const [short, rest] = [group.slice(0, SHORTEST), group.slice(SHORTEST)];
  const isGiven = (name: string): boolean => (firsts.get(name) ?? '0') !== '0';
  return [...short, ...rest.filter(isGiven), ...rest.filter((name) => !isGiven(name))];
}

/** The numbers of the functions around each use of a name; 0 where there is none: that is asked for once. */
function usesOf(script: OuterFunction): Map<string, Map<number, number>> {
  const uses = new Map<string, Map<number, number>>();
  script.outerNames((node, _, __, around) => {
    const owner = around.at(-1)?.start ?? 0;
    const found = uses.get(nameOf(node)) ?? new Map<number, number>();
    uses.set(nameOf(node), found.set(owner, (found.get(owner) ?? 0) + 1));
  });
  return uses;
}

/**
 * The minified script with what ticks ask for of its variables in arrays, of its functions in another; with all of them where no number
 * needs three digits. A variable to which nothing was given yet is 0, not
 * undefined. Throws for a script that asks whether something is undefined.
 */
export function packed(text: string): string {
  if (/\bvoid 0\b|\bundefined\b/.test(text)) throw new Error('a variable that was not set yet is 0 in an image: ask for something else');
  const script = new OuterFunction(text);
  const uses = usesOf(script);
  const declarations = script.declarations();
  const all = declarations.flatMap(({ node }) => listOf(node, 'declarations'));
  const nameless = all.filter((one) => rank(nameOf(one['id'])) < 0);
  const inArrays = (isOne: (one: AnyNode) => boolean, arrays: readonly string[]): Set<string> => {
    const names = [...new Set(nameless.filter(isOne).map((one) => nameOf(one['id'])))];
    return new Set(names.length <= arrays.length * SHORT ? names : names.filter((name) => WARM_AS.includes(name)));
  };
  const variables = inArrays((one) => !isCode(one), VARIABLES);
  const functions = inArrays(isCode, FUNCTIONS);
  const isNamed = (name: string): boolean => !variables.has(name) && !functions.has(name);
  const values = firstValues(text, script.body);
  const firsts = new Map([...values].map(([one, value]) => [nameOf(one['id']), value]));
  const variableGroups = grouped([...variables], uses, VARIABLES.length).map((group) => ordered(group, firsts));
  const functionGroups = grouped([...functions], uses, FUNCTIONS.length);
  const places = new Map<string, string>();
  const place = (groups: readonly string[][], arrays: readonly string[]): void => {
    for (const [index, group] of groups.entries())
      for (const [at, name] of group.entries()) places.set(name, `${arrays[index] ?? ''}[${String(at)}]`);
  };
  place(variableGroups, VARIABLES);
  place(functionGroups, FUNCTIONS);
  const edits: Edit[] = [];
  script.outerNames((node, isShort) => {
    const found = places.get(nameOf(node));
    if (found !== undefined) edits.push([node.start, node.end, `${isShort ? `${nameOf(node)}:` : ''}${found}`]);
  });
  const render = (node: AnyNode): string =>
    applied(
      text,
      edits.filter(([start, end]) => start >= node.start && end <= node.end),
      node.start,
      node.end,
    );
  /** What stays a name, and the functions by their place. */
  const named: { name: string; text: string; code?: string }[] = [];
  const codes = new Map<string, string>();
  const statements: Edit[] = [];
  for (const { node, parent } of declarations) {
    const left: string[] = [];
    for (const one of listOf(node, 'declarations')) {
      const isLoopHead = /^For(In|Of)/.test(parent.type);
      const name = nameOf(one['id']);
      if (functions.has(name)) codes.set(name, render(one['init'] as AnyNode));
      else if (isCode(one)) named.push({ name, text: name, code: render(one) });
      else {
        const value = values.get(one);
        if (isNamed(name)) named.push({ name, text: value === undefined ? name : `${name}=${value}` });
        if ((isNode(one['init']) && value === undefined) || isLoopHead) left.push(render(one));
      }
    }
    const isHead = parent.type.startsWith('For') && node !== parent['body'];
    const isListed = /^(BlockStatement|SwitchCase|Program)$/.test(parent.type);
    const end = isHead || (isListed && left.length === 0) ? '' : ';';
    statements.push([node.start, node.end, left.join(',') + end]);
  }
  const rest = edits.filter(([start, end]) => !statements.some(([from, to]) => start >= from && end <= to));
  const body = applied(text, [...rest, ...statements], script.body.start + 1, script.body.end - 1);
  named.sort((a, b) => rank(a.name) - rank(b.name));
  /** What an array of variables holds before it grows. */
  const held = variableGroups.map((group) => {
    const all = group.map((name) => firsts.get(name) ?? '0');
    return all.slice(0, all.findLastIndex((value) => value !== '0') + 1);
  });
  const made = [
    ...VARIABLES.map((name, index) => `${name}=[${(held[index] ?? []).join(',')}]`),
    ...FUNCTIONS.map((name, index) => `${name}=[${(functionGroups[index] ?? []).map((each) => codes.get(each)).join(',')}]`),
  ];
  // The engine takes names in the order in which the text first speaks of them: no function before the last of them.
  const isMaker = ({ name, code }: { name: string; code?: string }): boolean => code !== undefined && MAKERS_AS.includes(name);
  const first = [...named.filter(isMaker).map(({ code }) => code), ...named.filter((each) => !isMaker(each)).map((each) => each.text)];
  const head = `var ${[...first, ...made].join(',')};`;
  const later = named.flatMap((each) => (isMaker(each) ? [] : (each.code ?? []))).join(',');
  // Grown one by one, they stay arrays without holes, which are such as need no search.
  const lacks = variableGroups.map((group, index) => group.length - (held[index] ?? []).length);
  const size = (held[0] ?? []).length + Math.max(...lacks);
  const grown = VARIABLES.map((name) => `${name}.push(0)`)
    .reverse()
    .join(',');
  const growing = Math.max(...lacks) > 0 ? `for(;${grown}<${String(size)};);` : '';
  return `${text.slice(0, script.body.start + 1)}${head}${later}${later && ';'}${growing}${body}${text.slice(script.body.end - 1)}`;
}
