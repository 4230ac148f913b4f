// A conversation with a console: what came is kept until somebody asks for it, every wait has an end, XOFF holds our own words back.
// Not responsible for what is said. Runs at the desk.
import { EXIT_NO_DEVICE, MesogunError } from '../errors.ts';
import type { Transport } from '../transports/transport.ts';
import type { Clock } from './clock.ts';

const XON = '\x11';
const XOFF = '\x13';
/** Longest silence after XOFF before we go on: an XON that got lost would hold us for ever. Chosen. */
const XOFF_FOR_MS = 3000;
/** Whatever keeps coming, a wait ends after so many times its silence. Chosen. */
const LONGEST_WAITS = 20;
/** A side that never pauses so long is waited for so many times its pause. Chosen: what is still on its way comes faster. */
const LONGEST_PAUSES = 8;
/** Characters kept of what nobody asked for. Chosen: above the largest image read back. */
const KEPT_MAX = 600_000;

/** The board did not say in time what it should have. Not yet an error for a person: the flasher tries again or explains. */
export class NoAnswer extends Error {
  /** What came instead. */
  readonly heard: string;
  constructor(awaited: string, heard: string) {
    super(`no ${awaited}`);
    this.name = 'NoAnswer';
    this.heard = heard;
  }
}

export class Talk {
  readonly clock: Clock;
  private readonly transport: Transport;
  private heard = '';
  private held: string[] = [];
  private isHeld = false;
  private cancelHold = (): void => undefined;
  private gone: Error | null = null;
  private notice = (): void => undefined;
  private listening = true;
  private restless = false;

  constructor(transport: Transport, clock: Clock) {
    this.transport = transport;
    this.clock = clock;
    transport.onText((text) => this.take(text));
    transport.onClose(() => {
      this.gone = new MesogunError({ exit: EXIT_NO_DEVICE, what: 'the port is gone', why: 'the cable was pulled, or the board restarted' });
      this.notice();
    });
  }

  /** True once the port has closed. */
  get isGone(): boolean {
    return this.gone !== null;
  }

  /** True when the last quiet() ended although something kept coming: a program prints there, whatever is asked. */
  get isRestless(): boolean {
    return this.restless;
  }

  write(text: string): void {
    if (this.isHeld) this.held.push(text);
    else this.transport.write(text);
  }

  /** Takes all that has come. */
  clear(): string {
    const text = this.heard;
    this.heard = '';
    return text;
  }

  /**
   * Waits until `found` makes something of what has come, and takes that away up to the place it answers. Rejects with NoAnswer when
   * `forMs` pass in which nothing at all came, with MesogunError 4 when the port is gone.
   */
  async until<T>(awaited: string, forMs: number, found: (heard: string) => { value: T; end: number } | null): Promise<T> {
    const latestMs = this.clock.nowMs() + LONGEST_WAITS * forMs;
    for (;;) {
      const result = found(this.heard);
      if (result !== null) {
        this.heard = this.heard.slice(result.end);
        return result.value;
      }
      const came = this.gone === null && (await this.more(forMs));
      // What the other side said last counts, although it is gone.
      if (!came && this.gone !== null && found(this.heard) === null) throw this.gone;
      if ((!came && this.gone === null) || this.clock.nowMs() > latestMs) throw new NoAnswer(awaited, this.heard);
    }
  }

  /** The first match of a pattern, everything before it taken too. */
  match(awaited: string, forMs: number, pattern: RegExp): Promise<RegExpExecArray> {
    return this.until(awaited, forMs, (heard) => {
      const value = pattern.exec(heard);
      return value === null ? null : { value, end: value.index + value[0].length };
    });
  }

  /** The next character, whatever it is. */
  next(awaited: string, forMs: number): Promise<string> {
    return this.until(awaited, forMs, (heard) => (heard === '' ? null : { value: heard.charAt(0), end: 1 }));
  }

  /** Waits until nothing has come for so long, eight times that at most; answers all that had come. */
  async quiet(forMs: number): Promise<string> {
    const latestMs = this.clock.nowMs() + LONGEST_PAUSES * forMs;
    do this.restless = await this.more(forMs);
    while (this.restless && this.clock.nowMs() < latestMs);
    if (this.gone !== null) throw this.gone;
    return this.clear();
  }

  /** Waits so long, whatever comes. */
  pause(forMs: number): Promise<void> {
    return new Promise((resolve) => void this.clock.after(forMs, resolve));
  }

  /** Hands the port on, with what has come and nobody took: all of it is somebody else's now. */
  release(): Transport {
    const { transport } = this;
    const kept = this.clear();
    this.listening = false;
    this.cancelHold();
    return {
      ...transport,
      onText: (listener) => {
        transport.onText(listener);
        if (kept !== '') listener(kept);
      },
    };
  }

  close(): Promise<void> {
    this.cancelHold();
    return this.transport.close();
  }

  /** True when something came, false when nothing did for so long or the port is gone. */
  private more(forMs: number): Promise<boolean> {
    if (this.gone !== null) return Promise.resolve(false);
    return new Promise((resolve) => {
      const end = (came: boolean): void => {
        cancel();
        this.notice = () => undefined;
        resolve(came);
      };
      const cancel = this.clock.after(forMs, () => end(false));
      this.notice = () => end(this.gone === null);
    });
  }

  private take(text: string): void {
    if (!this.listening) return;
    for (const mark of text) {
      if (mark === XOFF) this.hold();
      else if (mark === XON) this.goOn();
    }
    this.heard = (this.heard + text.replaceAll(XOFF, '').replaceAll(XON, '')).slice(-KEPT_MAX);
    this.notice();
  }

  private hold(): void {
    this.isHeld = true;
    this.cancelHold();
    this.cancelHold = this.clock.after(XOFF_FOR_MS, () => this.goOn());
  }

  private goOn(): void {
    this.isHeld = false;
    this.cancelHold();
    for (const text of this.held.splice(0)) this.write(text);
  }
}
