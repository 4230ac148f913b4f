// `mesogun device calibration`: see tools/device/calibration.ts.
import type { Command } from 'commander';
import type { Session } from '../cli.ts';
import { alignColumns } from '../table.ts';
import { addPortOption } from './options.ts';

export function addCalibration(device: Command, session: Session): void {
  const command = device.command('calibration').description('what the gun keeps of its calibrations, and until when it holds');
  addPortOption(command).action(async (flags: { readonly port?: string }, self: Command) => {
    const { withDevice } = await import('../device/open-device.ts');
    const { calibrationRows, readCalibration } = await import('../device/calibration.ts');
    const { desk } = session;
    const kept = await withDevice(flags.port, desk, (gun) => readCalibration(gun, desk));
    if (self.optsWithGlobals<{ json?: boolean }>().json === true) desk.out(`${JSON.stringify(kept)}\n`);
    else if (kept.length === 0) desk.say('this gun keeps no calibration: it refuses every session');
    else desk.out(alignColumns(calibrationRows(kept)));
  });
}
