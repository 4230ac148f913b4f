// `mesogun sim-device`: a virtual gun on a TCP port or serial device, for another program to talk to as to a real one.
import type { Command } from 'commander';
import type { Session } from '../cli.ts';
import { EXIT_USAGE, MesogunError } from '../errors.ts';
import type { Serving } from '../gun-server.ts';
import { readyToRun } from '../source.ts';
import { worldFor } from '../world.ts';
import { addFaultOption, wholeNumber } from './options.ts';

const EXAMPLES = `
Examples:
  mesogun sim-device --tcp 7001
  mesogun sim-device --tcp 7001 --truth 7002 --speed 1
  mesogun sim-device --pty ./gun-tty     (the free end of a pseudo-terminal pair)
  mesogun sim-device --tcp 7001 --balance-port 7002 --gauge-port ./gauge-tty
The host's protocol configures the world; --protocol does it for hosts that cannot. Ctrl-C ends it.`;

interface Flags {
  readonly tcp?: number;
  readonly truth?: number;
  readonly pty?: string;
  readonly balancePort?: string;
  readonly gaugePort?: string;
  /** Absent: 1 beside a balance, else max. */
  readonly speed?: 'max' | '1';
  readonly seed: number;
  readonly protocol?: string;
  readonly fault: readonly string[];
}

function speedOf(text: string): string {
  if (text === 'max' || text === '1') return text;
  throw new MesogunError({
    exit: EXIT_USAGE,
    what: `--speed ${text} is not a speed`,
    next: 'max (as fast as it goes) or 1 (as the wall clock)',
  });
}

async function serve(flags: Flags, session: Session): Promise<void> {
  if (flags.tcp === undefined && flags.pty === undefined) {
    throw new MesogunError({ exit: EXIT_USAGE, what: 'where shall the gun be?', next: '--tcp PORT (0 picks a free one) or --pty PATH' });
  }
  // Loaded when needed: the other commands start without the simulator.
  const { serveLines, serveSerial, serveTcp } = await import('../gun-server.ts');
  const { HostTurn, serveInstrument } = await import('../instruments/serve-instrument.ts');
  const { VirtualLine } = await import('../virtual-line.ts');
  const base = { seed: flags.seed, faults: [...flags.fault] };
  const world = flags.protocol === undefined ? base : worldFor(readyToRun(flags.protocol), flags.seed, flags.fault);
  const turn = new HostTurn();
  // Whoever weighs waits on the wall clock: seconds there must not be hours here.
  const paced = (flags.speed ?? (flags.balancePort === undefined ? 'max' : '1')) === '1';
  const virtual = new VirtualLine({ world, trace: false, paced, benchTurn: () => turn.pass() });
  const { desk } = session;
  const open: Serving[] = [];
  const interrupted = new Promise<void>((resolve) => {
    desk.onInterrupt(resolve);
  });
  try {
    if (flags.truth !== undefined) {
      const truth = await serveLines(flags.truth);
      open.push(truth);
      virtual.onPrick = (prick) => {
        truth.send(JSON.stringify({ event: 'truth', ...prick }));
      };
      desk.say(`truth on tcp://127.0.0.1:${truth.at}`);
    }
    const gun =
      flags.tcp === undefined
        ? await serveSerial(flags.pty ?? '', () => turn.heard(virtual.connect()))
        : await serveTcp(flags.tcp, () => turn.heard(virtual.connect()));
    open.push(gun);
    for (const which of ['balance', 'gauge'] as const) {
      const port = which === 'balance' ? flags.balancePort : flags.gaugePort;
      if (port === undefined) continue;
      const serving = await serveInstrument(port, () => turn.heard(virtual.connectInstrument(which)));
      open.push(serving);
      desk.say(`${which} on ${typeof serving.at === 'number' ? `tcp://127.0.0.1:${serving.at}` : `serial device ${serving.at}`}`);
    }
    desk.say(flags.tcp === undefined ? `gun on serial device ${gun.at}` : `gun on tcp://127.0.0.1:${gun.at}`);
    await interrupted;
  } finally {
    for (const serving of open.reverse()) await serving.close();
  }
}

export function addSimDevice(program: Command, session: Session): void {
  const command = program
    .command('sim-device')
    .description('a virtual gun on a TCP port or serial device')
    .option('--tcp <port>', 'listen on this port of 127.0.0.1; 0 picks a free one', wholeNumber(0, 65_535))
    .option('--pty <path>', 'serve on this serial device or pseudo-terminal')
    .option('--balance-port <port|path>', 'serve an MT-SICS balance under its needle there: a TCP port, or a serial device')
    .option('--gauge-port <port|path>', 'serve a gauge at its needle there; somebody presses DATA whenever the needle stands')
    .option('--truth <port>', 'tell on this port what really happened, a JSON line a prick', wholeNumber(0, 65_535))
    .option('--speed <speed>', 'max: as fast as the host follows; 1: as the wall clock (default: max; 1 with --balance-port)', speedOf)
    .option('--seed <n>', 'seed of the world where the host asks for none', wholeNumber(0, 2 ** 31 - 1), 1)
    .option('--protocol <id|file>', 'world for hosts that do not tell theirs')
    .addHelpText('after', EXAMPLES);
  addFaultOption(command).action((flags: Flags) => serve(flags, session));
}
