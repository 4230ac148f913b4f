// Plain values that a constructor gives to fields of a single object before anybody can have asked for them: they may as well be there
// from the start, as first values of the variables that the fields become. By types. Not responsible for rewriting (flatten.ts). Runs at the desk.
import type tsModule from 'typescript';
import type { ClassNode, Families } from './families.ts';
import { nameIn, selfOf, visitAll } from './families.ts';

/** The field of `this` that a statement sets to a plain value, with that value; null of any other statement. */
function plainSet(all: Families, statement: tsModule.Statement): { name: string; value: string } | null {
  const { ts } = all;
  const set = ts.isExpressionStatement(statement) ? statement.expression : null;
  if (!set || !ts.isBinaryExpression(set) || set.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return null;
  const { left, right } = set;
  const isOwn = ts.isPropertyAccessExpression(left) && left.expression.kind === ts.SyntaxKind.ThisKeyword;
  const value = isOwn ? all.plainText(right) : null;
  return isOwn && value !== null ? { name: left.name.text, value } : null;
}

/** First values of fields by the statements of a constructor that give them. */
export function firstValues(all: Families, one: ClassNode): Map<tsModule.Statement, { name: string; value: string }> {
  const { ts } = all;
  const found = new Map<tsModule.Statement, { name: string; value: string }>();
  const made = one.members.find(ts.isConstructorDeclaration);
  const family = all.of(one);
  if (!family || all.baseOf(one) !== null) return found;
  const fieldOf = (name: string): tsModule.PropertyDeclaration | undefined => {
    const member = one.members.find((each) => each.name?.getText() === name);
    return member && ts.isPropertyDeclaration(member) ? member : undefined;
  };
  const seen = new Set<string>();
  for (const statement of made?.body?.statements ?? []) {
    const set = plainSet(all, statement);
    const field = set && fieldOf(set.name);
    if (set && field && !field.initializer && !seen.has(set.name) && all.isFlat(family, set.name)) found.set(statement, set);
    const asked: string[] = [];
    visitAll(ts, statement, (node) => {
      if (node.kind === ts.SyntaxKind.ThisKeyword) asked.push(ts.isPropertyAccessExpression(node.parent) ? node.parent.name.text : '');
    });
    for (const name of asked) seen.add(name);
    // A method, or whoever is given the object, may set any of its fields.
    if (!asked.every((name) => fieldOf(name))) break;
  }
  return found;
}

/** The variables that were fields of single objects, with first values; those most spoken of first, where an engine finds them first. */
export function preludeOf(all: Families, uses: ReadonlyMap<string, number>): string {
  const { ts } = all;
  const fields: (readonly [string, string])[] = [];
  for (const family of all.all) {
    if (all.hasObject(family)) fields.push([selfOf(family), '']);
    const values = new Map(
      family.chain.flatMap((one) => [...firstValues(all, one).values()].map(({ name, value }) => [name, value] as const)),
    );
    for (const [name, member] of family.members) {
      if (!all.isFlat(family, name) || !ts.isPropertyDeclaration(member)) continue;
      const value = (member.initializer && all.plainText(member.initializer)) ?? values.get(name) ?? null;
      fields.push([nameIn(member.parent as ClassNode, name), value === null ? '' : `=${value}`]);
    }
  }
  fields.sort(([a], [b]) => (uses.get(b) ?? 0) - (uses.get(a) ?? 0));
  return fields.length > 0 ? `var ${fields.map(([name, first]) => name + first).join(',')};` : '';
}
