// `mesogun emulate`: the exact image on the exact runtime on an emulated chip, wired to the virtual gun. The work is in tools/emulate.
import type { Command } from 'commander';
import type { Session } from '../cli.ts';
import type { EmulateOptions } from '../emulate/emulate.ts';
import { EXIT_DEVICE, EXIT_INTERRUPTED, EXIT_OK, EXIT_TIMEOUT } from '../errors.ts';
import { addSetOption, wholeNumber } from './options.ts';

const EXAMPLES = `
Examples:
  mesogun emulate --uf2 kaluma-rp2-pico-1.2.1.uf2 --bootrom b1.bin
  mesogun emulate mesolift-face --set pricks=50 --uf2 kaluma.uf2 --bootrom b1.bin --flash-wait 56
  mesogun emulate mesolift-face --set pricks=10 --uf2 kaluma.uf2 --bootrom b1.bin --image dist/mesogun-pico-kaluma.js --preload --json
Neither file comes with mesogun: the firmware is Kaluma's release for the Pico, the boot ROM is raspberrypi/pico-bootrom-rp2040's, or read
from a chip. Slow: a second on the chip takes two to seven here, 10 pricks two minutes with --preload, the 108 of mesolift-face five or more;
while it works it says how far it is. Without a protocol: mesolift-face, 10 pricks; with one all of its pricks, unless --set pricks=… says fewer.
Exit 5 when the gun refuses to arm, as it does when a tick takes more than half of its 20 ms; the table of ticks is printed all the same.`;

const EXIT_OF = {
  ...{ complete: EXIT_OK, ended: EXIT_OK, fault: EXIT_DEVICE, restarted: EXIT_DEVICE },
  ...{ interrupted: EXIT_INTERRUPTED, timeout: EXIT_TIMEOUT },
} as const;

export function addEmulate(program: Command, session: Session): void {
  const command = program
    .command('emulate')
    .description("run a session on an emulated RP2040 with the runtime's own firmware: flash, ticks, heap")
    .argument('[id|file]', 'library id or path of a JSON file')
    .requiredOption('--uf2 <file>', "the runtime's firmware for the RP2040")
    .requiredOption('--bootrom <file>', "the RP2040's boot ROM, 16 KB")
    .option('--image <file>', 'a built image with its manifest beside it (default: built now)')
    .option('--preload', 'lay the image into the flash at once instead of sending it to the console')
    .option('--flash-wait <n>', 'model the flash cache: cycles a line is waited for; a Pico takes about 56', wholeNumber(0, 1000), 0)
    .option('--seed <n>', 'seed of the simulated world', wholeNumber(0, 2 ** 31 - 1), 1)
    .option('--timeout <s>', 'give up after so many seconds of device time', wholeNumber(1, 86_400), 600)
    .addHelpText('after', EXAMPLES);
  addSetOption(command).action(async (name: string | undefined, flags: Omit<EmulateOptions, 'json'>, self: Command) => {
    const { emulate } = await import('../emulate/emulate.ts');
    const json = self.optsWithGlobals<{ json?: boolean }>().json === true;
    const isShort = name === undefined && !flags.set.some((pair) => pair.startsWith('pricks='));
    const set = isShort ? ['pricks=10', ...flags.set] : flags.set;
    session.exit = EXIT_OF[await emulate(name ?? 'mesolift-face', { ...flags, set, json }, session.desk)];
  });
}
