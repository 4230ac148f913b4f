// Options that several commands share.
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { parameters } from '../../protocols/set.ts';

/** For options that may be given more than once. */
export const collect = (value: string, before: string[]): string[] => [...before, value];

/** `--set key=value`, as often as needed. */
export function addSetOption(command: Command): Command {
  return command.option('--set <key=value>', 'change a setting of the protocol; repeat for more', collect, []).addHelpText(
    'after',
    () =>
      `\nSettings:\n${parameters()
        .map((each) => `  ${each.key} (${each.unit}, ${each.min} to ${each.max})`)
        .join('\n')}`,
  );
}

/** `--fault part.kind@when`, as often as needed. */
export function addFaultOption(command: Command): Command {
  return command.option('--fault <part.kind[=value][@when]>', 'let the virtual gun fail; repeat for more', collect, []);
}

/** `--port`, for commands that speak to a gun. */
export function addPortOption(command: Command): Command {
  return command.option('--port <url>', 'sim: (default), tcp://host:port or serial:PATH; also MESOGUN_PORT');
}

/** What a session must be told to be recorded; any of them asks for a record. */
export function addRecordOptions(command: Command): Command {
  return command
    .optionsGroup('Record of the session (any of these asks for one):')
    .option('--record', 'keep the session in the records; asks at a terminal for what is missing')
    .option('--records <dir>', 'folder of the records (MESOGUN_RECORDS, else records)')
    .option('--form <file>', 'answers from a file that mesogun records form has written; options win')
    .option('--patient <id>', 'id that the clinic gives; no name, no date of birth')
    .option('--operator <id>', 'who holds the gun, as the clinic names them')
    .option('--needle-id <id>', 'what stands on the pack of the needle: it serves one patient')
    .option('--syringe-id <id>', 'what stands on the pack of the syringe; repeat for each filling', collect, [])
    .option(
      '--lot <what=LOT,YYYY-MM>',
      'lot and expiry of the product or of one component; what@2 for the second filling only; repeat for more',
      collect,
      [],
    )
    .option('--lot-unknown', 'nobody knows the lot: the record says so')
    .option('--consent', 'the patient has agreed in writing')
    .option('--checked', 'everything the protocol requires and asks before was checked and is as it must be');
}

/** A whole number within bounds, for commander; the message says the bounds. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`a whole number from ${least} to ${most}, please.`);
  };
}
