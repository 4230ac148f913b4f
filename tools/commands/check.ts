// `mesogun check`: every problem of a file at once, with its place, the bound, why and the nearest value that would do.
import type { Command } from 'commander';
import { formatProblems } from '../../protocols/problems.ts';
import type { Session } from '../cli.ts';
import { EXIT_FILE } from '../errors.ts';
import { checkSource } from '../source.ts';
import { addSetOption } from './options.ts';

export function addCheck(program: Command, session: Session): void {
  const command = program
    .command('check')
    .description('judge a file or library entry: all problems at once; exit 3 when it may not run')
    .argument('<id|file>', 'library id or path of a JSON file')
    .addHelpText('after', '\nExamples:\n  mesogun check my.json\n  mesogun check mesolift-face --set depthMm=1.5 --json');
  addSetOption(command).action((name: string, options: { set: string[] }, self: Command) => {
    const checked = checkSource(name, options.set);
    const { desk } = session;
    if (!checked.ok) session.exit = EXIT_FILE;
    if (self.optsWithGlobals<{ json?: boolean }>().json === true) {
      desk.out(`${JSON.stringify({ ok: checked.ok, kind: checked.kind, problems: checked.problems })}\n`);
      return;
    }
    if (checked.problems.length > 0) desk.say(formatProblems(checked.problems));
    desk.out(`${name}: ${checked.ok ? `right (${checked.kind ?? 'file'})` : 'refused'}\n`);
  });
}
