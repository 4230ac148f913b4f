// `mesogun device programmes list|load|remove`: see tools/device/shelf.ts.
import type { Command } from 'commander';
import type { Session } from '../cli.ts';
import { alignColumns } from '../table.ts';
import { addPortOption, addSetOption, wholeNumber } from './options.ts';

const EXAMPLES = `
Examples (the gun in another terminal: mesogun sim-device --tcp 7001):
  mesogun device programmes load mesolift-face --port tcp://127.0.0.1:7001
  mesogun device programmes list --port tcp://127.0.0.1:7001
  mesogun device programmes remove mesolift-face --port tcp://127.0.0.1:7001
The virtual gun of this process (no --port) forgets its programmes when the command ends.`;

interface Flags {
  readonly port?: string;
  readonly slot?: number;
  readonly set?: readonly string[];
}

const wantsJson = (self: Command): boolean => self.optsWithGlobals<{ json?: boolean }>().json === true;

export function addProgrammes(device: Command, session: Session): void {
  const { desk } = session;
  const programmes = device.command('programmes').description('programmes kept on the gun for its panel').addHelpText('after', EXAMPLES);
  addPortOption(programmes.command('list').description('what the eight slots keep')).action(async (flags: Flags, self: Command) => {
    const { withDevice } = await import('../device/open-device.ts');
    const { readShelf, shelfRows } = await import('../device/shelf.ts');
    const kept = await withDevice(flags.port, desk, ({ link }) => readShelf(link));
    desk.out(wantsJson(self) ? `${JSON.stringify(kept)}\n` : alignColumns(shelfRows(kept)));
  });
  const load = programmes
    .command('load')
    .description('plan a protocol and keep it on the gun')
    .argument('<id|file>', 'library id or path of a JSON file')
    .option('--slot <n>', 'which slot, 1 to 8 (default: that of the same name, else the first empty one)', wholeNumber(1, 8));
  addPortOption(addSetOption(load)).action(async (name: string, flags: Flags, self: Command) => {
    const { withDevice } = await import('../device/open-device.ts');
    const { keepProgramme } = await import('../device/shelf.ts');
    const { readyToRun } = await import('../source.ts');
    const { formatProblems } = await import('../../protocols/problems.ts');
    const ready = readyToRun(name, flags.set ?? []);
    if (ready.warnings.length > 0) desk.say(formatProblems(ready.warnings));
    const slot = await withDevice(flags.port, desk, ({ link }) => keepProgramme(link, ready.plan.program, flags.slot));
    if (wantsJson(self)) desk.out(`${JSON.stringify({ slot, protocol: ready.treatment.protocol.id })}\n`);
    else desk.out(`${ready.treatment.protocol.id} is programme ${slot} of the gun\n`);
  });
  const remove = programmes
    .command('remove')
    .description('empty a slot')
    .argument('<slot|name>', 'number of the slot, or name of the programme');
  addPortOption(remove).action(async (which: string, flags: Flags, self: Command) => {
    const { withDevice } = await import('../device/open-device.ts');
    const { removeProgramme } = await import('../device/shelf.ts');
    const removed = await withDevice(flags.port, desk, ({ link }) => removeProgramme(link, which));
    if (wantsJson(self)) desk.out(`${JSON.stringify(removed)}\n`);
    else desk.out(`slot ${removed.slot} is empty; it kept ${removed.name}\n`);
  });
}
