// For JerryScript as Kaluma builds it: a variable of an outer function is searched for name by name, the last declared first. So the
// variables become elements of one array, declared last, and the functions that ticks call most stand right before it.
// Source: JerryScript, ecma-helpers.c, ecma_find_named_property; Measured: 3 µs and 0.335 µs a name passed over, on an emulated RP2040.
// Not responsible for Espruino, whose arrays are lists: its image keeps names (image.ts). Runs at the desk.
import { HOT } from './hot.ts';
import { OuterFunction } from './outer-function.ts';
import type { AnyNode, Edit } from './syntax.ts';
import { applied, isNode, listOf, nameOf } from './syntax.ts';

/** The array; no function may have a variable of that name. */
export const ARRAY = '$';
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

/** The minified script with its variables in one array and its functions in order of use. */
export function packed(text: string): string {
  const script = new OuterFunction(text);
  /** What stays a name. */
  const named: { name: string; text: string }[] = [];
  const places = new Map<string, number>();
  const uses = new Map<string, number>();
  script.outerNames((node) => uses.set(nameOf(node), (uses.get(nameOf(node)) ?? 0) + 1));
  const declarations = script.declarations();
  const isCode = (one: AnyNode): boolean => isNode(one['init']) && /Function|Class/.test(one['init'].type);
  const isHot = (one: AnyNode): boolean => rank(nameOf(one['id'])) >= 0;
  for (const { node } of declarations)
    for (const one of listOf(node, 'declarations')) if (!isCode(one) && !isHot(one)) places.set(nameOf(one['id']), 0);
  // Those most spoken of have the shortest numbers.
  [...places.keys()].sort((a, b) => (uses.get(b) ?? 0) - (uses.get(a) ?? 0)).forEach((name, index) => places.set(name, index));
  const edits: Edit[] = [];
  script.outerNames((node, isShort) => {
    const place = places.get(nameOf(node));
    if (place !== undefined) edits.push([node.start, node.end, `${isShort ? `${nameOf(node)}:` : ''}${ARRAY}[${String(place)}]`]);
  });
  const render = (node: AnyNode): string =>
    applied(
      text,
      edits.filter(([start, end]) => start >= node.start && end <= node.end),
      node.start,
      node.end,
    );
  const statements: Edit[] = [];
  for (const { node, parent } of declarations) {
    const left: string[] = [];
    for (const one of listOf(node, 'declarations')) {
      const isLoopHead = /^For(In|Of)/.test(parent.type);
      const name = nameOf(one['id']);
      if (isCode(one)) named.push({ name, text: render(one) });
      else {
        if (isHot(one)) named.push({ name, text: name });
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
  const grown = `(n=>{for(var a=[];n--;)a.push(void 0);return a})(${String(places.size)})`;
  const head = `var ${[...named.map((each) => each.text), `${ARRAY}=${grown}`].join(',')};`;
  return `${text.slice(0, script.body.start + 1)}${head}${body}${text.slice(script.body.end - 1)}`;
}
