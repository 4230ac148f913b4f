// A whole gun on the virtual board, run by a host that is always there and says yes: for tests of what the gun does.
// The link's own path is in tests/tools; here the session is asked directly so that a test can stop anywhere.
import { createGun, type Gun } from '../../../firmware/main.ts';
import * as S from '../../../firmware/core/states.ts';
import { checkId } from '../../../protocols/check.ts';
import { planProtocol, type Plan } from '../../../protocols/plan.ts';
import type { Treatment } from '../../../protocols/treatment.ts';
import { VirtualGun, type VirtualGunOptions } from '../../../sim/board.ts';
import type { WorldRequest } from '../../../sim/setup.ts';
import { worldFor } from '../../../tools/world.ts';
import { decodeJournal, type Journal, type JournalEntry } from '../../../tools/journal.ts';

export interface RigOptions {
  /** Library id; the face mesolift when absent. */
  readonly protocol?: string;
  readonly set?: Readonly<Record<string, number>>;
  readonly seed?: number;
  readonly faults?: readonly string[];
  readonly program?: (words: Int32Array) => Int32Array;
  readonly world?: Partial<WorldRequest>;
  readonly gun?: Partial<VirtualGunOptions>;
  /** Longest virtual time, s. */
  readonly limitS?: number;
}

export class Rig {
  readonly virtual: VirtualGun;
  readonly plan: Plan;
  readonly program: Int32Array;
  readonly limitS: number;
  /** Of the present power-on. */
  gun!: Gun;
  /** Asked before each tick; false = the host is gone. */
  hostPresent: () => boolean = () => true;
  private last = -1;

  constructor(options: RigOptions = {}) {
    const checked = checkId(options.protocol ?? 'mesolift-face', options.set ?? {});
    const treatment = checked?.treatment as Treatment;
    this.plan = planProtocol(treatment);
    this.program = options.program ? options.program(this.plan.program.slice()) : this.plan.program;
    this.limitS = options.limitS ?? 600;
    this.virtual = new VirtualGun({
      boot: (board) => (this.gun = createGun(board)),
      world: { ...worldFor({ treatment, plan: this.plan, warnings: [] }, options.seed ?? 1, options.faults ?? []), ...options.world },
      ...options.gun,
    });
    this.virtual.powerOn();
  }

  /** Runs ticks until `done` or until the session has come to its end. Returns this. */
  until(done: (gun: Gun) => boolean): this {
    while (this.virtual.nowUs < this.limitS * 1e6) {
      this.virtual.step();
      if (!this.virtual.board) continue;
      if (this.hostPresent()) this.attend();
      if (done(this.gun)) return this;
    }
    throw new Error(`nothing after ${String(this.limitS)} s: state ${S.STATE_NAMES[this.gun.session.state] ?? ''}`);
  }

  untilState(...states: number[]): this {
    return this.until((gun) => states.includes(gun.session.state) && (gun.session.state !== S.FAULT || gun.supervisor.safe === 1));
  }

  /** To COMPLETE or FAULT, then half a second more, so that the last entries stand. */
  finish(): this {
    this.untilState(S.COMPLETE, S.FAULT);
    return this.pass(500);
  }

  pass(forMs: number): this {
    const untilUs = this.virtual.nowUs + forMs * 1000;
    while (this.virtual.nowUs < untilUs) this.virtual.step();
    return this;
  }

  /** What the host says at each new state. */
  private attend(): void {
    const session = this.gun.session;
    const from = this.last;
    if (session.state === from) return;
    this.last = session.state;
    if (session.state === S.IDLE && this.gun.journal.lastSession === 0) {
      if (session.offer(this.program, this.program.length) === 0) session.start(1);
    } else if (session.state === S.READY) {
      if (from === S.PRIMING) session.arm();
      else session.prime();
    }
  }

  /** Every entry that stands in the flash, oldest first, read as the link reads it. */
  journal(): Journal {
    const { journal } = this.until((gun) => gun.journal.busy === 0).gun;
    const entries: Uint8Array[] = [];
    for (let seq = journal.oldestSeq; seq <= journal.lastSeq; seq++) {
      const words = new Int32Array(16);
      if (journal.read(seq, words) === 0) entries.push(new Uint8Array(words.buffer));
    }
    return decodeJournal(entries);
  }

  of(kind: string): JournalEntry[] {
    return this.journal().entries.filter((entry) => entry.kind === kind);
  }

  get violations(): readonly { invariant: string; says: string }[] {
    return this.virtual.monitor.violations;
  }
}

export const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
