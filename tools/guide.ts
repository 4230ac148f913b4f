// Guides a gun through one session over the link: load, start, prime, arm, follow, end, read the journal.
// It reacts to what the gun says and never runs ahead of it: the run belongs to the device. Not responsible for the plan,
// for progress on a terminal, nor for what the journal means. Runs at the desk.
import { HOLD_STOP } from '../firmware/store/entry.ts';
import { REFUSED_CAUSE } from '../firmware/core/faults.ts';
import { BOOT, COMPLETE, FAULT, HOMING, IDLE, PAUSED, PRIMING, READY, SELF_TEST } from '../firmware/core/states.ts';
import { EXIT_DEVICE, MesogunError } from './errors.ts';
import { EventQueue } from './event-queue.ts';
import { JournalReading, loadProgram, readStatus } from './link-calls.ts';
import type { Asking } from './link-calls.ts';
import type { Answer, GunEvent } from './link-schemas.ts';
import { faultTrouble, refusalTrouble } from './refusal.ts';

/** What the guide needs of the link, which has said hello. */
export interface GuidedLink extends Asking {
  onClose(listener: (reason: Error) => void): void;
  stop(): Promise<void>;
}

/** `complete`: all pricks done. `ended`: somebody ended it at the gun. `restarted`: it lost its power. The rest: stopped by us, or by a fault. */
export type Ending = 'complete' | 'ended' | 'fault' | 'interrupted' | 'timeout' | 'restarted';
export interface Outcome {
  readonly ending: Ending;
  readonly sessionId: number;
  /** FAULT_… or 0. */
  readonly faultCode: number;
  /** The session's journal entries, 64 bytes each, in order. */
  readonly entries: readonly Uint8Array[];
}

export interface GuideOptions {
  /** The programme. */
  readonly words: Int32Array;
  /** Newest journal entry before the session, as hello tells it; −1 for none. */
  readonly lastSeq: number;
  /** Today, days since 1970-01-01: the gun refuses calibrations that are past it. Absent: the gun does not know. */
  readonly day?: number;
  /** Device time from start to the end of the last prick. */
  readonly timeoutMs: number;
  /** Everything the gun says of the session; `sinceMs` is device time since its start. */
  readonly onEvent: (event: GunEvent, sinceMs: number) => void;
}

/** Priming that the trigger finger cut short is asked for again, this often. Chosen: who lets go five times wants no session. */
const PRIMES_MOST = 5;
/** Device clocks wrap at 2^32 ms; half of that tells before from after. */
const HALF_TURN_MS = 2 ** 31;

const refused = (asked: string, answer: Answer): MesogunError => new MesogunError(refusalTrouble(asked, answer));

export class Guide {
  private readonly link: GuidedLink;
  private readonly options: GuideOptions;
  private readonly events = new EventQueue<GunEvent>();
  private readonly reading: JournalReading;
  private closed: ((reason: Error) => void) | null = null;
  private startedAtMs = -1;
  /** The gun has said yes to the session; a boot from here on has lost it. */
  private accepted = false;
  private lost = false;
  private primes = 0;
  private stopping: 'interrupted' | 'timeout' | null = null;
  private ended = false;

  constructor(link: GuidedLink, options: GuideOptions) {
    this.link = link;
    this.options = options;
    this.reading = new JournalReading(link);
    link.onEvent((event) => {
      this.hear(event);
    });
    link.onClose((reason) => {
      this.events.fail(reason);
      this.closed?.(reason);
    });
  }

  /** One session and its journal. Throws MesogunError when the gun refuses or the line goes. */
  async run(): Promise<Outcome> {
    const firstSeq = this.options.lastSeq + 1;
    const sessionId = firstSeq + 1;
    await this.idle();
    if (this.options.day !== undefined) await this.ask('today', { day: this.options.day });
    const loaded = await loadProgram(this.link, this.options.words);
    if (loaded.no !== undefined) throw refused('load', loaded);
    await this.ask('start', { session: sessionId });
    this.accepted = true;
    const ending = await this.follow();
    const faultCode = ending === 'fault' ? ((await readStatus(this.link))['fault'] ?? 0) : 0;
    return { ending, sessionId, faultCode, entries: await this.journal(firstSeq) };
  }

