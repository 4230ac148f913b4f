// A gun's end of the link on a desk without a gun: serial line in memory, a Control that follows the state table and notes every
// call, a journal of any length, and a wire to the desk that ticks the gun while the host has acknowledged what it said.
import { HELLO_ENTROPY, SERVICE_KEY } from './keys.ts';
import { REFUSED_NONE, REFUSED_STATE } from '../../../firmware/core/faults.ts';
import * as states from '../../../firmware/core/states.ts';
import { REFUSAL_WORDS, R_CODE, STATUS_WORDS, S_DONE, S_SESSION_ID, S_STATE } from '../../../firmware/link/control.ts';
import type { Control, JournalReader, Shelf } from '../../../firmware/link/control.ts';
import { PROGRAM_WORDS_MAX } from '../../../firmware/core/program.ts';
import { PROGRAM_SLOTS } from '../../../firmware/store/record.ts';
import { CRC_BYTES_PER_TICK, DeviceLink } from '../../../firmware/link/device-link.ts';
import type { Level, Serial } from '../../../hal/io.ts';
import type { AtMs } from '../../../hal/units.ts';
import { decodeLine, encodeLine } from '../../../tools/link-line.ts';
import type { Transport } from '../../../tools/transports/transport.ts';

export class MemorySerial implements Serial {
  heard = '';
  said = '';
  /** Characters that still fit. */
  room = Infinity;

  hear(): string {
    const text = this.heard;
    this.heard = '';
    return text;
  }

  say(text: string): number {
    if (text.length > this.room) return 0;
    this.said += text;
    return 1;
  }
}

/** What is noted of an event that was asked for. */
const CALLS: Readonly<Record<number, string>> = {
  [states.EV_START]: 'start #',
  [states.EV_PRIME]: 'prime',
  [states.EV_ARM]: 'arm',
  [states.EV_RESUME]: 'resume #',
  [states.EV_RELOAD]: 'reload #',
  [states.EV_END]: 'end',
  [states.EV_CLEAR]: 'clear',
};

/** Follows the state table; `calls` is everything it was told. */
export class NotingControl implements Control {
  readonly calls: string[] = [];
  readonly refusal = new Int32Array(REFUSAL_WORDS);
  readonly status = new Int32Array(STATUS_WORDS);
  readonly words: number[] = [];
  seenAtMs: number[] = [];
  /** What the next offer answers. */
  offerCode = REFUSED_NONE;

  get state(): number {
    return this.status[S_STATE] ?? 0;
  }
  set state(state: number) {
    this.status[S_STATE] = state;
  }

  get done(): number {
    return this.status[S_DONE] ?? 0;
  }

  offers = 0;
  offer(words: Int32Array, count: number): number {
    this.offers += 1;
    this.words.splice(0, Infinity, ...words.subarray(0, count));
    return this.note(`offer ${count}`, this.offerCode);
  }
  ask(event: number, number: number): number {
    if (event === states.EV_START) this.status[S_SESSION_ID] = number;
    return this.go(CALLS[event]?.replace('#', String(number)) ?? `event ${event}`, event);
  }
  stop(): void {
    this.go('stop', states.EV_STOP);
  }
  service = (on: number): number => this.go(`service ${on}`, on === 1 ? states.EV_SERVICE : states.EV_END);
  setLimit = (index: number, value: number): number => this.note(`limit ${index} ${value}`, REFUSED_NONE);
  day = 0;
  readonly calibrationWords = new Int32Array(96).map((_zero, at) => at);
  readonly benchWords = new Int32Array(13);
  bench = (kind: number, ints: Int32Array, count: number): number =>
    this.note(`bench ${kind} ${[...ints.subarray(0, count)].join(' ')}`, REFUSED_NONE);
  keep = (type: number, words: Int32Array, count: number): number =>
    this.note(`keep ${type} ${[...words.subarray(0, count)].join(' ')}`, REFUSED_NONE);
  hostSeen(nowMs: number): void {
    this.seenAtMs.push(nowMs);
  }

  private note(call: string, code: number): number {
    this.calls.push(call);
    this.refusal[R_CODE] = code;
    return code;
  }

  private go(call: string, event: number): number {
    const next = states.nextState(this.state, event);
    if (next < 0) return this.note(call, REFUSED_STATE);
    this.state = next;
    return this.note(call, REFUSED_NONE);
  }
}

export class ListJournal implements JournalReader {
  busy = 0;
  readonly entries: Int32Array[] = [];
  get lastSeq(): number {
    return this.entries.length - 1;
  }
  read(seq: number, into: Int32Array): number {
    const entry = this.entries[seq];
    if (entry === undefined) return 1;
    into.set(entry);
    return 0;
  }
}

/** Eight slots in memory; keeps what Control was offered last. */
export class ListShelf implements Shelf {
  readonly words = new Int32Array(PROGRAM_WORDS_MAX);
  readonly slots: number[][] = Array.from({ length: PROGRAM_SLOTS }, () => []);
  private readonly control: NotingControl;
  constructor(control: NotingControl) {
    this.control = control;
  }
  read(slot: number): number {
    const kept = this.slots[slot] ?? [];
    this.words.set(kept);
    return kept.length;
  }
  keep(slot: number, on: number): number {
    this.slots[slot] = on === 1 ? [...this.control.words] : [];
    return REFUSED_NONE;
  }
}

