// Refuses sources that ask whether two typed arrays are one: Espruino answers whether they hold the same, and makes two texts of them to find
// out. Arrays and objects it compares as others do. Source: Espruino 2v29, src/jsvar.c, jsvMathsOp. By types; runs at the desk.
import type tsModule from 'typescript';
import type { Ts } from './families.ts';
import { visitAll } from './families.ts';

/** Throws at the first such comparison, with its file and line. */
export function refuseComparedArrays(ts: Ts, checker: tsModule.TypeChecker, files: readonly tsModule.SourceFile[]): void {
  const isView = (node: tsModule.Expression): boolean =>
    /^\w*\d(Clamped)?Array$/.test(checker.getTypeAtLocation(node).getSymbol()?.name ?? '');
  const asks: readonly tsModule.SyntaxKind[] = [ts.SyntaxKind.EqualsEqualsEqualsToken, ts.SyntaxKind.ExclamationEqualsEqualsToken];
  for (const file of files)
    visitAll(ts, file, (node) => {
      if (!ts.isBinaryExpression(node) || !asks.includes(node.operatorToken.kind) || !isView(node.left) || !isView(node.right)) return;
      const line = file.getLineAndCharacterOfPosition(node.getStart()).line + 1;
      throw new Error(`${file.fileName}:${String(line)}: Espruino takes two typed arrays that hold the same for one: ask something else`);
    });
}
