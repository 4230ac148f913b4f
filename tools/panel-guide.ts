// Follows a session that a person runs at the gun's panel: keeps the programme on the gun, then only listens, and reads the journal when
// the gun is back at IDLE. Asks for nothing that moves; stops the gun when told to. Not responsible for the plan. Runs at the desk.
import { BOOT, COMPLETE, FAULT, HOMING, IDLE, PAUSED, READY, SELF_TEST } from '../firmware/core/states.ts';
import { keepProgramme } from './device/shelf.ts';
import { EXIT_DEVICE, MesogunError } from './errors.ts';
import { EventQueue } from './event-queue.ts';
import type { Ending, GuidedLink, GuideOptions, Outcome } from './guide.ts';
import { JournalReading, readStatus } from './link-calls.ts';
import type { GunEvent } from './link-schemas.ts';

export interface PanelGuideOptions extends GuideOptions {
  /** The programme is on the gun, in this slot: what the person has to do may be said. */
  readonly onKept: (slot: number) => void;
}

/** Device clocks wrap at 2^32 ms. */
const HALF_TURN_MS = 2 ** 31;

export class PanelGuide {
  private readonly link: GuidedLink;
  private readonly options: PanelGuideOptions;
  private readonly events = new EventQueue<GunEvent>();
  private readonly reading: JournalReading;
  private listensSinceMs = -1;
  private startedAtMs = -1;
  private stopping: 'interrupted' | 'timeout' | null = null;

  constructor(link: GuidedLink, options: PanelGuideOptions) {
    this.link = link;
    this.options = options;
    this.reading = new JournalReading(link);
    link.onEvent((event) => {
      this.hear(event);
    });
    link.onClose((reason) => {
      this.events.fail(reason);
    });
  }

  /** One session at the panel and its journal. Throws MesogunError when the gun is not free or the line goes. */
  async run(): Promise<Outcome> {
    const firstSeq = this.options.lastSeq + 1;
    await this.untilIdle();
    this.options.onKept(await keepProgramme(this.link, this.options.words));
    const ending = await this.follow();
    const status = await readStatus(this.link);
    const faultCode = ending === 'fault' ? (status['fault'] ?? 0) : 0;
    return { ending, sessionId: status['sessionId'] ?? 0, faultCode, entries: await this.reading.readFrom(firstSeq) };
  }

  /** Stops the gun now; `run` then ends by itself once it stands. */
  async interrupt(why: 'interrupted' | 'timeout' = 'interrupted'): Promise<void> {
    if (this.stopping !== null) return;
    this.stopping = why;
    await this.link.stop();
  }

  private hear(event: GunEvent): void {
    if (event.ev === 'entry') return;
    if (this.listensSinceMs < 0) this.listensSinceMs = event.at;
    if (event.ev === 'state' && event.to === HOMING) this.startedAtMs = event.at;
    if (this.since(this.listensSinceMs, event) > this.options.timeoutMs) this.interrupt('timeout').catch(() => undefined);
    if (this.startedAtMs >= 0) this.options.onEvent(event, this.since(this.startedAtMs, event));
    this.events.put(event);
  }

  private since(fromMs: number, event: Exclude<GunEvent, { ev: 'entry' }>): number {
    const turnMs = (event.at - fromMs) >>> 0;
    return turnMs < HALF_TURN_MS ? turnMs : 0;
  }

  private async untilIdle(): Promise<void> {
    for (;;) {
      const { state } = await readStatus(this.link);
      if (state === IDLE) return;
      if (state !== BOOT && state !== SELF_TEST)
        throw new MesogunError({
          exit: EXIT_DEVICE,
          what: 'the gun is not free: a session runs, or a fault is latched',
          next: 'look at its screen; end the session or clear the fault there',
        });
      await this.events.next();
    }
  }

  /** Until the gun is back at IDLE, stands in a fault, or has been stopped and stands. */
  private async follow(): Promise<Ending> {
    let complete = false;
    for (;;) {
      const event = await this.events.next();
      const state = event.ev === 'state' ? event.to : event.ev === 'hb' ? event.state : -1;
      if (state === FAULT) return 'fault';
      if (state === COMPLETE) complete = true;
      if (this.stopping !== null) {
        if (state === IDLE) return this.stopping;
        if (state === PAUSED || state === READY || state === COMPLETE) await this.link.request('end');
      } else if (event.ev === 'state' && state === IDLE && this.startedAtMs >= 0) return complete ? 'complete' : 'ended';
    }
  }
}
