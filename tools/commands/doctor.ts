// `mesogun doctor`: what this machine offers, what a missing piece costs and how to get it; see tools/doctor.ts.
import type { Command } from 'commander';
import type { Session } from '../cli.ts';
import { examine, thisMachine } from '../doctor.ts';
import { EXIT_UNEXPECTED } from '../errors.ts';
import { alignColumns } from '../table.ts';

export function addDoctor(program: Command, session: Session): void {
  program
    .command('doctor')
    .description('what this machine offers, what a missing piece would cost, and how to get it')
    .action(async (_options: unknown, command: Command) => {
      const findings = await examine(thisMachine);
      const { desk } = session;
      if (command.optsWithGlobals<{ json?: boolean }>().json === true) desk.out(`${JSON.stringify(findings)}\n`);
      else
        desk.out(
          alignColumns(
            findings.flatMap((each) => {
              const row = [each.ok ? 'ok' : each.optional ? '--' : 'NO', each.part, each.says];
              return each.next === undefined ? [row] : [row, ['', '', `→ ${each.next}`]];
            }),
          ),
        );
      if (findings.some((each) => !each.ok && !each.optional)) session.exit = EXIT_UNEXPECTED;
    });
}
