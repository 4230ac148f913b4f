// `mesogun instrument balance|gauge`: who is there, and what it reads, once or as it comes. For trying a cable before a calibration.
import type { Command } from 'commander';
import type { Session } from '../cli.ts';
import { wholeNumber } from './options.ts';

const EXAMPLES = `
Examples:
  mesogun instrument balance --balance serial:/dev/ttyUSB0
  mesogun instrument balance --balance sim:mt-sics --watch
  mesogun instrument gauge --gauge tcp://127.0.0.1:7003 --count 5 --json

A balance:  sim:mt-sics, serial:PATH[,9600,8N1], tcp://HOST:PORT. Without settings the usual ones of serial balances are tried.
            What is not MT-SICS: ?dialect=sbi|and|ohaus&capacityG=220, with its settings.
A gauge:    sim:mitutoyo, serial:PATH, tcp://HOST:PORT; press DATA on it for each reading.
A simulated one stands alone here, without a gun.`;

interface Flags {
  readonly watch?: true;
  readonly count: number;
}

/** Most readings asked for at once. Chosen: an hour of SIR is rather --watch. */
const COUNT_MOST = 10_000;

function addOptions(command: Command): Command {
  return command
    .option('--count <n>', 'so many readings', wholeNumber(1, COUNT_MOST), 1)
    .option('--watch', 'reading after reading until Ctrl-C')
    .addHelpText('after', EXAMPLES);
}

const asJson = (command: Command): boolean => command.optsWithGlobals<{ json?: boolean }>().json === true;

export function addInstrument(program: Command, session: Session): void {
  const instrument = program.command('instrument').description('who is at the balance or the gauge, and what it reads');
  addOptions(
    instrument.command('balance').description('identity and weight of a balance').requiredOption('--balance <where>', 'the balance'),
  ).action(async (flags: Flags & { readonly balance: string }, command: Command) => {
    const { showBalance } = await import('../instruments/show.ts');
    await showBalance(flags.balance, { ...flags, watch: flags.watch === true, json: asJson(command) }, session.desk);
  });
  addOptions(instrument.command('gauge').description('readings of a gauge').requiredOption('--gauge <where>', 'the gauge')).action(
    async (flags: Flags & { readonly gauge: string }, command: Command) => {
      const { showGauge } = await import('../instruments/show.ts');
      await showGauge(flags.gauge, { ...flags, watch: flags.watch === true, json: asJson(command) }, session.desk);
    },
  );
}
