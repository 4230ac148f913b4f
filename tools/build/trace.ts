// One session of a Kaluma image as a trace: what the runtime answered, call by call, and a hash of what the image did, tick by tick.
// Replayed on another engine, the same file must give the same hashes. Not responsible for engines (the caller brings one).
// Runs at the desk.
import { Script, createContext } from 'node:vm';
import type { Board } from '../../hal/io.ts';
import { PICO_KALUMA_STORE_SECTOR } from '../../hal/boards/pico.ts';
import { kalumaModel } from '../../sim/runtimes/kaluma.ts';
import type { ImageFirmware } from '../image-firmware.ts';

export interface Trace {
  /** Answers of the runtime in order of calls, as text (see Tape). */
  tape: string;
  /** One line a tick: hash of its calls and the ms until the next. */
  ticks: string[];
  /** Where in the tape each tick begins; what is before the first is the boot. */
  starts: number[];
}

/**
 * The runtime's API as an image sees it, in ES5, over `port`: every call is folded into `hash`, every answer comes from `port`.
 * The same text runs where a session is recorded and where it is replayed.
 */
const HARNESS = `var hash = 0, next = 0, timer = null, onData = null;
function fold(x) { hash = ((hash & 4194303) * 31 + (x & 65535)) & 67108863; }
function foldBytes(b) { fold(b.length); for (var i = 0; i < b.length; i++) fold(b[i]); }
function millis() { fold(1); return port.ms(); }
function setTimeout(fn, ms) { fold(2); fold(ms); timer = fn; next = ms; return 1; }
function pinMode(pin) { fold(3); fold(pin); }
function digitalRead(pin) { fold(4); fold(pin); return port.pin(pin); }
function digitalWrite(pin, level) { fold(5); fold(pin); fold(level); port.out(pin, level); }
var INPUT_PULLUP = 2, OUTPUT = 1, storage = { getItem: function (key) { return port.item(key); } };
function SPI() {}
SPI.prototype.transfer = function (data) { fold(6); foldBytes(data); return port.spi(data); };
function I2C(bus) { this.bus = bus; }
I2C.prototype.write = function (data, address) { fold(7); fold(address); foldBytes(data); if (port.i2cWrite(this.bus, data, address)) throw 1; };
I2C.prototype.memRead = function (n, address, register) {
  fold(8); fold(address); fold(register);
  var bytes = port.i2cRead(this.bus, n, address, register);
  if (bytes === null) throw 1;
  return bytes;
};
function PWM(pin) { this.pin = pin; }
PWM.prototype.start = function () {};
PWM.prototype.setFrequency = function (hz) { fold(9); fold(hz); port.tone(this.pin, hz); };
PWM.prototype.setDuty = function (duty) { fold(10); fold(Math.round(duty * 1000)); port.duty(this.pin, duty); };
function Flash() {}
Flash.prototype.read = function (block, into, offset) { fold(11); fold(block); fold(offset); port.flashRead(block, into, offset); };
Flash.prototype.write = function (block, data, offset) { fold(12); fold(block); foldBytes(data); port.flashWrite(block, data, offset); };
Flash.prototype.ioctl = function (op, block) { fold(13); fold(op); fold(block); port.flashControl(op, block); return 0; };
function UART() {}
UART.prototype.on = function (event, fn) { onData = fn; };
UART.prototype.write = function (text) { fold(14); for (var i = 0; i < text.length; i++) fold(text.charCodeAt(i)); port.say(text); };
function WDT() {}
WDT.prototype.feed = function () { fold(15); port.feed(); };
function ASM() {}
['wrap_target', 'label', 'out', 'jmp', 'nop', 'side', 'delay', 'wrap'].forEach(function (name) {
  ASM.prototype[name] = function () { return this; };
});
function StateMachine() {}
StateMachine.prototype.active = function () {};
StateMachine.prototype.put = function (word) { fold(16); fold(word >>> 16); fold(word); port.lamp(word); };
var modules = { spi: { SPI: SPI }, i2c: { I2C: I2C }, pwm: { PWM: PWM }, uart: { UART: UART }, flash: { Flash: Flash }, wdt: { WDT: WDT },
  rp2: { ASM: ASM, StateMachine: StateMachine } };
var global = { require: function (name) { return modules[name]; } };
function pass(text) {
  if (text !== '') {
    var bytes = new Uint8Array(text.length);
    for (var i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
    onData(bytes);
  }
  var fn = timer;
  timer = null;
  fn();
}
`;

