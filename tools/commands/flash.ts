// `mesogun flash`: an image onto a board, and the gun that then runs, met. The steps are in tools/flash/flash-board.ts.
import type { Command } from 'commander';
import { Option } from 'commander';
import { RUNTIMES } from '../build/image.ts';
import type { Session } from '../cli.ts';
import type { FlashFlags } from '../flash/flash-board.ts';
import { wholeNumber } from './options.ts';

const EXAMPLES = `
Examples:
  mesogun flash                                        (the one board that is plugged in)
  mesogun flash --port serial:/dev/ttyACM0 --dry-run
  mesogun flash --port serial:/dev/ttyACM0 --link serial:/dev/ttyUSB0
  mesogun flash --image dist/mesogun-pico-kaluma.js --json
Calibration, journal and programmes on the gun stay. Interrupted: flash again. From an unopened Pico: firmware/README.md.`;

export function addFlash(program: Command, session: Session): void {
  program
    .command('flash')
    .description('write an image onto a board, read it back, start it, and meet the gun')
    .option('--port <url>', "the board's console: serial:PATH or tcp://host:port (default: the one board that is plugged in)")
    .addOption(new Option('--runtime <name>', 'expect this runtime (default: asked)').choices(RUNTIMES))
    .option('--image <file>', 'a built image with its manifest beside it (default: built for the board that is found)')
    .option('--link <url>', 'where the gun speaks afterwards (Kaluma: the adapter on GP0 and GP1; Espruino: the same port)')
    .option('--number <n>', 'number of this gun (Kaluma; default: the one it has, or one out of its chip)', wholeNumber(1, 2 ** 31 - 1))
    .option('--erase-storage', "Espruino: other people's files, and an older store of ours, may go")
    .option('--dry-run', 'identify, read and judge; change nothing')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: FlashFlags, self: Command) => {
      const { flashBoard } = await import('../flash/flash-board.ts');
      await flashBoard(flags, self.optsWithGlobals<{ json?: boolean }>().json === true, session.desk);
    });
}
