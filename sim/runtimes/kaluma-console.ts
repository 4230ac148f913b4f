// Kaluma at its USB console: prompt, echo, dot commands, the program area, key-value storage, watchdog. The image itself is started by
// whom the host hands in. Not responsible for JavaScript (Engine) nor for the transfer (kaluma-ymodem.ts). Simulator only.
// Source: Kaluma 1.2.1 and 1.3, src/repl.c, src/prog.c, src/runtime.c, targets/rp2/src/{main,flash,wdt}.c, boards/pico/board.h.
import type { ConsoleHost, Engine, RunningGun } from './console.ts';
import { YmodemReceiver } from './kaluma-ymodem.ts';

const SECTOR_BYTES = 4096;
const PROGRAM_SECTOR = 4;
const PROGRAM_SECTORS = 128;
const SECTORS = 260;
const PAGE_BYTES = 256;
const LINE_MAX = 1023;
/** After a transfer it rests for so long. Source: repl.c. */
const REST_MS = 500;
/** Chosen: typical of eight block erases of 64 KB. */
const ERASE_MS = 1200;
/** The gun's own watchdog; hal/ports/kaluma.ts. */
const GUN_WATCHDOG_MS = 2000;
const NORMAL = '\x1b[0m';

export interface KalumaOptions extends ConsoleHost {
  readonly version?: string;
  readonly board?: string;
  readonly uid?: string;
  /** How long it compiles a program before anything else happens; nothing is said or heard meanwhile. */
  readonly loadForMs?: number;
}

export class KalumaConsole {
  /** Storage, program area and file system, as it is in the chip: what a power cut leaves. */
  readonly flash = new Uint8Array(SECTORS * SECTOR_BYTES).fill(0xff);
  readonly storage = new Map<string, string>();
  /** Times the chip restarted by its watchdog. */
  watchdogResets = 0;
  private readonly o: KalumaOptions;
  private line = '';
  private escape = false;
  private echo = true;
  private on = false;
  private gun: RunningGun | null = null;
  private engine: Engine | null = null;
  private receiver: YmodemReceiver | null = null;
  private resting = false;
  private waiting = '';
  private watchdogMs = 0;
  private cancelWatchdog = (): void => undefined;
  /** Another one after each reset: what repeats ends with its own. */
  private timers = {};

  constructor(options: KalumaOptions) {
    this.o = options;
  }

  /** Runs the program, unless GP22 is held low. Source: main.c, system.c (km_running_script_check). */
  powerOn(jumper: boolean): void {
    this.on = true;
    this.echo = true;
    this.line = '';
    this.o.say(`         ___\r\n   _____/ . \\   Welcome to Kaluma v${this.o.version ?? '1.2.1'}\r\n\r\n`);
    this.init(!jumper);
    this.prompt();
  }

  /** Power goes, at any moment. */
  powerOff(): void {
    if (!this.on) return;
    this.on = false;
    this.cleanup();
    this.cancelWatchdog();
    this.watchdogMs = 0;
    this.receiver?.stop();
    this.receiver = null;
    this.resting = false;
    this.waiting = '';
    this.escape = false;
    this.o.vanish();
  }

  get isRunning(): boolean {
    return this.gun !== null;
  }

  hear(text: string): void {
    for (const character of text) {
      if (!this.on) return;
      if (this.receiver !== null) this.receiver.hear(character);
      else if (this.resting) this.waiting += character;
      else this.key(character);
    }
  }

  /** The program area up to its first zero byte. Source: prog.c, km_prog_get_size. */
  program(): string {
    const start = PROGRAM_SECTOR * SECTOR_BYTES;
    if (this.flash[start] === 0xff) return '';
    const end = this.flash.indexOf(0, start);
    return Buffer.from(this.flash.subarray(start, end < 0 ? this.flash.length : end)).toString('latin1');
  }

  private say(text: string): void {
    if (this.on) this.o.say(text);
  }

  private key(character: string): void {
    if (this.escape) {
      if (/[a-zA-Z~]/.test(character)) this.escape = false;
    } else if (character === '\x1b') this.escape = true;
    else if (character === '\r') {
      if (this.echo) this.say('\r\n');
      const line = this.line;
      this.line = '';
      if (line.startsWith('.')) this.command(line.split(' ').filter((word) => word !== ''));
      else if (line !== '') this.evaluate(line);
      if (this.receiver === null && !this.resting) this.prompt();
    } else if (character === '\x7f' || character === '\x08') {
      this.line = this.line.slice(0, -1);
    } else if (character === '\x03' || character === '\x05' || character === '\x01') return;
    else if (this.line.length < LINE_MAX) {
      this.line += character;
      if (this.echo) this.say(character);
    } else this.say('\x1b[31mREPL buffer overflow\r\n\x1b[0m');
  }

  private prompt(): void {
    this.say(NORMAL);
    if (this.echo) this.say(`\r\x1b7> ${this.line}\x1b[H\x1b[900C\x1b[6n\x1b8\x1b[2C`);
  }

  private evaluate(code: string): void {
    try {
      const value = this.engine?.run(code);
      this.say(value === undefined ? '\x1b[90mundefined\x1b[0m\r\n' : `${JSON.stringify(value)}\r\n`);
    } catch (error) {
      this.say(`\x1b[31m${String(error)}\x1b[0m\r\n`);
    }
  }

