// `mesogun device set`: see tools/device/set-limit.ts.
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { Session } from '../cli.ts';
import { addPortOption } from './options.ts';

function integer(text: string): number {
  const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(value)) return value;
  throw new InvalidArgumentError('a whole number in the unit of the name, please.');
}

export function addSet(device: Command, session: Session): void {
  const command = device
    .command('set')
    .description('make a limit of the gun smaller, until it is switched off (technician: key, and the service switch held)')
    .argument('<limit>', 'word of a programme, such as depthUm, doseNl, sessionNl or pricks')
    .argument('<value>', 'most that the gun then allows', integer)
    .addHelpText('after', '\nExamples:\n  mesogun device set depthUm 4000 --port serial:/dev/ttyUSB0\n  mesogun device set pricks 100');
  addPortOption(command).action(async (name: string, value: number, flags: { readonly port?: string }, self: Command) => {
    const { withDevice } = await import('../device/open-device.ts');
    const { limitIndex, setLimit } = await import('../device/set-limit.ts');
    const { desk } = session;
    limitIndex(name);
    await withDevice(flags.port, desk, (gun) => setLimit(gun, name, value, desk), true);
    if (self.optsWithGlobals<{ json?: boolean }>().json === true) desk.out(`${JSON.stringify({ limit: name, value })}\n`);
    else desk.say(`${name} is at most ${value} until the gun is switched off`);
  });
}
