// The one table of messages from host to gun: names, fields, ranges, roles, and the names of the status words.
// The gun's checks (commands.ts), the desk's view of it (tools/link-messages.ts) and schemas and the README's table follow from it.
// Not responsible for what a message does. Runs on the gun; the prose for people is in tools/link-table.ts.
import { PROGRAM_WORDS_MAX } from '../core/program.ts';
import { BENCH_TRY } from '../core/session-bench.ts';
import { RECORD_CALIBRATION } from '../store/record.ts';

/** Longest line, line feed included. Source: design.md §7. */
export const LINE_MAX = 160;
/** Chosen: integers up to 2^27 need no heap on the small engines, so ids and sequence numbers stay below. */
export const ID_MAX = 134217727;
export const INT_MIN = -2147483648;
export const INT_MAX = 2147483647;
/** Most words in a part. Eight of the longest fit a line, twelve of the usual; the desk packs by length. */
export const PART_INTS_MAX = 12;
/** Words of the calibration that one answer shows. Chosen: eight of the longest fit a line. */
export const RECORD_INTS = 8;
/** Chosen: eight entries stream in about two seconds on the slow board. */
export const JOURNAL_COUNT_MAX = 8;
/** Words of a kept programme in an answer. Chosen: the longest seven fit a line. */
export const SHELF_INTS = 7;
// Who may say it.
/** Changes nothing. */
export const ROLE_OBSERVER = 0;
/** Runs a session within the limits. */
export const ROLE_OPERATOR = 1;
/** Unlocked by challenge, service switch held, state SERVICE. */
export const ROLE_TECHNICIAN = 2;

export const DO_HELLO = 0;
export const DO_STATUS = 1;
export const DO_LOAD = 2;
export const DO_PART = 3;
export const DO_COMMIT = 4;
export const DO_JOURNAL = 5;
export const DO_CHALLENGE = 6;
export const DO_UNLOCK = 7;
export const DO_LOG_OUT = 8;
export const DO_INFO = 9;
export const DO_SHELVE = 10;
export const DO_SHELF = 11;
export const DO_SCREEN = 12;
export const DO_LIMIT = 13;
export const DO_TODAY = 14;
export const DO_KEEP = 15;
export const DO_RECORD = 16;
export const DO_BENCH = 17;
/** From here on a verb is this plus an event of core/states.ts: Control is asked for it, with the one number of the message. */
export const DO_EVENT = 32;
const DO_START = 33;
const DO_PRIME = 34;
const DO_ARM = 35;
const DO_RESUME = 39;
const DO_RELOAD = 40;
const DO_END = 41;
const DO_CLEAR = 45;

/**
 * A row begins with a semicolon: name, verb, role, fields, a space before each. `name:least:most` is an integer, `name:digits` hexadecimal
 * text in lower case, `ints:` the list of up to PART_INTS_MAX integers of 32 bits. One text: as objects it would take 4 KB of heap.
 */
// prettier-ignore
export const MESSAGE_ROWS =
  `;hello ${DO_HELLO} ${ROLE_OBSERVER}` +
  `;status ${DO_STATUS} ${ROLE_OBSERVER}` +
  `;load ${DO_LOAD} ${ROLE_OPERATOR} count:1:${PROGRAM_WORDS_MAX} crc:8` +
  `;part ${DO_PART} ${ROLE_OPERATOR} at:0:99 ints:` + // PROGRAM_WORDS_MAX - 1
  `;commit ${DO_COMMIT} ${ROLE_OPERATOR}` +
  `;start ${DO_START} ${ROLE_OPERATOR} session:1:${ID_MAX}` +
  `;prime ${DO_PRIME} ${ROLE_OPERATOR}` +
  `;arm ${DO_ARM} ${ROLE_OPERATOR}` +
  `;resume ${DO_RESUME} ${ROLE_OPERATOR} session:1:${ID_MAX}` +
  `;reload ${DO_RELOAD} ${ROLE_OPERATOR} fillNl:0:10000000` +
  `;end ${DO_END} ${ROLE_OPERATOR}` +
  `;clear ${DO_CLEAR} ${ROLE_OPERATOR}` +
  `;journal ${DO_JOURNAL} ${ROLE_OBSERVER} from:0:${INT_MAX} count:1:${JOURNAL_COUNT_MAX}` +
  `;challenge ${DO_CHALLENGE} ${ROLE_OBSERVER}` +
  `;unlock ${DO_UNLOCK} ${ROLE_OBSERVER} answer:16` +
  `;limit ${DO_LIMIT} ${ROLE_TECHNICIAN} index:0:63 value:${INT_MIN}:${INT_MAX}` +
  `;log-out ${DO_LOG_OUT} ${ROLE_OBSERVER}` +
  `;info ${DO_INFO} ${ROLE_OBSERVER}` +
  `;today ${DO_TODAY} ${ROLE_OPERATOR} day:1:99999` +
  `;keep ${DO_KEEP} ${ROLE_TECHNICIAN} type:0:${RECORD_CALIBRATION}` +
  `;record ${DO_RECORD} ${ROLE_OBSERVER} at:0:88` + // CALIBRATION_WORDS - RECORD_INTS
  `;bench ${DO_BENCH} ${ROLE_TECHNICIAN} kind:0:${BENCH_TRY} ints:` +
  `;shelve ${DO_SHELVE} ${ROLE_OPERATOR} slot:0:7 on:0:1` + // PROGRAM_SLOTS - 1
  `;shelf ${DO_SHELF} ${ROLE_OBSERVER} slot:0:7 at:0:99` +
  `;screen ${DO_SCREEN} ${ROLE_OBSERVER} line:0:7;`;

/**
 * Most digits of each status word on the line; the least word is −1, of the two forces the negative of the largest. A word outside is cut to
 * what fits. Chosen: counts 4 digits, ticks 4, forces 5 and a sign, volumes and the session id 9.
 */
export const STATUS_DIGITS = '2394449992424455';

/** Names of the status words, in order. Desk side only; never bundled. */
export const STATUS_FIELDS: readonly string[] = [
  'state',
  'fault',
  'sessionId',
  'done',
  'planned',
  'uncertain',
  'commandedNl',
  'estimatedNl',
  'remainingNl',
  'holdReason',
  'permits',
  'stepIndex',
  'lateTicks',
  'worstTickMs',
  'ringMn',
  'pusherMn',
];
