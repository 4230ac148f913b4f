// Which property names of the device code may be shortened in an image: those that our sources declare, less those that a
// runtime, the language or a JSON text knows. Not responsible for the shortening (image.ts). Runs at the desk.
import { readFileSync } from 'node:fs';
import type tsModule from 'typescript';

type Ts = typeof tsModule;

/** Names that the language itself gives to objects, text, numbers, lists and typed arrays. */
function languageNames(): Set<string> {
  const names = new Set(['prototype', 'constructor', '__proto__', '__extends', 'message', 'stack', 'name', 'length']);
  const known: readonly object[] = [
    ...[Object, Array, String, Number, Boolean, Function, Math, JSON, Uint8Array, Int32Array, DataView, ArrayBuffer],
    ...[Object.prototype, Array.prototype, String.prototype, Number.prototype, Function.prototype, DataView.prototype],
    ...[ArrayBuffer.prototype, Uint8Array.prototype, Object.getPrototypeOf(Uint8Array.prototype) as object],
  ];
  for (const each of known) for (const name of Object.getOwnPropertyNames(each)) names.add(name);
  return names;
}

type Kind = 'declared' | 'shape' | 'handed' | 'used' | 'quoted';

/** True for a field of an object that is written where it is handed to something. */
function isHanded(ts: Ts, node: tsModule.Node): boolean {
  const at = node.parent.parent;
  return ts.isCallExpression(at) || ts.isNewExpression(at);
}

/** Calls back with each property name in a text, and how it stands there. */
function eachName(ts: Ts, path: string, text: string, found: (name: string, kind: Kind) => void): void {
  const visit = (node: tsModule.Node): void => {
    if (ts.isPropertyAccessExpression(node)) found(node.name.text, 'used');
    else if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression)) {
      found(node.argumentExpression.text, 'quoted');
    } else if (
      ts.isPropertySignature(node) ||
      ts.isMethodSignature(node) ||
      ts.isPropertyDeclaration(node) ||
      ts.isMethodDeclaration(node) ||
      ts.isAccessor(node) ||
      ts.isPropertyAssignment(node) ||
      ts.isShorthandPropertyAssignment(node)
    ) {
      const isShape = ts.isPropertySignature(node) || ts.isMethodSignature(node);
      if (ts.isIdentifier(node.name)) found(node.name.text, isShape ? 'shape' : isHanded(ts, node) ? 'handed' : 'declared');
      else if (ts.isStringLiteral(node.name)) found(node.name.text, 'quoted');
    } else if (ts.isParameterPropertyDeclaration(node, node.parent) && ts.isIdentifier(node.name)) found(node.name.text, 'declared');
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true));
}

/** Where it stands what a board gives a driver: a port fills that in and asks nothing of the runtime by these names. */
const BOARD = 'hal/io.ts';

/**
 * Names that may be shortened, sorted. `paths` are the sources of one image. Whatever a port mentions stays as it is, but for what a board
 * is made of, unless the port says that the runtime has a name like it or hands the runtime one.
 */
export function ownNames(ts: Ts, root: string, paths: readonly string[]): string[] {
  const own = new Set<string>();
  const board = new Set<string>();
  const kept = languageNames();
  eachName(ts, BOARD, readFileSync(root + BOARD, 'utf8'), (name, kind) => {
    if (kind === 'shape') board.add(name);
  });
  for (const path of paths) {
    const isPort = path.startsWith('hal/ports/');
    eachName(ts, path, readFileSync(root + path, 'utf8'), (name, kind) => {
      const isBoards = board.has(name) && kind !== 'shape' && kind !== 'handed';
      if (kind === 'quoted' || (isPort && !isBoards)) kept.add(name);
      else if (kind !== 'used') own.add(name);
    });
  }
  for (const name of board) own.add(name);
  return [...own].filter((name) => !kept.has(name)).sort();
}
