// `mesogun run`: a protocol on a gun, simulated or real, from plan to report. The steps are in tools/run-session.ts.
import type { Command } from 'commander';
import { Option } from 'commander';
import type { Session } from '../cli.ts';
import { EXIT_DEVICE, EXIT_INTERRUPTED, EXIT_OK, EXIT_TIMEOUT } from '../errors.ts';
import type { RunOptions } from '../run-session.ts';
import { addFaultOption, addRecordOptions, addSetOption, collect, wholeNumber } from './options.ts';

const EXAMPLES = `
Examples:
  mesogun run mesolift-face
  mesogun run my.json --seed 7 --json
  mesogun run mesolift-face --set pricks=50 --fault needle.steps-lost@prick=12
  mesogun run mesolift-face --compensation off --plant syringe.complianceUlPerKpa=0.47
  mesogun run mesolift-face --port tcp://127.0.0.1:7001
  mesogun run mesolift-face --patient P17 --operator op3 --needle-id N-0042 --syringe-id S-0042 \
    --lot vitamin-cocktail=A123,2027-05 --consent --checked
  mesogun run mesolift-face --resume 12
Ctrl-C stops the gun and retracts first; a second Ctrl-C leaves at once.`;

const EXIT_OF = {
  ...{ complete: EXIT_OK, ended: EXIT_OK, short: EXIT_DEVICE, fault: EXIT_DEVICE, restarted: EXIT_DEVICE },
  ...{ interrupted: EXIT_INTERRUPTED, timeout: EXIT_TIMEOUT },
} as const;

interface Flags extends Omit<RunOptions, 'json'> {
  readonly dryRun?: boolean;
}

export function addRun(program: Command, session: Session): void {
  const command = program
    .command('run')
    .description('run a protocol on a gun: live progress, summary, journal, report')
    .argument('<id|file>', 'library id or path of a JSON file')
    .option('--seed <n>', 'seed of the simulated world (default 1)', wholeNumber(0, 2 ** 31 - 1))
    .option('--port <url>', 'sim: (default), tcp://host:port or serial:PATH; also MESOGUN_PORT')
    .option('--image <file>', 'a built image runs on the virtual gun instead of the sources')
    .addOption(
      new Option('--compensation <on|off>', 'off: see what pressure holds back (simulated gun only)').choices(['on', 'off']).default('on'),
    )
    .option('--plant <key=value>', 'change the virtual syringe, needle, liquid, skin, hand or drive; repeat for more', collect, [])
    .option('--panel', 'keep the programme on the gun and let the operator run it at the panel; the report is read from the journal')
    .option('--bench', 'a real gun on gel or into air: nobody is treated, no checklist is asked, nothing is recorded')
    .option('--dry-run', 'plan and check only; nothing moves')
    .option('--out <dir>', 'folder for report and journal (default reports; with --json only when given)')
    .option('--journal <file>', 'also write the journal: .csv, or .jsonl with a SHA-256 chain')
    .option('--timeout <s>', 'give up after so many seconds of device time', wholeNumber(1, 86_400), 7200)
    .option('--session <k>', 'which session of an area that is split over several', wholeNumber(1, 10), 1)
    .option(
      '--resume <n>',
      'make the pricks that recorded session n of today left, also when its desk died; its form is taken over',
      wholeNumber(1, 1e9),
    )
    .addHelpText('after', EXAMPLES);
  addRecordOptions(addFaultOption(addSetOption(command))).action(async (name: string, flags: Flags, self: Command) => {
    const options: RunOptions = { ...flags, json: self.optsWithGlobals<{ json?: boolean }>().json === true };
    // Loaded when needed: the other commands start without the simulator.
    const { dryRun, runSession } = await import('../run-session.ts');
    if (flags.dryRun === true) dryRun(name, options, session.desk);
    else session.exit = EXIT_OF[await runSession(name, options, session.desk)];
  });
}
