// Espruino at its console: a prompt out of whatever was left there, files of its Storage read and written, the boot code started.
// Each question is one line without echo, answered before the next is sent, so that no buffer overflows.
// Not responsible for whether to (flasher.ts). Runs at the desk.
// Source: Espruino 2v29, README_Protocol.md, src/jsinteractive.c, src/jswrap_storage.c, src/jsflash.c, boards/RP20*.py, RP23*.py.
import { STORE_FILE_SECTORS } from '../../hal/ports/espruino.ts';
import { EXIT_DEVICE, EXIT_NO_DEVICE, MesogunError } from '../errors.ts';
import { crcOfText } from '../link-line.ts';
import type { FlashRuntime, Identity, ImageFacts, OnBoard, Started } from './runtime.ts';
import { answerTo, questionFor } from './question.ts';
import { HUSHED, judge } from './runtime.ts';
import { NoAnswer } from './talk.ts';
import type { Talk } from './talk.ts';

const CTRL_C = '\x03';
/** At the beginning of a line: this line is not echoed. */
const NO_ECHO = '\x10';
const ANSWER_FOR_MS = 2000;
/** Compacting the Storage moves up to 256 KB. Chosen: 64 sectors of 45 ms erase, with room. */
const STORAGE_FOR_MS = 15_000;
const ATTEMPTS = 4;
/** Characters of the image in a line. Chosen: with escapes and the words around far below the 4096 of the input buffer. */
const CHUNK = 1024;
/** Characters read back by one question; the answer is a third longer. Chosen. */
const PART = 3072;
const BOOT_CODE = '.bootcde';
/** The raw store: see hal/ports/espruino.ts. Its header of 32 bytes stands in front, at the beginning of a sector. */
const STORE = 'mesogun';
/** Stands in front of each file. Source: src/jsflash.h, JsfFileHeader. */
const HEADER_BYTES = 32;
const STORE_BYTES = STORE_FILE_SECTORS * 4096 - HEADER_BYTES;
const COUNTER = 'mesogun.counter';
const BOARDS: Readonly<Record<string, Identity['board']>> = { ESPR_RP2040_PICO: 'pico', ESPR_RP2350_PICO2: 'pico2' };
/** What a gun says while it runs: `seq {"ev"…`. */
const GUN_SPEAKS = /\d+ \{"(?:ev|re)":/;
/** Boot code that runs needs so long to its first line; its self-test 2 s more. Chosen. */
const START_FOR_MS = 8000;

export interface EspruinoOptions {
  /** Boards by Espruino's name, besides those of ours: for a build that is no board. */
  readonly boards?: Readonly<Record<string, Identity['board']>>;
  /** Other people's files may go. */
  readonly eraseStorage?: boolean;
}

export class Espruino implements FlashRuntime {
  private readonly talk: Talk;
  private readonly options: EspruinoOptions;
  private asked = 0;

  constructor(talk: Talk, options: EspruinoOptions = {}) {
    this.talk = talk;
    this.options = options;
  }

  async enter(): Promise<Identity> {
    let heard = '';
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      await this.clean();
      try {
        const env = "process.env.VERSION+' '+process.env.BOARD+' '+process.env.SERIAL";
        const [version = '', boardText = '', uid = ''] = (await this.ask(env)).split(' ');
        const board = { ...BOARDS, ...this.options.boards }[boardText] ?? null;
        return { runtime: 'espruino', version, boardText, board, uid };
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error;
        heard += error.heard;
      }
    }
    if (GUN_SPEAKS.test(heard))
      throw new MesogunError({
        exit: EXIT_DEVICE,
        what: 'a gun runs on this port, and its console is closed',
        why: 'Espruino has one port: the image closes the console so that nobody runs code on a gun',
        next: 'power it off, put the jumper on GP22 to ground, power it on, and flash again',
      });
    throw new MesogunError({
      exit: EXIT_NO_DEVICE,
      what: 'no Espruino console answers',
      why: 'four times it was asked for its version',
      next: 'is this the right port? power the board off and on with the jumper on GP22, then try again',
    });
  }

  /** What prints by itself does so from a timer or a watch. */
  async hush(): Promise<string | null> {
    if (!this.talk.isRestless) return null;
    await this.ask('(clearInterval(),clearTimeout(),clearWatch(),1)');
    return HUSHED;
  }

  async read(onBytes: (bytes: number) => void): Promise<OnBoard> {
    const kept = Number(await this.ask(`+require("Storage").read(${JSON.stringify(COUNTER)})||0`));
    const sizeBytes = Number(await this.ask(`(require("Storage").read("${BOOT_CODE}")||"").length`));
    let text = '';
    while (text.length < sizeBytes) {
      text += await this.part(text.length, Math.min(PART, sizeBytes - text.length));
      onBytes(text.length);
    }
    const torn: OnBoard = { state: 'torn', bytes: sizeBytes, sha256: null, imageId: null, securityCounter: 0 };
    const on = /[\x80-\xff]/.test(text) ? torn : judge(text);
    return { ...on, securityCounter: Math.max(kept, on.securityCounter) };
  }

  /** The store comes first in an erased Storage, so that nothing ever moves it. */
  async prepare(number: number | null, image: ImageFacts): Promise<string[]> {
    if (number !== null)
      throw new MesogunError({
        exit: EXIT_DEVICE,
        what: 'on Espruino the number of a gun follows from its chip',
        next: 'leave out --number',
      });
    const did: string[] = [];
    if (this.options.eraseStorage === true) did.push(await this.makeStore());
    else if ((await this.ask(`require("Storage").read("${STORE}")===undefined`)) === 'true') did.push(await this.makeStore());
    const hasBytes = await this.ask(`require("Storage").read("${STORE}").length`);
    if (Number(hasBytes) !== STORE_BYTES)
      throw new MesogunError({
        exit: EXIT_DEVICE,
        what: `the store on the board has ${hasBytes} bytes, this image wants ${STORE_BYTES}`,
        why: 'it was made by an older firmware',
        next: 'save its journal (mesogun device log), then flash with --erase-storage: journal and calibration of this gun go with it',
      });
    const address = Number(await this.ask(`E.getAddressOf(require("Storage").read("${STORE}"),true)`));
    if (address > 0 && address % 4096 !== HEADER_BYTES)
      throw new MesogunError({
        exit: EXIT_DEVICE,
        what: `the file '${STORE}' does not begin a sector`,
        why: 'it was not the first file of an erased Storage',
        next: 'save what matters of the Storage, then flash with --erase-storage: journal and calibration of this gun go with it',
      });
    if (Number(await this.ask(`+require("Storage").read("${COUNTER}")||0`)) < image.securityCounter)
      await this.must(`require("Storage").write("${COUNTER}","${image.securityCounter}")`, `keep '${COUNTER}'`);
    const hasRoom = `(function(s,t){t=s.getStats();return t.freeBytes+t.trashBytes+(s.read("${BOOT_CODE}")||"").length})(require("Storage"))`;
    const roomBytes = Number(await this.ask(hasRoom)) - HEADER_BYTES;
    if (roomBytes < image.bytes)
      throw new MesogunError({
        exit: EXIT_DEVICE,
        what: `the image has ${image.bytes} bytes, the board has room for ${roomBytes} beside the store of the gun`,
        next: 'take a Pico 2, or Kaluma; what was on the board is still there',
      });
    return did;
  }

  async write(image: string, onBytes: (bytes: number) => void): Promise<void> {
    await this.ask(`require("Storage").erase("${BOOT_CODE}")`, STORAGE_FOR_MS);
    for (let at = 0; at < image.length; at += CHUNK) {
      await this.writePart(image.slice(at, at + CHUNK), at, image.length);
      onBytes(Math.min(image.length, at + CHUNK));
    }
  }

  /** Restarts the runtime, which runs its boot code; the port is then the gun's link. With the jumper on, the image leaves at once. */
  async start(): Promise<Started> {
    if ((await this.ask('(pinMode(D22,"input_pullup"),digitalRead(D22))')) === '0')
      return { link: null, isRunning: false, says: 'not started: take the jumper off GP22, then power off and on' };
    this.talk.clear();
    this.talk.write(`${NO_ECHO}load()\n`);
    // The gun's first line is left for whom the port is handed on to.
    const firstLine = (heard: string): { value: string | undefined; end: number } | null => {
      const found = /\d+ \{"ev":|Uncaught ([^\n]*)/.exec(heard);
      return found === null ? null : { value: found[1], end: found.index };
    };
    const thrown = await this.talk.until('first line of the gun', START_FOR_MS, firstLine).catch((error: unknown) => {
      if (error instanceof NoAnswer) throw this.notStarted('not one line of a gun came');
      throw error;
    });
    if (thrown !== undefined) throw this.notStarted(thrown.trim());
    return { link: this.talk.release(), isRunning: true, says: 'the image runs' };
  }

  private notStarted(why: string): MesogunError {
    return new MesogunError({ exit: EXIT_DEVICE, what: 'the image stopped at its start', why, next: 'check the wiring of the buses' });
  }

  private async makeStore(): Promise<string> {
    const files = await this.ask('require("Storage").list().join(" ")');
    // Ours may stand there, of a first flash that was cut short; nobody misses them.
    const foreign = files.split(' ').filter((name) => name !== '' && name !== BOOT_CODE && name !== COUNTER);
    if (foreign.length > 0 && this.options.eraseStorage !== true)
      throw new MesogunError({
        exit: EXIT_DEVICE,
        what: 'the board holds files that are not ours',
        why: `${foreign.join(', ')}: the store of the gun must be the first file of an erased Storage`,
        next: 'save them, then flash with --erase-storage',
      });
    await this.ask('require("Storage").eraseAll()', STORAGE_FOR_MS);
    await this.must(`require("Storage").write("${STORE}","",0,${STORE_BYTES})`, 'make the store');
    return 'the store of the gun is made';
  }

  private async must(expression: string, doing: string): Promise<void> {
    if ((await this.ask(expression, STORAGE_FOR_MS)) === 'true') return;
    throw new MesogunError({
      exit: EXIT_DEVICE,
      what: `the board cannot ${doing}`,
      why: 'its Storage refuses',
      next: 'is its flash full?',
    });
  }

  /** A part already there counts: its answer may have been lost. One that arrived damaged is not written. */
  private async writePart(data: string, at: number, totalBytes: number): Promise<void> {
    const crc = Number.parseInt(crcOfText(`${at},${totalBytes},${data}`), 16);
    const there = `s.read("${BOOT_CODE}",a,d.length)==d`;
    const write = `s.write("${BOOT_CODE}",d,a,n)`;
    const expression = `(function(s,a,n,d){return (E.CRC32([a,n,d].join())>>>0)==${crc}&&(${there}||${write})})(require("Storage"),${at},${totalBytes},${JSON.stringify(data)})`;
    let why = 'it refuses';
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      try {
        if ((await this.ask(expression, STORAGE_FOR_MS)) === 'true') return;
      } catch (error) {
        if (!(error instanceof NoAnswer) && !(error instanceof MesogunError && error.exit === EXIT_DEVICE)) throw error;
        why = error instanceof MesogunError ? (error.why ?? error.message) : error.message;
        await this.clean();
      }
    }
    throw new MesogunError({
      exit: EXIT_DEVICE,
      what: `byte ${at} of the image does not get onto the board`,
      why,
      next: 'try another cable',
    });
  }

  private async part(at: number, length: number): Promise<string> {
    for (let attempt = 1; ; attempt += 1) {
      const [crc = '', text = ''] = (
        await this.ask(`(function(t){return (E.CRC32(t)>>>0)+" "+btoa(t)})(require("Storage").read("${BOOT_CODE}",${at},${length}))`)
      ).split(' ');
      const data = Buffer.from(text, 'base64').toString('latin1');
      if (data.length === length && Number.parseInt(crcOfText(data), 16) === Number(crc)) return data;
      if (attempt >= ATTEMPTS)
        throw new MesogunError({ exit: EXIT_DEVICE, what: 'the image cannot be read back', next: 'try another cable' });
    }
  }

  /** Asks up to four times for the value of one expression, which may be evaluated more than once. */
  private async ask(expression: string, forMs = ANSWER_FOR_MS): Promise<string> {
    for (let attempt = 1; ; attempt += 1) {
      this.asked += 1;
      const mark = `M${this.asked}`;
      this.talk.write(`${NO_ECHO}${questionFor(mark, expression)}\n`);
      try {
        return await answerTo(this.talk, mark, forMs);
      } catch (error) {
        if (!(error instanceof NoAnswer) || attempt >= 2) throw error;
        await this.clean();
      }
    }
  }

  /** Out of running code, a half line, a packet; Ctrl-C clears the line. */
  private async clean(): Promise<void> {
    this.talk.clear();
    // Once: a build for a desk ends at the second.
    this.talk.write(CTRL_C);
    await this.talk.quiet(200);
    this.talk.write('\n');
    await this.talk.quiet(200);
  }
}
