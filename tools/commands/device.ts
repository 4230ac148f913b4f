// `mesogun device …`: asks and sets a gun at a port. A subcommand is a row of SUBCOMMANDS; what it does is in tools/device/.
import type { Command } from 'commander';
import type { Session } from '../cli.ts';
import { addCalibration } from './device-calibration.ts';
import { addInfo } from './device-info.ts';
import { addKey } from './device-key.ts';
import { addLog } from './device-log.ts';
import { addProgrammes } from './device-programmes.ts';
import { addScreen } from './device-screen.ts';
import { addSelfTest } from './device-selftest.ts';
import { addSet } from './device-set.ts';

/** What each subcommand is added by: `device` itself does nothing. */
const SUBCOMMANDS: readonly ((device: Command, session: Session) => void)[] = [
  ...[addInfo, addSelfTest, addLog, addSet, addCalibration, addKey],
  ...[addProgrammes, addScreen],
];

const EXAMPLES = `
Examples:
  mesogun device info --port serial:/dev/ttyUSB0
  mesogun device selftest --port tcp://127.0.0.1:7001 --json
  mesogun device log --last 20
  mesogun device set depthUm 4000
  mesogun device calibration
  mesogun device key --port serial:/dev/ttyUSB0
Without --port (or MESOGUN_PORT) the virtual gun answers.`;

export function addDevice(program: Command, session: Session): void {
  const device = program.command('device').description('ask a gun about itself, or set it').addHelpText('after', EXAMPLES);
  for (const add of SUBCOMMANDS) add(device, session);
}
