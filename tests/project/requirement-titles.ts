// Requirement ids in test titles, read from the sources of the specs. Used by requirements.spec.ts.
import ts from 'typescript';

/** The name a call is made under, without `.each(…)`, `.skipIf(…)` and the like: `it`, `test`, `describe`, or something else. */
function calleeName(node: ts.Expression): string {
  if (ts.isIdentifier(node)) return node.text;
  if (ts.isPropertyAccessExpression(node)) return calleeName(node.expression);
  if (ts.isCallExpression(node)) return calleeName(node.expression);
  return '';
}

function titleText(node: ts.Expression): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node)) return node.head.text + node.templateSpans.map((span) => `…${span.literal.text}`).join('');
  return undefined;
}

/** First strings of the rows of `it.each([…])`: they become titles when the test runs. */
function rowTitles(node: ts.Expression): string[] {
  if (!ts.isCallExpression(node)) return [];
  const [table] = node.arguments;
  if (!table || !ts.isArrayLiteralExpression(table)) return [];
  return table.elements.flatMap((row) => {
    const first = ts.isArrayLiteralExpression(row) ? row.elements[0] : row;
    const text = first ? titleText(first) : undefined;
    return text === undefined ? [] : [text];
  });
}

/** Titles of all tests and groups in a spec, in order of appearance; what is computed in a template shows as `…`. */
export function titlesOf(fileName: string, text: string): string[] {
  const titles: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ['it', 'test', 'describe'].includes(calleeName(node.expression))) {
      const first = node.arguments[0];
      const title = first && node.arguments.length > 1 ? titleText(first) : undefined;
      if (title !== undefined) titles.push(title, ...rowTitles(node.expression));
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(fileName, text, ts.ScriptTarget.Latest));
  return titles;
}

/** R01… and I1… in a title. */
export const idsIn = (title: string): string[] => title.match(/\b(R\d{2,}|I\d{1,2})\b/g) ?? [];

/** What is wrong between the list and the titles, one line each. */
export function judgeRequirements(
  requirements: Readonly<Record<string, { readonly status: string }>>,
  titles: readonly string[],
): string[] {
  const wrong: string[] = [];
  const seen = new Set(titles.flatMap(idsIn));
  for (const [id, { status }] of Object.entries(requirements)) {
    if ((status === 'met' || status === 'hardware') && !seen.has(id)) wrong.push(`${id} is ${status}, but no test has it in its title`);
  }
  for (const title of titles) {
    for (const id of idsIn(title)) {
      if (!(id in requirements)) wrong.push(`${id} stands in a title but not in firmware/requirements.json: "${title}"`);
    }
  }
  return wrong;
}
