// Espruino as an image meets it, over the virtual board: its globals, its modules and what bites in them. Simulator only.
// Source: Espruino 2v29, src/jswrap_{spi_i2c,flash,storage,io,espruino,serial}.c, boards/RP2040_PICO.py.
import { PICO } from '../../hal/boards/pico.ts';
import type { Board, Level } from '../../hal/io.ts';
import { FLASH_SECTOR_BYTES } from '../../hal/io.ts';
import { parseAsEspruino } from './espruino-json.ts';
import type { RuntimeModel } from './model.ts';
import { Timers, isBytes } from './model.ts';

/** Where saved code begins, memory-mapped. Source: boards/RP2040_PICO.py. The one file of raw store begins there. */
const FILE_AT = 0x101c0000;
const HEADER_BYTES = 32;
/** What reading the store file answers; only its address matters. */
const FILE_TEXT = '(store)';

class PinModel {
  readonly gpio: number;
  private readonly board: Board;
  private readonly jumper: boolean;
  constructor(board: Board, name: string, jumper: boolean) {
    this.board = board;
    this.jumper = jumper;
    this.gpio = Number(name.slice(1));
  }
  write(level: Level): void {
    if (this.gpio === PICO.kick) this.board.kick(level);
  }
  /** Contacts close to ground. */
  read(): boolean {
    const { board, gpio } = this;
    if (gpio === PICO.trigger) return board.trigger() === 0;
    if (gpio === PICO.ringSwitch) return board.ringSwitch() === 0;
    if (gpio === PICO.scriptLoad) return !this.jumper;
    if (gpio === PICO.serviceSwitch) return board.serviceSwitch() === 0;
    if (gpio === PICO.upButton) return board.upButton() === 0;
    if (gpio === PICO.downButton) return board.downButton() === 0;
    return gpio !== PICO.okButton || board.okButton() === 0;
  }
}

/** `send` pulls the pin low for this one call and answers in a new array. Source: jswrap_spi_send. */
const spiModel = (board: Board): object => ({
  setup: () => undefined,
  send: (data: Uint8Array, cs: PinModel) => {
    if (cs.gpio === PICO.needleCs) return board.needleSpi.exchange(data);
    return cs.gpio === PICO.plungerCs ? board.plungerSpi.exchange(data) : new Uint8Array(data.length).fill(0xff);
  },
});

/** A chip that does not answer is an exception. Source: targets/rp2xxx/jshardware.c, rpI2cHandleError. */
const i2cModel = (bus: Board['ringI2c']): object => ({
  setup: () => undefined,
  writeTo: (address: number, data: Uint8Array) => {
    const bytes = Uint8Array.from(data);
    if (bus.writeBytes(address, bytes) !== 0) throw new Error('I2C device not responding');
  },
  readReg: (address: number, register: number, lengthBytes: number) => {
    const bytes = bus.readRegister(address, register, lengthBytes);
    if (!bytes) throw new Error('I2C device not responding');
    return bytes;
  },
});

/** Raw flash by address; the first sector of the file holds its header and is not the gun's. */
const flashModel = (board: Board): object => ({
  read: (lengthBytes: number, address: number) => {
    const bytes = new Uint8Array(lengthBytes);
    board.flash.read(address - FILE_AT - FLASH_SECTOR_BYTES, bytes);
    return bytes;
  },
  write: (data: unknown, address: number) => {
    if (!isBytes(data)) throw new Error('Data is not defined');
    board.flash.program(address - FILE_AT - FLASH_SECTOR_BYTES, Uint8Array.from(data));
  },
  erasePage: (address: number) => {
    board.flash.erase((address - FILE_AT) / FLASH_SECTOR_BYTES - 1);
  },
});

