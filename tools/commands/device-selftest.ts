// `mesogun device selftest`: see tools/device/selftest.ts. Exit 5 when a check failed.
import type { Command } from 'commander';
import type { Session } from '../cli.ts';
import { EXIT_DEVICE } from '../errors.ts';
import { alignColumns } from '../table.ts';
import { addPortOption } from './options.ts';

export function addSelfTest(device: Command, session: Session): void {
  const command = device.command('selftest').description('what the gun found at its power-on, check by check');
  addPortOption(command).action(async (flags: { readonly port?: string }, self: Command) => {
    const { withDevice } = await import('../device/open-device.ts');
    const { readSelfTest } = await import('../device/selftest.ts');
    const { desk } = session;
    const report = await withDevice(flags.port, desk, readSelfTest);
    if (self.optsWithGlobals<{ json?: boolean }>().json === true) desk.out(`${JSON.stringify(report)}\n`);
    else {
      desk.out(alignColumns(report.checks.map((check) => [String(check.test), check.result, check.checks])));
      for (const check of report.checks) {
        if (check.why !== undefined) desk.say(`why:   ${check.why}`);
        if (check.next !== undefined) desk.say(`next:  ${check.next}`);
      }
    }
    if (!report.passed) session.exit = EXIT_DEVICE;
  });
}
