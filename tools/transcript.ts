// Plays a transcript against a gun: `>` host sends, `<` the gun must answer, `~` it may answer, `@250ms` lets device time pass,
// `#` remark. Not responsible for the wire or the gun behind it. Runs at the desk.
//
// `> {"id":1,"do":"status"}` gets its number and check; `>raw text` goes verbatim, without a line feed unless it says \n.
// `< {"re":1,"ok":1}` matches a line that has at least these fields, "*" standing for any value. Heartbeats are passed over unless
// asked for. `~` stays in force to the end. Any other line is a mistake. Small ids count from the first that the gun takes: it says
// so in the answer to `hello`, which is itself `{"id":1,"do":"hello"}` and always literal.
import { isDeepStrictEqual } from 'node:util';
import { decodeLine, encodeLine } from './link-line.ts';
import type { Transport } from './transports/transport.ts';

type Json = Record<string, unknown>;

export type Step =
  | { readonly kind: '>'; readonly line: number; readonly message: Json }
  | { readonly kind: '>raw'; readonly line: number; readonly text: string }
  | { readonly kind: '<'; readonly line: number; readonly pattern: Json }
  | { readonly kind: '~'; readonly line: number; readonly pattern: Json }
  | { readonly kind: '@'; readonly line: number; readonly forMs: number };

/** A transcript that cannot be read, or a gun that did something else. The message starts with the line of the transcript. */
export class TranscriptError extends Error {
  constructor(line: number, what: string) {
    super(`line ${line}: ${what}`);
    this.name = 'TranscriptError';
  }
}

function jsonOf(line: number, text: string): Json {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  } catch {
    // Said below, as for any other text that is no object.
  }
  throw new TranscriptError(line, `not a JSON object: ${text}`);
}

/** Reads a transcript; throws a TranscriptError with the line's number. */
export function parseTranscript(text: string): Step[] {
  const steps: Step[] = [];
  text.split('\n').forEach((raw, index) => {
    const line = index + 1;
    const content = raw.trim();
    if (content === '' || content.startsWith('#')) return;
    const pass = /^@(\d+)ms$/.exec(content);
    if (content.startsWith('>raw ')) steps.push({ kind: '>raw', line, text: content.slice(5).replaceAll('\\n', '\n') });
    else if (content.startsWith('> ')) steps.push({ kind: '>', line, message: jsonOf(line, content.slice(2)) });
    else if (content.startsWith('< ')) steps.push({ kind: '<', line, pattern: jsonOf(line, content.slice(2)) });
    else if (content.startsWith('~ ')) steps.push({ kind: '~', line, pattern: jsonOf(line, content.slice(2)) });
    else if (pass !== null) steps.push({ kind: '@', line, forMs: Number(pass[1]) });
    else throw new TranscriptError(line, `starts with none of > >raw < ~ @…ms #: ${content}`);
  });
  return steps;
}

/** Whether `value` has at least the fields of `pattern`, "*" standing for any value. */
export function matches(pattern: Json, value: Json): boolean {
  return Object.entries(pattern).every(([name, wanted]) => name in value && (wanted === '*' || isDeepStrictEqual(wanted, value[name])));
}

export interface PlayOptions {
  /** Lets device time pass; absent: until the gun's own clock, as its events tell it, is so much further. */
  readonly pass?: (forMs: number) => void | Promise<void>;
  /** Wall time that a line may take to come: for wires that may be dead. 0 = any. */
  readonly silentForMs?: number;
}

/** One playing of one transcript over one wire. The line last read is acknowledged only when the next is wanted. */
class Player {
  private readonly transport: Transport;
  private readonly options: PlayOptions;
  private readonly allowed: Json[] = [];
  private readonly came: string[] = [];
  private partial = '';
  private seq = 0;
  private unacked = 0;
  private firstId = 0;
  private atMs = -1;
  private closed = false;
  private wake: () => void = () => undefined;

