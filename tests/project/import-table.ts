// Who may import whom: the table of folders, and the walk that judges one file by it. Used by imports.spec.ts on the tree
// and on planted violations. Not responsible for what the language allows (eslint.config.js).
import { posix } from 'node:path';
import ts from 'typescript';

interface Row {
  /** Files this row judges: a path prefix. The longest matching row wins. */
  readonly from: string;
  /** Path prefixes those files may import. */
  readonly may: readonly string[];
  /** npm packages and node: modules, by exact name or by `node:*`. */
  readonly packages: readonly string[];
  /** What to do instead. */
  readonly instead: string;
}

const CORE_SAYS =
  'It runs on the gun and in the simulator: it may know hal interfaces, nothing else. Pass what you need in as an argument.';

/** The longest matching `from` judges a file. */
export const IMPORT_TABLE: readonly Row[] = [
  { from: 'firmware/', may: ['firmware/', 'hal/'], packages: [], instead: CORE_SAYS },
  { from: 'hal/', may: ['hal/'], packages: [], instead: 'hal is the lowest layer: it knows wires and chips only. Let the core call it.' },
  {
    from: 'protocols/',
    may: ['protocols/', 'firmware/core/', 'hal/units.ts', 'hal/devices.ts'],
    packages: ['zod'],
    instead: 'Protocols are data, laws and sums: take texts and objects as arguments. Files, links and people belong to tools/.',
  },
  {
    from: 'sim/',
    may: ['sim/', 'firmware/', 'hal/', 'protocols/'],
    packages: ['zod'],
    instead: 'The virtual gun knows no files, sockets or people: tools/ hands them in.',
  },
  {
    from: 'sim/operator',
    may: ['sim/', 'hal/', 'firmware/panel/', 'protocols/layers.ts'],
    packages: [],
    instead: 'The operator sees lamps and skin. Planned points come in as an argument.',
  },
  {
    from: 'sim/plant/',
    may: ['sim/plant/', 'sim/random.ts', 'hal/units.ts', 'hal/io.ts', 'protocols/fluid', 'protocols/layers'],
    packages: [],
    instead: 'Physics knows laws and parameters, never the plan, the firmware or a chip. Let the world hand states in.',
  },
  {
    from: 'sim/plant/cases.ts',
    may: ['sim/plant/'],
    packages: ['node:fs'],
    instead: 'The entry that feeds files of cases to the plant reads and prints, nothing else.',
  },
  {
    from: 'sim/chips/',
    may: [
      ...['sim/chips/', 'hal/units.ts', 'hal/io.ts', 'protocols/fluid', 'protocols/layers'],
      // Register names stand once, with the drivers.
      ...['hal/drivers/tmc5240-registers.ts', 'hal/drivers/nau7802-registers.ts'],
    ],
    packages: [],
    instead: 'A chip knows its registers and its pins. What the world does to it comes in through its options.',
  },
  {
    from: 'tools/',
    may: ['tools/', 'firmware/', 'hal/', 'protocols/', 'sim/', 'package.json'],
    packages: [
      'node:*',
      'commander',
      'picocolors',
      'rp2040js',
      'serialport',
      'tsx',
      'uplot',
      'zod',
      'acorn',
      'esbuild',
      'terser',
      'typescript',
    ],
    instead: 'The desk may import all but tests.',
  },
  {
    from: 'tests/',
    may: ['tests/', 'tools/', 'firmware/', 'hal/', 'protocols/', 'sim/', 'eslint.config.js', 'package.json'],
    packages: [
      'node:*',
      'vitest',
      'fast-check',
      'typescript',
      'eslint',
      'zod',
      'serialport',
      'rp2040js',
      'playwright-core',
      'tsx',
      'commander',
      'picocolors',
      'quickjs-emscripten',
      'esbuild',
    ],
    instead: 'Tests import from our folders and the test tools only.',
  },
];

/** Every module a source text names: import, export … from, import(), require and import types. */
export function importsOf(fileName: string, text: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier) {
      if (ts.isStringLiteral(node.moduleSpecifier)) found.push(node.moduleSpecifier.text);
    } else if (ts.isCallExpression(node)) {
      const called = node.expression;
      const asks = called.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(called) && called.text === 'require');
      const first = node.arguments[0];
      if (asks) found.push(first && ts.isStringLiteralLike(first) ? first.text : '(computed)');
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument) && ts.isStringLiteral(node.argument.literal)) {
      found.push(node.argument.literal.text);
    }
    ts.forEachChild(node, visit);
  };
  const options = { languageVersion: ts.ScriptTarget.Latest, jsDocParsingMode: ts.JSDocParsingMode.ParseNone };
  visit(ts.createSourceFile(fileName, text, options));
  return found;
}

const packageName = (specifier: string): string =>
  specifier.startsWith('@') ? specifier.split('/').slice(0, 2).join('/') : (specifier.split('/')[0] ?? specifier);

function allowed(row: Row, file: string, specifier: string): boolean {
  if (specifier.startsWith('.')) {
    const target = posix.normalize(posix.join(posix.dirname(file), specifier));
    return row.may.some((prefix) => target.startsWith(prefix));
  }
  const name = packageName(specifier);
  return row.packages.some((each) => each === name || (each === 'node:*' && specifier.startsWith('node:')));
}

/** Complaints about one file, each with what to do instead; empty when it keeps to the table. `file` is relative to the root. */
export function violations(file: string, text: string): string[] {
  let row: Row | undefined;
  for (const each of IMPORT_TABLE) if (file.startsWith(each.from) && each.from.length > (row?.from.length ?? 0)) row = each;
  if (!row) return [`${file}: no row of the import table covers it. Move it into one of the folders.`];
  const found: string[] = [];
  for (const specifier of importsOf(file, text)) {
    if (!allowed(row, file, specifier)) found.push(`${file} imports ${specifier}: ${row.instead}`);
  }
  return found;
}
