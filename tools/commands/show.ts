// `mesogun show`: one library entry or file as a page for people, or the whole file for programs.
import type { Command } from 'commander';
import { describeFile } from '../../protocols/describe.ts';
import { reachLines } from '../../protocols/needle-reach.ts';
import { formatProblems } from '../../protocols/problems.ts';
import { settingLines } from '../../protocols/settings-text.ts';
import type { Session } from '../cli.ts';
import { EXIT_FILE, MesogunError } from '../errors.ts';
import { checkSource } from '../source.ts';

const SETTINGS = 'Settings (--set key=value)';

export function addShow(program: Command, { desk }: Session): void {
  program
    .command('show')
    .description('one entry of the library, or a file, as a page')
    .argument('<id|file>', 'library id or path of a JSON file')
    .addHelpText('after', '\nExamples:\n  mesogun show nappage\n  mesogun show mesolift-face --json')
    .action((name: string, _options: unknown, command: Command) => {
      const { file, problems, treatment } = checkSource(name);
      if (file === null) {
        const next = `mend these places; mesogun check ${name} tells when it is right`;
        throw new MesogunError({ exit: EXIT_FILE, what: `'${name}' is refused`, why: formatProblems(problems), next });
      }
      const json = command.optsWithGlobals<{ json?: boolean }>().json === true;
      const more = file.kind === 'needle' ? reachLines(file) : treatment === null ? [] : ['', SETTINGS, ...settingLines(treatment)];
      desk.out(`${json ? JSON.stringify(file) : [describeFile(file), ...more].join('\n')}\n`);
    });
}
