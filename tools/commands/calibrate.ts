// `mesogun calibrate` and `mesogun certify`: options only. The run is in tools/calibrate-run.ts.
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { CalibrationKind } from '../calibration/conclusion.ts';
import type { CalibrateFlags } from '../calibrate-run.ts';
import type { Session } from '../cli.ts';
import type { Ask } from '../instruments/typed-number.ts';
import { addCalibrationMarks } from './calibrate-marks.ts';
import { addFaultOption, wholeNumber } from './options.ts';

const EXAMPLES = `
Examples:
  mesogun calibrate dose --balance sim:mt-sics --yes
  mesogun calibrate depth --gauge sim:mitutoyo --yes
  mesogun calibrate compliance --fault plunger.occluded@at=0 --yes     (the fault closes the simulated needle)
  mesogun calibrate force --yes
  mesogun calibrate travel --yes
  mesogun calibrate dose --port serial:/dev/ttyACM0 --balance serial:/dev/ttyUSB0 --syringe 1ml --needle 30g-13mm
  mesogun calibrate dose --port serial:/dev/ttyACM0 --balance typed --resume
  mesogun certify dose --balance sim:mt-sics --yes

A balance:  sim:mt-sics, serial:PATH[,9600,8N1], tcp://HOST:PORT, or typed: you read it and type, comma or point.
A gauge:    sim:mitutoyo, serial:PATH, tcp://HOST:PORT, or typed (a cable that types is a keyboard).
Prompts tell what to do; r takes the last reading again, p pauses, a aborts. Every reading is kept as it comes: after a break,
--resume goes on where it was. A FAIL leaves the gun as it was. With --yes nobody is asked.`;

/** Name, what calibrating it is, what verifying it is; null where there is nothing on the gun to verify. */
const KINDS: readonly (readonly [CalibrationKind, string, string | null])[] = [
  ['depth', 'needle depth from the ring plane, against a gauge', 'an independent check of the depth in force, with certificate'],
  ['dose', 'dose of a syringe with a needle, against a balance', 'an independent check of the dose in force, with certificate'],
  ['compliance', 'what a syringe holds back and how it rubs: pushes against a closed needle; the next dose calibration uses it', null],
  ['force', 'the load cells of ring and plunger, against weights', null],
  ['travel', 'the travel wheel, against a printed scale', null],
  ['clock', 'the clocks of the ramp chips, against the crystal of the gun: how fast it is when it says how fast', null],
];

/** A decimal number within bounds, for commander. */
function decimal(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^-?\d+([.,]\d+)?$/.test(text) ? Number(text.replace(',', '.')) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`a number from ${least} to ${most}, please.`);
  };
}

function addKind(parent: Command, [kind, calibrates, certifies]: (typeof KINDS)[number], certify: boolean, session: Session): void {
  const command = parent
    .command(kind)
    .description(certify ? (certifies ?? '') : calibrates)
    .option('--port <url>', 'sim: (default), tcp://host:port or serial:PATH; also MESOGUN_PORT')
    .option('--syringe <id>', 'syringe of the library', '1ml')
    .option('--needle <id>', 'needle of the library', '30g-13mm')
    .option('--technician <name>', 'who calibrates; also MESOGUN_TECHNICIAN')
    .option('--records <dir>', 'folder of calibration records (MESOGUN_CALIBRATIONS, else reports/calibrations)')
    .option('--seed <n>', 'seed of the simulated bench (default 1)', wholeNumber(0, 2 ** 31 - 1))
    .option('--gun <n>', 'which simulated gun: each has its own hidden tolerances', wholeNumber(0, 2 ** 31 - 1))
    .option('--yes', 'ask nobody: instruments that need no hand')
    .option('--resume', 'go on with the run that was broken off');
  if (kind === 'dose') {
    command
      .requiredOption('--balance <where>', 'the balance')
      .option('--dose-ul <µL>', 'the dose that is judged (default: a hundredth of the syringe, 10 at least)', decimal(1, 200))
      .option('--rate-ul-per-s <µL/s>', 'how fast it is given', decimal(0.1, 100))
      .option('--temperature <°C>', 'of the liquid', decimal(15, 30))
      .option('--pressure <hPa>', 'of the air, here', decimal(800, 1067))
      .option('--humidity <%>', 'relative', decimal(20, 95))
      .option('--density <x>', 'of the liquid relative to water', decimal(0.9, 1.3));
  } else if (kind === 'depth') command.requiredOption('--gauge <where>', 'the gauge');
  addFaultOption(command)
    .addHelpText('after', EXAMPLES)
    .action(async (flags: Omit<CalibrateFlags, 'json' | 'records'> & { readonly records?: string }, self: Command) => {
      const json = self.optsWithGlobals<{ json?: boolean }>().json === true;
      // Loaded when needed: the other commands start without the simulator.
      const { calibrate } = await import('../calibrate-run.ts');
      const { calibrationsFolder } = await import('../calibration-marks.ts');
      const all: CalibrateFlags = { ...flags, json, records: calibrationsFolder(flags.records, session.desk) };
      const { procedureMaker } = await import('../calibrate-procedures.ts');
      await withPerson(flags.yes === true, session, async (ask) => {
        session.exit = await calibrate(procedureMaker(kind, all, certify), all, session.desk, ask, () => new Date());
      });
    });
}

/** A person at the keyboard for the time of a run; nobody with --yes. */
async function withPerson(nobody: boolean, session: Session, run: (ask: Ask | undefined) => Promise<void>): Promise<void> {
  const { desk } = session;
  if (nobody) return run(undefined);
  const { terminalAsk } = await import('../terminal-ask.ts');
  const terminal = terminalAsk(process.stdin, (text) => desk.draw(text));
  const ask: Ask = (question, complaint) =>
    terminal.ask(`${complaint === undefined ? '' : `${desk.colors.yellow(complaint)}\n`}${question} `);
  try {
    await run(ask);
  } finally {
    terminal.close();
  }
}

export function addCalibrate(program: Command, session: Session): void {
  const calibrate = program.command('calibrate').description('measure what the gun does, correct it, and say how sure that is');
  const certify = program.command('certify').description('check a calibration in force with fresh readings; a certificate to print');
  for (const kind of KINDS) {
    addKind(calibrate, kind, false, session);
    if (kind[2] !== null) addKind(certify, kind, true, session);
  }
  addCalibrationMarks(calibrate, session);
}
