// `mesogun new`: a file to start from, copied from the library, with its schema beside it so that an editor completes and
// checks it. Overwrites nothing. Not responsible for judging what becomes of it (check.ts).
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { jsonSchemaOf } from '../../protocols/json-schema.ts';
import { find, idsOf } from '../../protocols/library.ts';
import { nearestWord } from '../../protocols/nearest-word.ts';
import type { Session } from '../cli.ts';
import { EXIT_FILE, EXIT_USAGE, MesogunError } from '../errors.ts';

const KINDS = ['technique', 'protocol'] as const;
type NewKind = (typeof KINDS)[number];

interface Flags {
  readonly from: string;
  readonly id?: string;
  readonly out?: string;
}

/** The text of a new file: the library's with another id, without the library's figures being claimed for it. */
function textOfNew(kind: NewKind, { from, id }: Flags): string {
  const file = find(kind, from);
  if (file === null) {
    const nearest = nearestWord(from, idsOf(kind));
    const next = nearest === undefined ? `one of: ${idsOf(kind).join(', ')}` : `did you mean ${nearest}?`;
    throw new MesogunError({ exit: EXIT_USAGE, what: `the library has no ${kind} '${from}'`, next });
  }
  const provenance = [{ what: 'all figures', source: `copied from ${from} of the library: say here where yours come from`, grade: 'E' }];
  const copy = {
    ...file,
    $schema: `./${kind}.schema.json`,
    id: id ?? `my-${from}`.slice(0, 40),
    name: `My ${file.name}`.slice(0, 60),
    provenance,
  };
  return `${JSON.stringify(copy, null, 2)}\n`;
}

function writeNew(path: string, text: string): void {
  if (existsSync(path)) throw new MesogunError({ exit: EXIT_FILE, what: `${path} is there already`, next: 'name another file with --out' });
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { flag: 'wx' });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new MesogunError({ exit: EXIT_FILE, what: `cannot write ${path}`, why, next: 'check the folder and its permissions' });
  }
}

export function addNew(program: Command, { desk }: Session): void {
  program
    .command('new')
    .description('a technique or protocol of your own, copied from the library')
    .argument('<kind>', KINDS.join(' or '))
    .requiredOption('--from <id>', 'library id to start from')
    .option('--id <id>', 'id of the new one (default my-<id>)')
    .option('--out <file>', 'where to write it (default <id>.json)')
    .addHelpText('after', '\nExamples:\n  mesogun new technique --from nappage\n  mesogun new protocol --from mesolift-face --id our-lift')
    .action((kind: string, flags: Flags) => {
      const known = KINDS.find((each) => each === kind);
      if (known === undefined) throw new MesogunError({ exit: EXIT_USAGE, what: `no new '${kind}'`, next: `one of: ${KINDS.join(', ')}` });
      const text = textOfNew(known, flags);
      const { id } = JSON.parse(text) as { id: string };
      if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(id))
        throw new MesogunError({ exit: EXIT_USAGE, what: `'${id}' is no id`, next: 'lower-case letters, digits and hyphens, at most 40' });
      const path = flags.out ?? `${id}.json`;
      writeNew(path, text);
      const schema = join(dirname(path), `${known}.schema.json`);
      if (!existsSync(schema)) writeNew(schema, `${JSON.stringify(jsonSchemaOf(known), null, 2)}\n`);
      desk.out(`${path}\n`);
      desk.say(`wrote ${path} and ${schema}; next: change it, then mesogun check ${path}`);
    });
}
