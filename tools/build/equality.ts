// `===` of two numbers may as well be `==`: the same answer, a character less, and less work for Espruino. By types; a cast that makes a number
// of something else would make them lie and is refused. Not responsible for rewriting (flatten.ts). Runs at the desk.
import type tsModule from 'typescript';
import type { Ts } from './families.ts';
import { visitAll } from './families.ts';

export class Equality {
  private readonly ts: Ts;
  private readonly checker: tsModule.TypeChecker;

  /** Throws at the first cast that makes a number or a truth value of something that is not known to be one. */
  constructor(ts: Ts, checker: tsModule.TypeChecker, files: readonly tsModule.SourceFile[]) {
    this.ts = ts;
    this.checker = checker;
    for (const file of files)
      visitAll(ts, file, (node) => {
        if (ts.isAsExpression(node)) this.judge(file, node);
      });
  }

  /** True for a comparison whose operator may as well be one character shorter. */
  isShorter(node: tsModule.Node): node is tsModule.BinaryExpression {
    const { ts } = this;
    if (!ts.isBinaryExpression(node)) return false;
    const { left, operatorToken, right } = node;
    const { EqualsEqualsEqualsToken, ExclamationEqualsEqualsToken } = ts.SyntaxKind;
    if (operatorToken.kind !== EqualsEqualsEqualsToken && operatorToken.kind !== ExclamationEqualsEqualsToken) return false;
    const kind = this.kindOf(left);
    return kind !== 'other' && kind === this.kindOf(right);
  }

  /** Undefined beside it does no harm: `==` holds that for equal to itself and to null alone. */
  private kindOf(node: tsModule.Expression): 'number' | 'truth' | 'other' {
    const { NumberLike, BooleanLike, Undefined } = this.ts.TypeFlags;
    const parts = this.parts(this.checker.getTypeAtLocation(node)).filter((each) => (each.flags & Undefined) === 0);
    const only = (flags: tsModule.TypeFlags): boolean => parts.length > 0 && parts.every((each) => (each.flags & flags) !== 0);
    return only(NumberLike) ? 'number' : only(BooleanLike) ? 'truth' : 'other';
  }

  /** What a type may be, without the names that units give to numbers. */
  private parts(type: tsModule.Type): tsModule.Type[] {
    if (type.isUnion()) return type.types.flatMap((each) => this.parts(each));
    const base = type.isIntersection() ? type.types.find((each) => each.flags & this.ts.TypeFlags.NumberLike) : null;
    return [base ?? type];
  }

  private judge(file: tsModule.SourceFile, node: tsModule.AsExpression): void {
    if (this.kindOf(node) === 'other' || this.kindOf(node) === this.kindOf(node.expression) || this.isTaken(node.parent)) return;
    const line = file.getLineAndCharacterOfPosition(node.getStart()).line + 1;
    throw new Error(`${file.fileName}:${String(line)}: a cast makes a number of something else: ask with typeof`);
  }

  /** True where an operator makes a number of whatever it is given. */
  private isTaken(around: tsModule.Node): boolean {
    const { ts } = this;
    if (ts.isParenthesizedExpression(around)) return this.isTaken(around.parent);
    return ts.isBinaryExpression(around) && /^([&|^]|<<|>>>?)$/.test(around.operatorToken.getText());
  }
}
