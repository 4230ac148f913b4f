// Kaluma at its console: a prompt out of whatever was left there, the program read, written by YMODEM and started.
// Not responsible for whether to (flasher.ts). Runs at the desk.
// Source: Kaluma 1.2.1 and 1.3, src/repl.c, src/prog.c, src/runtime.c, targets/rp2/src/{tty,wdt,flash}.c.
import { randomUUID } from 'node:crypto';
import { EXIT_DEVICE, EXIT_NO_DEVICE, MesogunError } from '../errors.ts';
import type { FlashRuntime, Identity, ImageFacts, OnBoard, Started } from './runtime.ts';
import { answerTo, questionFor } from './question.ts';
import { HUSHED, judge, numberOf } from './runtime.ts';
import { NoAnswer } from './talk.ts';
import type { Talk } from './talk.ts';
import { sendYmodem, TransferLost } from './ymodem.ts';

const ABORT = 'a';
const LINE_END = '\x05';
const DELETE = '\x7f';
/** The console's line holds 1023 characters. Source: board.h, KALUMA_REPL_BUFFER_SIZE. */
const LINE_MAX = 1023;
const ANSWER_FOR_MS = 2000;
/** Half a packet that an earlier user left is given up after 1 s. */
const STALE_FOR_MS = 1200;
/** After the last packet the runtime waits 500 ms. */
const DONE_FOR_MS = 3000;
/** Kaluma reads and compiles a program before it says anything. Measured on an emulated RP2040 without flash wait states: 7 s for 59 KB. */
const LOAD_FOR_MS = 20_000;
const ATTEMPTS = 4;
/** Longest the chip's watchdog can be told to wait; nothing stops it once it runs. Source: RP2040 datasheet, 24 bits of half µs. */
const WATCHDOG_MAX_MS = 8388;
/** Nothing of ours is larger: what reads longer is a torn program, whose end runs into what lies behind it. Source: src/prog.c, strlen. */
const PROGRAM_MAX_BYTES = 200_000;
/** Keys of the board's own storage: the gun's number (hal/ports/kaluma.ts), and the highest security counter it has had. */
const NUMBER = 'mesogun-id';
const COUNTER = 'mesogun-counter';
/** What the prompt leaves even without echo. */
const COLOUR = /\x1b\[\d*m/g;
/** Is anything running: the image holds the link's UART, and a port cannot be opened twice. */
const RUNNING = "(function(){try{new(require('uart').UART)(0,{tx:0,rx:1}).close();return 0}catch(e){return 1}})()";
const FED = `(function(){var w=new(require('wdt').WDT)(${WATCHDOG_MAX_MS});setInterval(function(){w.feed()},500);return 1})()`;

export class Kaluma implements FlashRuntime {
  private readonly talk: Talk;
  private asked = 0;

  constructor(talk: Talk) {
    this.talk = talk;
  }

  async enter(): Promise<Identity> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      await this.clean();
      try {
        const [version = '', board = '', uid = ''] = (await this.ask("process.version+' '+board.name+' '+(board.uid||'')")).split(' ');
        return { runtime: 'kaluma', version, boardText: board, board: board === 'pico' || board === 'pico2' ? board : null, uid };
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error;
      }
    }
    throw new MesogunError({
      exit: EXIT_NO_DEVICE,
      what: 'no Kaluma console answers',
      why: 'four times it was asked for its version',
      next: "is this the board's USB port? power it off and on with the jumper on GP22, then try again",
    });
  }

  /** A soft reset runs no program; the next power-on does. */
  async hush(): Promise<string | null> {
    if (!this.talk.isRestless) return null;
    await this.command('.reset', /soft reset/);
    return HUSHED;
  }

  async read(onBytes: (bytes: number) => void): Promise<OnBoard> {
    const kept = Number(await this.ask(`storage.getItem('${COUNTER}')||0`));
    const on = await this.onBoard(onBytes);
    return { ...on, securityCounter: Math.max(kept, on.securityCounter) };
  }

  private async onBoard(onBytes: (bytes: number) => void): Promise<OnBoard> {
    const sizeBytes = Number((await this.command('.flash -s', /(\d+)\r\n/))[1]);
    if (sizeBytes === 0) return judge('');
    const torn: OnBoard = { state: 'torn', bytes: sizeBytes, sha256: null, imageId: null, securityCounter: 0 };
    if (sizeBytes > PROGRAM_MAX_BYTES) return torn;
    const text = await this.program(sizeBytes, onBytes);
    return /[\x80-\xff]/.test(text) ? torn : judge(text);
  }

  /** A gun that runs is stopped, and its watchdog, which outlives it, is told to wait and fed; the drivers drop with the ticks. */
  async prepare(number: number | null, { securityCounter }: ImageFacts): Promise<string[]> {
    const did: string[] = [];
    if ((await this.ask(RUNNING)) === '1') {
      await this.ask(FED);
      await this.command('.reset', /soft reset/);
      await this.ask(FED);
      did.push('the gun that ran is stopped');
    }
    if (Number(await this.ask(`storage.getItem('${COUNTER}')||0`)) < securityCounter) await this.keep(COUNTER, String(securityCounter));
    const before = await this.ask(`storage.getItem('${NUMBER}')`);
    if (/^\d+$/.test(before) && (number === null || Number(before) === number)) return [...did, `it is gun ${before}`];
    const uid = await this.ask("board.uid||''");
    const given = number ?? numberOf(uid === '' ? randomUUID() : uid);
    await this.keep(NUMBER, String(given));
    return [...did, `it is gun ${given} from now on`];
  }

  private async keep(key: string, value: string): Promise<void> {
    await this.ask(`storage.setItem('${key}','${value}')`);
    if ((await this.ask(`storage.getItem('${key}')`)) === value) return;
    throw new MesogunError({
      exit: EXIT_DEVICE,
      what: `the board does not keep '${key}'`,
      why: 'its key-value storage is full or damaged',
    });
  }

  /** Erases first, so that a write cut short leaves no image that could run. */
  async write(image: string, onBytes: (bytes: number) => void): Promise<void> {
    const data = Buffer.from(image, 'latin1');
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.command('.flash -w', /Transfer a file via YMODEM[^\n]*\n/);
        await sendYmodem(this.talk, 'mesogun.js', data, onBytes);
        await this.talk.match('end of the transfer', DONE_FOR_MS, /Done\r\n/);
        return;
      } catch (error) {
        const mayTryAgain = error instanceof TransferLost || error instanceof NoAnswer;
        if (!mayTryAgain) throw error;
        if (attempt >= ATTEMPTS)
          throw new MesogunError({
            exit: EXIT_DEVICE,
            what: 'the transfer failed four times',
            why: error.message,
            next: 'try another cable',
          });
        await this.enter();
      }
    }
  }

  /** Runs it in a fresh engine. What an image throws stands on the console in red. */
  async start(): Promise<Started> {
    // The prompt of the command before is still on its way.
    await this.talk.quiet(200);
    this.talk.write('.load\r');
    const said = (await this.firstWords()) + (await this.talk.quiet(700));
    const thrown = /\x1b\[31m([^\x1b]*)/.exec(said)?.[1]?.trim();
    if (thrown !== undefined && thrown !== '')
      throw new MesogunError({
        exit: EXIT_DEVICE,
        what: 'the image stopped at its start',
        why: thrown,
        next: 'check the wiring of the buses',
      });
    if ((await this.ask(RUNNING)) !== '1')
      throw new MesogunError({ exit: EXIT_DEVICE, what: 'the image does not run', why: 'it has not opened its link', next: 'flash again' });
    return { link: null, isRunning: true, says: 'the image runs' };
  }

  /** What comes first after a load, '' when nothing does. */
  private async firstWords(): Promise<string> {
    try {
      return await this.talk.until('sign of life', LOAD_FOR_MS, (heard) => (heard === '' ? null : { value: heard, end: heard.length }));
    } catch (error) {
      if (error instanceof NoAnswer) return '';
      throw error;
    }
  }

  /** Evaluates one expression, which may come twice; answers its value as text. Rejects with NoAnswer, or MesogunError 5 for what it threw. */
  private ask(expression: string): Promise<string> {
    return this.again(async () => {
      this.asked += 1;
      const mark = `M${this.asked}`;
      this.talk.write(`${questionFor(mark, expression)}\r`);
      return answerTo(this.talk, mark, ANSWER_FOR_MS);
    });
  }

  /** A question that got no answer was damaged on its way, or its answer was: once more, on a clean line. */
  private async again<T>(question: () => Promise<T>): Promise<T> {
    try {
      return await question();
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      await this.clean();
      return question();
    }
  }

  private command(name: string, answer: RegExp): Promise<RegExpExecArray> {
    return this.again(() => {
      this.talk.clear();
      this.talk.write(`${name}\r`);
      return this.talk.match(`answer to ${name}`, ANSWER_FOR_MS, answer);
    });
  }

  /** The console writes each line feed of the program as two characters, and none of its own before the last. */
  private program(sizeBytes: number, onBytes: (bytes: number) => void): Promise<string> {
    return this.again(() => {
      this.talk.clear();
      this.talk.write('.flash -r\r');
      return this.talk.until('program', ANSWER_FOR_MS, (heard) => {
        const text = heard.replaceAll(COLOUR, '').replaceAll('\r\n', '\n');
        onBytes(Math.min(sizeBytes, text.length));
        return text.length <= sizeBytes ? null : { value: text.slice(0, sizeBytes), end: heard.length };
      });
    });
  }

  /** Out of a transfer, a half line, an escape sequence; echo off. */
  async clean(): Promise<void> {
    const { talk } = this;
    talk.clear();
    talk.write(ABORT);
    const said = await talk.quiet(300);
    if (said.includes('\x18')) await talk.quiet(STALE_FOR_MS);
    else if (/C$/.test(said)) {
      await talk.pause(STALE_FOR_MS);
      talk.write(ABORT);
      await talk.quiet(STALE_FOR_MS);
    }
    talk.write(LINE_END + DELETE.repeat(LINE_MAX));
    talk.write('.echo off\r');
    await talk.quiet(200);
  }
}
