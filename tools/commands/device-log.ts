// `mesogun device log`: see tools/device/log.ts. Exit 6 when check or chain of the journal does not hold, here or at the gun's power-on.
import type { Command } from 'commander';
import type { Session } from '../cli.ts';
import { EXIT_TOLERANCE } from '../errors.ts';
import { journalCsv, journalJsonl } from '../journal.ts';
import { alignColumns } from '../table.ts';
import { writeText } from '../write-text.ts';
import { addPortOption, wholeNumber } from './options.ts';

interface Flags {
  readonly port?: string;
  readonly last: number;
  readonly all?: boolean;
  readonly out?: string;
}

export function addLog(device: Command, session: Session): void {
  const command = device
    .command('log')
    .description('the journal of the gun, checked entry by entry')
    .option('--last <n>', 'the newest n entries', wholeNumber(1, 100_000), 40)
    .option('--all', 'all that the gun still holds')
    .option('--out <file>', 'write it too: .csv, or .jsonl with a SHA-256 chain');
  addPortOption(command).action(async (flags: Flags, self: Command) => {
    const { withDevice } = await import('../device/open-device.ts');
    const { brokenAtBoot, brokenSays, logRows, readLog } = await import('../device/log.ts');
    const { desk } = session;
    const journal = await withDevice(flags.port, desk, (gun) => readLog(gun, flags.all === true ? null : flags.last));
    const jsonl = journalJsonl(journal);
    if (flags.out !== undefined) writeText(flags.out, flags.out.endsWith('.csv') ? journalCsv(journal) : jsonl);
    if (self.optsWithGlobals<{ json?: boolean }>().json === true) desk.out(jsonl);
    else desk.out(alignColumns(logRows(journal.entries)));
    const atBoot = brokenAtBoot(journal.entries);
    if (journal.firstBreak !== null) desk.say(`the journal is broken at entry ${journal.firstBreak.seq}: ${journal.firstBreak.why}`);
    if (atBoot !== null) desk.say(`${brokenSays(atBoot)}; --all --out FILE keeps what is there`);
    if (journal.firstBreak !== null || atBoot !== null) session.exit = EXIT_TOLERANCE;
  });
}