  /** Stops the gun now; `run` then ends by itself once the needle is home. */
  async interrupt(why: 'interrupted' | 'timeout' = 'interrupted'): Promise<void> {
    if (this.stopping !== null) return;
    this.stopping = why;
    await this.link.stop();
  }

  private async ask(name: string, fields: Readonly<Record<string, unknown>> = {}): Promise<void> {
    const answer = await this.link.request(name, fields);
    if (answer.no !== undefined) throw refused(name, answer);
  }

  private hear(event: GunEvent): void {
    if (event.ev === 'entry') return;
    if (event.ev === 'boot' && this.accepted) this.lost = true;
    if (this.startedAtMs >= 0) {
      const turnMs = (event.at - this.startedAtMs) >>> 0;
      const sinceMs = turnMs < HALF_TURN_MS ? turnMs : 0;
      if (sinceMs > this.options.timeoutMs) this.interrupt('timeout').catch(() => undefined);
      this.options.onEvent(event, sinceMs);
    }
    this.events.put(event);
  }

  /** Waits through boot and self-test. */
  private async idle(): Promise<void> {
    let state = (await readStatus(this.link))['state'] ?? FAULT;
    while (state !== IDLE) {
      if (state === FAULT) throw new MesogunError(faultTrouble((await readStatus(this.link))['fault'] ?? 0));
      if (state !== BOOT && state !== SELF_TEST) {
        const next = 'end that session at the gun, or wait for it';
        throw new MesogunError({ exit: EXIT_DEVICE, what: 'the gun is in a session of somebody else', next });
      }
      const event = await this.events.next();
      if (event.ev === 'state') state = event.to;
      if (event.ev === 'hb') state = event.state;
    }
  }

  private async follow(): Promise<Ending> {
    for (;;) {
      const event = await this.events.next();
      if (event.ev === 'boot' && this.lost) return this.restarted();
      const state = event.ev === 'state' ? event.to : event.ev === 'hb' ? event.state : -1;
      if (state === FAULT) return 'fault';
      if (this.startedAtMs < 0 && !this.begins(event)) continue;
      if (event.ev === 'hold' && event.why === HOLD_STOP) this.stopping ??= 'interrupted';
      const ending = this.stopping === null ? await this.advance(event) : await this.wind(state);
      if (ending !== null) return ending;
    }
  }

  /** No session survives a restart: the gun counts the prick it was in and idles. Its journal is read like any other. */
  private async restarted(): Promise<Ending> {
    await this.ask('hello');
    await this.idle();
    return 'restarted';
  }

  /** The session begins with HOMING; what the gun said of its boot may still come before. */
  private begins(event: GunEvent): boolean {
    if (event.ev !== 'state' || event.to !== HOMING) return false;
    this.startedAtMs = event.at;
    this.options.onEvent(event, 0);
    return true;
  }

  /** Does what the gun waits for from a host. */
  private async advance(event: GunEvent): Promise<Ending | null> {
    if (event.ev !== 'state') return null;
    if (event.to === READY) await this.ready(event.from);
    if (event.to === COMPLETE) {
      await this.ask('end');
      return 'complete';
    }
    return event.to === IDLE ? 'ended' : null;
  }

  /** Ready: prime, then arm. A gun whose priming was cut short refuses to arm and is asked to prime again. */
  private async ready(from: number): Promise<void> {
    if (from === PRIMING) {
      const answer = await this.link.request('arm');
      if (answer.no === undefined) return;
      if (answer.no !== REFUSED_CAUSE || this.primes >= PRIMES_MOST) throw refused('arm', answer);
      this.primes += 1;
    } else this.primes = 1;
    await this.ask('prime');
  }

  /** After a stop: as soon as the gun stands still, end the session. */
  private async wind(state: number): Promise<Ending | null> {
    if (state === IDLE) return this.stopping;
    if (!this.ended && (state === PAUSED || state === READY || state === COMPLETE)) {
      this.ended = (await this.link.request('end')).no === undefined;
    }
    return null;
  }

  private journal(firstSeq: number): Promise<Uint8Array[]> {
    return new Promise((resolve, reject) => {
      this.closed = reject;
      this.reading.readFrom(firstSeq).then(resolve, reject);
    });
  }
}