  constructor(transport: Transport, options: PlayOptions) {
    this.transport = transport;
    this.options = options;
    transport.onText((text) => {
      const lines = (this.partial + text).split('\n');
      this.partial = lines.pop() ?? '';
      this.came.push(...lines.filter((line) => line !== '' && !line.startsWith('%')));
      this.wake();
    });
    transport.onClose(() => {
      this.closed = true;
      this.wake();
    });
  }

  async play(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      if (step.kind === '~') this.allowed.push(step.pattern);
      else if (step.kind === '>raw') this.transport.write(step.text);
      else if (step.kind === '>') this.send(this.shifted(step.message, 'id'));
      else if (step.kind === '@') await this.pass(step.line, step.forMs);
      else await this.expect(step.line, step.pattern);
    }
  }

  private send(message: Json): void {
    this.seq += 1;
    this.transport.write(encodeLine(this.seq, JSON.stringify(message)));
  }

  /** A small id of the transcript as the gun counts. */
  private shifted(message: Json, name: 'id' | 're'): Json {
    const id = message[name];
    const literal = this.firstId === 0 || typeof id !== 'number' || id < 1 || id > 1024 || message['do'] === 'hello' || 'next' in message;
    return literal ? message : { ...message, [name]: this.firstId + id - 1 };
  }

  private async expect(line: number, pattern: Json): Promise<void> {
    const wanted = this.shifted(pattern, 're');
    for (;;) {
      const message = await this.next(line, `the gun did not say ${JSON.stringify(wanted)}`);
      if (matches(wanted, message)) return;
      this.refuseStranger(line, message, `instead of ${JSON.stringify(wanted)}`);
    }
  }

  private refuseStranger(line: number, message: Json, where: string): void {
    if (message['ev'] === 'hb' || this.allowed.some((pattern) => matches(this.shifted(pattern, 're'), message))) return;
    throw new TranscriptError(line, `the gun said ${JSON.stringify(message)} ${where}`);
  }

  private async pass(line: number, forMs: number): Promise<void> {
    if (this.options.pass !== undefined) {
      await this.options.pass(forMs);
      return;
    }
    let fromMs = this.atMs;
    for (;;) {
      const message = await this.next(line, `device time does not pass`);
      this.refuseStranger(line, message, `while ${forMs} ms passed`);
      if (fromMs < 0) fromMs = this.atMs;
      if (fromMs >= 0 && (this.atMs - fromMs) >>> 0 >= forMs) return;
    }
  }

  private async next(line: number, missing: string): Promise<Json> {
    if (this.came.length === 0) await this.more(line, missing);
    const text = this.came.shift() ?? '';
    const decoded = decodeLine(text);
    if (decoded === undefined) throw new TranscriptError(line, `a damaged line came: ${text}`);
    this.unacked = decoded.seq;
    const message = jsonOf(line, decoded.json);
    if (typeof message['at'] === 'number') this.atMs = message['at'];
    if (typeof message['next'] === 'number') this.firstId = message['next'];
    return message;
  }

  private async more(line: number, missing: string): Promise<void> {
    if (this.unacked > 0) this.send({ ack: this.unacked });
    this.unacked = 0;
    const silentForMs = this.options.silentForMs ?? 0;
    const endsAt = silentForMs > 0 ? Date.now() + silentForMs : Infinity;
    const timer = silentForMs > 0 ? setTimeout(() => this.wake(), silentForMs + 1) : undefined;
    while (this.came.length === 0 && !this.closed && Date.now() < endsAt) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    clearTimeout(timer);
    if (this.came.length === 0) throw new TranscriptError(line, `${missing}: ${this.closed ? 'the wire was closed' : 'silence'}`);
  }
}

/** Plays; rejects with a TranscriptError at the first line that the gun does not keep to. Takes the transport's listeners. */
export async function playTranscript(text: string, transport: Transport, options: PlayOptions = {}): Promise<void> {
  await new Player(transport, options).play(parseTranscript(text));
}
