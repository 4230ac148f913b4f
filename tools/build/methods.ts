// Which methods of classes that are made more than once need no object to be found by: every call names the one it means. By types.
// Not responsible for rewriting (flatten.ts). Runs at the desk.
import type tsModule from 'typescript';
import type { ClassNode, Families } from './families.ts';
import { visitAll } from './families.ts';

type Method = tsModule.MethodDeclaration;

export class Methods {
  private readonly all: Families;
  /** Methods that may be called without anybody knowing which. */
  private readonly kept = new Set<Method>();
  private readonly called = new Map<tsModule.PropertyAccessExpression, Method>();

  constructor(all: Families, files: readonly tsModule.SourceFile[]) {
    this.all = all;
    for (const file of files)
      visitAll(all.ts, file, (node) => {
        if (all.ts.isPropertyAccessExpression(node)) this.judge(node);
      });
  }

  /** The method that a callee means, when it is a function now. */
  target(node: tsModule.PropertyAccessExpression): Method | null {
    const method = this.called.get(node);
    return method && this.isFree(method) ? method : null;
  }

  freeIn(one: ClassNode): readonly Method[] {
    return one.members.filter((each): each is Method => this.isFree(each));
  }

  isFree(node: tsModule.Node): boolean {
    const { ts } = this.all;
    return ts.isMethodDeclaration(node) && ts.isClassDeclaration(node.parent) && this.isPlural(node.parent) && !this.kept.has(node);
  }

  private isPlural(one: ClassNode): boolean {
    return this.all.of(one) === null;
  }

  private judge(node: tsModule.PropertyAccessExpression): void {
    const { ts } = this.all;
    const declarations = this.all.symbolOf(node.name)?.declarations ?? [];
    const methods = new Set(declarations.flatMap((each) => this.meantBy(each, node)));
    const [only] = methods;
    const isCall = ts.isCallExpression(node.parent) && node.parent.expression === node;
    if (methods.size === 1 && only && isCall) this.called.set(node, only);
    else for (const each of methods) this.kept.add(each);
  }

  /** Methods of plural classes that an access to that declaration may reach. */
  private meantBy(declaration: tsModule.Declaration, node: tsModule.PropertyAccessExpression): Method[] {
    const { all } = this;
    const { ts } = all;
    const isMember = ts.isMethodDeclaration(declaration) && ts.isClassDeclaration(declaration.parent);
    if (isMember && node.expression.kind === ts.SyntaxKind.SuperKeyword) return this.isPlural(declaration.parent) ? [declaration] : [];
    if (!isMember && !ts.isMethodSignature(declaration) && !ts.isPropertySignature(declaration)) return [];
    // The type of `this` stands for its class.
    const type = all.checker.getApparentType(all.checker.getTypeAtLocation(isMember ? node.expression : declaration.parent));
    const isReached = (each: ClassNode): boolean => all.checker.isTypeAssignableTo(all.checker.getTypeAtLocation(each), type);
    const made = all.made().filter(isReached);
    const found = made.flatMap((each) => this.resolve(each, declaration.name.getText()));
    return isMember || (made.every((each) => this.isPlural(each)) && !all.hasLiteral(type)) ? found : this.keep(found);
  }

  private keep(methods: readonly Method[]): Method[] {
    for (const each of methods) this.kept.add(each);
    return [];
  }

  private resolve(one: ClassNode, name: string): Method[] {
    const { ts } = this.all;
    for (let at: ClassNode | null = one; at; at = this.all.baseOf(at)) {
      const found = at.members.find((each) => each.name?.getText() === name);
      if (found) return ts.isMethodDeclaration(found) && found.body && this.isPlural(at) ? [found] : [];
    }
    return [];
  }
}