/** Reads the tape, a list of hexadecimal digits: numbers of fixed width; `f` before a read of erased flash, `d` before its bytes. */
const TAPE_PORT = `var tape, at = 0, now = 0;
function digits(text) {
  var list = new Uint8Array(text.length);
  for (var i = 0; i < text.length; i++) list[i] = parseInt(text.charAt(i), 16);
  return list;
}
function hex(count) { for (var value = 0; count > 0; count--) value = value * 16 + tape[at++]; return value; }
function take(n) { var bytes = new Uint8Array(n); for (var i = 0; i < n; i++) bytes[i] = hex(2); return bytes; }
function nothing() {}
var port = {
  ms: function () { now += hex(4); return now; },
  pin: function () { return hex(1); },
  item: function () { return String(hex(4)); },
  spi: function (data) { return take(data.length); },
  i2cWrite: function () { return hex(1); },
  i2cRead: function (bus, n) { return hex(1) ? null : take(n); },
  flashRead: function (block, into) {
    var erased = tape[at++] === 15;
    for (var i = 0; i < into.length; i++) into[i] = erased ? 255 : hex(2);
  },
  out: nothing, tone: nothing, duty: nothing, flashWrite: nothing, flashControl: nothing, say: nothing, feed: nothing, lamp: nothing
};
`;

/** Plays what is on the tape, `report`ing one line a tick. */
const TAPE_LOOP = `function play() {
  while (at < tape.length) {
    var text = '';
    for (var count = hex(4); count > 0; count--) text += String.fromCharCode(hex(2));
    pass(text);
    report(hash.toString(16) + ' ' + next);
  }
}
`;

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
const hexBytes = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

type Api = Record<string, (...args: never[]) => unknown>;
interface Modules {
  readonly [name: string]: Readonly<Record<string, new (...args: unknown[]) => Api>>;
}

