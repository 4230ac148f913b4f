// Espruino at its console: echo and prompt, lines without echo, Ctrl-C, XON/XOFF, its Storage, `load()`. What boot code does is the
// host's affair. Not responsible for JavaScript (Engine) nor for the packet protocol. Simulator only.
// Source: Espruino 2v29, src/jsinteractive.c, src/jsdevices.c, src/jswrap_storage.c, src/jsflash.c, boards/RP2040_PICO.py.
import type { ConsoleHost, Engine, RunningGun } from './console.ts';
import { EspruinoStorage } from './espruino-storage.ts';

const BOOT_CODE = '.bootcde';
/** Input buffer, and where XOFF and XON are sent. Source: boards/RP2040_PICO.py; scripts/build_platform_config.py, 6/8 and 3/8. */
const INPUT_MAX = 4096;
const XOFF_ABOVE = (INPUT_MAX * 6) / 8;
const XON_BELOW = (INPUT_MAX * 3) / 8;
const XON = '\x11';
const XOFF = '\x13';
/** A line that is evaluated takes so long, with its writes to flash. Chosen: 400 statements. */
const LINE_MS = 4;

export interface EspruinoOptions extends ConsoleHost {
  readonly version?: string;
  readonly board?: string;
}

/** Brackets that are open in a line, outside strings. */
function openBrackets(line: string): number {
  const bare = line.replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '');
  let open = 0;
  for (const character of bare) {
    if ('([{'.includes(character)) open += 1;
    else if (')]}'.includes(character)) open -= 1;
  }
  return open;
}

export class EspruinoConsole {
  /** What a power cut leaves. */
  readonly storage: EspruinoStorage;
  /** Characters that came while the buffer was full, and are lost. */
  lostCount = 0;
  private readonly o: EspruinoOptions;
  private on = false;
  private jumper = false;
  private input = '';
  private line = '';
  private silent = false;
  private held = false;
  private busy = false;
  private gun: RunningGun | null = null;
  private engine: Engine | null = null;
  /** Another one after each start: what repeats ends with its own. */
  private timers = {};

  constructor(options: EspruinoOptions) {
    this.o = options;
    this.storage = new EspruinoStorage(options.board === 'ESPR_RP2350_PICO2' ? 768 : 64);
  }

  /** The image itself looks at the jumper on GP22, and leaves the console open when it is there. */
  powerOn(jumper: boolean): void {
    this.on = true;
    this.jumper = jumper;
    this.boot();
  }

  powerOff(): void {
    if (!this.on) return;
    this.on = false;
    this.gun?.stop();
    this.gun = null;
    this.o.vanish();
  }

  get isRunning(): boolean {
    return this.gun !== null;
  }

  hear(text: string): void {
    if (!this.on) return;
    if (this.gun?.hear) {
      this.gun.hear(text);
      return;
    }
    for (const character of text) {
      // Ctrl-C is heard by the interrupt, whatever waits: it breaks what runs and clears the line.
      if (character === '\x03') {
        this.line = '';
        this.input = '';
        this.silent = false;
      } else if (this.input.length < INPUT_MAX) this.input += character;
      else this.lostCount += 1;
    }
    if (!this.held && this.input.length > XOFF_ABOVE) {
      this.held = true;
      this.say(XOFF);
    }
    this.pump();
  }

  private say(text: string): void {
    if (this.on) this.o.say(text);
  }

  private pump(): void {
    while (this.on && !this.busy && this.input !== '') {
      const character = this.input.charAt(0);
      this.input = this.input.slice(1);
      this.key(character);
    }
    if (this.held && this.input.length < XON_BELOW) {
      this.held = false;
      this.say(XON);
    }
  }

  private key(character: string): void {
    if (character === '\x10') {
      if (this.line === '') this.silent = true;
    } else if (character === '\x05') {
      if (this.line === '') this.say(`Espruino ${this.o.version ?? '2v29'} ${this.o.board ?? 'ESPR_RP2040_PICO'}\n`);
    } else if (character === '\n' || character === '\r') this.enter();
    else if (character === '\x7f' || character === '\x08') this.line = this.line.slice(0, -1);
    else if (character >= ' ') {
      this.line += character;
      if (!this.silent) this.say(character);
    }
  }

  /** A line with open brackets goes on. */
  private enter(): void {
    if (openBrackets(this.line) > 0) {
      this.line += '\n';
      if (!this.silent) this.say('\r\n:');
      return;
    }
    const { line, silent } = this;
    this.line = '';
    this.silent = false;
    if (line.trim() === '') {
      if (!silent) this.say('\r\n>');
      return;
    }
    this.busy = true;
    this.o.clock.after(LINE_MS, () => {
      this.busy = false;
      if (!this.on) return;
      this.evaluate(line, silent);
      this.pump();
    });
  }

  private evaluate(line: string, silent: boolean): void {
    try {
      const value = this.engine?.run(line);
      if (!silent) this.say(`\r\n=${String(value)}\r\n>`);
    } catch (error) {
      this.say(`Uncaught ${String(error)}\r\n at line 1 col 1 in REPL\r\n${silent ? '' : '>'}`);
    }
  }

  private boot(): void {
    this.gun?.stop();
    this.gun = null;
    this.timers = {};
    this.input = '';
    this.line = '';
    this.silent = false;
    this.held = false;
    this.busy = false;
    this.engine = this.o.makeEngine(this.globals());
    const text = this.storage.read(BOOT_CODE);
    if (text !== undefined && !this.jumper) {
      try {
        this.gun = this.o.boot(text);
      } catch (error) {
        this.say(`Uncaught ${String(error)}\r\n`);
      }
    }
    if (!this.gun) this.say('\r\n>');
  }

  private every(forMs: number, fn: () => void): void {
    const { timers } = this;
    const again = (): void => {
      if (this.timers !== timers || !this.on) return;
      fn();
      this.o.clock.after(forMs, again);
    };
    this.o.clock.after(forMs, again);
  }

  private globals(): Record<string, unknown> {
    const { storage } = this;
    const exports = {
      read: (name: string, offset?: number, length?: number) => storage.read(name, offset, length),
      write: (name: string, data: string, offset?: number, size?: number) => storage.write(name, data, offset, size),
      erase: (name: string) => {
        storage.erase(name);
      },
      eraseAll: () => {
        storage.eraseAll();
      },
      list: () => storage.list(),
      getStats: () => storage.stats(),
    };
    return {
      process: { env: { VERSION: this.o.version ?? '2v29', BOARD: this.o.board ?? 'ESPR_RP2040_PICO', SERIAL: 'e6605838-0f1c' } },
      print: (...texts: unknown[]) => {
        this.say(`${texts.map(String).join(' ')}\r\n`);
      },
      btoa: (text: string) => Buffer.from(text, 'latin1').toString('base64'),
      E: { CRC32: (text: string) => storage.crc32(text), getAddressOf: (text: string) => storage.addressOf(text) },
      D22: 22,
      pinMode: () => undefined,
      digitalRead: () => (this.jumper ? 0 : 1),
      require: (name: string) => {
        if (name !== 'Storage') throw new Error(`Module "${name}" not found`);
        return exports;
      },
      setInterval: (fn: () => void, forMs: number) => {
        this.every(forMs, fn);
      },
      clearInterval: () => {
        this.timers = {};
      },
      clearTimeout: () => undefined,
      clearWatch: () => undefined,
      load: () => {
        this.o.clock.after(1, () => {
          if (this.on) this.boot();
        });
      },
    };
  }
}
