// `mesogun records`: what was injected, where, of which lot, to whom the clinic gives an id; kept, chained, read again.
// Sessions are recorded by `mesogun run` (tools/records/recording.ts).
import type { Command } from 'commander';
import type { Session } from '../cli.ts';
import { EXIT_FILE, EXIT_TOLERANCE, EXIT_USAGE, MesogunError } from '../errors.ts';
import { patientState } from '../records/course.ts';
import { blankForm } from '../records/form.ts';
import { beginText, courseText, listText, recordText, recordsCsv } from '../records/record-text.ts';
import { recordsPage } from '../records/records-page.ts';
import { momentOf, recordsFolder } from '../records/recording.ts';
import type { SessionBegin } from '../records/session-begin.ts';
import type { SessionRecord } from '../records/session-record.ts';
import { closeSession, openRecords } from '../records/store.ts';
import type { Records } from '../records/store.ts';
import { readyToRun } from '../source.ts';
import { wholeNumber } from './options.ts';
import { writeText } from '../write-text.ts';

interface Flags {
  readonly records?: string;
}

const EXAMPLES = `
Examples:
  mesogun run mesolift-face --patient P17 --operator op3 --needle-id N-0042 --syringe-id S-0042 \\
    --lot vitamin-cocktail=A123,2027-05 --consent --checked
  mesogun run mesolift-face --record          (asks at a terminal for all of that)
  mesogun records list
  mesogun records course P17
  mesogun records export --lot A123 --html lot-a123.html
  mesogun records verify`;

/** Broken records are read as far as they can be, and said aloud each time. */
function open(session: Session, folder: string): Records {
  const records = openRecords(folder);
  for (const fault of records.faults) session.desk.say(`${session.desk.colors.red('damaged:')} ${fault}`);
  if (records.faults.length > 0) session.exit = EXIT_TOLERANCE;
  return records;
}

function oneOf(records: Records, session: number): SessionRecord | SessionBegin {
  const entry = records.entries.find(({ begun }) => begun.session === session);
  if (entry?.record) return entry.record;
  if (entry?.begin) return entry.begin;
  const what = entry === undefined ? `there is no session ${session}` : `session ${session} is ${entry.state} and has no record`;
  throw new MesogunError({ exit: EXIT_FILE, what, ...(entry?.why ? { why: entry.why } : {}), next: 'mesogun records list shows all' });
}

const sessionNumber = wholeNumber(1, 1e9);

