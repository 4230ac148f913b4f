// `mesogun ports`: the serial ports here and what hangs on them. Those that are ours by their USB numbers are asked who they are; any other
// only when named. Nothing is changed on a board. The asking itself is tools/flash/port-answer.ts.
import type { Command } from 'commander';
import type { Session } from '../cli.ts';
import type { PortAnswer } from '../flash/port-answer.ts';
import type { FoundPort } from '../flash/ports.ts';
import { alignColumns } from '../table.ts';

const EXAMPLES = `
Examples:
  mesogun ports
  mesogun ports --quiet                        (opens no port)
  mesogun ports --ask serial:/dev/ttyUSB0      (the adapter of a gun on Kaluma)
  mesogun ports --json
Asking listens first: a gun speaks every half second. Only where none does is the console of a runtime asked for its version, which takes a
gun's interpreter some milliseconds: not while it treats.`;

export interface Flags {
  readonly ask: readonly string[];
  readonly quiet?: boolean;
}

/** A port and who answered; null for one that was not asked. */
type Listed = FoundPort & { readonly answer: PortAnswer | null };

/** Ports named with --ask that the system does not list, such as tcp://. */
const named = (port: string): FoundPort => ({ port, kind: 'other', usb: null, serial: null, says: 'named by you' });

/** Asks whom it may, all at the same time. */
export async function askPorts(found: readonly FoundPort[], flags: Flags): Promise<Listed[]> {
  const { answerAt } = await import('../flash/port-answer.ts');
  const missing = flags.ask.filter((port) => found.every((each) => each.port !== port));
  return Promise.all(
    [...found, ...missing.map(named)].map(async (each) => {
      const isAsked = flags.ask.includes(each.port) || (each.kind === 'board' && flags.quiet !== true);
      return { ...each, answer: isAsked ? await answerAt(each.port) : null };
    }),
  );
}

export function addPorts(program: Command, session: Session): void {
  program
    .command('ports')
    .description('serial ports of this machine, and who answers at those that may be a gun')
    .option('--ask <url>', 'ask this port too: serial:PATH or tcp://host:port (repeatable)', (url, all: string[]) => [...all, url], [])
    .option('--quiet', 'open no port but those named with --ask')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: Flags, self: Command) => {
      const { desk } = session;
      const { listPorts } = await import('../flash/ports.ts');
      const found = await askPorts(await listPorts(), flags);
      const { answerSays } = await import('../flash/port-answer.ts');
      const row = ({ port, kind, usb, serial, says, answer }: Listed): string[] => {
        return [port, kind, usb ?? '-', serial ?? '-', answer === null ? says : `${says}: ${answerSays(answer)}`];
      };
      if (self.optsWithGlobals<{ json?: boolean }>().json === true) desk.out(`${JSON.stringify(found)}\n`);
      else desk.out(alignColumns(found.map(row)));
      if (found.length === 0) desk.say('no serial port; plug the board in with a data cable');
    });
}