/** What the harness calls while a session is recorded: the model answers, the tape remembers. */
function recordingPort(globals: Readonly<Record<string, unknown>>, trace: Trace): Record<string, unknown> {
  const call = (name: string, ...args: unknown[]): unknown => (globals[name] as (...given: unknown[]) => unknown)(...args);
  const made = new Map<string, Api>();
  const object = (module: string, name: string, ...args: unknown[]): Api => {
    const key = [name, ...args].join();
    const found = made.get(key);
    if (found) return found;
    const Made = (call('require', module) as Modules[string])[name];
    if (!Made) throw new Error(`no ${name}`);
    const fresh = new Made(...args);
    made.set(key, fresh);
    return fresh;
  };
  const ask = (target: Api, method: string, ...args: unknown[]): unknown =>
    (target[method] as (...given: unknown[]) => unknown).apply(target, args);
  const spi = object('spi', 'SPI', 0);
  const flash = object('flash', 'Flash', PICO_KALUMA_STORE_SECTOR);
  const watchdog = object('wdt', 'WDT', 0);
  const uart = object('uart', 'UART', 0);
  let lastMs = 0;
  const keep = (text: string): void => {
    trace.tape += text;
  };
  const orNack = (fn: () => unknown): unknown => {
    try {
      return fn();
    } catch {
      return null;
    }
  };
  return {
    listen: (fn: (data: Uint8Array) => void) => ask(uart, 'on', 'data', fn),
    ms: () => {
      const ms = call('millis') as number;
      keep(hex(ms - lastMs, 4));
      lastMs = ms;
      return ms;
    },
    pin: (pin: number) => {
      const level = call('digitalRead', pin) as number;
      keep(hex(level, 1));
      return level;
    },
    item: () => {
      keep(hex(Number((globals['storage'] as Api)['getItem']?.('mesogun-id' as never)), 4));
      return trace.tape.slice(-4).replace(/^0+(?=.)/, '');
    },
    spi: (data: Uint8Array) => {
      const reply = ask(spi, 'transfer', data) as Uint8Array;
      keep(hexBytes(reply));
      return reply;
    },
    i2cWrite: (bus: number, data: Uint8Array, address: number) => {
      const nack = orNack(() => ask(object('i2c', 'I2C', bus), 'write', data, address)) === null ? 1 : 0;
      keep(hex(nack, 1));
      return nack;
    },
    i2cRead: (bus: number, n: number, address: number, register: number) => {
      const bytes = orNack(() => ask(object('i2c', 'I2C', bus), 'memRead', n, address, register)) as Uint8Array | null;
      keep(bytes === null ? '1' : `0${hexBytes(bytes)}`);
      return bytes;
    },
    flashRead: (block: number, into: Uint8Array, offset: number) => {
      ask(flash, 'read', block, into, offset);
      keep(into.every((byte) => byte === 255) ? 'f' : `d${hexBytes(into)}`);
    },
    out: (pin: number, level: number) => call('digitalWrite', pin, level),
    tone: (pin: number, hz: number) => ask(object('pwm', 'PWM', pin), 'setFrequency', hz),
    duty: (pin: number, duty: number) => ask(object('pwm', 'PWM', pin), 'setDuty', duty),
    flashWrite: (block: number, data: Uint8Array, offset: number) => ask(flash, 'write', block, data, offset),
    flashControl: (op: number, block: number) => ask(flash, 'ioctl', op, block),
    say: (text: string) => ask(uart, 'write', text),
    feed: () => ask(watchdog, 'feed'),
    lamp: (word: number) => ask(object('rp2', 'StateMachine'), 'put', word),
  };
}

/** An image as firmware whose session lands in `trace`. One power-on only. */
export function recordingFirmware(image: string, trace: Trace): ImageFirmware {
  const boot = (board: Board): { tick(): number } => {
    const model = kalumaModel(board, PICO_KALUMA_STORE_SECTOR);
    const context = createContext({ port: recordingPort(model.globals, trace) });
    new Script(`${HARNESS}${image}`).runInContext(context);
    const run = new Script('pass(text)');
    return {
      tick: () => {
        const text = board.serial.read();
        trace.starts.push(trace.tape.length);
        trace.tape += hex(text.length, 4) + hexBytes(Buffer.from(text, 'latin1'));
        context['text'] = text;
        run.runInContext(context);
        const forMs = context['next'] as number;
        trace.ticks.push(`${(context['hash'] as number).toString(16)} ${String(forMs)}`);
        return forMs;
      },
    };
  };
  return { runtime: 'kaluma', boot };
}

const quoted = (text: string): string => JSON.stringify(text);

/** A script that plays the tape to the image and calls `report(line)` once a tick; for any engine with the image's language. */
export const replayScript = (image: string, trace: Trace): string =>
  `${TAPE_PORT}tape = digits(${quoted(trace.tape)});\n${HARNESS}${image}${TAPE_LOOP}play();\n`;

/**
 * The same in pieces of so many ticks, for engines with little memory: the scripts of `first` boot the image, one after the other; then,
 * in the same global scope, set `tape` to each piece's digits in turn, `at` to 0, and call `play()`.
 */
export function replayPieces(image: string, trace: Trace, ticksAPiece: number): { first: string[]; pieces: string[] } {
  const cuts = trace.starts.filter((_, tick) => tick % ticksAPiece === 0);
  const pieces = cuts.map((from, piece) => trace.tape.slice(from, cuts[piece + 1] ?? trace.tape.length));
  const boot = `tape = digits(${quoted(trace.tape.slice(0, cuts[0]))});\n`;
  return { first: [`${TAPE_PORT}${HARNESS}${TAPE_LOOP}${boot}`, image], pieces };
}
