// Which classes of an image are made exactly once, alone or at the end of a chain of base classes, and which of their members can
// therefore be variables and functions. By types. Not responsible for rewriting (flatten.ts). Runs at the desk.
import type tsModule from 'typescript';

export type Ts = typeof tsModule;
export type ClassNode = tsModule.ClassDeclaration;

/** A chain of classes of which the last is made exactly once. */
export interface Family {
  /** From the base to the class that is made. */
  readonly chain: readonly ClassNode[];
  /** Members by name, the one of the most derived class; no constructors. */
  readonly members: Map<string, tsModule.ClassElement>;
  /** Names that are reached in a way that needs an object, with the reason. */
  readonly kept: Map<string, string>;
}

export const visitAll = (ts: Ts, node: tsModule.Node, visit: (node: tsModule.Node) => void): void => {
  visit(node);
  ts.forEachChild(node, (child) => {
    visitAll(ts, child, visit);
  });
};

/** A member's variable or function. */
export const nameIn = (one: ClassNode, member: string): string => `${one.name?.text ?? ''}$${member}`;
export const selfOf = (family: Family): string => nameIn(family.chain[family.chain.length - 1] as ClassNode, 'self');

const add = <K, V>(lists: Map<K, V[]>, key: K, value: V): void => {
  lists.set(key, [...(lists.get(key) ?? []), value]);
};

export class Families {
  readonly all: Family[] = [];
  readonly ts: Ts;
  readonly checker: tsModule.TypeChecker;
  private readonly familyOf = new Map<tsModule.Node, Family>();
  /** Interfaces and type literals behind which only one family stands. */
  private readonly aliasOf = new Map<tsModule.Node, Family>();
  private readonly classes: ClassNode[] = [];
  private readonly literals: tsModule.ObjectLiteralExpression[] = [];
  private readonly shapes: (tsModule.InterfaceDeclaration | tsModule.TypeLiteralNode)[] = [];
  private readonly news = new Map<tsModule.Symbol, tsModule.NewExpression[]>();
  private readonly calls = new Map<tsModule.Symbol, tsModule.Node[]>();

  constructor(ts: Ts, checker: tsModule.TypeChecker, files: readonly tsModule.SourceFile[]) {
    this.ts = ts;
    this.checker = checker;
    for (const file of files) visitAll(ts, file, (node) => this.collect(node));
    for (const one of this.classes) this.found(one);
    for (const shape of this.shapes) this.judgeShape(shape);
    for (const file of files) visitAll(ts, file, (node) => this.judgeUse(node));
  }

  /** Classes of which objects are made. */
  made(): ClassNode[] {
    return this.classes.filter((each) => this.madeBy(each).length > 0);
  }

  /** True when an object literal somewhere is of that type. */
  hasLiteral(type: tsModule.Type): boolean {
    return this.literals.some((each) => this.checker.isTypeAssignableTo(this.checker.getTypeAtLocation(each), type));
  }

  symbolOf(node: tsModule.Node): tsModule.Symbol | undefined {
    const symbol = this.checker.getSymbolAtLocation(node);
    return symbol && symbol.flags & this.ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(symbol) : symbol;
  }

  /** The text of a first value that may stand in the prelude, types left out, constants as what they are; null when it needs more than itself. */
  plainText(node: tsModule.Expression): string | null {
    const { ts } = this;
    if (ts.isNumericLiteral(node) || ts.isStringLiteral(node) || node.kind === ts.SyntaxKind.NullKeyword) return node.getText();
    if (ts.isAsExpression(node)) return this.plainText(node.expression);
    if (ts.isPrefixUnaryExpression(node)) {
      const operand = this.plainText(node.operand);
      return operand === null ? null : (ts.tokenToString(node.operator) ?? '') + operand;
    }
    const named = ts.isIdentifier(node) || ts.isPropertyAccessExpression(node) ? this.symbolOf(node)?.valueDeclaration : undefined;
    const isConstant = named && ts.isVariableDeclaration(named) && ts.getCombinedNodeFlags(named) & ts.NodeFlags.Const;
    return isConstant && named.initializer ? this.plainText(named.initializer) : null;
  }

  /** The family of a class; null for one that is made more than once, or never. */
  of(one: tsModule.Node | null | undefined): Family | null {
    return (one && this.familyOf.get(one)) ?? null;
  }

  baseOf(one: ClassNode): ClassNode | null {
    const clause = one.heritageClauses?.find((each) => each.token === this.ts.SyntaxKind.ExtendsKeyword)?.types[0];
    const declaration = clause && this.symbolOf(clause.expression)?.valueDeclaration;
    return declaration && this.ts.isClassDeclaration(declaration) ? declaration : null;
  }

  hasObject(family: Family): boolean {
    return family.kept.size > 0;
  }

  isFlat(family: Family, name: string): boolean {
    return family.members.has(name) && !family.kept.has(name);
  }

  /** Whose member a property access means, if it is a family's. */
  target(node: tsModule.PropertyAccessExpression): { family: Family; name: string } | null {
    const declarations = this.symbolOf(node.name)?.declarations ?? [];
    const families = new Set(declarations.map((each) => this.familyOf.get(each.parent) ?? this.aliasOf.get(each.parent)));
    const [family] = families;
    const name = node.name.text;
    if (families.size === 1) return family ? { family, name } : null;
    for (const each of families) each?.kept.set(name, `${name} is one of several`);
    return null;
  }

