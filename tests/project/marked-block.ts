// A block between two HTML comments in a Markdown file, kept equal to what a test prints. UPDATE=1 rewrites it.
import { writeFileSync } from 'node:fs';
import { ROOT, textOf } from './tree.ts';

/** The block `<!-- name -->…<!-- /name -->` of a file; with UPDATE=1 it is first replaced by `printed`. '' when there is no block. */
export function markedBlock(path: string, name: string, printed: string): string {
  const [open, close] = [`<!-- ${name} -->\n`, `<!-- /${name} -->`];
  const text = textOf(path);
  const from = text.indexOf(open);
  const to = text.indexOf(close);
  if (from < 0 || to < from) return '';
  if (process.env['UPDATE'] !== undefined) {
    writeFileSync(ROOT + path, text.slice(0, from + open.length) + printed + text.slice(to));
    return printed;
  }
  return text.slice(from + open.length, to);
}

/** A Markdown table, one line a row, ending in a newline. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  return line(head) + `|${head.map(() => '---').join('|')}|\n` + rows.map(line).join('');
}