/** A serial number that the port reads as this id, which the gun's records carry. Ids below 2 080 374 784; a chip has hexadecimal digits. */
function serialOf(deviceId: number): string {
  const codes: number[] = [];
  let rest = deviceId;
  for (; rest > 65_535; rest = Math.floor(rest / 31)) codes.unshift(rest % 31);
  return String.fromCharCode(rest, ...codes);
}

/** Its strings have 8 bits a character. Source: src/jswrap_string.c, jswrap_string_fromCharCode. */
const eightBit = (text: string): string => text.replace(/[^\0-\xff]/g, (character) => String.fromCharCode(character.charCodeAt(0) & 255));

/** The globals of Espruino over a board, `jumper` = GP22 held low, of a build that has the `neopixel` library. */
export function espruinoModel(board: Board, jumper = false): RuntimeModel {
  const timers = new Timers();
  let onData: ((text: string) => void) | null = null;
  let fileMade = false;
  const modules: Readonly<Record<string, object>> = {
    Flash: flashModel(board),
    Storage: {
      read: () => (fileMade ? FILE_TEXT : undefined),
      write: () => {
        fileMade = true;
        return true;
      },
    },
    neopixel: {
      write: (_pin: unknown, grb: Uint8Array) => {
        board.lamp((grb[1] ?? 0) * 0x10000 + (grb[0] ?? 0) * 0x100 + (grb[2] ?? 0));
      },
    },
  };
  const require = (name: string): object => {
    const found = modules[name];
    if (!found) throw new Error(`Module ${name} not found`);
    return found;
  };
  return {
    globals: {
      global: { require },
      require,
      JSON: { parse: parseAsEspruino, stringify: (value: unknown) => JSON.stringify(value) },
      getTime: () => board.nowMs() / 1000,
      getSerial: () => serialOf(board.deviceId),
      btoa: (bytes: Uint8Array) => Buffer.from(bytes).toString('base64'),
      setTimeout: (fn: () => void, forMs: number) => timers.add(fn, forMs),
      pinMode: () => undefined,
      analogWrite: (pin: PinModel, duty: number, options: { freq: number }) => {
        if (pin.gpio === PICO.stampDrive) board.stampDrive(Math.round(duty * 1000));
        if (pin.gpio === PICO.buzzer) board.buzzer(duty > 0 ? options.freq : 0);
      },
      Pin: function Pin(name: string): PinModel {
        return new PinModel(board, name, jumper);
      },
      SPI1: spiModel(board),
      I2C1: i2cModel(board.ringI2c),
      I2C2: i2cModel(board.plungerI2c),
      USB: {
        on: (event: string, fn: (text: string) => void) => {
          if (event === 'data') onData = fn;
        },
        write: (text: string) => {
          board.serial.say(eightBit(text));
        },
      },
      E: {
        setConsole: () => undefined,
        enableWatchdog: () => undefined,
        kickWatchdog: () => {
          board.feedWatchdog();
        },
        getAddressOf: (data: string) => (data === FILE_TEXT ? FILE_AT + HEADER_BYTES : 0),
      },
    },
    missing: [
      ...['Map', 'Set', 'WeakMap', 'WeakSet', 'Symbol', 'Proxy', 'Reflect', 'BigInt', 'globalThis'],
      ...['Math.imul', 'Math.trunc', 'Math.clz32', 'Math.hypot', 'Number.isInteger', 'Array.from', 'Array.of', 'Object.freeze'],
    ],
    console: timers.console,
    // The callback ends where it is, and no `catch` of it runs; what it had asked for before stays. Source: src/jsvar.c, jsvNewWithFlags;
    // src/jsparse.c, jspeStatementTry: only an exception is caught, an interruption is not.
    outOfMemory: () => {
      timers.cutNext(() => {
        timers.console.push('Execution Interrupted.', 'New interpreter error: LOW_MEMORY,MEMORY');
      });
    },
    pass: () => {
      const text = board.serial.hear();
      if (text !== '') onData?.(text);
      return timers.runNext();
    },
  };
}
