// `mesogun device key`: see tools/device/set-key.ts.
import type { Command } from 'commander';
import type { Session } from '../cli.ts';
import { addPortOption } from './options.ts';

export function addKey(device: Command, session: Session): void {
  const command = device
    .command('key')
    .description('give a gun its first service key, its service switch closed')
    .option('--replace', 'set another key on a gun that has one, which must be at hand')
    .addHelpText(
      'after',
      '\nThe key opens the gun to technicians. It lies in MESOGUN_KEY or ~/.config/mesogun/<gun>.key, for its owner only: keep a copy, no one\n' +
        'can read it from the gun.\n\nExamples:\n  mesogun device key --port serial:/dev/ttyUSB0',
    );
  addPortOption(command).action(async (flags: { readonly port?: string; readonly replace?: boolean }, self: Command) => {
    const { withDevice } = await import('../device/open-device.ts');
    const { setKey } = await import('../device/set-key.ts');
    const { desk } = session;
    const done = await withDevice(flags.port, desk, (gun) => setKey(gun, desk, flags.replace === true), true);
    if (self.optsWithGlobals<{ json?: boolean }>().json === true) desk.out(`${JSON.stringify(done)}\n`);
    else desk.say(`gun ${done.device} has ${done.replaced ? 'another' : 'its'} service key; it lies in ${done.file}: keep a copy`);
  });
}
