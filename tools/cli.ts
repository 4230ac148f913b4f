// `mesogun`: collects the commands, turns whatever goes wrong into what, why, next and an exit code.
// Not responsible for what a command does (commands/*.ts). Runs at the desk.
import { realpathSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { Command, CommanderError } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { addBuild } from './commands/build.ts';
import { addCalibrate } from './commands/calibrate.ts';
import { addCampaign } from './commands/campaign.ts';
import { addCheck } from './commands/check.ts';
import { addDevice } from './commands/device.ts';
import { addDoctor } from './commands/doctor.ts';
import { addEmulate } from './commands/emulate.ts';
import { addFlash } from './commands/flash.ts';
import { addInstrument } from './commands/instrument.ts';
import { addList } from './commands/list.ts';
import { addNew } from './commands/new.ts';
import { addPlan } from './commands/plan.ts';
import { addPorts } from './commands/ports.ts';
import { addRecords } from './commands/records.ts';
import { addRun } from './commands/run.ts';
import { addShow } from './commands/show.ts';
import { addSimDevice } from './commands/sim-device.ts';
import type { Desk } from './desk.ts';
import { mindReaders, processDesk } from './desk.ts';
import { EXIT_MEANINGS, EXIT_OK, EXIT_USAGE, troubleOf } from './errors.ts';

/** What every command gets besides its own arguments. */
export interface Session {
  readonly desk: Desk;
  /** Exit code of a command that ended without an exception but not with 0. */
  exit: number;
}

const NOTICE = 'A development platform, not a cleared medical device.';

/** All commands, ready to parse. Without a desk it serves for help and for the tests of the README only. */
export function createProgram(session: Session = { desk: processDesk(), exit: EXIT_OK }): Command {
  const program = new Command('mesogun');
  program
    .description(`Open firmware, simulator and bench tools for a motorised mesotherapy injector.\n${NOTICE}`)
    .version(packageJson.version)
    .option('--json', 'data for programs on stdout: one object, or one event a line')
    .option('--debug', 'show where in the code an error came from')
    .option('--no-color', 'no colours (NO_COLOR works too)')
    .configureHelp({ showGlobalOptions: true })
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => session.desk.out(text),
      writeErr: (text) => session.desk.say(text.trimEnd()),
    })
    .addHelpText(
      'after',
      `\nExit codes:\n${EXIT_MEANINGS.map(([code, meaning]) => `  ${String(code).padStart(3)}  ${meaning}`).join('\n')}`,
    );
  for (const add of [
    addList,
    addShow,
    addCheck,
    addNew,
    addPlan,
    addRun,
    addRecords,
    addCampaign,
    addSimDevice,
    addBuild,
    addFlash,
    addPorts,
    addEmulate,
    addDevice,
    addInstrument,
    addCalibrate,
    addDoctor,
  ])
    add(program, session);
  return program;
}

/** What, why, next, each a line; the stack only when asked for. */
function explain(desk: Desk, thrown: unknown, debug: boolean): number {
  const trouble = troubleOf(thrown);
  const { red, dim } = desk.colors;
  desk.say(`${red('error:')} ${trouble.what}`);
  if (trouble.why !== undefined) desk.say(`${dim('why:')}   ${trouble.why}`);
  if (trouble.next !== undefined) desk.say(`${dim('next:')}  ${trouble.next}`);
  if (debug && thrown instanceof Error && thrown.stack !== undefined) desk.say(dim(thrown.stack));
  return trouble.exit;
}

/** Runs one command line (without `node` and the script) and answers its exit code; writes to the desk only. */
export async function runCli(argv: readonly string[], desk: Desk): Promise<number> {
  const session: Session = { desk, exit: EXIT_OK };
  const program = createProgram(session);
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return session.exit;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? EXIT_OK : EXIT_USAGE;
    const code = explain(desk, thrown, argv.includes('--debug'));
    if (argv.includes('--json')) desk.out(`${JSON.stringify({ event: 'error', ...troubleOf(thrown) })}\n`);
    return code;
  }
}

/** Entry of bin.js and of `tsx tools/cli.ts`. */
export async function main(): Promise<void> {
  if (process.argv.includes('--no-color')) process.env['NO_COLOR'] = '1';
  mindReaders();
  const code = await runCli(process.argv.slice(2), processDesk());
  process.exitCode ??= code;
}

const script = process.argv[1];
if (script !== undefined && import.meta.url === pathToFileURL(realpathSync(script)).href) await main();
