// Kaluma as an image meets it, over the virtual board: its globals, its modules and what bites in them. Simulator only.
// Source: Kaluma 1.2.1, src/global.c, src/io.c, src/modules/{spi,i2c,pwm,uart,flash,wdt,rp2}, targets/rp2/src/flash.c.
import { PICO } from '../../hal/boards/pico.ts';
import type { Board, Level } from '../../hal/io.ts';
import { FLASH_PAGE_BYTES, FLASH_SECTOR_BYTES } from '../../hal/io.ts';
import type { LoopBoard, RuntimeModel } from './model.ts';
import { KalumaTimers, isBytes } from './model.ts';

const IOCTL_ERASE = 6;
/** A tone above it is none. */
const HEARD_HZ = 16_000;
/** Levels of contacts that close to ground, by pin. */
const contacts = (board: Board): ReadonlyMap<number, () => Level> =>
  new Map([
    [PICO.trigger, () => board.trigger()],
    [PICO.ringSwitch, () => board.ringSwitch()],
    [PICO.serviceSwitch, () => board.serviceSwitch()],
    [PICO.okButton, () => board.okButton()],
    [PICO.upButton, () => board.upButton()],
    [PICO.downButton, () => board.downButton()],
  ]);

/** `transfer` and `write` take the whole buffer under a view, and a Uint8Array only. Source: module_spi.c, module_i2c.c. */
function wholeBuffer(data: unknown): Uint8Array {
  if (!isBytes(data)) throw new TypeError('The data argument must be Uint8Array or string.');
  return new Uint8Array(data.buffer);
}

/** `btoa` ends a line after 72 characters. Source: src/base64.c (km_base64_encode); src/global.c takes the last line's end away. */
const base64InLines = (bytes: Uint8Array): string =>
  (
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,72}/g) ?? []
  ).join('\n');

/** A bus cannot be opened twice. Source: targets/rp2/src/{spi,i2c}.c. */
function once(open: Set<string>, bus: string): void {
  if (open.has(bus)) throw new Error(`${bus} is open`);
  open.add(bus);
}

function spiModule(board: Board, selected: Set<number>, open: Set<string>): object {
  class SPI {
    constructor(bus: number) {
      once(open, `SPI${String(bus)}`);
    }
    private chip(): Board['needleSpi'] | null {
      const needle = selected.has(PICO.needleCs);
      const plunger = selected.has(PICO.plungerCs);
      if (needle && plunger) throw new Error('two chips drive MISO');
      if (needle) return board.needleSpi;
      return plunger ? board.plungerSpi : null;
    }
    transfer(data: unknown): Uint8Array {
      const sent = wholeBuffer(data);
      return this.chip()?.exchange(sent) ?? new Uint8Array(sent.length).fill(0xff);
    }
    send(data: unknown): number {
      this.chip()?.tell(wholeBuffer(data));
      return 0;
    }
  }
  return { SPI };
}

function i2cModule(board: Board, open: Set<string>): object {
  class I2C {
    private readonly bus: Board['ringI2c'];
    constructor(bus: number) {
      once(open, `I2C${String(bus)}`);
      this.bus = bus === 0 ? board.ringI2c : board.plungerI2c;
    }
    write(data: unknown, address: number): number {
      const bytes = wholeBuffer(data);
      if (this.bus.writeBytes(address, bytes) !== 0) throw new Error('no acknowledge');
      return bytes.length;
    }
    memRead(lengthBytes: number, address: number, register: number): Uint8Array {
      const bytes = this.bus.readRegister(address, register, lengthBytes);
      if (!bytes) throw new Error('no acknowledge');
      return bytes;
    }
  }
  return { I2C };
}

function pwmModule(board: Board): object {
  class PWM {
    private readonly pin: number;
    private hz: number;
    private duty = 0;
    private heardHz = 0;
    constructor(pin: number, hz: number) {
      this.pin = pin;
      this.hz = hz;
    }
    start(): void {}
    setFrequency(hz: number): void {
      this.hz = hz;
      if (this.pin === PICO.buzzer) this.sound();
    }
    setDuty(duty: number): void {
      this.duty = duty;
      if (this.pin === PICO.stampDrive) board.stampDrive(Math.round(duty * 1000));
      else if (this.pin === PICO.buzzer) this.sound();
    }
    private sound(): void {
      const hz = this.duty > 0 && this.hz <= HEARD_HZ ? this.hz : 0;
      if (hz !== this.heardHz) board.buzzer(hz);
      this.heardHz = hz;
    }
  }
  return { PWM };
}

