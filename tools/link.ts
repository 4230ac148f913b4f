// The desk's end of the link: requests with promises, events, acks, stop. One request is under way at a time; the rest wait.
// Waits are counted in the gun's heartbeats, so that a session is the same in virtual time however fast the wall clock runs.
// Not responsible for what to ask when (guide.ts) nor for the wire (transports/). Runs at the desk.
import { MESSAGES } from './link-messages.ts';
import { EXIT_NO_DEVICE, EXIT_UNEXPECTED, MesogunError } from './errors.ts';
import { LineTurns } from './line-turns.ts';
import { decodeLine, encodeLine } from './link-line.ts';
import { ANSWER_SCHEMA, EVENT_SCHEMA, HELLO_SCHEMA, REQUEST_SCHEMAS, type Answer, type GunEvent, type Hello } from './link-schemas.ts';
import { faultTrouble } from './refusal.ts';
import type { Transport } from './transports/transport.ts';

/** Heartbeats without an answer after which the same line is sent again. Chosen: the slowest answer takes 1.6 s. */
const RESEND_AFTER_BEATS = 3;
/** ... and after which we give up. Chosen: four resends. */
const GIVE_UP_AFTER_BEATS = 15;
/** Wall time between two stops until one is answered. Source: design.md §7. */
const STOP_EVERY_MS = 100;
/** Wall time that a simulated gun in another process may take to introduce itself. */
const GREETING_FOR_MS = 2000;

export interface LinkOptions {
  /** Wall time without any good line after which a waiting request fails; 0 = never, as in process. For wires that may be dead. */
  readonly silentForMs?: number;
  /** Sees every line, both ways, without its line feed. */
  readonly trace?: (direction: '>' | '<', line: string) => void;
}

type Fields = Readonly<Record<string, unknown>>;

interface Request {
  readonly id: number;
  readonly line: string;
  beats: number;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (reason: Error) => void;
}

interface Waiting {
  readonly name: string;
  readonly fields: Fields;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (reason: Error) => void;
}

const trouble = (what: string, why: string, next: string): MesogunError => new MesogunError({ exit: EXIT_NO_DEVICE, what, why, next });
const gone = (why: string): MesogunError => trouble('the link to the gun is gone', why, 'check cable and port; the gun pauses on its own');
const notSimulated = trouble('this gun is not simulated', 'it did not introduce itself as such', 'leave out seed and faults');

export class Link {
  /** What the gun said of itself at `connect`. */
  hello: Hello | undefined;
  /** What a simulated gun said of itself before power-on; undefined for a real one. */
  greeting: unknown;
  /** Lines that came damaged, and gun lines that never came, by their numbers. */
  badLines = 0;
  missedLines = 0;
  private readonly transport: Transport;
  private readonly options: LinkOptions;
  private readonly eventListeners: ((event: GunEvent) => void)[] = [];
  private readonly closeListeners: ((reason: Error) => void)[] = [];
  private readonly greetingListeners: (() => void)[] = [];
  private readonly waiting: Waiting[] = [];
  private readonly turns: LineTurns;
  private request_: Request | undefined;
  private closed: Error | undefined;
  private seq = 0;
  private gunSeq = 0;
  private nextId = 1;
  private silence: NodeJS.Timeout | undefined;
  private faultTold = 0; // by the gun since it started: it is latched

  constructor(transport: Transport, options: LinkOptions = {}) {
    this.transport = transport;
    this.options = options;
    this.turns = new LineTurns(
      (line) => this.receive(line),
      (seq) => this.send(this.number(`{"ack":${seq}}`)),
    );
    transport.onText((text) => this.turns.take(text));
    transport.onClose(() => this.shut(gone('the wire was closed')));
  }

  /** Listens to what the gun says on its own, in order, before the line is acknowledged. */
  onEvent(listener: (event: GunEvent) => void): void {
    this.eventListeners.push(listener);
  }

  /** Once, when the link is gone; at once when it already is. */
  onClose(listener: (reason: Error) => void): void {
    if (this.closed === undefined) this.closeListeners.push(listener);
    else listener(this.closed);
  }

  /**
   * Says hello and learns which ids come next. `world` configures a simulated gun before its power-on, and nothing else:
   * a gun that does not introduce itself as simulated within 2 s is a MesogunError then.
   */
  async connect(world?: object): Promise<Hello> {
    if (world !== undefined) {
      await this.greeted();
      this.send(`% world ${JSON.stringify(world)}`);
    }
    const answer = await this.request('hello');
    const hello = HELLO_SCHEMA.safeParse(answer);
    if (!hello.success) {
      throw trouble('the gun speaks another version of the link', JSON.stringify(answer), 'flash the firmware that belongs to this desk');
    }
    return hello.data;
  }

  /** Asks, and resolves with the answer, a refusal included. Rejects when the fields are not of the table, or nobody answers. */
  async request(name: string, fields: Fields = {}): Promise<Answer> {
    const schema = REQUEST_SCHEMAS.get(name);
    const wrong = schema === undefined ? `known are ${MESSAGES.map((m) => m.name).join(', ')}` : schema.safeParse(fields).error?.message;
    if (wrong !== undefined)
      throw new MesogunError({ exit: EXIT_UNEXPECTED, what: `the link has no request '${name}' like this`, why: wrong });
    return this.requestUnchecked(name, fields);
  }

