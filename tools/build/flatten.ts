// Takes the objects out of an image where only one of a kind is ever made: its fields become variables, its methods functions. Neither
// `this.` nor chains of fields stay, and the minifier can inline, fold and drop. Before bundling; same behaviour.
// Not responsible for which classes (families.ts) nor for bundling and shortening (image.ts). Runs at the desk.
import type tsModule from 'typescript';
import { refuseComparedArrays } from './compared-arrays.ts';
import { Equality } from './equality.ts';
import type { ClassNode, Family, Ts } from './families.ts';
import { Families, nameIn, selfOf } from './families.ts';
import { firstValues, preludeOf } from './first-values.ts';
import { Methods } from './methods.ts';

export interface Flattened {
  /** Changed sources by path from the root. */
  readonly texts: ReadonlyMap<string, string>;
  /** The variables that were fields, to stand before everything else; those most spoken of first, where an engine finds them first. */
  readonly prelude: string;
  /** For people: what stays an object, and why. */
  readonly kept: readonly string[];
}

/** What is left of a class. */
interface Parts {
  readonly inits: string[];
  readonly functions: string[];
  readonly stays: string[];
  readonly made: tsModule.ConstructorDeclaration | undefined;
}

class FileFlattener {
  private readonly edits: { readonly start: number; readonly end: number; readonly text: string }[] = [];
  private readonly imports = new Map<string, string>();
  private readonly all: Families;
  private readonly methods: Methods;
  private readonly equality: Equality;
  private readonly file: tsModule.SourceFile;
  /** How often each variable and function is named. */
  private readonly uses: Map<string, number>;

  constructor(all: Families, methods: Methods, equality: Equality, file: tsModule.SourceFile, uses: Map<string, number>) {
    this.all = all;
    this.equality = equality;
    this.methods = methods;
    this.file = file;
    this.uses = uses;
    this.visit(file);
  }

  text(): string {
    const imports = [...this.imports].map(([name, path]) => `import { ${name} } from '${path}';\n`);
    return imports.join('') + this.render(0, this.file.text.length);
  }

  /** The text of a stretch with the edits in it; of two that overlap, the outer one. */
  private render(start: number, end: number): string {
    let text = '';
    let at = start;
    for (const edit of [...this.edits].sort((a, b) => a.start - b.start || b.end - a.end)) {
      if (edit.start < at || edit.end > end) continue;
      text += this.file.text.slice(at, edit.start) + edit.text;
      at = edit.end;
    }
    return text + this.file.text.slice(at, end);
  }

  private slice(node: tsModule.Node): string {
    return this.render(node.getStart(), node.end);
  }

  private replace(node: tsModule.Node, text: string): void {
    this.edits.push({ start: node.getStart(), end: node.end, text });
  }

  private used(name: string): string {
    this.uses.set(name, (this.uses.get(name) ?? 0) + 1);
    return name;
  }

  /** Functions of other files have to be imported; variables stand before everything. */
  private name(one: ClassNode, member: string): string {
    const name = this.used(nameIn(one, member));
    const declared = one.members.find((each) => each.name?.getText() === member);
    const isFunction = !declared || !this.all.ts.isPropertyDeclaration(declared);
    if (isFunction && one.getSourceFile() !== this.file) this.imports.set(name, one.getSourceFile().fileName);
    return name;
  }

  private classAround(node: tsModule.Node): ClassNode | null {
    for (let at = node; !this.all.ts.isSourceFile(at); at = at.parent) if (this.all.ts.isClassDeclaration(at)) return at;
    return null;
  }

  private baseAround(node: tsModule.Node): ClassNode | null {
    const one = this.classAround(node);
    return one && this.all.of(one) && this.all.baseOf(one);
  }