  /** True when the type at a node is a class, or an interface with one class behind it, that leaves no object. */
  isGone(node: tsModule.Node): boolean {
    const type = this.checker.getTypeAtLocation(node) as { readonly symbol?: tsModule.Symbol };
    const declaration = type.symbol?.declarations?.[0];
    const family = declaration && (this.familyOf.get(declaration) ?? this.aliasOf.get(declaration));
    return family !== undefined && !this.hasObject(family);
  }

  /** True when leaving the expression out changes nothing else. */
  isPure(node: tsModule.Expression): boolean {
    const { ts } = this;
    if (ts.isPropertyAccessExpression(node) || ts.isParenthesizedExpression(node) || ts.isAsExpression(node))
      return this.isPure(node.expression);
    return ts.isIdentifier(node) || node.kind === ts.SyntaxKind.ThisKeyword || node.kind === ts.SyntaxKind.SuperKeyword;
  }

  private collect(node: tsModule.Node): void {
    const { ts } = this;
    if (ts.isClassDeclaration(node)) this.classes.push(node);
    if (ts.isInterfaceDeclaration(node) || ts.isTypeLiteralNode(node)) this.shapes.push(node);
    if (ts.isObjectLiteralExpression(node)) this.literals.push(node);
    if (ts.isNewExpression(node)) {
      const symbol = this.symbolOf(node.expression);
      if (symbol) add(this.news, symbol, node);
    }
    if (ts.isIdentifier(node) && !ts.isImportSpecifier(node.parent) && !ts.isExportSpecifier(node.parent)) {
      const symbol = this.symbolOf(node);
      const declaration = symbol?.valueDeclaration;
      if (symbol && declaration && ts.isFunctionDeclaration(declaration) && declaration.name !== node) add(this.calls, symbol, node);
    }
  }

  private madeBy(one: ClassNode): readonly tsModule.NewExpression[] {
    const symbol = one.name && this.symbolOf(one.name);
    return (symbol && this.news.get(symbol)) ?? [];
  }

  /** True when the code at a node runs at most once. */
  private runsOnce(node: tsModule.Node): boolean {
    const { ts } = this;
    for (let at = node.parent; !ts.isSourceFile(at); at = at.parent) {
      if (ts.isIterationStatement(at, false) || ts.isMethodDeclaration(at) || ts.isArrowFunction(at)) return false;
      if (ts.isFunctionExpression(at) || ts.isAccessor(at)) return false;
      if (ts.isClassDeclaration(at)) return this.found(at) !== null;
      if (!ts.isFunctionDeclaration(at)) continue;
      const symbol = at.name && this.symbolOf(at.name);
      const uses = (symbol && this.calls.get(symbol)) ?? [];
      const use = uses[0];
      return uses.length === 1 && use !== undefined && ts.isCallExpression(use.parent) && this.runsOnce(use);
    }
    return true;
  }

  private found(one: ClassNode): Family | null {
    const known = this.familyOf.get(one);
    if (known) return known;
    const heirs = this.classes.filter((each) => this.baseOf(each) === one);
    const [made, second] = this.madeBy(one);
    if (heirs[0]) return heirs.length > 1 || made ? null : this.found(heirs[0]);
    if (!made || second || !this.runsOnce(made)) return null;
    const chain: ClassNode[] = [];
    for (let at: ClassNode | null = one; at; at = this.baseOf(at)) {
      const isShared = this.classes.filter((each) => this.baseOf(each) === at).length > 1;
      if (at !== one && (isShared || this.madeBy(at).length > 0)) return null;
      chain.unshift(at);
    }
    const family: Family = { chain, members: new Map(), kept: new Map() };
    for (const each of chain) {
      this.familyOf.set(each, family);
      for (const member of each.members) if (member.name) family.members.set(member.name.getText(), member);
    }
    this.all.push(family);
    return family;
  }

  /** One family alone behind an interface: its name for that family. Others too: what the interface names stays in an object. */
  private judgeShape(shape: tsModule.InterfaceDeclaration | tsModule.TypeLiteralNode): void {
    const { ts, checker } = this;
    if (ts.isInterfaceDeclaration(shape) && shape.typeParameters) return;
    const type = checker.getTypeAtLocation(shape);
    const names = type.getProperties().map((each) => each.name);
    if (names.length === 0) return;
    const fits = (each: tsModule.Node): boolean => checker.isTypeAssignableTo(checker.getTypeAtLocation(each), type);
    const families = new Set(this.classes.filter(fits).map((each) => this.of(each)));
    const [only] = families;
    if (families.size === 1 && only && !this.literals.some(fits) && names.every((name) => only.members.has(name))) {
      this.aliasOf.set(shape, only);
      return;
    }
    const where = `${ts.isInterfaceDeclaration(shape) ? shape.name.text : 'a type'} in ${shape.getSourceFile().fileName}`;
    for (const family of families) for (const name of names) if (family?.members.has(name)) family.kept.set(name, `${name} is in ${where}`);
  }

  private judgeUse(node: tsModule.Node): void {
    if (!this.ts.isPropertyAccessExpression(node)) return;
    const target = this.target(node);
    if (!target) return;
    const { family, name } = target;
    if (!this.isPure(node.expression)) family.kept.set(name, `${name} of ${node.expression.getText()}`);
    if (this.checker.getTypeAtLocation(node.expression).isUnion()) family.kept.set(name, `${name} of something that may be another`);
  }
}