export function addRecords(program: Command, session: Session): void {
  const { desk } = session;
  const records = program
    .command('records')
    .description('sessions that were recorded: list, show, course, export, verify')
    .addHelpText('after', EXAMPLES);
  const add = (name: string, description: string): Command =>
    records.command(name).description(description).option('--records <dir>', 'folder of the records (MESOGUN_RECORDS, else records)');
  const folderOf = ({ records: option }: Flags): string => recordsFolder(option, desk);
  const asJson = (self: Command): boolean => self.optsWithGlobals<{ json?: boolean }>().json === true;

  add('list', 'one line a session').action((flags: Flags, self: Command) => {
    const { entries, notes } = open(session, folderOf(flags));
    if (asJson(self))
      desk.out(
        `${JSON.stringify(entries.map(({ begun, state, record, why }) => ({ ...begun, state, why, ending: record?.ending ?? null, totals: record?.totals ?? null })))}\n`,
      );
    else desk.out(entries.length === 0 ? 'no sessions yet\n' : listText(entries));
    for (const note of notes) desk.say(note);
  });

  add('show', 'one session')
    .argument('<session>', 'its number', sessionNumber)
    .action((number: number, flags: Flags, self: Command) => {
      const record = oneOf(open(session, folderOf(flags)), number);
      const text = (): string => (record.kind === 'session-begin' ? beginText(record) : recordText(record));
      desk.out(asJson(self) ? `${JSON.stringify(record)}\n` : text());
    });

  add('course', 'sessions done, what is due next, substances against their limits and by lot')
    .argument('<patient>', 'id that the clinic gave')
    .option('--simulated', 'the simulated sessions, where there are real ones too')
    .action((patient: string, flags: Flags & { simulated?: boolean }, self: Command) => {
      const state = patientState(open(session, folderOf(flags)), patient, flags.simulated === true, momentOf(desk).slice(0, 10));
      if (state.courses.length === 0)
        throw new MesogunError({ exit: EXIT_FILE, what: `no session of patient ${patient}`, next: 'mesogun records list shows all' });
      desk.out(asJson(self) ? `${JSON.stringify(state)}\n` : courseText(state));
    });

  add('export', 'sessions as JSON (stdout), CSV or a page')
    .option('--patient <id>', 'of this patient only')
    .option('--lot <lot>', 'in which this lot was used only')
    .option('--session <n>', 'this session only', sessionNumber)
    .option('--csv <file>', 'one line a prick')
    .option('--html <file>', 'a page to print')
    .action((flags: Flags & { patient?: string; lot?: string; session?: number; csv?: string; html?: string }) => {
      const found = open(session, folderOf(flags))
        .entries.flatMap(({ record }) => (record === null ? [] : [record]))
        .filter(({ form }) => flags.patient === undefined || form.patient === flags.patient)
        .filter(({ form }) => flags.lot === undefined || form.lots.some(({ lot }) => lot === flags.lot))
        .filter((record) => flags.session === undefined || record.session === flags.session);
      if (found.length === 0) throw new MesogunError({ exit: EXIT_FILE, what: 'no record fits', next: 'mesogun records list shows all' });
      if (flags.csv === undefined && flags.html === undefined) desk.out(`${JSON.stringify(found)}\n`);
      if (flags.csv !== undefined) write(session, flags.csv, recordsCsv(found));
      if (flags.html !== undefined) write(session, flags.html, recordsPage(found));
    });

  add('verify', 'follows the chain: exit 6 when anything is not as it was written')
    .option('--head <sha256>', 'hash that an earlier verify printed: tells whether lines at the end are missing')
    .action((flags: Flags & { head?: string }, self: Command) => {
      const found = open(session, folderOf(flags));
      const faults = [...found.faults];
      if (flags.head !== undefined && !found.chain.links.some((link) => link.startsWith(flags.head ?? '-'))) {
        faults.push(`no line has the hash ${flags.head}: what came after an earlier verify was cut off or written anew`);
        desk.say(faults.at(-1) ?? '');
        session.exit = EXIT_TOLERANCE;
      }
      const { notes, chain, entries } = found;
      const head = chain.links.at(-1) ?? '';
      if (asJson(self)) desk.out(`${JSON.stringify({ ok: faults.length === 0, sessions: entries.length, faults, notes, head })}\n`);
      else {
        const verdict = faults.length === 0 ? 'all as it was written' : `${faults.length} thing(s) not as they were written`;
        desk.out(`${entries.length} sessions, ${chain.events.length} lines: ${verdict}\n`);
        if (head !== '') desk.out(`head ${head}\n`);
        desk.say('note the head elsewhere: with it, verify --head tells later whether the end is missing');
      }
      for (const note of notes) desk.say(note);
    });

  add('close', 'says what became of a session that has no record; it stays counted in full')
    .argument('<session>', 'its number', sessionNumber)
    .requiredOption('--why <text>', 'what is known')
    .action((number: number, flags: Flags & { why: string }) => {
      if (flags.why.trim() === '') throw new MesogunError({ exit: EXIT_USAGE, what: '--why is empty', next: 'say what is known' });
      closeSession(folderOf(flags), number, momentOf(desk), flags.why);
      desk.say(`session ${number} is closed`);
    });

  records
    .command('form')
    .description('a form of a session to fill in: who, needle, syringe, lots, consent, checklist')
    .argument('<id|file>', 'protocol')
    .option('--out <file>', 'write it there instead of to stdout')
    .action((name: string, flags: { out?: string }) => {
      const text = `${JSON.stringify(blankForm(readyToRun(name).treatment), null, 2)}\n`;
      if (flags.out === undefined) desk.out(text);
      else write(session, flags.out, text);
    });
}

function write({ desk }: Session, path: string, text: string): void {
  writeText(path, text);
  desk.say(`wrote ${path}`);
}
