// `mesogun ports`: the serial ports here and what hangs on them; nothing is opened.
import type { Command } from 'commander';
import type { Session } from '../cli.ts';
import { alignColumns } from '../table.ts';

const EXAMPLES = `
Examples:
  mesogun ports
  mesogun ports --json`;

export function addPorts(program: Command, session: Session): void {
  program
    .command('ports')
    .description('serial ports of this machine, and which may be a gun')
    .addHelpText('after', EXAMPLES)
    .action(async (_options: unknown, self: Command) => {
      const { listPorts } = await import('../flash/ports.ts');
      const found = await listPorts();
      const { desk } = session;
      if (self.optsWithGlobals<{ json?: boolean }>().json === true) desk.out(`${JSON.stringify(found)}\n`);
      else desk.out(alignColumns(found.map((each) => [each.port, each.kind, each.usb ?? '-', each.serial ?? '-', each.says])));
      if (found.length === 0) desk.say('no serial port; plug the board in with a data cable');
    });
}
