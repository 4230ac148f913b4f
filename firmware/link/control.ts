// What the link asks of the rest of the gun, as interfaces: the session (Control), the journal, noise, the audit trail.
// Not responsible for lines or checks of fields. Implemented by core and store, by small fakes in the tests. Runs on the gun.

import type { Board } from '../../hal/io.ts';

// Words of `Control.status`, by index. STATUS_FIELDS of messages.ts names them for the desk.
export const S_STATE = 0;
export const S_FAULT = 1;
export const S_SESSION_ID = 2;
export const S_DONE = 3;
export const S_PLANNED = 4;
export const S_UNCERTAIN = 5;
export const S_COMMANDED_NL = 6;
export const S_ESTIMATED_NL = 7;
export const S_REMAINING_NL = 8;
export const S_HOLD_REASON = 9;
export const S_PERMITS = 10;
export const S_STEP_INDEX = 11;
export const S_LATE_TICKS = 12;
export const S_WORST_TICK_MS = 13;
export const S_RING_MN = 14;
export const S_PUSHER_MN = 15;
export const STATUS_WORDS = 16;

// Words of `Control.refusal`, by index.
/** REFUSED_… of core/faults.ts. */
export const R_CODE = 0;
/** Which limit: the word of the programme, or of `setLimit`. */
export const R_LIMIT = 1;
export const R_VALUE = 2;
export const R_BOUND = 3;
/** SET_BY_… of core/faults.ts. */
export const R_SET_BY = 4;
export const REFUSAL_WORDS = 5;

/**
 * The session as the link may command it. Every call answers 0 or a REFUSED_… code and, when refused, fills `refusal`.
 * Must: return at once, copy what it keeps of `offer`'s words, accept `stop` in every state.
 */
export interface Control {
  readonly state: number;
  readonly refusal: Int32Array;
  readonly status: Int32Array;
  /** Pricks done: S_DONE of the status. */
  readonly done: number;
  /** Programmes taken by `offer` since boot, from the panel too: whose turn it was can be told. */
  readonly offers: number;
  offer(words: Int32Array, count: number): number;
  /** Has the session take an event of core/states.ts; `number` is the session's id of START and RESUME, the fill in nL of RELOAD. */
  ask(event: number, number: number): number;
  stop(): void;
  /** 1 enters SERVICE, 0 leaves it. */
  service(on: number): number;
  /** Only ever shrinks. */
  setLimit(index: number, value: number): number;
  /** Days since 1970-01-01, as the host says. */
  day: number;
  /** The calibration that the gun keeps. */
  readonly calibrationWords: Int32Array;
  /** What the bench shows, BENCH_… of core/session-bench.ts. */
  readonly benchWords: Int32Array;
  /** One work of a technician on the bench. */
  bench(kind: number, ints: Int32Array, count: number): number;
  /** Writes a record of store/record.ts. */
  keep(type: number, words: Int32Array, count: number): number;
  /** A line with a good check came from the host. */
  hostSeen(nowMs: number): void;
}

/** The journal as the link reads it. */
export interface JournalReader {
  /** Sequence number of the newest entry; below 0 when there is none. */
  readonly lastSeq: number;
  /** 1 while entries wait to be written: the link leaves the tick to them. */
  readonly busy: number;
  /** Copies the 16 words of an entry; 0, or not 0 when the journal does not hold it. */
  read(seq: number, into: Int32Array): number;
}

/** The programmes kept on the gun (panel/menu.ts). At IDLE only: flash is written. */
export interface Shelf {
  /** What `read` has found. */
  readonly words: Int32Array;
  /** Reads a slot. Count of words; 0 or less when it keeps nothing for this gun. */
  read(slot: number): number;
  /** 1 keeps the session's programme in a slot, 0 empties it. Answers 0 or REFUSED_…; when it cannot be written the old one stands. */
  keep(slot: number, on: number): number;
}

/** What the screen shows, line by line from the top (panel/screen.ts). */
export interface Shown {
  readonly lines: readonly string[];
}

/** Where noise comes from: low bits of a clock or of a sensor. Any 32-bit integer, ideally never the same twice. */
export type Entropy = () => number;

// What an audit entry is about.
/** A technician was let in. */
export const AUDIT_UNLOCKED = 1;
/** A wrong answer; `after` counts the failures in a row. */
export const AUDIT_UNLOCK_FAILED = 2;
/** The lock shut for `after` ms. */
export const AUDIT_LOCKED_OUT = 3;
/** The technician left, or was put out. */
export const AUDIT_LOGGED_OUT = 4;

/** Keeps what must not be deniable (R38). Limit changes are audited by Control itself. */
export type AuditLog = (what: number, before: number, after: number) => void;

/** The gun as the link has it. */
export interface LinkedGun {
  readonly control: Control;
  readonly journal: JournalReader;
  readonly shelf: Shelf;
  readonly screen: Shown;
  readonly entropy: Entropy;
  readonly audit: AuditLog;
  /** Key of this gun, 16 to 64 bytes; a shorter one lets no technician in. */
  readonly serviceKey: Uint8Array;
}

/** What the link takes of a board. Its name: at most 16 letters, digits and hyphens. */
export type LinkBoard = Pick<Board, 'serial' | 'serviceSwitch' | 'base64' | 'deviceId' | 'name' | 'tickMs'>;