  private command([name = '', option = '']: string[]): void {
    if (name === '.echo') this.echo = option === 'on';
    else if (name === '.reset') {
      this.cleanup();
      this.init(false);
      this.say('\r\nsoft reset\r\n');
    } else if (name === '.load') {
      this.cleanup();
      const { loadForMs } = this.o;
      if (loadForMs === undefined) this.init(true);
      else this.rest(loadForMs, () => this.init(true));
    } else if (name === '.flash') this.flashCommand(option);
    else this.say(`\x1b[31mUnknown command: ${name}\r\n${NORMAL}`);
  }

  private flashCommand(option: string): void {
    if (option === '-e') {
      this.erase();
      this.say('Flash has erased\r\n');
    } else if (option === '-s') this.say(`${this.program().length}\r\n`);
    else if (option === '-r') this.say(`${this.program().replaceAll('\n', '\r\n')}\r\n`);
    else if (option === '-w') this.receive();
  }

  private erase(): void {
    this.flash.fill(0xff, PROGRAM_SECTOR * SECTOR_BYTES, (PROGRAM_SECTOR + PROGRAM_SECTORS) * SECTOR_BYTES);
  }

  /** Nothing of JavaScript runs meanwhile: what fed the watchdog does not. Whole pages reach the flash, the last one at the end. */
  private receive(): void {
    this.say("Transfer a file via YMODEM... (press 'a' to abort)\r\n");
    let page: number[] = [];
    let at = PROGRAM_SECTOR * SECTOR_BYTES;
    const flush = (): void => {
      this.flash.set(page, at);
      at += PAGE_BYTES;
      page = [];
    };
    const push = (byte: number): void => {
      page.push(byte);
      if (page.length === PAGE_BYTES) flush();
    };
    const file = {
      begin: () => {
        this.erase();
        return ERASE_MS;
      },
      write: (data: Uint8Array) => {
        data.forEach(push);
      },
      end: () => {
        push(0);
        if (page.length > 0) flush();
      },
    };
    const receiver = new YmodemReceiver(
      this.o.clock,
      (text) => this.say(text),
      file,
      (result) => {
        this.receiver = null;
        this.rest(REST_MS, () => this.say(`\r\n${result}\r\n`));
      },
    );
    this.receiver = receiver;
  }

  /** Deaf for so long; then it does this, is at its prompt, and hears what has come. */
  private rest(forMs: number, then: () => void): void {
    this.resting = true;
    this.o.clock.after(forMs, () => {
      if (!this.on) return;
      this.resting = false;
      then();
      this.prompt();
      const waiting = this.waiting;
      this.waiting = '';
      this.hear(waiting);
    });
  }

  private cleanup(): void {
    this.gun?.stop();
    this.gun = null;
    this.timers = {};
  }

  private init(load: boolean): void {
    this.engine = this.o.makeEngine(this.globals());
    const text = load ? this.program() : '';
    if (text === '') return;
    try {
      this.gun = this.o.boot(text);
      this.watchdog(GUN_WATCHDOG_MS);
      this.every(GUN_WATCHDOG_MS / 4, () => this.feed());
    } catch (error) {
      this.say(`\x1b[31m${String(error)}\r\n\x1b[0m`);
    }
  }

  /** Once it runs nothing stops it, not even a soft reset. Source: wdt.c, watchdog_enable. */
  private watchdog(forMs: number): void {
    this.watchdogMs = forMs;
    this.feed();
  }

  private feed(): void {
    this.cancelWatchdog();
    if (this.watchdogMs === 0) return;
    this.cancelWatchdog = this.o.clock.after(this.watchdogMs, () => {
      this.watchdogResets += 1;
      this.powerOff();
    });
  }

  private every(forMs: number, fn: () => void): void {
    const { timers } = this;
    const again = (): void => {
      if (this.timers !== timers || !this.on) return;
      if (this.receiver === null && !this.resting) fn();
      this.o.clock.after(forMs, again);
    };
    this.o.clock.after(forMs, again);
  }

  private globals(): Record<string, unknown> {
    const { storage } = this;
    const openUart = (): void => {
      if (this.gun !== null) throw new Error('UART port is already in use');
    };
    const watchdog = (forMs: number): void => this.watchdog(forMs);
    const feed = (): void => this.feed();
    class UART {
      constructor() {
        openUart();
      }
      close(): void {}
    }
    class WDT {
      constructor(forMs: number) {
        watchdog(forMs);
      }
      feed(): void {
        feed();
      }
    }
    const modules: Readonly<Record<string, object>> = { uart: { UART }, wdt: { WDT } };
    return {
      process: { version: this.o.version ?? '1.2.1', arch: 'cortex-m0-plus', platform: 'rp2' },
      board: { name: this.o.board ?? 'pico', ...(this.o.uid === undefined ? {} : { uid: this.o.uid }) },
      print: (...texts: unknown[]) => this.say(texts.map(String).join(' ')),
      storage: {
        getItem: (key: string) => storage.get(key) ?? null,
        setItem: (key: string, value: string) => void storage.set(key, value),
      },
      require: (name: string) => modules[name],
      setInterval: (fn: () => void, forMs: number) => {
        this.every(forMs, fn);
        return 1;
      },
    };
  }
}
