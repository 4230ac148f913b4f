// Prints the table of messages for firmware/link/README.md from the gun's own table. Runs at the desk.
import { FIELD_HEX, FIELD_INT, MESSAGES, type Field } from './link-messages.ts';

const ROLES = ['anybody', 'operator', 'technician'];

/** What each message is for, in a person's words. A message without words fails the test of the table. */
export const MESSAGE_SAYS: Readonly<Record<string, string>> = {
  hello: 'who are you, and which id comes next; puts a technician out',
  status: 'the sixteen status words',
  load: 'a programme of so many words follows, with this CRC-32 over its little-endian words',
  part: 'words of it, in order',
  commit: 'the programme is whole: judge and keep it',
  start: 'begin a session with the kept programme',
  prime: 'expel air while the trigger is held',
  arm: 'allow pricks',
  resume: 'go on with this session after a hold',
  reload: 'the syringe was changed and holds this much',
  end: 'close the session',
  clear: 'leave FAULT when its cause is gone',
  journal: 'stream entries; not while treating',
  challenge: 'a nonce for `unlock`; at IDLE',
  unlock: 'first 8 bytes of HMAC-SHA256(key, nonce ‖ device id ‖ "service"), service switch held, within 30 s',
  limit: 'shrink a limit',
  'log-out': 'the technician leaves',
  info: 'hash of the image, of its limits, and its security counter',
  today: 'the date, in days since 1970-01-01: calibrations past it are refused',
  keep: 'the words that came whole are a record of the gun: 0 its service key (anybody may set the first one), 2 its calibration',
  record: 'eight words of the calibration that the gun keeps',
  bench: 'one work on the bench (`core/session-bench.ts`), answered by how things stand',
  shelve: 'keep the programme committed last in a slot of the panel (1), or empty the slot (0); at IDLE',
  shelf: 'seven words from `at` on of the programme in a slot, and its count, 0 = empty; at IDLE',
  screen: 'the sixteen characters of a line of the screen',
};

function fieldText(field: Field): string {
  if (field.kind === FIELD_INT) return `\`${field.name}\` ${field.least}…${field.most}`;
  if (field.kind === FIELD_HEX) return `\`${field.name}\` ${field.most} hex digits`;
  return `\`${field.name}\` ${field.least}…${field.most} integers of 32 bits`;
}

/** The table as markdown, a row a message. */
export function printMessageTable(): string {
  const rows = MESSAGES.map((message) => {
    const fields = message.fields.map(fieldText).join(', ');
    return `| \`${message.name}\` | ${fields === '' ? '–' : fields} | ${ROLES[message.role] ?? ''} | ${MESSAGE_SAYS[message.name] ?? ''} |`;
  });
  return ['| do | fields | who | says |', '|---|---|---|---|', ...rows].join('\n');
}