/** Errors of programming are swallowed; a view's offset into its buffer is ignored. Source: module_flash.c, flash.c. */
function flashModule(board: Board, storeSector: number): object {
  class Flash {
    private readonly base: number;
    constructor(base: number) {
      this.base = base;
    }
    private at(block: number, offset: number): number {
      return (this.base + block - storeSector) * FLASH_SECTOR_BYTES + offset;
    }
    read(block: number, into: Uint8Array, offset: number): void {
      board.flash.read(this.at(block, offset), new Uint8Array(into.buffer, 0, into.length));
    }
    write(block: number, data: Uint8Array, offset: number): void {
      const bytes = new Uint8Array(data.buffer, 0, data.length);
      if (offset % FLASH_PAGE_BYTES !== 0 || bytes.length % FLASH_PAGE_BYTES !== 0) return;
      for (let from = 0; from < bytes.length; from += FLASH_PAGE_BYTES)
        board.flash.program(this.at(block, offset + from), bytes.slice(from, from + FLASH_PAGE_BYTES));
    }
    ioctl(op: number, block: number): number {
      if (op === IOCTL_ERASE) board.flash.erase(this.base + block - storeSector);
      return op > 0 && op <= IOCTL_ERASE ? 0 : -1;
    }
  }
  return { Flash };
}

/** The state machine is taken to run the lamp's program: 24 bits, green first. */
function rp2Module(board: Board): object {
  function ASM(this: Record<string, unknown>): void {
    for (const name of ['wrap_target', 'label', 'out', 'jmp', 'nop', 'side', 'delay', 'wrap']) this[name] = () => this;
  }
  class StateMachine {
    active(): void {}
    put(word: number): void {
      board.lamp(((word >>> 16) & 0xff) * 0x10000 + (word >>> 24) * 0x100 + ((word >>> 8) & 0xff));
    }
  }
  return { ASM, StateMachine };
}

/** One byte a character: what is beyond 8 bits goes out as 0. Source: src/jerryxx.c, jerryxx_string_to_ascii_char_buffer. */
const asBytes = (text: string): string => text.replace(/[^\0-\xff]/g, '\0');

/** The globals of Kaluma over a board. `storeSector`: where the board's raw store begins in the runtime's flash. */
export function kalumaModel(board: LoopBoard, storeSector: number): RuntimeModel {
  const timers = new KalumaTimers(board.loopMs ?? (() => board.nowMs()));
  let isHung = false;
  const selected = new Set<number>();
  const open = new Set<string>();
  const inputs = contacts(board);
  let onData: ((data: Uint8Array) => void) | null = null;
  class UART {
    constructor(port: number) {
      once(open, `UART${String(port)}`);
    }
    on(event: string, fn: (data: Uint8Array) => void): void {
      if (event === 'data') onData = fn;
    }
    write(text: string): void {
      board.serial.say(asBytes(text));
    }
  }
  class WDT {
    feed(): void {
      board.feedWatchdog();
    }
  }
  const modules: Readonly<Record<string, object>> = {
    spi: spiModule(board, selected, open),
    i2c: i2cModule(board, open),
    pwm: pwmModule(board),
    uart: { UART },
    flash: flashModule(board, storeSector),
    wdt: { WDT },
    rp2: rp2Module(board),
  };
  const require = (name: string): object => {
    const found = modules[name];
    if (!found) throw new Error(`Failed to load module: ${name}`);
    return found;
  };
  return {
    globals: {
      global: { require },
      require,
      millis: () => board.nowMs(),
      btoa: base64InLines,
      setTimeout: (fn: () => void, forMs: number) => timers.add(fn, forMs),
      pinMode: () => undefined,
      digitalRead: (pin: number) => 1 - (inputs.get(pin)?.() ?? 0),
      digitalWrite: (pin: number, level: Level) => {
        if (pin === PICO.kick) board.kick(level);
        else if (level === 0) selected.add(pin);
        else selected.delete(pin);
      },
      INPUT_PULLUP: 2,
      OUTPUT: 1,
      storage: { getItem: (key: string) => (key === 'mesogun-id' ? String(board.deviceId) : null) },
    },
    missing: ['globalThis'],
    console: timers.console,
    // The engine ends in exit(1), which on this chip is a loop for ever: only the watchdog helps. Source: Kaluma src/jerry_port.c,
    // jerry_port_fatal; Pico SDK pico_clib_interface/newlib_interface.c, _exit.
    outOfMemory: () => {
      timers.cutNext(() => {
        isHung = true;
        timers.drop();
      });
    },
    pass: () => {
      const text = board.serial.hear();
      if (isHung) return timers.runNext();
      if (text !== '') onData?.(Uint8Array.from(text, (character) => character.charCodeAt(0)));
      return timers.runNext();
    },
  };
}
