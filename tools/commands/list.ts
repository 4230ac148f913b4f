// `mesogun list`: what is in the library. Not responsible for what it says about one entry (show.ts).
import type { Command } from 'commander';
import { listLibrary } from '../../protocols/library.ts';
import type { Session } from '../cli.ts';
import { KINDS } from '../../protocols/schema.ts';
import { EXIT_USAGE, MesogunError } from '../errors.ts';
import { alignColumns } from '../table.ts';

export function addList(program: Command, { desk }: Session): void {
  program
    .command('list')
    .description('protocols, techniques and equipment of the library')
    .argument('[kind]', `only one kind: ${KINDS.join(', ')}`)
    .addHelpText('after', '\nExamples:\n  mesogun list\n  mesogun list technique --json')
    .action((kind: string | undefined, _options: unknown, command: Command) => {
      const wanted = kind?.replace(/s$/, '');
      if (wanted !== undefined && !(KINDS as readonly string[]).includes(wanted)) {
        throw new MesogunError({ exit: EXIT_USAGE, what: `no kind '${kind ?? ''}' in the library`, next: `one of: ${KINDS.join(', ')}` });
      }
      const entries = listLibrary().filter((entry) => wanted === undefined || entry.kind === wanted);
      if (command.optsWithGlobals<{ json?: boolean }>().json === true) {
        desk.out(`${JSON.stringify(entries)}\n`);
        return;
      }
      desk.out(alignColumns(entries.map((entry) => [entry.kind, entry.id, entry.summary === '' ? entry.name : entry.summary])));
    });
}
