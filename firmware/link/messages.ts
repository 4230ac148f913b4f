// The one table of messages from host to gun: names, fields, ranges, roles, and the names of the status words.
// The gun's checks (commands.ts), the desk's schemas (tools/link-schemas.ts) and the README's table follow from it.
// Not responsible for what a message does. Runs on the gun; the prose for people is in tools/link-table.ts.
import { CALIBRATION_WORDS } from '../core/calibration.ts';
import { PROGRAM_WORDS_MAX } from '../core/program.ts';
import { BENCH_KINDS } from '../core/session-bench.ts';
import { PROGRAM_SLOTS, RECORD_CALIBRATION } from '../store/record.ts';

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
/** Limits that a technician can shrink, counted from 0. Chosen: room for those of the programme's head. */
export const LIMIT_COUNT_MAX = 64;

// Kinds of fields.
/** One integer, least to most. */
export const FIELD_INT = 0;
/** Integers of 32 bits, least to most of them. */
export const FIELD_INTS = 1;
/** Lower-case hexadecimal text of exactly `most` digits. */
export const FIELD_HEX = 2;

// Who may say it.
/** Changes nothing. */
export const ROLE_OBSERVER = 0;
/** Runs a session within the limits. */
export const ROLE_OPERATOR = 1;
/** Unlocked by challenge, service switch held, state SERVICE. */
export const ROLE_TECHNICIAN = 2;

export interface Field {
  readonly name: string;
  readonly kind: number;
  readonly least: number;
  readonly most: number;
}

export interface Message {
  readonly name: string;
  readonly verb: number;
  readonly role: number;
  readonly fields: readonly Field[];
}

export const DO_HELLO = 0;
export const DO_STATUS = 1;
export const DO_LOAD = 2;
export const DO_PART = 3;
export const DO_COMMIT = 4;
export const DO_START = 5;
export const DO_PRIME = 6;
export const DO_ARM = 7;
export const DO_RESUME = 8;
export const DO_RELOAD = 9;
export const DO_END = 10;
export const DO_CLEAR = 11;
export const DO_JOURNAL = 12;
export const DO_CHALLENGE = 13;
export const DO_UNLOCK = 14;
export const DO_LIMIT = 15;
export const DO_LOG_OUT = 16;
export const DO_INFO = 17;
export const DO_TODAY = 18;
export const DO_KEEP = 19;
export const DO_RECORD = 20;
export const DO_BENCH = 21;
export const DO_SHELVE = 22;
export const DO_SHELF = 23;
export const DO_SCREEN = 24;

const int = (name: string, least: number, most: number): Field => ({ name: name, kind: FIELD_INT, least: least, most: most });
const hex = (name: string, digits: number): Field => ({ name: name, kind: FIELD_HEX, least: digits, most: digits });
const ints: Field = { name: 'ints', kind: FIELD_INTS, least: 1, most: PART_INTS_MAX };
const none: readonly Field[] = [];
const slot: Field = int('slot', 0, PROGRAM_SLOTS - 1);
const session: readonly Field[] = [int('session', 1, ID_MAX)];

const message = (name: string, verb: number, role: number, fields: readonly Field[]): Message => ({
  name: name,
  verb: verb,
  role: role,
  fields: fields,
});

/** In the order of the verbs: MESSAGES[verb].verb === verb. */
export const MESSAGES: readonly Message[] = [
  message('hello', DO_HELLO, ROLE_OBSERVER, none),
  message('status', DO_STATUS, ROLE_OBSERVER, none),
  message('load', DO_LOAD, ROLE_OPERATOR, [int('count', 1, PROGRAM_WORDS_MAX), hex('crc', 8)]),
  message('part', DO_PART, ROLE_OPERATOR, [int('at', 0, PROGRAM_WORDS_MAX - 1), ints]),
  message('commit', DO_COMMIT, ROLE_OPERATOR, none),
  message('start', DO_START, ROLE_OPERATOR, session),
  message('prime', DO_PRIME, ROLE_OPERATOR, none),
  message('arm', DO_ARM, ROLE_OPERATOR, none),
  message('resume', DO_RESUME, ROLE_OPERATOR, session),
  message('reload', DO_RELOAD, ROLE_OPERATOR, [int('fillNl', 0, 10000000)]),
  message('end', DO_END, ROLE_OPERATOR, none),
  message('clear', DO_CLEAR, ROLE_OPERATOR, none),
  message('journal', DO_JOURNAL, ROLE_OBSERVER, [int('from', 0, INT_MAX), int('count', 1, JOURNAL_COUNT_MAX)]),
  message('challenge', DO_CHALLENGE, ROLE_OBSERVER, none),
  message('unlock', DO_UNLOCK, ROLE_OBSERVER, [hex('answer', 16)]),
  message('limit', DO_LIMIT, ROLE_TECHNICIAN, [int('index', 0, LIMIT_COUNT_MAX - 1), int('value', INT_MIN, INT_MAX)]),
  message('log-out', DO_LOG_OUT, ROLE_OBSERVER, none),
  message('info', DO_INFO, ROLE_OBSERVER, none),
  message('today', DO_TODAY, ROLE_OPERATOR, [int('day', 1, 99999)]),
  message('keep', DO_KEEP, ROLE_TECHNICIAN, [int('type', 0, RECORD_CALIBRATION)]),
  message('record', DO_RECORD, ROLE_OBSERVER, [int('at', 0, CALIBRATION_WORDS - RECORD_INTS)]),
  message('bench', DO_BENCH, ROLE_TECHNICIAN, [int('kind', 0, BENCH_KINDS - 1), ints]),
  message('shelve', DO_SHELVE, ROLE_OPERATOR, [slot, int('on', 0, 1)]),
  message('shelf', DO_SHELF, ROLE_OBSERVER, [slot, int('at', 0, PROGRAM_WORDS_MAX - 1)]),
  message('screen', DO_SCREEN, ROLE_OBSERVER, [int('line', 0, 7)]),
];

/**
 * Largest value of each status word on the line; the least is −1, of the two forces the negative of the largest. A word
 * outside is cut to it, so that the line always fits.
 * Chosen: counts 4 digits, ticks 5, forces 6 with sign, volumes and the session id 27 bits.
 */
// prettier-ignore
export const STATUS_MOST = [
  /* state */ 99, /* fault */ 999, /* sessionId */ ID_MAX, /* done */ 9999, /* planned */ 9999, /* uncertain */ 9999,
  /* commandedNl */ ID_MAX, /* estimatedNl */ ID_MAX, /* remainingNl */ ID_MAX, /* holdReason */ 99, /* permits */ 9999,
  /* stepIndex */ 99, /* lateTicks */ 9999, /* worstTickMs */ 9999, /* ringMn */ 99999, /* pusherMn */ 99999,
];

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
