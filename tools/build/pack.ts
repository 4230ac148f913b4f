// For JerryScript as Kaluma builds it: a variable of an outer function is searched for name by name, the last declared first. So the
// variables become elements of one array, the functions of another, and only what ticks ask for most keeps a name, right before these.
// Source: JerryScript, ecma-helpers.c, ecma_find_named_property; Measured: 3 µs and 0.335 µs a name passed over, on an emulated RP2040.
// Not responsible for Espruino, whose arrays are lists: its image keeps names (image.ts). Runs at the desk.
import { HOT } from './hot.ts';
import { OuterFunction } from './outer-function.ts';
import { outerArray } from './registers.ts';
import type { AnyNode, Edit } from './syntax.ts';
import { applied, isNode, listOf, nameOf } from './syntax.ts';

/** The arrays of variables and of functions; no function may have a variable of these names. */
export const ARRAY = '$';
export const FUNCTIONS = '_';
/** Names of the packed script that the minifier may give to nothing else. */
export const ARRAY_NAMES: readonly string[] = [ARRAY, FUNCTIONS, outerArray(ARRAY), outerArray(FUNCTIONS)];
const SIGNS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
/** Names that stay through the minifier, the hottest last. */
export const HOT_NAMES: readonly string[] = HOT.map((_, index) => ARRAY + (SIGNS[index] ?? `_${String(index)}`));

/** Gives the hottest functions, and what ticks ask most of the runtime, the names of HOT_NAMES. Before minifying. */
export function withHotNames(text: string): string {
  const script = new OuterFunction(text);
  const hotOf = new Map(HOT.map((name, index) => [name, HOT_NAMES[index] ?? '']));
  const declared = new Set(script.declared());
  const edits: Edit[] = [];
  const globals = new Map<string, string>();
  script.outerNames((node, isShort) => {
    const name = nameOf(node);
    const hot = hotOf.get(name);
    if (hot === undefined) return;
    if (!declared.has(name)) globals.set(name, hot);
    edits.push([node.start, node.end, isShort ? `${name}:${hot}` : hot]);
  });
  // The runtime's own, once more under a name of the script.
  const own = [...globals].map(([name, hot]) => `${hot}=${name}`);
  const at = script.body.start + 1;
  if (own.length > 0) edits.push([at, at, `var ${own.join(',')};`]);
  return applied(text, edits);
}

const rank = (name: string): number => HOT_NAMES.indexOf(name);

/** Places in an array, the shortest numbers for those most spoken of. */
function placed(names: Iterable<string>, uses: ReadonlyMap<string, number>): Map<string, number> {
  const sorted = [...names].sort((a, b) => (uses.get(b) ?? 0) - (uses.get(a) ?? 0));
  return new Map(sorted.map((name, index) => [name, index]));
}

/** The minified script with its variables in one array and its functions in another. */
export function packed(text: string): string {
  const script = new OuterFunction(text);
  const uses = new Map<string, number>();
  script.outerNames((node) => uses.set(nameOf(node), (uses.get(nameOf(node)) ?? 0) + 1));
  const declarations = script.declarations();
  const all = declarations.flatMap(({ node }) => listOf(node, 'declarations'));
  // A class that extends another needs it made before: it stays among the statements, as a variable does.
  const isCode = (one: AnyNode): boolean =>
    isNode(one['init']) && /Function|Class/.test(one['init'].type) && !isNode(one['init']['superClass']);
  const cold = all.filter((one) => rank(nameOf(one['id'])) < 0);
  const variables = placed(new Set(cold.filter((one) => !isCode(one)).map((one) => nameOf(one['id']))), uses);
  const functions = placed(new Set(cold.filter(isCode).map((one) => nameOf(one['id']))), uses);
  const edits: Edit[] = [];
  const put = (node: AnyNode, isShort: boolean, array: string, place: number): void => {
    edits.push([node.start, node.end, `${isShort ? `${nameOf(node)}:` : ''}${array}[${String(place)}]`]);
  };
  script.outerNames((node, isShort) => {
    const name = nameOf(node);
    const variable = variables.get(name);
    const code = functions.get(name);
    if (variable !== undefined) put(node, isShort, ARRAY, variable);
    else if (code !== undefined) put(node, isShort, FUNCTIONS, code);
  });
  const render = (node: AnyNode): string =>
    applied(
      text,
      edits.filter(([start, end]) => start >= node.start && end <= node.end),
      node.start,
      node.end,
    );
  /** What stays a name, and the functions by their place. */
  const named: { name: string; text: string }[] = [];
  const codes: string[] = [];
  const statements: Edit[] = [];
  for (const { node, parent } of declarations) {
    const left: string[] = [];
    for (const one of listOf(node, 'declarations')) {
      const isLoopHead = /^For(In|Of)/.test(parent.type);
      const name = nameOf(one['id']);
      const place = functions.get(name);
      if (place !== undefined) codes[place] = render(one['init'] as AnyNode);
      else if (isCode(one)) named.push({ name, text: render(one) });
      else {
        if (rank(name) >= 0) named.push({ name, text: name });
        if (isNode(one['init']) || isLoopHead) left.push(render(one));
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
  // Grown one by one, it stays an array without holes, which is one that needs no search.
  const grown = `(n=>{for(var a=[];n--;)a.push(void 0);return a})(${String(variables.size)})`;
  const arrays = [`${FUNCTIONS}=[${codes.join(',')}]`, `${ARRAY}=${grown}`];
  const head = `var ${[...named.map((each) => each.text), ...arrays].join(',')};`;
  return `${text.slice(0, script.body.start + 1)}${head}${body}${text.slice(script.body.end - 1)}`;
}
