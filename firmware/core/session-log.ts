// What the session writes into the journal, entry by entry: the one output that motion waits for.
// INTENT is encoded while waiting for the permit and made durable before the needle moves (R10); RESULT after.
// Not responsible for the chain or the flash (store/journal.ts).
import { DEVICE_BUS, OK } from '../../hal/devices.ts';
import type { AtMs } from '../../hal/units.ts';
import * as E from '../store/entry.ts';
import type { Journal } from '../store/journal.ts';
import * as F from './faults.ts';

/** Entries a session needs besides two a prick: begin, probe, primes, holds, faults, end. Chosen with room for 50 holds. */
export const SESSION_EXTRA_ENTRIES = 128;

/** Entries that boot and its faults may need before a session makes room. Chosen. */
const BOOT_ENTRIES = 8;

export class SessionLog {
  sessionId = 0;
  /** 1 after a write that the flash did not take, since boot: the session refuses to prick on it (R41). */
  failed = 0;
  /** 1 while an INTENT waits for its permit. */
  prepared = 0;
  /** 1 from an INTENT's permit to its RESULT. */
  open = 0;
  /** 1 when this tick wrote. */
  worked = 0;
  private readonly journal: Journal;

  constructor(journal: Journal) {
    this.journal = journal;
  }

  /** Once a tick: one step of what waits to be written. */
  step(): void {
    const journal = this.journal;
    this.worked = journal.busy;
    if (!this.worked) return;
    journal.step();
    const code = journal.failure;
    if (!code) return;
    journal.failure = OK;
    this.prepared = 0;
    if (code === DEVICE_BUS || (this.open && !this.durable)) this.failed = 1;
  }

  /** 1 while something waits to be written. */
  get busy(): number {
    return this.journal.busy;
  }

  /** 1 while an INTENT is durable without its RESULT: only then may anything move. */
  get durable(): number {
    return this.journal.openPrick >= 0 ? 1 : 0;
  }

  get lastSession(): number {
    return this.journal.lastSession;
  }

  /** Room for one more prick and its end. */
  get hasRoom(): boolean {
    return this.journal.freeEntries >= 4 && !this.failed;
  }

  /** Sectors to erase so that `pricks` more fit; -1 when they never will. */
  reserve(pricks: number): number {
    return this.journal.reserve(pricks * 2 + SESSION_EXTRA_ENTRIES);
  }

  /** At boot: reads a part of the journal. Sectors left to read. */
  scanStep(): number {
    return this.journal.scanStep();
  }

  /** The prick that power loss left without a RESULT, -1 for none: counted in full, never repeated (R10). */
  get uncertainPrick(): number {
    return this.journal.uncertainPrick;
  }

  get uncertainNl(): number {
    return this.journal.uncertainNl;
  }

  /** Where the journal's chain was broken at boot, -1 where it holds. */
  get brokenAt(): number {
    return this.journal.brokenAt;
  }

  /** At boot: one step towards room for a few entries. Sectors left, -1 = the flash failed. */
  makeRoom(): number {
    if (this.journal.freeEntries < BOOT_ENTRIES && this.journal.reserve(BOOT_ENTRIES) < 0) return -1;
    return this.journal.eraseNext();
  }

  /** Erases one sector or looks at a part of it; sectors left, or -1 when the flash failed. Only with the enable chain open (R31). */
  eraseNext(): number {
    return this.journal.eraseNext();
  }

  /** Queues an entry with up to ten payload words; those not given are 0. */
  note(
    kind: number,
    code: number,
    prick: number,
    nowMs: AtMs,
    a?: number,
    b?: number,
    c?: number,
    d?: number,
    e?: number,
    f?: number,
    g?: number,
    h?: number,
    i?: number,
    j?: number,
  ): void {
    this.prepared = 0;
    this.journal.stage(kind, code, prick, this.sessionId, nowMs);
    const words = this.journal.words;
    words[E.E_PAYLOAD] = a as number;
    words[E.E_PAYLOAD + 1] = b as number;
    words[E.E_PAYLOAD + 2] = c as number;
    words[E.E_PAYLOAD + 3] = d as number;
    words[E.E_PAYLOAD + 4] = e as number;
    words[E.E_PAYLOAD + 5] = f as number;
    words[E.E_PAYLOAD + 6] = g as number;
    words[E.E_PAYLOAD + 7] = h as number;
    words[E.E_PAYLOAD + 8] = i as number;
    words[E.E_PAYLOAD + 9] = j as number;
  }

  /** The INTENT noted last waits, summed, until commitIntent(): then only its page program is left. */
  holdIntent(): void {
    this.journal.held = 1;
    this.prepared = 1;
  }

  /** Has the prepared INTENT written. Nothing may move before `durable`; `failed` when it never will be. */
  commitIntent(): number {
    if (!this.prepared) return F.REFUSED_JOURNAL;
    this.prepared = 0;
    this.open = 1;
    this.journal.release();
    return F.REFUSED_NONE;
  }
}
