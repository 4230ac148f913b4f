// A board with Kaluma or Espruino at the end of a wire in virtual time: what the wire does to bytes, and when power or host goes.
import { createHash } from 'node:crypto';
import { EspruinoConsole } from '../../../sim/runtimes/espruino-console.ts';
import { KalumaConsole } from '../../../sim/runtimes/kaluma-console.ts';
import type { RunningGun } from '../../../sim/runtimes/console.ts';
import type { Manifest } from '../../../tools/build/image.ts';
import { Espruino } from '../../../tools/flash/espruino.ts';
import type { FlashImage, Flashed } from '../../../tools/flash/flasher.ts';
import { flash } from '../../../tools/flash/flasher.ts';
import { Kaluma } from '../../../tools/flash/kaluma.ts';
import { Talk } from '../../../tools/flash/talk.ts';
import type { Transport } from '../../../tools/transports/transport.ts';
import { nodeEngine } from './engine.ts';
import { VirtualTime } from './virtual-time.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** An image of so many bytes that says its hash as a real one does; `counter` is its security counter. */
export function imageOf(runtime: 'kaluma' | 'espruino', bytes: number, counter = 1, board: 'pico' | 'pico2' = 'pico'): FlashImage {
  const head = `(function(){"use strict";var s='"build":"0000000000000000 01234567 ${counter}"';\nvar t="`;
  const blank = `${head}${'xyz0123456789'.repeat(Math.ceil(bytes / 13)).slice(0, Math.max(0, bytes - head.length - 7))}"})();\n`;
  const imageId = sha256(blank).slice(0, 16);
  const text = blank.replace('0'.repeat(16), imageId);
  const manifest: Manifest = {
    ...{ file: `mesogun-${board}-${runtime}.js`, version: '0.1.0', board, runtime, language: 'ES2015', bytes: text.length, imageId },
    ...{ sha256: sha256(text), coreSha256: '', limitsSha256: '', securityCounter: counter },
  };
  return { text, manifest };
}

/** What the wire does to the n-th byte of the host: bytes that arrive instead. */
export type Mangle = (byte: string, index: number) => string;

export interface BenchOptions {
  readonly runtime: 'kaluma' | 'espruino';
  readonly mangle?: Mangle;
  /** From the host's byte of this index on, the wire holds everything back for so long, both ways; what comes later waits behind it. */
  readonly stall?: { readonly at: number; readonly forMs: number };
  /** Power of the board goes before the host's byte of this index arrives. */
  readonly powerCutAt?: number;
  /** The host's port closes then. */
  readonly hostCutAt?: number;
  /** Kaluma compiles the image for so long. */
  readonly loadForMs?: number;
}

/** Wire time. Chosen: a USB frame. */
const LATENCY_MS = 1;

export class FlashBench {
  readonly time = new VirtualTime();
  readonly board: KalumaConsole | EspruinoConsole;
  /** Programs that were started, in order. */
  readonly started: string[] = [];
  /** Bytes the host has sent. */
  sentBytes = 0;
  readonly steps: string[] = [];
  /** Something happens to the board after a step. */
  afterStep: (step: string) => void = () => undefined;
  powerCutAt: number;
  hostCutAt: number;
  mangle: Mangle;
  /** What the wire does to the board's bytes, and how many there were. */
  mangleBack: Mangle = (byte) => byte;
  saidBytes = 0;
  /** Nothing arrives before. */
  private stalledUntilMs = 0;
  private readonly stall: NonNullable<BenchOptions['stall']>;
  private onText: (text: string) => void = () => undefined;
  private onClose: () => void = () => undefined;
  private readonly runtime: 'kaluma' | 'espruino';

  constructor(options: BenchOptions) {
    this.runtime = options.runtime;
    this.powerCutAt = options.powerCutAt ?? Infinity;
    this.hostCutAt = options.hostCutAt ?? Infinity;
    this.mangle = options.mangle ?? ((byte) => byte);
    this.stall = options.stall ?? { at: Infinity, forMs: 0 };
    const host = {
      clock: this.time,
      makeEngine: nodeEngine,
      boot: (text: string): RunningGun => this.boot(text),
      say: (text: string) => {
        const arrives = Array.from(text, (byte) => this.mangleBack(byte, this.saidBytes++)).join('');
        this.time.after(this.latencyMs(), () => this.onText(arrives));
      },
      vanish: () => this.onClose(),
    };
    const loads = options.loadForMs === undefined ? {} : { loadForMs: options.loadForMs };
    this.board = options.runtime === 'kaluma' ? new KalumaConsole({ ...host, uid: 'E6605838', ...loads }) : new EspruinoConsole(host);
  }

  private latencyMs(): number {
    return Math.max(LATENCY_MS, this.stalledUntilMs - this.time.nowMs());
  }

  /** A program that cannot be parsed does not run, like any script. */
  private boot(text: string): RunningGun {
    nodeEngine({}).run(text);
    this.started.push(text);
    if (this.runtime === 'kaluma') return { hear: null, stop: () => undefined };
    let isOn = true;
    const beat = (): void => {
      if (!isOn) return;
      this.onText('1 {"ev":"hb","state":2} 01234567\n');
      this.time.after(500, beat);
    };
    this.time.after(500, beat);
    return { hear: () => undefined, stop: () => (isOn = false) };
  }

  /** A new transport on the same board, as after the host opened the port again. */
  open(): Transport {
    let isOpen = true;
    this.onText = () => undefined;
    this.onClose = () => undefined;
    const end = (): void => {
      isOpen = false;
      this.onText = () => undefined;
      this.onClose();
      this.onClose = () => undefined;
    };
    return {
      write: (text) => {
        let arrives = '';
        let isCut = false;
        for (const byte of text) {
          if (this.sentBytes === this.stall.at) {
            const before = arrives;
            this.time.after(this.latencyMs(), () => this.board.hear(before));
            arrives = '';
            this.stalledUntilMs = this.time.nowMs() + this.stall.forMs;
          }
          if (!isOpen || isCut) break;
          const index = this.sentBytes;
          this.sentBytes += 1;
          if (index === this.hostCutAt) end();
          else if (index === this.powerCutAt) isCut = true;
          else arrives += this.mangle(byte, index);
        }
        this.time.after(this.latencyMs(), () => {
          this.board.hear(arrives);
          if (isCut) this.board.powerOff();
        });
      },
      onText: (listener) => {
        this.onText = listener;
      },
      onClose: (listener) => {
        this.onClose = () => {
          isOpen = false;
          listener();
        };
      },
      close: () => {
        end();
        return Promise.resolve();
      },
    };
  }

  /** One whole flash over a new transport. */
  flash(image: FlashImage, options: { number?: number; dryRun?: boolean } = {}): Promise<Flashed> {
    const talk = new Talk(this.open(), this.time);
    const runtime = this.runtime === 'kaluma' ? new Kaluma(talk) : new Espruino(talk);
    const promise = flash(runtime, {
      imageFor: () => Promise.resolve(image),
      number: options.number ?? null,
      dryRun: options.dryRun ?? false,
      onStep: (step, says) => {
        this.steps.push(`${step}: ${says}`);
        this.afterStep(step);
      },
      onBytes: () => undefined,
    }).finally(() => talk.close());
    return this.time.run(promise);
  }
}
