// What the journal adds up to: totals since the gun was made, entry by entry. The same
// code counts while running and while replaying (I10). Not responsible for flash or chain. Runs on the gun and at the desk.
// An INTENT is counted in full at once; its RESULT corrects the count, nothing else ever lowers it (R10).
import {
  E_HEAD,
  E_PAYLOAD,
  E_SESSION,
  KIND_BOOT,
  KIND_CHECKPOINT,
  KIND_END,
  KIND_FAULT,
  KIND_INTENT,
  KIND_RESULT,
  KIND_RESUME,
  KIND_SESSION,
} from './entry.ts';

// Totals, in the order of the payload of a CHECKPOINT. Volumes as whole µL and a rest of 0 to 999 nL: no word passes 2^31.
/** Pricks begun: INTENT entries. */
export const TOTAL_PRICKS = 0;
/** Dose counted against the limits. */
export const TOTAL_UL = 1;
export const TOTAL_REST_NL = 2;
export const TOTAL_COMPENSATION_UL = 3;
export const TOTAL_COMPENSATION_REST_NL = 4;
/** Pricks whose RESULT never came. */
export const TOTAL_UNCERTAIN = 5;
export const TOTAL_SESSIONS = 6;
/** Sector erases; those since the last checkpoint are forgotten by a power cut. */
export const TOTAL_SECTOR_ERASES = 7;
/** The INTENT that still waits for its RESULT; already counted above. */
export const TOTAL_OPEN_NL = 8;
export const TOTAL_OPEN_COMPENSATION_NL = 9;
export const TOTAL_WORDS = 10;

// Payload words used here, counted from E_PAYLOAD; names in PAYLOAD_FIELDS.
const INTENT_DOSE_NL = E_PAYLOAD;
const INTENT_COMPENSATION_NL = E_PAYLOAD + 1;
const RESULT_COMPENSATION_NL = E_PAYLOAD + 1;
const RESULT_COUNTED_NL = E_PAYLOAD + 8;

export const kindOf = (words: Int32Array): number => (words[E_HEAD] as number) & 0xff;
export const codeOf = (words: Int32Array): number => ((words[E_HEAD] as number) >> 8) & 0xff;
export const prickOf = (words: Int32Array): number => ((words[E_HEAD] as number) >> 16) & 0xffff;

/** Counts entries in their order: the first CHECKPOINT is believed, later ones are compared. `totals` may be read, never written from outside. */
export class Ledger {
  /** TOTAL_… words. */
  readonly totals = new Int32Array(TOTAL_WORDS);
  /** The prick of the open INTENT, else -1. */
  openPrick = -1;
  /** The last prick left uncertain by a reset and not yet followed by RESUME, SESSION, END or INTENT, else -1. */
  lostPrick = -1;
  /** Dose and compensation of that prick, counted in full. */
  lostNl = 0;
  /** Checkpoints that did not agree with the entries before them. */
  disagreements = 0;
  /** Last session number seen in any entry, 0 for none. */
  lastSession = 0;
  /** Number of the last FAULT entry seen, 0 for none. */
  lastFault = 0;
  private based = 0;

  /** Counts one entry of 16 words. */
  apply(words: Int32Array): void {
    const sessionId = words[E_SESSION] as number;
    if (sessionId) this.lastSession = sessionId;
    const kind = kindOf(words);
    if (kind === KIND_CHECKPOINT) this.checkpoint(words);
    else if (kind === KIND_INTENT) this.intent(words);
    else if (kind === KIND_RESULT) this.result(words);
    else if (kind === KIND_BOOT) this.close();
    else if (kind === KIND_SESSION || kind === KIND_END) this.begin(kind);
    else if (kind === KIND_RESUME) this.lostPrick = -1;
    else if (kind === KIND_FAULT) this.lastFault = codeOf(words);
  }

  /** Adds to a volume kept as µL at `index` and rest at `index + 1`. |nl| < 2^31 - 1000. */
  private add(index: number, nl: number): void {
    const sum = (this.totals[index + 1] as number) + nl;
    let carry = (sum / 1000) | 0;
    if (sum < carry * 1000) carry--;
    this.totals[index] = (this.totals[index] as number) + carry;
    this.totals[index + 1] = sum - carry * 1000;
  }

  private checkpoint(words: Int32Array): void {
    let differs = 0;
    for (let at = 0; at < TOTAL_WORDS; at++) {
      const value = words[E_PAYLOAD + at] as number;
      if (at !== TOTAL_SECTOR_ERASES && value !== this.totals[at]) differs = 1;
      this.totals[at] = value;
    }
    const open = codeOf(words) === 1 ? prickOf(words) : -1;
    if (open !== this.openPrick) differs = 1;
    this.openPrick = open;
    if (this.based) this.disagreements += differs;
    this.based = 1;
  }

  private intent(words: Int32Array): void {
    this.close();
    const doseNl = words[INTENT_DOSE_NL] as number;
    const compensationNl = words[INTENT_COMPENSATION_NL] as number;
    this.lostPrick = -1;
    this.openPrick = prickOf(words);
    this.totals[TOTAL_OPEN_NL] = doseNl;
    this.totals[TOTAL_OPEN_COMPENSATION_NL] = compensationNl;
    this.grow(TOTAL_PRICKS);
    this.count(doseNl, compensationNl);
  }

  private result(words: Int32Array): void {
    const openNl = this.totals[TOTAL_OPEN_NL] as number;
    const openCompensationNl = this.totals[TOTAL_OPEN_COMPENSATION_NL] as number;
    this.count((words[RESULT_COUNTED_NL] as number) - openNl, (words[RESULT_COMPENSATION_NL] as number) - openCompensationNl);
    this.forgetOpen();
  }

  private count(nl: number, compensationNl: number): void {
    this.add(TOTAL_UL, nl);
    this.add(TOTAL_COMPENSATION_UL, compensationNl);
  }

  /** An INTENT that will get no RESULT any more stays counted in full, as uncertain. */
  private close(): void {
    if (this.openPrick < 0) return;
    this.grow(TOTAL_UNCERTAIN);
    this.lostPrick = this.openPrick;
    this.lostNl = (this.totals[TOTAL_OPEN_NL] as number) + (this.totals[TOTAL_OPEN_COMPENSATION_NL] as number);
    this.forgetOpen();
  }

  private forgetOpen(): void {
    this.openPrick = -1;
    this.totals[TOTAL_OPEN_NL] = 0;
    this.totals[TOTAL_OPEN_COMPENSATION_NL] = 0;
  }

  /** A session begins or ends: what is uncertain is not asked for any more. */
  private begin(kind: number): void {
    this.close();
    this.lostPrick = -1;
    if (kind === KIND_SESSION) this.grow(TOTAL_SESSIONS);
  }

  private grow(index: number): void {
    this.totals[index] = (this.totals[index] as number) + 1;
  }
}