export class LinkBench {
  readonly serial = new MemorySerial();
  readonly control = new NotingControl();
  readonly journal = new ListJournal();
  readonly shelf = new ListShelf(this.control);
  readonly screenLines = Array.from({ length: 8 }, (_, at) => `LINE ${String(at)}`.padEnd(16));
  readonly audits: string[] = [];
  readonly link: DeviceLink;
  serviceSwitch: Level = 0;
  nowMs: number;
  private hostSeq = 0;

  constructor(options: { startMs?: number; crcBytesPerTick?: number; key?: Uint8Array; entropy?: number } = {}) {
    this.nowMs = options.startMs ?? 0;
    this.control.state = states.IDLE;
    this.link = new DeviceLink(
      {
        control: this.control,
        journal: this.journal,
        shelf: this.shelf,
        screen: { lines: this.screenLines },
        entropy: () => options.entropy ?? HELLO_ENTROPY,
        audit: (what, before, after) => void this.audits.push(`${what} ${before} ${after}`),
        serviceKey: options.key ?? SERVICE_KEY,
      },
      {
        serial: this.serial,
        serviceSwitch: () => this.serviceSwitch,
        base64: (bytes) => Buffer.from(bytes).toString('base64'),
        deviceId: 4503599627370497,
        name: 'bench',
        tickMs: 20,
      },
      options.crcBytesPerTick ?? CRC_BYTES_PER_TICK,
    );
  }

  tick(times = 1): void {
    for (let i = 0; i < times; i += 1) {
      this.nowMs = (this.nowMs + 20) % 4294967296;
      this.link.hear(this.nowMs as AtMs);
      this.link.talk(this.nowMs as AtMs, 1);
    }
  }

  /** Sends a line with a good check. */
  say(message: object): void {
    this.hostSeq += 1;
    this.serial.heard += encodeLine(this.hostSeq, JSON.stringify(message));
  }

  /** The lines that came since the last call, checked; heartbeats left out. */
  lines(): Record<string, unknown>[] {
    const lines = this.serial.said.split('\n').slice(0, -1);
    this.serial.said = '';
    const objects = lines.map(
      (line) => JSON.parse(decodeLine(line)?.json ?? `{"damaged":${JSON.stringify(line)}}`) as Record<string, unknown>,
    );
    return objects.filter((object) => object['ev'] !== 'hb');
  }

  /** Like `ask`, with any text where the JSON belongs. */
  askText(json: string): Record<string, unknown>[] {
    this.hostSeq += 1;
    this.serial.heard += encodeLine(this.hostSeq, json);
    this.tick(24);
    return this.lines();
  }

  /** Sends, ticks, and answers the lines that came. */
  ask(message: object, ticks = 24): Record<string, unknown>[] {
    this.say(message);
    this.tick(ticks);
    return this.lines();
  }

  /** Says hello and answers the first id that the gun takes. */
  hello(): number {
    const answer = this.ask({ id: 1, do: 'hello' }).at(-1);
    return Number(answer?.['next']);
  }
}

/**
 * A wire to a bench: the gun ticks as long as the host has acknowledged its newest line. `cut` sizes the pieces the host gets.
 * With `everyMs` of wall time between ticks it waits for nobody, as a gun on a wire that loses bytes must.
 */
export class BenchWire implements Transport {
  private readonly bench: LinkBench;
  private readonly cut: number;
  private readonly everyMs: number;
  private listener: (text: string) => void = () => undefined;
  private gone: () => void = () => undefined;
  private open = true;
  private shown = 0;
  private acked = 0;
  private held = '';
  /** What reached the gun, in order. */
  heard = '';

  constructor(bench: LinkBench, cut = Infinity, everyMs = 0) {
    this.bench = bench;
    this.cut = cut;
    this.everyMs = everyMs;
    this.again();
  }

  write(text: string): void {
    if (!this.open) return;
    if (text.includes('!')) this.bench.serial.heard += '!';
    this.held += text.replaceAll('!', '');
    const ack = [...this.held.matchAll(/"ack":(\d+)/g)].at(-1);
    if (ack !== undefined) this.acked = Number(ack[1]);
    if (this.acked < this.shown && this.everyMs === 0) return;
    this.bench.serial.heard += this.held;
    this.heard += this.held;
    this.held = '';
  }

  onText(listener: (text: string) => void): void {
    this.listener = listener;
  }

  onClose(listener: () => void): void {
    this.gone = listener;
  }

  close(): Promise<void> {
    if (this.open) {
      this.open = false;
      this.gone();
    }
    return Promise.resolve();
  }

  private pump(): void {
    if (!this.open) return;
    if (this.acked >= this.shown || this.everyMs > 0) this.bench.tick();
    const said = this.bench.serial.said;
    this.bench.serial.said = '';
    if (said !== '') this.shown = Number.parseInt(said.slice(said.lastIndexOf('\n', said.length - 2) + 1), 10);
    for (let at = 0; at < said.length; at += this.cut) this.listener(said.slice(at, at + this.cut));
    this.again();
  }

  private again(): void {
    if (this.everyMs > 0) setTimeout(() => this.pump(), this.everyMs);
    else setImmediate(() => this.pump());
  }
}
