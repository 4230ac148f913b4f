// `mesogun device info`: see tools/device/info.ts.
import type { Command } from 'commander';
import type { Session } from '../cli.ts';
import { alignColumns } from '../table.ts';
import { addPortOption } from './options.ts';

export function addInfo(device: Command, session: Session): void {
  const command = device.command('info').description('versions, hashes, security counter, console, state, totals');
  addPortOption(command).action(async (flags: { readonly port?: string }, self: Command) => {
    const { withDevice } = await import('../device/open-device.ts');
    const { infoRows, readInfo } = await import('../device/info.ts');
    const info = await withDevice(flags.port, session.desk, readInfo);
    if (self.optsWithGlobals<{ json?: boolean }>().json === true) session.desk.out(`${JSON.stringify(info)}\n`);
    else session.desk.out(alignColumns(infoRows(info)));
  });
}
