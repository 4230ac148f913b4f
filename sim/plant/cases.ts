// `npx tsx sim/plant/cases.ts FILE [--json]`: runs the fluid path over a file of cases and prints its marks.
// Not responsible for what a case is (case-format.ts). The one file of the plant that reads and prints.
import { readFileSync } from 'node:fs';
import { CaseError, casesOf, runCase } from './case-format.ts';
import type { CaseResult } from './case-format.ts';

function asText(results: readonly CaseResult[]): string {
  const lines: string[] = [];
  for (const { id, marks } of results) {
    lines.push(id);
    for (const [name, mark] of Object.entries(marks)) {
      const values = Object.entries(mark).map(([key, value]) => `${key} ${value.toFixed(6)}`);
      lines.push(`  ${name.padEnd(18)}  ${values.join('  ')}`);
    }
  }
  return lines.join('\n');
}

/** Exit 2: usage, or a file that is not cases. */
function main(args: readonly string[]): number {
  const [path, ...more] = args.filter((arg) => arg !== '--json');
  if (path === undefined || more.length > 0) {
    process.stderr.write('usage: npx tsx sim/plant/cases.ts FILE [--json]\n');
    return 2;
  }
  try {
    const results = casesOf(JSON.parse(readFileSync(path, 'utf8'))).map(runCase);
    process.stdout.write(args.includes('--json') ? `${JSON.stringify({ cases: results }, null, 1)}\n` : `${asText(results)}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof CaseError || error instanceof SyntaxError || (error instanceof Error && 'code' in error))) throw error;
    process.stderr.write(`error: ${path}: ${error.message}\n`);
    return 2;
  }
}

process.exitCode = main(process.argv.slice(2));