  private visit(node: tsModule.Node): void {
    const { all } = this;
    const { ts } = all;
    if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return;
    if (ts.isPropertyAccessExpression(node) && this.access(node)) return;
    ts.forEachChild(node, (child) => {
      this.visit(child);
    });
    this.withoutGone(node);
    if (this.equality.isShorter(node)) this.replace(node.operatorToken, node.operatorToken.getText().slice(0, 2));
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) this.call(node, node.expression);
    if (ts.isIdentifier(node) && node !== (node.parent as { name?: tsModule.Node }).name) {
      const declaration = all.symbolOf(node)?.valueDeclaration;
      if (declaration && ts.isParameter(declaration) && all.isGone(declaration)) this.replace(node, '0');
    } else if (ts.isNewExpression(node)) {
      this.edits.push({ start: node.getStart(), end: node.expression.end, text: this.maker(node) });
    } else if (ts.isClassDeclaration(node)) {
      const family = all.of(node);
      this.replace(node, family ? this.classText(node, family) : this.pluralText(node));
    } else if (node.kind === ts.SyntaxKind.ThisKeyword) {
      const family = all.of(this.classAround(node));
      if (family) this.replace(node, all.hasObject(family) ? this.used(selfOf(family)) : '0');
      else if (this.isInFree(node)) this.replace(node, 'self');
    } else if (node.kind === ts.SyntaxKind.SuperKeyword && ts.isCallExpression(node.parent)) {
      const base = this.baseAround(node);
      if (base) this.replace(node, this.name(base, 'new'));
    }
  }

  /** Leaves out what would only hand a flattened object on: parameters, arguments and fields of an object literal. */
  private withoutGone(node: tsModule.Node): void {
    const { all } = this;
    const { ts } = all;
    if (ts.isFunctionLike(node) && 'body' in node && node.body) {
      this.list(node.parameters, (each) => !all.isGone(each));
    } else if ((ts.isCallExpression(node) || ts.isNewExpression(node)) && node.arguments) {
      this.withoutGoneArguments(node, node.arguments);
    } else if (ts.isObjectLiteralExpression(node)) {
      this.list(
        node.properties,
        (each) => !ts.isPropertyAssignment(each) || !all.isPure(each.initializer) || !all.isGone(each.initializer),
      );
    }
  }

  /** What is called in place of `new` and a class. */
  private maker(node: tsModule.NewExpression): string {
    const one = this.all.symbolOf(node.expression)?.valueDeclaration;
    const family = this.all.of(one);
    return one && family && !this.all.hasObject(family) ? this.name(one as ClassNode, 'new') : `new ${this.slice(node.expression)}`;
  }

  /** Which arguments of a call nobody takes any more. */
  private goneIn(node: tsModule.CallExpression | tsModule.NewExpression): (_: tsModule.Expression, index: number) => boolean {
    const parameters = this.all.checker.getResolvedSignature(node)?.parameters ?? [];
    return (_, index) => {
      const declaration = parameters[index]?.valueDeclaration;
      return declaration !== undefined && this.all.isGone(declaration);
    };
  }

  /** An argument that does something is done before the call. */
  private withoutGoneArguments(
    node: tsModule.CallExpression | tsModule.NewExpression,
    given: tsModule.NodeArray<tsModule.Expression>,
  ): void {
    const { all } = this;
    const isGone = this.goneIn(node);
    const before = given.filter((each, index) => isGone(each, index) && !all.isPure(each));
    const rest = given.filter((each, index) => !isGone(each, index)).map((each) => this.slice(each));
    const called = all.ts.isNewExpression(node) ? this.maker(node) : this.slice(node.expression);
    const call = `${called}(${rest.join(', ')})`;
    if (before.length === 0) this.list(given, (each, index) => !isGone(each, index));
    else this.replace(node, `(${[...before.map((each) => this.slice(each)), call].join(', ')})`);
  }

  private list<T extends tsModule.Node>(nodes: tsModule.NodeArray<T>, stays: (node: T, index: number) => boolean): void {
    const left = nodes.filter(stays);
    if (left.length === nodes.length) return;
    this.edits.push({ start: nodes.pos, end: nodes.end, text: left.map((each) => this.slice(each)).join(', ') });
  }

  /** Replaces an access to a member that is none any more. Returns true when nothing is left to look at in it. */
  private access(node: tsModule.PropertyAccessExpression): boolean {
    const { all } = this;
    const target = all.target(node);
    if (!target || !all.isFlat(target.family, target.name)) return false;
    const declared = target.family.members.get(target.name) as tsModule.ClassElement;
    let base = node.expression.kind === all.ts.SyntaxKind.SuperKeyword ? this.baseAround(node) : null;
    while (base && !base.members.some((each) => each.name?.getText() === target.name)) base = all.baseOf(base);
    const name = this.name(base ?? (declared.parent as ClassNode), target.name);
    this.replace(node, all.ts.isGetAccessorDeclaration(declared) ? `${name}()` : name);
    return true;
  }

  private isInFree(node: tsModule.Node): boolean {
    let at = node;
    while (!this.all.ts.isClassElement(at) && !this.all.ts.isSourceFile(at)) at = at.parent;
    return this.methods.isFree(at);
  }

  /** A call of a method that is a function: the object comes first. */
  private call(node: tsModule.CallExpression, callee: tsModule.PropertyAccessExpression): void {
    const { all } = this;
    const method = this.methods.target(callee);
    if (!method) return;
    const name = this.name(method.parent as ClassNode, method.name.getText());
    const isSuper = callee.expression.kind === all.ts.SyntaxKind.SuperKeyword;
    const object = !isSuper ? this.slice(callee.expression) : this.isInFree(node) ? 'self' : 'this';
    const isGone = this.goneIn(node);
    if (node.arguments.some((each, index) => isGone(each, index) && !all.isPure(each))) throw new Error(`${name}: a lost argument`);
    const hasMore = node.arguments.some((each, index) => !isGone(each, index));
    this.edits.push({ start: node.getStart(), end: node.arguments.pos, text: `${name}(${object}${hasMore ? ', ' : ''}` });
  }

  /** A class of many objects: its free methods are functions after it. */
  private pluralText(one: ClassNode): string {
    const free = this.methods.freeIn(one);
    const functions = free.map((each) => {
      const parameters = each.parameters.filter((parameter) => !this.all.isGone(parameter)).map((parameter) => parameter.name.getText());
      const body = each.body ? this.slice(each.body) : '';
      return `export function ${nameIn(one, each.name.getText())}(${['self', ...parameters].join(', ')}) ${body}`;
    });
    let text = '';
    let at = one.getStart();
    for (const each of free) {
      text += this.render(at, each.pos);
      at = each.end;
    }
    return [text + this.render(at, one.end), ...functions].join('\n');
  }

  private classText(one: ClassNode, family: Family): string {
    const { all } = this;
    const made = one.members.find(all.ts.isConstructorDeclaration);
    const parts: Parts = { inits: [], functions: [], stays: [], made };
    for (const member of one.members) {
      if (member === made || !member.name) continue;
      const name = member.name.getText();
      if (!all.isFlat(family, name)) parts.stays.push(this.slice(member));
      else if (all.ts.isPropertyDeclaration(member)) {
        const first = member.initializer;
        if (first && all.plainText(first) === null) parts.inits.push(`${nameIn(one, name)} = ${this.slice(first)};`);
      } else parts.functions.push(`export function ${nameIn(one, name)}${this.render(member.name.end, member.end)}`);
    }
    if (all.hasObject(family)) return this.objectText(one, family, parts);
    return [...parts.functions, this.makerText(one, parts)].join('\n');
  }

  /** A function in place of the constructor: what the base does, the first values, the body. */
  private makerText(one: ClassNode, { inits, made }: Parts): string {
    const base = this.all.baseOf(one);
    const parameters = this.parametersOf(one);
    const statements = this.statementsOf(one, made);
    if (base && !made) statements.push(`${this.name(base, 'new')}(${parameters});`);
    statements.splice(base ? 1 : 0, 0, ...inits);
    return `export function ${nameIn(one, 'new')}(${parameters}) {\n${statements.join('\n')}\n}`;
  }

  private statementsOf(one: ClassNode, made: tsModule.ConstructorDeclaration | undefined): string[] {
    const first = firstValues(this.all, one);
    return (made?.body?.statements ?? []).filter((each) => !first.has(each)).map((each) => this.slice(each));
  }

  /** Names of what its constructor takes, or that of its nearest base that has one. */
  private parametersOf(one: ClassNode): string {
    const { all } = this;
    for (let at: ClassNode | null = one; at; at = all.baseOf(at)) {
      const made = at.members.find((each) => all.ts.isConstructorDeclaration(each));
      if (!made) continue;
      const left = made.parameters.filter((each) => !all.isGone(each));
      return left.map((each) => each.name.getText()).join(', ');
    }
    return '';
  }

  /** What stays of a class whose object somebody needs. */
  private objectText(one: ClassNode, family: Family, { inits, functions, stays, made }: Parts): string {
    if (family.chain.length > 1) throw new Error(`${nameIn(one, 'self')}: ${[...family.kept.values()].join('; ')}`);
    const statements = this.statementsOf(one, made);
    const maker = [`constructor(${this.parametersOf(one)}) {`, `${this.used(selfOf(family))} = this;`, ...inits, ...statements, '}'];
    return [`export class ${one.name?.text ?? ''} {`, ...stays, ...maker, '}', ...functions].join('\n');
  }
}

/** The sources of an image without their single objects. `paths` are those sources, from the root, which ends in a slash. */
export function flatten(ts: Ts, root: string, paths: readonly string[]): Flattened {
  const config: unknown = ts.readConfigFile(`${root}tsconfig.device.json`, (path) => ts.sys.readFile(path)).config;
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const full = paths.map((path) => root + path);
  const program = ts.createProgram(full, options);
  const files = full.flatMap((path) => program.getSourceFile(path) ?? []);
  const checker = program.getTypeChecker();
  refuseComparedArrays(ts, checker, files);
  const all = new Families(ts, checker, files);
  const uses = new Map<string, number>();
  const methods = new Methods(all, files);
  const equality = new Equality(ts, checker, files);
  const flat = (file: tsModule.SourceFile): string => new FileFlattener(all, methods, equality, file, uses).text();
  const texts = new Map(files.map((file) => [file.fileName.slice(root.length), flat(file)]));
  const kept = all.all.flatMap((family) => [...family.kept.values()].map((why) => `${selfOf(family)}: ${why}`));
  return { texts, prelude: preludeOf(all, uses), kept };
}