  /** Like `request`, whatever the fields are: the gun has to refuse by itself. */
  requestUnchecked(name: string, fields: Fields = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.closed !== undefined) {
        reject(this.closed);
        return;
      }
      this.waiting.push({ name, fields, resolve, reject });
      this.askNext();
    });
  }

  /** Stop: at once, past everything that waits, every 100 ms until the gun has answered. */
  stop(): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.closed !== undefined) {
        reject(this.closed);
        return;
      }
      const timer = setInterval(() => this.transport.write('!'), STOP_EVERY_MS);
      this.onEvent((event) => {
        if (event.ev !== 'stop') return;
        clearInterval(timer);
        resolve();
      });
      this.onClose((reason) => {
        clearInterval(timer);
        reject(reason);
      });
      this.transport.write('!');
    });
  }

  /** Text as it is, for tests of the gun's patience. */
  raw(text: string): void {
    this.transport.write(text);
  }

  async close(): Promise<void> {
    this.shut(gone('closed by us'));
    await this.transport.close();
  }

  private send(line: string): void {
    this.options.trace?.('>', line);
    this.transport.write(`${line}\n`);
  }

  private number(json: string): string {
    this.seq += 1;
    return encodeLine(this.seq, json).slice(0, -1);
  }

  private greeted(): Promise<void> {
    if (this.greeting !== undefined) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(notSimulated), GREETING_FOR_MS);
      this.greetingListeners.push(() => {
        clearTimeout(timer);
        resolve();
      });
      this.onClose(reject);
    });
  }

  private askNext(): void {
    if (this.request_ !== undefined) return;
    const next = this.waiting.shift();
    if (next === undefined) return;
    const id = next.name === 'hello' ? 1 : this.nextId;
    let line: string;
    try {
      line = this.number(JSON.stringify({ id, do: next.name, ...next.fields }));
    } catch (error) {
      next.reject(error instanceof Error ? error : new Error(String(error)));
      this.askNext();
      return;
    }
    if (next.name !== 'hello') this.nextId += 1;
    this.request_ = { id, line, beats: 0, resolve: next.resolve, reject: next.reject };
    this.watchSilence();
    this.send(line);
  }

  private watchSilence(): void {
    clearTimeout(this.silence);
    this.silence = undefined;
    const silentForMs = this.options.silentForMs ?? 0;
    if (this.request_ === undefined || silentForMs === 0) return;
    this.silence = setTimeout(() => this.giveUp(`not one line came for ${silentForMs} ms`), silentForMs);
  }

  private giveUp(why: string): void {
    const request = this.request_;
    this.request_ = undefined;
    this.watchSilence();
    const silent = trouble('the gun does not answer', why, 'is the gun on, and is this its port? try again');
    request?.reject(this.faultTold > 0 ? new MesogunError(faultTrouble(this.faultTold)) : silent);
    this.askNext();
  }

  private receive(line: string): number {
    this.options.trace?.('<', line);
    return line.startsWith('%') ? this.meet(line) : this.hear(line);
  }

  /** A line of the simulator's own. */
  private meet(text: string): 0 {
    if (text.startsWith('% mesogun-sim ')) {
      this.greeting = text.slice('% mesogun-sim '.length);
      for (const listener of this.greetingListeners.splice(0)) listener();
    } else this.shut(gone(text.slice(2)));
    return 0;
  }

  /** A line of the gun. Answers its number, or 0 when it was damaged. */
  private hear(text: string): number {
    const line = decodeLine(text);
    if (line === undefined) {
      this.badLines += 1;
      return 0;
    }
    if (this.gunSeq > 0 && line.seq > this.gunSeq + 1) this.missedLines += line.seq - this.gunSeq - 1;
    this.gunSeq = line.seq;
    this.watchSilence();
    let value: unknown;
    try {
      value = JSON.parse(line.json);
    } catch {
      this.badLines += 1;
      return line.seq;
    }
    const event = EVENT_SCHEMA.safeParse(value);
    if (event.success) this.tell(event.data);
    else {
      const answer = ANSWER_SCHEMA.safeParse(value);
      if (answer.success) this.settle(answer.data);
      else this.badLines += 1;
    }
    return line.seq;
  }

  private tell(event: GunEvent): void {
    const request = this.request_;
    if (event.ev === 'fault' || event.ev === 'boot') this.faultTold = event.ev === 'fault' ? event.code : 0;
    if (event.ev === 'boot' && this.hello !== undefined) {
      this.hello = undefined;
      this.giveUp('it has restarted');
    } else if (event.ev === 'hb' && request !== undefined) {
      request.beats += 1;
      if (request.beats >= GIVE_UP_AFTER_BEATS) this.giveUp(`no answer within ${GIVE_UP_AFTER_BEATS} heartbeats`);
      else if (request.beats % RESEND_AFTER_BEATS === 0) this.send(request.line);
    }
    for (const listener of this.eventListeners) listener(event);
  }

  private settle(answer: Answer): void {
    const request = this.request_;
    if (request === undefined || answer.re !== request.id) return;
    this.request_ = undefined;
    const hello = HELLO_SCHEMA.safeParse(answer);
    if (hello.success) {
      this.hello = hello.data;
      this.nextId = hello.data.next;
    }
    this.watchSilence();
    request.resolve(answer);
    this.askNext();
  }

  private shut(reason: Error): void {
    if (this.closed !== undefined) return;
    this.closed = reason;
    this.turns.end();
    clearTimeout(this.silence);
    this.request_?.reject(reason);
    this.request_ = undefined;
    for (const waiting of this.waiting.splice(0)) waiting.reject(reason);
    for (const listener of this.closeListeners.splice(0)) listener(reason);
  }
}
