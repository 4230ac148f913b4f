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

/** A whole number within bounds, for commander; the message says the bounds. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`a whole number from ${least} to ${most}, please.`);
  };
}
